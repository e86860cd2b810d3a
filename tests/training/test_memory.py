import platform
import subprocess
import sys

import pytest

#: How many pages a second block of 64 MiB takes from the system, once the first is freed.
PROGRAM = """
import resource
from nianbao.training.memory import keep_memory
{}
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
block = bytearray(2**26)
del block
before = faults()
block = bytearray(2**26)
print(faults() - before)
"""


def pages_taken(line: str) -> int:
    program = [sys.executable, "-c", PROGRAM.format(line)]
    return int(subprocess.run(program, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="no other can be told so")
def test_what_is_freed_is_kept_for_what_comes_next() -> None:
    pages = 2**26 // 4096
    kept, fresh = pages_taken("keep_memory()"), pages_taken("")
    assert kept < pages / 100 < pages / 2 < fresh
