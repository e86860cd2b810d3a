"""Windows: how much of a text the network sees at once, and whose word counts in the overlaps."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..models.characters import PINYIN, code_points

#: A reading that a mirror site put behind a character: 主動(dòng)公開(kāi).
READING = re.compile(rf"(?<=[㐀-鿿])[(（][{PINYIN}]{{1,7}}[)）]")

Window = tuple[int, int]  # start and end, half open, in characters


def shortened(text: str, limit: int) -> tuple[str, NDArray[np.int64]]:
    """`text` without readings in brackets, every run of a sign, no letter or digit, cut to `limit`.

    Readings tear every word; pages flooded with pipes would fill whole windows with nothing.
    Returns the shorter text and [characters] the offset of each in `text`.
    """
    kept = np.ones(len(text), dtype=bool)
    for run in re.finditer(rf"([\W_])\1{{{limit},}}", text):
        kept[run.start() + limit : run.end()] = False
    for reading in READING.finditer(text):
        kept[reading.start() : reading.end()] = False
    offsets = np.flatnonzero(kept)
    if len(offsets) == len(text):
        return text, offsets
    return code_points(text)[kept].tobytes().decode("utf-32-le", "surrogatepass"), offsets


def windows(text: str, size: int, overlap: int) -> list[Window]:
    """Windows of at most `size` characters that cover `text`, cut at line ends where there are any.

    Neighbours share at least `overlap` characters, and less than twice as many.
    """
    if not 0 <= 4 * overlap <= size:
        raise ValueError(f"overlap {overlap} must lie in [0, a quarter of {size}]")
    result: list[Window] = []
    start = 0
    while len(text) - start > size:
        end = start + size
        end = text.rfind("\n", start + size // 2 + overlap, end) + 1 or end
        result.append((start, end))
        start = text.rfind("\n", end - 2 * overlap, end - overlap) + 1 or end - overlap
    if start < len(text):
        result.append((start, len(text)))
    return result


def stitched(
    places: Sequence[Window], values: Sequence[NDArray[np.float32]]
) -> NDArray[np.float32]:
    """One row for each character of the text: that of the window whose edge is farther away.

    values: [window][characters, tags].
    """
    middles = [(end + start) // 2 for (_, end), (start, _) in zip(places, places[1:], strict=False)]
    firsts = [0, *middles]
    lasts = [*middles, places[-1][1]]
    return np.concatenate(
        [
            rows[first - start : last - start]
            for (start, _), rows, first, last in zip(places, values, firsts, lasts, strict=True)
        ]
    )
