"""Rows whose blank cells left no trace, or a doubtful one: no number moves to another column."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.tables import align
from nianbao.models.document import Document
from nianbao.models.form import form
from nianbao.models.labels import Label
from nianbao.training.synthetic.marked import Marked

T3 = form("2021").t3
DEPTHS = {row.id: row.depth for row in T3.rows}
sixes = st.lists(st.integers(0, 40), min_size=6, max_size=6).filter(any)

#: A row: its label, and what stands right of it, `_` for each figure.
Line = tuple[str, str, Sequence[int]]


def read(
    *lines: Line, heading: str = "二、主动公开政府信息情况\n"
) -> dict[str, int | float | None]:
    """Path -> value of all cells."""
    marked = Marked.of(heading.strip(), Label.SECTION) + "\n"
    for label, pattern, numbers in lines:
        figures = iter(numbers)
        if label:
            marked = marked + Marked.of(label, Label.ROW)
        for sign in pattern:
            own = Marked.of(str(next(figures)), Label.VALUE) if sign == "_" else sign
            marked = marked + own
    marked = marked + Marked.of("五、存在的主要问题及改进情况", Label.SECTION) + "\n不多。"
    doc = Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans())
    return {cell.path: cell.value for cell in align(doc).cells}


def row1(found: dict[str, int | float | None], row: str) -> list[int | float | None]:
    """The cells of 第（一）项 in one row."""
    return [value for path, value in found.items() if path.startswith(f"t2.{row}.")]


def row3(found: dict[str, int | float | None], row: str) -> list[int | float | None]:
    (own,) = (r for r in T3.rows if r.id == row)
    return [found[T3.path(own, column)] for column in T3.columns]


def test_a_row_with_fewer_values_and_as_many_signs_behind_them_lost_a_blank() -> None:
    full: Line = ("行政规范性文件", " | _ | _ | _ | |\n", (1, 91, 101))
    vanished = read(("规章", " | _ | _ | |\n", (20, 24)), full)
    assert row1(vanished, "regulations") == [None, None, None]
    kept = read(("规章", " | _ | _ | | |\n", (20, 24)), full)
    assert row1(kept, "regulations") == [20, 24, None]
    assert row1(vanished, "normative") == row1(kept, "normative") == [1, 91, 101]


@given(st.integers(2, 6))
def test_a_row_of_lines_that_comes_short_is_not_filled_up_with_blanks(count: int) -> None:
    lines: list[Line] = [(row.label, "\n_" * 7 + "\n", [1] * 6 + [6]) for row in T3.rows[:3]]
    paged = ("\n_" * 3 + "\n\n" + "_\n" * 4, [2] * 6 + [12])  # as a page's end leaves it
    lines.append((T3.rows[3].label, *paged))
    lines.append((T3.rows[4].label, "\n_" * count + "\n", range(11, 11 + count)))
    assert set(row3(read(*lines), T3.rows[4].id)) == {None}


@given(st.lists(sixes, min_size=len(T3.rows), max_size=len(T3.rows)))
def test_a_table_of_lines_that_became_one_line_keeps_its_places(rows: list[list[int]]) -> None:
    lines: list[Line] = []
    for row, six in zip(T3.rows, rows, strict=True):
        total = row.id == "total_handled"
        lead, tail = " | " * (3 - row.depth), " | _" if total else " | "
        numbers = [*six, sum(six)] if total else six
        lines.append((row.label, f"{lead}{' | _' * 6}{tail} | {' | ' * (row.depth - 1)}", numbers))
    found = read(*lines)
    for row, six in zip(T3.rows, rows, strict=True):
        values = row3(found, row.id)
        last = sum(six) if row.id == "total_handled" else None
        assert [*six, last] == values or set(values) == {None}
    assert row3(found, "new")[:6] == rows[0]


def test_rows_of_zeros_do_not_tell_that_totals_are_printed() -> None:
    lines: list[Line] = [(row.label, " _" * 6 + "\n", [0] * 6) for row in T3.rows]
    lines[0] = (T3.rows[0].label, " _" * 6 + "\n", [5, 1, 0, 2, 1, 0])
    lines[1] = (T3.rows[1].label, " _" * 6 + "\n", [0, 4, 0, 2, 1, 0])
    lines[4] = (T3.rows[4].label, " _" * 6 + "\n", [0, 0, 1, 0, 0, 1])
    assert row3(read(*lines), T3.rows[4].id)[6] is None


@pytest.mark.parametrize(("after", "expected"), [((), [None] * 3), ((7,), [1, 1, 5])])
def test_values_above_a_row_that_is_not_there_may_be_its_own_where_blanks_leave_no_trace(
    after: tuple[int, ...], expected: list[int | None]
) -> None:
    found = read(
        ("规章", "\n_\n_\n_\n", (1, 1, 5)),
        ("行政处罚", "\n_\n" if after else "\n", after),
        ("行政强制", "\n_\n", (3,)),
    )
    assert row1(found, "regulations") == expected
    assert found["t2.coercion"] == 3
