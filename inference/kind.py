"""Is the text an annual report on open government information at all?"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from ..models.characters import fold
from ..models.document import Document
from ..models.errors import NotAReport
from ..models.report import Cell, Section
from .dates import find_period
from .lines import compact, lines_of
from .meta import cited_version, title_year
from .title import find_title, head_end, names_matter

#: So many cells that stand in the text are a table of the form, whatever its page is called.
MANY_CELLS = 10
#: So many of the six headings, one of them of a table, are the form's outline.
MANY_HEADINGS = 3
#: So many cells beside headings are more than words that happen to read as a row.
SOME_CELLS = 3
#: So many of section 1's topics as headings are the form's own section 1.
SOME_TOPICS = 3
#: The preface says what the text is; below its first lines the same words are of other reports.
PREFACE = 600
#: Names of pages stand in the first lines; further down the same words are prose.
FIRST_LINES = 40
#: A list of so many reports of different years or organs is an index, not a report.
MANY_TITLES = 3

_REPORT = r"(?:信息公开|政务公开).{0,10}(?:报告|年报)"
_YEARS_REPORT = re.compile(rf"\d{{4}}.{{0,40}}{_REPORT}")
# Headlines of look-alikes (facts.md 3.6), each with the reason that the user is told.
_EXPLAINED = (
    rf"{_REPORT}[》”]?.{{0,6}}(?:解读|图解)|^[【(]?(?:图解|解读|文字解读|图文解读).{{0,40}}{_REPORT}"
    r"|一图(?:读懂|看懂|速览).{0,40}(?:报告|年报)",
    "这是对年度报告的解读或图解 | an explanation of an annual report",
)
_PRESCRIBED = (
    rf"关于.{{0,12}}(?:做好|编制|报送|开展).{{0,40}}{_REPORT}.{{0,24}}通知[》”]?$"
    rf"|{_REPORT}[(【]?(?:格式|模板|样式|样本|范本|范文|编制要求|填报说明)",
    "这是年度报告的格式、模板或通知 | a template of annual reports, or a notice about them",
)
_NOT_GOVERNMENT = (
    r"(?:大学|学院|学校|中学|小学|幼儿园|医院|公司|集团).{0,14}信息公开.{0,10}(?:报告|年报)$",
    "这是学校、医院或企业的信息公开报告 | a report of a school, a hospital or a company",
)
_OTHER_PAGES = (
    _NOT_GOVERNMENT,
    (
        r"政府网站(?:工作)?年度(?:工作)?(?:报表|报告)|网站(?:监管)?年度?报(?:表|告)",
        "这是政府网站工作年度报表 | an annual report on government web sites",
    ),
    (
        r"法治政府建设|依法行政工作.{0,8}报告",
        "这是法治政府建设报告 | a report on law-based government",
    ),
    (
        r"(?:部门|单位|财政)?(?:决算|预算)(?:公开|说明|报告|草案|$)",
        "这是部门预算或决算 | a budget or final accounts",
    ),
    (
        r"(?:工作要点|工作总结|实施方案|工作方案|工作计划|工作安排|分析报告)(?:的通知)?(?:\([^()]*\))?$",
        "这是工作总结、要点或方案 | a work summary, outline or plan",
    ),
)
# Menus of true reports have entries of these names.
_MENU_PAGES = (
    (
        r"(?:指南|制度|办法|规定|细则|目录|条例)(?:\([^()]*\))?$",
        "这是信息公开的指南、制度或目录 | a guide, a set of rules or a catalogue",
    ),
    (r"通知$", "这是通知 | a notice"),
)
_NO_TRACE = "没有年度报告的标题、章节或表格 | it has no title, section or table of one"

# A preface says what the text is: 根据条例，编制我局2021年政府信息公开工作年度报告.
_PREFACE = re.compile(
    r"(?:现将|现予|向社会|(?:根据|按照|依据|依照|遵照|现|特)[^。]*"
    rf"(?:编制|编写|撰写|制作|形成|公布|发布|公开))[^。]{{0,40}}\d{{4}}[^。]{{0,40}}{_REPORT}"
)
# On the ground of the notice on the form: 按照…〔2021〕30号的通知，我局总结工作，形成本报告.
_OWN_REPORT = re.compile(
    "(?:编制|编写|撰写|起草|形成|公布|发布|组成|编排)[^。]{0,16}(?:本(?:年度?)?(?:报告|年报)|年度报告|年报)"
)
_OWN_DATA = re.compile(
    r"现公布|现报告|公布如下|报告如下|所列数据|本(?:年度)?(?:报告|年报)[^。]{0,12}统计"
)
_FIRST_BLOCK = re.compile("^.{0,200}第?二十条第?\\(一\\)项")
_TOPICS = re.compile("主动公开|依申请公开|信息管理|平台|载体|监督|保障|考核")
_NUMBERED = re.compile(
    r"#*\*{0,2}\(?(?:[一二三四五六七八九十]{1,2}|\d{1,2}|第[一二三四五六七])[、.)是,]"
)
# Notices, news and explanations speak of such reports too, but of those of others.
_OF_OTHERS = re.compile(
    r"(?<!申)请(?!社会|公众|予|与|在|到|从|致电|联系|登录|监督|提出|书面|拨打)|应当|必须|各(?:单位|部门|地|县|区|市|镇|乡)[^。]{0,12}(?:编制|公布|发布|报送)"
    "|近日|日前|记者|解读|图解|按时|通知如下|有关事项"
)


def require_report(doc: Document, cells: Mapping[str, Cell], sections: Sequence[Section]) -> None:
    """Raise NotAReport (E201, with the reason) where `doc` is of another kind.

    A report is what has tables of the form or the form's outline, or what calls itself one in a
    title or in its preface: the narrative reports of 2008 to 2018 and damaged pages pass. Refused
    are pages about reports, pages of other kinds, indexes, and what shows no trace of a report.
    """
    states = Counter(cell.state for cell in cells.values())
    if states["found"] >= MANY_CELLS:
        return
    headlines = _headlines(doc, sections)
    title = find_title(doc, sections)
    title = title if title is not None and names_matter(title.text) else None
    named = title is not None and title_year(title.text) is not None
    # a notice's headline that is broken over lines begins like a report's title
    whole = [line for line in headlines if title is not None and fold(title.text) in line]
    if named and _first(whole, (_PRESCRIBED,)) is None:
        about: tuple[tuple[str, str], ...] = (_EXPLAINED,)
    else:
        about = (_EXPLAINED, _PRESCRIBED)
    if reason := _first(headlines, about):
        raise NotAReport("E201", reason=reason)
    if states.total() - states["missing"] >= MANY_CELLS:
        return
    foreign = _first(headlines, (_NOT_GOVERNMENT,))
    if foreign is None and _has_outline(sections, states["found"]):
        return
    other = _first(headlines, _OTHER_PAGES)
    if title is None and other is None and (_says_so(doc, sections) or _begins(doc, sections)):
        return
    if title is None:
        reason = other or _first(headlines, _MENU_PAGES) or _NO_TRACE
    elif _is_index(doc):
        reason = "这是年度报告的目录页，列出了多份报告 | an index page that lists several reports"
    else:
        reason = foreign or _first([fold(title.text)], (*_OTHER_PAGES, *_MENU_PAGES))
    if reason is not None:
        raise NotAReport("E201", reason=reason)


def _headlines(doc: Document, sections: Sequence[Section]) -> list[str]:
    """The short lines at the beginning that are no sentence and no path of a menu, folded.

    Of a line that runs on into sentences what stands before its first blank.
    """
    texts = [line.text for line in lines_of(doc.text, 0, head_end(doc, sections))][:FIRST_LINES]
    heads = [text.split(maxsplit=1)[0] if "。" in text else text for text in texts]
    lines = [fold(compact(head)) for head in heads]
    named = [re.sub(r"^(?:标题|名称)[:|]|[#*|]+", "", line) for line in lines]
    return [line for line in named if len(line) <= 60 and not re.search(r"[。;>»]", line)]


def _first(lines: Sequence[str], kinds: Sequence[tuple[str, str]]) -> str | None:
    """The reason of the first kind that one of `lines` names."""
    for wording, reason in kinds:
        if any(re.search(wording, line) for line in lines):
            return reason
    return None


def _has_outline(sections: Sequence[Section], n_found: int) -> bool:
    """Several of the six headings, one of 2 to 4 among them: 总体情况 and 存在的问题 alone head
    many kinds of reports. Some cells count as a heading does. n_found: cells with a value."""
    ids = {section.id for section in sections if section.heading is not None}
    return bool(ids & {"2", "3", "4"}) and len(ids) + (n_found >= SOME_CELLS) >= MANY_HEADINGS


def _says_so(doc: Document, sections: Sequence[Section]) -> bool:
    """Whether a sentence at the beginning says that this is such a report, or which year the data
    of this report are of."""
    opening = fold(compact(doc.text[: head_end(doc, sections) + PREFACE]))
    sentences = [one for one in opening.split("。") if not _OF_OTHERS.search(one)]
    dated = "信息公开" in opening and find_period(opening) is not None
    cites = [
        bare
        for one in opening.split("。")
        if cited_version(one) and not _OF_OTHERS.search(bare := re.sub("《[^》]*》", "", one))
    ]
    return any(_PREFACE.search(one) or dated and _OWN_DATA.search(one) for one in sentences) or any(
        _OWN_REPORT.search(one) for one in cites
    )


def _begins(doc: Document, sections: Sequence[Section]) -> bool:
    """Whether it is the beginning of a report that breaks off: 总体情况 under the form's heading
    with most of its topics, or the first block of table 2 under that of section 2."""
    headed = {section.id: section for section in sections if section.heading is not None}
    if "1" not in headed:
        return False
    if "2" in headed and _FIRST_BLOCK.search(fold(compact(doc.text[headed["2"].body_start :]))):
        return True
    first = headed["1"]
    lines = lines_of(doc.text, first.body_start, first.body_end)
    heads = [fold(compact(line.text))[:24] for line in lines]
    topics = {topic for head in heads if _NUMBERED.match(head) for topic in _TOPICS.findall(head)}
    main = topics & {"主动公开", "依申请公开"}
    return len(main) == 2 or bool(main) and len(topics) >= SOME_TOPICS


def _is_index(doc: Document) -> bool:
    """Whether the text is little else than titles of several reports."""
    lines = [fold(compact(line.text)) for line in lines_of(doc.text, 0, len(doc.text))]
    titles = {line for line in lines if len(line) <= 60 and _YEARS_REPORT.search(line)}
    prose = [line for line in lines if len(line) > 60 or "。" in line]
    return len(titles) >= MANY_TITLES and len(prose) < len(titles)
