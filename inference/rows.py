"""Which row of the form each row label is: alignment by wording and order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..models.form import VERSIONS, Row, Version, form
from ..models.labels import Label
from .remembered import remembered
from .tokens import Token, looks_like_value
from .wording import best_likeness, closest, likeness, likenesses, ordinal, wordings

#: Below this likeness a label is not taken for a row of the form.
LEAST_LIKENESS = 0.6
#: Words of any length that are so much like a row's are its label.
CERTAIN = 0.9
#: Enough for a label whose place already tells the row.
SOME_LIKENESS = 0.35
#: What a matching or a contradicting ordinal is worth beside the likeness of the words.
ORDINAL_WEIGHT = 0.15
_LABELS = frozenset({Label.ROW, Label.GROUP})
_REMARK = re.compile(r"[(（\[【][^()（）]*[)）\]】]")


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of the two versions taken together: `table` is t2 or t3, `block` the block's id."""

    table: str
    block: str
    row: Row


def master_rows() -> tuple[FormRow, ...]:
    """Tables 2 and 3 of both versions as one sequence; the row `other` is that of 2019."""
    rows: list[FormRow] = []
    for block in form("2019").t2:
        rows.extend(FormRow("t2", block.id, row) for row in block.rows)
    new = form("2021").t3.rows
    first_other = next(i for i, row in enumerate(new) if row.id.startswith("other."))
    old_other = next(row for row in form("2019").t3.rows if row.id == "other")
    rows.extend(FormRow("t3", "t3", row) for row in new[:first_other])
    rows.append(FormRow("t3", "t3", old_other))
    rows.extend(FormRow("t3", "t3", row) for row in new[first_other:])
    return tuple(rows)


MASTER = master_rows()


@dataclass(frozen=True, slots=True)
class RowMatch:
    """Token `token` (an index) is the label of row `row` (an index into MASTER)."""

    token: int
    row: int
    likeness: float


#: Numbers of the ordinals that the form prints before the rows; 0 where there is none.
_NUMBERS = np.array([(ordinal(entry.row.label) or ("", 0))[1] for entry in MASTER])
#: Where the likeness to each row stands among those to the known wordings.
_PLACES = [list(wordings()["rows"]).index(entry.row.id) for entry in MASTER]


@remembered
def _likenesses(text: str) -> NDArray[np.float64]:
    """[MASTER] how alike a label is to each row."""
    return likenesses(text, "rows")[_PLACES]


@remembered
def _gains(text: str, is_row: bool) -> NDArray[np.float64] | None:
    """[MASTER] what it is worth to take a label for each row; -inf where it may not be.

    None where it may be no row's.
    """
    alike = _likenesses(text)
    # A label that is some row's beyond doubt is no other's: （六）其他处理 is not 3.其他.
    least = CERTAIN if alike.max() >= CERTAIN else LEAST_LIKENESS
    bonus = np.zeros(len(MASTER))
    if ours := ordinal(text):
        bonus = np.where(_NUMBERS == ours[1], ORDINAL_WEIGHT, -ORDINAL_WEIGHT)
        bonus[_NUMBERS == 0] = 0.0
    if is_row:
        bonus += 0.1
    gains = alike - LEAST_LIKENESS + 0.1 + bonus
    gains[(alike < least) | (gains <= 0)] = -np.inf
    return gains if gains.max() > 0 else None


def is_group(token: Token) -> bool:
    """Whether the wording is nearer to a group of table 3 than to any row."""
    return _is_group(token.text)


@remembered
def _is_group(text: str) -> bool:
    key, alike = closest(text, "groups")
    if key == "other" or alike < LEAST_LIKENESS:
        return False
    return alike > closest(text, "rows")[1]


def candidates(tokens: Sequence[Token]) -> list[int]:
    """Indices of the tokens that may be row labels."""
    return [
        index
        for index, token in enumerate(tokens)
        if token.label in _LABELS
        or (token.label is None and not looks_like_value(token) and _may_be_label(token))
        if not _is_group(token.text)
    ]


def _may_be_label(token: Token) -> bool:
    """Whether words without a label may be a row's: short ones, or the form's own wording.

    What stands in brackets alone is a remark: (章) below a signature is no 规章.
    """
    if not token.is_prose:
        return _REMARK.fullmatch(token.text) is None
    return "。" not in token.text and closest(token.text, "rows")[1] >= CERTAIN


def match_rows(
    tokens: Sequence[Token], places: Sequence[int] | None = None
) -> tuple[RowMatch, ...]:
    """Match row labels to the form's rows in order: the alignment of greatest total gain.

    Rows and labels may be left out, never swapped: the form's order is binding. Of equal
    alignments the one that comes first in the text is taken.
    places: the candidates that are to be matched; None for all.
    """
    places = candidates(tokens) if places is None else places
    gains = [_gains(tokens[place].text, tokens[place].label is Label.ROW) for place in places]
    best = np.zeros((len(places) + 1, len(MASTER) + 1))
    for i in range(len(places) - 1, -1, -1):
        if (gain := gains[i]) is None:
            best[i] = best[i + 1]
            continue
        here = np.maximum(best[i + 1, :-1], gain + best[i + 1, 1:])
        best[i, :-1] = np.maximum.accumulate(here[::-1])[::-1]
    return _with_reworded(tokens, places, _traced(tokens, places, gains, best))


def _with_reworded(
    tokens: Sequence[Token], places: Sequence[int], matches: Sequence[RowMatch]
) -> tuple[RowMatch, ...]:
    """`matches`, and the labels whose wording was replaced (seo hijack) if order tells the row.

    Between two matched neighbours, an unmatched ROW is the next missing row that has its
    ordinal, or the only missing one if some of the wording is left.
    """
    result = list(matches)
    for before, after in zip(matches, matches[1:], strict=False):
        lost = [row for row in range(before.row + 1, after.row) if MASTER[row].row.id != "other"]
        if not lost:
            continue
        for place in places:
            if before.token < place < after.token and tokens[place].label is Label.ROW and lost:
                row = _reworded(tokens[place], lost)
                if row is not None:
                    result.append(RowMatch(place, row, SOME_LIKENESS))
                    lost = [other for other in lost if other > row]
    return tuple(sorted(result, key=lambda match: match.token))


def _reworded(token: Token, lost: Sequence[int]) -> int | None:
    number = ordinal(token.text)
    for row in lost:
        entry = MASTER[row]
        alike = float(_likenesses(token.text)[row])
        if number is not None and number == ordinal(entry.row.label) and alike > 0:
            return row
        if len(lost) == 1 and alike >= SOME_LIKENESS:
            return row
    return None


def _traced(
    tokens: Sequence[Token],
    places: Sequence[int],
    gains: Sequence[NDArray[np.float64] | None],
    best: NDArray[np.float64],
) -> list[RowMatch]:
    matches: list[RowMatch] = []
    i = j = 0
    while i < len(places) and j < len(MASTER):
        gain = gains[i]
        if gain is not None and best[i, j] == gain[j] + best[i + 1, j + 1]:
            alike = float(_likenesses(tokens[places[i]].text)[j])
            matches.append(RowMatch(places[i], j, alike))
            i, j = i + 1, j + 1
        elif best[i, j] == best[i, j + 1]:
            j += 1  # leave out the row before the label: so the first of equal labels is taken
        else:
            i += 1
    return matches


def column_version(texts: Sequence[str]) -> Version | None:
    """The form version whose column headers these are; None where they do not tell.

    A header cut down to 本年新 is one of 2019's (本年新制作数量, 本年新公开数量).
    """
    votes: dict[Version, float] = dict.fromkeys(VERSIONS, 0.0)
    for text in texts:
        if (version := _header_version(text)) is not None:
            votes[version] += 1.0
    if votes["2019"] == votes["2021"]:
        return None
    return max(votes, key=lambda version: votes[version])


@remembered
def _header_version(text: str) -> Version | None:
    if likeness(text, "本年新") == 1.0:
        return "2019"
    columns = wordings()["columns"]
    scores = {version: best_likeness(text, columns[version]) for version in VERSIONS}
    if max(scores.values()) < LEAST_LIKENESS or scores["2019"] == scores["2021"]:
        return None
    return max(scores, key=lambda version: scores[version])
