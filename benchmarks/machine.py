"""The machine: what it is, and how much of it others use while we measure."""

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

#: Cores' worth of others' work from which on ratios mean nothing.
MAX_LOAD = 0.25
_LOOK = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Load:
    """load_average: of one minute, as the system tells it; our own work of before is in it.

    others: cores' worth of processor time that went to other processes (or to other guests of the
    host) while we looked.
    """

    load_average: float
    others: float


class Watch:
    """How busy others keep the machine from one look to the next."""

    def __init__(self) -> None:
        self._us = psutil.Process()
        self._clock, self._busy, self._own = self._now()

    def look(self) -> Load:
        """Since the last look, or since the start."""
        before = self._clock, self._busy, self._own
        self._clock, self._busy, self._own = self._now()
        seconds = max(1e-9, self._clock - before[0])
        others = (self._busy - before[1] - (self._own - before[2])) / seconds
        return Load(os.getloadavg()[0], max(0.0, others))

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), busy_seconds(), own_seconds(self._us)


def load_now() -> Load:
    """A look of two seconds in which we do nothing."""
    watch = Watch()
    time.sleep(_LOOK)
    return watch.look()


def busy_seconds() -> float:
    """Processor time of all cores since the machine started, what the host took included."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # Linux counts a guest's time in user's too
    twice = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return float(sum(times) - idle - twice)


def own_seconds(process: psutil.Process) -> float:
    """Processor time of a process, its children and theirs, the ended ones included."""
    total = 0.0
    for member in (process, *process.children(recursive=True)):
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:  # its parent has its time now
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def description() -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_mb": round(psutil.virtual_memory().total / 1e6),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    """The processor's name and the instructions that int8 and bf16 need, as Linux tells them."""
    file = Path("/proc/cpuinfo")
    if not file.is_file():
        return platform.processor()
    fields = dict(
        (name.strip(), value.strip())
        for name, _, value in (line.partition(":") for line in file.read_text().splitlines())
        if name.strip()
    )
    flags = set(fields.get("flags", "").split())
    wanted = ("avx2", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_int8")
    name = f"{fields.get('model name', '?')} family {fields.get('cpu family', '?')}"
    return f"{name}: {' '.join(flag for flag in wanted if flag in flags)}"
