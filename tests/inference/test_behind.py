"""Tables whose rows' labels stand behind their figures."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.inference.tables import align
from nianbao.models.document import Document
from nianbao.models.form import Version, form
from nianbao.models.labels import Label
from nianbao.training.synthetic.marked import Marked, join
from nianbao.training.synthetic.values import sample_values


def labels_behind(values: Mapping[str, int | float | None], version: Version, gap: str) -> Document:
    """Tables 2 and 3, each group above its rows and each label at the end of its line."""
    lines = []
    for block in (*form(version).t2, form(version).t3):
        lines.append(join(gap, [Marked.of(c.label, Label.COLUMN) for c in block.columns]))
        for row in block.rows:
            lines += [Marked.of(group, Label.GROUP) for group in row.labels[:-1]]
            cells = [Marked.of(str(values[path]), Label.VALUE) for path in block.row_paths[row.id]]
            lines.append(join(gap, [*cells, Marked.of(row.label, Label.ROW)]))
    marked = join("\n", lines)
    return Document("x.txt", marked.text, "txt", "", "utf-8", spans=marked.spans())


@pytest.mark.parametrize("gap", [" ", " | ", "\t", "　"])
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), version=st.sampled_from(["2019", "2021"]))
def test_figures_before_their_rows_label_come_back(gap: str, seed: int, version: Version) -> None:
    values = dict(sample_values(version, random.Random(seed)))
    cells = {cell.path: cell.value for cell in align(labels_behind(values, version, gap)).cells}
    own = [path for path in values if not path.startswith("t4.")]
    assert {path: cells[path] for path in own} == {path: values[path] for path in own}


def test_a_row_that_lost_its_label_does_not_turn_the_table_round() -> None:
    """Its figures stand above the label of the next one; the others' stand behind theirs."""
    names = ("本年制发件数", "本年废止件数", "现行有效件数")
    lost = [Marked.of(name, Label.COLUMN) for name in names]
    lost += [Marked.of(number, Label.VALUE) for number in "123"]
    kept = [Marked.of("行政规范性文件", Label.ROW)]
    kept += [Marked.of(number, Label.VALUE) for number in "456"]
    marked = join(" | ", [*lost, *kept])
    cells = align(Document("x.txt", marked.text, "txt", "", "utf-8", spans=marked.spans())).cells
    assert [cell.value for cell in cells[:6]] == [1, 2, 3, 4, 5, 6]
