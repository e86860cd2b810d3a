"""Labels and digits that ran together: the form's wording says where one cell ends."""

from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.glued import glued_cells, is_header_run
from nianbao.models import form
from nianbao.models.labels import Label, Span

ROWS = ["规章", "行政规范性文件", "行政处罚", "3.其他", "（七）总计", "2.重复申请"]
HEADERS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]


def cut(text: str, *spans: Span) -> list[tuple[str, Label]] | None:
    whole = spans or (Span(0, len(text), Label.ROW, 0.5),)
    found = glued_cells(text, 0, len(text), whole)
    return None if found is None else [(text[s.start : s.end], s.label) for s in found]


@given(st.sampled_from(ROWS), st.integers(0, 10**9))
def test_digits_are_cut_off_the_label_they_are_glued_to(label: str, digits: int) -> None:
    assert cut(f"{label}{digits}") == [(label, Label.ROW), (str(digits), Label.VALUE)]


@given(st.sampled_from(["（三）不予公开1.属于国家秘密", "三、本年度办理结果（一）予以公开"]))
def test_a_group_that_ran_into_its_first_row_is_cut_from_it(labels: str) -> None:
    found = cut(labels + "0000000")
    assert found is not None
    assert [label for _, label in found] == [Label.GROUP, Label.ROW, Label.VALUE]
    assert "".join(text for text, _ in found) == labels + "0000000"


def test_digits_stay_parted_as_the_tagger_parted_them() -> None:
    spans = [Span(0, 2, Label.ROW, 0.9)]
    spans += [Span(i, i + 1, Label.VALUE, 0.9) for i in range(2, 5)]
    found = cut("规章102", *spans)
    assert found == [("规章", Label.ROW), *((sign, Label.VALUE) for sign in "102")]


@given(st.sampled_from(["今年一共办了", "电话", "大家都说好"]))
def test_other_words_before_digits_are_left_alone(words: str) -> None:
    assert cut(f"{words}12") is None


@given(st.lists(st.sampled_from(HEADERS), min_size=2, max_size=12))
def test_headers_without_a_sign_between_are_headers_still(headers: list[str]) -> None:
    assert is_header_run("".join(headers))
    assert not is_header_run("".join(headers) + "情况")


def test_every_row_of_the_form_is_told_from_its_digits() -> None:
    labels = [row.label for row in form.form("2021").t3.rows]
    assert labels
    for label in labels:
        assert cut(label + "0000000") is not None, label
