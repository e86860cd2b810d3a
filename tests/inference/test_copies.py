"""Rows and tables that are printed twice: equal copies are none's business, others are told."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.inference.copies import A_TABLE, without_disagreement
from nianbao.inference.tables import Alignment, align
from nianbao.models.document import Document
from nianbao.models.form import form
from nianbao.models.labels import Label
from nianbao.models.report import Cell
from nianbao.training.synthetic.marked import Marked

#: Table 2 of 2019: it has every row of the block sequence, so none is skipped.
BLOCKS = form("2019").t2
ROWS = {row.label: block for block in BLOCKS for row in block.rows}
ORDER = tuple(ROWS)
FIRST_CELLS = {
    row.label: block.path(row, block.columns[0]) for block in BLOCKS for row in block.rows
}

numbers = st.one_of(st.none(), st.integers(0, 3))
by_row = st.sampled_from(ORDER)


def line(row: str, values: Sequence[int]) -> Marked:
    marked = Marked.of(row, Label.ROW)
    for value in values:
        marked = marked + "\t" + Marked.of(str(value), Label.VALUE)
    return marked + "\n"


def figures(row: str, first: int | None = None) -> list[int]:
    """The figures of a row, all of the table different. first: another one for the first cell."""
    own = [10 * ORDER.index(row) + at for at, _ in enumerate(ROWS[row].columns)]
    return own if first is None else [first, *own[1:]]


def table(changed: Mapping[str, int] | None = None) -> Marked:
    """Table 2. changed: row -> another first figure."""
    marked = Marked()
    for block in BLOCKS:
        marked = marked + Marked.of(block.label, Label.GROUP) + "\n"
        marked = marked + Marked.of("信息内容", Label.COLUMN)
        for column in block.columns:
            marked = marked + "\t" + Marked.of(column.label, Label.COLUMN)
        marked = marked + "\n"
        for row in block.rows:
            marked = marked + line(row.label, figures(row.label, (changed or {}).get(row.label)))
    return marked


def read(*parts: Marked) -> Alignment:
    marked = Marked.of("二、主动公开政府信息情况", Label.SECTION) + "\n"
    for part in parts:
        marked = marked + part
    return align(Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans()))


def codes(alignment: Alignment) -> list[str]:
    return [finding.code for finding in alignment.findings]


def value_of(alignment: Alignment, path: str) -> int | float | None:
    return next(cell.value for cell in alignment.cells if cell.path == path)


def cells(values: Sequence[int | None]) -> list[Cell]:
    return [
        Cell(path=f"t2.{at}", value=value, state="blank" if value is None else "found")
        for at, value in enumerate(values)
    ]


@given(st.lists(st.tuples(numbers, numbers), max_size=6))
def test_a_cell_is_in_doubt_only_where_both_printings_hold_numbers_that_differ(
    pairs: list[tuple[int | None, int | None]],
) -> None:
    first, second = cells([a for a, _ in pairs]), cells([b for _, b in pairs])
    after = without_disagreement(first, second)
    for (one, other), before, cell in zip(pairs, first, after, strict=True):
        if one is not None and other is not None and one != other:
            assert (cell.value, cell.state, cell.method) == (None, "unreadable", "copies_differ")
        else:
            assert cell == before


@given(st.lists(numbers, max_size=6))
def test_a_copy_that_lacks_cells_casts_no_doubt(values: list[int | None]) -> None:
    assert without_disagreement(cells(values), ()) == tuple(cells(values))


def test_a_table_printed_once_has_no_copy() -> None:
    alignment = read(table())
    assert codes(alignment) == []
    assert [cell.value for cell in alignment.cells[:6]] == [0, 1, 2, 10, 11, 12]


def test_equal_copies_of_a_table_change_nothing_and_are_no_finding() -> None:
    once, twice = read(table()), read(table(), table())
    assert twice.cells == once.cells
    assert codes(twice) == []


@settings(max_examples=15, deadline=None)
@given(st.dictionaries(by_row, st.integers(100, 200), min_size=1))
def test_cells_on_which_the_copies_differ_are_unreadable(changed: dict[str, int]) -> None:
    alignment = read(table(), table(changed))
    paths = {FIRST_CELLS[row] for row in changed}
    doubted = {cell.path for cell in alignment.cells if cell.state == "unreadable"}
    assert doubted == paths
    for cell in alignment.cells:
        assert (cell.method == "copies_differ") == (cell.path in paths)
        assert cell.value is None or cell.path not in paths
    (found,) = alignment.findings
    assert (found.code, found.severity) == ("copies_differ", "error")
    assert set(found.cells) == paths


@pytest.mark.parametrize("row", ORDER)
def test_a_single_row_that_is_printed_again_is_told(row: str) -> None:
    alignment = read(table(), line(row, figures(row)))
    (found,) = alignment.findings
    assert found.code == "row_duplicated"
    assert row in found.message
    assert {cell.state for cell in alignment.cells if cell.path.startswith("t2")} == {"found"}


def test_a_single_row_that_says_something_else_the_second_time_is_told_twice() -> None:
    alignment = read(table(), line("行政许可", figures("行政许可", 99)))
    assert sorted(codes(alignment)) == ["copies_differ", "row_duplicated"]
    assert value_of(alignment, FIRST_CELLS["行政许可"]) is None


@pytest.mark.parametrize("count", range(1, len(ORDER) + 1))
def test_from_a_few_rows_on_it_is_the_table_that_is_printed_twice(count: int) -> None:
    alignment = read(table(), *(line(row, figures(row)) for row in ORDER[:count]))
    assert codes(alignment) == ["row_duplicated"] * (count if count < A_TABLE else 0)


def test_a_row_label_that_comes_again_without_values_is_no_copy() -> None:
    alignment = read(table(), Marked.of("行政许可", Label.ROW) + "\n")
    assert codes(alignment) == []
    assert value_of(alignment, FIRST_CELLS["行政许可"]) == figures("行政许可")[0]
