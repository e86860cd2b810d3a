"""A memory for what comes again: the form's labels stand in every report."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar, TypeVarTuple

#: Longer texts are prose, which comes once; short ones keep the memory of all caches small.
LONGEST = 256
SIZE = 8192

_Rest = TypeVarTuple("_Rest")
_Result = TypeVar("_Result")


def remembered(function: Callable[[str, *_Rest], _Result]) -> Callable[[str, *_Rest], _Result]:
    """`function` of a text, its last results for short texts kept. They must not be changed.

    All arguments must be hashable, and are given by place.
    """
    kept = lru_cache(maxsize=SIZE)(function)

    @wraps(function)
    def remembering(text: str, /, *rest: *_Rest) -> _Result:
        if len(text) > LONGEST:
            return function(text, *rest)
        return kept(text, *rest)

    return remembering
