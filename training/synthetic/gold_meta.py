"""What a careful reader knows of a synthetic report as a whole: gold of the metadata.

Every field is read off its marks, after all damages, and is None where nothing is left that says
it. What a damage glued together is not taken apart again, with one exception: a reporting period
that is the calendar year (facts 4.3).
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date

from ...models.labels import Label
from .dates import chinese_year
from .marked import Mark, Marked
from .subject import Subject

Facts = Mapping[str, str | int | None]

_NOTICES = {"202130": "国办公开办函〔2021〕30号", "201960": "国办公开办函〔2019〕60号"}
_IN_PASSING = re.compile(r"统计期[限间]为(\d{4})年1月1日至12月31日")
_SHORTEST_TITLE = 8  # the last character of a title that is printed again is no copy
_NUMBER = re.compile(r"\D{0,12}(?:19|20)\d\d[〕)\]】}>]第?\d{1,3}[号號]")
_READING = re.compile(r"\([^()\d]{1,7}\)")  # pinyin, which some converters write behind a sign
_DIGITS = {char: str(n) for n, char in enumerate("〇一二三四五六七八九")} | {
    zero: "0" for zero in "○零OoΟ"
}
_DATE = re.compile(
    r"(\d{4}|[〇○零OoΟ一二三四五六七八九]{4})\s*[年.\-/]\s*([\d一二三四五六七八九十]{1,3})\s*[月.\-/]"
    r"\s*([\d一二三四五六七八九十]{1,3})\s*[日曰]?"
)


def meta_of(marked: Marked, subject: Subject) -> Facts:
    """The contract's fields but `form_version`, which the tables tell, and `kind`."""
    title = _title(marked)
    issuer = _issuer(marked, subject, title)
    signed = _first_date(marked, "signed_date")
    published = _first_date(marked, "publication_date") or _first_date(marked, "written_date")
    period = _period(marked)
    return {
        "title": title,
        "issuer": issuer,
        "year": _year(marked, subject, title, period, signed, published),
        "signed_date": None if signed is None else signed.isoformat(),
        "publication_date": None if published is None else published.isoformat(),
        "period_start": None if period is None else period[0].isoformat(),
        "period_end": None if period is None else period[1].isoformat(),
        "document_number": _document_number(marked),
        "cited_notice": cited_notice(marked),
        "scope": _scope(subject) if issuer is not None else None,
    }


def _standing(marked: Marked, key: str) -> Iterator[Mark]:
    """The marks of `key` that have wording, in the order of the text."""
    marks = (m for m in marked.marks if m.key == key and m.start < m.end)
    return iter(sorted(marks, key=lambda mark: mark.start))


def _said(marked: Marked, mark: Mark) -> str:
    """The mark's wording, folded, less furniture, blanks and readings inside it."""
    inside = [
        (max(m.start, mark.start), min(m.end, mark.end))
        for m in marked.marks
        if m.label is Label.NOISE and m.start < mark.end and mark.start < m.end
        if not (m.start <= mark.start and mark.end <= m.end)
    ]
    text = marked.text[mark.start : mark.end]
    for start, end in sorted(inside, reverse=True):
        text = text[: start - mark.start] + text[end - mark.start :]
    return _READING.sub("", "".join(unicodedata.normalize("NFKC", text).split()))


def _wording(text: str, mark: Mark) -> str:
    """As printed, but in one line and without the signs of Markdown at a break."""
    return re.sub(r"[\s#*]*\n[\s#*]*", "", text[mark.start : mark.end])


def _title(marked: Marked) -> str | None:
    """Its lines joined; else a copy of it, whose first print was dropped; else the field of the
    metadata block that gives it."""
    lines = list(_standing(marked, "title"))
    if not lines:
        copies = (m for m in _standing(marked, "") if m.label is Label.TITLE)
        lines = [m for m in copies if m.end - m.start >= _SHORTEST_TITLE][:1]
    lines = lines or list(_standing(marked, "title_field"))[:1]
    return "".join(_wording(marked.text, mark) for mark in lines) or None


def _issuer(marked: Marked, subject: Subject, title: str | None) -> str | None:
    """The organ in the title; else the signature's; else the metadata block's."""
    if title is not None and subject.organ in title:
        return subject.organ
    titled = any(_standing(marked, "title"))
    for organ in _standing(marked, "organ" if titled else "organ_field"):
        return _wording(marked.text, organ)
    signatures = [m for m in marked.marks if m.key == "signature"]
    named = list(_standing(marked, "issuer"))
    named.sort(key=lambda m: not any(s.start <= m.start < s.end for s in signatures))
    return _wording(marked.text, named[0]) if named else None


def _scope(subject: Subject) -> str | None:
    """own or aggregated by the kind of organ (facts 1.9); a zone's committee may report either."""
    if subject.kind == "government":
        return "aggregated"
    if subject.kind == "committee" and re.search("(?:管理委员会|管委会)$", subject.organ):
        return None
    return "own"


def _year(
    marked: Marked,
    subject: Subject,
    title: str | None,
    period: tuple[date, date] | None,
    signed: date | None,
    published: date | None,
) -> int | None:
    """The first present of period, title, section 1 and preface, signature - 1, publication - 1."""
    if period is not None:
        return period[1].year
    named = re.compile(rf"(?<!\d){subject.year}(?!\d)|{chinese_year(subject.year)}")
    if named.search(unicodedata.normalize("NFKC", title or "")):
        return subject.year
    # the day of an event says nothing of the year that is reported
    event = r"(?!\s*年\s*\d{1,2}\s*月\s*\d)"
    spoken = re.compile(rf"(?<!\d){subject.year}{event}\s*年|{chinese_year(subject.year)}")
    if spoken.search(_opening(marked)):
        return subject.year
    day = signed or published
    return None if day is None else day.year - 1


def _opening(marked: Marked) -> str:
    """Preface and section 1, folded, without furniture and title."""
    bounds = {m.key: m for m in marked.marks if m.key in ("heading:1", "body:1")}
    first = min((m.start for m in bounds.values()), default=0)
    body = bounds.get("body:1")
    end = first if body is None else body.end
    beside = [m for m in marked.marks if m.label in (Label.NOISE, Label.TITLE) and m.end <= first]
    text = list(marked.text[:end])
    for mark in beside:
        text[mark.start : mark.end] = "\n" * (mark.end - mark.start)
    return unicodedata.normalize("NFKC", "".join(text))


def _period(marked: Marked) -> tuple[date, date] | None:
    """First and last day. A calendar year is known by its digits, whatever stands between them;
    any other period only while both of its days are whole."""
    mark = next((m for m in marked.marks if m.key.startswith("period:") and m.start < m.end), None)
    if mark is None:
        return _period_in_passing(marked)
    first, last = (date.fromisoformat(day) for day in mark.key.split(":")[1:])
    said = _said(marked, mark)
    if (first, last) == (date(last.year, 1, 1), date(last.year, 12, 31)):
        year, digits = last.year, re.sub(r"\D", "", said.replace("24时", ""))
        in_words = f"{chinese_year(year)}年一月一日至{chinese_year(year)}年十二月三十一日"
        known = re.fullmatch(rf"{year}0?10?1(?:(?:20)?{year})?1231", digits) or said == in_words
    else:
        known = len(_DATE.findall(said)) == 2 and re.sub(r"\D", "", said) == "".join(
            f"{day.year}{day.month}{day.day}" for day in (first, last)
        )
    return (first, last) if known else None


def _period_in_passing(marked: Marked) -> tuple[date, date] | None:
    """The calendar year that a sentence above a table names as that of its data."""
    for mark in marked.marks:
        if mark.key in ("body:2", "body:3", "body:4"):
            said = _IN_PASSING.search(_said(marked, mark))
            if said is not None:
                return date(int(said[1]), 1, 1), date(int(said[1]), 12, 31)
    return None


def cited_notice(marked: Marked) -> str | None:
    """国办公开办函〔2021〕30号 or 〔2019〕60号, as long as its digits are whole."""
    for mark in _standing(marked, "cited_notice"):
        return _NOTICES.get(re.sub(r"\D", "", _said(marked, mark)))
    return None


def _document_number(marked: Marked) -> str | None:
    """As printed, without blanks; None where its year and number ran together."""
    for mark in _standing(marked, "document_number"):
        if _NUMBER.fullmatch(_said(marked, mark)):
            return "".join(marked.text[mark.start : mark.end].split())
    return None


def _first_date(marked: Marked, key: str) -> date | None:
    """The first of the marks of `key` that is a date; None where there is none."""
    days = (_date(_said(marked, mark)) for mark in _standing(marked, key))
    return next((day for day in days if day is not None), None)


def _date(wording: str) -> date | None:
    match = _DATE.fullmatch(wording)
    if match is None:
        return None
    year = "".join(_DIGITS.get(char, char) for char in match[1])
    try:
        return date(int(year), _small(match[2]), _small(match[3]))
    except (ValueError, KeyError):  # a damage ate digits (1月131日) or doubled them (十十)
        return None


def _small(text: str) -> int:
    """A day or month: 3, 十二, 二十一."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(_DIGITS[char] for char in tens))  # 二二, where a typist left out 十
    return int(_DIGITS[tens] if tens else 1) * 10 + int(_DIGITS[ones] if ones else 0)
