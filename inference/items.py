"""Problems and measures: the spans of section 5 with clean edges."""

import re
from collections.abc import Sequence

from ..models.document import Document
from ..models.findings import finding
from ..models.labels import Label
from ..models.report import Finding, Item, Narrative, Role, Section

ROLES: dict[Label, Role] = {Label.PROBLEM: "problem", Label.MEASURE: "measure"}

_NUMERALS = "一二三四五六七八九十"
_MARKER = re.compile(
    rf"\s*(?:[{_NUMERALS}]+是(?!否)|第[{_NUMERALS}]+[，,、是]|其[{_NUMERALS}][，,、是]"
    rf"|[（(][{_NUMERALS}\d]{{1,3}}[）)][、.．]?|[{_NUMERALS}]{{1,3}}、"
    r"|\d{1,2}(?:[、)）]|是(?!否)|[.．](?=20\d\d|\D))"
    r"|[①-⑳]|[•●·▪◆■]|——|首先[，,]?|其次[，,]?|再次[，,]?|最后[，,]?)\s*"
)
_CLOSING = "。；;，,、 \t\n\u3000\xa0|"
_NONE = re.compile(r"[(（]?[一二三12]?[)）、.]?(?:暂?无|没有|不存在|未发现)[^。]{0,24}[。.]?")
_GENERIC = re.compile(r"差距|不足|提高|提升|改进|加强|完善")
_OBJECT = re.compile(
    r"内容|更新|及时|时效|规范|解读|渠道|形式|平台|网站|栏目|申请|答复|回应|互动|制度|机制|人员|队伍|"
    r"业务|培训|认识|意识|重视|监督|考核|检查|审核|审查|保密|协[同调作]|沟通|领域|宣传|质量|力度|能力|范围"
)


def find_items(doc: Document, sections: Sequence[Section]) -> tuple[Item, ...]:
    """The items of section 5, in order; none where there is no section 5."""
    start, end = next(((s.body_start, s.body_end) for s in sections if s.id == "5"), (0, 0))
    items = []
    for span in doc.spans:
        if span.label in ROLES and start <= span.start and span.end <= end + 1:
            begin, stop = clean_edges(doc.text, span.start, span.end)
            if begin < stop:
                text = doc.text[begin:stop]
                items.append(
                    Item(
                        role=ROLES[span.label],
                        text=text,
                        start=begin,
                        end=stop,
                        generic=is_generic(text),
                        confidence=span.score,
                    )
                )
    return tuple(items)


def clean_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Move the marker in front and the closing punctuation out (report contract: items)."""
    if marker := _MARKER.match(text, start, end):
        start = marker.end()
    while start < end and text[start] in _CLOSING:
        start += 1
    while end > start and text[end - 1] in _CLOSING:
        end -= 1
    return start, end


def is_generic(text: str) -> bool:
    """Whether an item names no object: 与上级要求相比还有差距."""
    return len(text) <= 40 and bool(_GENERIC.search(text)) and not _OBJECT.search(text)


def narrative_of(doc: Document, sections: Sequence[Section], items: Sequence[Item]) -> Narrative:
    """Whether section 5 says that there is no problem."""
    body = next((doc.text[s.body_start : s.body_end] for s in sections if s.id == "5"), "")
    stated = any(item.role == "problem" for item in items)
    return Narrative(none_stated=not stated and bool(_NONE.match(body.strip())))


def item_findings(
    sections: Sequence[Section], items: Sequence[Item], narrative: Narrative
) -> list[Finding]:
    """What section 5 leaves out."""
    body = next(((s.body_start, s.body_end) for s in sections if s.id == "5"), None)
    if body is None or body[0] == body[1]:
        return []
    if narrative.none_stated:
        return [finding("none_stated", *body)]
    roles = {item.role for item in items}
    codes: dict[Role, str] = {"problem": "problems_missing", "measure": "measures_missing"}
    return [finding(code, *body) for role, code in codes.items() if role not in roles]
