"""Memory that is kept between the steps of a training."""

import ctypes
import sys

# Numbers of glibc's malloc.h; mallopt takes ints.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
_LARGEST = 2**31 - 1
_GROWTH = 2**28  # bytes


def keep_memory() -> None:
    """Have glibc keep what is freed, for the whole process: a step takes the same gigabytes as
    the step before, and to have them from the system anew, page by page, is a quarter of its time.

    Without effect under another C library.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_MMAP_MAX, 0)
        mallopt(_TRIM_THRESHOLD, _LARGEST)
        mallopt(_TOP_PAD, _GROWTH)
