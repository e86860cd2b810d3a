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
