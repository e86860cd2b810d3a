"""Work shared among processes that end with the one that started them, however that ends."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from ..inference.batch.limits import deaf_to_ctrl_c, die_with_parent

Case = TypeVar("Case")
Result = TypeVar("Result")


def mapped(
    function: Callable[[Case], Result], cases: Sequence[Case], jobs: int, chunksize: int
) -> list[Result]:
    """`function` of every case, in order. jobs: processes; 1: this one."""
    if jobs == 1:
        return [function(case) for case in cases]
    # spawned: a process that has run PyTorch must not be forked
    with ProcessPoolExecutor(jobs, get_context("spawn"), die_with_parent) as pool:
        with deaf_to_ctrl_c():
            found = pool.map(function, cases, chunksize=chunksize)
        return list(found)
