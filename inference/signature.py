"""Who signed the report and when, and what the page's metadata block says of both."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..models.characters import fold
from ..models.document import Document
from ..models.labels import Label
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


def _field(labels: Iterable[str]) -> re.Pattern[str]:
    """A label of a metadata block and what parts it from its value (colon, bar, tab, new line)."""
    return re.compile(
        rf"(?:{'|'.join(map(spaced, labels))})\s*[】\]]?\s*[:|\t\n•·]\s*(?:[|•·]\s*)*"
    )


# Who publishes the page (来源, 作者) may be a site or an account and is no organ's field.
_ORGAN_FIELD = _field(
    """
    发布机构 发布机关 发布单位 发布部门 发文机关 发文机构 发文单位 成文机关 制发机关 编制机关
    公开机构 公开主体 公开单位 公开责任部门 责任部门 所属机构
    """.split()
)
_DATE_FIELDS = (
    _field(("发布日期", "发布时间", "公开日期", "公开时间", "发布于", "上网时间")),
    _field(("成文日期", "成文时间", "生成日期", "生成时间", "发文日期", "发文时间", "印发日期")),
    _field(("信息时间", "更新时间", "更新日期", "日期", "时间")),
)
_PAGE_LINE = re.compile("来源|浏览|点击|阅读|访问|字号|字体|作者|编辑|发布|时间|日期")
_RANGE = re.compile(r"\s*(?:起|止|[至到]|[—~-]+\s*(?:19|20)\d\d)")
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
    chosen = (*outside, *reversed(inside), _labelled_date(doc, dates))[0]
    return Signature(_signing_organ(doc, lines, body_end, chosen), chosen)


def _labelled_date(doc: Document, dates: Sequence[FoundDate]) -> FoundDate | None:
    """The date that the tagger labelled right behind an organ, on pages that lost their lines."""
    for issuer, day in zip(doc.spans, doc.spans[1:], strict=False):
        labels = (issuer.label, day.label)
        if labels == (Label.ISSUER, Label.DATE) and day.start - issuer.end <= GAP:
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
            if name := organ_name(doc.wording(span)):
                return name
    rest = [line for line in lines if line.start >= start > 0]
    return organ_name(rest[0].text) if rest else None


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
    zones = _page_zones(doc, sections)
    for field in _DATE_FIELDS:
        for start, end in zones:
            text = doc.text[start:end]
            for match in field.finditer(fold(text)):
                value = find_dates(text[match.end() : match.end() + 24])
                if value and value[0].start <= 2 and not _is_range(text, match.end(), value[0]):
                    return value[0].day
    for line in lines_of(doc.text, *zones[0]):
        if "。" in line.text or len(line.text) > PAGE_LINE:
            continue  # prose: dates of the reporting period and of events
        found = find_dates(line.text)
        if len(found) == 1 and _PAGE_LINE.search(fold(line.text)):
            if not _is_range(line.text, 0, found[0]):
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
