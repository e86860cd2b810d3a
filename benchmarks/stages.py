"""Where the time of `parse` goes: `python -m benchmarks.stages MODEL FILE...` prints JSON.

Every function that the pipeline and the tagger call from another module is a stage. Its time is
its own: what it calls of another stage counts there.
"""

import argparse
import inspect
import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from nianbao.inference import pipeline, tagger
from nianbao.models.folder import load_folder

REST = "rest"
_OURS = "nianbao.inference."


class Stopwatch:
    """Seconds of each stage."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._clock = clock
        self._open = [REST]
        self._since = clock()

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time booked under `stage`."""

        def timed(*args: Any, **kwargs: Any) -> Any:
            self._book()
            self._open.append(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self._book()
                self._open.pop()

        return timed

    def begin(self) -> None:
        """Forget what was booked."""
        self._book()
        self.seconds.clear()

    def end(self) -> None:
        self._book()

    def _book(self) -> None:
        now = self._clock()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now


def watch_module(module: ModuleType, watch: Stopwatch) -> None:
    """Time all functions of ours that `module` took from other modules."""
    for name, thing in list(vars(module).items()):
        if inspect.isfunction(thing) and thing.__module__ != module.__name__:
            if thing.__module__.startswith(_OURS):
                stage = f"{thing.__module__.removeprefix(_OURS)}.{thing.__name__}"
                setattr(module, name, watch.wrap(stage, thing))


def shares(model: Path, files: Sequence[Path]) -> dict[str, float]:
    """The share of each stage, largest first. The first file only warms up."""
    watch = Stopwatch()
    folder = load_folder(model)
    run = watch.wrap("network", tagger.onnx_run(folder.onnx))
    timed = tagger.NetworkTagger(
        folder.preprocess, folder.characters, run, folder.sha256, folder.calibration
    )
    for module in (pipeline, tagger):
        watch_module(module, watch)
    to_json = watch.wrap("json", lambda report: report.model_dump_json())
    for number, file in enumerate(files):
        if number == 1:
            watch.begin()
        to_json(pipeline.parse(file, tagger=timed))
    watch.end()
    total = sum(watch.seconds.values())
    largest = sorted(watch.seconds.items(), key=lambda item: -item[1])
    return {stage: seconds / total for stage, seconds in largest}


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.stages", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("files", type=Path, nargs="+")
    args = parser.parse_args(argv)
    print(json.dumps(shares(args.model, args.files)))


if __name__ == "__main__":
    main()
