"""How a parsed report is scored against gold: the rules of the report contract."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from ..inference.wording import plain
from ..models.report import Item, Report, Section
from .synthetic.gold import Gold, GoldSection
from .synthetic.gold import Item as GoldItem

#: An item is found if its text overlaps gold's by this much (difflib ratio, white space off).
LEAST_OVERLAP = 0.8
_RESIDUE = re.compile(r"\[bookmark:[^\]]*\]|[#*]")


@dataclass(slots=True)
class Score:
    """Counts; those of several reports add up.

    cells_right and so on are counts of cells; states of cells are counted apart.
    section_edges counts both edges as one. items_*: true positives, given, gold.
    meta: reports in which a field is right; meta_guessed: in which a value stands where gold's is
    null.
    """

    reports: int = 0
    perfect: int = 0
    cells: int = 0
    right: int = 0
    wrong: int = 0
    invented: int = 0
    missed: int = 0
    nonzero: int = 0
    nonzero_right: int = 0
    states_right: int = 0
    sections: int = 0
    sections_right: int = 0
    items_right: int = 0
    items_given: int = 0
    items_gold: int = 0
    meta: Counter[str] = field(default_factory=Counter)
    meta_guessed: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: "Score") -> "Score":
        sums: dict[str, Any] = {}
        for f in fields(self):
            ours, theirs = getattr(self, f.name), getattr(other, f.name)
            if isinstance(ours, Counter):  # the sum of two would drop what is never right
                sums[f.name] = Counter(ours)
                sums[f.name].update(theirs)
            else:
                sums[f.name] = ours + theirs
        return Score(**sums)

    @property
    def item_f1(self) -> float:
        total = self.items_given + self.items_gold
        return 2 * self.items_right / total if total else 1.0


def score_report(report: Report, gold: Gold) -> Score:
    """Score one report. Sections and items that are given but not in gold count against it."""
    score = score_cells({cell.path: cell.value for cell in report.cells}, gold)
    states = {cell.path: cell.state for cell in report.cells}
    score.states_right = sum(states.get(path) == state for path, state in gold.states.items())
    text = report.source.text
    score.sections = max(len(gold.sections), len(report.sections))
    score.sections_right = sections_right(report.sections, gold.sections, text)
    score.items_given, score.items_gold = len(report.items), len(gold.items)
    score.items_right = items_right(report.items, gold.items, text)
    for name, wanted in gold.meta.items():
        value = getattr(report.meta, name)
        score.meta[name] += _same_meta(value, wanted)
        score.meta_guessed[name] += value is not None and wanted is None
    return score


def _same_meta(given: object, wanted: str | int | None) -> bool:
    """Dates in ISO form; texts without blanks, pinyin in brackets and traditional characters."""
    if isinstance(given, str) and isinstance(wanted, str):
        return plain(given) == plain(wanted)
    return (given.isoformat() if isinstance(given, date) else given) == wanted


def score_cells(values: Mapping[str, int | float | None], gold: Gold) -> Score:
    """Right, wrong, invented and missed cells; a cell that gold does not list and has a value is
    invented, an equal value under another path is not looked for."""
    score = Score(reports=1)
    for path, wanted in gold.cells.items():
        value = values.get(path)
        if wanted is None and value is not None and value == gold.hidden.get(path):
            value = None  # the digits are there, their place is not: the true value is no fault
        score.cells += 1
        score.right += value == wanted
        score.missed += value is None and wanted is not None
        score.invented += value is not None and wanted is None
        score.wrong += value is not None and wanted is not None and value != wanted
        score.nonzero += bool(wanted)
        score.nonzero_right += bool(wanted) and value == wanted
    score.invented += sum(
        value is not None for path, value in values.items() if path not in gold.cells
    )
    score.perfect = int(score.right == score.cells and not score.invented)
    return score


def _bare(text: str) -> str:
    return _RESIDUE.sub("", "".join(text.split()).replace("|", ""))


def sections_right(given: Sequence[Section], gold: Sequence[GoldSection], text: str) -> int:
    """How many sections have both edges right, white space, `|` and residue aside."""
    by_id = {section.id: section for section in given}
    return sum(
        section.id in by_id and _same_edges(by_id[section.id], section, text) for section in gold
    )


def _same_edges(given: Section, gold: GoldSection, text: str) -> bool:
    # The stretch between two edges must hold nothing but white space, pipes and residue.
    edges = (
        (given.body_start, gold.body_start),
        (given.body_end, gold.body_end),
        (given.heading_start, gold.heading_start),
    )
    return all(
        (ours is None) == (theirs is None)
        and (
            ours is None or theirs is None or not _bare(text[min(ours, theirs) : max(ours, theirs)])
        )
        for ours, theirs in edges
    )


def items_right(given: Sequence[Item], gold: Sequence[GoldItem], text: str) -> int:
    """How many gold items have a given one of their role that overlaps enough, one to one."""
    free = list(given)
    right = 0
    for role, start, end in gold:
        wanted = "".join(text[start:end].split())
        near = [
            item for item in free if item.role == role and item.start < end and start < item.end
        ]
        for item in near:
            ours = "".join(item.text.split())
            if SequenceMatcher(None, ours, wanted, autojunk=False).ratio() >= LEAST_OVERLAP:
                free.remove(item)
                right += 1
                break
    return right
