"""What gold says of a report as a whole, by what its damages have left."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.form import form
from nianbao.models.labels import Label
from nianbao.training.synthetic.dates import chinese_number, chinese_year
from nianbao.training.synthetic.gold import Gold, gold_of
from nianbao.training.synthetic.marked import Marked
from nianbao.training.synthetic.subject import Kind, Subject

days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
ORGAN = "青禾县水利局"


def gold(marked: Marked, year: int = 2023, organ: str = ORGAN, kind: Kind = "department") -> Gold:
    subject = Subject(organ, "我局", kind, year, "2021")
    return gold_of(marked, form("2021").blocks, {}, subject)


def signed(wording: str) -> Marked:
    return Marked("青禾县水利局\n") + Marked.of(wording, Label.DATE, "signed_date")


def keyed(wording: str, key: str) -> Marked:
    return Marked("甲：") + Marked.of(wording, None, key) + "。"


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


def titled(wording: str) -> Marked:
    return Marked.of(wording, Label.TITLE, "title") + "\n"


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023年，我局公开信息88条。", 2023),
        ("２０２３ 年，我局公开信息88条。", 2023),
        ("二〇二三年，我局公开信息88条。", 2023),
        ("2022年，我局公开信息88条。", None),
        ("2023年5月6日，我局召开会议。", None),
        ("202312月31日", None),
        ("", None),
    ],
)
def test_section_1_says_the_year_or_does_not(text: str, year: int | None) -> None:
    assert gold(Marked.of(text, None, "body:1")).meta["year"] == year


def test_a_later_section_or_the_page_around_says_nothing_of_the_year() -> None:
    later = Marked.of("年内平稳。", None, "body:1") + Marked.of("2023年无。", None, "body:6")
    assert gold(later).meta["year"] is None
    page = Marked.of("2023年年报", Label.NOISE) + "\n" + Marked.of("年内平稳。", None, "body:1")
    assert gold(page).meta["year"] is None


def test_the_year_before_the_signature_or_the_publication_is_the_reports() -> None:
    assert gold(signed("2024年1月19日")).meta["year"] == 2023
    assert gold(signed("二〇二四年一月十九日")).meta["year"] == 2023
    assert gold(keyed("2024-01-19", "publication_date")).meta["year"] == 2023
    assert gold(signed("2025年1月19日")).meta["year"] == 2024, "as printed, right or wrong"


def test_the_period_outranks_the_title() -> None:
    period = keyed("2022年1月1日至12月31日", "period:2022-01-01:2022-12-31")
    assert gold(titled("青禾县水利局2023年年报") + period).meta["year"] == 2022


def test_a_title_on_two_lines_is_joined_and_a_dropped_one_is_read_off_its_copy() -> None:
    whole = f"{ORGAN}2023年政府信息公开年报"
    assert gold(titled(whole[:9]) + titled(whole[9:])).meta["title"] == whole
    found = gold(Marked.of(whole, Label.TITLE)).meta
    assert (found["title"], found["issuer"]) == (whole, ORGAN)
    assert gold(Marked.of("告", Label.TITLE)).meta["title"] is None


def test_the_metadata_block_gives_title_and_organ_where_there_is_no_headline() -> None:
    whole = f"{ORGAN}2023年政府信息公开年报"
    block = Marked("标题：") + Marked.of(whole, None, "title_field") + "\n"
    assert gold(block).meta["title"] == whole
    found = gold(block + titled("政府信息公开年报")).meta
    assert (found["title"], found["issuer"]) == ("政府信息公开年报", None)


def test_the_organ_of_the_signature_comes_before_the_metadata_blocks() -> None:
    block = Marked("发布机构：") + Marked.of("青禾县政府办", Label.ISSUER, "issuer") + "\n"
    signature = Marked.of(ORGAN, Label.ISSUER, "issuer").under(None, "signature")
    assert gold(block + signature).meta["issuer"] == ORGAN
    assert gold(block).meta["issuer"] == "青禾县政府办"


def test_an_organ_in_the_preface_is_no_issuer() -> None:
    text = f"本报告由{ORGAN}编制。现公布{ORGAN}2023年政府信息公开工作年度报告。"
    found = gold(Marked(text) + Marked.of("平稳。", None, "body:1")).meta
    assert (found["title"], found["issuer"], found["scope"]) == (None, None, None)


@pytest.mark.parametrize(
    ("organ", "kind", "scope"),
    [
        (ORGAN, "department", "own"),
        ("青禾县人民政府", "government", "aggregated"),
        ("青禾县人民政府办公室", "office", "own"),
        ("柳桥镇人民政府", "township", "own"),
        ("青禾高新区管委会", "committee", None),
        ("青禾自然保护区管理局", "committee", "own"),
    ],
)
def test_the_kind_of_organ_tells_the_scope(organ: str, kind: Kind, scope: str | None) -> None:
    assert gold(titled(f"{organ}2023年报"), organ=organ, kind=kind).meta["scope"] == scope


@pytest.mark.parametrize(
    ("wording", "notice"),
    [
        ("国办公开办函〔2021〕30号", "国办公开办函〔2021〕30号"),
        ("国办公开办函[2019] 60号", "国办公开办函〔2019〕60号"),
        ("国办公开办函202130号", "国办公开办函〔2021〕30号"),
        ("國(guó)辦公開辦函〔２０２１〕30號", "国办公开办函〔2021〕30号"),
        ("国办公开办函〔2021〕3", None),
        ("〕30号", None),
    ],
)
def test_a_notice_is_known_by_its_digits(wording: str, notice: str | None) -> None:
    found = gold(keyed(wording, "cited_notice")).meta
    assert found["cited_notice"] == notice
    assert found["form_version"] == (None if notice is None else notice[7:11].strip("〔〕"))


YEAR = "period:2023-01-01:2023-12-31"


@pytest.mark.parametrize(
    "wording",
    [
        "自2023年1月1日起，至2023年12月31日止",
        "202311日至20231231日",
        "2023年1月1日起至当年12月31日",
        "自2023年1月1日起至202023年12月31日止",
        "２０２３年全年（1月1日至12月31日）",
        "2023年1月1日零时至12月31日24时",
        "二〇二三年一月一日至二〇二三年十二月三十一日",
        "2023.0\n1.01-2023.12.31",
    ],
)
def test_a_calendar_year_is_known_however_damaged(wording: str) -> None:
    found = gold(keyed(wording, YEAR)).meta
    assert (found["period_start"], found["period_end"]) == ("2023-01-01", "2023-12-31")


@pytest.mark.parametrize("wording", ["2023年1月1日至2023年12月3", "年1月1日至12月31日", ""])
def test_a_calendar_year_that_lost_digits_is_not_known(wording: str) -> None:
    found = gold(keyed(wording, YEAR)).meta
    assert (found["period_start"], found["period_end"]) == (None, None)


def test_another_period_is_known_only_while_it_is_whole() -> None:
    key = "period:2022-12-01:2023-11-30"
    assert gold(keyed("2022年12月1日至2023年11月30日", key)).meta["period_start"] == "2022-12-01"
    assert gold(keyed("202212月1日至202311月30日", key)).meta["period_start"] is None


def test_page_numbers_inside_a_wording_are_none_of_it() -> None:
    inside = Marked.of("2023年1月1日\n", None) + Marked.of("3", Label.NOISE) + "\n至12月31日"
    found = gold(inside.under(None, YEAR)).meta
    assert found["period_end"] == "2023-12-31"


@pytest.mark.parametrize(
    ("wording", "number"),
    [
        ("青水〔2024〕4号", "青水〔2024〕4号"),
        ("青水 [2024] 第4号", "青水[2024]第4号"),
        ("青水2024〕4号", "青水2024〕4号"),
        ("青水〔20244号", None),
        ("水〔2024〕", None),
    ],
)
def test_a_number_is_as_printed_and_none_where_year_and_number_ran_together(
    wording: str, number: str | None
) -> None:
    assert gold(keyed(wording, "document_number")).meta["document_number"] == number


def test_the_page_dates_itself_by_publication_before_writing() -> None:
    written = keyed("2024-01-10", "written_date")
    assert gold(written).meta["publication_date"] == "2024-01-10"
    both = written + keyed("2024年01月20日", "publication_date")
    assert gold(both).meta["publication_date"] == "2024-01-20"
    damaged = written + keyed("20240120日", "publication_date")
    assert gold(damaged).meta["publication_date"] == "2024-01-10"
