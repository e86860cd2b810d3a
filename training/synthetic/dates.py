"""A date in the writings that reports and their pages use."""

import random
from collections.abc import Callable
from datetime import date

_CHINESE = "〇一二三四五六七八九"


def chinese_year(year: int, zero: str = "〇") -> str:
    """2023 -> 二〇二三."""
    return "".join(_CHINESE[int(digit)] for digit in str(year)).replace("〇", zero)


def chinese_number(number: int) -> str:
    """1 to 99 -> 一, 十, 二十一 … ValueError outside."""
    if not 0 < number < 100:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens]}十"
    return head + (_CHINESE[ones] if ones else "")


def _in_words(day: date, zero: str) -> str:
    month, number = chinese_number(day.month), chinese_number(day.day)
    return f"{chinese_year(day.year, zero)}年{month}月{number}日"


_SIGNED: tuple[tuple[int, Callable[[date], str]], ...] = (
    (50, lambda d: f"{d.year}年{d.month}月{d.day}日"),
    (8, lambda d: f"{d.year}年{d.month:02}月{d.day:02}日"),
    (12, lambda d: _in_words(d, "〇")),
    (4, lambda d: _in_words(d, "○")),
    (3, lambda d: _in_words(d, "零")),
    (2, lambda d: _in_words(d, "O")),
    (5, lambda d: f"{d.year}年{d.month}月"),
    (6, lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日"),
    (3, lambda d: f"{d.year}.{d.month}.{d.day}"),
    (3, lambda d: d.isoformat()),
    (2, lambda d: f"{d.year}/{d.month}/{d.day}"),
    (2, lambda d: f"{d.year}年{d.month}月{d.day}"),
)
_PUBLISHED: tuple[tuple[int, Callable[[date], str]], ...] = (
    (60, lambda d: d.isoformat()),
    (15, lambda d: f"{d.year}年{d.month:02}月{d.day:02}日"),
    (10, lambda d: f"{d.year}/{d.month:02}/{d.day:02}"),
    (8, lambda d: f"{d.year}.{d.month:02}.{d.day:02}"),
    (7, lambda d: f"{d.year}年{d.month}月{d.day}日"),
)


#: The calendar year as reports write it: {y}, {upper} (the year in characters). Some write 年 and
#: 日 apart, some a year with digits too many, which still says what it is (facts 4.3).
_CALENDAR_YEARS: tuple[tuple[int, str], ...] = (
    (14, "自{y}年1月1日起，至{y}年12月31日止"),
    (14, "自{y}年1月1日起至{y}年12月31日止"),
    (6, "从{y}年1月1日起到{y}年12月31日止"),
    (12, "{y}年1月1日至{y}年12月31日"),
    (12, "{y}年1月1日至12月31日"),
    (5, "{y}年1月1日到12月31日"),
    (6, "{y}年1月1日—{y}年12月31日"),
    (4, "{y}年1月1日-12月31日"),
    (3, "{y}.1.1—{y}.12.31"),
    (2, "{y}.01.01-{y}.12.31"),
    (2, "{y}-01-01至{y}-12-31"),
    (1, "{y}/1/1～{y}/12/31"),
    (5, "自 {y} 年 1 月 1 日起，至 {y} 年 12 月 31 日止"),
    (4, "{y}年01月01日至{y}年12月31日"),
    (3, "自{y}年1月1日起至同年12月31日止"),
    (2, "{y}年1月1日起至当年12月31日"),
    (2, "{y}年1月1日零时至12月31日24时"),
    (3, "{y}年全年（1月1日至12月31日）"),
    (2, "{upper}年一月一日至{upper}年十二月三十一日"),
    (1, "自{y}年1月1日起至20{y}年12月31日止"),
)


def period(year: int, rng: random.Random) -> tuple[str, date, date]:
    """A reporting period: its wording, first and last day. Mostly the calendar year `year`.

    Writers leave last year's in (D2), or stop a day early, or at the end of November.
    """
    chance = rng.random()
    first, last = date(year, 1, 1), date(year, 12, 31)
    if chance < 0.015:
        first, last = date(year, 1, 1), date(year, 12, 30)
    elif chance < 0.025:
        first, last = date(year - 1, 12, 1), date(year, 11, 30)
    elif chance < 0.04:
        first, last, year = date(year - 1, 1, 1), date(year - 1, 12, 31), year - 1
    if (first.month, last.day) != (1, 31):
        days = (f"{day.year}年{day.month}月{day.day}日" for day in (first, last))
        return rng.choice(["自{}起至{}止", "{}至{}"]).format(*days), first, last
    wording = rng.choices([w for _, w in _CALENDAR_YEARS], [n for n, _ in _CALENDAR_YEARS])[0]
    return wording.format(y=year, upper=chinese_year(year)), first, last


def signed(day: date, rng: random.Random) -> str:
    """As a signature writes it; rarely without its day."""
    return _one(_SIGNED, rng)(day)


def published(day: date, rng: random.Random) -> str:
    """As a page's metadata write it."""
    return _one(_PUBLISHED, rng)(day)


def report_day(year: int, rng: random.Random) -> date:
    """When the report for `year` was signed: mostly January of the next year, by 31 March.

    Now and then its writer got the year wrong, or was early (facts 1.9, 3.4).
    """
    chance = rng.random()
    if chance < 0.02:
        return date(year, 12, rng.randint(20, 31))
    if chance < 0.04:
        return date(year, 1, rng.randint(4, 31))
    return date(year + 1, rng.choices([1, 2, 3], weights=[80, 10, 10])[0], rng.randint(1, 28))


def _one(
    writings: tuple[tuple[int, Callable[[date], str]], ...], rng: random.Random
) -> Callable[[date], str]:
    return rng.choices([w for _, w in writings], weights=[weight for weight, _ in writings])[0]
