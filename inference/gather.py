"""The rows of tables 2 and 3 that a report has, on whichever side of its figures a label stands."""

from collections.abc import Sequence

from ..models.labels import Label
from .behind import with_labels_behind
from .beside import with_labels_beside
from .rows import MASTER, RowMatch, match_rows
from .segments import LabelledRow, labelled_rows
from .tokens import Token, looks_like_value
from .turned import turned_rows


def gather_rows(
    tokens: Sequence[Token], places: Sequence[int], length: int
) -> tuple[Sequence[LabelledRow], frozenset[int]]:
    """The rows in the form's order, and where labels stand that come again under other columns.

    places: the candidates for rows' labels.
    """

    def matching(own: Sequence[int]) -> tuple[RowMatch, ...]:
        return _one_version(tokens, match_rows(tokens, own), length)

    turned, used = turned_rows(tokens, places, matching)
    matches = matching([place for place in places if place not in used])
    rows = rows_of(tokens, _without_lone_row(tokens, matches), length)
    if not turned:
        return rows, used
    known = {row.entry for row in turned}
    both = [*turned, *(row for row in rows if row.entry not in known)]
    return sorted(both, key=lambda row: MASTER.index(row.entry)), used


def rows_of(
    tokens: Sequence[Token], matches: Sequence[RowMatch], length: int
) -> tuple[LabelledRow, ...]:
    """The matched rows with their values, wherever the labels of these stand."""
    rows = with_labels_behind(labelled_rows(tokens, matches, length), tokens)
    return with_labels_beside(rows, tokens, length)


def _one_version(
    tokens: Sequence[Token], matches: tuple[RowMatch, ...], length: int
) -> tuple[RowMatch, ...]:
    """Leave out （六）其他处理 where it is the group of 2021 and not the row of 2019.

    It is the group if rows of its own follow, or if it carries no values and is not labelled ROW.
    """
    ids = [MASTER[match.row].row.id for match in matches]
    if "other" not in ids:
        return matches
    place = ids.index("other")
    row = rows_of(tokens, matches, length)[place]
    is_group = any(id_.startswith("other.") for id_ in ids) or (
        not row.segment.values and tokens[matches[place].token].label is not Label.ROW
    )
    return (*matches[:place], *matches[place + 1 :]) if is_group else matches


def _without_lone_row(
    tokens: Sequence[Token], matches: tuple[RowMatch, ...]
) -> tuple[RowMatch, ...]:
    """Leave out a lone row without values above the first heading: a field of the page
    (分类 | 其他), no table."""
    heading = next((i for i, token in enumerate(tokens) if token.label is Label.SECTION), 0)
    above = [match for match in matches if match.token < heading]
    if len(above) != 1 or any(looks_like_value(t) for t in tokens[above[0].token : heading]):
        return matches
    return tuple(match for match in matches if match is not above[0])
