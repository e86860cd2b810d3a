"""Reports as flat tables: one row per report, cell, check, finding, item, answer or theme."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import get_args

from ..models.form import places, short_names
from ..models.report import Cell, Item, Report, State
from ..models.themes import themes
from .answers import generic_share, unanswered
from .level import body_of, level_of

Value = str | int | float | bool | date | None
Row = tuple[Value, ...]

STATUS = MappingProxyType({"ok": "通过", "review": "需复核"})
SEVERITY = MappingProxyType({"error": "错误", "warning": "警告", "info": "提示"})
STATE = MappingProxyType(
    {
        "found": "有数",
        "blank": "空白",
        "not_applicable": "不适用",
        "text": "文字",
        "missing": "缺失",
        "unreadable": "无法确定",
    }
)
CHECK = MappingProxyType({"pass": "成立", "fail": "不成立", "not_assessable": "无法核对"})
ROLE = MappingProxyType({"problem": "问题", "measure": "措施"})
SCOPE = MappingProxyType({"own": "本机关", "aggregated": "汇总"})
LEVEL = MappingProxyType(
    {
        "national": "国家",
        "province": "省",
        "city": "市",
        "county": "县",
        "township": "乡镇",
    }
)
BODY = MappingProxyType({"government": "政府", "department": "部门"})
THEME = MappingProxyType({theme.id: theme.zh for theme in themes()})


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a CSV file, and of the workbook where it has a header.

    key: the name in CSV, fit for Stata and R.
    words: Chinese for the values that are codes.
    """

    key: str
    header: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A flat table. `rows` takes the name of the report's JSON file, without suffix."""

    key: str
    sheet: str
    columns: tuple[Column, ...]
    rows: Callable[[str, Report], Iterator[Row]]


def _report_rows(name: str, report: Report) -> Iterator[Row]:
    source, meta, previous = report.source, report.meta, report.narrative.previous
    values = {cell.path: cell.value for cell in report.cells}
    states = Counter(cell.state for cell in report.cells)
    roles = Counter(item.role for item in report.items)
    checks: Counter[str] = Counter(check.state for check in report.checks)
    severities: Counter[str] = Counter(finding.severity for finding in report.findings)
    yield (
        name,
        source.path,
        source.sha256,
        source.format,
        source.encoding,
        report.status,
        " ".join(report.reasons),
        meta.title,
        meta.issuer,
        level_of(meta.issuer),
        body_of(meta.issuer),
        meta.year,
        meta.signed_date,
        meta.publication_date,
        meta.period_start,
        meta.period_end,
        meta.form_version,
        meta.document_number,
        meta.cited_notice,
        meta.scope,
        len(report.sections),
        *(states[state] for state in get_args(State)),
        " ".join(_corrected(report)),
        roles["problem"],
        roles["measure"],
        report.narrative.none_stated,
        generic_share(report),
        sum(1 for _ in unanswered(report)),
        None if previous is None else previous.year,
        None if previous is None else sum(item.repeated is not None for item in report.items),
        *(checks[state] for state in CHECK),
        *(severities[severity] for severity in SEVERITY),
        report.model.name,
        report.model.version,
        *(values.get(path) for path in short_names()),
    )


def _corrected(report: Report) -> Iterator[str]:
    """The paths of what a person put there."""
    yield from (one.path for one in report.corrections)
    yield from (cell.path for cell in report.cells if cell.correction is not None)


def _cell_rows(name: str, report: Report) -> Iterator[Row]:
    meta = report.meta
    for cell in report.cells:
        place = places()[cell.path]
        yield (
            name,
            meta.issuer,
            meta.year,
            cell.path,
            short_names()[cell.path],
            place.table,
            place.row,
            place.column,
            cell.value,
            cell.raw,
            cell.unit,
            cell.state,
            cell.confidence,
            cell.method,
            cell.start,
            cell.end,
            *_correction(cell),
        )


def _correction(cell: Cell) -> Row:
    """What a person put here, what the parser had read, and why; a workbook is filled in here."""
    made = cell.correction
    if made is None:
        return None, None, None, None
    return made.given, made.value, made.state, made.why


def _check_rows(name: str, report: Report) -> Iterator[Row]:
    for check in report.checks:
        cells = " ".join(check.cells)
        yield (name, check.id, check.state, check.left, check.right, check.message, cells)


def _finding_rows(name: str, report: Report) -> Iterator[Row]:
    for finding in report.findings:
        cells = " ".join(finding.cells)
        place = (finding.start, finding.end)
        yield (name, finding.severity, finding.code, finding.message, *place, cells)


def _item_rows(name: str, report: Report) -> Iterator[Row]:
    for number, item in enumerate(report.items):
        ids = " ".join(theme.id for theme in item.themes)
        answers = " ".join(str(answer.item) for answer in item.answers)
        again = item.repeated
        yield (
            name,
            number,
            item.role,
            item.text,
            item.generic,
            item.confidence,
            item.start,
            item.end,
            ids,
            answers,
            None if again is None else again.score,
            None if again is None else again.text,
        )


def _answer_rows(name: str, report: Report) -> Iterator[Row]:
    """One for each measure of a problem; a problem that lacks a measure has one, too."""
    alone = {id(item) for item in unanswered(report)}
    for number, item in enumerate(report.items):
        for answer in item.answers:
            measure = report.items[answer.item].text
            yield (name, number, item.text, answer.item, measure, answer.score)
        if id(item) in alone:
            yield (name, number, item.text, None, None, None)


def _theme_rows(name: str, report: Report) -> Iterator[Row]:
    """One for each theme; without section 5 its counts are null, for nothing was counted."""
    meta = report.meta
    organ = (meta.issuer, level_of(meta.issuer), body_of(meta.issuer), meta.year)
    counted = bool(report.items) or any(section.id == "5" for section in report.sections)
    problems, measures = (_theme_counts(report.items, role) for role in ("problem", "measure"))
    alone = _theme_counts(unanswered(report), "problem")
    for entry in themes():
        counts = (problems[entry.id], measures[entry.id], alone[entry.id])
        yield (name, *organ, entry.id, *(counts if counted else (None, None, None)))


def _theme_counts(items: Iterable[Item], role: str) -> Counter[str]:
    return Counter(theme.id for item in items if item.role == role for theme in item.themes)


_REPORT = Column("report", "报告")
_PLACE = (Column("start_offset", "起"), Column("end_offset", "止"))
_LEVEL = (Column("level", "层级", LEVEL), Column("body", "政府或部门", BODY))

REPORTS = Table(
    "reports",
    "报告",
    (
        _REPORT,
        Column("path", "来源"),
        Column("sha256", "来源校验和"),
        Column("format", "来源格式"),
        Column("encoding", "编码"),
        Column("status", "结论", STATUS),
        Column("reasons", "复核原因"),
        Column("title", "标题"),
        Column("issuer", "发布机关"),
        *_LEVEL,
        Column("year", "报告年度"),
        Column("signed_date", "落款日期"),
        Column("publication_date", "发布日期"),
        Column("period_start", "统计期起"),
        Column("period_end", "统计期止"),
        Column("form_version", "格式版本"),
        Column("document_number", "文号"),
        Column("cited_notice", "引用的通知"),
        Column("scope", "统计范围", SCOPE),
        Column("n_sections", "章数"),
        *(Column(f"n_{state}", f"{STATE[state]}格数") for state in get_args(State)),
        Column("corrected", "更正之处"),
        Column("n_problems", "问题条数"),
        Column("n_measures", "措施条数"),
        Column("none_stated", "称无问题"),
        Column("generic_share", "泛泛而谈的问题占比"),
        Column("n_unanswered", "无对应措施的问题条数"),
        Column("previous_year", "所比对的往年"),
        Column("n_repeated", "与往年雷同条数"),
        Column("n_checks_pass", "勾稽成立"),
        Column("n_checks_fail", "勾稽不成立"),
        Column("n_checks_not_assessable", "勾稽无法核对"),
        *(Column(f"n_{severity}s", f"{word}数") for severity, word in SEVERITY.items()),
        Column("model_name", "模型"),
        Column("model_version", "模型版本"),
        *(Column(short) for short in short_names().values()),
    ),
    _report_rows,
)

CELLS = Table(
    "cells",
    "单元格",
    (
        _REPORT,
        Column("issuer"),
        Column("year"),
        Column("path"),
        Column("short_name"),
        Column("table_name", "表"),
        Column("row_label", "行"),
        Column("column_label", "列"),
        Column("value", "数值"),
        Column("raw", "原文"),
        Column("unit", "单位"),
        Column("state", "状态", STATE),
        Column("confidence", "置信度"),
        Column("method"),
        Column("start_offset"),
        Column("end_offset"),
        Column("correction", "更正为"),
        Column("value_before", "更正前数值"),
        Column("state_before", "更正前状态", STATE),
        Column("why", "更正理由"),
    ),
    _cell_rows,
)

CHECKS = Table(
    "checks",
    "勾稽关系",
    (
        _REPORT,
        Column("check_id", "关系"),
        Column("state", "结果", CHECK),
        Column("left_side", "左边"),
        Column("right_side", "右边"),
        Column("message", "说明"),
        Column("cells", "单元格"),
    ),
    _check_rows,
)

FINDINGS = Table(
    "findings",
    "问题提示",
    (
        _REPORT,
        Column("severity", "程度", SEVERITY),
        Column("code", "代码"),
        Column("message", "说明"),
        *_PLACE,
        Column("cells", "单元格"),
    ),
    _finding_rows,
)

ITEMS = Table(
    "items",
    "问题与措施",
    (
        _REPORT,
        Column("item", "序号"),
        Column("role", "类别", ROLE),
        Column("text", "内容"),
        Column("generic", "泛泛而谈"),
        Column("confidence", "置信度"),
        *_PLACE,
        Column("themes", "主题"),
        Column("answers", "对应措施"),
        Column("repeated", "与往年相似度"),
        Column("repeated_text", "往年的写法"),
    ),
    _item_rows,
)

ANSWERS = Table(
    "answers",
    "问题与对应措施",
    (
        _REPORT,
        Column("problem", "问题序号"),
        Column("problem_text", "问题"),
        Column("measure", "措施序号"),
        Column("measure_text", "措施"),
        Column("score", "可能性"),
    ),
    _answer_rows,
)

THEMES = Table(
    "themes",
    "主题",
    (
        _REPORT,
        Column("issuer", "发布机关"),
        *_LEVEL,
        Column("year", "报告年度"),
        Column("theme", "主题", THEME),
        Column("n_problems", "问题条数"),
        Column("n_measures", "措施条数"),
        Column("n_unanswered", "无对应措施的问题条数"),
    ),
    _theme_rows,
)

TABLES = (REPORTS, CELLS, CHECKS, FINDINGS, ITEMS, ANSWERS, THEMES)
FAILED_KEYS = ("path", "sha256", "code", "message")
FAILED_HEADERS = ("来源", "来源校验和", "代码", "原因")
