"""Words of section 5: those that announce items and are none, and those that tell their role."""

import re

from .wording import letters, plain

_TIME = (
    r"(?:(?:进入|[从自到])?\d{4}年(?:度|起|开始|以后)?|新的一年|下一?(?:年度?|阶段|步)"
    r"|今后|接下来|后续|明年|未来)"
)
#: What only leads over to an item, up to its comma (report contract: items).
_LEAD = re.compile(
    rf"\s*(?:在?(?:{_TIME}|以后)(?:里|中|的?工作(?:中|里)?)?"
    r"|(?:针对|围绕|对照|聚焦|着眼)(?:存在的?|[上前]述|以上|这些)(?:主要)?(?:问题|不足|短板|弱项|差距)(?:和不足)?"
    r"|为此|对此|同时|此外|另外|与此同时|根据[^，,。；]{2,14}(?:意见|要求))[，,]+\s*"
)
_NEXT = re.compile(
    r"\s*在?(?:下一?(?:步|阶段|年度?)|[今以]后|接下来|后续|明年|未来|新的一年|[为对]此[，,将我]"
    r"|(?:有?鉴于此|面对[^，,。；]{1,8})[，,]|(?:进入|[从自])\d{4}年|\d{4}年的?工作[中里]"
    r"|(?:针对|围绕|对照)[^，,。；]{0,10}(?:问题|不足|短板|情况)[，,])"
)
_PROBLEMS = re.compile(r"问题|不足|短板|差距|困难|薄弱")
_MEASURES = re.compile(r"措施|打算|计划|方向|举措|思路|办法|安排|整改|改进")
_CONNECTIVE = re.compile(r"\s*(?:但是|但|然而|不过|同时|此外|另外)[，,]?\s*")
#: A clause that only announces what its colon opens: …，主要途径是：
_OPENS = re.compile(
    r"[^。；;：:\n]{2,40}(?:途径|做法|措施|打算|安排|举措|工作|任务|问题|不足|表现|方面|原因)(?:主要)?(?:是|有|为|包括|如下)[：:]"
)
#: What went well, before the 但 behind which the problem stands.
_PRAISE = re.compile(
    r"[^。；;]*(?:成效|成绩|进展|提升|提高|进步|改善|完善)[^。；;，,]{0,12}[，,]\s*(?:但是|但|然而|不过)也?"
)
_ANNOUNCES = re.compile(
    r"(?:主要做法是|做法如下|如下(?:改进|工作|安排|整改|措施)?|(?:主要|突出)?表现[在为]|集中在|主要是|主要有|体现在"
    r"|以下[^。；]{0,10}(?:方面|问题|工作|措施|点|举措|不足)[^。；]{0,8}"
    r"|几[个点项][^，,。；]{0,10}(?:问题|不足|短板|差距)|问题已经找准[^。；]{0,12}"
    r"|(?:形成|确定|制定|提出)了?[^，,。；]{0,6}改进[^，,。；]{0,4}(?:意见|方案|打算|措施|安排)"
    r"|[几两三四五六]个?方面[^，,。；]{0,8}|(?:上述|以上)(?:问题|不足|措施)[^，,。；]{0,10})[:：]?\s*$"
)
#: What a lack is said with; and what went well, which alone is no problem.
_LACK = re.compile(
    r"不[^断仅但久只]|未|没有|缺|欠|无法|难以|差距|距离|问题(?!得到)|弱|滞后|制约|影响|过[长多高于]|[有亟]待|[仍尚还亟]|需(?!求)|勉强|偏|短板|单一|"
    r"[较过]?[少低慢窄浅粗差](?:[，,]|$)|困难|淡薄|流于|走过场|脱节|遗漏|错|迟|拖|只[有能是]|仅|参差|模糊|停留"
)
_WELL = re.compile(
    r"取得|成[效绩果]|台阶|良好|圆满|成型|顺畅|得到及时|(?:有了?|得到|明显|显著|稳步|持续|不断|进一步)[^，,。]{0,8}"
    r"(?:提升|提高|进步|进展|改善|完善|增强|加强|推进|增长|好转)"
)
_ACT = (
    r"(?:将|拟|要|继续|认真|虚心|着力|切实|进一步|不断|持续|加[强快大]|强化|完善|健全|提[升高]|推[进动]|优化|拓[展宽]|深化|落实"
    r"|规范|建立|组织|开展|举办|严格|细化|压实|畅通|丰富|创新|统筹|做[好实]|抓[好实]|明确|配[齐强]|用[好活])"
)
#: A clause that opens with what somebody does or will do.
_WILL = re.compile(rf"\s*(?:我[^，,。]{{0,8}}?|本[^，,。]{{1,6}}|[^，,。]{{2,8}})?{_ACT}")
_WE_WILL = re.compile(r"\s*(?:我[^，,。；]{1,6}?|本[^，,。；]{1,6}?)(?:将|拟|要)")
#: How a title states a lack: with its last words.
_LACKING = re.compile(
    r"[^，,。；;]{2,24}(?:[有亟]待[^，,。；;]{0,12}|[还仍尚亟]需[^，,。；;]{1,12}|不[够足高强齐全细深实严力畅广快多熟]"
    r"|不(?:到位|及时|全面|规范|准确|平衡|均衡|完善|健全|丰富|明显|突出|深入|扎实|充分)"
    r"|薄弱|滞后|单一|欠缺|缺乏|缺失|淡薄|[偏较过][差弱低少慢窄浅粗])"
)
#: Titles that set out to mend a lack, and clauses that say how something else is done.
_MENDS = re.compile(rf"{_ACT}|解决|破解|克服|消除|补|扭转|防止|避免|杜绝|整治|纠正|改|[着聚]|针对")
_BY = re.compile(r"[在按以为]|根据|依据|围绕|通过|结合|针对|对照|鉴于|随着")
#: Whole sentences that are items although they name no object (contract: generic).
_PROMISE = re.compile(
    r"(?:将|会|要|努力|认真)[^。；;]{0,24}(?:改进|改正|整改|完善|加强|提[高升]|解决)[^。；;，,]{0,4}[。；;]?\s*$"
)
_GAP = re.compile(r"[距与同和离比][^。；;]{2,28}(?:差距|距离|不足|不相?适应)")
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


def names_items(head: str) -> bool:
    """Whether a heading speaks of problems, of measures or of both."""
    return bool(_PROBLEMS.search(plain(head)) or _MEASURES.search(plain(head)))


def turns_to_measures(sentence: str) -> bool:
    """Whether a sentence opens with 下一步 or the like: what follows is an intention."""
    return _NEXT.match(sentence) is not None


def leaning(sentence: str) -> int | None:
    """What a sentence's words alone say: 0 a lack, 1 something done about it; None: both, neither.

    >>> leaning("更新不及时"), leaning("加强培训"), leaning("加强不够"), leaning("共12条")
    (0, 1, None, None)
    """
    lacks, acts = _LACK.search(sentence), _WILL.match(sentence)
    if bool(lacks) == bool(acts):
        return None
    return int(bool(acts))


def states_lack(title: str) -> bool:
    """Whether an item opens with a title that states a lack: 公开意识有待提升。…

    Not so 解决更新不及时, which sets out to mend it.
    """
    stripped = title.strip(" \t\n\u3000，,。；;：:").partition("\n")[0].partition("。")[0].strip()
    return _MENDS.match(stripped) is None and _LACKING.fullmatch(stripped) is not None


def we_will(clause: str) -> bool:
    """Whether a clause opens with what the organ itself is going to do: 我局将…"""
    return _WE_WILL.match(clause) is not None


def may_be_lack(clause: str) -> bool:
    """Whether a clause before 下一步… may say what is amiss: it neither acts nor leads over."""
    if _WILL.match(clause) or _BY.match(clause.strip()):
        return False
    return leaning(clause) != 1


def is_praise(sentence: str) -> bool:
    """Whether a sentence says what went well, and no lack."""
    return bool(_WELL.search(sentence)) and not _LACK.search(sentence)


def generic_role(sentence: str) -> int | None:
    """0 for a lack, 1 for a promise without an object, as whole sentences; None for others."""
    if _PROMISE.search(sentence):
        return 1
    return 0 if _GAP.search(sentence) else None


def is_lead(sentence: str) -> bool:
    """Whether a sentence only announces items that follow, or names an attachment."""
    stripped = sentence.strip().rstrip("。；;")
    return bool(_ANNOUNCES.search(stripped) or _ATTACHMENT.search(stripped))


def skip_leads(text: str, start: int, end: int, *, praise: bool) -> int:
    """Where an item of prose begins behind its lead-ins.

    praise: it may open with what went well.
    """
    while lead := _LEAD.match(text, start, end) or _OPENS.match(text, start, end):
        start = lead.end()
    if praise and (before := _PRAISE.match(text, start, end)) is not None:
        start = before.end()
    connective = _CONNECTIVE.match(text, start, end)
    return connective.end() if connective else start
