"""A retraining stopped at any place, and faults that can be foreseen; nothing is trained here."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.annotations import gold
from nianbao.models import registry
from nianbao.models.errors import NianbaoError
from nianbao.models.training_record import read_record
from nianbao.training.loop import CHECKPOINT
from nianbao.training.retrain import run
from nianbao.training.retrain.figures import Scores
from nianbao.training.retrain.run import FOLDER, SETTINGS, Plan, retrain
from tests.inference.test_models_commands import renamed
from tests.training.retrain.conftest import annotated

Action = Callable[..., object]


@pytest.fixture
def tunings(toy_version: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stages that take no time, and a note of each training."""
    done: list[str] = []

    def tune(_tuning: object, _gold: object, out: Path, _tell: object) -> None:
        done.append("trained")
        out.mkdir()
        facts = {"step": 1, "seconds": 1, "device": "cpu", "encoder": None}
        (out / "run.json").write_text(json.dumps(facts), "utf-8")

    def export(_run: Path, out: Path, version: str) -> None:
        shutil.copytree(toy_version / "tagger", out)
        renamed(out / "preprocess.json", version)

    monkeypatch.setattr(run, "tune", tune)
    monkeypatch.setattr(run, "export", export)
    monkeypatch.setattr(run, "calibrate", lambda *_: None)
    nothing = Scores({"synthetic": (), "gold": (), "themes": ()}, {})
    monkeypatch.setattr(run, "scores", lambda *_, **__: nothing)
    return done


def stopped(action: Action, *, first: bool) -> Action:
    """`action`, and a stop before or after it."""

    def stopping(*arguments: object) -> None:
        if not first:
            action(*arguments)
        raise KeyboardInterrupt

    return stopping


def told_version(version: int) -> str:
    """The version that the tagger of a version tells of itself."""
    raw = (registry.tagger_folder(version) / "preprocess.json").read_text("utf-8")
    return str(json.loads(raw)["version"])


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", ["_learn", "_verdict", "_version_of", "_add", "promote", "_clear"])
def test_stopped_at_any_place_it_makes_one_version_and_promotes_it(
    name: str,
    first: bool,
    home: Path,
    gold_file: Path,
    tunings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = Plan(gold=(gold_file,))
    begun = home / FOLDER / SETTINGS
    action = getattr(run, name)

    def clear(work: Path) -> None:  # it clears before it begins, too
        (stopped(action, first=first) if begun.exists() else action)(work)

    with monkeypatch.context() as patch:
        patch.setattr(run, name, clear if name == "_clear" else stopped(action, first=first))
        with pytest.raises(KeyboardInterrupt):
            retrain(plan, lambda _: None)
    if (name, first) != ("_clear", False):  # after that there is nothing left to do
        ending = retrain(plan, lambda _: None)
        assert (ending.version, ending.promoted, ending.rival) == (2, True, None)
    assert tunings == ["trained"]
    assert registry.versions() == (0, 1, 2) and registry.current() == 2
    assert read_record(registry.version_folder(2)).base == 1
    assert not (home / FOLDER).exists()
    assert registry.rollback() == 1


def test_a_model_tells_the_number_of_its_version(
    home: Path, gold_file: Path, tunings: list[str]
) -> None:
    (home / "models/7").mkdir()
    ending = retrain(Plan(gold=(gold_file,)), lambda _: None)
    assert ending.version == 8 and told_version(8).endswith("+8")


@pytest.mark.parametrize("force", [True, False])
def test_what_somebody_promoted_meanwhile_stays(
    force: bool,
    home: Path,
    toy_version: Path,
    gold_file: Path,
    tunings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rival = registry.add(toy_version)
    verdict = run._verdict

    def meanwhile(*arguments: object) -> object:
        registry.promote(rival)
        return verdict(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(run, "_verdict", meanwhile)
    ending = retrain(Plan(gold=(gold_file,), force=force), lambda _: None)
    assert (ending.version, ending.promoted, ending.rival) == (3, False, rival)
    assert registry.current() == rival
    assert read_record(registry.version_folder(3)).base == 1


def test_nothing_is_made_of_a_promotion_where_none_was_asked_for(
    home: Path, gold_file: Path, tunings: list[str]
) -> None:
    ending = retrain(Plan(gold=(gold_file,), promote=False), lambda _: None)
    assert (ending.promoted, ending.rival, registry.current()) == (False, None, 1)


# What was begun ------------------------------------------------------------------------------


def begin(home: Path, gold_file: Path, monkeypatch: pytest.MonkeyPatch, **others: object) -> Path:
    """A retraining that was stopped at the beginning of the training; its folder."""
    with monkeypatch.context() as patch:
        patch.setattr(run, "tune", stopped(print, first=True))
        with pytest.raises(KeyboardInterrupt):
            retrain(Plan(gold=(gold_file,), **others), lambda _: None)  # type: ignore[arg-type]
    return home / FOLDER


def checkpoint(work: Path) -> None:
    (work / "training").mkdir()
    (work / "training" / CHECKPOINT).touch()


def test_a_wrong_encoder_does_not_stand_in_the_way_of_the_right_one(
    home: Path, gold_file: Path, tmp_path: Path, tunings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(home, gold_file, monkeypatch, encoder=str(tmp_path / "none"))
    assert retrain(Plan(gold=(gold_file,)), lambda _: None).version == 2


def test_settings_that_changed_are_named_as_the_user_knows_them(
    home: Path,
    toy_version: Path,
    gold_file: Path,
    tunings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry.promote(registry.add(toy_version))
    checkpoint(begin(home, gold_file, monkeypatch))
    registry.promote(1)
    shutil.rmtree(registry.version_folder(2))
    gold.write([annotated(number) for number in range(19)], gold_file)
    with pytest.raises(NianbaoError) as caught:
        retrain(Plan(gold=(gold_file,), seed=3), lambda _: None)
    assert caught.value.code == "E602"
    assert "标注、起点的版本、--seed" in caught.value.message
    assert "the gold, the version to start from, --seed" in caught.value.english


def test_spoiled_settings_are_no_settings(
    home: Path, gold_file: Path, tunings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in ("", "[]", None):
        work = begin(home, gold_file, monkeypatch, fresh=True)
        checkpoint(work)
        if content is None:
            (work / SETTINGS).unlink()
        else:
            (work / SETTINGS).write_text(content, "utf-8")
        retrain(Plan(gold=(gold_file,)), lambda _: None)
    assert registry.versions() == (0, 1, 2, 3, 4)


# The disk ------------------------------------------------------------------------------------


@pytest.mark.parametrize("fresh", [True, False])
def test_a_file_in_the_place_of_the_work_is_told(home: Path, gold_file: Path, fresh: bool) -> None:
    (home / FOLDER).touch()
    with pytest.raises(NianbaoError) as caught:
        retrain(Plan(gold=(gold_file,), fresh=fresh), lambda _: None)
    assert caught.value.code == "E409" and str(home / FOLDER) in caught.value.english


@pytest.mark.parametrize("stage", ["tune", "export", "calibrate", "swap", "become"])
def test_a_full_disk_is_told_at_every_stage_and_nothing_done_is_lost(
    stage: str, home: Path, gold_file: Path, tunings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(run, stage, full)
        with pytest.raises(NianbaoError, match="No space left on device") as caught:
            retrain(Plan(gold=(gold_file,)), lambda _: None)
    assert caught.value.code == "E409" and registry.versions() == (0, 1)
    assert retrain(Plan(gold=(gold_file,)), lambda _: None).version == 2


def test_a_terminal_that_went_away_is_no_fault_of_the_disk(
    home: Path, gold_file: Path, tunings: list[str]
) -> None:
    def gone(_: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        retrain(Plan(gold=(gold_file,)), gone)


def test_what_cannot_be_removed_is_in_nobodys_way(
    home: Path, gold_file: Path, tunings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rmtree = shutil.rmtree

    def refused(path: Path, ignore_errors: bool = False) -> None:
        if ".old" not in path.name:
            rmtree(path, ignore_errors)
        elif not ignore_errors:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(shutil, "rmtree", refused)
    for version in (2, 3):
        assert retrain(Plan(gold=(gold_file,)), lambda _: None).version == version
        assert not (home / FOLDER).exists()


# The record ----------------------------------------------------------------------------------


def test_a_file_is_recorded_for_what_was_learnt_of_it_alone(
    home: Path, gold_file: Path, tmp_path: Path, tunings: list[str]
) -> None:
    corrected = tmp_path / "corrected.jsonl"
    gold.write([annotated(number, chosen="correction") for number in (50, 51)], corrected)
    retrain(Plan(gold=(gold_file, corrected)), lambda _: None)
    record = read_record(registry.version_folder(2))
    assert [(file.name, file.documents) for file in record.corrections] == [("corrected.jsonl", 2)]
    assert [file.name for file in record.gold] == ["gold.jsonl"]
    assert record.reports == record.gold[0].documents + 2
