"""Results on their way out: an output folder, or JSON lines on a stream.

Every writer takes results one by one and keeps none, so that a batch of any size fits.
"""

import csv
import json
import os
from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, Self

from ..models.errors import NianbaoError
from ..models.report import Report, as_text
from .flat import FAILED_KEYS, TABLES, Table
from .names import Format, Names

if TYPE_CHECKING:  # openpyxl costs a fifth of a second: only who wants a workbook pays
    from .workbook import Book

FAILED = "failed.jsonl"
WORKBOOK = "nianbao.xlsx"
_FIXED = (FAILED, WORKBOOK, *(f"{table.key}.csv" for table in TABLES))


class Sink(Protocol):
    """Where results go."""

    def add(self, path: str, report: Report) -> None: ...

    def add_failure(self, path: str, sha256: str | None, error: NianbaoError) -> None: ...


def to_json(report: Report, indent: int | None = None) -> bytes:
    """The report as UTF-8 JSON, Chinese as it is, with a line feed at the end."""
    return report.model_dump_json(indent=indent).encode("utf-8") + b"\n"


class Lines:
    """One line of JSON for each report; a failure leaves none."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def add(self, path: str, report: Report) -> None:
        self._stream.write(to_json(report))
        self._stream.flush()

    def add_failure(self, path: str, sha256: str | None, error: NianbaoError) -> None:
        """A stream of reports has no place for it; the command tells it on standard error."""


def overwritten(folder: Path, inputs: Iterable[str]) -> str | None:
    """The first of `inputs` that a run into `folder` would write over, else None."""
    fixed = {name.casefold() for name in _FIXED}
    for name in inputs:
        path = Path(name)
        if path.name.casefold() in fixed and path.parent.resolve() == folder.resolve():
            return name
    return None


class Folder:
    """The output folder of one run, a context manager. Files of an earlier run are replaced.

    inputs: the files that the user named; none of them is written over.
    Raises NianbaoError E401 where the folder or a file in it cannot be written.
    """

    def __init__(
        self, path: Path, formats: Collection[Format] = tuple(Format), inputs: Iterable[str] = ()
    ) -> None:
        self._path, self._formats, self._inputs = path, formats, tuple(inputs)
        self._stack = ExitStack()
        self._tables: list[tuple[Table, Any]] = []
        self._book: Book | None = None

    def __enter__(self) -> Self:
        with _Told():
            self._path.mkdir(parents=True, exist_ok=True)
            self._names = Names(self._path, self._inputs)
            with ExitStack() as stack:
                self._open(stack)
                self._stack = stack.pop_all()
        return self

    def _open(self, stack: ExitStack) -> None:
        self._failed = stack.enter_context(open(self._path / FAILED, "w", encoding="utf-8"))
        if Format.CSV in self._formats:
            for table in TABLES:
                path = self._path / f"{table.key}.csv"
                stream = stack.enter_context(open(path, "w", encoding="utf-8-sig", newline=""))
                writer = csv.writer(stream)
                writer.writerow(column.key for column in table.columns)
                self._tables.append((table, writer))
        if Format.XLSX in self._formats:
            from .workbook import Book

            self._book = Book(self._path / WORKBOOK)
            stack.callback(self._book.close)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every file; after an interruption too, so that what is done is kept."""
        with _Told():
            self._stack.close()

    def add(self, path: str, report: Report) -> None:
        name = self._names.free(path)
        with _Told():
            if Format.JSON in self._formats:
                self._write_json(name, report)
            for table, writer in self._tables:
                writer.writerows(table.rows(as_text(name), report))
            if self._book is not None:
                self._book.add(as_text(name), report)

    def _write_json(self, name: str, report: Report) -> None:
        part = self._path / f".{os.getpid()}.part"
        part.write_bytes(to_json(report, indent=1))
        os.replace(part, self._path / f"{name}.json")

    def add_failure(self, path: str, sha256: str | None, error: NianbaoError) -> None:
        row = (as_text(path), sha256, error.code, error.message)
        with _Told():
            line = dict(zip(FAILED_KEYS, row, strict=True))
            self._failed.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._failed.flush()
            if self._book is not None:
                self._book.add_failure(row)


class _Told:
    """Turn what the system says against writing into an error that the user understands."""

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, OSError):
            raise NianbaoError("E401", reason=error.strerror or error) from error


def schema_json() -> bytes:
    """The JSON Schema of a report, as kept in `models/schema.json`."""
    schema = Report.model_json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
