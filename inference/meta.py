"""Title, issuer, year, dates and notices of a report, and where they disagree."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from ..models.characters import fold
from ..models.document import Document
from ..models.findings import finding
from ..models.form import Version
from ..models.report import Finding, Meta, Section
from .dates import Period, find_period, find_years, parse_year
from .lines import compact, compact_folded, lines_of
from .signature import Signature, block_organ, field_of, find_signature, publication_date
from .title import Title, find_title, head_end, organ_of

Scope = Literal["own", "aggregated"]

#: 条例 in force since 1 May 2008: no report is about an earlier year.
FIRST_YEAR = 2007
#: The two notices that set the form: (year, number) -> its version.
NOTICES: dict[tuple[str, str], Version] = {("2021", "30"): "2021", ("2019", "60"): "2019"}

# A slip in the name leaves most of it; 政办函 and the like are numbers of others.
_NOTICE = re.compile(
    r"[国公](?:(?<=国)(?:办|[办公开]{2,})|(?<![务县市省区]公)(?<=公)开办)[国办公开函]{1,6}\s*[〔(\[{【﹝<]?\s*(20(?:21|19))\s*年?"
    r"\s*[〕)\]}】﹞>]?\s*第?\s*(30|60)\s*号?(?!\d)"
)
_NUMBER = re.compile(
    r"[㐀-鿿]{1,14}\s*[〔(\[{【﹝]?\s*(?:19|20)\d\d\s*[〕)\]}】﹞]\s*第?\s*\d{1,4}\s*号"
)
_NUMBER_FIELD = field_of("文号 发文字号 发布文号 发文文号 文件编号 公文文号 公文字号")
_NUMBER_ALONE = re.compile(rf"(?:(?<=[\s|])|^|(?<=\d[.、)])){_NUMBER.pattern}(?=[\s|]|$)")
_TITLE_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?!\d)|([一二][〇○零O0一二三四五六七八九]{3})(?=年)"
)
# Years inside these say nothing of the report's own: laws and notices, comparisons, other times.
_QUOTED = re.compile(r"《[^》]{0,60}》|[〔\[【(]\s*(?:19|20)\d\d\s*[〕\]】)]")
_OTHER_TIME = re.compile(
    r"(?:较|比|同比|相比|对比|以来|截至|上年|去年|计划|下一步|拟|结转|起施行|修订)[^。;,]{0,6}$"
    r"|[自从原]\s*$"
)
_PAST = re.compile(r"年度?(?:的?结转|起|底|以前|之前|的?[决预]算)")
_WHOLE_YEAR = re.compile(r"(?:^|[。;\n\s,])$")

_OFFICE = re.compile(
    r"(?:办公室|办公厅|办事处|[局委厅院部办会处室站所队关司馆社台行校联协]|本级|中心|法院|检察院|(?<!行政公)署)(?:\(.*\))?$"
)
_COMMITTEE = re.compile(
    r"(?:管委会|(?<!监督)管理委员会)(?:\(.*\))?$|新区$|开发区$|园区$|示范区$|度假区$|实验区$|高新区$"
)
_TOWNSHIP = re.compile(r"(?:[镇乡街]|街道|苏木|嘎查|地区|[农林]场管理区)(?:人民政府|政府)?$")
_GOVERNMENT = re.compile(r"[省市县区州盟旗团](?:人民政府|政府|行政公署)?$|行政公署$|行署$")


@dataclass(frozen=True, slots=True)
class Majority:
    """The year that a text speaks of most, and its weight among all years that it names."""

    year: int
    weight: int
    total: int

    @property
    def is_clear(self) -> bool:
        """Named more than once, and nearly alone."""
        return self.weight >= 3 and self.weight >= 0.75 * self.total


def find_meta(
    doc: Document, sections: Sequence[Section], form_version: Version | None = None
) -> tuple[Meta, tuple[Finding, ...]]:
    """What the report says of itself; null where it does not.

    sections: in the order of the text, as `Report.sections`.
    form_version: that of the tables; None where they show none: then the cited notice decides.
    """
    title = find_title(doc, sections)
    signature = find_signature(doc, sections)
    period = find_period(doc.text)
    published = publication_date(doc, sections)
    cited = cited_notices(doc.text)
    issuer = (
        (organ_of(title.text) if title else None) or signature.organ or block_organ(doc, sections)
    )
    main = majority_year(doc, sections)
    year = _year(period, title, main, signature, published)
    meta = Meta(
        title=title.text if title else None,
        issuer=issuer,
        year=year,
        signed_date=signature.signed.day if signature.signed else None,
        publication_date=published,
        period_start=period.first if period else None,
        period_end=period.last if period else None,
        form_version=form_version or (cited[0][1] if cited else None),
        document_number=_document_number(doc, sections),
        cited_notice=_cited(cited, form_version),
        scope=scope_of(issuer, title.text if title else ""),
    )
    found = (
        *_absent(meta, title),
        *_years_disagree(meta, period, title, main, signature),
        *_dates_disagree(meta, period, signature),
        *_notice_disagrees(cited, form_version),
    )
    return meta, found


def title_year(title: str) -> int | None:
    """The first year that a title names, in digits or characters."""
    for match in _TITLE_YEAR.finditer(fold(title)):
        if (year := parse_year(match[0])) is not None and year >= FIRST_YEAR:
            return year
    return None


def majority_year(doc: Document, sections: Sequence[Section]) -> Majority | None:
    """The year that section 1 and the preface above it speak of most.

    Of a text without sections (the narrative reports of 2008 to 2018) the whole counts.
    A year that opens a sentence (2022年，我局…) counts double; years of laws, notices,
    comparisons and full dates do not count. None on a tie.
    """
    first = [doc.text[s.body_start : s.body_end] for s in sections if s.id == "1"]
    preface = [
        line.text for line in lines_of(doc.text, 0, head_end(doc, sections)) if "。" in line.text
    ]
    text = "\n".join((*preface, *first)) if sections else doc.text
    folded = _QUOTED.sub(lambda match: " " * len(match[0]), fold(text))
    weights: Counter[int] = Counter()
    for start, year in find_years(folded):
        before, after = folded[max(0, start - 12) : start], folded[start : start + 14]
        if year < FIRST_YEAR or _OTHER_TIME.search(before):
            continue
        if re.match(r".{4,8}年\s*\d{1,2}\s*月\s*\d", after) or _PAST.search(after):
            continue
        weights[year] += 2 if _WHOLE_YEAR.search(before) or not before else 1
    ranked = weights.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return Majority(ranked[0][0], ranked[0][1], weights.total())


def _year(
    period: Period | None,
    title: Title | None,
    main: Majority | None,
    signature: Signature,
    published: date | None,
) -> int | None:
    """The first present of period, title, section 1, signature - 1, publication - 1."""
    if period is not None:
        return period.last.year
    if title is not None and (named := title_year(title.text)) is not None:
        return named
    if main is not None:
        return main.year
    if signature.signed is not None:
        return signature.signed.day.year - 1
    return published.year - 1 if published else None


def _years_disagree(
    meta: Meta,
    period: Period | None,
    title: Title | None,
    main: Majority | None,
    signature: Signature,
) -> Iterator[Finding]:
    """One finding that names every source. Section 1 counts only where it is nearly of one voice;
    the signature only from January to April, when reports are due (条例 art. 49)."""
    said: dict[str, int] = {}
    if period is not None:
        said["统计期限"] = period.last.year
    if title is not None and (named := title_year(title.text)) is not None:
        said["标题"] = named
    if main is not None and (main.is_clear or not said):
        said["第一部分"] = main.year
    if signature.signed is not None and signature.signed.day.month <= 4:
        said["落款日期的上一年"] = signature.signed.day.year - 1
    if len(set(said.values())) > 1:
        detail = "，".join(f"{source}为{year}年" for source, year in said.items())
        place = period or title
        yield finding(
            "year_conflict",
            place.start if place else None,
            place.end if place else None,
            detail=detail,
        )


def _absent(meta: Meta, title: Title | None) -> Iterator[Finding]:
    if title is None:
        yield finding("no_title")
    elif title_year(title.text) is None:
        yield finding("no_year_in_title", title.start, title.end, title=title.text)
    if meta.issuer is None:
        yield finding("no_issuer")
    if meta.year is None:
        yield finding("no_year")


def _dates_disagree(meta: Meta, period: Period | None, signature: Signature) -> Iterator[Finding]:
    if period is not None and not period.is_calendar_year:
        detail = f"{period.first.isoformat()}至{period.last.isoformat()}"
        yield finding("period_unusual", period.start, period.end, detail=detail)
    signed = signature.signed
    if signed is not None and meta.year is not None and signed.day < date(meta.year, 12, 31):
        yield finding(
            "date_before_period_end",
            signed.start,
            signed.end,
            date=signed.day.isoformat(),
            year=meta.year,
        )


@lru_cache(maxsize=1)  # alignment and meta ask for the same text in turn
def cited_notices(text: str) -> tuple[tuple[str, Version], ...]:
    """The notices on the form that the text cites, whole or damaged, each once, in order.

    >>> cited_notices("依据国办公开办函202130号")
    (('国办公开办函〔2021〕30号', '2021'),)
    """
    found: dict[str, Version] = {}
    for year, number in _NOTICE.findall(compact_folded(fold(text))):
        if (version := NOTICES.get((year, number))) is not None:
            found[f"国办公开办函〔{year}〕{number}号"] = version
    return tuple(found.items())


def cited_version(text: str) -> Version | None:
    """The version of the first notice on the form that the text cites, or None."""
    cited = cited_notices(text)
    return cited[0][1] if cited else None


def _cited(cited: tuple[tuple[str, Version], ...], form_version: Version | None) -> str | None:
    """Of several the one that fits the tables, else the first."""
    fitting = [name for name, version in cited if version == form_version]
    return (*fitting, *(name for name, _ in cited), None)[0]


def _notice_disagrees(
    cited: tuple[tuple[str, Version], ...], form_version: Version | None
) -> Iterator[Finding]:
    if cited and form_version is not None and all(v != form_version for _, v in cited):
        yield finding("cited_notice_conflict", cited=cited[0][0], found=form_version)


def _document_number(doc: Document, sections: Sequence[Section]) -> str | None:
    """The report's own 文号: in the metadata block, or alone above the first sentence.

    One whose year and number ran together (〔20245号) cannot be told and is none.
    """
    head = doc.text[: head_end(doc, sections)]
    for match in _NUMBER_FIELD.finditer(fold(head)):
        if found := _NUMBER.match(fold(compact(head[match.end() : match.end() + 60]))):
            return compact(head[match.end() : match.end() + 60])[: found.end()]
    for found in _NUMBER_ALONE.finditer(fold(head)):
        number = compact(head[slice(*found.span())])
        if "。" not in head[: found.start()] and not cited_notices(number):
            return number
    return None


def scope_of(issuer: str | None, title: str = "") -> Scope | None:
    """Whether the report covers the organ alone, or all organs below a government.

    The report of a 人民政府 adds up its area (条例 art. 49); a township has nothing below it.
    A zone's committee may do either: None.
    """
    if issuer is None:
        return None
    name = fold(issuer)
    if re.search("本级", name + fold(title)):
        return "own"
    if _COMMITTEE.search(name):
        return None
    if _TOWNSHIP.search(name) or _OFFICE.search(name):
        return "own"
    return "aggregated" if _GOVERNMENT.search(name) else None
