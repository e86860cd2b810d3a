"""Manifests: a table of paths, and of columns that are carried through to the results."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from ...models.errors import NianbaoError
from .entries import Carried

MANIFEST_SUFFIXES = frozenset((".csv", ".jsonl", ".parquet"))
PATH = "path"


def read_manifest(file: Path) -> Iterator[tuple[str, Carried]]:
    """Each row's path, and its other columns as text; None where a row has none.

    Text keeps what a number would lose: 010 as a code of an area.
    Raises NianbaoError E404 where the file is no such table, or a row has no path.
    """
    try:
        rows = list(_READERS[file.suffix.casefold()](file))
    except OSError as error:
        raise _unfit(file, error.strerror or str(error)) from error
    except (ValueError, csv.Error) as error:
        raise _unfit(file, " ".join(str(error).split())) from error
    for number, row in enumerate(rows, 1):
        path = row.get(PATH)
        if not isinstance(path, str) or not path:
            raise _unfit(file, f"第{number}行没有 path | no path in row {number}")
        yield path, tuple((name, _text(row[name])) for name in row if name != PATH)


def _unfit(file: Path, reason: str) -> NianbaoError:
    return NianbaoError("E404", reason=f"{file.name}: {reason}")


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, default=str)


def _csv_rows(file: Path) -> Iterator[Mapping[str, object]]:
    """UTF-8, or GB18030 as Chinese Excel saves it."""
    data = file.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        if None in row:
            raise ValueError("一行的格数多于表头 | a row has more cells than the header")
        yield row


def _json_rows(file: Path) -> Iterator[Mapping[str, object]]:
    for line in file.read_text(encoding="utf-8-sig").split("\n"):
        if line.strip():
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("一行不是 JSON 对象 | a line is no JSON object")
            yield row


def _parquet_rows(file: Path) -> Iterator[Mapping[str, object]]:
    import pyarrow.parquet as pq

    yield from pq.read_table(file).to_pylist()


_READERS = {".csv": _csv_rows, ".jsonl": _json_rows, ".parquet": _parquet_rows}
