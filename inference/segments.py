"""The stretches of tokens that belong to one row, lost labels included."""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..models.labels import Label
from .numbers import UNITS
from .rows import MASTER, FormRow, RowMatch
from .slots import Segment
from .tokens import Token, looks_like_value
from .wording import is_form_wording

#: Longer words among values are labels that the tagger passed over.
LONGEST_WORD = 8
#: Words, and signs that stand for a figure; other signs say nothing.
_SAYS = re.compile(r"[㐀-鿿A-Za-z*＊×?？■□\ufffd]")
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row of the form with its values. label: None where its own label is lost."""

    entry: FormRow
    label: Token | None
    segment: Segment
    likeness: float

    @property
    def is_placed(self) -> bool:
        """Whether labels tell of each value whose it is: no order can tell more."""
        values = self.segment.values
        behind = self.label is not None and bool(values) and values[0].start < self.label.start
        return bool(self.segment.names) or behind

    @property
    def score(self) -> float:
        """The least certain of what the row was read from."""
        scores = [token.score for token in self.segment.values]
        label = [self.label.score] if self.label else []
        return min([*scores, *label, self.likeness])


def index_of(tokens: Sequence[Token], token: Token) -> int:
    """Where `token` stands among `tokens`, which are in order."""
    return bisect_left(tokens, token)


def is_boundary(token: Token) -> bool:
    """Whether a row's values end here: at any label, and at words, but not at page furniture."""
    if token.label is None:
        return not looks_like_value(token) and (token.is_prose or _has_words(token.text))
    return token.label not in (Label.VALUE, Label.NOISE)


def _is_word_for_value(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word that is no label stands among values as one of them (未增未减, 详见附件).

    What parts them is none: signs (0 ～ 0), and units behind a figure (3 件、0 件).
    """
    token = tokens[index]
    if token.label not in (None, Label.COLUMN) or len(token.text) > LONGEST_WORD:
        return False
    if index + 1 >= len(tokens):
        return False
    among = tokens[index - 1].label is Label.VALUE and tokens[index + 1].label is Label.VALUE
    says = _SAYS.search(token.text) is not None and _NO_WORD.sub("", token.text) not in UNITS
    return among and says and not is_form_wording(token.text)


def is_short_word(token: Token) -> bool:
    """Whether words without a label may join values to one another (同时, 其中)."""
    short = token.label is None and len(token.text) <= LONGEST_WORD and "。" not in token.text
    return short and not is_form_wording(token.text)


def _has_words(text: str) -> bool:
    return sum("㐀" <= char <= "鿿" for char in text) >= 2


def labelled_rows(
    tokens: Sequence[Token], matches: Sequence[RowMatch], length: int
) -> tuple[LabelledRow, ...]:
    """Each matched row with the values up to the next label. length: of the text."""
    rows = []
    for match in matches:
        label = tokens[match.token]
        index = match.token + 1
        values = []
        while index < len(tokens):
            token = tokens[index]
            if looks_like_value(token) or _is_word_for_value(tokens, index):
                values.append(token)
            elif is_boundary(token):
                break
            index += 1
        end = tokens[index].start if index < len(tokens) else length
        segment = Segment(label.start, label.end, tuple(values), end)
        rows.append(LabelledRow(MASTER[match.row], label, segment, match.likeness))
    return tuple(rows)


def without_look_alikes(row: LabelledRow, n_columns: int) -> LabelledRow:
    """`row` without what merely looks like a value, where the labelled ones fill it (0 / 0 / 0)."""
    values = row.segment.values
    labelled = tuple(token for token in values if token.label is Label.VALUE)
    if len(labelled) != n_columns or len(values) == n_columns:
        return row
    return replace(row, segment=replace(row.segment, values=labelled))


def with_lost_labels(
    rows: Sequence[LabelledRow],
    tokens: Sequence[Token],
    wanted: Sequence[FormRow],
    n_columns: Callable[[FormRow], int],
) -> tuple[LabelledRow, ...]:
    """`rows`, and those of `wanted` whose label is lost but whose values can be placed by order.

    Surplus values behind a row are the next rows' if they fill these exactly; values between
    the column headers and the second row of a block are the first row's.
    """
    index_of_row = {entry.row.id: index for index, entry in enumerate(wanted)}
    places = [-1, *(index_of_row[row.entry.row.id] for row in rows), len(wanted)]
    lost = [wanted[before + 1 : after] for before, after in pairwise(places)]
    result: list[LabelledRow] = []
    for row, above, below in zip(rows, lost, lost[1:], strict=False):
        result.extend(_headless(tokens, row, above, n_columns))
        result.extend(_shared(row, below, n_columns))
    return tuple(result)


def _shared(
    row: LabelledRow, lost: Sequence[FormRow], n_columns: Callable[[FormRow], int]
) -> list[LabelledRow]:
    """`row` and the rows behind it that have no label, if its values fill them all exactly."""
    if row.is_placed:
        return [row]
    values = row.segment.values
    counts = [n_columns(row.entry)]
    entries = [row.entry]
    for entry in lost:
        if sum(counts) >= len(values) or entry.table != row.entry.table:
            break
        counts.append(n_columns(entry))
        entries.append(entry)
    if len(entries) == 1 or sum(counts) != len(values):
        return [row]
    result = []
    start = 0
    for entry, count in zip(entries, counts, strict=True):
        own = values[start : start + count]
        start += count
        end = values[start].start if start < len(values) else row.segment.end
        head = row.segment.label_end if entry is row.entry else own[0].start
        label = row.label if entry is row.entry else None
        segment = Segment(row.segment.start, head, own, end)
        result.append(LabelledRow(entry, label, segment, row.likeness))
    return result


def _headless(
    tokens: Sequence[Token],
    row: LabelledRow,
    lost: Sequence[FormRow],
    n_columns: Callable[[FormRow], int],
) -> list[LabelledRow]:
    """The row just before `row` in its block, if its values stand right under the headers."""
    if row.label is None or row.is_placed or not lost:
        return []
    entry = lost[-1]
    if (entry.table, entry.block) != (row.entry.table, row.entry.block):
        return []
    index = index_of(tokens, row.label) - 1
    values: list[Token] = []
    while index >= 0 and not is_boundary(tokens[index]):
        if looks_like_value(tokens[index]):
            values.insert(0, tokens[index])
        index -= 1
    headed = index >= 0 and tokens[index].label in (Label.COLUMN, Label.GROUP, Label.CAPTION)
    if not headed or len(values) != n_columns(entry):
        return []
    segment = Segment(tokens[index].start, values[0].start, tuple(values), row.segment.start)
    return [replace(row, entry=entry, label=None, segment=segment)]
