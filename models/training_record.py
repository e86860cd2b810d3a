"""What a version of the model was trained on, and what became of it: its `training.json`.

Written by a retraining, read by `nianbao models`. A record of a later program may hold more than
is listed here: that is kept and shown, and nothing depends on it.
"""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from .errors import BadModel
from .registry import TRAINING, version_folder, versions
from .sums import bad_model


class _Record(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)


class Corpus(_Record):
    """A file that it was trained on. documents: how many of it were used."""

    name: str
    sha256: str
    documents: int


class Figure(_Record):
    """A share from 0 to 1 of the same reports, read by the model before and by the new one.

    low, high: 95 % interval of new - old.
    """

    old: float
    new: float
    low: float
    high: float


class Evaluation(_Record):
    """figures: by name; `cells` is the share of cells that are right."""

    reports: int
    figures: dict[str, Figure]


class TrainingRecord(_Record):
    """made: date and time in UTC, ISO 8601. base: the version that it started from.

    run: a mark of the retraining, by which it knows its version when it goes on.

    reports: of people's, gold and corrected, that it was trained on; held_out: those kept back.
    minutes: of training.
    evaluations: `frozen`, the fixed synthetic test set; `held_out`, the reports kept back.
    reasons: of the verdict, each `中文 | English`. forced: promoted although it was refused.
    """

    made: str
    base: int
    run: str = ""
    gold: tuple[Corpus, ...]
    corrections: tuple[Corpus, ...] = ()
    reports: int
    held_out: int = 0
    seeds: dict[str, int] = {}
    steps: int
    minutes: float
    device: str = "cpu"
    evaluations: dict[str, Evaluation]
    verdict: Literal["passed", "refused"]
    reasons: tuple[str, ...] = ()
    forced: bool = False

    @property
    def cells(self) -> Figure | None:
        """Cells right on the frozen reports; None where that was not measured."""
        frozen = self.evaluations.get("frozen")
        return None if frozen is None else frozen.figures.get("cells")

    def write(self, folder: Path) -> None:
        """Before `registry.add`, which seals the folder."""
        text = self.model_dump_json(indent=1) + "\n"
        (folder / TRAINING).write_text(text, encoding="utf-8")


def read_record(folder: Path) -> TrainingRecord:
    """The record of a version's folder. BadModel where it is missing or malformed."""
    try:
        return TrainingRecord.model_validate_json((folder / TRAINING).read_bytes())
    except OSError as error:
        raise bad_model(f"读不到 {TRAINING}", f"{TRAINING} cannot be read") from error
    except ValidationError as error:
        raise bad_model(f"{TRAINING} 格式不对", f"malformed {TRAINING}") from error


def version_of(run: str) -> int | None:
    """The version that the retraining `run` made; None where it has made none yet."""
    return next((version for version in reversed(versions()) if _run_of(version) == run), None)


def _run_of(version: int) -> str | None:
    try:
        return read_record(version_folder(version)).run
    except BadModel:  # none of the shipped version, either
        return None
