"""Tables whose rows' labels stand behind their figures: 0 3 5 规章."""

from collections.abc import Sequence
from dataclasses import replace

from ..models.labels import Label
from .segments import LabelledRow, index_of, is_boundary
from .slots import Segment
from .tokens import Token

#: So many rows under a header or group tell on which side of its figures a label stands.
LEAST_TELLING = 2


def with_labels_behind(
    rows: Sequence[LabelledRow], tokens: Sequence[Token]
) -> tuple[LabelledRow, ...]:
    """`rows` with the values before their labels, in the tables that are so written.

    There the first row under each header or group has its values above its label, and the last
    one before the next has none below.
    """
    found = list(rows)
    for table in ("t2", "t3"):
        own = [at for at, row in enumerate(rows) if row.entry.table == table and row.label]
        before = {at: _values_before(rows[at], tokens) for at in own}
        first = [values for values, opener in before.values() if opener.label is not Label.ROW]
        if len(first) < LEAST_TELLING or not all(first):
            continue
        if not all(_is_closed(rows[at], tokens) for at in own):
            continue
        for at, (values, opener) in before.items():
            label = rows[at].label
            assert label is not None
            start = min([label.start, *(value.start for value in values)])
            segment = Segment(start, opener.end, values, label.start)
            found[at] = replace(rows[at], segment=segment)
    return tuple(found)


def _values_before(row: LabelledRow, tokens: Sequence[Token]) -> tuple[tuple[Token, ...], Token]:
    """The labelled values between a row's label and the label above it, and that label."""
    assert row.label is not None
    values: list[Token] = []
    index = index_of(tokens, row.label) - 1
    while index > 0 and not is_boundary(tokens[index]):
        if tokens[index].label is Label.VALUE:
            values.insert(0, tokens[index])
        index -= 1
    return tuple(values), tokens[max(index, 0)]


def _is_closed(row: LabelledRow, tokens: Sequence[Token]) -> bool:
    """Whether no value stands between a row's label and the header or group below it."""
    below = index_of(tokens, row.segment.values[-1]) if row.segment.values else None
    if below is None:
        return True
    after = (token for token in tokens[below + 1 :] if is_boundary(token))
    return next((token.label is Label.ROW for token in after), False)
