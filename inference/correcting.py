"""`nianbao correct`: a cell by its path, or every cell that was filled in in the workbook."""

from collections.abc import Iterator, Set
from itertools import zip_longest
from pathlib import Path
from zipfile import BadZipFile

from pydantic import ValidationError

from ..models.errors import NianbaoError
from ..models.form import places
from ..models.report import Report
from .corrections import NAME, Entry, append, entry_for, load, reading_of
from .flat import CELLS, REPORTS
from .progress import printable, say

_NEEDED = {column.header for column in CELLS.columns if column.header}


def correct_cell(
    file: Path, path: str, value: str, why: str, by: str, layer: Path | None = None
) -> None:
    """Keep a correction of the report in `file`, and say what it is.

    layer: where it is kept; None: `corrections.jsonl` beside the report.
    Raises NianbaoError: E107 no report, E109 the correction makes no sense, E401.
    """
    entry = entry_for(_report(file), path, value, why, by)
    target = file.with_name(NAME) if layer is None else layer
    append(target, [entry])
    _tell([entry], target)


def _report(file: Path) -> Report:
    try:
        return Report.model_validate_json(file.read_bytes())
    except OSError as error:
        raise NianbaoError("E103", reason=error.strerror or error) from error
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise NianbaoError("E107", path=file, reason=reason) from error


def _tell(entries: list[Entry], target: Path) -> None:
    for entry in entries:
        was = "空 null" if entry.was is None else entry.was
        say(printable(f"{places()[entry.path]}：{was} → {entry.value or '空白 blank'}"))
    say(f"记下 {len(entries)} 处更正：{target} | {len(entries)} corrections kept in {target}")
    if entries:
        say("再解析一次即可生效 | parse again to see them")


def correct_from_workbook(file: Path, why: str, by: str, layer: Path | None = None) -> None:
    """Keep every correction that was filled in in the column 更正为 and is not kept yet.

    why: for rows whose 更正理由 is empty.
    Raises NianbaoError: E107 no workbook of ours, E109 with the row that makes no sense, E401.
    """
    target = file.with_name(NAME) if layer is None else layer
    kept = load(target) if target.exists() else {}
    entries = [
        entry
        for entry in _filled_in(file, why, by)
        if (old := kept.get(entry.sha256, {}).get(entry.path)) is None
        or (old.value, old.why) != (entry.value, entry.why)
    ]
    append(target, entries)
    _tell(entries, target)


def _filled_in(file: Path, why: str, by: str) -> Iterator[Entry]:
    sources = {
        row["报告"]: row["来源校验和"] for row in _rows(file, REPORTS.sheet, {"报告", "来源校验和"})
    }
    paths = {(p.table, p.row, p.column): path for path, p in places().items()}
    for number, row in enumerate(_rows(file, CELLS.sheet, _NEEDED), start=2):
        if row["更正为"] is None:
            continue
        value = str(row["更正为"]).strip()
        path = paths.get((str(row["表"]), str(row["行"]), str(row["列"])))
        reason = str(row["更正理由"] or why).strip()
        fault = _fault(path, row["报告"] in sources, value, reason)
        if fault is not None or path is None:
            raise NianbaoError("E109", reason=f"“{CELLS.sheet}”第 {number} 行：{fault}")
        was = row["更正前数值"] if row["更正前状态"] else row["数值"]
        yield Entry(
            sha256=str(sources[row["报告"]]),
            path=path,
            value=value,
            why=reason,
            by=by,
            was=was if isinstance(was, int | float) else None,
        )


def _fault(path: str | None, known: bool, value: str, reason: str) -> str | None:
    if path is None:
        return "没有这个单元格 | no such cell"
    if not known:
        return "没有这份报告 | no such report"
    if not reason:
        return "没有写明理由 | no reason is given"
    if reading_of(value)[1] == "unreadable":
        return f"读不出这个值：{value} | cannot be read: {value}"
    return None


def _rows(file: Path, sheet: str, needed: Set[str]) -> Iterator[dict[str, object]]:
    """Of a sheet and those it goes on in, `标题 (2)`, by the names of the columns."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    # A stream of our own: a workbook that is closed in the middle of a sheet keeps its file open.
    with file.open("rb") as stream:
        try:
            book = load_workbook(stream, read_only=True)
        except (InvalidFileException, BadZipFile, KeyError, OSError) as error:
            reason = "不是本软件的工作簿 | no workbook of ours"
            raise NianbaoError("E107", path=file, reason=reason) from error
        names = [n for n in book.sheetnames if n == sheet or n.startswith(f"{sheet} (")]
        if not names:
            reason = f"没有工作表“{sheet}” | no sheet {sheet}"
            raise NianbaoError("E107", path=file, reason=reason)
        for name in names:
            rows = book[name].iter_rows(values_only=True)
            headers = [str(header) for header in next(rows, ())]
            if not needed <= set(headers):
                lacking = "、".join(sorted(needed - set(headers)))
                reason = f"“{name}”缺少列：{lacking} | sheet {name} lacks the columns {lacking}"
                raise NianbaoError("E107", path=file, reason=reason)
            for row in rows:  # which end with their last cell that is not empty
                yield dict(zip_longest(headers, row))
