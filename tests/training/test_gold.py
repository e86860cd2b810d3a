"""What gold says of a finished text: true values where they stand, nothing that is not there."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.form import Version, form
from nianbao.models.labels import Label
from nianbao.training.synthetic.gold import Gold, gold_of
from nianbao.training.synthetic.layouts.writer import UNREADABLE
from nianbao.training.synthetic.marked import Mark, Marked
from nianbao.training.synthetic.printing import PrintedCell, print_plain
from nianbao.training.synthetic.subject import Subject

FORM = form("2021")
PATH = "t3.new.total"


def gold(
    marked: Marked, printed: Iterable[PrintedCell] = (), year: int = 2023, version: Version = "2021"
) -> Gold:
    subject = Subject("青禾县水利局", "我局", "department", year, version)
    return gold_of(marked, form(version).blocks, {cell.path: cell for cell in printed}, subject)


def cell(value: int, key: str = PATH) -> Marked:
    return Marked("总计\t") + Marked.of(str(value), Label.VALUE, key) + "\n"


@given(st.dictionaries(st.sampled_from(FORM.paths()), st.integers(0, 999), max_size=20))
def test_the_cells_that_stand_have_their_values_and_all_others_are_missing(
    values: dict[str, int],
) -> None:
    marked = Marked()
    for path, value in values.items():
        marked = marked + cell(value, path)
    found = gold(marked, print_plain(dict(values)).values())
    assert tuple(found.cells) == FORM.paths()
    assert {path: value for path, value in found.cells.items() if value is not None} == values
    assert {p for p, state in found.states.items() if state == "found"} == values.keys()
    assert {p for p, state in found.states.items() if state == "missing"} == (
        set(FORM.paths()) - values.keys()
    )
    for path, (start, end) in found.places.items():
        assert marked.text[start:end] == str(values[path])
    assert found.hidden == {}


@given(st.integers(0, 999), st.booleans())
def test_a_value_that_cannot_be_placed_is_hidden_and_not_gold(value: int, blank: bool) -> None:
    printed = PrintedCell(PATH, None, None, "blank") if blank else PrintedCell(PATH, "1", value)
    found = gold(cell(value, UNREADABLE + PATH), [printed])
    assert (found.states[PATH], found.cells[PATH]) == ("unreadable", None)
    assert found.hidden == ({} if blank else {PATH: value})
    assert PATH in found.places


@given(st.integers(0, 999))
def test_a_value_whose_characters_were_lost_is_missing_and_not_hidden(value: int) -> None:
    marked = cell(value)
    found = gold(marked.replace(3, len(marked) - 1, ""), [PrintedCell(PATH, str(value), value)])
    assert (found.states[PATH], found.cells[PATH]) == ("missing", None)
    assert PATH not in found.places and found.hidden == {}


def test_a_blank_cell_has_its_place_and_no_value() -> None:
    marked = Marked("总计\t", (Mark(3, 3, None, PATH),))
    found = gold(marked, [PrintedCell(PATH, None, None, "blank")])
    assert (found.states[PATH], found.cells[PATH]) == ("blank", None)
    assert found.places[PATH] == (3, 3)


@pytest.mark.parametrize("version", ["2019", "2021"])
def test_table_3_tells_the_form_whatever_notice_is_cited(version: Version) -> None:
    other = "〔2021〕30号" if version == "2019" else "〔2019〕60号"
    notice = Marked.of(f"国办公开办函{other}", None, "cited_notice")
    marked = Marked("依据") + notice + "编制。\n" + cell(5)
    found = gold(marked, [PrintedCell(PATH, "5", 5)], version=version)
    assert found.meta["form_version"] == version
    assert tuple(found.cells) == form(version).paths()


def test_items_are_in_order_and_emptied_ones_are_left_out() -> None:
    marked = Marked("一是") + Marked.of("更新慢", Label.PROBLEM) + "。"
    marked = marked + Marked.of("加快", Label.MEASURE) + "。" + Marked.of("增人", Label.MEASURE)
    assert gold(marked).items == (("problem", 2, 5), ("measure", 6, 8), ("measure", 9, 11))
    assert gold(marked.replace(6, 8, "")).items == (("problem", 2, 5), ("measure", 7, 9))


def test_sections_have_stripped_bodies_and_null_where_the_heading_is_lost() -> None:
    marked = Marked.of("一、总体情况", Label.SECTION, "heading:1")
    marked = marked + Marked.of("\n 全年平稳。\n", None, "body:1")
    (section,) = gold(marked).sections
    assert (section.heading_start, section.heading_end) == (0, 6)
    assert marked.text[section.body_start : section.body_end] == "全年平稳。"
    (section,) = gold(marked.replace(0, 6, "")).sections
    assert (section.heading_start, section.heading_end) == (None, None)
    assert gold(marked.replace(0, len(marked), "")).sections == ()
