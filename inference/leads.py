"""Words of section 5 that announce items and are none: heads, lead-ins, praise, attachments."""

import re

from .wording import letters, plain

_TIME = r"(?:\d{4}年度?|新的一年|下一?(?:年度?|阶段|步)|今后|后续|明年)"
#: What only leads over to an item, up to its comma (report contract: items).
_LEAD = re.compile(
    rf"\s*(?:在?{_TIME}(?:里|中|的?工作(?:中|里)?)?"
    r"|针对(?:存在的?|上述|以上|这些|前述)(?:主要)?(?:问题|不足|短板)(?:和不足)?"
    r"|为此|对此|同时|此外|另外|与此同时|根据[^，,。；]{2,14}(?:意见|要求))[，,]\s*"
)
_NEXT = re.compile(r"\s*(?:下一(?:步|阶段|年度?)|今后|后续|明年|新的一年)")
_PROBLEMS = re.compile(r"问题|不足|短板|差距|困难|薄弱")
_MEASURES = re.compile(r"措施|打算|计划|方向|举措|思路|办法|安排|整改|改进")
_CONNECTIVE = re.compile(r"\s*(?:但是|但|然而|不过|同时|此外|另外)[，,]?\s*")
#: What went well, before the 但 behind which the problem stands.
_PRAISE = re.compile(
    r"[^。；;]*(?:成效|成绩|进展|提升|提高|进步|改善|完善)[^。；;，,]{0,12}[，,]\s*(?:但是|但|然而|不过)也?"
)
_ANNOUNCES = re.compile(
    r"(?:主要做法是|做法如下|如下|主要表现在?|集中在|主要是|主要有|体现在"
    r"|以下[^。；]{0,10}(?:方面|问题|工作|措施|点|举措|不足)[^。；]{0,8})[:：]?\s*$"
)
_ATTACHMENT = re.compile(r"\s*附[件表录]\s*\d*\s*[:：]|\.(?:xlsx?|docx?|pdf|wps|zip)\s*$")
_SUBHEAD = re.compile(
    rf"{_TIME}?(?:的)?(?:政府信息公开工作|政务公开工作|信息公开工作|工作中|目前|当前|本年度)?"
    r"(?:还|仍)?(?:存在的?|主要|突出|我[局委镇县区]){0,3}"
    r"(?:问题|不足|短板|差距|困难)(?:和|与|及|以及)?(?:其?原因|不足|差距|困难|短板|问题)?"
    r"(?:方面|主要有|如下|之处|分析)?"
    rf"|(?:{_TIME}|针对性|主要)?(?:的|工作)?(?:解决办法和|整改和)?(?:改进|整改|工作|解决|应对|努力)?(?:的)?"
    r"(?:措施|情况|打算|安排|计划|方向|举措|思路|办法|重点)(?:和|及)?(?:打算|安排|措施|下一步打算|如下)?"
)


def is_subhead(wording: str) -> bool:
    """Whether a line announces problems or measures and is no item's title."""
    return _SUBHEAD.fullmatch(letters(wording)) is not None


def announced(head: str) -> int | None:
    """What a subheading announces: 0 problems, 1 measures; None where it names both or neither."""
    problems, measures = _PROBLEMS.search(plain(head)), _MEASURES.search(plain(head))
    if bool(problems) == bool(measures):
        return None
    return int(bool(measures))


def turns_to_measures(sentence: str) -> bool:
    """Whether a sentence opens with 下一步 or the like: what follows is an intention."""
    return _NEXT.match(sentence) is not None


def is_lead(sentence: str) -> bool:
    """Whether a sentence only announces items that follow, or names an attachment."""
    stripped = sentence.strip()
    return bool(_ANNOUNCES.search(stripped) or _ATTACHMENT.search(stripped))


def skip_leads(text: str, start: int, end: int, *, praise: bool) -> int:
    """Where an item of prose begins behind its lead-ins.

    praise: it may open with what went well.
    """
    while (lead := _LEAD.match(text, start, end)) is not None:
        start = lead.end()
    if praise and (before := _PRAISE.match(text, start, end)) is not None:
        start = before.end()
    connective = _CONNECTIVE.match(text, start, end)
    return connective.end() if connective else start
