"""Files with gold beside them: `nianbao evaluate --files DIR`.

DIR/<stem>.txt|md|html is a report and DIR/gold/<stem>.json what a careful reader finds in it.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ..inference.pipeline import parse
from ..inference.tagger import Tagger
from ..models.errors import NianbaoError
from ..models.report import Item, Meta, Report, Role, Section, State
from .outcomes import Judged, Outcome, outcome_of
from .scoring import LEAST_OVERLAP
from .synthetic.gold import Gold, GoldSection

SUFFIXES = (".txt", ".md", ".html")


class _Foreign(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class FileSection(_Foreign):
    """Offsets are null where the text is only made when the file is read (html).

    heading: null where it is lost. body_starts, body_ends: some characters of the body's edges;
    null where they depend on how a page is written out, so that the heading alone is compared.
    """

    id: str
    heading: str | None = None
    heading_start: int | None = None
    heading_end: int | None = None
    body_start: int | None = None
    body_end: int | None = None
    body_starts: str | None = None
    body_ends: str | None = None


class FileItem(_Foreign):
    role: Role
    text: str
    start: int | None = None
    end: int | None = None


class FileGold(_Foreign):
    """states: of cells that are not `found`. hidden: true values that no reader can place.

    meta: what it lists is compared. patterns: the kinds of damage that the file shows.
    """

    cells: dict[str, int | float | None] = {}
    states: dict[str, State] = {}
    hidden: dict[str, int | float] = {}
    sections: tuple[FileSection, ...] = ()
    items: tuple[FileItem, ...] = ()
    meta: dict[str, str | int | None] = {}
    expect: Literal["report", "not_a_report"] = "report"
    patterns: tuple[str, ...] = ()


def with_gold(folder: Path) -> list[tuple[Path, Path]]:
    """The (file, gold) of a folder, in the order of their names."""
    pairs = ((file, folder / "gold" / f"{file.stem}.json") for file in sorted(folder.iterdir()))
    return [(file, gold) for file, gold in pairs if file.suffix in SUFFIXES and gold.is_file()]


def evaluate_file(file: Path, gold_file: Path, number: int, tagger: Tagger) -> Outcome:
    """Parse and score one file. Raises ValidationError where its gold is malformed."""
    gold = FileGold.model_validate(json.loads(gold_file.read_text(encoding="utf-8")))
    try:
        report = parse(file, tagger=tagger)
    except NianbaoError:
        report = None
    outcome = outcome_of(
        report,
        _gold(gold),
        seed=number,
        layout=file.suffix[1:],
        damages=gold.patterns,
        name=file.name,
        foreign=gold.expect == "not_a_report",
    )
    if report is not None and not outcome.foreign and not _has_places(gold):
        outcome = _judged_by_text(outcome, report, gold)
    return outcome


def _has_places(gold: FileGold) -> bool:
    return all(section.body_start is not None for section in gold.sections) and all(
        item.start is not None for item in gold.items
    )


def _gold(gold: FileGold) -> Gold:
    """Gold as scoring takes it; sections and items only where they have places."""
    sections: list[GoldSection] = []
    items: list[tuple[Role, int, int]] = []
    if _has_places(gold):
        for s in gold.sections:
            if s.body_start is not None and s.body_end is not None:
                edges = (s.heading_start, s.heading_end, s.body_start, s.body_end)
                sections.append(GoldSection(s.id, *edges))
        for item in gold.items:
            if item.start is not None and item.end is not None:
                items.append((item.role, item.start, item.end))
    names = {"format_version": "form_version"}
    meta = {names.get(name, name): value for name, value in gold.meta.items()}
    known = {name: value for name, value in meta.items() if name in Meta.model_fields}
    states: dict[str, State] = dict.fromkeys(gold.cells, "found")
    return Gold(
        gold.cells, states | gold.states, {}, gold.hidden, tuple(sections), tuple(items), known
    )


def _judged_by_text(outcome: Outcome, report: Report, gold: FileGold) -> Outcome:
    """The outcome with sections and items compared by their words."""
    text = report.source.text
    by_id = {section.id: section for section in gold.sections}
    sections = [s.id in by_id and _same_section(s, by_id[s.id], text) for s in report.sections]
    items = _same_items(report.items, gold.items)
    score = replace(
        outcome.score,
        sections=max(len(gold.sections), len(report.sections)),
        sections_right=sum(sections),
        items_given=len(items),
        items_gold=len(gold.items),
        items_right=sum(items),
    )
    return replace(
        outcome,
        score=score,
        sections=_rejudged(outcome.sections, sections),
        items=_rejudged(outcome.items, items),
    )


def _rejudged(judged: Sequence[Judged], right: Sequence[bool]) -> tuple[Judged, ...]:
    return tuple(replace(one, right=now) for one, now in zip(judged, right, strict=True))


def _bare(text: str) -> str:
    return "".join(text.replace("|", "").split())


def _same_section(given: Section, gold: FileSection, text: str) -> bool:
    if _bare(given.heading or "") != _bare(gold.heading or ""):
        return False
    if gold.body_starts is None or gold.body_ends is None:
        return True
    body = _bare(text[given.body_start : given.body_end])
    return (
        body.startswith(_bare(gold.body_starts))
        and body.endswith(_bare(gold.body_ends))
        and bool(body) == bool(gold.body_starts.strip())
    )


def _same_items(given: Sequence[Item], gold: Sequence[FileItem]) -> list[bool]:
    """For each item given, whether one of gold's is like it; each of gold's serves once."""
    free = list(gold)
    found = []
    for item in given:
        match = next((wanted for wanted in free if _alike(item, wanted)), None)
        found.append(match is not None)
        if match is not None:
            free.remove(match)
    return found


def _alike(given: Item, gold: FileItem) -> bool:
    ours, wanted = ("".join(text.split()) for text in (given.text, gold.text))
    matcher = SequenceMatcher(None, ours, wanted, autojunk=False)
    return given.role == gold.role and matcher.ratio() >= LEAST_OVERLAP
