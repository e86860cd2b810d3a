"""`nianbao correct`: a value by its path, or every cell that was filled in in the workbook."""

import re
import zlib
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from zipfile import BadZipFile

from pydantic import ValidationError

from ..models.errors import NianbaoError
from ..models.form import places
from ..models.report import Report
from .corrections import NAME, Entry, append, entries_of, entry_for, fault_of
from .flat import CELLS, REPORTS
from .progress import printable, say

_SHA256 = re.compile("[0-9a-f]{64}")
#: What zipfile and openpyxl raise at files that are damaged, encrypted, or no workbooks.
_DAMAGE = (
    AttributeError, BadZipFile, EOFError, LookupError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, zlib.error,
)  # fmt: skip
_NEEDED = {column.header for column in CELLS.columns if column.header}


def correct_value(
    file: Path, path: str, value: str, why: str, by: str, layer: Path | None = None
) -> None:
    """Keep a correction of the report in `file`, and say what it is.

    layer: where it is kept; None: `corrections.jsonl` in the report's output folder.
    Raises NianbaoError: E107 no report, E109 the correction makes no sense, or the layer is
    another file; E401.
    """
    entry = entry_for(_report(file), path, value, why, by)
    target = _layer_beside(file) if layer is None else layer
    _kept(target)
    append(target, [entry])
    _tell([entry], target)


def _layer_beside(file: Path) -> Path:
    """In the output folder that `file` belongs to: of a batch, the one above `json`."""
    above = file.absolute().parent.parent
    of_batch = file.absolute().parent.name == "json" and (above / ".batch").is_dir()
    return above / NAME if of_batch else file.with_name(NAME)


def _kept(layer: Path) -> list[Entry]:
    """What a layer holds already; so nothing is ever added to a file of another kind."""
    return list(entries_of(layer)) if layer.exists() else []


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
        place = places().get(entry.path, entry.path)
        say(printable(f"{place}：{was} → {entry.value or '空白 blank'}"))
    say(f"记下 {len(entries)} 处更正：{target} | {len(entries)} corrections kept in {target}")
    if entries:
        say("再解析一次即可生效 | parse again to see them")


def correct_from_workbook(file: Path, why: str, by: str, layer: Path | None = None) -> None:
    """Keep every correction that was filled in in the column 更正为 and was not kept before.

    What `parse` wrote there is in the layer, and stays behind what came after it: an old workbook
    takes back nothing.
    why: for rows whose 更正理由 is empty.
    Raises NianbaoError: E107 no workbook of ours, E109 with the row that makes no sense, or the
    layer is another file; E401.
    """
    target = _layer_beside(file) if layer is None else layer
    kept = _kept(target)
    known, last = set(map(_wording, kept)), {_place(entry): entry for entry in kept}
    filled_in = list(_filled_in(file, why, by))
    entries = [entry for entry in filled_in if _wording(entry) not in known]
    append(target, entries)
    _tell(entries, target)
    _tell_overtaken(
        entry
        for entry in filled_in
        if _wording(entry) in known and _wording(entry) != _wording(last[_place(entry)])
    )


def _place(entry: Entry) -> tuple[str, str]:
    return entry.sha256, entry.path


def _wording(entry: Entry) -> tuple[str, str, str, str]:
    return entry.sha256, entry.path, entry.value, entry.why


def _tell_overtaken(entries: Iterable[Entry]) -> None:
    for entry in entries:
        say(
            printable(f"{places()[entry.path]}：{entry.value}：")
            + "后来又更正过，以后来的为准；要改回，请另写理由"
            + " | corrected anew since, which stands; to go back, give another reason"
        )


def _filled_in(file: Path, why: str, by: str) -> Iterator[Entry]:
    sources = {
        row["报告"]: sha256
        for row in _rows(file, REPORTS.sheet, {"报告", "来源校验和"})
        if _SHA256.fullmatch(sha256 := str(row["来源校验和"]))
    }
    paths = {(p.table, p.row, p.column): path for path, p in places().items()}
    for number, row in enumerate(_rows(file, CELLS.sheet, _NEEDED), start=2):
        if row["更正为"] is None:
            continue
        value = _written(row["更正为"])
        path = paths.get((str(row["表"]), str(row["行"]), str(row["列"])))
        reason = str(row["更正理由"] or why).strip()
        fault = _fault(path, row["报告"] in sources, value, reason, by)
        if fault is not None or path is None:
            zh, _, en = str(fault).partition(" | ")
            where = f"“{CELLS.sheet}”第 {number} 行：{zh} | sheet {CELLS.sheet}, row {number}: {en}"
            raise NianbaoError("E109", reason=where)
        was = row["更正前数值"] if row["更正前状态"] else row["数值"]
        yield Entry(
            sha256=sources[row["报告"]],
            path=path,
            value=value,
            why=reason,
            by=by.strip(),
            was=was if isinstance(was, int | float) else None,
        )


def _written(value: object) -> str:
    """As a person sees it: some programs keep 5 as 5.0."""
    whole = isinstance(value, float) and value.is_integer()
    return f"{value:.0f}" if whole else str(value).strip()


def _fault(path: str | None, known: bool, value: str, reason: str, by: str) -> str | None:
    if path is None:
        return "没有这个单元格 | no such cell"
    if not known:
        return "没有这份报告 | no such report"
    return fault_of(path, value, reason, by)


def _rows(file: Path, sheet: str, needed: Set[str]) -> Iterator[dict[str, object]]:
    """Of a sheet and those it goes on in, `标题 (2)`, by the names of the columns."""
    from openpyxl import load_workbook

    # A stream of our own: a workbook that is closed in the middle of a sheet keeps its file open.
    with file.open("rb") as stream, _damage_told(file):
        book = load_workbook(stream, read_only=True)
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


@contextmanager
def _damage_told(file: Path) -> Iterator[None]:
    """Rows are read as they are asked for, so a damaged sheet may show at any of them."""
    try:
        yield
    except _DAMAGE as error:
        reason = "不是本软件的工作簿，或已损坏 | no workbook of ours, or a damaged one"
        raise NianbaoError("E107", path=file, reason=reason) from error
