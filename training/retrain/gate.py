"""Whether a new model may take the place of the old: pure, from figures of both, by report.

A figure *falls* where the whole 95 % interval of new minus old, by drawing the same reports anew
for both, lies on the worse side of 0. With reports that lost and none that gained this begins at
three or four losers, however many reports there are: a draw misses k of them in e^-k of cases.

One fall is let pass and told, the *slight* one: fewer than LEAST_LOSERS reports lost, and the
figure loses less than LEAST_LOSS. For what the bootstrap does not know is that chance alone makes
losers of four equally good reports once in 16 times, and of five once in 32, which is oftener than
the interval's 1 in 40; and one point is three whole ones of the 300 frozen reports, which no
interval of theirs refuses either. Five reports that are spoiled, or four that had no fault, are
more than that and fall. Where there are fewer than FEW reports, the interval can still tell that
nearly all of them lost, but nothing else, and that is told.

Each interval is of 95 %, whatever the number of figures: of two models that are equally good (the
reports of two real ones swapped at random, 150 times for each of five pairs) any one figure falls
in up to 4 % of cases, and some figure in 8 % on the frozen reports alone, in 12 % with 26 held-out
reports, in 16 % with a single one (of the pairs that differ little on it). Such a refusal costs a
look and `--force`; a looser gate would cost what a figure loses.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .figures import FIGURES, SETS, Case, Scores, SetName
from .suspects import LEAST_KAPPA, SHARE, suspects

RESAMPLES = 2000
QUANTILES = (0.025, 0.975)
LEAST_LOSERS = 6
LEAST_LOSS = 0.01  # of a figure
FEW = 6  # reports
NAMED = 5  # suspected documents that a reason names

State = Literal["holds", "falls", "slight", "few"]

NOTHING_HELD_OUT = (
    "没有留出的标注：新模型对标注的版式好坏如何，没有测量"
    " | no gold is held out: what the new model makes of the annotated layouts was not measured"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure on one set, under both models.

    old, new: shares. low, high: the interval of new - old. losers: cases that made it worse.
    state: slight where it falls by too little in too few cases to refuse; few where it does not
    fall, but there are too few cases to tell.
    """

    set: SetName
    figure: str
    cases: int
    old: float
    new: float
    low: float
    high: float
    losers: int
    state: State


@dataclass(frozen=True, slots=True)
class Verdict:
    """reasons: why it is refused, empty where it passes; notes: what a person should know.

    Both `中文 | English`. suspects: documents whose labels agree with neither model.
    """

    passed: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    rows: tuple[Row, ...]
    suspects: tuple[str, ...] = ()


def judge(old: Scores, new: Scores) -> Verdict:
    """Refuse the new model where a figure falls, or where what it learnt from is spoiled.

    Raises ValueError unless both were measured on the same reports.
    """
    if old.cases.keys() != new.cases.keys() or old.kappas.keys() != new.kappas.keys():
        raise ValueError("the models were measured on different sets")
    rows = tuple(row for set_ in SETS for row in _rows(set_, old, new))
    found = suspects(old.kappas, new.kappas)
    judged = {key for key, value in old.kappas.items() if value is not None}
    # a model may have learnt spoiled labels by heart, but not those of what it was not shown
    held_out = judged & {case.id for case in old.cases.get("gold", ())}
    spoiled = any(_is_good_share(found, among) for among in (judged, held_out))
    told = (_suspected(found, len(judged)),) if found else ()
    reasons = (*(_fall(row) for row in rows if row.state == "falls"), *(told if spoiled else ()))
    notes = (
        *dict.fromkeys((*old.notes, *new.notes)),
        *(() if old.cases.get("gold") else (NOTHING_HELD_OUT,)),
        *(note for set_ in SETS for note in _doubts([row for row in rows if row.set == set_])),
        *(() if spoiled else told),
    )
    return Verdict(not reasons, reasons, notes, rows, found)


def _is_good_share(found: Sequence[str], among: set[str]) -> bool:
    n = len(among.intersection(found))
    return n > 0 and n >= SHARE * len(among)


def _rows(set_: SetName, old: Scores, new: Scores) -> list[Row]:
    ours, theirs = _sorted(old.cases.get(set_, ())), _sorted(new.cases.get(set_, ()))
    if [case.id for case in ours] != [case.id for case in theirs]:
        raise ValueError(f"the models were measured on different reports of the set {set_}")
    return [
        row
        for figure in FIGURES
        if (row := _row(set_, figure, _counts(ours, figure), _counts(theirs, figure))) is not None
    ]


def _sorted(cases: Sequence[Case]) -> list[Case]:
    """In one order, whatever order they came in: the draws are by place. ValueError: one twice."""
    found = sorted(cases, key=lambda case: case.id)
    if len({case.id for case in found}) < len(found):
        raise ValueError("a report was measured twice")
    return found


def _counts(cases: Sequence[Case], figure: str) -> NDArray[np.int64]:
    """[cases, part and whole]"""
    counts = [case.counts.get(figure, (0, 0)) for case in cases]
    return np.array(counts, np.int64).reshape(-1, 2)


def _row(set_: SetName, figure: str, old: NDArray[np.int64], new: NDArray[np.int64]) -> Row | None:
    """None where there was nothing to count."""
    counted = (old.any(1)) | (new.any(1))
    old, new = old[counted], new[counted]
    if not len(old) or not old[:, 1].any():
        return None
    draws = _draws(len(old))
    low, high = np.quantile(_share(draws @ new) - _share(draws @ old), QUANTILES).tolist()
    before, after = old.sum(0), new.sum(0)
    # what the figure had lost, had this case alone changed: sees what is found where gold has none
    lost = _loss(figure, before, before - old + new)
    losers = int((lost > 0).sum())
    return Row(
        set_,
        figure,
        len(old),
        float(_share(before)),
        float(_share(after)),
        low,
        high,
        losers,
        _state(
            beyond=high < 0 if FIGURES[figure].better == 1 else low > 0,
            slight=losers < LEAST_LOSERS and float(_loss(figure, before, after)) < LEAST_LOSS,
            few=len(old) < FEW,
        ),
    )


def _state(*, beyond: bool, slight: bool, few: bool) -> State:
    if beyond:
        return "slight" if slight else "falls"
    return "few" if few else "holds"


def _loss(figure: str, old: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.float64]:
    """[..., part and whole] twice -> [...] by how much the share is worse; gains are negative."""
    return FIGURES[figure].better * (_share(old) - _share(new))


def _share(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """[..., part and whole] -> [...] the share."""
    result: NDArray[np.float64] = counts[..., 0] / np.maximum(1, counts[..., 1])
    return result


@cache
def _draws(n: int) -> NDArray[np.int64]:
    """[RESAMPLES, n] how often each case was drawn, always the same."""
    rng = np.random.default_rng(0)
    return rng.multinomial(n, np.full(n, 1 / n), RESAMPLES)


def _fall(row: Row) -> str:
    figure, (set_zh, set_en) = FIGURES[row.figure], SETS[row.set].split(" | ")
    worse_zh, worse_en = ("下降", "falls") if figure.better == 1 else ("上升", "rises")
    shares = f"{row.old:.3%} → {row.new:.3%}"
    interval = f"{row.low:+.3%} … {row.high:+.3%}"
    return (
        f"{set_zh}：{figure.zh}{worse_zh}，{shares}，差的 95% 区间 {interval}，"
        f"{row.cases} 份中 {row.losers} 份变差"
        f" | {set_en}: {figure.en} {worse_en}, {shares}, 95 % interval of the difference "
        f"{interval}, worse in {row.losers} of {row.cases}"
    )


def _doubts(rows: Sequence[Row]) -> Iterator[str]:
    """What the rows of one set say too faintly to refuse, each kind in one note."""
    for state, zh, en in (
        (
            "slight",
            f"变差的不到 {LEAST_LOSERS} 份，差不到 {LEAST_LOSS:.0%}，不算下降",
            f"worse in fewer than {LEAST_LOSERS} reports and by under {LEAST_LOSS:.0%}, no fall",
        ),
        ("few", "份数太少，不足以判断", "too few reports to tell"),
    ):
        if found := [row for row in rows if row.state == state]:
            set_zh, set_en = SETS[found[0].set].split(" | ")
            names = [FIGURES[row.figure] for row in found]
            names_zh, names_en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
            yield f"{set_zh}：{zh}：{names_zh} | {set_en}: {en}: {names_en}"


def _suspected(found: Sequence[str], n_judged: int) -> str:
    named = "、".join(found[:NAMED]) + ("…" if len(found) > NAMED else "")
    return (
        f"{n_judged} 份标注中有 {len(found)} 份的标签与新旧模型都不一致"
        f"（kappa 低于 {LEAST_KAPPA}），请核对：{named}"
        f" | the labels of {len(found)} of {n_judged} annotated reports agree with neither model"
        f" (kappa under {LEAST_KAPPA}), look at: {named}"
    )


def table(rows: Sequence[Row]) -> Mapping[str, tuple[str, ...]]:
    """Columns for people: heading -> a cell for each row."""
    states: Mapping[State, str] = {"holds": "✓", "falls": "✗", "slight": "≈", "few": "?"}
    return {
        "测试集 set": tuple(SETS[row.set].replace(" | ", " ") for row in rows),
        "指标 figure": tuple(f"{FIGURES[row.figure].zh} {FIGURES[row.figure].en}" for row in rows),
        "份 n": tuple(str(row.cases) for row in rows),
        "旧 old": tuple(f"{row.old:.3%}" for row in rows),
        "新 new": tuple(f"{row.new:.3%}" for row in rows),
        "95%": tuple(f"{row.low:+.3%} … {row.high:+.3%}" for row in rows),
        "变差 worse": tuple(str(row.losers) for row in rows),
        "": tuple(states[row.state] for row in rows),
    }
