"""Who signed the report and when, and what the page's metadata block says of both."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, pairwise

from ..models.characters import fold
from ..models.document import Document
from ..models.labels import Label, Span
from ..models.report import Section
from .dates import FoundDate, find_dates, parse_date
from .lines import Line, lines_of, spaced
from .title import HEAD, head_end, organ_name

#: Without sections the signature is looked for in so many characters at the end.
TAIL = 400
#: A line that dates the page is no longer than this.
PAGE_LINE = 80
#: Organ and date of a signature stand so many characters apart at most, if a line was lost.
GAP = 24
#: A signature has its organ at most so many lines from its date.
NEAR = 2


@dataclass(frozen=True, slots=True)
class Signature:
    """The signature under the text; either part may be absent."""

    organ: str | None = None
    signed: FoundDate | None = None


def field_of(labels: str, before: str = "") -> re.Pattern[str]:
    """One of the labels of a metadata block and what parts it from its value: a colon, a bar, a
    tab, a new line. before: a pattern for what stands to its left."""
    return re.compile(
        rf"{before}(?:{'|'.join(map(spaced, labels.split()))})"
        r"\s*(?:[】\]]|[:|\t\n•·])\s*(?:[:|•·]\s*)*"
    )


# Who publishes the page (来源, 作者) may be a site or an account and is no organ's field.
# Nor is who runs the site (主办单位) or sent the text in (供稿单位).
_BY = "发布 公布 颁布 发文 成文 制发 制作 制定 编制 生成 产生 公开 责任 所属 报送 报告".split()
_ORGAN_ENDINGS = "机构 机关 单位 部门 主体".split()
_OTHER_FIELDS = ("机构名称", "发布科室", "发布者")
_ORGAN_FIELD = field_of(
    " ".join((*(word + end for word in _BY for end in _ORGAN_ENDINGS), *_OTHER_FIELDS))
)
_PUBLISHED = "发布 公开 公布 上网 上传 刊登 刊发 登载 发稿 更新".split()
_WRITTEN = """
    成文 发文 生成 形成 制作 拟稿 签发 产生 文件 印发 制发 制文 编制 落款 成稿 起草 签署 行文 制定
    出具
""".split()
_ENDINGS = ("日期", "时间")
# When the page came out, before when its document was written, before any other date.
_DATE_FIELDS = (
    field_of(" ".join((*(word + end for word in _PUBLISHED for end in _ENDINGS), "发布于"))),
    field_of("信息时间 日期 时间", before=r"(?<![㐀-鿿])(?<![㐀-鿿][ \u3000])"),
    field_of(" ".join(word + end for word in _WRITTEN for end in (*_ENDINGS, "日"))),
    field_of("日期 时间", before=r"(?<!有效)(?<!废止)(?<!失效)(?<!修订)(?<!截止)"),
)
_PAGE_LINE = re.compile("来源|浏览|点击|阅读|访问|字号|字体|作者|编辑|发布|时间|日期")
_RANGE = re.compile(r"\s*(?:起|止|[至到]|[—~-]+\s*(?:19|20)\d\d)")
_LINE_NUMBER = re.compile(r"^\s*\d{1,3}\s*[.、)）．]\s*")  # text libraries number their lines
_NOTHING_ELSE = re.compile(r"[\s()\[\]【】。,、:签章盖公落款日期时间印发制]*")


def find_signature(doc: Document, sections: Sequence[Section]) -> Signature:
    """The organ and the date under the last section; page dates are none.

    The last lines of the last section count too, where they hold a date and nothing else.
    """
    start, body_end = _tail(doc, sections)
    lines = list(lines_of(doc.text, start, len(doc.text)))
    dates = [
        FoundDate(start + found.start, start + found.end, found.day)
        for found in find_dates(doc.text[start:])
    ]
    signed = [found for found in dates if _is_signature(doc.text, found)]
    outside = [found for found in signed if found.start >= body_end]
    inside = [found for found in signed if lines and found.start >= lines[-3:][0].start]
    chosen = next(chain(outside, reversed(inside)), None) or _labelled_date(doc, dates)
    return Signature(_signing_organ(doc, lines, body_end, chosen), chosen)


def _labelled_date(doc: Document, dates: Sequence[FoundDate]) -> FoundDate | None:
    """The date that the tagger labelled right behind an organ, on pages that lost their lines."""
    for issuer, day in pairwise(doc.spans):
        if issuer.label is not Label.ISSUER or day.label is not Label.DATE:
            continue
        if day.start - issuer.end <= GAP:
            for found in dates:
                if day.start <= found.start and found.end <= day.end:
                    return found
    return None


def _tail(doc: Document, sections: Sequence[Section]) -> tuple[int, int]:
    """Where to begin to look, and where the text proper ends."""
    if not sections:
        return max(0, len(doc.text) - TAIL), 0
    last = sections[-1]
    return last.body_start, last.body_end


def _around(text: str, found: FoundDate) -> tuple[str, str]:
    """What stands before and behind a date on its line, or its two lines."""
    start = text.rfind("\n", 0, found.start) + 1
    end = text.find("\n", found.end)
    return text[start : found.start], text[found.end : end if end >= 0 else len(text)]


def _is_signature(text: str, found: FoundDate) -> bool:
    """Whether nothing but an organ stands beside a date."""
    before, after = _around(text, found)
    before = _LINE_NUMBER.sub("", re.split(r"[。！]\s+", before)[-1])
    if not _NOTHING_ELSE.fullmatch(fold(after)) or re.search("发布|公开|更新|成文", fold(before)):
        return False
    return bool(_NOTHING_ELSE.fullmatch(fold(before))) or organ_name(_bare(before)) is not None


def _bare(text: str) -> str:
    """Without the bracket that a date in brackets leaves behind."""
    return text.rstrip(" \u3000\t(（[【")


def _signing_organ(
    doc: Document, lines: Sequence[Line], start: int, signed: FoundDate | None
) -> str | None:
    """The organ on the date's own line or next to it, else the tagger's, else the first line's."""
    if signed is not None:
        above = [line for line in lines if line.end <= signed.start][-NEAR:]
        below = [line for line in lines if line.start >= signed.end][:NEAR]
        beside = [
            _bare(_around(doc.text, signed)[0]),
            *(line.text for line in (*reversed(above), *below)),
        ]
        if names := [name for text in beside if (name := organ_name(text))]:
            return names[0]
    for span in doc.spans:
        if span.label is Label.ISSUER and span.start >= start:
            whole = [line.text for line in lines if line.start <= span.start < line.end]
            own = [] if _goes_on(doc.text, span) else [doc.wording(span)]
            if names := [name for text in (*whole, *own) if (name := organ_name(text))]:
                return names[0]
    rest = [line for line in lines if line.start >= start > 0]
    return organ_name(rest[0].text) if rest else None


def _goes_on(text: str, span: Span) -> bool:
    """Whether words go on before or behind a span: 由青禾县水利局主办."""
    beside = text[max(0, span.start - 1) : span.start] + text[span.end : span.end + 1]
    return re.search("[㐀-鿿]", beside) is not None


def block_organ(doc: Document, sections: Sequence[Section]) -> str | None:
    """The organ of the page's metadata block or meta tags; never a site or an account."""
    for start, end in _page_zones(doc, sections):
        folded = fold(doc.text[start:end])
        for match in _ORGAN_FIELD.finditer(folded):
            value = re.match(r"[^\s|:;,。]{2,45}", doc.text[start + match.end() : end])
            if value and (name := organ_name(value[0])):
                return name
    return organ_name(dict(doc.metadata).get("issuer", ""))


def publication_date(doc: Document, sections: Sequence[Section]) -> date | None:
    """The date that the page gives itself: a field of its block, a line of its head, meta tags."""
    zones = [doc.text[start:end] for start, end in _page_zones(doc, sections)]
    folded = [fold(text) for text in zones]
    for field in _DATE_FIELDS:
        for text, own in zip(zones, folded, strict=True):
            for match in field.finditer(own):
                value = find_dates(text[match.end() : match.end() + 24])
                if value and value[0].start <= 2 and not _is_range(text, match.end(), value[0]):
                    return value[0].day
    for line in lines_of(zones[0], 0, len(zones[0])):
        if "。" in line.text or len(line.text) > PAGE_LINE:
            continue  # prose: dates of the reporting period and of events
        if _PAGE_LINE.search(fold(line.text)):
            found = find_dates(line.text)
            if len(found) == 1 and not _is_range(line.text, 0, found[0]):
                return found[0].day
    return parse_date(dict(doc.metadata).get("publication_date", ""))


def _is_range(text: str, shift: int, found: FoundDate) -> bool:
    """Whether a period begins or ends at a date. shift: where its offsets begin in `text`."""
    return _RANGE.match(fold(text[shift + found.end :])) is not None


def _page_zones(doc: Document, sections: Sequence[Section]) -> tuple[tuple[int, int], ...]:
    """Above the first section, and below the last."""
    if not sections:
        return (0, min(HEAD, len(doc.text))), (max(0, len(doc.text) - TAIL), len(doc.text))
    return (0, head_end(doc, sections)), (sections[-1].body_end, len(doc.text))
