"""What a retraining writes down of itself, for the version that it makes."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from ...models.training_record import Corpus, Evaluation, Figure, TrainingRecord
from .figures import SetName
from .gate import Verdict
from .labelled import GoldFile, Labelled

#: What the record calls the sets of the gate.
_SETS: Mapping[SetName, str] = {"synthetic": "frozen", "gold": "held_out", "themes": "themes"}


def record_of(
    trained: Path,
    run: str,
    labelled: Labelled,
    base: int,
    seed: int,
    verdict: Verdict,
    forced: bool,
) -> TrainingRecord:
    """trained: the folder of the finished training. base: the version that it started from."""
    facts = json.loads((trained / "run.json").read_text("utf-8"))
    return TrainingRecord(
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        base=base,
        run=run,
        gold=_corpora((file, file.n_gold) for file in labelled.files),
        corrections=_corpora((file, file.n_corrections) for file in labelled.files),
        reports=len(labelled.to_learn),
        held_out=len(labelled.held_out),
        seeds={"retraining": seed},
        steps=facts["step"],
        minutes=round(facts["seconds"] / 60, 1),
        device=facts["device"],
        evaluations=_evaluations(verdict),
        verdict="passed" if verdict.passed else "refused",
        reasons=verdict.reasons,
        forced=forced,
    )


def _corpora(files: Iterable[tuple[GoldFile, int]]) -> tuple[Corpus, ...]:
    """Those of which something was learnt."""
    return tuple(Corpus(name=file.name, sha256=file.sha256, documents=n) for file, n in files if n)


def _evaluations(verdict: Verdict) -> dict[str, Evaluation]:
    return {
        name: Evaluation(
            reports=max(row.cases for row in rows),
            figures={
                row.figure: Figure(old=row.old, new=row.new, low=row.low, high=row.high)
                for row in rows
            },
        )
        for set_, name in _SETS.items()
        if (rows := [row for row in verdict.rows if row.set == set_])
    }
