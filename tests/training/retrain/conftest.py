"""A home whose current model is the toy, gold of toy reports, and stages of toy size."""

import shutil
from pathlib import Path

import pytest

from nianbao.annotations import gold
from nianbao.annotations.documents import AnnotatedDocument
from nianbao.models import registry
from nianbao.models.training_record import TrainingRecord
from tests.conftest import toy_document


def annotated(number: int, annotator: str | None = "甲", chosen: str = "") -> AnnotatedDocument:
    """A toy report as a person labelled it."""
    doc = toy_document(number)
    return AnnotatedDocument(f"toy-{number}", doc.text, doc.spans, annotator, chosen=chosen)


@pytest.fixture(scope="session")
def toy_version(toy_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy beside the classifier of themes that is shipped, ready to become a version."""
    folder = tmp_path_factory.mktemp("toy-version")
    shutil.copytree(toy_folder, folder / "tagger")
    shutil.copytree(registry.themes_folder(registry.SHIPPED), folder / "themes")
    TrainingRecord(
        made="2026-01-01T00:00:00+00:00", base=0, gold=(), reports=0, steps=80, minutes=0.1,
        evaluations={}, verdict="passed",
    ).write(folder)  # fmt: skip
    return folder


@pytest.fixture
def home(toy_version: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home whose current version, 1, is the toy."""
    monkeypatch.setenv(registry.HOME, str(tmp_path / "home"))
    registry.promote(registry.add(toy_version))
    return tmp_path / "home"


@pytest.fixture
def gold_file(tmp_path: Path) -> Path:
    file = tmp_path / "gold.jsonl"
    gold.write([annotated(number) for number in range(20)], file)
    return file


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every stage as short as it can be, and in this process."""
    shrink(monkeypatch)


def shrink(patch: pytest.MonkeyPatch) -> None:
    from nianbao.training.retrain import run, tuning

    patch.setattr(tuning, "WORKERS", 0)
    patch.setattr(tuning, "N_DEV", 2)
    patch.setattr(tuning, "SAVE_SECONDS", 0.0)
    patch.setattr(run, "N_CALIBRATION", 6)
    patch.setattr(run, "JOBS", 1)
    patch.setattr(run, "N_REPORTS", 6)
