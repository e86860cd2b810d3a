"""Three real reports against what a careful reader found in them.

They lie outside the repository; where they are absent there is nothing to compare.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nianbao.inference.pipeline import parse
from nianbao.inference.rules import RuleTagger
from nianbao.models.report import Report
from nianbao.training.scoring import items_right, sections_right
from nianbao.training.synthetic.gold import Gold, GoldSection

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
NAMES = sorted(path.stem for path in SEEDS.glob("gold/*.json"))
SILENT = ("sum_mismatch", "claim_mismatch")

pytestmark = pytest.mark.skipif(not NAMES, reason="the seeds are not here")
taggers = pytest.mark.parametrize("tagger", ["rules", "model"])
names = pytest.mark.parametrize("name", NAMES)


@cache
def gold(name: str) -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads((SEEDS / f"gold/{name}.json").read_text(encoding="utf-8"))
    return data


@cache
def report(name: str, tagger: str) -> Report:
    return parse(SEEDS / gold(name)["document"], tagger=RuleTagger() if tagger == "rules" else None)


def compared(name: str, text: str) -> Gold:
    """The seed's gold in the form that scoring takes."""
    sections = tuple(
        GoldSection(s["id"], *(s[f"{part}_{edge}"] for part in ("heading", "body")
                               for edge in ("start", "end")))
        for s in gold(name)["sections"]
    )  # fmt: skip
    items = tuple((item["role"], item["start"], item["end"]) for item in gold(name)["items"])
    assert [text[start:end] for _, start, end in items] == [i["text"] for i in gold(name)["items"]]
    return Gold(gold(name)["cells"], gold(name)["states"], {}, {}, sections, items, {})


@taggers
@names
def test_every_cell_has_its_value_and_its_state(name: str, tagger: str) -> None:
    cells = {cell.path: cell for cell in report(name, tagger).cells}
    assert {path: cell.value for path, cell in cells.items()} == gold(name)["cells"]
    expected = dict.fromkeys(cells, "found") | gold(name)["states"]
    assert {path: cell.state for path, cell in cells.items()} == expected


@taggers
@names
def test_every_section_has_its_edges_and_its_heading(name: str, tagger: str) -> None:
    found = report(name, tagger)
    wanted = compared(name, found.source.text).sections
    assert sections_right(found.sections, wanted, found.source.text) == len(wanted) == 6
    headings = [section.heading for section in found.sections]
    assert headings == [section["heading"] for section in gold(name)["sections"]]


@taggers
@names
def test_title_organ_year_and_form_are_read(name: str, tagger: str) -> None:
    meta, wanted = report(name, tagger).meta, gold(name)["meta"]
    assert (meta.title, meta.issuer, meta.year) == (
        wanted["title"],
        wanted["issuer"],
        wanted["year"],
    )
    assert (meta.signed_date, meta.form_version) == (
        wanted["signed_date"],
        wanted["format_version"],
    )


@taggers
@names
def test_nothing_is_said_about_figures_that_agree(name: str, tagger: str) -> None:
    codes = {finding.code for finding in report(name, tagger).findings}
    assert codes.isdisjoint(SILENT)


@taggers
@names
def test_every_table_of_zeros_is_called_unverifiable(name: str, tagger: str) -> None:
    found = {table.id: table.alignment for table in report(name, tagger).tables}
    assert (found["t3"], found["t4"]) == ("unverifiable", "unverifiable")


@names
def test_every_item_is_found_and_none_is_invented(name: str) -> None:
    found = report(name, "model")
    wanted = compared(name, found.source.text)
    assert items_right(found.items, wanted.items, found.source.text) == len(wanted.items)
    assert len(found.items) == len(wanted.items)
