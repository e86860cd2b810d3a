"""Figures that the prose states about cells. High precision: rather no claim than a false one."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ..models.characters import fold
from ..models.document import Document
from ..models.findings import finding
from ..models.form import places
from ..models.report import Cell, Claim, Finding, Section
from .dates import find_years
from .meta import majority_year, title_year
from .numbers import parse_value
from .title import find_title
from .whole_numbers import TABLE_LABELS


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands between two marks of a sentence, folded: an offset into the document's text."""

    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a figure: as a cell, or as a sum of cells less others."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    def value(self, cells: Mapping[str, Cell]) -> int | float | None:
        """None where a cell is not there, or not read."""
        parts = [(1, path) for path in self.plus] + [(-1, path) for path in self.minus]
        values = [(sign, cells[path].value) for sign, path in parts if path in cells]
        known = [sign * value for sign, value in values if value is not None]
        return sum(known) if len(known) == len(parts) else None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A way to state a figure (group `n`; without one: zero) and the readings that may be meant.

    The first reading is the one that a mismatch is reported on.
    word: what any such wording holds; without it none is sought.
    about: what the sentence must be about, in words that its clauses may leave out: 信息公开.
    never: what the clause must not hold.
    """

    word: str
    wording: re.Pattern[str]
    readings: tuple[Reading, ...]
    about: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None

    def may_speak_in(self, sentence: str) -> bool:
        return self.word in sentence and (self.about is None or bool(self.about.search(sentence)))

    def found_in(self, clause: Clause) -> re.Match[str] | None:
        """The figure in a clause of a sentence where it may be."""
        if self.word not in clause.text:
            return None
        match = self.wording.search(clause.text)
        if match is None or (self.never is not None and self.never.search(clause.text)):
            return None
        return match


def _cell(*paths: str) -> Reading:
    return Reading(paths)


_NEW, _IN = "t3.new.total", "t3.carried_in.total"
_HANDLED, _OUT = "t3.total_handled.total", "t3.carried_out.total"
_LITIGATION = ("t4.litigation_direct.total", "t4.litigation_after_review.total")

# bounded, so that a flood of digits costs no more than its length
_AMOUNT = (
    r"(?P<n>(?<![\d.])\d{1,9}(?:,\d{3}){0,3}"
    r"|(?<![零〇一二三四五六七八九十百千两])[零〇一二三四五六七八九十百千两]{1,12})\s?"
)
_CASES = r"(?:件|宗|起|例)(?!以上|左右|套)"
_REQUESTS = r"(?:件|宗|份|个|起|例|条)(?!以上|左右|套)"
_GAP = r"[^,。;:、\d约近超逾共余]"
_SUM = r"(?:共计?|合计|总计|为|了|:)?"

# 受理 and 收到 are ambiguous: new ones, those carried in too, or those handled (facts 2.3)
_RECEIVED = (_cell(_NEW), _cell(_NEW, _IN), _cell(_HANDLED))
_RECEIVE = r"(?:新收到?|收到(?:并处理|和处理|及处理)?|受理|接到|接收|共收)"
_REQUEST = (
    r"(?:信息公开申请|公开申请|依申请公开(?:政府信息|信息)?(?:申请|事项)?|公开政府信息(?:的)?申请)"
)
_ABOUT_REQUESTS = re.compile(r"信息公开申请|公开申请|依申请|申请公开|公开政府信息")
_NO_REQUEST = re.compile(
    r"复议|诉讼|许可|举报|投诉|信访|提案|建议|咨询|留言|热线|补正|来信|邮件|网站|网络|网上|线上"
    r"|平台|系统|信函|邮寄|当面|现场|窗口|电话|传真|线下|信箱|微信|公众号|渠道|自然人|企业|法人|其中"
)
_NO_RESULT = re.compile(
    r"复议|诉讼|许可|举报|投诉|信访|提案|建议|咨询|留言|热线|延期|逾期|超期|主动"
)
_DISPUTE = re.compile(r"信息公开|公开申请|依申请|政务公开|公开政府信息")
_NO_DISPUTE = re.compile(
    r"败诉|纠错|纠正|撤销|责令|重大|维持|驳回|超期|逾期|违法|不当|应诉|其中|出庭|审结|未结|听证|举报|投诉"
)
_NO_DECISION = re.compile(
    r"公开|公示|公布|发布|信息|案例|更新|录入|其中|报送|上传|归集|双公示|目录"
)
_NEGATION = (
    r"(?:未(?:曾)?(?:收到|接到|受理|发生|出现|产生|有)|没有?(?:收到|接到|发生|出现|产生)?|无)"
)

_DECISION = (
    r"(?:^|[,:])(?:全年度?|(?:\d{4})年度?|本年度?|年内|年度|我[局委办镇厅院处]|本[局委机关单位]+|共计?|一共|依法"
    r"|作出|做出|办理|办结|完成|实施|下达|处理)*"
)


def _pattern(
    word: str,
    wording: str,
    *readings: Reading,
    about: re.Pattern[str] | None = None,
    never: re.Pattern[str] | None = None,
) -> Pattern:
    return Pattern(word, re.compile(wording, re.ASCII), readings, about, never)


def _decisions(name: str, row: str) -> Pattern:
    """Decisions of table 2, in either version of the form; 项 and 条 count other things."""
    return _pattern(
        f"行政{name}",
        rf"{_DECISION}行政{name}(?:决定|案件|决定数量|事项)?{_SUM}{_AMOUNT}{_CASES}",
        _cell(f"t2.{row}"),
        _cell(f"t2.{row}.decisions"),
        never=_NO_DECISION,
    )


def _documents(verb: str, column: str, column_2019: str | None = None) -> Pattern:
    paths = [f"t2.normative.{name}" for name in (column, column_2019) if name]
    return _pattern(
        "规范性文件",
        rf"(?:{verb})(?:的)?(?:行政)?规范性文件(?:共|共计|为)?{_AMOUNT}(?:件|份|个|部)",
        *(_cell(path) for path in paths),
        never=re.compile(r"累计|解读|审查|备案|公开"),
    )


PATTERNS: tuple[Pattern, ...] = (
    _pattern(
        "申请",
        rf"{_RECEIVE}{_GAP}{{0,16}}{_REQUEST}(?:数量)?{_SUM}{_AMOUNT}{_REQUESTS}",
        *_RECEIVED,
        never=_NO_REQUEST,
    ),
    _pattern(
        "申请",
        rf"{_REQUEST}{_GAP}{{0,6}}(?:共|一共|总共)?{_RECEIVE}{_SUM}{_AMOUNT}{_REQUESTS}",
        *_RECEIVED,
        never=_NO_REQUEST,
    ),
    _pattern(
        "申请",
        rf"{_RECEIVE}{_SUM}{_AMOUNT}{_REQUESTS}(?:的)?(?:政府)?{_REQUEST}",
        *_RECEIVED,
        never=_NO_REQUEST,
    ),
    _pattern(
        "申请",
        rf"(?<!有){_NEGATION}(?:过)?(?:任何|有关|相关|关于|公民、法人|公民|和|或者?|其他组织|提出|的|、)*"
        r"(?:政府)?(?:信息公开(?:的)?申请|依申请公开(?:政府信息|信息)?(?:的)?(?:申请|事项|件)?|公开申请|公开政府信息(?:的)?申请)",
        _cell(_NEW),
        never=re.compile(rf"{_NO_REQUEST.pattern}|不予|超|收费|重复|非正常"),
    ),
    _pattern(
        "转",
        r"(?:上年度?|上一年度?|去年|往年|PREVIOUS年度?)(?:的)?(?:结转|转结|转来|接转)"
        rf"(?:下来|到本年|至本年|本年)?(?:的)?(?:政府信息公开申请|申请|办理)?{_SUM}{_AMOUNT}{_REQUESTS}",
        _cell(_IN),
        about=_ABOUT_REQUESTS,
    ),
    _pattern(
        "转",
        rf"(?:结转|转结)(?:上年度?|上一年度?|PREVIOUS年度?)(?:的)?(?:申请)?{_SUM}{_AMOUNT}{_REQUESTS}",
        _cell(_IN),
        about=_ABOUT_REQUESTS,
    ),
    _pattern(
        "年",
        r"(?:(?:结转|转)(?:至|到|入)?|留待)(?:下年度?|下一年度?|次年|NEXT年度?)(?:度)?(?:继续)?(?:办理)?"
        rf"(?:的)?(?:申请)?{_SUM}{_AMOUNT}{_REQUESTS}",
        _cell(_OUT),
        about=_ABOUT_REQUESTS,
    ),
    _pattern(
        "转",
        rf"{_AMOUNT}{_REQUESTS}(?:申请)?(?:将|需)?(?:结转|转)(?:至|到|入)?"
        r"(?:下年度?|下一年度?|次年|NEXT年度?)",
        _cell(_OUT),
        about=_ABOUT_REQUESTS,
    ),
    _pattern(
        "办",
        rf"(?:办结|办理完成|办理完毕|办理答复完毕)(?:政府信息公开申请|依申请公开)?{_SUM}{_AMOUNT}{_REQUESTS}",
        _cell(_HANDLED),
        Reading((_HANDLED,), (_IN,)),
        about=_ABOUT_REQUESTS,
        never=re.compile(rf"{_NO_RESULT.pattern}|其中|网|平台|信函|当面"),
    ),
    _pattern(
        "予以公开",
        rf"(?<![不或和及与、])予以公开(?:的)?{_SUM}{_AMOUNT}{_REQUESTS}",
        _cell("t3.granted.total"),
        about=_ABOUT_REQUESTS,
        never=_NO_RESULT,
    ),
    _pattern(
        "部分公开",
        rf"(?<!公开[或和及与、])部分公开(?:的)?{_SUM}{_AMOUNT}{_REQUESTS}",
        _cell("t3.partial.total"),
        about=_ABOUT_REQUESTS,
        never=_NO_RESULT,
    ),
    _pattern(
        "行政复议",
        rf"行政复议(?:案件|申请|案)?{_SUM}{_AMOUNT}{_CASES}(?!.{{0,4}}诉讼)",
        _cell("t4.review.total"),
        Reading(("t4.review.total",), ("t4.review.pending",)),
        about=_DISPUTE,
        never=_NO_DISPUTE,
    ),
    _pattern(
        "行政诉讼",
        rf"(?<!复议[、和或及与])行政诉讼(?:案件|案)?{_SUM}{_AMOUNT}{_CASES}",
        Reading(_LITIGATION),
        *(_cell(path) for path in _LITIGATION),
        about=_DISPUTE,
        never=_NO_DISPUTE,
    ),
    _pattern(
        "行政复议",
        rf"(?<!有){_NEGATION}[^,。;\d]{{0,24}}行政复议",
        _cell("t4.review.total"),
        about=_DISPUTE,
        never=_NO_DISPUTE,
    ),
    _pattern(
        "行政诉讼",
        rf"(?<!有){_NEGATION}[^,。;\d]{{0,36}}行政诉讼",
        Reading(_LITIGATION),
        about=_DISPUTE,
        never=_NO_DISPUTE,
    ),
    _decisions("许可", "licensing"),
    _decisions("处罚", "penalty"),
    _decisions("强制", "coercion"),
    _documents("制发|制定|出台|新制定", "made", "newly_made"),
    _documents("废止", "repealed"),
    _documents("现行有效", "in_force"),
)

# The figures of such sentences are of other times, or of a part or a wider circle of organs.
_OTHER_SCOPE = re.compile(
    r"累计|历年|以来|近[两三四五\d]年|截至目前|各(?:镇|乡|街道|部门|单位|科室|股室|县|区|级)|下属|所属|辖区|本级"
    r"|市直|县直|区直|全[省市县区州旗镇乡系]|[上下]半年|季度|每[月周年]|月均|年均|计划|拟|力争|假设|例如"
)
_MONTH = re.compile(
    r"\d{1,2}\s?月(?!\s?(?:1|31)\s?日)|[\d一二三四五六七八九十]{1,3}(?:-|至|到)\d{0,3}月"
)
_COMPARED = re.compile(r"同比|环比|相比|[较比](?:上|去|20|同)|增长|增加|减少|下降|占")
_SENTENCE = re.compile(r"[^。;!?\n]+")
_CLAUSE = re.compile(r"(?:[^,(]|(?<=\d),(?=\d{3}))+")
#: Prose states figures in these sections; section 5 speaks of lacks, and of next year.
_SPOKEN = ("1", "2", "3", "4", "6")


def find_claims(
    doc: Document,
    sections: Sequence[Section],
    cells: Mapping[str, Cell],
    year: int | None = None,
) -> tuple[tuple[Claim, ...], tuple[Finding, ...]]:
    """What the prose of this year says about cells, and where no reading of it agrees.

    year: the report's; by default that of its title, else the one section 1 speaks of most.
    A claim's path is that of the cell that agrees, else the one that was most likely meant. A
    figure that only a sum of cells explains is no claim about one cell.
    `claim_mismatch` only where every cell of every reading is a number.
    """
    year = year or _year(doc, sections)
    claims: dict[tuple[int, int, str], Claim] = {}
    findings: list[Finding] = []
    for clause, patterns in _clauses(doc, sections, year):
        for pattern in patterns:
            match = pattern.found_in(clause)
            if match is None:
                continue
            start = clause.start + match.start()
            claim, odd = _judge(doc, pattern, match, start, cells)
            if claim is not None:
                claims.setdefault((claim.start, claim.end, claim.path), claim)
            findings.extend(odd)
    return tuple(sorted(claims.values(), key=lambda c: (c.start, c.path))), tuple(findings)


def _year(doc: Document, sections: Sequence[Section]) -> int | None:
    title = find_title(doc, sections)
    named = title_year(title.text) if title else None
    main = majority_year(doc, sections)
    return named or (main.year if main else None)


@lru_cache(maxsize=16)
def _patterns_of(year: int | None) -> tuple[Pattern, ...]:
    return tuple(_with_years(pattern, year) for pattern in PATTERNS)


def _with_years(pattern: Pattern, year: int | None) -> Pattern:
    """Years by number in place of 上年 and 下年: 2022年结转, 转2024年办理."""
    wording = pattern.wording.pattern
    previous, following = (str(year - 1), str(year + 1)) if year else ("上", "下")
    wording = wording.replace("PREVIOUS", previous).replace("NEXT", following)
    return replace(pattern, wording=re.compile(wording, re.ASCII))


def _judge(
    doc: Document, pattern: Pattern, match: re.Match[str], start: int, cells: Mapping[str, Cell]
) -> tuple[Claim | None, list[Finding]]:
    figure = match.groupdict().get("n")
    value = parse_value(figure + "件").value if figure else 0
    if value is None:
        return None, []
    end = start + len(match[0].rstrip())
    start = end - len(match[0].rstrip().lstrip(",: "))
    readings = [r for r in pattern.readings if all(path in cells for path in (*r.plus, *r.minus))]
    values = [reading.value(cells) for reading in readings]
    agreeing = [r for r, stated in zip(readings, values, strict=True) if stated == value]
    single = [r for r in agreeing or readings[:1] if len(r.plus) == 1 and not r.minus]
    claim = Claim(path=single[0].plus[0], value=value, start=start, end=end) if single else None
    if agreeing or not readings or None in values:
        return claim, []
    odd = finding(
        "claim_mismatch", start, end, readings[0].plus, text=doc.text[start:end],
        cell=" + ".join(str(places()[path]) for path in readings[0].plus), value=values[0],
    )  # fmt: skip
    return claim, [odd]


def _clauses(
    doc: Document, sections: Sequence[Section], year: int | None
) -> Iterator[tuple[Clause, list[Pattern]]]:
    """The clauses of this year and of this organ, each with what it may state."""
    folded, patterns = fold(doc.text), _patterns_of(year)
    for start, end in _prose(doc, sections):
        for match in _SENTENCE.finditer(folded, start, end):
            sentence = match[0]
            spoken = [pattern for pattern in patterns if pattern.may_speak_in(sentence)]
            if spoken and not _OTHER_SCOPE.search(sentence) and not _MONTH.search(sentence):
                for clause in _own_clauses(sentence, match.start(), year):
                    yield clause, spoken


def _own_clauses(sentence: str, start: int, year: int | None) -> Iterator[Clause]:
    """Clauses under this year's date; one without a year belongs to the last year named."""
    current = year
    for part in _CLAUSE.finditer(sentence):
        named = {found for _, found in find_years(part[0])}
        beside = {year - 1, year + 1} if year else set()
        carried = bool(named) and named <= beside and re.search("结转|转", part[0])
        if named and not carried:
            current = named.pop() if len(named) == 1 else None
        if (current == year or year is None) and not _COMPARED.search(part[0]):
            yield Clause(start + part.start(), part[0])


def _prose(doc: Document, sections: Sequence[Section]) -> Iterator[tuple[int, int]]:
    """Lines of prose. In sections 2 to 4 a line counts that has no table's label or delimiter."""
    labelled = [span for span in doc.spans if span.label in TABLE_LABELS]
    begins = [span.start for span in labelled]
    for section in sections:
        if section.id not in _SPOKEN:
            continue
        for match in re.finditer(r"[^\n]+", doc.text[section.body_start : section.body_end]):
            start, end = (section.body_start + place for place in match.span())
            if section.id in "16" or not (
                re.search(r"[|\t]|(?:\d\s+){2}", match[0])
                or ((at := bisect_left(begins, end)) and start < labelled[at - 1].end)
            ):
                yield start, end
