"""What closes a run: the lists of failures and duplicates, the data package, CSV and workbook."""

import csv
import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow.parquet as pq

from ...models.report import as_text
from ..codebook import about, fields
from ..flat import FAILED_KEYS, TABLES, Row, Table, Value
from ..names import Format
from ..series import INTERNAL, Tally
from ..write import FAILED, WORKBOOK
from .entries import Shard
from .options import Options
from .plan import Plan
from .state import JSON_FOLDER, Marker, State, write_whole
from .tables import carried_names, schema_of

DUPLICATES = "duplicates.csv"
PACKAGE = "datapackage.json"
EXPORTS = "exports.json"  # names of the CSV files and the workbook that are ours

Done = tuple[Shard, Marker]


def tally_of(done: Sequence[Done]) -> Tally:
    """What became of the sources of finished shards, over this run and those before."""
    tally = Tally()
    for _, marker in done:
        tally.parsed += marker.parsed
        tally.review += marker.review
        tally.failed += len(marker.failures)
        tally.mistakes += sum(failure.code == INTERNAL for failure in marker.failures)
        tally.checks_failed += marker.checks_failed
        for severity, code, n in marker.findings:
            tally.findings[severity, code] += n
    return tally


def write_accounts(state: State, plan: Plan, done: Sequence[Done]) -> None:
    """The lists of what failed and of what was there twice, and the data package."""
    write_whole(state.out / FAILED, _failed(done), state.tmp)
    write_whole(state.out / DUPLICATES, _duplicates(plan), state.tmp)
    write_whole(state.out / PACKAGE, _package(plan, done), state.tmp)


def _failures(done: Sequence[Done]) -> Iterator[tuple[str | None, ...]]:
    for shard, marker in done:
        for failure in marker.failures:
            source = shard.sources[failure.index]
            yield (source.entry.path, source.sha256, failure.code, failure.message)


def _failed(done: Sequence[Done]) -> bytes:
    lines = [
        json.dumps(dict(zip(FAILED_KEYS, row, strict=True)), ensure_ascii=False)
        for row in _failures(done)
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _duplicates(plan: Plan) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(("path", "sha256", "same_as", *carried_names(plan.carried)))
    for duplicate in plan.duplicates:
        source = duplicate.source
        values = dict(source.entry.carried)
        more = (values.get(name) for name in plan.carried)
        writer.writerow((source.entry.path, source.sha256, duplicate.same_as, *more))
    return as_text(stream.getvalue()).encode("utf-8-sig")


def _package(plan: Plan, done: Sequence[Done]) -> bytes:
    """A Data Package (datapackage.org): every table with its files, columns and meanings."""
    resources = [
        {
            "name": table.key,
            "path": [f"{table.key}/{shard.stem}.parquet" for shard, _ in done],
            "format": "parquet",
            "title": about(table.key)[0],
            "description": about(table.key)[1],
            "schema": {"fields": list(_described(table, plan)), **_keys(table)},
        }
        for table in TABLES
    ]
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "nianbao",
        "title": "政府信息公开工作年度报告 | Annual reports on open government information",
        "resources": [resource for resource in resources if resource["path"]],
    }
    return json.dumps(package, ensure_ascii=False, indent=1).encode() + b"\n"


def _keys(table: Table) -> dict[str, object]:
    if table.key == "reports":
        return {"primaryKey": ["report"]}
    reference = {"resource": "reports", "fields": ["report"]}
    return {"foreignKeys": [{"fields": ["report"], "reference": reference}]}


def _described(table: Table, plan: Plan) -> Iterator[dict[str, Any]]:
    for field in fields(table.key):
        described: dict[str, Any] = {
            "name": field.key,
            "type": field.kind,
            "title": field.zh,
            "description": field.en,
        }
        if field.values:
            described["categories"] = [
                {"value": code, "label": word} for code, word in field.values
            ]
        yield described
    if table.key == "reports":
        for name, given in zip(carried_names(plan.carried), plan.carried, strict=True):
            yield {"name": name, "type": "string", "title": f"清单的列 {as_text(given)}"}


def write_exports(state: State, plan: Plan, done: Sequence[Done], options: Options) -> None:
    """CSV and workbook as `parse` writes them, from the Parquet files.

    Those of an earlier run go: they may tell of other reports.
    """
    listed = state.root / EXPORTS
    if listed.exists():
        for name in json.loads(listed.read_bytes()):
            (state.out / name).unlink(missing_ok=True)
    names = [f"{table.key}.csv" for table in TABLES] if Format.CSV in options.formats else []
    names += [WORKBOOK] if Format.XLSX in options.formats else []
    write_whole(listed, json.dumps(names).encode() + b"\n", state.tmp)
    if Format.CSV in options.formats:
        for table in TABLES:
            _write_csv(table, state, plan, done)
    if Format.XLSX in options.formats:
        _write_workbook(state, done)


def _write_csv(table: Table, state: State, plan: Plan, done: Sequence[Done]) -> None:
    name = f"{table.key}.csv"
    with (state.tmp / name).open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(schema_of(table.key, plan.carried).names)
        for rows in _rows(table, state, done):
            writer.writerows(rows)
    os.replace(state.tmp / name, state.out / name)


def _write_workbook(state: State, done: Sequence[Done]) -> None:
    from ..workbook import Book  # costs a fifth of a second: only who wants it pays

    book = Book(state.out / WORKBOOK)
    for table in TABLES:
        width = len(table.columns)
        for rows in _rows(table, state, done):
            book.add_rows(table, (row[:width] for row in rows))
    for failure in _failures(done):
        book.add_failure(failure)
    book.close()


def _rows(table: Table, state: State, done: Sequence[Done]) -> Iterator[list[Row]]:
    """The rows of each shard, with whole numbers as such: Parquet keeps them as floats."""
    for shard, _ in done:
        rows = pq.read_table(state.part(table.key, shard.number), use_threads=False)
        columns = [map(_plain, column.to_pylist()) for column in rows.columns]
        yield list(zip(*columns, strict=True))


def _plain(value: Value) -> Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def remove_strays(state: State, done: Sequence[Done]) -> None:
    """What this plan has no use for: rows of an earlier cut, JSON of sources that are gone."""
    shutil.rmtree(state.old, ignore_errors=True)
    shutil.rmtree(state.tmp, ignore_errors=True)
    wanted = {name for _, marker in done for name in marker.sizes}
    for file in (state.out / JSON_FOLDER).glob("*.json"):
        if file.relative_to(state.out).as_posix() not in wanted:
            file.unlink()
