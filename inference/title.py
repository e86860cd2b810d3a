"""The report's title, and the organ that a title or a line names."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, pairwise

from ..models.characters import fold
from ..models.document import Document
from ..models.labels import Label, Span
from ..models.report import Section
from .lines import Line, compact, drop, lines_of, pieces_of
from .remembered import remembered


@dataclass(frozen=True, slots=True)
class Title:
    """The title: its lines joined, without blanks. The offsets run over all of its lines."""

    start: int
    end: int
    text: str


#: Where no section is known, the title stands in so many characters at the text's beginning.
HEAD = 1500
#: Furniture above a title is long, but not longer than this.
HEAD_LINES = 400
_MARKDOWN = "#* "
#: A title that does not name the matter is no shorter than this.
SHORTEST = 10
#: A title may be broken over so many lines, the organ's own line counted.
MAX_LINES = 4

_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)(?:年度|年)?|[一二][〇○零O0一二三四五六七八九]{3}年度?"
_CORE = re.compile(
    # 资讯: what converters to traditional characters make of 信息
    r"(?:政府|政务)?(?:政务|政府)?(?:信息|资讯)(?:主动)?公开(?!网|平台|栏|目录|指南|条例|办|科|中心)"
    r"|政务公开(?!网|平台|栏|办|科|中心)"
)
_ENDING = r"(?:报告|年报)(?:[(【][^()]{1,10}[)】])?[》”\"]?"
#: The signs that `_ENDING` may end with.
_LAST_SIGNS = '告报)】》”"'
_TITLE = re.compile(rf"[^。;!?>|]*(?:信息|资讯|政务)(?:主动)?公开[^。;,:!?>|]{{0,24}}{_ENDING}")
# Where keywords were replaced or mistyped, the tagger's word and a year still make a title.
_SPOILED = re.compile(rf"[^。;!?>|]*(?:{_YEAR}|年度)[^。;,:!?>|]{{0,24}}{_ENDING}")
_FULL_ENDING = re.compile(rf"{_ENDING}$")
_PROSE = re.compile(
    r"根据|按照|现将|现公布|编制|规定|条例|如下|要求|为了|以下|本报告|附件|通知|解读|下载"
    "|位置|首页|栏目|公开指南|公开目录|公开制度"
)
_LEAD = re.compile(r"^(?:标题|名称|文件名称|信息名称|主题)[:|]|^.*[>»|]|^\d{1,2}(?=[^\d.、)])")
#: The last step of a path is a title only where it says whose report it is; else a column's name.
_PATH = re.compile(r".*(?:位置|首页|主页).*[>»]")
_LINE_NUMBER = re.compile(
    r"^\d{1,3}[.、)](?=\D|(?:19|20)\d\d(?!\d))"
)  # text libraries number their lines
_NUMBER = re.compile(r"[〔\[【({]\d{4}[〕\]】)}]第?\d{1,4}号")  # the 文号 of a letter
_BARE = re.compile(
    r"^(?:法定主动公开内容|政府信息公开(?:工作)?(?:年报|年度报告|报告)|信息公开年报)$"
)

_FILLER = re.compile(
    rf"{_YEAR}|^(?:关[于干予]|公布|开展|落实|做好|的|年度?|度)+|(?:关[于干予]|开展|落实|做好|法定|的|年度|度|工作)+$"
    r"|[《》“”\"*#]|[(\[【]\s*[)\]】]|^[\-—:、.·]+|[\-—:、.·]+$"
)
_SEAL = re.compile(r"\((?:盖章|印章|公章|章)\)$")
_ORGAN_ENDING = re.compile(
    r"(?:[局委厅部院署办室府会处站所队关司馆社台镇乡县市区省州盟旗组园场团校街]|街道|中心|苏木|嘎查|公司|大学"
    r"|银行|残联|工商联|妇联|文联|侨联|社科联|[科作记]协)(?:\([^()]{1,12}\))?$"
)
_NO_ORGAN = re.compile(
    r"网|门户|公众号|微信|微博|平台(?![市县区镇乡])|客户端|本站|主办|收藏|日报|编辑|记者|管理员|用户|首页|当前|位置|来源|信息公开"
    r"|目录|返回|顶部|分享|打印|关闭|附件|登录|注册|栏目|情况|事项|^(?:政府|单位|机关|部门|(?:党政|综合|行政)*办(?:公室)?)$"
    r"|^(?:我|本|该|贵|各|全)[省市县区州旗镇乡级街道委办局厅院所处站中心校馆社机关单位部门人民政府]+$"
)


def head_end(doc: Document, sections: Sequence[Section]) -> int:
    """Where the part before the first section ends."""
    if not sections:
        return min(len(doc.text), HEAD)
    first = sections[0]
    return first.body_start if first.heading_start is None else first.heading_start


def find_title(doc: Document, sections: Sequence[Section]) -> Title | None:
    """The title: by the tagger's TITLE lines where their wording is one, else by wording alone.

    A label that begins or ends inside a word is widened to it. What was not labelled counts where
    it says clearly more (organ, year). Of several copies the one that says most counts; of equals
    the last, for breadcrumbs stand above.
    """
    end = head_end(doc, sections)
    above = doc.spans[: bisect_left(doc.spans, end, key=lambda span: span.start)]
    spans = [span for span in above if span.label is Label.TITLE]
    labelled = _without_tails([Line(s.start, s.end, doc.wording(s)) for s in spans])
    lines = lines_of(doc.text, 0, end)
    pieces = list(islice((piece for line in lines for piece in pieces_of(line)), HEAD_LINES))
    widened = _without_tails([part for piece in pieces for part in _widened(piece, spans)])
    candidates = (
        _best(doc.text, widened, strict=False),
        _best(doc.text, labelled, strict=False),
        _best(doc.text, pieces, strict=True),
    )
    found = [title for title in candidates if title is not None]
    if not found:
        return _rest_of(doc, labelled)
    return _completed(doc.text, max(found, key=lambda title: _score(title.text)), pieces)


def _widened(piece: Line, spans: Sequence[Span]) -> Iterator[Line]:
    """The words of `piece` that the spans touch, as one line."""
    touched = [span for span in spans if span.start < piece.end and piece.start < span.end]
    if touched:
        first = max(touched[0].start - piece.start, 0)
        last = min(touched[-1].end - piece.start, len(piece.text))
        start = first - len(re.split(r"\s", piece.text[:first])[-1])
        end = last + len(re.split(r"\s", piece.text[last:])[0])
        yield Line(piece.start + start, piece.start + end, piece.text[start:end])


def _without_tails(lines: Sequence[Line]) -> list[Line]:
    """Without the lines that repeat the last one or its end (…工作年度报告, 告)."""
    kept: list[Line] = []
    for line in lines:
        if not kept or not compact(kept[-1].text).endswith(compact(line.text)):
            kept.append(line)
    return kept


def _best(text: str, lines: list[Line], strict: bool) -> Title | None:
    """Of what says the same the shortest; of lines that the tagger labelled the longest."""
    for_lines = -0.1 if strict else 0.1
    may_end = [_may_end_title(line) for line in lines]
    scored = [
        (_score(title.text) + for_lines * (count - 1), title.start, title)
        for index in range(len(lines))
        for count in range(1, MAX_LINES + 1)
        if index + count <= len(lines)
        and may_end[index + count - 1]
        and (title := _title(text, lines[index : index + count], strict)) is not None
    ]
    return max(scored, key=lambda entry: entry[:2])[2] if scored else None


def _may_end_title(line: Line) -> bool:
    """Whether a title may end with a line; nearly no line of a page has such a last sign."""
    words = fold(_words(line.text)).rstrip("*")
    return not words or words[-1] in _LAST_SIGNS


def _title(page: str, lines: Sequence[Line], strict: bool) -> Title | None:
    """The lines as one title, or None where their wording is none or they do not belong together.

    strict: the lines are any of the page, not those that the tagger took for a title.
    """
    first = _opening(lines[0].text)
    text = "".join((compact(first), *(_words(line.text) for line in lines[1:]))).replace("**", "")
    folded = fold(text)
    if len(text) > 70 or _PROSE.search(folded) or _NUMBER.search(folded):
        return None
    if not _TITLE.fullmatch(folded) and (
        strict or len(text) < SHORTEST or not _SPOILED.fullmatch(folded)
    ):
        return None
    if len(lines) > 1 and not _are_one(page, lines, strict) or strict and _BARE.match(folded):
        return None
    if _PATH.match(fold(lines[0].text)) and organ_of(text) is None:
        return None
    start = lines[0].start + lines[0].text.index(first) if first in lines[0].text else 0
    return Title(start, lines[-1].end, text)


@remembered
def _unnumbered(line: str) -> str:
    return drop(line.strip(_MARKDOWN), _LINE_NUMBER)


@remembered
def _opening(line: str) -> str:
    """A line without the label or the path before a title."""
    return drop(_unnumbered(line), _LEAD)


@remembered
def _words(line: str) -> str:
    return compact(_unnumbered(line))


def _are_one(page: str, lines: Sequence[Line], strict: bool) -> bool:
    """Whether several lines can be one title: neighbours, none of them a title or its repetition,
    and the first no word of a menu."""
    words = [fold(_words(line.text)) for line in lines]
    first = words[0]
    torn = re.search(r"\d$", first) and re.match(r"\d", words[1])  # 【202 / 1】青禾县…
    repeated = not torn and first in "".join(words[1:])
    if repeated or any(_FULL_ENDING.search(head) for head in accumulate(words[:-1])):
        return False
    if not all(_are_neighbours(page, *pair) for pair in pairwise(lines)):
        return False
    name = organ_name(re.sub(r"\d{1,3}$", "", first))
    named = torn or name or re.search(_YEAR, first) or _CORE.search(first)
    part = not strict and re.fullmatch("[《“【]?[㐀-鿿]{2,}", first) and not _NO_ORGAN.search(first)
    return bool(named or part)


def _are_neighbours(page: str, above: Line, below: Line) -> bool:
    """Whether nothing stands between two lines; pieces with a bar between are cells of a table."""
    gap = page[above.end : below.start]
    return not re.sub(r"[\s#*|]", "", gap) and ("|" not in gap or "\n" in gap)


def _completed(page: str, title: Title, pieces: Sequence[Line]) -> Title:
    """`title` with the line above where an organ's name is broken between the two.

    青禾 above 县水利局…, where the page prints 青禾县 unbroken elsewhere.
    """
    above = next((piece for piece in reversed(pieces) if piece.end <= title.start), None)
    if above is None or not _are_neighbours(page, above, Line(title.start, title.end, title.text)):
        return title
    head = compact(above.text.strip(_MARKDOWN))
    unbroken = fold(head[-4:] + title.text[:1]) in fold(page)
    if not unbroken or not re.fullmatch("[㐀-鿿]{1,12}", fold(head)):
        return title
    return Title(above.start, title.end, head + title.text)


def _score(text: str) -> float:
    has_year = re.search(_YEAR, fold(text)) is not None
    return 2.0 * (organ_of(text) is not None) + 2.0 * has_year + 1.0 * names_matter(text)


def _rest_of(doc: Document, lines: list[Line]) -> Title | None:
    """The tagger's title where it lost its end (…情况的): still one if it names the matter."""
    found = None
    text, start = "", 0
    for index, line in enumerate(lines):
        if not text or not _are_neighbours(doc.text, lines[index - 1], line):
            text, start = "", line.start
        piece = compact(line.text)
        text += "" if text.endswith(piece) else piece
        if names_matter(text) and len(text) <= 70 and not _PROSE.search(fold(text)):
            found = Title(start, line.end, text)
    return found


def names_matter(title: str) -> bool:
    """Whether a title says that it is about open government information."""
    return _CORE.search(fold(compact(title))) is not None


@remembered
def organ_of(title: str) -> str | None:
    """The organ that a title names, or None: year, 关于 and the matter itself taken off.

    >>> organ_of("关于青山县水利局2022年度政府信息公开工作情况的报告")
    '青山县水利局'
    """
    title = compact(title)
    core = _CORE.search(fold(title)) or re.search(_YEAR, fold(title))
    if core is None:
        return None
    before = title[: core.start()]
    if fold(before).endswith("人民"):  # 青山县人民政府信息公开工作年度报告
        before += title[core.start() : core.start() + 2]
    bracketed = re.search(r"\(([^()]+)\)$", fold(title))
    after = title[bracketed.start(1) : bracketed.end(1)] if bracketed else ""
    return organ_name(_stripped(before)) or organ_name(_stripped(after))


def _stripped(wording: str) -> str:
    """What stands before the matter, without year and filler."""
    while (shorter := drop(wording, _FILLER)) != wording:
        wording = shorter
    return wording


@remembered
def organ_name(wording: str) -> str | None:
    """`wording` without blanks where it can be an organ's name, else None.

    A site, an account or a word such as 我局 is none.
    """
    name = drop(compact(wording), _SEAL)
    folded = fold(name)
    fits = re.fullmatch(r"[㐀-鿿()·、]{2,45}", folded) and _ORGAN_ENDING.search(folded)
    return name if fits and not _NO_ORGAN.search(folded) else None
