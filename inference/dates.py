"""Dates, years and reporting periods as reports print them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..models.characters import fold
from .numbers import parse_numeral


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and its place: half open, in code points of the text that was searched."""

    start: int
    end: int
    day: date


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period, both days included, and its place in the text."""

    start: int
    end: int
    first: date
    last: date

    @property
    def is_calendar_year(self) -> bool:
        return (self.first, self.last) == calendar_year(self.first.year)


def calendar_year(year: int) -> tuple[date, date]:
    """1 January and 31 December: the period that 条例 art. 49 means."""
    return date(year, 1, 1), date(year, 12, 31)


def wrapped(pattern: str) -> re.Pattern[str]:
    """`pattern` compiled so that its words may be broken over lines."""
    return re.compile(re.sub("(?<=[㐀-鿿])(?=[㐀-鿿])", r"\\n?", pattern))


_BLANK = r"[ \t\u3000]*\n?[ \t\u3000]*"
_GAP = r"[ \t\u3000]*"
_HAN_DIGIT = "[〇○零Oo0一二三四五六七八九]"
_YEAR = (
    rf"(?:(?<!\d)(?:19|20)\d\d|(?<!\d)(?:1{_GAP}9|2{_GAP}0){_GAP}\d{_GAP}\d"
    rf"|[一二]{_HAN_DIGIT}{{3}})"
)
_SMALL = r"(?:\d\s?\d|\d|[〇零一二三四五六七八九十]{1,3})"
# A hard wrap may fall between any two digits.
_WRAPPED_YEAR = rf"(?<!\d)(?:1{_BLANK}9|2{_BLANK}0){_BLANK}\d{_BLANK}\d"
_DATE = re.compile(
    rf"(?P<year>{_YEAR}|{_WRAPPED_YEAR}){_BLANK}年{_BLANK}(?P<month>{_SMALL}){_BLANK}月{_BLANK}"
    rf"(?P<day>{_SMALL})(?:{_BLANK}[日号曰]|(?=[ \t]*(?:\n|$|\))))"
    r"|(?:(?<![\d.])|(?<=\n\d\.)|(?<=\n\d\d\.)|(?<=\n\d\d\d\.))(?P<year2>(?:19|20)\d\d)\s?(?P<mark>[-/.])\s?(?P<month2>\d{1,2})\s?(?P=mark)\s?"
    r"(?P<day2>\d{1,2})(?!\d|\.\d)",
    re.ASCII,
)
# As `_YEAR`, but it begins with one of few signs, and these the engine finds at once.
_YEAR_MENTION = re.compile(
    rf"(?P<year>[12一二](?:(?:(?<=(?<!\d)1){_GAP}9|(?<=(?<!\d)2){_GAP}0){_GAP}\d{_GAP}\d"
    rf"|(?<=[一二]){_HAN_DIGIT}{{3}})){_GAP}年"
)
_TO = r"(?:零时|0时)?\s*(?:起|开始)?[\s,、]*(?:至|到|[—–\-~])+\s*"
_SECOND = (
    rf"(?:(?P<year>{_YEAR}|同|当){_BLANK}年?)?{_BLANK}(?P<month>{_SMALL}){_BLANK}月{_BLANK}"
    rf"(?P<day>{_SMALL}){_BLANK}[日曰]"
)
_REST_OF_PERIOD = re.compile(_TO + _SECOND)
# Words in a format of their own (年, 月) are lost by some extractors: 202111日至20211231日. Writers
# double digits (至202020年12月31日), or put the months in brackets behind 全年.
# Only the whole calendar year is ever restored, never another date.
_DAMAGED = re.compile(
    r"(?<!\d)(?P<year>20\d\d)[年.]?(?:全年|度)?\(?0?1[月.]?0?1[日曰]?(?:零时|0时)?(?:起|开始)?[,、]*"
    r"(?:至|到|[—–\-~])+(?:(?:20)?(?P<last>20\d\d|同|当)[年.]?)?12[月.]?31[日曰]?(?!\d)",
    re.ASCII,
)
_PERIOD_WORDS = wrapped(
    "统计(?:数据)?的?(?:期限|期间|时限|时间|时段|周期|范围|区间|口径|期)|起止(?:时间|日期)"
    "|报告的?(?:期限|期间|时限|期[为是:])|所列数据|数据的?(?:期限|时限)|采集的?期限|时间(?:跨度|范围)"
    "|本(?:年度)?(?:报告|年报)(?:涵盖|反映|覆盖)"
)
# Converters write readings behind characters: 統計(jì)期限.
_READING = re.compile(r"\([A-Za-zÀ-ɏḀ-ỿ]{1,7}\)|\u200b|\ufeff")


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Every full date (year, month, day) of `text`, in order; impossible ones left out."""
    return tuple(_dates(fold(text)))


def _dates(folded: str) -> Iterator[FoundDate]:
    for match in _DATE.finditer(folded):
        year = match["year"] or match["year2"]
        month, day = match["month"] or match["month2"], match["day"] or match["day2"]
        if (found := _date(year, month, day)) is not None:
            yield FoundDate(match.start(), match.end(), found)


def parse_date(raw: str) -> date | None:
    """The one date that `raw` holds, whatever stands around it; None where none or several."""
    found = {one.day for one in find_dates(raw)}
    return found.pop() if len(found) == 1 else None


def parse_year(raw: str) -> int | None:
    """A year in digits or characters: 2023, ２ ０ ２ ３, 二〇二三, 二O二三."""
    text = "".join(fold(raw).split())
    if text.isdecimal() and text.isascii():
        return int(text) if len(text) == 4 else None
    value = parse_numeral(re.sub("[Oo0]", "〇", text))
    return value if value is not None and 1900 <= value < 2100 and len(text) == 4 else None


def find_years(text: str) -> tuple[tuple[int, int], ...]:
    """(offset, year) of every year that 年 follows, in order."""
    folded = fold(text)
    if "年" not in folded:
        return ()
    found = ((m.start(), parse_year(m["year"])) for m in _YEAR_MENTION.finditer(folded))
    return tuple((start, year) for start, year in found if year is not None)


def find_period(text: str) -> Period | None:
    """The reporting period that `text` states, or None.

    A range of dates counts where words such as 统计期限 stand before it in the same sentence.
    A damaged one is read only as 1 January to 31 December of its year.
    """
    folded = fold(text)
    readings = {at for match in _READING.finditer(folded) for at in range(*match.span())}
    places: Sequence[int] = range(len(folded))
    bare = folded
    if readings:
        places = [at for at in places if at not in readings]
        bare = "".join(folded[at] for at in places)
    for word in _PERIOD_WORDS.finditer(bare):
        sentence = re.split("[。；;]", bare[word.end() : word.end() + 80], maxsplit=1)[0]
        found = _joined_period(sentence) or _whole_period(sentence) or _damaged_period(sentence)
        if found is not None:
            start, last = found.start + word.end(), found.end + word.end() - 1
            return Period(places[start], places[last] + 1, found.first, found.last)
    return None


def _joined_period(sentence: str) -> Period | None:
    """A calendar year that lines break inside a number: 2024.1.1—2024.12.3 / 1."""
    places = [index for index, char in enumerate(sentence) if char != "\n"]
    found = _whole_period("".join(sentence[index] for index in places))
    if found is None or not found.is_calendar_year:
        return None
    return Period(places[found.start], places[found.end - 1] + 1, found.first, found.last)


def _whole_period(sentence: str) -> Period | None:
    for first in _dates(sentence):
        rest = _REST_OF_PERIOD.match(sentence, first.end)
        if rest is None:
            following = re.compile(_TO).match(sentence, first.end)
            later = [d for d in _dates(sentence) if following and d.start == following.end()]
            last, end = (later[0].day, later[0].end) if later else (None, 0)
        else:
            year = rest["year"]
            named = None if year in (None, "同", "当") else year
            last = _date(named or str(first.day.year), rest["month"], rest["day"])
            end = rest.end()
        if last is not None and first.day <= last:
            return Period(first.start, end, first.day, last)
    return None


def _damaged_period(sentence: str) -> Period | None:
    places = [index for index, char in enumerate(sentence) if not char.isspace()]
    match = _DAMAGED.search("".join(sentence[index] for index in places))
    if match is None or match["last"] not in (None, "同", "当", match["year"]):
        return None
    first, last = calendar_year(int(match["year"]))
    return Period(places[match.start()], places[match.end() - 1] + 1, first, last)


def _date(year: str, month: str, day: str) -> date | None:
    y, m, d = parse_year(year), _small(month), _small(day)
    if y is None or m is None or d is None:
        return None
    try:
        return date(y, m, d)
    except ValueError:
        return None  # 30 February and the like: what is printed is no date


def _small(text: str) -> int | None:
    text = "".join(text.split())
    return int(text) if text.isdecimal() else parse_numeral(text)
