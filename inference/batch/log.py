"""run.log: times, places and processes, which have no place in a file that is compared."""

import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Log(Protocol):
    def __call__(self, line: str) -> None: ...


@contextmanager
def logging_to(path: Path, inputs: Sequence[str]) -> Iterator[Log]:
    """Append to the log of the output folder; each line with the time of day."""
    with path.open("a", encoding="utf-8", errors="backslashreplace", buffering=1) as stream:

        def log(line: str) -> None:
            stream.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {line}\n")

        log(f"begin pid={os.getpid()} python={platform.python_version()} argv={sys.argv[1:]}")
        log(f"cwd={os.getcwd()} inputs={list(inputs)}")
        started = time.monotonic()
        try:
            yield log
        except BaseException as error:
            log(f"stopped by {type(error).__name__}: {error}")
            raise
        finally:
            log(f"end after {time.monotonic() - started:.1f} s")
