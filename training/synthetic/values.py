"""True figures of a report, consistent with every hard relation by construction."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ...models.form import Block, Version, form

Number = int | float
Values = dict[str, Number]
Magnitude = Literal["zero", "trace", "township", "county", "city", "metropolis"]

#: A quarter of all reports has nothing but zeros; tables of zeros prove nothing about columns,
#: so the large ones are drawn more often than they occur.
MAGNITUDES: Mapping[Magnitude, float] = {
    "zero": 0.25,
    "trace": 0.15,
    "township": 0.15,
    "county": 0.2,
    "city": 0.15,
    "metropolis": 0.1,
}


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the figures of a magnitude get, and what share of the cells is not zero."""

    requests: int  # table 3, one body cell
    request_share: float
    disputes: int  # table 4, one cell
    dispute_share: float
    documents: int
    decisions: int
    decision_share: float
    fees: float  # 万元
    regulations: bool  # only State Council organs, provinces and cities make 规章


_SCALES: Mapping[Magnitude, Scale] = {
    "zero": Scale(0, 0.0, 0, 0.0, 0, 0, 0.0, 0.0, False),
    "trace": Scale(3, 0.02, 2, 0.03, 9, 60, 0.4, 5.0, False),
    "township": Scale(9, 0.06, 3, 0.1, 20, 900, 0.5, 30.0, False),
    "county": Scale(90, 0.25, 15, 0.5, 90, 60_000, 0.85, 5_000.0, False),
    "city": Scale(900, 0.6, 120, 0.85, 900, 900_000, 1.0, 90_000.0, True),
    "metropolis": Scale(6_000, 1.0, 1_500, 1.0, 6_000, 12_000_000, 1.0, 400_000.0, True),
}
_DERIVED_ROWS = frozenset({"new", "carried_in", "total_handled", "carried_out"})


def pick_magnitude(rng: random.Random) -> Magnitude:
    return rng.choices(list(MAGNITUDES), list(MAGNITUDES.values()))[0]


def sample_values(
    version: Version, rng: random.Random, magnitude: Magnitude | None = None
) -> Values:
    """Every cell of the form. Sums hold in tables 3 and 4, items never fall below zero in table 2.

    magnitude: drawn where None; table 2 may have its own, for organs without any request that
    hand out thousands of licences are common.
    """
    magnitude = magnitude or pick_magnitude(rng)
    own = magnitude
    if magnitude not in ("zero", "metropolis") and rng.random() < 0.4:
        own = rng.choice(["zero", "trace", "township", "county"])
    found = form(version)
    values = _table2(version, _SCALES[own], rng)
    values |= _table3(found.t3, _SCALES[magnitude], rng)
    for block in found.t4:
        values |= _dispute(block, _SCALES[magnitude], rng)
    return values


def _count(top: int, share: float, rng: random.Random) -> int:
    """Zero, or a number up to `top` whose digits are as often few as many."""
    if top == 0 or rng.random() >= share:
        return 0
    return max(1, int(float(top) ** rng.random() * rng.uniform(0.6, 1.0)))


def _table2(version: Version, scale: Scale, rng: random.Random) -> Values:
    values: Values = {}
    for block in form(version).t2:
        for row in block.rows:
            sampled = _ROWS[version, block.id](scale, rng, row.id)
            for column in block.columns:
                values[block.path(row, column)] = sampled[column.id]
    return values


def _documents_2021(scale: Scale, rng: random.Random, row: str) -> Mapping[str, Number]:
    share = 0.8 if row == "normative" else (0.7 if scale.regulations else 0.02)
    made = _count(scale.documents // 8, share, rng)
    repealed = _count(scale.documents // 12, share * 0.7, rng)
    kept = _count(scale.documents, share, rng)
    return {"made": made, "repealed": repealed, "in_force": kept + made}


def _documents_2019(scale: Scale, rng: random.Random, row: str) -> Mapping[str, Number]:
    share = 0.8 if row == "normative" else (0.7 if scale.regulations else 0.02)
    made = _count(scale.documents // 8, share, rng)
    disclosed = rng.choice([made, _count(scale.documents // 8, share, rng)])
    total = disclosed + _count(scale.documents, share, rng)
    return {"newly_made": made, "newly_disclosed": disclosed, "total_disclosed": total}


def _decisions(scale: Scale, rng: random.Random, row: str) -> Mapping[str, Number]:
    share = scale.decision_share * (0.6 if row == "coercion" else 1.0)
    return {"": _count(scale.decisions, share, rng)}


def _items(scale: Scale, rng: random.Random, row: str) -> Mapping[str, Number]:
    """Items of last year and their signed change; the sum never falls below zero."""
    prior = _count(min(scale.decisions, 4_000), scale.decision_share, rng)
    change = rng.choice([0, 0, rng.randint(-prior, max(3, prior // 2))]) if scale.decisions else 0
    return {"prior_items": prior, "change": change, "decisions": _decisions(scale, rng, row)[""]}


def _fees(scale: Scale, rng: random.Random, row: str) -> Mapping[str, Number]:
    return {"": _amount(scale.fees, rng) if rng.random() < 0.6 else 0}


def _procurement(scale: Scale, rng: random.Random, row: str) -> Mapping[str, Number]:
    projects = _count(scale.documents, 0.7, rng)
    return {"projects": projects, "amount": _amount(scale.fees, rng) if projects else 0}


def _amount(top: float, rng: random.Random) -> Number:
    """An amount of money with up to six decimals, or a whole one."""
    if not top:
        return 0
    amount = max(0.01, top ** rng.random() * rng.uniform(0.3, 1.0))
    decimals = rng.choice([0, 1, 2, 2, 2, 4, 6])
    return max(1, round(amount)) if decimals == 0 else round(amount, decimals) or 0.01


_ROWS: Mapping[tuple[Version, str], Callable[[Scale, random.Random, str], Mapping[str, Number]]] = {
    ("2021", "1"): _documents_2021,
    ("2021", "5"): _decisions,
    ("2021", "6"): _decisions,
    ("2021", "8"): _fees,
    ("2019", "1"): _documents_2019,
    ("2019", "5"): _items,
    ("2019", "6"): _items,
    ("2019", "8"): _items,
    ("2019", "9"): _procurement,
}


def _table3(block: Block, scale: Scale, rng: random.Random) -> Values:
    """Results drawn cell by cell; what is carried over and newly come follows from the balance."""
    body = [row for row in block.rows if row.id not in _DERIVED_ROWS]
    values: Values = {}
    counts: dict[str, list[int]] = {row.id: [] for row in block.rows}
    for column in block.columns[:-1]:
        top = scale.requests if column.id == "natural_person" else scale.requests // 3
        share = scale.request_share * (1.0 if column.id == "natural_person" else 0.5)
        share = 1.0 if scale.request_share == 1.0 else share
        handled = 0
        for row in body:
            favour = 3 if row.id in ("granted", "unable.not_held") else 1
            number = _count(max(top, 1) if scale.requests else 0, share * favour, rng)
            counts[row.id].append(number)
            handled += number
        waiting = _count(max(scale.requests // 2, 0), min(1.0, share * 2), rng)
        # At the largest scale no cell is empty, the new requests included.
        most = handled + waiting - (1 if scale.request_share == 1.0 else 0)
        carried_in = min(most, _count(scale.requests, min(1.0, share * 2), rng))
        counts["total_handled"].append(handled)
        counts["carried_out"].append(waiting)
        counts["carried_in"].append(carried_in)
        counts["new"].append(handled + waiting - carried_in)
    for row in block.rows:
        numbers = [*counts[row.id], sum(counts[row.id])]
        for column, number in zip(block.columns, numbers, strict=True):
            values[block.path(row, column)] = number
    return values


def _dispute(block: Block, scale: Scale, rng: random.Random) -> Values:
    numbers = [_count(scale.disputes, scale.dispute_share, rng) for _ in block.columns[:-1]]
    numbers.append(sum(numbers))
    row = block.rows[0]
    return {block.path(row, c): n for c, n in zip(block.columns, numbers, strict=True)}
