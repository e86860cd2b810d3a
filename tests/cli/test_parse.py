"""`nianbao parse`: exit codes, what goes where, and no traceback for any input."""

import io
import json
import sys
from pathlib import Path

import pytest

from nianbao.inference import pipeline
from nianbao.models.report import Item, Meta, Report
from tests.cli.conftest import failures, report_of, write
from tests.conftest import Shell


def test_all_parsed_ends_with_0(command: Shell) -> None:
    write("in/b.txt")
    write("in/a/c.html")
    assert command("parse", "in", "-o", "out") == 0
    assert {path.name for path in Path("out").glob("*.json")} == {"b.json", "c.json"}
    assert failures(Path("out")) == []
    assert Path("out/nianbao.xlsx").is_file() and Path("out/reports.csv").is_file()


def test_one_bad_file_stops_no_other_and_ends_with_3(
    command: Shell, capsys: pytest.CaptureFixture[str]
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


def test_a_single_input_that_fails_ends_with_3(command: Shell) -> None:
    assert command("parse", "no-such-file", "-o", "out") == 3
    assert failures(Path("out"))[0]["sha256"] is None


def test_a_mistake_of_ours_is_booked_and_the_others_go_on(
    command: Shell, capsys: pytest.CaptureFixture[str]
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
    command: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.txt", "BUG")
    assert command("parse", "a.txt", "-o", "out", "-v") == 1
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupted_run_ends_with_130_and_keeps_its_results(
    command: Shell, capsys: pytest.CaptureFixture[str]
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
    command: Shell, level: str, text: str, status: int
) -> None:
    write("a.txt", text)
    assert command("parse", "a.txt", "-o", "out", "--fail-on", level) == status
    assert command("parse", "a.txt", "-o", "out") == 0


def test_standard_output_carries_json_lines_and_nothing_else(
    command: Shell, capsys: pytest.CaptureFixture[str]
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


def test_standard_input_is_read_for_a_dash(command: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b" \n")))
    assert command("parse", "-", "-o", "out") == 3
    [line] = failures(Path("out"))
    assert (line["path"], line["code"]) == ("-", "E102")


def test_limit_stops_after_so_many_inputs(command: Shell) -> None:
    for name in "abc":
        write(f"in/{name}.txt")
    assert command("parse", "in", "-o", "out", "--limit", "2", "--to", "json") == 0
    assert sorted(path.name for path in Path("out").iterdir()) == [
        "a.json",
        "b.json",
        "failed.jsonl",
    ]


def test_summary_prints_what_was_found(command: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    write("a.txt", "error")
    assert command("parse", "a.txt", "-o", "out", "--summary") == 0
    told = capsys.readouterr().out
    assert "青山县2022年政府信息公开工作年度报告" in told and "没有报告年度" in told


def test_quiet_says_nothing_of_a_good_run(
    command: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.txt")
    assert command("parse", "a.txt", "-o", "out", "-q") == 0
    assert capsys.readouterr() == ("", "")


def test_a_file_over_the_limit_is_refused(command: Shell) -> None:
    write("a.txt", "报告" * 100)
    assert command("parse", "a.txt", "-o", "out", "--max-bytes", "100") == 3
    assert failures(Path("out"))[0]["code"] == "E106"


def test_a_folder_without_reports_is_said_to_be_so(
    command: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in").mkdir()
    assert command("parse", "in", "-o", "out") == 0
    assert "没有找到可解析的文件" in capsys.readouterr().err


def test_items_are_compared_with_an_earlier_year(
    command: Shell, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
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


def test_an_earlier_year_that_is_no_report_ends_with_2(command: Shell) -> None:
    write("old.json", "{}")
    assert command("parse", write("a.txt"), "-o", "out", "--previous", "old.json") == 2
    assert not Path("out").exists()


def test_a_model_that_is_not_there_ends_with_5(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.txt")
    assert shell("parse", "a.txt", "-o", "out", "--model", "no-such-folder") == 5
    assert "E301" in capsys.readouterr().err
    assert not Path("out").exists()
