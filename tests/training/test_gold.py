"""What gold says of a finished text: true values where they stand, nothing that is not there."""

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.form import Version, form
from nianbao.models.labels import Label
from nianbao.training.synthetic.dates import chinese_number, chinese_year
from nianbao.training.synthetic.gold import Gold, gold_of
from nianbao.training.synthetic.layouts.writer import UNREADABLE
from nianbao.training.synthetic.marked import Mark, Marked
from nianbao.training.synthetic.printing import PrintedCell, print_plain
from nianbao.training.synthetic.subject import Subject

FORM = form("2021")
PATH = "t3.new.total"
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def gold(
    marked: Marked, printed: Iterable[PrintedCell] = (), year: int = 2023, version: Version = "2021"
) -> Gold:
    subject = Subject("青禾县水利局", "我局", "department", year, version)
    return gold_of(marked, form(version).blocks, {cell.path: cell for cell in printed}, subject)


def signed(wording: str) -> Marked:
    return Marked("青禾县水利局\n") + Marked.of(wording, Label.DATE, "signed_date")


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


def writings(day: date) -> list[str]:
    """A date as signatures write it."""
    year, month, number = day.year, day.month, day.day
    words = f"年{chinese_number(month)}月{chinese_number(number)}日"
    return [
        f"{year}年{month}月{number}日",
        f"{year} 年 {month:02} 月 {number:02} 日",
        f"{year}.{month}.{number}",
        day.isoformat(),
        f"{year}/{month}/{number}",
        f"{year}年{month}月{number}",
        *(chinese_year(year, zero) + words for zero in "〇○零O"),
        f"２０{year % 100:02}年{month}月{number}日",
    ]


@given(days)
def test_a_signature_in_any_of_the_usual_writings_is_its_date(day: date) -> None:
    for wording in writings(day):
        assert gold(signed(wording)).meta["signed_date"] == day.isoformat(), wording


@given(days, st.data())
def test_a_date_that_lost_characters_never_raises(day: date, data: st.DataObject) -> None:
    wording = data.draw(st.sampled_from(writings(day)))
    kept = data.draw(st.lists(st.booleans(), min_size=len(wording), max_size=len(wording)))
    damaged = "".join(char for char, stays in zip(wording, kept, strict=True) if stays)
    found = gold(signed(damaged)).meta["signed_date"]
    assert found is None or date.fromisoformat(str(found))


@given(days, st.data())
def test_a_date_with_digits_too_many_never_raises(day: date, data: st.DataObject) -> None:
    wording = f"{day.year}年{day.month}月{day.day}日"
    at = data.draw(st.integers(0, len(wording)))
    damaged = wording[:at] + data.draw(st.text("0123456789", max_size=2)) + wording[at:]
    found = gold(signed(damaged)).meta["signed_date"]
    assert found is None or date.fromisoformat(str(found))


@pytest.mark.parametrize(
    "wording", ["2024年1月131日", "2024年13月1日", "2024年2月30日", "2024年1月", ""]
)
def test_a_day_that_no_calendar_has_is_no_date(wording: str) -> None:
    assert gold(signed(wording)).meta["signed_date"] is None


def test_a_report_without_a_signature_has_no_date() -> None:
    assert gold(Marked("全年平稳。")).meta["signed_date"] is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023年，我局公开信息88条。", 2023),
        ("２０２３ 年，我局公开信息88条。", 2023),
        ("二〇二三年，我局公开信息88条。", 2023),
        ("2022年，我局公开信息88条。", None),
        ("202312月31日", None),
        ("", None),
    ],
)
def test_the_year_is_gold_only_where_the_text_says_it(text: str, year: int | None) -> None:
    assert gold(Marked(text)).meta["year"] == year


def test_the_year_before_the_signature_is_the_reports() -> None:
    assert gold(signed("2024年1月19日")).meta["year"] == 2023
    assert gold(signed("二〇二四年一月十九日")).meta["year"] == 2023


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("依据国办公开办函〔2021〕30号编制。", "2021"),
        ("依据国办公开办函〔2019〕60号编制。", "2019"),
        ("全年平稳。", None),
    ],
)
def test_without_tables_the_notice_that_is_cited_tells_the_form(
    text: str, version: Version | None
) -> None:
    assert gold(Marked(text)).meta["form_version"] == version


@pytest.mark.parametrize("version", ["2019", "2021"])
def test_table_3_tells_the_form_whatever_notice_is_cited(version: Version) -> None:
    other = "〔2021〕30号" if version == "2019" else "〔2019〕60号"
    marked = Marked(f"依据国办公开办函{other}编制。\n") + cell(5)
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
