"""The versions of the model as tables on the terminal."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import JsonValue, TypeAdapter
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text
from rich.tree import Tree

from ..models.errors import BadModel, NianbaoError
from ..models.registry import (
    SHIPPED,
    TRAINING,
    check,
    current,
    tagger_folder,
    themes_folder,
    version_folder,
    versions,
)
from ..models.sums import SUMS, bad_model, file_sha256
from ..models.training_record import TrainingRecord, read_record
from .progress import complaint, printable, say

#: The cells are those of the frozen reports, read by the version before and by this one.
_HEADS = (
    "版本\nversion",
    "基于\nfrom",
    "标注报告\nreports",
    "格正确\ncells",
    "",
    "结论\nverdict",
    "当前\ncurrent",
)
_MARK = "←"
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)
_SHORT = 12  # signs of a sum


def tell_versions() -> bool:
    """Print all versions; False, and told, where none of them is the current one."""
    found = versions()
    try:
        now, trouble = current(), None
    except BadModel as error:
        now, trouble = None, error
    if trouble is None and now not in found:
        trouble = bad_model(f"找不到当前版本 {now}", f"the current version {now} is not there")
    table = Table(*(Column(Text(head), overflow="fold") for head in _HEADS))
    for version in found:
        mark = Text(_MARK if version == now else "", style="bold green")
        table.add_row(str(version), *map(Text, _cells(version)), mark)
    Console().print(table)
    if trouble is not None:
        say(complaint(trouble))
    return trouble is None


def _cells(version: int) -> tuple[str, ...]:
    if version == SHIPPED:
        return "—", "—", "—", "", "自带的 shipped"
    try:
        record = read_record(version_folder(version))
    except BadModel as error:
        return "?", "?", "?", "", printable(f"坏了 spoiled: {error.values['reason']}")
    cells = record.cells
    old, new = ("—", "") if cells is None else (f"{cells.old:.3%}", f"→ {cells.new:.3%}")
    return str(record.base), str(record.reports), old, new, _verdict(record)


def _verdict(record: TrainingRecord) -> str:
    if record.verdict == "passed":
        return "通过 passed"
    return "未通过，强制换用 refused, forced" if record.forced else "未通过 refused"


def tell_version(version: int | None) -> None:
    """Print where a version came from, None: the current one. E303 where there is none."""
    version = current() if version is None else version
    if version not in versions():
        raise NianbaoError("E303", version=version)
    tree = Tree(Text(f"版本 version {version}", style="bold"))
    tree.add(Text(printable(f"目录 folder: {version_folder(version)}")))
    tree.add(Text(printable(f"校验 sums: {_soundness(version)}")))
    for line in _models(version):
        tree.add(Text(printable(line)))
    if version != SHIPPED:
        record = read_record(version_folder(version))
        tree.add(Text(f"结论 verdict: {_verdict(record)}"))
        _grow(tree.add(Text(TRAINING)), _content(version_folder(version) / TRAINING))
    Console().print(tree)


def _soundness(version: int) -> str:
    try:
        check(version)
    except BadModel as error:
        return f"坏了 spoiled: {error.values['reason']}"
    return "完好 whole"


def _models(version: int) -> Iterator[str]:
    """The name, version and sum of each model, as reports give them."""
    for head, folder, file in (
        ("标注 tagger", tagger_folder(version), "preprocess.json"),
        ("主题 themes", themes_folder(version), "classifier.json"),
    ):
        about = _content(folder / file)
        if not isinstance(about, dict):
            raise bad_model(f"{file} 格式不对", f"malformed {file}")
        sha256 = file_sha256(folder / SUMS)[:_SHORT]
        yield f"{head}: {about.get('name')} {about.get('version')}, sha256 {sha256}"


def _content(file: Path) -> JsonValue:
    try:
        return _JSON.validate_python(json.loads(file.read_bytes()))
    except OSError as error:
        raise bad_model(f"读不到 {file.name}", f"{file.name} cannot be read") from error
    except ValueError as error:
        raise bad_model(f"{file.name} 格式不对", f"malformed {file.name}") from error


def _grow(tree: Tree, content: JsonValue) -> None:
    """Every value in sight; what holds objects that are alike as a table."""
    if isinstance(content, dict):
        pairs = list(content.items())
    elif isinstance(content, list):
        pairs = [("", value) for value in content]
    else:
        return
    table = _table(pairs)
    if table is not None:
        tree.add(table)
        return
    for name, value in pairs:
        said = "" if isinstance(value, dict | list) and value else _said(value)
        words = " ".join(filter(None, (f"{name}:" if name else "", said)))
        _grow(tree.add(Text(printable(words))), value)


def _table(pairs: Sequence[tuple[str, JsonValue]]) -> Table | None:
    """A row for each; None unless all are objects with the same keys and plain values."""
    objects = [value for _, value in pairs if isinstance(value, dict)]
    heads = list(objects[0]) if objects else []
    nested = any(isinstance(inner, dict | list) for value in objects for inner in value.values())
    if not heads or nested or [list(value) for value in objects] != [heads] * len(pairs):
        return None
    named = any(name for name, _ in pairs)
    columns = ["", *heads] if named else heads
    table = Table(*(Column(Text(printable(head)), overflow="fold") for head in columns))
    for (name, _), value in zip(pairs, objects, strict=True):
        cells = [*([name] if named else []), *map(_figure, value.values())]
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return table


def _figure(value: JsonValue) -> str:
    return f"{value:.5f}" if isinstance(value, float) else _said(value)


def _said(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
