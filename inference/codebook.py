"""The codebook: every column of every table, with its type and its meaning.

`python -m nianbao.inference.codebook docs` writes docs/codebook.md and docs/codebook.csv.
"""

import argparse
import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from .. import models
from ..models.form import places, short_names
from .flat import TABLES, Table

Kind = Literal["string", "integer", "number", "boolean", "date"]

HEADER = ("table", "column", "type", "zh", "en", "values")


@dataclass(frozen=True, slots=True)
class Field:
    """A column. values: the codes that may stand in it, with their Chinese; empty: any."""

    table: str
    key: str
    kind: Kind
    zh: str
    en: str
    values: tuple[tuple[str, str], ...] = ()


@cache
def fields(table: str) -> tuple[Field, ...]:
    """The columns of a table, in their order. KeyError where one is not described."""
    return tuple(_fields(next(each for each in TABLES if each.key == table)))


def _fields(table: Table) -> Iterator[Field]:
    columns: dict[str, list[Any]] = described()[table.key]["columns"]
    paths = {short: path for path, short in short_names().items()} if table.key == "reports" else {}
    for column in table.columns:
        if column.key in paths:
            yield _cell_field(column.key, paths[column.key])
            continue
        kind, zh, en = columns[column.key]
        yield Field(table.key, column.key, kind, zh, en, tuple(column.words.items()))


def _cell_field(key: str, path: str) -> Field:
    zh = f"{places()[path]}；空值不等于零"
    return Field("reports", key, "number", zh, f"value of the cell {path}; null is not zero")


@cache
def described() -> dict[str, Any]:
    """What `models/data/codebook.json` holds: by table, its rows and its columns."""
    text = files(models).joinpath("data/codebook.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content


def about(table: str) -> tuple[str, str]:
    """What one row of a table is, in Chinese and in English."""
    return described()[table]["zh"], described()[table]["en"]


def as_csv() -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    for table in TABLES:
        for each in fields(table.key):
            writer.writerow((each.table, each.key, each.kind, each.zh, each.en, _values(each)))
    return stream.getvalue()


def _values(field: Field) -> str:
    return "; ".join(f"{code} {word}" for code, word in field.values)


def as_markdown() -> str:
    """The codebook for people."""
    lines = [
        "# 编码手册 | Codebook",
        "",
        "由 `python -m nianbao.inference.codebook docs` 生成；同一内容的表格见 `codebook.csv`。"
        " | Generated; the same as a table stands in `codebook.csv`.",
        "",
        "`batch` 的 `reports` 表末尾另有清单带入的列，均为文字。"
        " | With `batch`, `reports` ends with the columns that a manifest carries, all as text.",
    ]
    for table in TABLES:
        zh, en = about(table.key)
        lines += ["", f"## {table.key}", "", f"{zh} | {en}", ""]
        lines += ["| column | type | 说明 | meaning | values |", "|---|---|---|---|---|"]
        lines += [_line(each) for each in fields(table.key)]
    return "\n".join(lines) + "\n"


def _line(field: Field) -> str:
    parts = (f"`{field.key}`", field.kind, field.zh, field.en, _values(field))
    return "| " + " | ".join(parts) + " |"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args(arguments).folder
    (folder / "codebook.md").write_text(as_markdown(), encoding="utf-8")
    (folder / "codebook.csv").write_text(as_csv(), encoding="utf-8")


if __name__ == "__main__":
    main()
