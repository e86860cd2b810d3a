"""Reports as Arrow tables, and Parquet files that are the same byte for byte every time."""

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ...models.report import Report, as_text
from ..codebook import Kind, fields
from ..flat import TABLES, Row
from .entries import Source

KEY = "report"
_PATH = 1  # place of `path` in the table reports
_TYPES: Mapping[Kind, Any] = {
    "string": pa.string(),
    "integer": pa.int32(),
    "number": pa.float64(),  # exact for every count; fees have decimals
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_ZSTD_LEVEL = 3
_LONGEST_NAME = 32  # of a variable in Stata
_NOT_A_NAME = re.compile(r"[^\w]")

Tables = dict[str, Any]  # key of a table -> pyarrow.Table


def carried_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names of the manifest's columns as Stata and R take them, none that is ours already."""
    taken = {field.key for field in fields("reports")}
    found = []
    for name in names:
        plain = _NOT_A_NAME.sub("_", as_text(name))[:_LONGEST_NAME] or "_"
        if plain[0].isdigit() or plain.casefold() in taken:
            plain = f"m_{plain}"[:_LONGEST_NAME]
        number, unique = 1, plain
        while unique.casefold() in taken:
            number += 1
            suffix = f"_{number}"
            unique = plain[: _LONGEST_NAME - len(suffix)] + suffix
        taken.add(unique.casefold())
        found.append(unique)
    return tuple(found)


def schema_of(table: str, carried: Sequence[str]) -> Any:
    """The Arrow schema of a table; `carried` columns end the reports."""
    columns = [(field.key, _TYPES[field.kind]) for field in fields(table)]
    if table == "reports":
        columns += [(name, pa.string()) for name in carried_names(carried)]
    return pa.schema(columns)


def tables_of(reports: Sequence[tuple[Source, Report]], carried: Sequence[str]) -> Tables:
    """The rows of some reports, in their order."""
    tables = {}
    for table in TABLES:
        rows: list[Row] = []
        for source, report in reports:
            rows += table.rows(source.name, report)
        if table.key == "reports":
            values = [_carried(source, carried) for source, _ in reports]
            rows = [row + more for row, more in zip(rows, values, strict=True)]
        tables[table.key] = _table(rows, schema_of(table.key, carried))
    return tables


def _carried(source: Source, carried: Sequence[str]) -> tuple[str | None, ...]:
    values = dict(source.entry.carried)
    return tuple(values.get(name) for name in carried)


def _table(rows: Sequence[Row], schema: Any) -> Any:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [_array(column, kind.type) for column, kind in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Sequence[Any], kind: Any) -> Any:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # half a surrogate pair, which no UTF-8 can hold
        return pa.array([as_text(v) if isinstance(v, str) else v for v in values], kind)


def joined(parts: Iterable[Tables], sources: Sequence[Source], carried: Sequence[str]) -> Tables:
    """The rows of several tables in the order of `sources`, whose paths and columns they take."""
    parts = list(parts)
    order = {source.name: number for number, source in enumerate(sources)}
    tables = {}
    for table in TABLES:
        schema = schema_of(table.key, carried)
        columns = schema.names[: len(fields(table.key))]
        rows = pa.concat_tables([part[table.key].select(columns) for part in parts])
        place = pa.array([order[name] for name in rows[KEY].to_pylist()], pa.int64())
        rows = rows.take(pc.array_sort_indices(place))  # stable
        if table.key == "reports":
            rows = _retold(rows, sources, carried, schema)
        tables[table.key] = rows.combine_chunks()
    return tables


def _retold(rows: Any, sources: Sequence[Source], carried: Sequence[str], schema: Any) -> Any:
    """The reports under the paths and with the columns that their sources have now."""
    by_name = {source.name: source for source in sources}
    told = [by_name[name] for name in rows[KEY].to_pylist()]
    values = list(zip(*(_carried(source, carried) for source in told), strict=True))
    columns = rows.columns
    columns[_PATH] = _array([source.entry.path for source in told], pa.string())
    columns += [_array(column, pa.string()) for column in values or [()] * len(carried)]
    return pa.Table.from_arrays(columns, schema=schema)


def write_parquet(table: Any, path: Path) -> int:
    """Write and flush to the disk; the number of bytes. The same rows give the same bytes."""
    text = [field.name for field in table.schema if field.type == pa.string()]
    with path.open("wb") as stream:
        pq.write_table(
            table,
            stream,
            compression="zstd",
            compression_level=_ZSTD_LEVEL,
            use_dictionary=text,
            version="2.6",
            data_page_version="1.0",  # what every reader of Parquet knows
            row_group_size=max(1, table.num_rows),
        )
        stream.flush()
        os.fsync(stream.fileno())
    return path.stat().st_size


def read_rows(folder: Path, names: Sequence[str]) -> Tables:
    """The rows of some reports from the files in a folder, one file for each table."""
    wanted = pa.array(names, pa.string())
    tables = {}
    for table in TABLES:
        rows = pq.read_table(folder / f"{table.key}.parquet", use_threads=False)
        tables[table.key] = rows.filter(pc.is_in(rows[KEY], wanted))
    return tables
