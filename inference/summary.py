"""A report told in one table on the terminal."""

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..models.form import places
from ..models.report import Report
from .flat import CHECK, ROLE, SEVERITY, STATE, STATUS

_ITEM_LENGTH = 40
_CELLS = 12
_SEVERITY_STYLE = {"error": "red", "warning": "yellow", "info": "dim"}


def show(report: Report, console: Console) -> None:
    """Print what was found in `report`, Chinese first."""
    table = Table(
        title=Text(report.source.path), title_justify="left", show_header=False, pad_edge=False
    )
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for head, body in _lines(report):
        table.add_row(Text(head), body)
    console.print(table)


def _lines(report: Report) -> Iterator[tuple[str, Text]]:
    meta = report.meta
    yield "标题 title", Text(meta.title or "—")
    yield "机关 issuer", Text(meta.issuer or "—")
    yield "年度 year", Text("—" if meta.year is None else str(meta.year))
    yield "格式 form", Text(f"{meta.form_version}年" if meta.form_version else "—")
    yield "结论 status", Text(_status(report))
    yield "章 sections", Text("、".join(section.id for section in report.sections) or "—")
    yield "单元格 cells", Text(_counts(STATE, Counter(cell.state for cell in report.cells)))
    if corrected := "\n".join(_corrected(report)):
        yield "更正 corrected", Text(corrected)
    yield "非零 non-zero", Text(_non_zero(report))
    yield "勾稽 checks", Text(_counts(CHECK, Counter(check.state for check in report.checks)))
    yield "条目 items", _items(report)
    yield "提示 findings", _findings(report)


def _status(report: Report) -> str:
    reasons = f"（{'、'.join(report.reasons)}）" if report.reasons else ""
    return STATUS[report.status] + reasons


def _counts(words: Mapping[str, str], counts: Counter[str]) -> str:
    return "  ".join(f"{words[key]} {counts[key]}" for key in words if counts[key]) or "—"


def _corrected(report: Report) -> Iterator[str]:
    """What was read, what a person put in its place, and why."""
    for one in report.corrections:
        yield _change(one.path, one.value, one.given, one.why)
    for cell in report.cells:
        if (made := cell.correction) is not None:
            yield _change(str(places()[cell.path]), made.value, made.given, made.why)


def _change(place: str, before: str | float | None, given: str, why: str) -> str:
    was = "空 null" if before is None else before
    return f"{place}：{was} → {given or '空白 blank'}（{why}）"


def _non_zero(report: Report) -> str:
    cells = [cell for cell in report.cells if cell.value is not None and cell.value != 0]
    lines = []
    for cell in cells[:_CELLS]:
        mark = "" if cell.correction is None else "（更正值）"
        lines.append(f"{places()[cell.path]}：{cell.value}{cell.unit or ''}{mark}")
    if len(cells) > _CELLS:
        lines.append(f"…… 共 {len(cells)} 格 | {len(cells)} in all")
    return "\n".join(lines) or "—"


def _items(report: Report) -> Text:
    lines = []
    for item in report.items:
        text = " ".join(item.text.split())
        short = text if len(text) <= _ITEM_LENGTH else text[:_ITEM_LENGTH] + "……"
        lines.append(f"{ROLE[item.role]}：{short}")
    return Text("\n".join(lines) or "—")


def _findings(report: Report) -> Text:
    if not report.findings:
        return Text("—")
    lines = [
        Text(f"{SEVERITY[finding.severity]}：{finding.message}", _SEVERITY_STYLE[finding.severity])
        for finding in report.findings
    ]
    return Text("\n").join(lines)
