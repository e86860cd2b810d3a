"""A tagger of rules and wording alone: what can be said without a trained model."""

import re
from collections.abc import Iterator

from ..models.confidence import Calibration
from ..models.labels import Label, Span
from ..models.report import ModelInfo
from .items import clean_edges
from .tokens import PIECE, VALUE_SHAPE
from .wording import best_likeness, closest, ordinal, wordings

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile(
    r"(?:(?<=[。；;：:\n，,])|^)\s*(?:[一二三四五六七八九十]是|\d{1,2}[.、．]|第[一二三四五][,，、]"
    r"|[（(][一二三四五六七八九\d]{1,2}[）)])",
    re.MULTILINE,
)
_MEASURE_CUE = re.compile(
    r"下一步|针对|今后|后续|改进(?:措施|情况|举措)|整改|将(?:从|着力|进一步|继续)|打算"
)
_PROBLEM_CUE = re.compile(r"存在|不足|问题|主要表现")
_TITLE = re.compile(r"(?:政府|政务)?信息公开.{0,8}(?:年度|年)?.{0,6}(?:报告|年报)$")
_COLUMNS = (
    *("信息内容", "申请人情况", "自然人", "法人或其他组织", "商业企业", "科研机构", "社会公益组织"),
    *("法律服务机构", "其他", "总计", "行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"),
    *("结果维持", "结果纠正", "其他结果", "尚未审结"),
)
_BLOCK = re.compile(r"第?二十条第?.{0,8}项")
NEAR = 0.8


class RuleTagger:
    """Labels by wording and place. It serves for comparison, and where no model is wanted."""

    info = ModelInfo(name="rules", version="1", sha256="")
    calibration: Calibration | None = None

    def tag(self, text: str) -> tuple[Span, ...]:
        """Sorted spans without overlap."""
        spans = [*_table_spans(text), *_title_spans(text)]
        headings = [span for span in spans if span.label is Label.SECTION]
        spans.extend(_item_spans(text, headings))
        spans.sort(key=lambda span: (span.start, -span.end))
        kept: list[Span] = []
        for span in spans:
            if not kept or span.start >= kept[-1].end:
                kept.append(span)
        return tuple(kept)


def _table_spans(text: str) -> Iterator[Span]:
    """Headings, and the cells of rows: a value is what follows a row's label."""
    in_row = False
    for piece in PIECE.finditer(text):
        wording = piece[0]
        label = _label_of(wording, in_row)
        in_row = label in (Label.ROW, Label.VALUE) or (label is Label.COLUMN and len(wording) >= 3)
        if label is not None:
            yield Span(*piece.span(), label)


def _label_of(wording: str, in_row: bool) -> Label | None:
    if VALUE_SHAPE.fullmatch(wording) or wording in "/／—-－":
        return Label.VALUE if in_row else None
    if len(wording) > 60:
        return None
    number = ordinal(wording)
    if closest(wording, "sections")[1] >= NEAR:
        return Label.SECTION if number is None or number[0] == "han" else Label.SUBSECTION
    if "勾稽关系" in wording:
        return Label.CAPTION
    if _BLOCK.search(wording) or closest(wording, "groups")[1] >= 0.95:
        return Label.GROUP
    columns = max(best_likeness(wording, _COLUMNS), closest(wording, "columns")[1])
    if number is None and columns >= NEAR:
        return Label.COLUMN
    if closest(wording, "rows")[1] >= NEAR:
        return Label.ROW
    is_head = number is not None and len(wording) <= 30 and wording[-1] not in "。；;"
    return Label.SUBSECTION if is_head else None


def _title_spans(text: str) -> Iterator[Span]:
    """The lines above the first heading that end as titles do, with an organ's line above."""
    before: re.Match[str] | None = None
    for line in _LINE.finditer(text):
        wording = line[0].strip()
        if ordinal(wording) is not None or len(wording) > 60:
            return
        if _TITLE.search(wording):
            for match in (before, line) if before and len(before[0].strip()) <= 25 else (line,):
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                yield Span(start, start + len(match[0].strip()), Label.TITLE)
            return
        before = line if wording else before


def _item_spans(text: str, headings: list[Span]) -> Iterator[Span]:
    """The marked units of section 5; a measure from the first cue of intention on."""
    known = wordings()["sections"]["5"]
    for index, heading in enumerate(headings):
        if best_likeness(text[heading.start : heading.end], known) < NEAR:
            continue
        end = headings[index + 1].start if index + 1 < len(headings) else len(text)
        label = Label.PROBLEM
        marks = [match.start() for match in _MARK.finditer(text, heading.end, end)]
        for begin, stop in zip(marks, [*marks[1:], end], strict=False):
            lead = text[max(heading.end, begin - 60) : begin]
            if _MEASURE_CUE.search(lead):
                label = Label.MEASURE
            cue = _MEASURE_CUE.search(text, begin + 8, stop) if label is Label.PROBLEM else None
            last = text.rfind("。", begin, cue.start()) if cue else stop
            begin, last = clean_edges(text, begin, last if last > begin else stop)
            if begin < last and not (_PROBLEM_CUE.search(text[begin:last]) and last - begin < 12):
                yield Span(begin, last, label)
