"""The command `nianbao batch`: interruptions, engines, and what is said at the end."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from ...models.errors import MissingExtra, NianbaoError
from ..ending import INTERRUPTED, Engine
from ..progress import account, say
from ..write import overwritten
from .local import run_local
from .options import Options
from .progress import progress_for
from .run import Run, Summary, batch


def engine_of(name: Engine, address: str | None) -> Run:
    """address: of the Ray cluster. MissingExtra where Ray is not installed."""
    if name == "local":
        return run_local
    try:
        from .ray_engine import ray_engine
    except ImportError as error:
        raise MissingExtra("E302", name="ray", extra="cluster") from error
    return ray_engine(address)


def run_command(
    inputs: Sequence[str],
    out: Path,
    options: Options,
    engine: Engine,
    address: str | None = None,
    *,
    quiet: bool,
) -> Summary:
    """Run the batch, show how it goes and how it ended. NianbaoError as `batch`."""
    run = engine_of(engine, address)
    victim = overwritten(out, inputs)
    if victim is not None:
        reason = f"会覆盖输入 {victim} | the input {victim} would be overwritten"
        raise NianbaoError("E401", reason=reason)
    progress = progress_for(quiet=quiet)
    with _stoppable() as stopping:
        summary = batch(inputs, out, options, run=run, progress=progress, stopping=stopping)
    if not quiet:
        for line in _closing_lines(summary, out):
            say(line)
    return summary


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed. A second one ends the process at once, its workers with it."""
    pressed = False

    def press(number: int, frame: FrameType | None) -> None:
        nonlocal pressed
        if pressed:
            os._exit(INTERRUPTED)
        pressed = True
        say("做完手头的就停，再按一次立即停止 | stopping after what is in hand; again: at once")

    before = signal.signal(signal.SIGINT, press)
    try:
        yield lambda: pressed
    finally:
        signal.signal(signal.SIGINT, before)


def _closing_lines(summary: Summary, out: Path) -> Iterator[str]:
    yield from account(summary.tally)
    if summary.n_duplicates:
        yield (
            f"内容重复的 {summary.n_duplicates} 份只解析一次，见 duplicates.csv"
            f" | {summary.n_duplicates} duplicates, see duplicates.csv"
        )
    if summary.interrupted:
        yield (
            f"已中断，还剩 {summary.n_left} 份，再次运行时接着做"
            f" | interrupted, {summary.n_left} left; run again to go on"
        )
    yield f"结果在 | results in: {out}"
