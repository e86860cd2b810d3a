"""Tables printed column by column: 自然人：一、本年新收 3，二、上年结转 0 … 商业企业：…"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from ..models.form import VERSIONS, Block, form
from ..models.labels import Label
from .beside import paired, side_of, stretch_from
from .columns import column_named
from .rows import MASTER, RowMatch
from .segments import LabelledRow, index_of
from .slots import Segment
from .tokens import Token

#: The rows of the form among some candidates, which are indices of tokens.
Matching = Callable[[Sequence[int]], Sequence[RowMatch]]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A column's label and what stands behind it: the rows of the block, and all labels and values.

    rows: token index of a row's label -> the row.
    """

    head: Token
    rows: dict[int, RowMatch]
    inside: tuple[Token, ...]


def turned_rows(
    tokens: Sequence[Token], places: Sequence[int], matching: Matching
) -> tuple[tuple[LabelledRow, ...], frozenset[int]]:
    """The rows of the blocks that are printed column by column, and where all their labels stand.

    places: the candidates for rows' labels. A block is so printed if most of its rows come again
    under other columns, and each value has the label of its row beside it.
    """
    found: list[LabelledRow] = []
    used: set[int] = set()
    for block in _blocks():
        stretches = list(_stretches(tokens, places, block, matching))
        if _is_turned(stretches, block):
            found.extend(_gathered(tokens, stretches))
            used.update(chain.from_iterable(stretch.rows for stretch in stretches))
    return tuple(found), frozenset(used)


def _blocks() -> Iterator[Block]:
    """The blocks of tables 2 and 3 with several columns; table 3 has the same in both versions."""
    for version in VERSIONS:
        yield from (block for block in form(version).t2 if len(block.columns) > 1)
    yield form("2021").t3


def _stretches(
    tokens: Sequence[Token], places: Sequence[int], block: Block, matching: Matching
) -> Iterator[_Stretch]:
    heads = [
        index
        for index, token in enumerate(tokens)
        if token.label is Label.COLUMN and column_named(token.text, block) is not None
    ]
    tried = [
        (head, [place for place in places if head < place < below])
        for head, below in pairwise([*heads, len(tokens)])
    ]
    tried = [(head, own) for head, own in tried if len(own) > 1]
    if len(tried) < 2:
        return  # as mostly: rows stand behind the last header alone
    for head, own in tried:
        rows = {
            match.token: match
            for match in matching(own)
            if (MASTER[match.row].table, MASTER[match.row].block) == (block.table, block.id)
        }
        if rows:
            yield _Stretch(tokens[head], rows, _inside(tokens, head + 1))


def _inside(tokens: Sequence[Token], start: int) -> tuple[Token, ...]:
    """The rows' labels and the values from `start` to what ends them; groups head no value."""
    found, _ = stretch_from(tokens, start, lambda token: token.label in (Label.ROW, Label.GROUP))
    return tuple(token for token in found if token.label is not Label.GROUP)


def _is_turned(stretches: Sequence[_Stretch], block: Block) -> bool:
    columns = {column_named(stretch.head.text, block) for stretch in stretches}
    if len(stretches) < 2 or len(columns) < len(stretches):
        return False  # a header that comes again stands above rows that come again
    times = Counter(match.row for stretch in stretches for match in stretch.rows.values())
    again = sum(count > 1 for count in times.values())
    side = side_of([stretch.inside for stretch in stretches], Label.ROW)
    return 2 * again > len(times) and side is not None


def _gathered(tokens: Sequence[Token], stretches: Sequence[_Stretch]) -> Iterator[LabelledRow]:
    """Each row with its value from every column that has one."""
    side = side_of([stretch.inside for stretch in stretches], Label.ROW)
    assert side is not None
    found: dict[int, list[tuple[RowMatch, Token, Token | None]]] = {}
    for stretch in stretches:
        pairs = paired(stretch.inside, side, Label.ROW)
        values = {index_of(tokens, row): value for row, value in pairs if row is not None}
        for place, match in stretch.rows.items():
            found.setdefault(match.row, []).append((match, stretch.head, values.get(place)))
    for row, cells in found.items():
        label = tokens[cells[0][0].token]
        filled = [(head, value) for _, head, value in cells if value is not None]
        names = tuple(head for head, _ in filled)
        values_of_row = tuple(value for _, value in filled)
        end = max([label.end, *(value.end for value in values_of_row)])
        segment = Segment(label.start, label.end, values_of_row, end, names)
        alike = min(match.likeness for match, _, _ in cells)
        yield LabelledRow(MASTER[row], label, segment, alike)
