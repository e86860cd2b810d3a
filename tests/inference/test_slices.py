"""Numbers of slices are furniture wherever they count on, and nowhere else."""

from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.slices import LEAST, is_sliced, with_slices
from nianbao.models.document import Document
from nianbao.models.labels import Label, Span

LINES = ("规章", "行政许可", "三、收到和处理政府信息公开申请情况", "0", "3")


def document(text: str, *spans: Span) -> Document:
    return Document("-", text, "txt", "", "utf-8", spans=spans)


def numbered(first: int, lines: list[str], known: int) -> Document:
    """The lines numbered from `first` on; the tagger saw the first `known` numbers only."""
    text, spans = "", []
    for number, line in enumerate(lines, first):
        head = f"{number}、"
        if number < first + known:
            spans.append(Span(len(text), len(text) + len(head), Label.NOISE))
            start = len(text) + len(head)
        else:
            start = len(text)  # the tagger took the number for a part of the line
        text += head + line + "\n"
        spans.append(Span(start, len(text) - 1, Label.ROW))
    return document(text, *spans)


@given(
    st.integers(1, 400), st.lists(st.sampled_from(LINES), min_size=LEAST, max_size=40), st.data()
)
def test_numbers_are_taken_off_their_lines_whatever_the_tagger_said(
    first: int, lines: list[str], data: st.DataObject
) -> None:
    known = data.draw(st.integers(0, len(lines)))
    doc = with_slices(numbered(first, lines, known))
    noise = [doc.wording(span) for span in doc.spans if span.label is Label.NOISE]
    rows = [doc.wording(span) for span in doc.spans if span.label is Label.ROW]
    assert noise == [f"{number}、" for number in range(first, first + len(lines))]
    assert rows == lines


@given(st.integers(1, LEAST - 1))
def test_a_list_is_not_sliced(count: int) -> None:
    doc = numbered(1, ["规章"] * count, count)
    assert not is_sliced(doc.text)
    assert with_slices(doc) is doc


def test_the_form_s_own_ordinals_between_slices_stay() -> None:
    lines = ["三、本年度办理结果", "1.属于国家秘密", "2.重复申请", *LINES * 4]
    doc = with_slices(numbered(41, lines, 0))
    rows = [doc.wording(span) for span in doc.spans if span.label is Label.ROW]
    assert rows == lines


def test_an_ordinal_that_does_not_count_on_stays() -> None:
    doc = numbered(41, [*LINES * 4], LEAST)
    text = doc.text + "2.重复申请\n"
    last = Span(len(doc.text), len(text) - 1, Label.ROW)
    assert with_slices(document(text, *doc.spans, last)).spans[-1] == last
