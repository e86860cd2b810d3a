"""Reports as flat tables: one row per report, cell, check, finding or item."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import get_args

from ..models.form import places, short_names
from ..models.report import Report, State

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
    source, meta = report.source, report.meta
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
        roles["problem"],
        roles["measure"],
        report.narrative.none_stated,
        *(checks[state] for state in CHECK),
        *(severities[severity] for severity in SEVERITY),
        report.model.name,
        report.model.version,
        *(values.get(path) for path in short_names()),
    )


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
        )


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
    for item in report.items:
        themes = " ".join(theme.id for theme in item.themes)
        place = (item.start, item.end)
        yield (name, item.role, item.text, item.generic, item.confidence, *place, themes)


_REPORT = Column("report", "报告")
_PLACE = (Column("start_offset", "起"), Column("end_offset", "止"))

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
        Column("n_problems", "问题条数"),
        Column("n_measures", "措施条数"),
        Column("none_stated", "称无问题"),
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
        Column("role", "类别", ROLE),
        Column("text", "内容"),
        Column("generic", "泛泛而谈"),
        Column("confidence", "置信度"),
        *_PLACE,
        Column("themes", "主题"),
    ),
    _item_rows,
)

TABLES = (REPORTS, CELLS, CHECKS, FINDINGS, ITEMS)
FAILED_KEYS = ("path", "sha256", "code", "message")
FAILED_HEADERS = ("来源", "来源校验和", "代码", "原因")
