"""The real reports of `test_seeds`, changed in one place: nothing else may change with it."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from nianbao.inference.pipeline import parse, parse_text
from nianbao.inference.tagger import NetworkTagger, load_tagger
from nianbao.models.report import Report

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
NAMES = sorted(path.stem for path in SEEDS.glob("gold/*.json"))
EACH = 7  # every so many cells are changed, one at a time

State = tuple[int | float | None, str]
pytestmark = pytest.mark.skipif(not NAMES, reason="the seeds are not here")
names = pytest.mark.parametrize("name", NAMES)


@cache
def tagger() -> NetworkTagger:
    return load_tagger()


@cache
def seed(name: str) -> Report:
    document = json.loads((SEEDS / f"gold/{name}.json").read_text(encoding="utf-8"))["document"]
    return parse(SEEDS / document, tagger=tagger())


def states(report: Report) -> dict[str, State]:
    return {cell.path: (cell.value, cell.state) for cell in report.cells}


def assert_only(name: str, text: str, changed: dict[str, State]) -> None:
    """Parsed, `text` gives the cells, headings and items of the seed, but for `changed`."""
    report = parse_text(text, tagger=tagger())
    assert states(report) == states(seed(name)) | changed
    assert [s.id for s in report.sections] == [s.id for s in seed(name).sections]
    assert len(report.items) == len(seed(name).items)


def rewritten(name: str, new: str, table: str = "t") -> Iterator[tuple[str, str]]:
    """(path, text) for every seventh cell that holds a number, written as `new`."""
    text = seed(name).source.text
    found = [c for c in seed(name).cells if c.state == "found" and c.path.startswith(table)]
    for cell in found[::EACH]:
        yield cell.path, text[: cell.start] + new + text[cell.end :]


@names
@pytest.mark.parametrize(
    ("new", "state"),
    [("", (None, "blank")), ("/", (None, "not_applicable")), ("1,234", (1234, "found"))],
)
@pytest.mark.parametrize("table", ["t2", "t3", "t4"])
def test_a_cell_that_is_written_otherwise_changes_alone(
    name: str, table: str, new: str, state: State
) -> None:
    for path, text in rewritten(name, new, table):
        assert_only(name, text, {path: state})


@names
def test_a_lost_row_takes_only_its_own_cells(name: str) -> None:
    found = [c for c in seed(name).cells if c.path.startswith("t3") and c.end is not None]
    text = seed(name).source.text
    rows: dict[str, list[tuple[str, int]]] = {}
    for cell in found:
        rows.setdefault(cell.path.rsplit(".", 1)[0], []).append((cell.path, cell.end or 0))
    ends = [max(end for _, end in cells) for cells in rows.values()]
    for above, below, cells in list(zip(ends, ends[1:], list(rows.values())[1:], strict=False))[
        ::4
    ]:
        gone: dict[str, State] = {path: (None, "missing") for path, _ in cells}
        assert_only(name, text[:above] + text[below:], gone)


@names
@pytest.mark.parametrize(
    ("heading", "reworded"),
    [
        ("主动公开政府信息情况", "主动公开信息的情况"),
        ("收到和处理政府信息公开申请情况", "政府信息公开申请收到及办理情况"),
        ("行政复议、行政诉讼情况", "被复议、被诉讼情况"),
        ("其他需要报告", "需要说明的其他"),
    ],
)
def test_a_reworded_heading_costs_nothing(name: str, heading: str, reworded: str) -> None:
    text = seed(name).source.text
    assert heading in text
    assert_only(name, text.replace(heading, reworded), {})


@names
@pytest.mark.parametrize("label", ["行政规范性文件", "信息内容", "申请人情况"])
def test_a_note_of_units_costs_nothing(name: str, label: str) -> None:
    text = seed(name).source.text
    assert_only(name, text.replace(label, f"{label}（单位：件）"), {})


SPACES: dict[str, Callable[[str], str]] = {
    "no-break": lambda text: text.replace(" ", "\u00a0"),
    "ideographic": lambda text: text.replace(" ", "\u3000"),
    "spaces for tabs": lambda text: text.replace("\t", "    "),
    "spaces behind tabs": lambda text: text.replace("\t", "\t "),
    "spaces at ends": lambda text: text.replace("\n", " \n"),
    "double lines": lambda text: text.replace("\n", "\n\n"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n"),
    "bare pipes": lambda text: re.sub(r" ?\| ?", "|", text),
}


@names
@pytest.mark.parametrize("space", SPACES)
def test_swapped_whitespace_costs_nothing(name: str, space: str) -> None:
    assert_only(name, SPACES[space](seed(name).source.text), {})
