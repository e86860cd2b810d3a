"""Outcomes as tables for a terminal: scores, calibration, what was left to a person."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from .outcomes import Judged, Outcome, total
from .reliability import (
    PROMISED,
    Kept,
    calibration_error,
    kept_above,
    reliability,
    risk_coverage,
    threshold_for,
)
from .synthetic.coverage import UNRECOVERABLE

#: A damage under which fewer cells are right is marked in the table.
LEAST_RIGHT = 0.97

HEADER = (
    f"{'':28}{'reports':>8}{'perfect':>9}{'perf. %':>9}{'cells':>10}{'right %':>9}{'wrong':>7}"
    f"{'invent.':>8}{'missed':>8}{'non-0 %':>9}{'state %':>9}{'sect. %':>9}{'item F1':>9}"
    f"{'review':>8}   "
)


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}" if whole else "-"


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    """One line of the table; percentages of cells, of non-zero cells, of sections.

    It ends in ! where fewer cells are right than LEAST_RIGHT, in u where cells cannot be restored.
    """
    score = total(outcomes)
    review = sum(outcome.status == "review" for outcome in outcomes)
    low = "!" if score.right < LEAST_RIGHT * score.cells else " "
    lost = "u" if name.strip() in UNRECOVERABLE else " "
    perfect = share(score.perfect, score.reports)
    return (
        f"{name[:27]:28}{score.reports:>8}{score.perfect:>9}{perfect:>9}{score.cells:>10}"
        f"{share(score.right, score.cells):>9}{score.wrong:>7}{score.invented:>8}"
        f"{score.missed:>8}{share(score.nonzero_right, score.nonzero):>9}"
        f"{share(score.states_right, score.cells):>9}"
        f"{share(score.sections_right, score.sections):>9}{score.item_f1:>9.4f}"
        f"{review:>8} {low}{lost}"
    )


def table(outcomes: Sequence[Outcome]) -> str:
    """The scores of all, by tier, by layout, by damage (a report with two is in two lines)."""
    lines = [HEADER, row("全部 all", outcomes)]
    tiers = list(dict.fromkeys(o.name for o in outcomes if o.name))
    if tiers:
        lines.append("档次、文件 tier, file")
    for tier in tiers:
        lines.append(row(f"  {tier}", [o for o in outcomes if o.name == tier]))
    lines.append("版式 layout")
    for layout in sorted({outcome.layout for outcome in outcomes}):
        lines.append(row(f"  {layout}", [o for o in outcomes if o.layout == layout]))
    lines += [*_damages(outcomes), *_metadata(outcomes)]
    refused = sum(outcome.refused and not outcome.foreign for outcome in outcomes)
    foreign = [outcome.refused for outcome in outcomes if outcome.foreign]
    lines.append(
        f"误拒 reports refused: {refused}; 非报告 other documents refused: "
        f"{sum(foreign)} / {len(foreign)}"
    )
    return "\n".join(lines)


def _damages(outcomes: Sequence[Outcome]) -> list[str]:
    lines = [
        f"破损 damage (! 单元格正确不到 {LEAST_RIGHT:.0%} 的 fewer cells right; "
        "u 有的数已不可恢复 some figures are gone for good)"
    ]
    lines.append(row("  (none)", [o for o in outcomes if not o.damages]))
    for damage in sorted({name for outcome in outcomes for name in outcome.damages}):
        lines.append(row(f"  {damage}", [o for o in outcomes if damage in o.damages]))
    return lines


def _metadata(outcomes: Sequence[Outcome]) -> list[str]:
    """Right per field, of the reports whose gold speaks of it, and the mean over fields."""
    score = total(outcomes)
    if not score.meta or not score.reports:
        return []
    shares = {name: 100 * count / score.reports for name, count in sorted(score.meta.items())}
    fields = ", ".join(f"{name} {value:.1f}" for name, value in shares.items())
    mean = sum(shares.values()) / len(shares)
    guessed = ", ".join(f"{name} {count}" for name, count in score.meta_guessed.items() if count)
    return [
        f"元数据 metadata, right %: {fields}; 平均 mean {mean:.2f}",
        f"  原文没有而给出的 given where gold has none: {guessed or 0}",
    ]


def worst(outcomes: Sequence[Outcome], count: int) -> str:
    """The reports with most cells not right, for a look at each (`--worst`)."""
    ranked = sorted(outcomes, key=lambda o: o.score.cells - o.score.right + o.score.invented)
    lines = [
        f"seed {o.seed}  {o.layout}  {','.join(o.damages)}  not right "
        f"{o.score.cells - o.score.right} invented {o.score.invented}"
        for o in islice(reversed(ranked), count)
    ]
    return "\n".join(lines)


def arrays(judged: Sequence[Judged]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """(confidences, whether right), in the same order."""
    confidence = np.array([one.confidence for one in judged], dtype=np.float64)
    return confidence, np.array([one.right for one in judged], dtype=np.bool_)


def confidences(outcomes: Sequence[Outcome], threshold: float | None = None) -> str:
    """Reliability and risk against coverage, for cells, sections and items.

    threshold: of cells, as the model's calibration has it; what it keeps here is told too.
    """
    kinds = {
        "单元格 cells": [one for o in outcomes for one in o.cells],
        "部分 sections": [one for o in outcomes for one in o.sections],
        "条目 items": [one for o in outcomes for one in o.items],
    }
    lines = []
    for name, judged in kinds.items():
        lines += _reliability(name, judged)
    cells = arrays(kinds["单元格 cells"])
    lines.append(f"单元格正确 {PROMISED:.2%} 的阈值 threshold for so many right cells:")
    lines.append(_kept("本次 of this run", threshold_for(*cells)))
    if threshold is not None:
        lines.append(_kept("模型的 of the model", kept_above(*cells, threshold)))
    return "\n".join(lines)


def _reliability(name: str, judged: Sequence[Judged]) -> list[str]:
    confidence, right = arrays(judged)
    bins = reliability(confidence, right)
    error = calibration_error(bins)
    told = "-" if error is None else f"{error:.4f}"
    lines = [f"置信度 confidence, {name}: {len(judged)}, ECE {told}"]
    lines.append(f"  {'bin':>16}{'count':>9}{'mean':>9}{'right':>9}")
    for one in bins:
        edges = f"({one.low:g}, {one.high:g}]"
        lines.append(f"  {edges:>16}{one.count:>9}{one.confidence:>9.4f}{one.right:>9.4f}")
    told = ", ".join(
        f"{k.coverage:.0%} {100 * k.right:.3f}" for k in risk_coverage(confidence, right)
    )
    return [*lines, f"  保留最可信的 right % of the most confident: {told or '-'}"]


def _kept(name: str, kept: Kept | None) -> str:
    if kept is None:
        return f"  {name}: -"
    shares = f"保留 keeps {kept.coverage:.2%}, 正确 right {kept.right:.4%}"
    return f"  {name}: {kept.threshold:.6f}, {shares}"


def statuses(outcomes: Sequence[Outcome]) -> str:
    """Whether a person is sent to the reports that need one, and why to the others."""
    read = [outcome for outcome in outcomes if outcome.status is not None and not outcome.foreign]
    lines = [f"{'状态 status':26}{'ok':>8}{'review':>8}{'review %':>9}"]
    for name, wanted in (("各格全对 perfect", 1), ("有错 imperfect", 0)):
        own = [outcome for outcome in read if outcome.score.perfect == wanted]
        review = sum(outcome.status == "review" for outcome in own)
        lines.append(f"  {name:22}{len(own) - review:>8}{review:>8}{share(review, len(own)):>9}")
    perfect = [outcome for outcome in read if outcome.score.perfect]
    reasons = Counter(reason for outcome in perfect for reason in outcome.reasons)
    told = ", ".join(f"{code} {count}" for code, count in reasons.most_common())
    lines.append(f"  全对而送审的理由 reasons given for perfect ones: {told or '-'}")
    alone = sum(outcome.reasons == ("low_confidence",) for outcome in perfect)
    lines.append(
        f"  只因置信度低 for low_confidence alone: {alone} ({share(alone, len(perfect))} %)"
    )
    return "\n".join(lines)
