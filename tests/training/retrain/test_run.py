"""A retraining from end to end, and one that is killed on the way, at toy size."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nianbao.inference.tagger import load_tagger
from nianbao.models import registry
from nianbao.models.errors import NianbaoError
from nianbao.models.training_record import read_record
from nianbao.training.loop import CHECKPOINT
from nianbao.training.retrain.run import FOLDER, Plan, retrain

STEPS = 12
#: Another process, with the stages as short as here.
START = """
import sys
from pathlib import Path
import pytest
from nianbao.training.retrain.run import Plan, retrain
from tests.training.retrain.conftest import shrink
with pytest.MonkeyPatch.context() as patch:
    shrink(patch)
    retrain(Plan(gold=(Path(sys.argv[1]),), steps=int(sys.argv[2])), print)
"""


def plan(gold_file: Path, **others: object) -> Plan:
    return Plan(gold=(gold_file,), steps=STEPS, **others)  # type: ignore[arg-type]


@pytest.mark.usefixtures("small")
def test_a_retraining_that_was_killed_goes_on_to_a_new_version(home: Path, gold_file: Path) -> None:
    work = home / FOLDER
    checkpoint = work / "training" / CHECKPOINT
    arguments = [sys.executable, "-c", START, str(gold_file), str(STEPS)]
    killed = subprocess.Popen(
        arguments, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    )
    while not checkpoint.is_file():
        assert killed.poll() is None
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert registry.versions() == (0, 1) and registry.current() == 1

    with pytest.raises(NianbaoError) as caught:
        retrain(plan(gold_file, seed=1), print)
    assert caught.value.code == "E602" and "seed" in caught.value.message

    told: list[str] = []
    ending = retrain(plan(gold_file), told.append)
    assert any("接着" in line for line in told)
    steps = [int(line.split()[1]) for line in told if line.startswith("step ")]
    assert steps == [] or steps[0] > 1
    assert not work.exists()

    assert ending.version == 2
    assert registry.current() == (2 if ending.promoted else 1)
    assert ending.promoted == ending.verdict.passed
    record = read_record(registry.version_folder(2))
    assert (record.base, record.steps) == (1, STEPS)
    assert record.gold[0].name == "gold.jsonl"
    assert record.reports == record.gold[0].documents == 20 - record.held_out
    assert record.evaluations.keys() >= {"frozen", "held_out"}
    assert record.evaluations["frozen"].reports == 6
    registry.check(2)
    tagger = load_tagger(registry.tagger_folder(2))
    assert tagger.info.version.endswith("+2")
    run = json.loads((registry.tagger_folder(2) / "run.json").read_text("utf-8"))
    assert run["gold"] == record.reports


def test_what_stands_already_is_not_made_again(
    home: Path, gold_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nianbao.training.retrain import run

    made: list[str] = []

    def tune(_tuning: object, _gold: object, out: Path, _tell: object) -> None:
        made.append("trained")
        out.mkdir()

    def export(_run: Path, out: Path, _version: str) -> None:
        made.append("tagger")
        out.mkdir()
        if len(made) == 2:
            raise KeyboardInterrupt

    def themes(_gold: object, out: Path, *, base: Path) -> str:
        made.append("themes")
        out.mkdir()
        return str(base)

    monkeypatch.setattr(run, "tune", tune)
    monkeypatch.setattr(run, "export", export)
    monkeypatch.setattr(run, "calibrate", lambda *_: None)
    monkeypatch.setattr(run, "retrain_themes", themes)

    def measure(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "scores", measure)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            retrain(plan(gold_file), print)
    assert made == ["trained", "tagger", "tagger", "themes"]
    with pytest.raises(KeyboardInterrupt):
        retrain(plan(gold_file, seed=1, fresh=True), print)
    assert made[4:] == ["trained", "tagger", "themes"]
    assert registry.versions() == (0, 1) and (home / FOLDER).is_dir()


def test_two_at_once_are_not_allowed(home: Path, gold_file: Path) -> None:
    from filelock import FileLock

    with FileLock(home / f"{FOLDER}.lock"):
        with pytest.raises(NianbaoError) as caught:
            retrain(plan(gold_file), print)
    assert caught.value.code == "E603"


def test_a_home_that_cannot_be_written_is_told(
    gold_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(registry.HOME, str(tmp_path / "file" / "home"))
    with pytest.raises(NianbaoError) as caught:
        retrain(plan(gold_file), print)
    assert caught.value.code == "E409"


def test_an_encoder_that_is_none_is_told(home: Path, gold_file: Path, tmp_path: Path) -> None:
    with pytest.raises(NianbaoError) as caught:
        retrain(plan(gold_file, encoder=str(tmp_path / "none")), print)
    assert caught.value.code == "E604"
    assert registry.versions() == (0, 1)
