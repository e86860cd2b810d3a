"""The result of an evaluation as one JSON file, for notebooks that hold no logic of their own."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from .outcomes import CHARACTER_LABELS, Judged, Outcome, all_labels, total
from .reliability import calibration_error, reliability, risk_coverage, threshold_for
from .scoring import Score
from .tabulate import arrays

FORMAT = 1


class Legend:
    """Names by number, in the order in which they came."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def names(self) -> list[str]:
        return list(self._numbers)


def write_results(file: Path, outcomes: Sequence[Outcome], run: Mapping[str, object]) -> None:
    """Write everything to `file`. run: what was evaluated, and with which options."""
    text = json.dumps(results(outcomes, run), ensure_ascii=False, separators=(",", ":"))
    file.write_text(text + "\n", encoding="utf-8")


def results(outcomes: Sequence[Outcome], run: Mapping[str, object]) -> dict[str, object]:
    """The scores of every report, all confidences, and the labels of all reports together.

    A report's `cells` are columns: path, state and method are numbers in `legends`. Items and
    sections are [confidence, right, role or id].
    """
    legends = {name: Legend() for name in ("path", "state", "method")}
    reports = [_report(outcome, legends) for outcome in outcomes]
    return {
        "format": FORMAT,
        "run": dict(run),
        "total": _score(total(outcomes)),
        "confidence": {
            "cells": _confidence([one for o in outcomes for one in o.cells]),
            "sections": _confidence([one for o in outcomes for one in o.sections]),
            "items": _confidence([one for o in outcomes for one in o.items]),
        },
        "labels": _labels(outcomes),
        "legends": {name: legend.names() for name, legend in legends.items()},
        "reports": reports,
    }


def _score(score: Score) -> dict[str, object]:
    counts = {f.name: getattr(score, f.name) for f in fields(score)}
    plain = {name: dict(n) if isinstance(n, Counter) else n for name, n in counts.items()}
    return plain | {"item_f1": score.item_f1}


def _report(outcome: Outcome, legends: Mapping[str, Legend]) -> dict[str, object]:
    return {
        "seed": outcome.seed,
        "name": outcome.name,
        "layout": outcome.layout,
        "damages": outcome.damages,
        "refused": outcome.refused,
        "foreign": outcome.foreign,
        "status": outcome.status,
        "reasons": outcome.reasons,
        "score": _score(outcome.score),
        "cells": {
            "path": [legends["path"].number(one.name) for one in outcome.cells],
            "state": [legends["state"].number(one.state) for one in outcome.cells],
            "method": [legends["method"].number(one.method) for one in outcome.cells],
            "confidence": [round(one.confidence, 7) for one in outcome.cells],
            "right": [int(one.right) for one in outcome.cells],
        },
        "sections": [_triple(one) for one in outcome.sections],
        "items": [_triple(one) for one in outcome.items],
    }


def _triple(one: Judged) -> tuple[float, int, str]:
    return round(one.confidence, 7), int(one.right), one.name


def _confidence(judged: Sequence[Judged]) -> dict[str, object]:
    confidence, right = arrays(judged)
    bins = reliability(confidence, right)
    threshold = threshold_for(confidence, right)
    return {
        "count": len(judged),
        "ece": calibration_error(bins),
        "reliability": [asdict(one) for one in bins],
        "risk_coverage": [asdict(one) for one in risk_coverage(confidence, right)],
        "threshold": None if threshold is None else asdict(threshold),
    }


def _labels(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Exact spans by label; the confusion of characters, rows gold and columns given."""
    labelling = all_labels(outcomes)
    return {
        "spans": {
            label: {"right": score.right, "found": score.found, "gold": score.gold}
            for label, score in labelling.spans.items()
        },
        "characters": {
            "labels": CHARACTER_LABELS,
            "counts": [
                [labelling.characters[gold, given] for given in CHARACTER_LABELS]
                for gold in CHARACTER_LABELS
            ],
        },
    }
