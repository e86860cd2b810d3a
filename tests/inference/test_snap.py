"""Spans of tables are widened to whole cells, and to nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.snap import snap_to_cells
from nianbao.inference.whole_numbers import TABLE_LABELS
from nianbao.models.document import Document
from nianbao.models.labels import Label, Span

HEADING = "二、主动公开政府信息情况"
NEXT = "三、收到和处理政府信息公开申请情况"

pieces = st.sampled_from(
    ["规章", "行政许可", "行政处罚", "0", "12", "1,024", "3件", "/", "未增未减", "第 3 页", "- 2 -"]
    + ["信息内容", "第二十条第（一）项", "二、主动公开", HEADING, NEXT, "公开的内容不多。", "#"]
)
gaps = st.sampled_from([" | ", "|", "\t", "\n", "\n\n", " ", "", "\u3000", " |\n| "])


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A text of cells and lines with labels on random parts of its pieces."""
    text, spans = "", []
    for piece in draw(st.lists(pieces, min_size=1, max_size=8)):
        text += draw(gaps)
        start = len(text)
        text += piece
        for _ in range(draw(st.integers(0, 2))):
            begin = draw(st.integers(start, len(text)))
            end = draw(st.integers(begin, len(text)))
            wording = text[begin:end]
            if wording and wording == wording.strip():
                spans.append(Span(begin, end, draw(st.sampled_from(Label)), 0.5))
                start = end
    return document(text, spans)


def document(text: str, spans: list[Span]) -> Document:
    return Document("-", text, "txt", "", "utf-8", spans=tuple(spans))


def labelled(text: str, *marks: tuple[str, Label]) -> Document:
    """`text` with labels on wordings, which stand in it in this order."""
    spans, at = [], 0
    for wording, label in marks:
        at = text.index(wording, at)
        spans.append(Span(at, at + len(wording), label))
        at += len(wording)
    return document(text, spans)


def snapped(text: str, *marks: tuple[str, Label]) -> list[tuple[str, Label]]:
    doc = snap_to_cells(labelled(text, *marks))
    return [(doc.wording(span), span.label) for span in doc.spans]


@given(documents())
def test_spans_stay_sorted_apart_and_inside_the_text(doc: Document) -> None:
    spans = snap_to_cells(doc).spans
    assert all(0 <= span.start < span.end <= len(doc.text) for span in spans)
    assert all(left.end <= right.start for left, right in zip(spans, spans[1:], strict=False))


@given(documents())
def test_no_value_and_no_label_of_a_table_crosses_a_sign_between_cells(doc: Document) -> None:
    for span in snap_to_cells(doc).spans:
        if span.label in TABLE_LABELS:
            assert not {"|", "\t", "\n"} & set(doc.wording(span))


@given(documents())
def test_the_text_and_all_else_of_the_document_stay(doc: Document) -> None:
    after = snap_to_cells(doc)
    assert (after.text, after.path, after.grid) == (doc.text, doc.path, doc.grid)


@given(documents())
def test_nothing_is_labelled_where_the_tagger_saw_nothing(doc: Document) -> None:
    lines = {doc.text.count("\n", 0, span.start) for span in doc.spans}
    found = {doc.text.count("\n", 0, span.start) for span in snap_to_cells(doc).spans}
    assert found <= lines


@given(st.integers(10, 99_999), st.data())
def test_a_number_that_was_cut_is_one_value(number: int, data: st.DataObject) -> None:
    word = str(number)
    at = data.draw(st.integers(1, len(word) - 1))
    marks = ((word[:at], Label.VALUE), (word[at:], Label.VALUE))
    found = snapped(f"规章\t{word}\t0", ("规章", Label.ROW), *marks, ("0", Label.VALUE))
    assert found == [("规章", Label.ROW), (word, Label.VALUE), ("0", Label.VALUE)]


@given(st.integers(10, 99_999), st.data())
def test_a_value_takes_the_digits_that_no_span_covers(number: int, data: st.DataObject) -> None:
    word = str(number)
    start = data.draw(st.integers(0, len(word) - 1))
    end = data.draw(st.integers(start + 1, len(word)))
    text = f"规章\t{word}\t0"
    span = Span(3 + start, 3 + end, Label.VALUE)
    doc = snap_to_cells(document(text, [Span(0, 2, Label.ROW), span]))
    assert [doc.wording(span) for span in doc.spans] == ["规章", word]


@given(st.integers(1, 9999))
def test_digits_that_end_a_label_go_to_the_value_behind(number: int) -> None:
    text = f"行政许可{number}5\t0"
    label = f"行政许可{number}"
    found = snapped(text, (label, Label.ROW), ("5", Label.VALUE))
    assert found == [("行政许可", Label.ROW), (f"{number}5", Label.VALUE)]


@pytest.mark.parametrize(
    "page", ["- 3 -", "—12—", "第3页", "第 3 页", "第3页 共12页", "P. 8", "Page 8"]
)
def test_a_page_number_in_its_dress_is_no_value(page: str) -> None:
    number = next(part for part in page.replace("—", " ").replace("第", " ").split() if part)
    text = f"规章\t1\t0\t5\n{page}\n行政许可\t4"
    marks = [("规章", Label.ROW), *((n, Label.VALUE) for n in "105"), (number[:1], Label.VALUE)]
    assert (page, Label.NOISE) in snapped(text, *marks)


def test_a_bare_number_on_a_line_of_its_own_stays_a_value() -> None:
    assert snapped("规章\n3\n", ("规章", Label.ROW), ("3", Label.VALUE))[1] == ("3", Label.VALUE)


@pytest.mark.parametrize("label", [Label.ROW, Label.GROUP])
@pytest.mark.parametrize("cell", ["行政规范性文件", "1.属于国家秘密", "（三）不予公开"])
@given(data=st.data())
def test_a_label_of_the_form_that_was_seen_in_part_is_widened(
    label: Label, cell: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(cell) - 1))
    end = data.draw(st.integers(start + 1, len(cell)))
    text = f"| {cell} | 0 |"
    doc = snap_to_cells(document(text, [Span(2 + start, 2 + end, label)]))
    assert [(doc.wording(span), span.label) for span in doc.spans] == [(cell, label)]


def test_a_label_in_pieces_becomes_the_one_that_covers_most() -> None:
    text = "| 行政规范性文件 | 0 |"
    found = snapped(text, ("行政", Label.GROUP), ("规范性文件", Label.ROW), ("0", Label.VALUE))
    assert found == [("行政规范性文件", Label.ROW), ("0", Label.VALUE)]


def test_the_least_sure_piece_tells_how_sure_the_cell_is() -> None:
    spans = [Span(2, 4, Label.ROW, 0.9), Span(4, 9, Label.ROW, 0.4)]
    (span,) = snap_to_cells(document("| 行政规范性文件 |", spans)).spans
    assert span == Span(2, 9, Label.ROW, 0.4)


@pytest.mark.parametrize("cell", ["1,024", "+12", "3件", "18.6万元"])
def test_a_value_that_was_seen_in_part_is_widened(cell: str) -> None:
    start = next(i for i, char in enumerate(cell) if char.isdecimal())
    found = snapped(f"规章 | {cell} |", ("规章", Label.ROW), (cell[start], Label.VALUE))
    assert found == [("规章", Label.ROW), (cell, Label.VALUE)]


def test_words_that_are_no_wording_of_the_form_are_not_widened() -> None:
    text = "| 海关总署的其他命令 | 0 |"
    assert snapped(text, ("海关", Label.ROW)) == [("海关", Label.ROW)]


def test_a_label_and_its_values_in_one_stretch_are_left_alone() -> None:
    marks = [("规章", Label.ROW), ("000", Label.VALUE)]
    assert snapped("规章000\n行政许可", *marks) == marks
    apart = [("规章", Label.ROW), *[("0", Label.VALUE)] * 3]
    assert snapped("规章 0 0 0\n行政许可", *apart) == apart


def test_prose_is_not_widened() -> None:
    marks = [("公开的内容不多", Label.PROBLEM)]
    assert snapped("一是公开的内容不多。", *marks) == marks


@given(st.data(), st.sampled_from(["", "# ", "| ", "\u3000\u3000"]), st.sampled_from(["", " |"]))
def test_a_heading_that_was_seen_in_part_takes_its_line(
    data: st.DataObject, before: str, behind: str
) -> None:
    start = data.draw(st.integers(0, 4))
    end = data.draw(st.integers(max(start + 1, len(HEADING) - 6), len(HEADING)))
    text = f"{before}{HEADING}{behind}\n规章"
    place = len(before)
    doc = snap_to_cells(document(text, [Span(place + start, place + end, Label.SECTION)]))
    assert [doc.wording(span) for span in doc.spans] == [HEADING]


@pytest.mark.parametrize(
    "body", ["。全年公开信息88条，比上年多。", " 2023年，我局公开信息88条，比上年多。", "\n规章"]
)
def test_a_heading_does_not_take_the_body_behind_it(body: str) -> None:
    heading = "一、总体情况"
    (found,) = snapped(f"{heading}{body}", (heading, Label.SECTION))
    assert found[0].rstrip("。") == heading


def test_a_heading_does_not_take_the_sentence_before_it() -> None:
    text = f"公开的内容不多。{HEADING}\n规章"
    assert snapped(text, (HEADING, Label.SECTION)) == [(HEADING, Label.SECTION)]


@pytest.mark.parametrize("gap", [" ", "\u3000", " | ", "  "])
def test_several_headings_of_one_line_are_parted(gap: str) -> None:
    text = f"{HEADING}{gap}{NEXT}\n公开的内容不多。"
    parted = [(HEADING, Label.SECTION), (NEXT, Label.SECTION)]
    assert snapped(text, (f"{HEADING}{gap}{NEXT}", Label.SECTION)) == parted
    assert snapped(text, *parted) == parted


def test_two_pieces_of_one_heading_are_joined() -> None:
    text = f"{HEADING}\n规章"
    marks = [("二、主动", Label.SECTION), ("信息情况", Label.SECTION)]
    assert snapped(text, *marks) == [(HEADING, Label.SECTION)]


def test_headings_of_one_line_that_a_sentence_parts_are_two() -> None:
    odd, body = "五、现存短板", "2024年度没有应公开未公开的事。"
    last = "六、其他需要报告的事项"
    marks = ((odd, Label.SECTION), (last, Label.SECTION))
    assert snapped(f"{odd} {body} {last} 无", *marks) == [*marks]


def test_a_zero_written_as_a_word_is_no_part_of_the_label_before_it() -> None:
    marks = [("行政许可", Label.ROW), *((sign, Label.VALUE) for sign in "零00")]
    assert snapped("行政许可零00", *marks) == marks


@pytest.mark.parametrize("label", ["规章（没有的填0）", "规章(含2)"])
def test_digits_behind_a_remark_in_brackets_stay_as_they_were_parted(label: str) -> None:
    marks = [(label, Label.ROW), *((sign, Label.VALUE) for sign in "103")]
    assert snapped(f"9）{label}103", ("9）", Label.NOISE), *marks) == [("9）", Label.NOISE), *marks]


@pytest.mark.parametrize("parts", [(("133.", Label.NOISE), ("1", Label.VALUE)),
                                   (("133.", Label.VALUE), ("1", Label.VALUE))])  # fmt: skip
def test_a_number_that_was_torn_at_its_point_is_whole(parts: tuple[tuple[str, Label], ...]) -> None:
    assert snapped("行政事业性收费 |\n133.1 |\n", *parts) == [("133.1", Label.VALUE)]


def test_a_number_doubtfully_called_furniture_is_left_to_the_table() -> None:
    text = "行政事业性收费\n\n48.1\n"
    doc = document(text, [Span(0, 7, Label.ROW), Span(9, 13, Label.NOISE, 0.1)])
    assert [span.label for span in snap_to_cells(doc).spans] == [Label.ROW]
    sure = document(text, [Span(0, 7, Label.ROW), Span(9, 13, Label.NOISE, 0.9)])
    assert [span.label for span in snap_to_cells(sure).spans] == [Label.ROW, Label.NOISE]


def test_a_label_wrapped_inside_its_bracket_is_one() -> None:
    first, second = "（二）部分公开（区分处理的，", "只计这一情形）"
    marks = ((first, Label.ROW), (second, Label.ROW), ("3", Label.VALUE))
    assert snapped(f"{first}\n{second} 3\n", *marks) == [
        (f"{first}\n{second}", Label.ROW),
        ("3", Label.VALUE),
    ]


def test_a_label_that_a_hard_wrap_parts_is_one() -> None:
    first, second = "1.申请人无正当理由逾期不补正、行政", "机关不再处理其政府信息公开申请"
    marks = ((first, Label.ROW), (second, Label.ROW), ("3", Label.VALUE))
    whole = (f"{first}\n{second}", Label.ROW)
    assert snapped(f"{first}\n{second} 3\n", *marks) == [whole, ("3", Label.VALUE)]


def test_two_rows_without_values_stay_two() -> None:
    marks = (("行政许可", Label.ROW), ("行政处罚", Label.ROW))
    assert snapped("行政许可\n行政处罚\n", *marks) == [*marks]


def test_digits_inside_a_hijacked_label_are_no_value() -> None:
    label = "二、上年结转某某彩0365申请数量"
    marks = (("二、上年结转某某彩", Label.ROW), ("0365", Label.VALUE), ("申请数量", Label.ROW))
    assert snapped(f"{label} | 6 |\n", *marks, ("6", Label.VALUE)) == [
        (label, Label.ROW),
        ("6", Label.VALUE),
    ]


def test_a_bare_number_behind_a_value_is_a_value_whatever_its_label() -> None:
    marks = (("0", Label.VALUE), ("3", Label.SECTION))
    assert snapped("0 3\n、存在的问题", *marks) == [("0", Label.VALUE), ("3", Label.VALUE)]


def test_the_numbers_of_a_text_library_are_no_part_of_values() -> None:
    lines = [(f"{n}.", Label.NOISE) for n in range(41, 61)]
    text = "".join(f"{number}行政许可\n" for number, _ in lines) + "61.7\n"
    marks = (*lines, ("61.", Label.NOISE), ("7", Label.VALUE))
    assert snapped(text, *marks)[-2:] == [("61.", Label.NOISE), ("7", Label.VALUE)]


def test_rule_lines_of_markdown_carry_no_values() -> None:
    text = "| 规章 | 0 |\n|---|---|\n| 行政许可 | --- |\n"
    marks = (("规章", Label.ROW), ("0", Label.VALUE), ("---", Label.VALUE), ("---", Label.VALUE))
    assert snapped(text, *marks) == [("规章", Label.ROW), ("0", Label.VALUE)]
    assert snapped("| 规章 | --- |\n", ("---", Label.VALUE)) == [("---", Label.VALUE)]


@pytest.mark.parametrize("dressed", ["〈0〉", "∙ 17", "→352", "「3」", "＝ 8", "… 5", "【1,024】"])
def test_a_figure_is_not_widened_over_its_dress(dressed: str) -> None:
    figure = "".join(char for char in dressed if char.isdecimal() or char == ",")
    assert snapped(f"规章\n{dressed}\n", (figure, Label.VALUE)) == [(figure, Label.VALUE)]


@pytest.mark.parametrize("whole", ["1***", "-1", "1.5", "(1)", "1?", "1■", "1%", "±1", "1×"])
def test_a_figure_is_widened_over_signs_that_may_be_part_of_it(whole: str) -> None:
    assert snapped(f"规章\n{whole}\n", ("1", Label.VALUE)) == [(whole, Label.VALUE)]


@pytest.mark.parametrize(
    ("line", "column"),
    [("规章：现行有效件数0", "现行有效件数"), ("规章：0（现行有效件数）", "现行有效件数")],
)
def test_a_row_whose_value_has_its_columns_label_beside_it_stays_in_parts(
    line: str, column: str
) -> None:
    marks = [("规章", Label.ROW), ("0", Label.VALUE), (column, Label.COLUMN)]
    marks.sort(key=lambda mark: line.index(mark[0]))
    assert snapped(f"{line}\n", *marks) == marks
