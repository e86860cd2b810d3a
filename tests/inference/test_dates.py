"""Dates, years and reporting periods."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.dates import find_dates, find_period, find_years, parse_date, parse_year
from nianbao.inference.numbers import spell_numeral

days = st.dates(date(2008, 1, 1), date(2060, 12, 31))
FULL_WIDTH = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")
IN_WORDS = str.maketrans("0123456789", "〇一二三四五六七八九")


@given(
    days,
    st.sampled_from(
        ["{0}年{1}月{2}日", "{0}-{1}-{2}", "{0}/{1:02}/{2:02}", "{0}.{1}.{2}",
         "{0} 年 {1} 月 {2} 日",
         "{0}年{1:02}月{2:02}日", "（{0}年{1}月{2}日印发）", "{0}-{1:02}-{2:02} 10:30"]
    ),
    st.booleans(),
)  # fmt: skip
def test_every_way_to_print_a_date_reads_back(day: date, layout: str, wide: bool) -> None:
    printed = layout.format(day.year, day.month, day.day)
    assert parse_date(printed.translate(FULL_WIDTH) if wide else printed) == day


@given(days)
def test_a_date_in_characters_reads_back(day: date) -> None:
    year = str(day.year).translate(IN_WORDS)
    month, count = spell_numeral(day.month), spell_numeral(day.day)
    month, count = (word.replace("一十", "十") if word.startswith("一十") else word
                    for word in (month, count))  # fmt: skip
    assert parse_date(f"{year}年{month}月{count}日") == day


@given(st.text(alphabet="0123456789年月日至-/. 二〇自起止统计期限", max_size=40))
def test_nothing_makes_it_raise_and_every_date_lies_where_it_says(text: str) -> None:
    find_period(text)
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)


@pytest.mark.parametrize(
    "raw",
    ["2023年2月30日", "2023-13-01", "2023年1月", "20230115", "第2023.1.15.2条", "2023年1月 日"],
)
def test_what_is_no_full_date_is_refused(raw: str) -> None:
    assert parse_date(raw) is None


def test_two_different_dates_are_not_one() -> None:
    assert parse_date("2023年1月1日至2023年12月31日") is None


@given(st.integers(2008, 2050), st.sampled_from(
    ["统计期限自{0}年1月1日起至{0}年12月31日止。", "数据的统计期限为{0}年1月1日至12月31日，",
     "统计期限自{0}1月1日起至{0}12月31日止", "统计期限：{0}11日至{0}1231日",
     "统计时间为{0}年 1 月 1 日到 {0}  12  31 日", "统计期限自 {0}.1.1-{0}.12.31",
     "统计期限从{0}年1月1日开始至同年12月31日"]
))  # fmt: skip
def test_a_calendar_year_is_read_however_damaged(year: int, layout: str) -> None:
    period = find_period("本报告由本局编制。" + layout.format(year))
    assert period is not None
    assert (period.first, period.last) == (date(year, 1, 1), date(year, 12, 31))
    assert period.is_calendar_year


def test_a_period_that_a_line_breaks_inside_a_number_is_read() -> None:
    period = find_period("数据统计期限：2024.1.1—2024.12.3\n1。请下载")
    assert period is not None and period.is_calendar_year


def test_another_period_is_read_but_only_when_it_is_whole() -> None:
    period = find_period("统计期限自2022年2月1日至2022年12月30日止。")
    assert period is not None
    assert (period.first, period.last) == (date(2022, 2, 1), date(2022, 12, 30))
    assert not period.is_calendar_year
    assert find_period("统计期限自202221日至20221130日止。") is None


def test_the_place_of_a_period_is_its_wording() -> None:
    text = "本报告统计期限自２０２２年1月1日起至12月31日止。"
    period = find_period(text)
    assert period is not None
    assert text[period.start : period.end] == "２０２２年1月1日起至12月31日"


def test_a_range_of_days_in_passing_is_no_period() -> None:
    assert find_period("我局于2022年3月1日至2022年3月5日开展了培训。") is None


@pytest.mark.parametrize(
    ("raw", "year"), [("2023", 2023), ("２ ０ ２ ３", 2023), ("二〇二三", 2023), ("二O二三", 2023),
                      ("二零二三", 2023), ("20251", None), ("", None)]
)  # fmt: skip
def test_years_are_read_in_digits_and_characters(raw: str, year: int | None) -> None:
    assert parse_year(raw) == year


def test_years_are_found_where_the_character_follows() -> None:
    assert find_years("2022年度，较2021 年，共2000件，二〇二〇年") == (
        (0, 2022),
        (8, 2021),
        (22, 2020),
    )


@given(st.integers(2008, 2050), st.sampled_from(
    ["统计期限自{0}年1月1日起，至{0}年12月31日止。", "统计周期为从{0}年1月1日起到{0}年12月31日止",
     "统计口径为{0}年全年（1月1日至12月31日）。", "时间跨度为{0}年1月1日零时至12月31日24时。",
     "统计期限自{0}年1月1日起至20{0}年12月31日止", "统计期限{0}年1月1日起至当年12月31日",
     "統(tǒng)計(jì)期(qī)限：{0}年1月1日至12月31日。", "数据的统\n计期\n限为{0}/1/1～{0}/12/31。",
     "统计时段：{0}-01-01至{0}-12-31", "本报告涵盖{0}年01月01日至{0}年12月31日的工作。",
     "统计期限自{0}年1月1曰起至{0}年12月31曰止", "统计期限为2\n0{1}年1月1日至12月31日"]
))  # fmt: skip
def test_a_calendar_year_is_read_in_every_form_that_reports_use(year: int, layout: str) -> None:
    period = find_period(layout.format(year, str(year)[2:]))
    assert period is not None
    assert (period.first, period.last) == (date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize(
    "sentence",
    [
        "统计期限自年1月1日至12月31日止。",
        "所列数据截至2022年12月31日。",
        "统计期限自2022年1月1日至2023年12月",
        "统计期限自202221日至20221230日止。",
    ],
)
def test_a_period_that_lost_its_year_or_an_end_is_none(sentence: str) -> None:
    assert find_period(sentence) is None


def test_a_period_stands_where_it_says_behind_readings() -> None:
    text = "統(tǒng)計(jì)期(qī)限：2022年1月1日至12月31日。"
    period = find_period(text)
    assert period is not None
    assert text[period.start : period.end] == "2022年1月1日至12月31日"
