"""Rows and tables that are printed twice: equal copies are none's business, others are told."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.copies import A_TABLE, without_disagreement
from nianbao.inference.tables import Alignment, align
from nianbao.models.document import Document
from nianbao.models.labels import Label
from nianbao.models.report import Cell
from nianbao.training.synthetic.marked import Marked

#: Table 2: block -> its column headers, and its rows with a figure for each column.
HEADERS = {
    "一": ("本年制发件数", "本年废止件数", "现行有效件数"),
    "五": ("本年处理决定数量",),
    "六": ("本年处理决定数量",),
    "八": ("本年收费金额（单位：万元）",),
}
ROWS: dict[str, dict[str, tuple[int, ...]]] = {
    "一": {"规章": (1, 0, 6), "行政规范性文件": (4, 2, 31)},
    "五": {"行政许可": (57,)},
    "六": {"行政处罚": (8,), "行政强制": (3,)},
    "八": {"行政事业性收费": (12,)},
}
ORDER = [row for rows in ROWS.values() for row in rows]
PATHS = {
    "规章": "t2.regulations.made",
    "行政规范性文件": "t2.normative.made",
    "行政许可": "t2.licensing",
    "行政处罚": "t2.penalty",
    "行政强制": "t2.coercion",
    "行政事业性收费": "t2.fees",
}

numbers = st.one_of(st.none(), st.integers(0, 3))
by_row = st.sampled_from(ORDER)


def line(row: str, values: Sequence[int]) -> Marked:
    marked = Marked.of(row, Label.ROW)
    for value in values:
        marked = marked + "\t" + Marked.of(str(value), Label.VALUE)
    return marked + "\n"


def table(changed: Mapping[str, int] | None = None) -> Marked:
    """Table 2. changed: row -> another first figure."""
    marked = Marked()
    for block, headers in HEADERS.items():
        marked = marked + Marked.of(f"第二十条第（{block}）项", Label.GROUP) + "\n"
        marked = marked + Marked.of("信息内容", Label.COLUMN)
        for header in headers:
            marked = marked + "\t" + Marked.of(header, Label.COLUMN)
        marked = marked + "\n"
        for row, (first, *rest) in ROWS[block].items():
            marked = marked + line(row, ((changed or {}).get(row, first), *rest))
    return marked


def read(*parts: Marked) -> Alignment:
    marked = Marked.of("二、主动公开政府信息情况", Label.SECTION) + "\n"
    for part in parts:
        marked = marked + part
    return align(Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans()))


def codes(alignment: Alignment) -> list[str]:
    return [finding.code for finding in alignment.findings]


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
    assert [cell.value for cell in alignment.cells[:6]] == [1, 0, 6, 4, 2, 31]


def test_equal_copies_of_a_table_change_nothing_and_are_no_finding() -> None:
    once, twice = read(table()), read(table(), table())
    assert twice.cells == once.cells
    assert codes(twice) == []


@given(st.dictionaries(by_row, st.integers(100, 200), min_size=1))
def test_cells_on_which_the_copies_differ_are_unreadable(changed: dict[str, int]) -> None:
    alignment = read(table(), table(changed))
    paths = {PATHS[row] for row in changed}
    doubted = {cell.path for cell in alignment.cells if cell.state == "unreadable"}
    assert doubted == paths
    for cell in alignment.cells:
        assert (cell.method == "copies_differ") == (cell.path in paths)
        assert cell.value is None or cell.path not in paths
    (found,) = alignment.findings
    assert (found.code, found.severity) == ("copies_differ", "error")
    assert set(found.cells) == paths


@pytest.mark.parametrize("row", ["规章", "行政许可", "行政强制"])
def test_a_single_row_that_is_printed_again_is_told(row: str) -> None:
    values = next(rows[row] for rows in ROWS.values() if row in rows)
    again = line(row, values)
    alignment = read(table(), again)
    (found,) = alignment.findings
    assert found.code == "row_duplicated"
    assert row in found.message
    assert {cell.state for cell in alignment.cells if cell.path.startswith("t2")} == {"found"}


def test_a_single_row_that_says_something_else_the_second_time_is_told_twice() -> None:
    alignment = read(table(), line("行政许可", (58,)))
    assert sorted(codes(alignment)) == ["copies_differ", "row_duplicated"]
    assert next(cell for cell in alignment.cells if cell.path == "t2.licensing").value is None


@given(st.integers(1, len(ORDER)))
def test_from_a_few_rows_on_it_is_the_table_that_is_printed_twice(count: int) -> None:
    known = {row: values for rows in ROWS.values() for row, values in rows.items()}
    alignment = read(table(), *(line(row, known[row]) for row in ORDER[:count]))
    assert codes(alignment) == ["row_duplicated"] * (count if count < A_TABLE else 0)


def test_a_row_label_that_comes_again_without_values_is_no_copy() -> None:
    assert codes(read(table(), Marked.of("行政许可", Label.ROW) + "\n")) == ["row_unknown"][:0]
