"""The command: exit codes, what goes where, and no traceback for any input."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

import nianbao
from nianbao.cli import main
from nianbao.inference import pipeline, tagger, themes
from nianbao.inference.read import MAX_BYTES, read
from nianbao.models.report import (
    Finding,
    Item,
    Meta,
    ModelInfo,
    Narrative,
    Report,
    Severity,
    Source,
)

ROOT = Path(__file__).parents[1]


class Command(Protocol):
    def __call__(self, *words: str | Path) -> int: ...


def report_of(path: str, text: str) -> Report:
    severities: tuple[Severity, ...] = ("error", "warning", "info")
    return Report(
        status="ok",
        source=Source(path=path, sha256="0" * 64, format="txt", encoding="utf-8", text=text),
        meta=Meta(title="青山县2022年政府信息公开工作年度报告", issuer="青山县", year=2022),
        sections=(),
        tables=(),
        cells=(),
        items=(),
        narrative=Narrative(),
        claims=(),
        checks=(),
        findings=tuple(
            Finding(code="no_year", severity=severity, message="没有报告年度")
            for severity in severities
            if severity in text
        ),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )


def fake_parse(path: str | Path, *, tagger: None = None, max_bytes: int = MAX_BYTES) -> Report:
    """Reads the file as the real one does; its words say what shall happen."""
    text = read(path, max_bytes=max_bytes).text
    if "BUG" in text:
        raise KeyError("t3.new\x1b[2J")
    if "STOP" in text:
        raise KeyboardInterrupt
    return report_of(str(path), text)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """Run `nianbao` in an empty folder; its exit status."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["nianbao", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return end.value.code

    return run


@pytest.fixture
def command(shell: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The same with a pipeline that needs no model."""
    monkeypatch.setattr(tagger, "load_tagger", lambda *_: None)
    monkeypatch.setattr(pipeline, "parse", fake_parse)
    return shell


def failures(out: Path) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in (out / "failed.jsonl").read_text("utf-8").splitlines()]


def write(name: str, text: str = "报告") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_all_parsed_ends_with_0(command: Command) -> None:
    write("in/b.txt")
    write("in/a/c.html")
    assert command("parse", "in", "-o", "out") == 0
    assert {path.name for path in Path("out").glob("*.json")} == {"b.json", "c.json"}
    assert failures(Path("out")) == []
    assert Path("out/nianbao.xlsx").is_file() and Path("out/reports.csv").is_file()


def test_one_bad_file_stops_no_other_and_ends_with_3(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("in/a.pdf", "%PDF-1.7\n")
    write("in/b.txt")
    assert command("parse", "in", "no-such-file", "-o", "out") == 3
    assert [(line["path"], line["code"]) for line in failures(Path("out"))] == [
        ("in/a.pdf", "E113"),
        ("no-such-file", "E101"),
    ]
    assert Path("out/b.json").is_file()
    told = capsys.readouterr()
    assert told.out == ""
    assert "in/a.pdf: E113 暂不支持 PDF" in told.err


def test_a_single_input_that_fails_ends_with_3(command: Command) -> None:
    assert command("parse", "no-such-file", "-o", "out") == 3
    assert failures(Path("out"))[0]["sha256"] is None


def test_a_mistake_of_ours_is_booked_and_the_others_go_on(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("in/a.txt", "BUG")
    write("in/b.txt")
    assert command("parse", "in", "-o", "out") == 1
    [line] = failures(Path("out"))
    assert line["code"] == "E901" and line["sha256"] is not None
    assert Path("out/b.json").is_file()
    told = capsys.readouterr().err
    assert "Traceback" not in told and "\x1b" not in told


def test_the_traceback_is_there_for_who_asks(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.txt", "BUG")
    assert command("parse", "a.txt", "-o", "out", "-v") == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupted_run_ends_with_130_and_keeps_its_results(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("in/a.txt")
    write("in/b.txt", "STOP")
    assert command("parse", "in", "-o", "out") == 130
    assert Path("out/a.json").is_file() and Path("out/nianbao.xlsx").is_file()
    assert len(Path("out/reports.csv").read_text("utf-8-sig").splitlines()) == 2
    assert "已中断" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("level", "text", "status"),
    [
        ("error", "error", 4),
        ("error", "warning", 0),
        ("warning", "warning", 4),
        ("warning", "error", 4),
        ("warning", "info", 0),
    ],
)
def test_fail_on_ends_with_4_where_such_findings_exist(
    command: Command, level: str, text: str, status: int
) -> None:
    write("a.txt", text)
    assert command("parse", "a.txt", "-o", "out", "--fail-on", level) == status
    assert command("parse", "a.txt", "-o", "out") == 0


def test_standard_output_carries_json_lines_and_nothing_else(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("in/a.txt")
    write("in/b.txt")
    assert command("parse", "in", "-o", "-") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [Report.model_validate_json(line).source.path for line in lines] == [
        "in/a.txt",
        "in/b.txt",
    ]
    assert not Path("-").exists()


def test_standard_input_is_read_for_a_dash(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" \n")))
    assert command("parse", "-", "-o", "out") == 3
    [line] = failures(Path("out"))
    assert (line["path"], line["code"]) == ("-", "E102")


def test_limit_stops_after_so_many_inputs(command: Command) -> None:
    for name in "abc":
        write(f"in/{name}.txt")
    assert command("parse", "in", "-o", "out", "--limit", "2", "--to", "json") == 0
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "a.json",
        "b.json",
        "failed.jsonl",
    ]


def test_summary_prints_what_was_found(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.txt", "error")
    assert command("parse", "a.txt", "-o", "out", "--summary") == 0
    told = capsys.readouterr().out
    assert "青山县2022年政府信息公开工作年度报告" in told and "没有报告年度" in told


def test_quiet_says_nothing_of_a_good_run(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.txt")
    assert command("parse", "a.txt", "-o", "out", "-q") == 0
    assert capsys.readouterr() == ("", "")


def test_a_file_over_the_limit_is_refused(command: Command) -> None:
    write("a.txt", "报告" * 100)
    assert command("parse", "a.txt", "-o", "out", "--max-bytes", "100") == 3
    assert failures(Path("out"))[0]["code"] == "E106"


def test_a_folder_without_reports_is_said_to_be_so(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in").mkdir()
    assert command("parse", "in", "-o", "out") == 0
    assert "没有找到可解析的文件" in capsys.readouterr().err


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
def test_wrong_usage_ends_with_2_before_any_work(command: Command, words: str) -> None:
    write("a.txt")
    write("reports.csv")
    assert command(*words.split()) == 2
    assert {path.name for path in Path().iterdir()} == {"a.txt", "reports.csv"}


def test_items_are_compared_with_an_earlier_year(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    repeated = Item(
        role="problem", text="更新不及时", start=0, end=5, generic=False, confidence=1.0
    )

    def parse_year(path: str | Path, *, tagger: None = None, max_bytes: int = 0) -> Report:
        report = report_of(str(path), "")
        meta = Meta(issuer="青山县", year=int(Path(path).stem))
        return report.model_copy(update={"meta": meta, "items": (repeated,)})

    monkeypatch.setattr(pipeline, "parse", parse_year)
    assert command("parse", write("2021.txt"), "-o", "old", "-q") == 0
    assert command("parse", write("2022.txt"), "-o", "out", "--previous", "old") == 0
    [item] = json.loads(Path("out/2022.json").read_text("utf-8"))["items"]
    assert item["repeated"] == {"text": "更新不及时", "score": 1.0}
    assert "可比对的往年报告 1 份" in capsys.readouterr().err


def test_an_earlier_year_that_is_no_report_ends_with_2(command: Command) -> None:
    write("old.json", "{}")
    assert command("parse", write("a.txt"), "-o", "out", "--previous", "old.json") == 2
    assert not Path("out").exists()


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
    command: Command, capsysbinary: pytest.CaptureFixture[bytes]
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
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.jsonl", '{"text": "更新不及时"}\n{"no": 1}\n')
    assert command("themes", "a.jsonl", "-o", "out.jsonl") == 3
    assert len(Path("out.jsonl").read_text("utf-8").splitlines()) == 1
    assert "line 2: no key text" in capsys.readouterr().err
    assert command("themes", "no-such-file", "-o", "out.jsonl") == 3


@pytest.mark.usefixtures("classifier")
def test_statements_come_from_standard_input_too(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("更新不及时\n".encode())))
    assert command("themes", "-", "-o", "out.jsonl") == 0
    assert json.loads(Path("out.jsonl").read_text("utf-8"))["text"] == "更新不及时"


def test_a_theme_model_that_is_not_there_ends_with_5(shell: Command) -> None:
    write("a.txt")
    assert shell("themes", "a.txt", "-o", "out.jsonl", "--model", "no-such-folder") == 5
    assert not Path("out.jsonl").exists()


def test_a_model_that_is_not_there_ends_with_5(
    shell: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.txt")
    assert shell("parse", "a.txt", "-o", "out", "--model", "no-such-folder") == 5
    assert "E301" in capsys.readouterr().err
    assert not Path("out").exists()


def test_the_doctor_finds_a_spoiled_model(
    shell: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shell("doctor", "--model", "no-such-folder") == 5
    told = capsys.readouterr().out
    assert "onnxruntime" in told and "E301" in told


def test_the_schema_is_printed(command: Command, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert command("schema") == 0
    assert capfdbinary.readouterr().out == (ROOT / "models/schema.json").read_bytes()


def test_the_version_is_printed(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("--version") == 0
    assert capsys.readouterr().out == f"nianbao {nianbao.__version__}\n"


@pytest.mark.parametrize("words", ["-h", "parse -h", "schema --help", "doctor -h", "themes -h"])
def test_help_is_in_both_languages(
    command: Command, capsys: pytest.CaptureFixture[str], words: str
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
