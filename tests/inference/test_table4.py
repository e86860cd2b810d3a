"""Table 4: its row of fifteen, printed once or twice."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.tables import Alignment, align
from nianbao.models.document import Document
from nianbao.models.form import form
from nianbao.models.labels import Label
from nianbao.training.synthetic.marked import Marked

PATHS = [path for block in form("2021").t4 for path in block.paths()]
FOUR = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
HEADERS = ("行政复议", "行政诉讼", *FOUR, "未经复议直接起诉", "复议后起诉", *FOUR, *FOUR)
blocks = st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=3, max_size=3).map(
    lambda found: [number for block in found for number in (*block, sum(block))]
)
gaps = st.sampled_from([" | ", "\t", "\n", " "])


def printing(values: Sequence[int | str], gap: str = " | ") -> Marked:
    marked = Marked()
    for word in HEADERS:
        marked = marked + Marked.of(word, Label.COLUMN) + gap
    marked = marked + "\n"
    for value in values:
        marked = marked + Marked.of(str(value), Label.VALUE) + gap
    return marked + "\n"


def read(*parts: Marked) -> Alignment:
    marked = Marked.of("四、政府信息公开行政复议、行政诉讼情况", Label.SECTION) + "\n"
    for part in parts:
        marked = marked + part
    marked = marked + Marked.of("五、存在的主要问题及改进情况", Label.SECTION) + "\n不多。"
    return align(Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans()))


def values(alignment: Alignment) -> list[int | float | None]:
    return [cell.value for cell in alignment.cells if cell.path in PATHS]


@given(blocks, gaps)
def test_equal_copies_are_read_as_one(row: list[int], gap: str) -> None:
    alignment = read(printing(row, gap), printing(row, gap))
    assert values(alignment) == row
    assert alignment.findings == ()


@given(blocks, st.sets(st.integers(0, 14), min_size=1, max_size=3), gaps)
def test_copies_that_differ_lose_only_the_cells_that_differ(
    row: list[int], places: set[int], gap: str
) -> None:
    other = [number + 30 if at in places else number for at, number in enumerate(row)]
    alignment = read(printing(row, gap), printing(other, gap))
    assert values(alignment) == [None if at in places else n for at, n in enumerate(row)]
    (found,) = alignment.findings
    assert (found.code, set(found.cells)) == ("copies_differ", {PATHS[at] for at in places})


@given(blocks)
def test_a_page_number_above_a_header_that_comes_again_is_no_printing(row: list[int]) -> None:
    assert values(read(printing([7]), printing(row))) == row


@given(blocks)
def test_headers_that_stand_among_fifteen_values_part_no_table(row: list[int]) -> None:
    marked = Marked()
    for at in (0, 5, 10):
        for word, value in zip(FOUR, row[at : at + 5], strict=True):
            marked = marked + Marked.of(word, Label.COLUMN) + " | "
            marked = marked + Marked.of(str(value), Label.VALUE) + "\n"
    assert values(read(marked)) == row


@pytest.mark.parametrize("count", [5, 50])
def test_headers_and_values_in_endless_turn_are_no_table(count: int) -> None:
    assert set(values(read(*[printing([1] * 15)] * count))) == {None}


@given(blocks, st.integers(1, 14), st.sampled_from([" | ", "\t", "\n"]))
def test_a_row_that_the_end_of_the_text_tears_apart_is_unreadable(
    row: list[int], count: int, gap: str
) -> None:
    marked = Marked.of("四、政府信息公开行政复议、行政诉讼情况", Label.SECTION) + "\n"
    marked = marked + printing(row[:count], gap)
    text = marked.text.rstrip()
    alignment = align(Document("-", text, "txt", "", "utf-8", spans=marked.spans()))
    assert values(alignment) == [None] * 15
