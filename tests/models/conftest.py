"""A home of the models, and a version of a few bytes to put into it."""

import os
from pathlib import Path

import pytest

from nianbao.models import registry
from nianbao.models.errors import NianbaoError
from nianbao.models.registry import TRAINING
from nianbao.models.sums import write_sums

FILES = {
    "tagger": ("config.json", "onnx/model_int8.onnx"),
    "themes": ("classifier.json",),
}


def finished(folder: Path) -> Path:
    """What a retraining hands in, with models of a few bytes."""
    for part, names in FILES.items():
        for name in names:
            file = folder / part / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(f"{part} {name}".encode())
        write_sums(folder / part)
    (folder / TRAINING).write_text('{"base": 0}\n', encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("NIANBAO_HOME", str(folder))
    return folder


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return finished(tmp_path / "scratch")


def code_of(action: object, *arguments: object) -> str:
    with pytest.raises(NianbaoError) as caught:
        action(*arguments)  # type: ignore[operator]
    return caught.value.code


def here() -> list[str]:
    return sorted(os.listdir(registry.home() / "models"))
