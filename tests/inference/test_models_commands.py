"""`nianbao models`, and the version in use wherever a model is taken."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nianbao.inference import pipeline, versions
from nianbao.inference.batch.fingerprint import fingerprint
from nianbao.inference.batch.options import Options
from nianbao.inference.batch.worker import load_parser
from nianbao.inference.doctor import examine
from nianbao.inference.pipeline import parse
from nianbao.inference.read import read
from nianbao.inference.tagger import load_tagger
from nianbao.inference.themes import load_classifier
from nianbao.models import registry
from nianbao.models.errors import BadModel, NianbaoError
from nianbao.models.registry import CURRENT, TRAINING
from nianbao.models.sums import write_sums
from nianbao.models.training_record import (
    Corpus,
    Evaluation,
    Figure,
    TrainingRecord,
    read_record,
)
from tests.conftest import Shell

EXAMPLE = Path(__file__).parents[2] / "examples/01-county-bureau.txt"
RECORD = TrainingRecord(
    made="2026-11-22T10:00:00+00:00",
    base=0,
    gold=(Corpus(name="春.jsonl", sha256="5e" * 32, documents=80),),
    corrections=(Corpus(name="秋.jsonl", sha256="7a" * 32, documents=20),),
    reports=95,
    held_out=21,
    seeds={"retraining": 3},
    steps=640,
    minutes=17.5,
    evaluations={
        "frozen": Evaluation(
            reports=300,
            figures={
                "cells": Figure(old=0.99961, new=0.99972, low=-0.00013, high=0.00024),
                "items": Figure(old=0.968, new=0.9683, low=-0.001, high=0.0017),
            },
        )
    },
    verdict="passed",
    reasons=("没有一项变差 | nothing fell",),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Empty, and with no model kept in mind."""
    monkeypatch.setenv("NIANBAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    forget()
    yield tmp_path / "home"
    forget()


def forget() -> None:
    """As in a new process."""
    pipeline.default_tagger.cache_clear()
    pipeline.default_classifier.cache_clear()


def renamed(file: Path, version: str) -> None:
    about = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(about | {"version": version}), encoding="utf-8")
    write_sums(file.parent)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """The shipped models under names of their own, as a retraining would hand them in."""
    folder = tmp_path / "scratch"
    shutil.copytree(registry.tagger_folder(0), folder / "tagger")
    shutil.copytree(registry.themes_folder(0), folder / "themes")
    renamed(folder / "tagger/preprocess.json", "2+1")
    renamed(folder / "themes/classifier.json", "1+1")
    RECORD.write(folder)
    return folder


def spoil(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b" ")


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(NianbaoError) as caught:
        action()
    return caught.value.code


# The commands --------------------------------------------------------------------------------


def test_without_a_home_there_is_the_shipped_version_alone(
    shell: Shell, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("models", "list") == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if "shipped" in line]
    assert len(rows) == 1 and "←" in rows[0]
    assert shell("models", "show") == 0
    told = capsys.readouterr().out
    assert "version 0" in told and load_tagger().info.sha256[:12] in told
    assert not home.exists()


def test_versions_are_listed_with_what_made_them_and_how_good_they_are(
    shell: Shell, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.add(scratch)
    RECORD.model_copy(update={"base": 1, "verdict": "refused", "forced": True}).write(scratch)
    registry.add(scratch)
    registry.promote(2)
    assert shell("models", "list") == 0
    rows = [line.split("│") for line in capsys.readouterr().out.splitlines() if "│" in line]
    cells = [[cell.strip() for cell in row[1:-1]] for row in rows]
    figures = ["99.961%", "→ 99.972%"]
    assert cells[1] == ["1", "0", "95", *figures, "通过 passed", ""]
    assert cells[2] == ["2", "1", "95", *figures, "未通过，强制换用 refused, forced", "←"]


def test_a_version_without_a_readable_record_is_listed_as_spoiled(
    shell: Shell, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.add(scratch)
    (registry.version_folder(1) / TRAINING).write_text("{}", encoding="utf-8")
    assert shell("models", "list") == 0
    assert "坏了 spoiled" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["7", "?"])
def test_a_current_that_means_no_version_is_told_beneath_the_list(
    shell: Shell, home: Path, scratch: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.add(scratch)
    (home / "models" / CURRENT).write_text(content, encoding="ascii")
    assert shell("models", "list") == 5
    told = capsys.readouterr()
    assert "passed" in told.out and "←" not in told.out
    assert "E301" in told.err and "nianbao models rollback" in told.err


def leaves(content: object) -> Iterator[str]:
    if isinstance(content, dict | list):
        for value in content.values() if isinstance(content, dict) else content:
            yield from leaves(value)
        yield from content if isinstance(content, dict) else ()
    else:
        yield content if isinstance(content, str) else json.dumps(content)


def test_all_of_the_record_is_shown(
    shell: Shell, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = json.loads(RECORD.model_dump_json()) | {"later": {"deep": [[1], {"x": "未来"}]}}
    (scratch / TRAINING).write_text(json.dumps(record), encoding="utf-8")
    registry.promote(registry.add(scratch))
    assert shell("models", "show") == 0
    told = capsys.readouterr().out
    assert [leaf for leaf in leaves(record) if leaf not in told] == []
    assert "版本 version 1" in told and "完好 whole" in told
    spoil(registry.version_folder(1) / "tagger/README.md")
    assert shell("models", "show", 1) == 0
    assert "坏了 spoiled: tagger/README.md" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["show 7", "promote 7"])
def test_a_version_that_is_not_there_ends_with_2(
    shell: Shell, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("models", *words.split()) == 2
    assert "E303 没有这个模型版本：7 | no such version" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["promote", "promote -1", "promote one", "show 1.5"])
def test_what_is_no_number_of_a_version_is_wrong_usage(shell: Shell, words: str) -> None:
    assert shell("models", *words.split()) == 2


@pytest.mark.parametrize("words", ["", "list", "show", "promote", "rollback"])
def test_help_is_in_both_languages(
    shell: Shell, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("models", *words.split(), "-h") == 0
    assert " | " in capsys.readouterr().out


def test_promoting_and_rolling_back_are_told(
    shell: Shell, scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.add(scratch)
    assert shell("models", "promote", 1) == 0
    assert capsys.readouterr().err == "当前版本：1 | the current version is 1\n"
    assert registry.current() == 1
    assert shell("models", "rollback") == 0
    assert capsys.readouterr().err == "已退回版本：0 | back to version 0\n"
    assert registry.current() == 0
    assert shell("models", "rollback") == 2
    assert "E304" in capsys.readouterr().err


def test_a_home_that_cannot_be_written_ends_with_2(
    shell: Shell, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.touch()
    assert shell("models", "promote", 0) == 2
    told = capsys.readouterr().err
    assert "E409 无法写入模型目录" in told and "NIANBAO_HOME" in told


# What is refused -----------------------------------------------------------------------------


def other_answers(folder: Path) -> None:
    file = folder / "tagger/golden.json"
    golden = json.loads(file.read_text(encoding="utf-8"))
    golden["tags"]["onnx"] = [0] * len(golden["ids"])
    file.write_text(json.dumps(golden), encoding="utf-8")
    write_sums(file.parent)


def no_network(folder: Path) -> None:
    (folder / "tagger/onnx/model_int8.onnx").write_bytes(b"onnx")
    write_sums(folder / "tagger")


def other_scores(folder: Path) -> None:
    file = folder / "themes/classifier.json"
    about = json.loads(file.read_text(encoding="utf-8"))
    about["golden"] = {text: scores[::-1] for text, scores in about["golden"].items()}
    file.write_text(json.dumps(about), encoding="utf-8")
    write_sums(file.parent)


def other_labels(folder: Path) -> None:
    (folder / "tagger/labels.json").write_text('["O"]', encoding="utf-8")
    write_sums(folder / "tagger")


def no_record(folder: Path) -> None:
    (folder / TRAINING).write_text("[]", encoding="utf-8")


@pytest.mark.parametrize(
    "fault", [other_answers, no_network, other_scores, other_labels, no_record]
)
def test_a_version_that_does_not_work_is_refused_though_all_its_sums_are_right(
    shell: Shell,
    scratch: Path,
    fault: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    fault(scratch)
    registry.check(registry.add(scratch))
    assert shell("models", "promote", 1) == 5
    assert "E301" in capsys.readouterr().err
    assert registry.current() == 0


@pytest.mark.parametrize(
    "name", ["tagger/onnx/model_int8.onnx", "tagger/README.md", "themes/weights.npy", TRAINING]
)
def test_a_version_with_a_changed_file_is_refused(
    shell: Shell, scratch: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(registry.version_folder(registry.add(scratch)) / name)
    assert shell("models", "promote", 1) == 5
    assert f"{name} has changed" in capsys.readouterr().err
    assert registry.current() == 0


def test_nothing_spoiled_is_gone_back_to(scratch: Path) -> None:
    versions.promote(registry.add(scratch))
    versions.promote(0)
    other_answers(registry.version_folder(1))
    write_sums(registry.version_folder(1))
    assert code_of(versions.rollback) == "E301"
    assert registry.current() == 0


# What is used --------------------------------------------------------------------------------


def test_the_current_version_is_what_parses(scratch: Path) -> None:
    shipped = (load_tagger().info, load_classifier().info)
    versions.promote(registry.add(scratch))
    report = parse(EXAMPLE)
    assert report.model == load_tagger().info != shipped[0]
    assert (report.model.version, load_classifier().info.version) == ("2+1", "1+1")
    assert load_tagger(registry.tagger_folder(0)).info == shipped[0]
    assert load_classifier(registry.themes_folder(0)).info == shipped[1]


@pytest.mark.parametrize(
    "name", ["tagger/tokenizer.json", "themes/ngrams.txt", f"tagger/../{TRAINING}"]
)
def test_a_spoiled_current_parses_nothing_until_it_is_rolled_back(
    shell: Shell, scratch: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.promote(registry.add(scratch))
    spoil(registry.version_folder(1) / name)
    with pytest.raises(BadModel, match="version 1: "):
        parse(EXAMPLE)
    assert shell("doctor") == 5
    assert "版本 1：" in capsys.readouterr().out
    words = ("themes", "-") if "themes" in name else ("parse", EXAMPLE)
    assert shell(*words, "-o", "out") == 5
    assert "nianbao models rollback" in capsys.readouterr().err
    assert shell("models", "rollback") == 0
    forget()
    assert parse(EXAMPLE).model.version == "2"


def test_a_user_without_a_home_parses_with_the_shipped_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    nowhere = tmp_path / "file" / "share"
    monkeypatch.delenv("NIANBAO_HOME")
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(nowhere))
    assert parse(EXAMPLE).model == load_tagger(registry.tagger_folder(0)).info


def test_the_doctor_names_the_version(scratch: Path) -> None:
    registry.promote(registry.add(scratch))
    told = {line.name: line for line in examine()}
    assert told["模型版本 version"].detail.startswith("1 ")
    assert "2+1" in told["模型 model"].detail and "1+1" in told["主题模型 themes"].detail


def test_a_batch_depends_on_both_models(scratch: Path) -> None:
    shipped = fingerprint(Options())
    shutil.copy(registry.tagger_folder(0) / "preprocess.json", scratch / "tagger")
    write_sums(scratch / "tagger")
    registry.promote(registry.add(scratch))
    retrained = fingerprint(Options())
    assert {name for name in shipped if shipped[name] != retrained[name]} == {"themes"}
    assert fingerprint(Options(version=0)) == shipped
    assert fingerprint(Options(model=registry.tagger_folder(0)))["model"] == shipped["model"]


def test_a_batch_keeps_the_version_with_which_it_began(scratch: Path) -> None:
    begun = Options().pinned()
    registry.promote(registry.add(scratch))
    doc = read(EXAMPLE)
    assert load_parser(begun)(doc).model.version == "2"
    assert load_parser(Options())(doc).model.version == "2+1"
    assert begun.pinned() == begun and Options().pinned().version == 1


# The record ----------------------------------------------------------------------------------


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    RECORD.write(tmp_path)
    assert read_record(tmp_path) == RECORD
    assert RECORD.cells is not None and RECORD.cells.new == 0.99972
    assert RECORD.model_copy(update={"evaluations": {}}).cells is None


@pytest.mark.parametrize("content", [None, "", "[]", '{"made": 1}'])
def test_a_record_that_is_none_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / TRAINING).write_text(content, encoding="utf-8")
    assert code_of(lambda: read_record(tmp_path)) == "E301"
