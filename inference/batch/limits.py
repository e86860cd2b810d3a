"""What one document may cost: time, memory; and the life of a worker, that of its parent."""

import ctypes
import faulthandler
import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.connection import wait
from types import FrameType

_GRACE = 2.0  # seconds that a document has to give up before its worker is ended
_HAS_ALARM = hasattr(signal, "setitimer")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_MEGABYTE = 1 << 20


class OutOfTime(BaseException):
    """Not an Exception, so that nothing on the way takes it for one of its own."""


def spare_collector() -> None:
    """Leave what stands now, models and modules, to the end of the process, and look for garbage
    less often: a report leaves next to none that is not freed at once."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 20)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime after `seconds`; end the process 2 seconds later where that is of no use.

    Python's signals wait for the running C function to return, and a regular expression or a
    parser may not. The watchdog is a thread in C that needs no lock of the interpreter. Where a
    system has no alarm (Windows), it alone keeps the limit.
    """
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(seconds + _GRACE, exit=True, file=nowhere)
        try:
            with _alarm(seconds):
                yield
        finally:
            faulthandler.cancel_dump_traceback_later()


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    if not _HAS_ALARM:
        yield
        return
    signal.signal(signal.SIGALRM, _give_up)
    # again every second: an OutOfTime that is raised in a destructor is only printed
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise OutOfTime


def limit_memory(megabytes: int) -> None:
    """Let allocations beyond `megabytes` of data fail. Nothing happens where there is no such
    limit: on Windows; macOS takes it and does not keep it."""
    try:
        import resource
    except ImportError:
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = megabytes * _MEGABYTE
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))


@contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Hold Ctrl-C back for a moment. A process that is started meanwhile never hears of it: a
    terminal sends it to workers, too, and they are to finish what they have in hand."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def die_with_parent() -> None:
    """End this process when its parent has ended, in whatever way."""
    if sys.platform == "linux":  # at once, even within a C function that keeps the interpreter
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def resident_megabytes() -> float:
    """What this process holds in memory now, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
