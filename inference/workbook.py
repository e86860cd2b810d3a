"""The workbook for offices: flat tables with Chinese headers in one xlsx, written as they come."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from ..models.report import Report
from .flat import FAILED_HEADERS, TABLES, Table, Value

MAX_ROWS = 1_048_576  # of a sheet, the header included: Excel's own limit
_FAILED = "未能解析"
_WIDTH = 16
_FORMULA = ("=", "+", "-", "@", "#")  # "#N/A" and its like would become errors
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")  # beside those that openpyxl lists


class _Sheet:
    """A sheet that goes on in a further one, `标题 (2)`, when it is full."""

    def __init__(self, book: Workbook, title: str, headers: tuple[str, ...], max_rows: int) -> None:
        self._book, self._title, self._headers, self._max_rows = book, title, headers, max_rows
        self._number = 0
        self._open()

    def _open(self) -> None:
        self._number += 1
        suffix = f" ({self._number})" if self._number > 1 else ""
        self._sheet: WriteOnlyWorksheet = self._book.create_sheet(self._title + suffix)
        self._sheet.freeze_panes = "A2"
        for number in range(1, len(self._headers) + 1):
            self._sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
        cells = [WriteOnlyCell(self._sheet, header) for header in self._headers]
        for cell in cells:
            cell.font = Font(bold=True)
        self._sheet.append(cells)
        self._rows = 1

    def append(self, row: Iterable[Value]) -> None:
        if self._rows == self._max_rows:
            self._open()
        self._sheet.append([self._cell(value) for value in row])
        self._rows += 1

    def _cell(self, value: Value) -> object:
        if isinstance(value, bool):
            return "是" if value else "否"
        if not isinstance(value, str):
            return value
        text = _NOT_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", value))
        if not text.startswith(_FORMULA):
            return text
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"
        cell.quotePrefix = True  # stays text when someone edits the cell
        return cell


class Book:
    """A workbook in the making. Nothing stands at `path` before `close`."""

    def __init__(self, path: Path, max_rows: int = MAX_ROWS) -> None:
        self._path = path
        self._book = Workbook(write_only=True)
        self._sheets = {
            table.key: _Sheet(self._book, table.sheet, _headers(table), max_rows)
            for table in TABLES
        }
        self._failed = _Sheet(self._book, _FAILED, FAILED_HEADERS, max_rows)

    def add(self, name: str, report: Report) -> None:
        for table in TABLES:
            self.add_rows(table, table.rows(name, report))

    def add_rows(self, table: Table, rows: Iterable[tuple[Value, ...]]) -> None:
        for row in rows:
            self._sheets[table.key].append(_in_chinese(table, row))

    def add_failure(self, row: tuple[str | None, ...]) -> None:
        self._failed.append(row)

    def close(self) -> None:
        part = self._path.with_name(f".{os.getpid()}.part")
        self._book.save(part)
        os.replace(part, self._path)


def _headers(table: Table) -> tuple[str, ...]:
    return tuple(column.header for column in table.columns if column.header)


def _in_chinese(table: Table, row: tuple[Value, ...]) -> Iterable[Value]:
    for column, value in zip(table.columns, row, strict=True):
        if column.header:
            yield column.words[value] if column.words and isinstance(value, str) else value
