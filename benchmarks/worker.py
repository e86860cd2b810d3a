"""A process that runs one configuration: `python -m benchmarks.worker`, spoken to in JSON lines.

It loads its engine, takes the first report, answers once, and then answers every order.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engines import Engine, Found, Needs, engine

_STATUS = Path("/proc/self/status")
_BYTES = 1 if sys.platform == "darwin" else 1024  # in the unit of ru_maxrss

Item = tuple[str, str]  # the paths of a report's file and of its text


def _run(engine: Engine, items: Sequence[Item]) -> list[list[Found]]:
    found = []
    for path, text in items:
        words = Path(text).read_text(encoding="utf-8") if text else ""
        found.append(engine(Path(path), words))
    return found


def _answer(content: object) -> None:
    sys.__stdout__.write(json.dumps(content) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


def _order(engine: Engine, order: dict[str, object]) -> dict[str, object]:
    """What came of an order: counts, or all that was found where it asks for them."""
    items: list[Item] = [tuple(item) for item in order["items"]]  # type: ignore[attr-defined]
    cpu, start = time.process_time(), time.perf_counter()
    found = _run(engine, items)
    return {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "counts": [len(of_one) for of_one in found],
        "found": found if order.get("wanted") else None,
        "peak": _peak(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
    }


def _peak() -> int:
    """Bytes, the most that this process ever held.

    Linux counts in ru_maxrss what the process held that started this one; VmHWM begins anew.
    """
    if _STATUS.exists():
        line = next(x for x in _STATUS.read_text("ascii").splitlines() if x.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.worker", description=__doc__)
    parser.add_argument("engine")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--onnx-fp32", type=Path, required=True)
    parser.add_argument("--threads", type=int, required=True)
    args = parser.parse_args(argv)
    sys.stdout = sys.stderr  # standard output is for answers
    ready: Engine | None = None
    for line in sys.stdin:
        if ready is None:
            ready = engine(args.engine, Needs(args.model, args.onnx_fp32, args.threads))
        _answer(_order(ready, json.loads(line)))


if __name__ == "__main__":
    main()
