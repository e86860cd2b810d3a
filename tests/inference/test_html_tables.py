"""Tables of pages: every cell in its place, whatever the spans say."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.read import read_bytes
from nianbao.models.document import Document, GridCell
from nianbao.models.errors import UnreadableFile

Rows = list[list[tuple[str, int, int]]]  # wording, row span, column span

spans = st.sampled_from([1, 1, 1, 2, 3])
wild_spans = st.sampled_from([-1, 0, 1, 2, 5, 101, 10000])
blanks = st.sampled_from(["", " ", "\n", "&nbsp;", "\u3000"])
filled = st.tuples(blanks, st.sampled_from("0件 /"), blanks)


def markup(rows: Rows) -> str:
    lines = (
        "".join(f'<td rowspan="{down}" colspan="{right}">{text}</td>' for text, down, right in row)
        for row in rows
    )
    return "<html><body><table>" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table>"


def read_table(rows: Rows) -> Document:
    return read_bytes(markup(rows).encode(), "x.html")


def wording(doc: Document, cell: GridCell) -> str:
    return doc.text[cell.start : cell.end]


def numbered(shape: list[list[tuple[int, int]]]) -> Rows:
    """Cells with wordings that occur once each."""
    return [
        [(f"格{row}之{column}格", down, right) for column, (down, right) in enumerate(cells)]
        for row, cells in enumerate(shape)
    ]


def shapes(span: st.SearchStrategy[int]) -> st.SearchStrategy[list[list[tuple[int, int]]]]:
    row = st.lists(st.tuples(span, span), min_size=1, max_size=5)
    return st.lists(row, min_size=2, max_size=6)


@given(shapes(spans) | shapes(wild_spans))
def test_every_cell_appears_once_in_its_place_whatever_its_spans(
    shape: list[list[tuple[int, int]]],
) -> None:
    rows = numbered(shape)
    doc = read_table(rows)
    grid = [line.split("\t") for line in doc.text.split("\n")]
    texts = [text for row in rows for text, _, _ in row]
    assert [wording(doc, cell) for cell in doc.grid] == texts
    assert all(doc.text.count(text) == 1 for text in texts)
    assert all(grid[cell.row][cell.column] == wording(doc, cell) for cell in doc.grid)
    assert len({len(row) for row in grid}) == 1


@given(shapes(spans) | shapes(wild_spans))
def test_cells_never_overlap_and_never_leave_the_table(
    shape: list[list[tuple[int, int]]],
) -> None:
    doc = read_table(numbered(shape))
    grid = [line.split("\t") for line in doc.text.split("\n")]
    covered = [
        (row, column)
        for cell in doc.grid
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert len(covered) == len(set(covered))
    assert all(row < len(grid) and column < len(grid[0]) for row, column in covered)
    origins = {(cell.row, cell.column) for cell in doc.grid}
    assert all(grid[row][column] == "" for row, column in covered if (row, column) not in origins)


@given(st.lists(st.lists(filled, min_size=2, max_size=4), min_size=1, max_size=4))
def test_offsets_give_the_stripped_wording(cells: list[list[tuple[str, str, str]]]) -> None:
    rows = [[("".join(parts), 1, 1) for parts in row] for row in [[("", "规", "")] * 2, *cells]]
    doc = read_table(rows)
    expected = [html.unescape(text).strip() for row in rows for text, _, _ in row]
    assert [wording(doc, cell) for cell in doc.grid] == expected
    assert all(doc.text[cell.start : cell.end].strip() == wording(doc, cell) for cell in doc.grid)


def test_the_five_column_layout_of_2019_keeps_its_columns() -> None:
    # 上海市府办公厅 2019 and others: header and data rows have different spans
    rows: Rows = [
        [("第二十条第（一）项", 1, 5)],
        [("信息内容", 1, 1), ("本年新<br>制作数量", 1, 1), ("<p>本年新</p><p>公开数量</p>", 1, 2)]
        + [("对外公开总数量", 1, 1)],
        [("规章", 1, 1), ("3", 1, 1), ("&nbsp;", 1, 2), ("9", 1, 1)],
        [("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 1, 2), ("处理决定数量", 1, 1)],
        [("行政许可", 1, 1), ("11", 1, 2), ("+2", 1, 1), ("5", 1, 1)],
        [("行政事业性收费", 1, 1), ("7", 1, 2), ("-1", 1, 2)],
    ]
    doc = read_table(rows)
    assert doc.text.split("\n") == [
        "第二十条第（一）项\t\t\t\t",
        "信息内容\t本年新 制作数量\t本年新 公开数量\t\t对外公开总数量",
        "规章\t3\t\t\t9",
        "信息内容\t上一年项目数量\t本年增/减\t\t处理决定数量",
        "行政许可\t11\t\t+2\t5",
        "行政事业性收费\t7\t\t-1\t",
    ]
    blank = next(cell for cell in doc.grid if (cell.row, cell.column) == (2, 2))
    assert blank.start == blank.end
    assert doc.text[: blank.start].endswith("规章\t3\t")


def test_a_group_label_over_several_rows_leaves_their_first_cells_empty() -> None:
    rows: Rows = [
        [("三、本年度办理结果", 3, 1), ("（一）予以公开", 1, 2), ("4", 1, 1)],
        [("（三）不予公开", 2, 1), ("1.属于国家秘密", 1, 1), ("0", 1, 1)],
        [("2.其他", 1, 1), ("1", 1, 1)],
    ]
    assert read_table(rows).text == (
        "三、本年度办理结果\t（一）予以公开\t\t4\n"
        "\t（三）不予公开\t1.属于国家秘密\t0\n"
        "\t\t2.其他\t1"
    )


def test_absurd_spans_are_clamped() -> None:
    doc = read_table([[("甲", 1, 10000)], [("乙", 99999, 0), ("丙", 1, 1), ("丁", 0, 1)]])
    assert doc.text == "甲\t\t\n乙\t丙\t丁"
    assert [(cell.row_span, cell.column_span) for cell in doc.grid] == [(1, 3), *[(1, 1)] * 3]


def test_overlapping_spans_leave_later_cells_where_a_browser_puts_them() -> None:
    doc = read_table([[("甲", 1, 1), ("乙", 2, 1)], [("丙", 1, 3), ("丁", 1, 1)]])
    assert doc.text == "甲\t乙\t\t\n丙\t\t\t丁"


def test_rows_without_cells_and_hidden_cells_take_no_place() -> None:
    page = (
        "<html><table><tr><td>甲</td><td style='display:none'>x</td><td>1</td></tr><tr></tr>"
        "<tr hidden><td>y</td></tr><tr><td>乙<span style='display: none'>z</span></td><td>2</td>"
    )
    assert read_bytes(page.encode(), "x.html").text == "甲\t1\n乙\t2"


def test_captions_and_words_between_cells_stand_before_the_table() -> None:
    page = "<html><table><caption>表一</caption>单位：件<tr><td>甲</td>余<td>1</td></tr></table>"
    assert read_bytes(page.encode(), "x.html").text == "表一\n单位：件\n余\n甲\t1"


def test_only_the_data_table_within_a_layout_table_gets_a_grid() -> None:
    page = (
        "<html><table><tr><td>左</td><td><p>一、总体情况</p><table><tr><td>规章</td><td>0</td></tr>"
        "</table><p>尾</p></td></tr></table></html>"
    )
    doc = read_bytes(page.encode(), "x.html")
    assert doc.text == "左\n一、总体情况\n规章\t0\n尾"
    assert [wording(doc, cell) for cell in doc.grid] == ["规章", "0"]


def test_prose_in_a_table_is_no_data() -> None:
    prose = "<p>我局做好信息公开工作。</p>" * 60
    page = f"<html><table><tr><td>左</td><td>{prose}</td></tr></table></html>"
    doc = read_bytes(page.encode(), "x.html")
    assert doc.grid == ()
    assert len(doc.text.split("\n")) == 61


def test_a_table_swallowed_by_an_unclosed_cell_is_written_after_its_host() -> None:
    page = (
        "<html><table><tr><td>规章</td><td>1</td></tr><tr><td>行政许可</td><td>2</td></tr>"
        "<tr><td>行政处罚</td><td>3<table><tr><td>总计</td><td>4</td></tr></table>"
    )
    doc = read_bytes(page.encode(), "x.html")
    assert doc.text == "规章\t1\n行政许可\t2\n行政处罚\t3\n\n总计\t4"
    assert {cell.table for cell in doc.grid} == {0, 1}


def test_a_frame_of_one_cell_within_a_cell_is_part_of_its_wording() -> None:
    page = "<html><table><tr><td>规章</td><td><table><tr><td>7</td></tr></table></td></tr></table>"
    assert read_bytes(page.encode(), "x.html").text == "规章\t7"


def test_rows_and_cells_without_their_table_are_still_a_table() -> None:
    assert read_bytes("<tr><td>规章</td><td>1</tr><tr><td>甲<td>2".encode(), "x").text == (
        "规章\t1\n甲\t2"
    )
    assert read_bytes("<td>规章</td><td>1</td>".encode(), "x").text == "规章\t1"


def test_a_grid_beyond_the_limit_is_refused() -> None:
    page = "<html><table>" + '<tr><td colspan="100">1</td></tr>' * 500 + "</table>"
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(page.encode(), "x.html", max_bytes=20_000)
    assert caught.value.code == "E106"


def lines_of(source: str) -> list[list[str]]:
    text = read_bytes(source.encode(), "page.html").text
    return [line.split("\t") for line in text.split("\n") if line.strip()]


@given(st.integers(2, 8), st.data())
def test_rows_stacked_in_one_are_parted(height: int, data: st.DataObject) -> None:
    figures = [
        data.draw(st.lists(st.integers(0, 10**6), min_size=height, max_size=height))
        for _ in range(4)
    ]
    labels = [f"第{index}行" for index in range(height)]
    columns = [labels, *([str(figure) for figure in own] for own in figures)]
    cells = "".join(f"<td>{'<br>'.join(lines)}</td>" for lines in columns)
    rows = lines_of(f"<table><tr><td>组</td>{cells}</tr></table>")
    assert rows[0] == ["组", *(column[0] for column in columns)]
    assert [row[1:] for row in rows] == [list(row) for row in zip(*columns, strict=True)]


def test_labels_wrapped_in_their_cells_are_not_parted() -> None:
    wrapped = "<tr><td>商业<br>企业</td><td>科研<br>机构</td></tr><tr><td>1</td><td>2</td></tr>"
    assert lines_of(f"<table>{wrapped}</table>")[0] == ["商业 企业", "科研 机构"]
