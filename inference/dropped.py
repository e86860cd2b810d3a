"""Tables whose repeated lines a crawler dropped: their marks, and what is not to be read there."""

from collections import Counter
from collections.abc import Callable, Sequence

from ..models.document import Document
from ..models.labels import Label
from ..models.report import Cell
from .rows import FormRow
from .segments import LabelledRow
from .wording import plain

METHOD = "lines_deduplicated"
#: Words of headers that every sound table repeats; a crawler that drops repeated lines keeps one.
REPEATED_HEADERS = ("信息内容", "总计", "其他", "结果维持")
#: Longer lines are no header word, whatever pinyin and blanks it bears.
LONGEST_LINE = 80
#: A single row without its values may just be blank.
LEAST_SHORT = 2
#: The share of cells that begin a line.
MOSTLY = 0.8
#: A page number taken for a value may repeat one: of so many values, one may come twice.
ONE_REPEAT_IN = 20


def lines_dropped(
    doc: Document, rows: Sequence[LabelledRow], n_columns: Callable[[FormRow], int]
) -> bool:
    """Whether every line of the tables stands but for those that had occurred before.

    Its marks: a cell to a line, rows that are short of values, no value twice in all the tables,
    and no header word twice.
    """
    values = [token for row in rows for token in row.segment.values]
    short = sum(len(row.segment.values) < n_columns(row.entry) for row in rows)
    if doc.grid or short < LEAST_SHORT or not values:  # of equal lines the first is left
        return False
    gaps = [gap for row in rows for gap in _gaps(doc.text, row)]
    stretch = doc.text[rows[0].segment.start : rows[-1].segment.label_end]
    sign = "\n" if "\n" in stretch else " "  # the lines may have been joined since
    lines = [gap for gap in gaps if sign in gap and not any(bar in gap for bar in "|\t")]
    if len(lines) < MOSTLY * len(gaps):
        return False
    repeats = len(values) - len({token.text for token in values})
    return ONE_REPEAT_IN * repeats <= len(values) and not _headers_repeated(doc)


def _headers_repeated(doc: Document) -> bool:
    """Whether a header word comes twice, written alike, as a line or as a column's header."""
    lines = Counter(line.strip() for line in doc.text.splitlines() if len(line) <= LONGEST_LINE)
    headers = Counter(doc.wording(span) for span in doc.spans if span.label is Label.COLUMN)
    twice = [word for counts in (lines, headers) for word, n in counts.items() if n > 1]
    return any(plain(word) in REPEATED_HEADERS for word in twice)


def _gaps(text: str, row: LabelledRow) -> list[str]:
    """What stands between a row's label and values, neighbour by neighbour."""
    values = row.segment.values
    ends = (row.segment.label_end, *(token.end for token in values))
    return [text[end : token.start] for end, token in zip(ends, values, strict=False)]


def without_remains(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Table 4 of such a document: its one row is read only if all of it stands."""
    if all(cell.state == "found" for cell in cells):
        return tuple(cells)
    empty = {"value": None, "raw": None, "unit": None, "start": None, "end": None}
    return tuple(
        cell.model_copy(update={**empty, "state": "unreadable", "method": METHOD}) for cell in cells
    )
