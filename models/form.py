"""The statutory form, as data: blocks, rows, columns, cell paths and their arithmetic.

Read from `data/form.json`; its source is 国办公开办函〔2019〕60号 and 〔2021〕30号.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from types import MappingProxyType
from typing import Any, Literal

Version = Literal["2019", "2021"]
VERSIONS: tuple[Version, Version] = ("2019", "2021")
TABLE_NAMES = MappingProxyType({"t2": "表二", "t3": "表三", "t4": "表四"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `id` is the last part of a cell's path ("" where the row has but one)."""

    id: str
    label: str
    unit: str
    under: str | None = None
    short: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `labels` run from the outermost group to the row's own."""

    id: str
    labels: tuple[str, ...]
    short: str = ""

    @property
    def label(self) -> str:
        return self.labels[-1]

    @property
    def depth(self) -> int:
        """How many label cells stand left of the values: 1, 2 or 3."""
        return len(self.labels)


@dataclass(frozen=True)
class Block:
    """Rows that share their columns. Table 2 has four or five, table 3 one, table 4 three.

    id: "1", "5", "6", "8", "9" for 第二十条第（N）项; "t3"; the block's id in table 4.
    """

    table: str
    id: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def path(self, row: Row, column: Column) -> str:
        path = f"{self.table}.{row.id}"
        return f"{path}.{column.id}" if column.id else path

    @cached_property
    def row_paths(self) -> Mapping[str, tuple[str, ...]]:
        """Row id -> the paths of its cells, in the order of the columns."""
        return {
            row.id: tuple(self.path(row, column) for column in self.columns) for row in self.rows
        }

    def paths(self) -> Iterator[str]:
        return chain.from_iterable(self.row_paths.values())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell stands in the form, in Chinese."""

    table: str
    row: str
    column: str

    def __str__(self) -> str:
        return f"{self.table} {self.row} {self.column}"


@dataclass(frozen=True, slots=True)
class Relation:
    """A hard relation: the sums over both sides are equal. Cells are full paths."""

    id: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six: `short` is the annex's wording, `long` that of 条例 art. 50."""

    id: str
    short: str
    long: str
    table: str | None


@dataclass(frozen=True, slots=True)
class Form:
    """One version of the form."""

    version: Version
    t2: tuple[Block, ...]
    t3: Block
    t4: tuple[Block, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (*self.t2, self.t3, *self.t4)

    def paths(self) -> tuple[str, ...]:
        """Every cell path, in the order of the form: 200 (2021) or 198 (2019)."""
        return tuple(path for block in self.blocks for path in block.paths())


_BLOCK_NUMERALS = {"（一）": "1", "（五）": "5", "（六）": "6", "（八）": "8", "（九）": "9"}


@cache
def _data() -> dict[str, Any]:
    text = files(__package__).joinpath("data/form.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def sections() -> tuple[Section, ...]:
    """The six statutory sections, in order."""
    return tuple(
        Section(
            entry["id"],
            entry["short"],
            entry["long"],
            entry["body"].split()[-1] if entry["body"] != "text" else None,
        )
        for entry in _data()["sections"]
    )


def _column(entry: Mapping[str, Any], unit: str) -> Column:
    return Column(
        entry["id"],
        entry["label"],
        entry.get("unit", unit),
        entry.get("under"),
        entry.get("short", ""),
    )


def _table2(version: Version) -> tuple[Block, ...]:
    blocks = []
    for entry in _data()["t2"][version]:
        numeral = next(id_ for mark, id_ in _BLOCK_NUMERALS.items() if mark in entry["block"])
        columns = tuple(_column(column, "件") for column in entry["columns"])
        rows = tuple(Row(row["id"], (row["label"],)) for row in entry["rows"])
        blocks.append(Block("t2", numeral, entry["block"], columns, rows))
    return tuple(blocks)


def _table3(version: Version) -> Block:
    data = _data()["t3"]
    columns = tuple(_column(column, data["unit"]) for column in data["columns"])
    rows = tuple(Row(row["id"], tuple(row["path"]), row["short"]) for row in data["rows"][version])
    return Block("t3", "t3", data["header"], columns, rows)


def _table4() -> tuple[Block, ...]:
    data = _data()["t4"]
    columns = tuple(_column(column, data["unit"]) for column in data["columns"])
    return tuple(
        Block("t4", block["id"], block["label"], columns, (Row(block["id"], (block["label"],)),))
        for block in data["blocks"]
    )


@cache
def form(version: Version) -> Form:
    """The form of 2019 (198 cells) or of 2021 (200 cells)."""
    return Form(version, _table2(version), _table3(version), _table4())


def _matching(block: Block, pattern: str) -> list[Row]:
    """Rows for one pattern of a relation: `deny.*`, `other or other.*`, `new`."""
    wanted = [part.strip() for part in pattern.split(" or ")]
    return [
        row
        for row in block.rows
        if any(
            row.id == want or row.id.startswith(want.removesuffix("*")) and "*" in want
            for want in wanted
        )
    ]


@cache
def relations(version: Version) -> tuple[Relation, ...]:
    """Every hard relation: 42 with the form of 2021, 40 with that of 2019."""
    found = form(version)
    result: list[Relation] = []
    for entry in _data()["relations"]["hard"]:
        if entry["per"] == "column":
            for column in found.t3.columns:
                left, right = (
                    tuple(
                        found.t3.path(row, column)
                        for pattern in entry[side]
                        for row in _matching(found.t3, pattern)
                    )
                    for side in ("left", "right")
                )
                result.append(Relation(f"{entry['id']}.{column.id}", left, right))
        else:
            blocks = (found.t3,) if entry["per"] == "row" else found.t4
            for block in blocks:
                by_id = {column.id: column for column in block.columns}
                for row in block.rows:
                    left, right = (
                        tuple(block.path(row, by_id[name]) for name in entry[side])
                        for side in ("left", "right")
                    )
                    result.append(Relation(f"{entry['id']}.{row.id}", left, right))
    return tuple(result)


def _every_cell() -> Iterator[tuple[str, Block, Row, Column]]:
    """Path, block, row and column of every cell of both versions, that of 2021 last."""
    for version in VERSIONS:
        for block in form(version).blocks:
            for row in block.rows:
                for column in block.columns:
                    yield block.path(row, column), block, row, column


@cache
def units() -> Mapping[str, str]:
    """The unit that the form prints for each cell path of either version; 采购总金额 has none."""
    return MappingProxyType({path: column.unit for path, _, _, column in _every_cell()})


@cache
def places() -> Mapping[str, Place]:
    """Cell path -> its place; where both versions have the path, as the form of 2021 words it."""
    found: dict[str, Place] = {}
    for path, block, row, column in _every_cell():
        outer = (block.label,) if block.table == "t2" else ()
        labels = " ".join((*outer, *row.labels))
        found[path] = Place(TABLE_NAMES[block.table], labels, column.label)
    return MappingProxyType(found)


_T4_SHORT = {"review": "rev", "litigation_direct": "dir", "litigation_after_review": "aft"}


@cache
def short_names() -> Mapping[str, str]:
    """Path -> column name of wide tables, at most 32 signs of [a-z0-9_], both versions."""
    names: dict[str, str] = {}
    for path, block, row, column in _every_cell():
        middle = _T4_SHORT.get(row.id) or row.short or row.id
        parts = [block.table, middle, column.short or column.id]
        names[path] = "_".join(part for part in parts if part)
    return MappingProxyType(names)
