"""Values glued into one run of digits: taken apart where their number or the sums allow it."""

from collections.abc import Iterator

from .assign import Reading
from .slots import Segment, Slot
from .tokens import Token

#: Longer runs are not tried: the ways to cut them grow too fast.
LONGEST_RUN = 24
_ZEROS = str.maketrans("零〇", "00")


def glued_run(values: tuple[Token, ...]) -> tuple[int, str] | None:
    """(start, digits) of values that make up one run of digits; None where they do not.

    零 is a digit of such a run; other numerals are not, for 十二 is one number.
    """
    text = "".join(token.text for token in values).translate(_ZEROS)
    if not values or values[-1].end - values[0].start != len(text) or not text.isdecimal():
        return None
    return values[0].start, text


def fused_readings(
    segment: Segment, n_columns: int, loose: bool = False
) -> tuple[Reading, ...] | None:
    """The readings of a row whose values are glued to its label and to one another.

    loose: nothing but blanks parts this table's cells; then one may stand behind the label.
    Zeros can only be one for each column (`规章000`); other digits in a row of table 3 are cut
    in every way that makes the last the sum of the others. None where nothing is glued, or where
    the digits may as well be fewer numbers beside blanks, or the tagger has parted them into
    single ones; () where no cut can be told from another.
    """
    glued = bool(segment.values) and segment.values[0].start == segment.label_end
    if not glued and not loose:  # as nearly always
        return None
    run = glued_run(segment.values)
    if n_columns == 1 and run is not None and glued:
        return (_slots(run[0], (len(run[1]),)),)
    if len(segment.values) == n_columns:
        parted = all(len(token.text) == 1 for token in segment.values)
        return None if parted or run is None or not glued else ()
    if run is not None and loose and run[1] == "0" * n_columns:
        return (_slots(run[0], (1,) * n_columns),)
    if run is None or not glued or not n_columns <= len(run[1]) <= LONGEST_RUN:
        return None
    start, text = run
    if text == "0" * n_columns:
        return (_slots(start, (1,) * n_columns),)
    if n_columns <= 3:  # table 2 has no sums
        return None
    return tuple(_slots(start, lengths) for lengths in _cuts(text, n_columns)) or None


def fused_blocks(values: tuple[Token, ...], n_blocks: int, n_columns: int) -> tuple[Reading, ...]:
    """The same for table 4: blocks of columns, each with its own sum, in one run of digits."""
    run = glued_run(values)
    if run is None or not n_blocks * n_columns <= len(run[1]) <= 2 * LONGEST_RUN:
        return ()
    start, text = run
    return tuple(_slots(start, lengths) for lengths in _block_cuts(text, n_blocks, n_columns))


def _slots(start: int, lengths: tuple[int, ...]) -> Reading:
    slots = []
    for length in lengths:
        slots.append(Slot(start, start + length))
        start += length
    return tuple(slots)


def _cuts(text: str, n_parts: int) -> list[tuple[int, ...]]:
    """The lengths of `n_parts` numbers that make up `text`, the last the sum of the others.

    A number has no leading zero.
    """
    found: list[tuple[int, ...]] = []
    for last in range(1, len(text) - n_parts + 2):
        head, total = text[:-last], text[-last:]
        if last == 1 or total[0] != "0":
            found.extend((*lengths, last) for lengths in _summands(head, n_parts - 1, int(total)))
    return sorted(found)


def _summands(text: str, n_parts: int, total: int) -> Iterator[tuple[int, ...]]:
    """The lengths of `n_parts` numbers that make up `text` and add up to `total`."""
    if n_parts == 0:
        if not text and total == 0:
            yield ()
        return
    longest = 1 if text.startswith("0") else len(text) - n_parts + 1
    for length in range(1, longest + 1):
        rest = total - int(text[:length])
        if rest < 0:
            return
        for lengths in _summands(text[length:], n_parts - 1, rest):
            yield (length, *lengths)


def _block_cuts(text: str, n_blocks: int, n_columns: int) -> Iterator[tuple[int, ...]]:
    if n_blocks == 0:
        if not text:
            yield ()
        return
    for end in range(n_columns, len(text) - (n_blocks - 1) * n_columns + 1):
        for lengths in _cuts(text[:end], n_columns):
            for rest in _block_cuts(text[end:], n_blocks - 1, n_columns):
                yield (*lengths, *rest)
