"""Values with their column's label beside them, and tables printed column by column."""

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.inference.tables import align
from nianbao.models.document import Document
from nianbao.models.form import Block, Row, Version, form
from nianbao.models.labels import Label
from nianbao.training.synthetic.marked import Marked, join
from nianbao.training.synthetic.values import sample_values

Values = dict[str, int | float | None]
Pair = Callable[[Marked, Marked], Marked]

PAIRS: dict[str, Pair] = {
    "自然人＝3": lambda name, value: name + "＝" + value,
    "自然人3件": lambda name, value: name + value + "件",
    "3（自然人）": lambda name, value: value + "（" + name + "）",
    "自然人 | 3": lambda name, value: name + " | " + value,
    "自然人 - 3": lambda name, value: name + " - " + value,
    "自然人 ········ 3": lambda name, value: name + " " + 40 * "·" + " " + value,
}
GAPS = (" ", "、", "\n", " / ", "，同时", " | ")
seeds = st.integers(0, 10_000)


def value(values: Values, path: str) -> Marked:
    return Marked.of(str(values[path]), Label.VALUE)


def printed(seed: int, version: Version) -> Values:
    return dict(sample_values(version, random.Random(seed)))


def labels(block: Block, row: Row) -> Marked:
    """The labels of a row with its groups; of table 4 those of its block."""
    if block.table == "t4":
        return Marked.of(block.label, Label.COLUMN)
    groups = (block.label,) if block.table == "t2" else row.labels[:-1]
    marked = [Marked.of(group, Label.GROUP) for group in groups]
    return join("\n", [*marked, Marked.of(row.label, Label.ROW)])


def in_pairs(
    values: Values, version: Version, pair: Pair, gap: str, order: random.Random | None = None
) -> Document:
    """A line for each row, every value with its column's label; a value of None is left out."""
    lines = []
    for block in form(version).blocks:
        for row in block.rows:
            cells = list(zip(block.columns, block.row_paths[row.id], strict=True))
            if order is not None:
                order.shuffle(cells)
            pairs = [
                pair(Marked.of(column.label, Label.COLUMN), value(values, path))
                for column, path in cells
                if values[path] is not None
            ]
            lines.append(labels(block, row) + "：" + join(gap, pairs))
    return document(lines)


def by_column(values: Values, version: Version, pair: Pair) -> Document:
    """Table 3 with every row under each column."""
    block = form(version).t3
    lines = []
    for at, column in enumerate(block.columns):
        lines.append(Marked.of(column.label, Label.COLUMN))
        for row in block.rows:
            (*groups, name) = row.labels
            lines += [Marked.of(group, Label.GROUP) for group in groups]
            path = block.row_paths[row.id][at]
            if values[path] is not None:
                lines.append(pair(Marked.of(name, Label.ROW), value(values, path)))
    return document(lines)


def document(lines: Sequence[Marked]) -> Document:
    marked = join("\n", lines)
    return Document("x.txt", marked.text, "txt", "", "utf-8", spans=marked.spans())


def found(doc: Document) -> Values:
    return {cell.path: cell.value for cell in align(doc).cells}


def tabled(*pieces: tuple[str, Label | None]) -> Document:
    """The pieces with a blank between neighbours."""
    return document(
        [join(" ", [Marked(t) if at is None else Marked.of(t, at) for t, at in pieces])]
    )


def with_holes(values: Values, seed: int) -> Values:
    rng = random.Random(seed)
    return {path: number if rng.random() < 0.7 else None for path, number in values.items()}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@settings(max_examples=6, deadline=None)
@given(seed=seeds, version=st.sampled_from(["2019", "2021"]), gap=st.sampled_from(GAPS))
def test_values_beside_their_columns_labels_come_back(
    pair: Pair, seed: int, version: Version, gap: str
) -> None:
    values = printed(seed, version)
    assert found(in_pairs(values, version, pair, gap)) == values


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@settings(max_examples=6, deadline=None)
@given(seed=seeds, gap=st.sampled_from(GAPS))
def test_pairs_may_stand_in_any_order_and_some_be_left_out(pair: Pair, seed: int, gap: str) -> None:
    values = with_holes(printed(seed, "2021"), seed)
    assert found(in_pairs(values, "2021", pair, gap, random.Random(seed))) == values


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@settings(max_examples=4, deadline=None)
@given(seed=seeds, holes=st.booleans())
def test_a_table_printed_column_by_column_comes_back(pair: Pair, seed: int, holes: bool) -> None:
    values = printed(seed, "2021")
    values = with_holes(values, seed) if holes else values
    cells = found(by_column(values, "2021", pair))
    own = set(form("2021").t3.paths())
    assert {path: cells[path] for path in own} == {path: values[path] for path in own}
    assert not [
        f for f in align(by_column(values, "2021", pair)).findings if f.code == "row_unknown"
    ]


REGULATIONS = ("规章", Label.ROW)
MADE, REPEALED, IN_FORCE = ((name, Label.COLUMN) for name in ("制发", "废止", "有效"))


def figures(*numbers: str) -> list[tuple[str, Label | None]]:
    return [(number, Label.VALUE) for number in numbers]


def regulations(doc: Document) -> list[tuple[int | float | None, str]]:
    return [(cell.value, cell.state) for cell in align(doc).cells[:3]]


def test_a_part_of_a_columns_label_is_enough() -> None:
    one, two = figures("1", "20")
    doc = tabled(REGULATIONS, IN_FORCE, two, MADE, one)
    assert regulations(doc) == [(1, "found"), (None, "blank"), (20, "found")]


def test_a_value_whose_label_names_no_column_is_in_none() -> None:
    one, two = figures("1", "20")
    doc = tabled(REGULATIONS, MADE, one, ("以前年度", Label.COLUMN), two)
    assert regulations(doc) == [(1, "found"), (None, "unreadable"), (None, "unreadable")]


def test_a_row_that_names_a_column_twice_is_two_rows_and_not_read() -> None:
    one, two, three = figures("1", "2", "3")
    doc = tabled(REGULATIONS, MADE, one, REPEALED, two, MADE, three)
    assert {state for _, state in regulations(doc)} == {"unreadable"}


def test_a_label_beyond_a_figure_that_has_no_label_is_not_the_next_values_own() -> None:
    one, two = figures("1", "2")
    row = [REGULATIONS, MADE, one, REPEALED, ("8、还有", None), two]
    others = [("行政规范性文件", Label.ROW), MADE, one, REPEALED, two, ("行政许可", Label.ROW)]
    doc = tabled(*row, *others, ("本年处理决定数量", Label.COLUMN), one)
    assert [value for value, _ in regulations(doc)] == [1, None, None]


def test_the_headers_of_the_next_block_name_no_value_of_the_row_above() -> None:
    one, two, three = figures("1", "2", "3")
    row = [REGULATIONS, MADE, one, REPEALED, two, IN_FORCE, three]
    doc = tabled(*row, ("本年处理决定数量", Label.COLUMN), *figures("9"))
    assert [value for value, _ in regulations(doc)] == [1, 2, 3]


@given(st.lists(st.integers(0, 999), min_size=3, max_size=3))
def test_headers_above_the_values_are_no_labels_beside_them(numbers: list[int]) -> None:
    doc = tabled(MADE, REPEALED, IN_FORCE, REGULATIONS, *figures(*map(str, numbers)))
    assert [value for value, _ in regulations(doc)] == numbers
