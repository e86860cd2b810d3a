"""`nianbao annotate`: reports out, labels in, agreement, statistics."""

import json
import shutil
import socket
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from nianbao.annotations.gold import read_gold
from nianbao.models.labels import Label
from tests.conftest import Shell

ROOT = Path(__file__).parents[2]


@pytest.fixture
def annotate(shell: Shell) -> Shell:
    """`nianbao annotate`, beside the examples."""
    shutil.copytree(ROOT / "examples", "in", ignore=shutil.ignore_patterns("README*"))
    return partial(shell, "annotate")


def tasks(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Path(path).read_text(encoding="utf-8"))
    return found


def annotated(task: dict[str, Any], who: int) -> dict[str, Any]:
    """As Label Studio exports a task whose prediction somebody accepted."""
    [prediction] = task["predictions"]
    annotation = {"id": 1, "completed_by": who, "was_cancelled": False}
    return {
        "id": 9,
        "data": task["data"],
        "predictions": [4],
        "annotations": [annotation | {"result": prediction["result"]}],
    }


def accept(path: str, done: str, who: int) -> None:
    """Write the export of a project in which somebody accepted every prediction."""
    Path(done).write_text(json.dumps([annotated(one, who) for one in tasks(path)]), "utf-8")


def test_reports_go_out_pre_annotated_and_come_back_as_gold(annotate: Shell) -> None:
    assert annotate("export", "in", "-o", "tasks.json", "--themes") == 0
    found = tasks("tasks.json")
    assert len(found) == 3
    for task in found:
        [prediction] = task["predictions"]
        scores = [one["score"] for one in prediction["result"] if one["type"] == "labels"]
        assert prediction["score"] == min(scores)
    Path("export.json").write_text(json.dumps([annotated(one, 7) for one in found]), "utf-8")
    assert annotate("import", "export.json", "-o", "gold.jsonl") == 0
    gold = read_gold(Path("gold.jsonl"))
    assert {one.annotator for one in gold} == {"7"}
    assert {span.score for one in gold for span in one.spans} == {1.0}
    assert any(span.label is Label.VALUE for one in gold for span in one.spans)
    assert any(one.themes for one in gold)


def test_the_queue_chooses_the_same_every_time_and_leaves_out_what_is_known(
    annotate: Shell,
) -> None:
    for name in ("a.json", "b.json"):
        assert annotate("export", "in", "-o", name, "-n", "2", "--seed", "3") == 0
    assert Path("a.json").read_bytes() == Path("b.json").read_bytes()
    assert [task["data"]["chosen"] for task in tasks("a.json")] == ["random", "confidence"]
    accept("a.json", "done.json", 7)
    assert annotate("import", "done.json", "-o", "gold.jsonl", "-q") == 0
    assert annotate("export", "in", "-o", "c.json", "-n", "2", "--known", "gold.jsonl") == 0
    [left] = tasks("c.json")
    assert left["data"]["id"] not in {task["data"]["id"] for task in tasks("a.json")}


def test_what_nobody_annotated_is_no_gold(
    annotate: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert annotate("export", "in", "-o", "tasks.json") == 0
    assert annotate("import", "tasks.json", "-o", "gold.jsonl", "--annotator", "甲") == 0
    assert "3 that nobody has looked at were left out" in capsys.readouterr().err
    assert Path("gold.jsonl").read_bytes() == b""


def test_what_does_not_fit_is_listed_and_the_rest_taken(
    annotate: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    assert annotate("export", "in", "-o", "tasks.json") == 0
    found = [annotated(one, 7) for one in tasks("tasks.json")]
    for result in found[1]["annotations"][0]["result"]:
        result["value"]["start"] += 1
        result["value"]["end"] += 1
    Path("export.json").write_text(json.dumps(found), encoding="utf-8")
    assert annotate("import", "export.json", "-o", "gold.jsonl") == 3
    assert len(read_gold(Path("gold.jsonl"))) == 2
    lines = Path("gold.jsonl.refused.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    assert (first["file"], first["task"]) == ("export.json", "task 9")
    told = capsys.readouterr().err
    assert f"export.json, task 9, {first['place']}: 原文此处是" in told
    assert "2 taken, 1 refused" in told
    found[1] = annotated(tasks("tasks.json")[1], 7)
    Path("export.json").write_text(json.dumps(found), encoding="utf-8")
    assert annotate("import", "export.json", "-o", "gold.jsonl") == 0
    assert len(read_gold(Path("gold.jsonl"))) == 3
    assert not Path("gold.jsonl.refused.jsonl").exists()


def test_gold_is_converted_as_it_is(annotate: Shell) -> None:
    assert annotate("export", "in", "-o", "tasks.json", "--themes") == 0
    accept("tasks.json", "done.json", 7)
    assert annotate("import", "done.json", "-o", "gold.jsonl") == 0
    assert len(read_gold(Path("gold.jsonl"))) == 3
    for name, to in (("a.conll", "conll"), ("b.jsonl", "doccano"), ("c.jsonl", "tokens"),
                     ("d.spacy", "docbin"), ("e.json", "label-studio")):  # fmt: skip
        assert annotate("export", "gold.jsonl", "-o", name, "--to", to) == 0
        assert annotate("import", name, "-o", f"{name}.gold") == 0
        assert Path(f"{name}.gold").read_bytes() == Path("gold.jsonl").read_bytes()


def test_two_annotators_are_compared(annotate: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert annotate("export", "in", "-o", "tasks.json") == 0
    task = tasks("tasks.json")[0]
    first, second = annotated(task, 1), annotated(json.loads(json.dumps(task)), 2)
    gone = second["annotations"][0]["result"].pop(0)
    Path("export.json").write_text(json.dumps([first, second]), encoding="utf-8")
    assert annotate("import", "export.json", "-o", "gold.jsonl") == 0
    capsys.readouterr()
    assert annotate("agreement", "gold.jsonl", "-o", "differences.jsonl") == 0
    told = capsys.readouterr().out.splitlines()
    assert "分歧 differences\t1" in told
    assert any(line.startswith("VALUE\t数值\t1.000\t1.000\t1.000") for line in told)
    [line] = Path("differences.jsonl").read_text(encoding="utf-8").splitlines()
    difference = json.loads(line)
    assert (difference["start"], difference["annotators"]) == (gone["value"]["start"], ["1", "2"])
    assert difference["second"] == []
    assert annotate("stats", "gold.jsonl") == 0
    told = capsys.readouterr().out.splitlines()
    assert "报告 reports\t1" in told and "标注者 annotator 1\t1" in told


def labelled(who: str | None, label: str, *, id_: str = "a", chosen: str = "") -> dict[str, Any]:
    """A line of gold: one person's one span."""
    span = {"start": 0, "end": 2, "label": label, "text": "规章"}
    return {"id": id_, "annotator": who, "chosen": chosen, "text": "规章0", "spans": [span]}


def write_gold(name: str, *lines: dict[str, Any]) -> None:
    Path(name).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")


def test_who_settled_and_what_nobody_labelled_do_not_count_as_the_two(
    annotate: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    write_gold(
        "gold.jsonl",
        labelled("甲", "ROW"),
        labelled("乙", "VALUE"),
        labelled("裁定", "ROW"),
        labelled(None, "ROW"),
        labelled("丙", "ROW", chosen="correction"),
    )
    assert annotate("agreement", "gold.jsonl", "--annotator", "甲", "--annotator", "乙") == 0
    told = capsys.readouterr()
    assert "对数 pairs\t1" in told.out and "片段 spans F1\t0.000" in told.out
    assert "2 that nobody labelled in full" in told.err
    assert annotate("agreement", "gold.jsonl") == 0
    told = capsys.readouterr()
    assert "对数 pairs\t3" in told.out
    assert "乙、甲\t1\t0.000\t0.250" in told.out and "甲、裁定\t1\t1.000\t1.000" in told.out
    assert annotate("stats", "gold.jsonl") == 0
    assert "by two or more\t1" in capsys.readouterr().out


def test_two_files_with_one_name_are_not_mixed_up(
    annotate: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    write_gold("first.jsonl", labelled("1", "ROW"))
    write_gold("second.jsonl", labelled("1", "VALUE"))
    assert annotate("agreement", "first.jsonl", "second.jsonl") == 3
    told = capsys.readouterr()
    assert "labelled by 1 more than once" in told.err and "nothing to compare" in told.err
    assert "对数 pairs\t0" in told.out
    assert annotate("stats", "first.jsonl", "second.jsonl") == 0
    assert "by two or more\t0" in capsys.readouterr().out


@pytest.mark.parametrize("lines", [[], [labelled("甲", "ROW"), labelled(None, "ROW")]])
def test_nothing_to_compare_is_no_success(
    annotate: Shell, capsys: pytest.CaptureFixture[str], lines: list[dict[str, Any]]
) -> None:
    write_gold("gold.jsonl", *lines)
    assert annotate("agreement", "gold.jsonl") == 3
    assert "nothing to compare" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        "agreement gold.jsonl -o gold.jsonl",
        "agreement gold.jsonl -o ./gold.jsonl --annotator 甲 --annotator 乙",
        "export gold.jsonl -o gold.jsonl",
        "export in -o gold.jsonl --known gold.jsonl",
        "export in -o gold.jsonl --corrections gold.jsonl",
        "export in -o in/01-county-bureau.txt",
        "import gold.jsonl -o gold.jsonl",
        "agreement gold.jsonl -o no/such/differences.jsonl",
        "agreement gold.jsonl -o out.jsonl --annotator 甲",
        "agreement gold.jsonl -o out.jsonl --annotator 甲 --annotator 甲",
        "export gold.jsonl -o out.jsonl -n 2",
        "export gold.jsonl in -o out.jsonl -n 2",
        "export gold.jsonl -o out.jsonl --known gold.jsonl",
        "export gold.jsonl -o out.jsonl --corrections corrections.jsonl",
        "export in -o out.jsonl --corrections corrections.jsonl -n 2",
    ],
)
def test_no_input_is_overwritten_and_no_option_passed_over(annotate: Shell, words: str) -> None:
    write_gold("gold.jsonl", labelled("甲", "ROW"), labelled("乙", "ROW"))
    Path("corrections.jsonl").touch()

    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    before = contents()
    assert annotate(*words.split()) == 2
    assert contents() == before


def test_texts_that_differ_are_not_compared(
    annotate: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [
        {"id": "a", "annotator": who, "text": text, "spans": []}
        for who, text in (("甲", "规章"), ("乙", "规则"))
    ]
    Path("gold.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert annotate("agreement", "gold.jsonl") == 3
    assert "not compared" in capsys.readouterr().err


def test_an_input_that_cannot_be_parsed_stops_no_other(
    annotate: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("in/menu.txt").write_text("今天下雨。", encoding="utf-8")
    assert annotate("export", "in", "-o", "tasks.json") == 3
    assert len(tasks("tasks.json")) == 3
    assert "menu.txt: E201" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    ["export in -o no/such/tasks.json", "import in.json -o gold.jsonl", "stats no.jsonl",
     "export in -o a.json --to xml", "export in -o a.json -n 0", "import bad.json -o gold.jsonl",
     "import bad.jsonl -o bad.jsonl", "agreement bad.jsonl", "export bad.jsonl -o a.json",
     "import in/README.md -o gold.jsonl --annotator \u3000",
     "import in/README.md -o gold.jsonl --annotator \udcff"],
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_writes_nothing(annotate: Shell, words: str) -> None:
    for name in ("bad.json", "bad.jsonl"):
        Path(name).write_text("{", encoding="utf-8")
    assert annotate(*words.split(" ")) == 2
    assert not Path("gold.jsonl").exists() and not Path("a.json").exists()


def test_corrected_values_become_labels(
    shell: Shell, annotate: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (
        "parse in -o out -q",
        "correct out/01-county-bureau.json t3.new.total 977 --why 印错",
        "correct out/02-city-office.json t3.new.total VALUE --why 核对 --by 甲",
    ):
        report = (
            json.loads(Path("out/02-city-office.json").read_bytes()) if "VALUE" in words else {}
        )
        value = [c["value"] for c in report.get("cells", ()) if c["path"] == "t3.new.total"]
        words = words.replace("VALUE", str(value[0] if value else ""))
        shell(*words.split())
    layer = ("--corrections", "out/corrections.jsonl")
    assert annotate("export", "in", "-o", "gold.jsonl", "--to", "gold", *layer) == 0
    by = {one.source: one for one in read_gold(Path("gold.jsonl"))}
    assert set(by) == {"in/01-county-bureau.txt", "in/02-city-office.html"}
    assert by["in/02-city-office.html"].annotator == "甲"
    assert by["in/01-county-bureau.txt"].annotator is None
    assert {one.chosen for one in by.values()} == {"correction"}
    assert "where 977 stands is not sure" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(annotate: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert annotate("serve", "--port", str(taken.getsockname()[1])) == 2
    assert "E408" in capsys.readouterr().err
