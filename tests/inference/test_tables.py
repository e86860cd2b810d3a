"""Alignment on perfect labels: every value comes back under its own path."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.inference.tables import Alignment, align
from nianbao.models.document import Document
from nianbao.models.form import Version, form
from nianbao.models.labels import Label, Span
from nianbao.training.synthetic.layouts.presets import LAYOUTS
from nianbao.training.synthetic.layouts.writer import write
from nianbao.training.synthetic.marked import Marked, join
from nianbao.training.synthetic.printing import CONTENTS, Printed, print_plain
from nianbao.training.synthetic.tables import table2, table3, table4
from nianbao.training.synthetic.values import sample_values

HEADINGS = {
    "t2": "二、主动公开政府信息情况",
    "t3": "三、收到和处理政府信息公开申请情况",
    "t4": "四、政府信息公开行政复议、行政诉讼情况",
}
seeds = st.integers(0, 10_000)
#: Layouts whose blank cells can be seen. Not F1 and A14: a break inside a cell looks like one.
DELIMITED = sorted(set(LAYOUTS) - {"A1", "A2", "A9", "A10", "A14", "A16", "F1", "F8", "F9"})


def printed(seed: int, version: Version) -> Printed:
    return print_plain(sample_values(version, random.Random(seed)))


def report(cells: Printed, version: Version, layout: str, seed: int) -> Document:
    """The three tables under their headings, with gold labels."""
    rng = random.Random(seed)
    plan = LAYOUTS[layout](rng)
    shape = form(version)
    tables = (table2(shape.t2, cells), table3(shape.t3, cells), table4(shape.t4, cells))
    marked = Marked()
    for table in tables:
        heading = Marked.of(HEADINGS[table.id], Label.SECTION)
        marked = marked + heading + "\n" + write(table, plan.styles[table.id], rng) + "\n"
    marked = marked + "五、存在的主要问题及改进情况\n公开的内容还不够多。"
    return Document("x.txt", marked.text, "txt", "", "utf-8", spans=marked.spans())


def values(alignment: Alignment) -> dict[str, int | float | None]:
    return {cell.path: cell.value for cell in alignment.cells}


@pytest.mark.parametrize("layout", sorted(set(LAYOUTS) - {"A16", "F8"}))
@settings(max_examples=6, deadline=None)
@given(seed=seeds, version=st.sampled_from(["2019", "2021"]))
def test_a_full_table_comes_back_from_every_layout(
    layout: str, seed: int, version: Version
) -> None:
    cells = printed(seed, version)
    alignment = align(report(cells, version, layout, seed))
    assert values(alignment) == {path: cell.value for path, cell in cells.items()}
    assert alignment.form_version == version


@pytest.mark.parametrize("layout", DELIMITED)
@settings(max_examples=6, deadline=None)
@given(seed=seeds, content=st.sampled_from(["C1_totals_only", "C1_zeros_blank"]))
def test_blank_cells_never_move_a_value_where_they_can_be_seen(
    layout: str, seed: int, content: str
) -> None:
    cells = CONTENTS[content][1](printed(seed, "2021"), random.Random(seed))
    found = values(align(report(cells, "2021", layout, seed)))
    assert {path: value for path, value in found.items() if value is not None} == {
        path: cell.value for path, cell in cells.items() if cell.value is not None
    }


@pytest.mark.parametrize("layout", ["A1", "A9", "A10", "F9"])
@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_where_blanks_vanish_no_value_is_invented(layout: str, seed: int) -> None:
    cells = CONTENTS["C1_zeros_blank"][1](printed(seed, "2021"), random.Random(seed))
    for path, value in values(align(report(cells, "2021", layout, seed))).items():
        assert value is None or value == cells[path].value


@given(seed=seeds)
@settings(max_examples=20, deadline=None)
def test_a_cell_stands_where_it_says(seed: int) -> None:
    document = report(printed(seed, "2021"), "2021", "A5", seed)
    for cell in align(document).cells:
        assert cell.start is not None and cell.end is not None
        assert document.text[cell.start : cell.end] == cell.raw


def test_tables_that_are_absent_are_missing_and_never_zero() -> None:
    text = "二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n五、存在的主要问题"
    alignment = align(Document("x.txt", text, "txt", "", "utf-8"))
    assert len(alignment.cells) == 200
    assert {cell.state for cell in alignment.cells} == {"missing"}
    assert {table.alignment for table in alignment.tables} == {"partial"}


def test_a_table_of_zeros_proves_nothing() -> None:
    cells = print_plain(dict.fromkeys(form("2021").paths(), 0))
    alignment = align(report(cells, "2021", "A5", 1))
    assert {table.id: table.alignment for table in alignment.tables}["t3"] == "unverifiable"


def test_numbers_whose_sums_hold_prove_the_alignment() -> None:
    cells = printed(5, "2021")
    assert any(cell.value for path, cell in cells.items() if path.startswith("t3"))
    alignment = align(report(cells, "2021", "A5", 1))
    assert {table.id: table.alignment for table in alignment.tables}["t3"] == "proved"


@pytest.mark.parametrize(
    ("tail", "state"), [("", "missing"), ("\n", "missing"), (" |", "blank"), ("\n二、", "blank")]
)
def test_a_row_label_that_ends_the_text_is_not_known_to_be_blank(tail: str, state: str) -> None:
    text = f"规章 | 1 | 0 | 5\n行政规范性文件{tail}"
    spans = [Span(0, 2, Label.ROW)]
    spans += [Span(text.index(n), text.index(n) + 1, Label.VALUE) for n in "105"]
    spans.append(Span(text.index("行"), text.index("件") + 1, Label.ROW))
    if "二" in tail:
        spans.append(Span(text.index("二"), len(text), Label.SECTION))
    cells = align(Document("x.txt", text, "txt", "", "utf-8", spans=tuple(spans))).cells
    assert [cell.value for cell in cells[:3]] == [1, 0, 5]
    assert {cell.state for cell in cells[3:6]} == {state}


def test_a_field_of_the_page_that_reads_like_a_row_is_no_table() -> None:
    text = "分类 | 其他处理 | 报告\n青禾县水利局年报\n一、总体情况\n全年平稳。"
    start = text.index("一、")
    spans = (Span(5, 9, Label.ROW), Span(start, start + 6, Label.SECTION))
    alignment = align(Document("x.txt", text, "txt", "", "utf-8", spans=spans))
    assert alignment.extents == {}
    assert {cell.state for cell in alignment.cells} == {"missing"}


def test_signs_inside_page_furniture_part_no_cells() -> None:
    number = Marked.of("［03|6］", Label.NOISE)
    one = Marked.of("1", Label.VALUE)
    first = Marked.of("规章", Label.ROW) + number + " | " + one + " |  |  |\n"
    second = Marked.of("行政规范性文件", Label.ROW) + " | " + join(" | ", [one] * 3) + " |"
    marked = first + second
    cells = align(Document("x.txt", marked.text, "txt", "", "utf-8", spans=marked.spans())).cells
    assert [cell.value for cell in cells[:6]] == [1, None, None, 1, 1, 1]


def test_fifteen_labelled_figures_of_table_4_are_not_mixed_with_the_signs_that_part_them() -> None:
    heads = [Marked.of(name, Label.COLUMN) for name in ("行政复议", "行政诉讼", "结果维持", "总计")]
    figures = [Marked.of(str(number), Label.VALUE) for number in range(15)]
    marked = join(" ", heads) + "\n" + join(" / ", figures)
    cells = align(Document("x.txt", marked.text, "txt", "", "utf-8", spans=marked.spans())).cells
    assert [cell.value for cell in cells if cell.path.startswith("t4.")] == list(range(15))
