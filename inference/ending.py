"""How a command ends: its exit status, and what happens when the user stops it. Light."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import typer

if TYPE_CHECKING:
    from .series import Tally

Runtime = Literal["onnx", "torch"]
Level = Literal["error", "warning"]
Engine = Literal["local", "ray"]

OK = 0
OUR_ERROR = 1
USAGE = 2
SOME_FAILED = 3
FOUND = 4  # what --fail-on asked for
MISSING = 5  # a model or an optional component
REFUSED = 6  # a retrained model, by the gate
INTERRUPTED = 130
PIPE_CLOSED = 141  # as the shell shows any program whose reader went away

_STATUS = {"E301": MISSING, "E302": MISSING}
_STATUS |= dict.fromkeys(
    "E107 E108 E109 E303 E304 E401 E402 E403 E404 E405 E406 E408 E409 E601 E602 E603 E604".split(),
    USAGE,
)


def status_of(code: str) -> int:
    """The exit status of an error that ended the command."""
    return _STATUS.get(code, OUR_ERROR)


def outcome(tally: "Tally", fail_on: Level | None) -> int:
    """The exit status of a run over many reports."""
    if tally.mistakes:
        return OUR_ERROR
    if tally.failed:
        return SOME_FAILED
    return FOUND if fail_on is not None and tally.has(fail_on) else OK


@contextmanager
def interruptible() -> Iterator[None]:
    """End quietly when the user stops the run or closes the pipe; what is written stays."""
    try:
        yield
    except KeyboardInterrupt:
        from .progress import say

        say("已中断，已写出的结果保留 | interrupted; what was written stays")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None
