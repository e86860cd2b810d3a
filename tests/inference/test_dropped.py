"""Tables of which a crawler kept each line once: told by several marks, and never filled."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.tables import Alignment, align
from nianbao.models.document import Document
from nianbao.models.form import form
from nianbao.models.labels import Label
from nianbao.training.synthetic.marked import Marked

T3 = form("2021").t3
HEADERS = ("申请人情况", "自然人", "法人或其他组织", "总计", "商业企业", "科研机构")
#: How many values each row has left: most are short, yet all rows have some.
LEFT = (7, 5, 7, 6, 5, 4, 5, 6)
lefts = st.lists(st.integers(1, 6), min_size=4, max_size=12)


def table(
    left: Sequence[int],
    gap: str = "\n",
    values: Sequence[int] | None = None,
    again: str = "",
    end: str = "\n",
) -> Alignment:
    """Table 3 down to the rows of `left`, a cell to a line; the values count up from 11.

    again: a header word that comes once more. end: what stands before a label or a header.
    """
    figures = iter(values or range(11, 11 + sum(left)))
    marked = Marked.of("三、收到和处理政府信息公开申请情况", Label.SECTION)
    for word in (*HEADERS, again) if again else HEADERS:
        marked = marked + end + Marked.of(word, Label.COLUMN)
    for row, count in zip(T3.rows, left, strict=False):
        marked = marked + end + Marked.of(row.label, Label.ROW)
        for _ in range(count):
            marked = marked + gap + Marked.of(str(next(figures)), Label.VALUE)
    marked = marked + "\n" + Marked.of("五、存在的主要问题及改进情况", Label.SECTION) + "\n不多。"
    return align(Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans()))


def told(alignment: Alignment) -> bool:
    return "lines_deduplicated" in [finding.code for finding in alignment.findings]


def states(alignment: Alignment, row: int) -> set[str]:
    paths = [T3.path(T3.rows[row], column) for column in T3.columns]
    return {cell.state for cell in alignment.cells if cell.path in paths}


def test_rows_that_lost_some_of_their_lines_are_unreadable_and_the_others_read() -> None:
    alignment = table(LEFT)
    assert told(alignment)
    for row, count in enumerate(LEFT):
        assert states(alignment, row) == ({"found"} if count == 7 else {"unreadable"})


@given(lefts)
def test_no_number_of_a_short_row_is_given_to_a_column(left: list[int]) -> None:
    alignment = table(left)
    assert told(alignment)
    assert all(cell.value is None for cell in alignment.cells)


def test_a_value_that_comes_twice_shows_that_no_line_was_dropped() -> None:
    assert not told(table(LEFT, values=[5] * sum(LEFT)))


def test_a_page_number_among_many_values_does_not_hide_it() -> None:
    values = [*range(11, 10 + sum(LEFT)), 11]
    assert told(table(LEFT, values=values))


@pytest.mark.parametrize("word", ["总计", "其他"])
def test_a_header_word_that_comes_twice_shows_that_no_line_was_dropped(word: str) -> None:
    again = word if word in HEADERS else f"{word}\n{word}"
    assert not told(table(LEFT, again=again))


def test_a_single_short_row_may_just_have_blanks() -> None:
    assert not told(table((7, 7, 7, 5, 7)))


def test_rows_on_lines_of_their_own_cannot_have_lost_a_value() -> None:
    assert not told(table(LEFT, gap=" "))


def test_lines_that_were_joined_since_tell_it_as_well() -> None:
    assert told(table(LEFT, gap=" ", end=" "))
    assert not told(table(LEFT, gap=" ", end=" ", again="总计"))
    assert not told(table(LEFT, gap=" | ", end=" | "))


def test_a_table_without_a_single_number_is_blank_and_lost_no_line() -> None:
    alignment = table((0,) * 8)
    assert not told(alignment)
    assert states(alignment, 3) == {"blank"}


def test_header_words_count_as_repeated_only_where_they_are_written_alike() -> None:
    assert not told(table(LEFT, again="总(zǒng)计(jì)\n总(zǒng)计(jì)"))
    assert told(table(LEFT, again="总 计"))
