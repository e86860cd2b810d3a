"""The command but for `parse`: themes, doctor, schema, help, wrong usage, and what it imports."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import nianbao
from nianbao.inference import pipeline, themes
from tests.cli.conftest import write
from tests.conftest import Shell

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "words",
    [
        "parse a.txt",
        "parse a.txt -o out -q -v",
        "parse a.txt -o - --summary",
        "parse a.txt -o - --to csv",
        "parse - - -o out",
        "parse a.txt -o a.txt",
        "parse reports.csv -o .",
        "parse a.txt -o out --fail-on info",
        "parse a.txt -o out --previous no-such-file",
        "themes a.txt",
        "themes a.txt -o a.txt",
        "themes a.txt -o .",
        "parse a.txt -o out --limit 0",
        "parse a.txt -o out --no-such-option",
        "no-such-command",
    ],
)
def test_wrong_usage_ends_with_2_before_any_work(command: Shell, words: str) -> None:
    write("a.txt")
    write("reports.csv")
    assert command(*words.split()) == 2
    assert {path.name for path in Path().iterdir()} == {"a.txt", "reports.csv"}


class NoThemes:
    """A classifier that finds every theme equally improbable."""

    thresholds = np.full(16, 0.5)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        return np.full((len(texts), 16), 0.25)

    def why(self, text: str, theme: str, limit: int = 5) -> list[tuple[str, float]]:
        return [(text[:2], 1.5)]


@pytest.fixture
def classifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(themes, "load_classifier", lambda *_: NoThemes())


@pytest.mark.usefixtures("classifier")
def test_statements_get_themes_line_by_line(
    command: Shell, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write("a.jsonl", '{"id": 7, "text": "更新不及时"}\n\n{"id": 8, "text": "培训少"}\n')
    assert command("themes", "a.jsonl", "-o", "-", "--why", "-q") == 0
    told = capsysbinary.readouterr()
    lines = [json.loads(line) for line in told.out.splitlines()]
    assert [line["id"] for line in lines] == [7, 8]
    assert lines[0]["themes"] == [{"id": "coverage", "score": 0.25}]
    assert lines[0]["why"] == {"coverage": [{"word": "更新", "weight": 1.5}]}
    assert len(lines[0]["scores"]) == 16
    assert told.err == b""


@pytest.mark.usefixtures("classifier")
def test_bad_lines_are_listed_and_end_with_3(
    command: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.jsonl", '{"text": "更新不及时"}\n{"no": 1}\n')
    assert command("themes", "a.jsonl", "-o", "out.jsonl") == 3
    assert len(Path("out.jsonl").read_text("utf-8").splitlines()) == 1
    assert "line 2: no key text" in capsys.readouterr().err
    assert command("themes", "no-such-file", "-o", "out.jsonl") == 3


@pytest.mark.usefixtures("classifier")
def test_statements_come_from_standard_input_too(
    command: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("更新不及时\n".encode())))
    assert command("themes", "-", "-o", "out.jsonl") == 0
    assert json.loads(Path("out.jsonl").read_text("utf-8"))["text"] == "更新不及时"


def test_a_theme_model_that_is_not_there_ends_with_5(shell: Shell) -> None:
    write("a.txt")
    assert shell("themes", "a.txt", "-o", "out.jsonl", "--model", "no-such-folder") == 5
    assert not Path("out.jsonl").exists()


def test_the_doctor_finds_a_spoiled_model(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell("doctor", "--model", "no-such-folder") == 5
    told = capsys.readouterr().out
    assert "onnxruntime" in told and "E301" in told


def test_the_schema_is_printed(command: Shell, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command("schema") == 0
    assert capfdbinary.readouterr().out == (ROOT / "models/schema.json").read_bytes()


def test_the_version_is_printed(command: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--version") == 0
    assert capsys.readouterr().out == f"nianbao {nianbao.__version__}\n"


@pytest.mark.parametrize("words", ["-h", "parse -h", "schema --help", "doctor -h", "themes -h"])
def test_help_is_in_both_languages(
    command: Shell, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    assert command(*words.split()) == 0
    assert " | " in capsys.readouterr().out


def python(code: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".dev")}
    words = [sys.executable, "-c", code]
    return subprocess.run(words, env=environment, check=True, capture_output=True, text=True).stdout


def test_help_waits_for_no_heavy_import() -> None:
    heavy = {"numpy", "onnxruntime", "pydantic", "lxml", "openpyxl", "rich", "torch"}
    loaded = python("import sys, nianbao.cli; print(*sys.modules)").split()
    assert heavy.isdisjoint(loaded)


def test_importing_the_package_loads_no_model_code() -> None:
    assert "nianbao.inference" not in python("import sys, nianbao; print(*sys.modules)").split()


def test_the_library_is_at_the_root() -> None:
    assert nianbao.parse is pipeline.parse and nianbao.parse_many is pipeline.parse_many
    with pytest.raises(AttributeError):
        _ = nianbao.no_such_name


def test_a_closed_pipe_ends_the_command_without_a_word() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".dev")}
    words = [sys.executable, "-m", "nianbao", "schema"]
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141
