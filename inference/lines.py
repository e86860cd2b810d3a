"""The lines of a page, and the pieces of a line that holds more than one thing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..models.characters import fold
from .remembered import remembered


@dataclass(frozen=True, slots=True)
class Line:
    """A line or a piece of one, stripped: half open offsets into the document's text."""

    start: int
    end: int
    text: str


def spaced(label: str) -> str:
    """A pattern for `label` whose characters may stand apart (索 引 号)."""
    return r"[ \t\u3000]*".join(label)


_FIELDS = """
    " 索引号 信息分类 组配分类 主题分类 体裁分类 服务对象分类 分类 发布机构 发布机关 发布单位
    发布部门 发文机关 发文机构 发文单位 成文机关 制发机关 编制机关 公开机构 公开主体 公开单位
    公开责任部门 责任部门 所属机构 发布日期 发布时间 公开日期 公开时间 成文日期 成文时间
    生成日期 生成时间 发文日期 发文时间 印发日期 更新时间 更新日期 信息时间 标题 信息名称
    文件名称 题名 名称 内容概述 内容概要 文件编号 发布文号 发文字号 文号 主题词 主题 关键词 有效性
    时效性 时效 公开方式 公开形式 公开范围 公开时限 信息来源 来源 作者 责任编辑 编辑 审核 字号
    字体 日期 时间 公文字号 发文文号
    """.split()
_COUNTERS = "浏览次数 浏览量 点击次数 点击量 点击数 阅读次数 阅读量 访问次数 访问量".split()
_FIELD = "|".join(map(spaced, sorted(_FIELDS, key=len, reverse=True)))
_COUNTER = "|".join(map(spaced, _COUNTERS))
_FIELD_ALONE = re.compile(rf"[【\[]?(?:{_FIELD}|{_COUNTER})[】\]]?:?")
# A field's label begins a piece or follows a blank: 关于公开时间: in a sentence is none.
_CELL_MARK = re.compile(
    rf"[|\t]+|【(?:{_FIELD})】:?|(?:^|(?<=[\s】\]]))[【\[]?(?:{_FIELD})\s*[】\]]?\s*:|(?:{_COUNTER})\s*:?"
)
# What stands behind a title on its line: the first heading, the title again, the site, an ending.
_BEHIND_TITLE = re.compile(
    r"\s+(?=一[、.])|(?:(?<=报告)|(?<=年报))(?:\s+(?!\()|\s*[-—–_]+\s*(?=[㐀-鿿]))"
    r"|<?/(?:p|span|strong|div)>?|(?<=[㐀-鿿)])(?:p|span|strong)>"  # what is left of a tag
    r"|\.(?:docx?|pdf|wps|html?|txt)(?![a-z])",
    re.IGNORECASE,
)
_PAGE = re.compile(r"(?:page|p\.)\s*\d+\s*[-—–:]*\s*", re.IGNORECASE)
_READING = r"\([A-Za-zÀ-ɏḀ-ỿ]{1,7}\)"
_PINYIN = re.compile(rf"{_READING}|\s+|\u200b")
_READINGS = re.compile(_READING)


@remembered
def compact(raw: str) -> str:
    """`raw` without blanks and without pinyin in brackets, which converters put in."""
    return drop(raw, _PINYIN)


def compact_folded(folded: str) -> str:
    """`compact` of a text that is folded already: a whole report, at a tenth of the cost."""
    return "".join(_READINGS.sub("", folded).split()).replace("\u200b", "")


def drop(raw: str, pattern: re.Pattern[str]) -> str:
    """`raw` less whatever `pattern` finds in its folded copy."""
    kept, place = [], 0
    folded = fold(raw)
    if pattern.search(folded) is None:
        return raw  # as nearly always
    for match in pattern.finditer(folded):
        kept.append(raw[place : match.start()])
        place = match.end()
    return "".join((*kept, raw[place:]))


def lines_of(text: str, start: int, end: int) -> Iterator[Line]:
    """The lines of `text[start:end]` that hold anything, stripped."""
    for match in re.finditer(r"[^\n]+", text[start:end]):
        yield from _stripped(text, start + match.start(), start + match.end())


def pieces_of(line: Line) -> Iterator[Line]:
    """What may be a title in a line: cut at bars, at the labels of fields, behind …报告.

    Of a cell with whole sentences only what stands before the first cut; of a doubled wording
    its first half. Labels of fields themselves are left out.
    """
    for cell in _cut(line, _CELL_MARK):
        if page := _PAGE.match(fold(cell.text)):
            cell = Line(cell.start + page.end(), cell.end, cell.text[page.end() :])
        parts = list(_cut(cell, _BEHIND_TITLE))
        for part in parts[:1] if "。" in cell.text else parts:
            if not _FIELD_ALONE.fullmatch(fold(part.text)):
                yield _once(part)


def _cut(line: Line, mark: re.Pattern[str]) -> Iterator[Line]:
    """The stretches of `line` between what `mark` finds."""
    place = 0
    for match in mark.finditer(fold(line.text)):
        yield from _stripped(line.text, place, match.start(), line.start)
        place = match.end()
    yield from _stripped(line.text, place, len(line.text), line.start)


def _stripped(text: str, start: int, end: int, shift: int = 0) -> Iterator[Line]:
    """`text[start:end]` stripped, unless nothing is left. shift: where `text` begins."""
    wording = text[start:end].strip()
    if wording:
        begin = shift + start + len(text[start:end]) - len(text[start:end].lstrip())
        yield Line(begin, begin + len(wording), wording)


def _once(line: Line) -> Line:
    """The first half of a wording that is printed twice without a gap."""
    half, odd = divmod(len(line.text), 2)
    if half < 8 or odd or line.text[:half] != line.text[half:]:
        return line
    return Line(line.start, line.start + half, line.text[:half])
