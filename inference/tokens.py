"""The text as a row of tokens: labelled spans, and what is left between them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ..models.document import Document, GridCell
from ..models.labels import Label
from .numbers import parse_value

#: What stands between signs and line ends, blanks at its edges off.
PIECE = re.compile(r"[^\s|](?:[^|\t\n]*[^\s|])?")
VALUE_SHAPE = re.compile(r"[+\-－+增减加少]*[0-9０-９][0-9０-９,，.．]*\s?(?:件|项|个|条|元|万元)?")
#: Zeros that ran together are values, however many; other long runs may be telephone numbers.
_ZEROS = re.compile(r"0{2,}")
_SIGN_FOR_NONE = re.compile(r"[/／—–\-－\\一无零]{1,2}")
_CELL_SIGN = re.compile(r"[|\t]")
#: A stretch of words this long is prose, whatever stands around it.
PROSE = 16


class Token(NamedTuple):
    """A stretch of text with a label, or None where the tagger gave none."""

    start: int
    end: int
    label: Label | None
    text: str
    score: float

    @property
    def is_prose(self) -> bool:
        """A leader of dots or blanks to fill in is none, however long."""
        if self.label is not None:
            return False
        return "。" in self.text or (len(self.text) >= PROSE and any(map(str.isalnum, self.text)))


def tokens_of(doc: Document) -> tuple[Token, ...]:
    """Every stretch of the document that is not white space, `|` or a tab, in order."""
    found: list[Token] = []
    text, place = doc.text, 0
    for span in doc.spans:
        start, end = span.start, span.end
        if text[place:start].strip(" |\t\n"):  # else it is white space and signs, as between cells
            found.extend(_rest(text, place, start))
        found.append(Token(start, end, span.label, text[start:end], span.score))
        place = end
    found.extend(_rest(text, place, len(text)))
    return tuple(found)


def without_signs_in_furniture(doc: Document) -> Document:
    """`doc` with blanks for the signs inside page furniture, which part no cells: ［03｜6］."""
    text = doc.text
    for span in doc.spans:
        if span.label is Label.NOISE and _CELL_SIGN.search(text, span.start, span.end):
            inside = _CELL_SIGN.sub(" ", text[span.start : span.end])
            text = text[: span.start] + inside + text[span.end :]
    return doc if text is doc.text else replace(doc, text=text)


def _rest(text: str, start: int, end: int) -> Iterator[Token]:
    for piece in PIECE.finditer(text, start, end):
        yield Token(*piece.span(), None, piece[0], 1.0)


def looks_like_value(token: Token) -> bool:
    """Whether an unlabelled token may be a value that the tagger passed over."""
    if token.label is not None:
        return token.label is Label.VALUE
    if _ZEROS.fullmatch(token.text):
        return True
    return bool(VALUE_SHAPE.fullmatch(token.text) or _SIGN_FOR_NONE.fullmatch(token.text)) and (
        parse_value(token.text).state in ("found", "not_applicable")
    )


class Grid:
    """The cells of a document's tables, found by offset."""

    def __init__(self, doc: Document) -> None:
        filled = [cell for cell in doc.grid if cell.start < cell.end]
        self._cells = sorted(filled, key=lambda cell: cell.start)
        self._starts = [cell.start for cell in self._cells]
        self._rows: dict[tuple[int, int], list[GridCell]] = {}
        for cell in doc.grid:
            self._rows.setdefault((cell.table, cell.row), []).append(cell)
        for row in self._rows.values():
            row.sort(key=lambda cell: cell.column)

    def _cell(self, token: Token) -> GridCell | None:
        index = bisect_right(self._starts, token.start) - 1
        if index < 0 or token.start >= self._cells[index].end:
            return None
        return self._cells[index]

    def cells_right_of(self, token: Token) -> list[tuple[int, int]] | None:
        """(start, end) of the cells right of the one that holds `token`, in its row.

        None where the token stands in no table. A merged cell counts once.
        """
        here = self._cell(token)
        if here is None:
            return None
        row = self._rows[here.table, here.row]
        return [(cell.start, cell.end) for cell in row if cell.column > here.column]

    def row_of(self, token: Token) -> list[tuple[int, int]] | None:
        """(start, end) of every cell in the row of the one that holds `token`."""
        here = self._cell(token)
        if here is None:
            return None
        return [(cell.start, cell.end) for cell in self._rows[here.table, here.row]]

    def row_below(self, token: Token) -> list[tuple[int, int]] | None:
        """(start, end) of every cell in the row below the one that holds `token`."""
        here = self._cell(token)
        row = self._rows.get((here.table, here.row + 1)) if here is not None else None
        return None if row is None else [(cell.start, cell.end) for cell in row]
