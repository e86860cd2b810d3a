"""What a person at the terminal sees while a batch runs, all of it on standard error."""

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..models.errors import NianbaoError

if TYPE_CHECKING:  # light: errors must reach the user where a library is missing
    from .pipeline import Result
    from .series import Tally

Tell = Callable[["Result"], None]

_EVERY = 30.0  # seconds between two lines of the log
_TOP = 5


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """`text` with control characters escaped: a file's name must not steer the terminal."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def complaint(error: NianbaoError, path: str | None = None) -> str:
    where = f"{path}: " if path is not None else ""
    line = printable(f"{where}{error.code} {error.message} | {error.english}")
    return f"{line}\n    {printable(error.hint)}"


def _complaint(result: "Result", verbose: bool) -> str | None:
    if result.error is None:
        return None
    words = complaint(result.error, result.path)
    if verbose and result.error.__cause__ is not None:
        words += "\n" + "".join(traceback.format_exception(result.error.__cause__))
    return words


@contextmanager
def follow(total: int, *, bar: bool, log: bool, verbose: bool) -> Iterator[Tell]:
    """Yield a function to be told of each result; failures are always shown.

    bar: draw a progress bar; log: write a line now and then instead.
    """
    if bar:
        with _bar(total, verbose) as tell:
            yield tell
    else:
        yield _log(total, log, verbose)


@contextmanager
def _bar(total: int, verbose: bool) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("解析", total=total)

        def tell(result: "Result") -> None:
            words = _complaint(result, verbose)
            if words is not None:
                console.print(words, markup=False, highlight=False, soft_wrap=True)
            progress.advance(task)

        yield tell


def _log(total: int, log: bool, verbose: bool) -> Tell:
    done, last = 0, time.monotonic()

    def tell(result: "Result") -> None:
        nonlocal done, last
        done += 1
        words = _complaint(result, verbose)
        if words is not None:
            say(words)
        now = time.monotonic()
        if log and now - last >= _EVERY:
            last = now
            say(f"已处理 {done}/{total} | {done} of {total} done")

    return tell


def account(tally: "Tally") -> Iterator[str]:
    """The lines that close a run."""
    yield (
        f"已解析 {tally.parsed} 份，其中 {tally.review} 份需复核；失败 {tally.failed} 份"
        f" | {tally.parsed} parsed, {tally.review} of them to review; {tally.failed} failed"
    )
    if tally.findings:
        top = ", ".join(f"{key[1]} {n}" for key, n in tally.findings.most_common(_TOP))
        yield f"最常见的问题提示 | most frequent findings: {top}"
    if tally.mistakes:
        yield (
            f"其中 {tally.mistakes} 份因程序内部错误失败，加 -v 可见详情"
            f" | {tally.mistakes} failed by an internal error, -v shows more"
        )
