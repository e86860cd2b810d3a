"""Figures of the tables as the prose quotes them, each under a mark `claim:<cell path>`."""

import random
import re
from collections.abc import Mapping

from ...models.form import form
from .grammar import Grammar
from .hand import Hand
from .marked import Mark, Marked
from .subject import Subject

_SHARED = {
    "new": "t3.new.total",
    "new_natural": "t3.new.natural_person",
    "carried_in": "t3.carried_in.total",
    "handled": "t3.total_handled.total",
    "carried_out": "t3.carried_out.total",
    "granted": "t3.granted.total",
    "partial": "t3.partial.total",
    "not_held": "t3.unable.not_held.total",
    "review": "t4.review.total",
    "upheld": "t4.review.upheld",
    "corrected": "t4.review.corrected",
    "review_pending": "t4.review.pending",
    "direct": "t4.litigation_direct.total",
    "after_review": "t4.litigation_after_review.total",
}
#: slot of the phrase files -> the cell that it quotes
FIGURES: Mapping[str, Mapping[str, str]] = {
    "2021": _SHARED
    | {
        "licensing": "t2.licensing",
        "penalty": "t2.penalty",
        "coercion": "t2.coercion",
        "fees": "t2.fees",
        "made": "t2.normative.made",
        "repealed": "t2.normative.repealed",
        "in_force": "t2.normative.in_force",
        "rules_in_force": "t2.regulations.in_force",
    },
    "2019": _SHARED
    | {
        "licensing": "t2.licensing.decisions",
        "penalty": "t2.penalty.decisions",
        "coercion": "t2.coercion.decisions",
        "newly_made": "t2.normative.newly_made",
        "newly_disclosed": "t2.normative.newly_disclosed",
        "total_disclosed": "t2.normative.total_disclosed",
    },
}
#: slot -> rows of table 3 (by the start of their ids) whose totals it adds up
_ROW_SUMS = {"denied": "deny.", "unable": "unable.", "refused": "refuse.", "others": "other"}
SLOTS = frozenset(
    {*FIGURES["2021"], *FIGURES["2019"], *_ROW_SUMS, "new_other", "due", "litigation"}
    | {"new_about", "few_of_new"}
)

_OPEN, _MIDDLE, _CLOSE = "\ue000\ue001\ue002"  # private use: no phrase holds them
_QUOTED = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")
_SLOT = re.compile(r"\{([a-z_]+)\}")


def amount(value: int | float, grouped: bool) -> str:
    """`value` as prose writes it: 1024 or 1,024; 3.5."""
    return f"{value:,}" if grouped else str(value)


def approximate(value: int | float, rng: random.Random) -> str:
    """A round figure below or near `value`: 120余, 约100, 1.3万余. `value` is at least 20."""
    if value >= 10_000:
        return f"{int(value / 1000) / 10}万余"
    step = 100 if value >= 200 else 10
    rounded = int(value) // step * step
    return f"约{rounded}" if rounded == value or rng.random() < 0.2 else f"{rounded}余"


def figures(subject: Subject, hand: Hand, rng: random.Random) -> dict[str, str]:
    """Slot -> wording for every figure that `subject` has, with the cell's path hidden in it."""
    values = subject.values
    cells = {
        slot: value
        for slot, path in FIGURES[subject.version].items()
        if (value := values.get(path)) is not None
    }
    result = {}
    for slot, value in cells.items():
        if hand.careless and rng.random() < 0.4:
            value = value + rng.randint(1, 9)
        path = FIGURES[subject.version][slot]
        result[slot] = f"{_OPEN}{path}{_MIDDLE}{amount(value, hand.grouped)}{_CLOSE}"
    for slot, total in _sums(subject).items():
        result[slot] = amount(total, hand.grouped)
    new = cells.get("new")
    if new is not None:
        result["few_of_new"] = str(rng.randint(0, int(new)))
        if new >= 20:
            result["new_about"] = approximate(new, rng)
    return result


def _sums(subject: Subject) -> dict[str, int | float]:
    rows = [row.id for row in form(subject.version).t3.rows]
    columns = [column.id for column in form(subject.version).t3.columns]
    others = [c for c in columns if c not in ("natural_person", "total")]
    paths = {
        slot: [f"t3.{row}.total" for row in rows if row.startswith(start)]
        for slot, start in _ROW_SUMS.items()
    } | {
        "new_other": [f"t3.new.{column}" for column in others],
        "due": ["t3.new.total", "t3.carried_in.total"],
        "litigation": ["t4.litigation_direct.total", "t4.litigation_after_review.total"],
    }
    result: dict[str, int | float] = {}
    for slot, parts in paths.items():
        numbers = [n for path in parts if (n := subject.values.get(path)) is not None]
        if len(numbers) == len(parts):
            result[slot] = sum(numbers)
    return result


def quotable(grammar: Grammar, symbol: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The phrases of `symbol` that need no figure which the report does not have."""
    return tuple(
        phrase
        for phrase in grammar.phrases(symbol)
        if all(slot in known for slot in _SLOT.findall(phrase) if slot in SLOTS)
    )


def marked(text: str) -> Marked:
    """`text` with the hidden paths taken out and laid over the figures as marks."""
    parts: list[str] = []
    marks: list[Mark] = []
    place = copied = 0
    for match in _QUOTED.finditer(text):
        parts += [text[copied : match.start()], match[2]]
        place += match.start() - copied
        marks.append(Mark(place, place + len(match[2]), None, f"claim:{match[1]}"))
        place += len(match[2])
        copied = match.end()
    return Marked("".join([*parts, text[copied:]]), tuple(marks))
