"""What `nianbao annotate import` takes, what it refuses, and what it says of both."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from nianbao.annotations import doccano, gold
from nianbao.annotations.documents import CORRECTION, AnnotatedDocument, id_of
from nianbao.annotations.formats import Exchange
from nianbao.annotations.importing import run
from nianbao.models.errors import NianbaoError
from nianbao.models.labels import Label, Span

TEXT = "一、总体情况\n更新慢"
SECTION, PROBLEM = Span(0, 6, Label.SECTION), Span(7, 10, Label.PROBLEM)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def taken(*names: str, annotator: str | None = None) -> tuple[AnnotatedDocument, ...]:
    """The gold after importing the files. Whether any was refused is in `refused`."""
    run([Path(name) for name in names], Path("gold.jsonl"), None, annotator)
    return gold.read_gold(Path("gold.jsonl"))


def refused() -> list[dict[str, str]]:
    path = Path("gold.jsonl.refused.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def write(name: str, content: object) -> str:
    Path(name).write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return name


def lines(name: str, records: Iterable[object]) -> str:
    return write(name, "".join(json.dumps(record) + "\n" for record in records))


def task(text: str, *labelled: Any, **data: Any) -> dict[str, Any]:
    """A task of Label Studio, the first of its project, with the spans of its only user."""
    annotations = []
    for spans in labelled:
        result = [
            {
                "type": "labels",
                "value": {
                    "start": span.start,
                    "end": span.end,
                    "text": text[span.start : span.end],
                    "labels": [span.label],
                },
            }
            for span in spans
        ]
        annotations.append({"completed_by": 1, "result": result})
    return {"id": 1, "data": {"text": text, **data}, "annotations": annotations}


def test_documents_without_an_id_are_told_apart_by_their_text() -> None:
    conll = write("a.conll", "一\tB-SECTION\n\n二\tO\n\n三\tO\n")
    doccano_ = lines("a.jsonl", ({"text": text, "label": []} for text in "四五六"))
    studio = [write(f"{text}.json", [task(text, ())]) for text in "七八"]
    found = taken(conll, doccano_, *studio, annotator="1")
    assert {one.text for one in found} == set("一二三四五六七八")
    assert {one.id for one in found} == {id_of(one.text) for one in found}


def test_two_people_who_label_the_same_text_elsewhere_label_the_same_report() -> None:
    write("a.conll", "一\tO\n")
    lines("b.jsonl", [{"text": "一", "label": []}])
    first, second = taken("a.conll", annotator="甲") and taken("b.jsonl", annotator="乙")
    assert first.id == second.id and {first.annotator, second.annotator} == {"甲", "乙"}


def test_two_unlike_annotations_of_one_person_are_both_refused() -> None:
    write("a.json", [task(TEXT, [SECTION], []), task("其他", ())])
    assert [one.text for one in taken("a.json")] == ["其他"]
    assert [one["task"] for one in refused()] == [f"id {id_of(TEXT)}"] * 2
    assert "1 labelled it twice" in refused()[0]["reason"]


def test_the_same_annotation_twice_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.json", [task(TEXT, [SECTION], [SECTION])])
    assert len(taken("a.json")) == 1
    assert "1 taken, 0 refused" in capsys.readouterr().err


def test_an_id_that_stands_for_two_texts_is_refused_now_and_later() -> None:
    write("a.json", [task("一", (), id="x"), task("二", (), id="x"), task("三", (), id="y")])
    assert [one.text for one in taken("a.json")] == ["三"]
    assert len(refused()) == 2
    write("b.json", [task("四", (), id="y")])
    assert [one.text for one in taken("b.json")] == ["三"]
    assert "texts that differ" in refused()[0]["reason"]


def test_how_many_were_replaced_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    write("a.json", [task(TEXT, [SECTION]), task("二", ())])
    taken("a.json")
    assert "took the place" not in capsys.readouterr().err
    write("b.json", [task(TEXT, [SECTION, PROBLEM]), task("二", ())])
    assert {len(one.spans) for one in taken("b.json")} == {0, 2}
    assert "1 took the place of what stood there" in capsys.readouterr().err


@pytest.mark.parametrize("order", [("full.jsonl", "corr.jsonl"), ("corr.jsonl", "full.jsonl")])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_correction_displaces_no_full_annotation(
    order: tuple[str, str], at_once: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    full = AnnotatedDocument("a", TEXT, (SECTION, PROBLEM), "甲", chosen="random")
    corrected = AnnotatedDocument("a", TEXT, (SECTION,), "甲", chosen=CORRECTION)
    gold.write([full], Path("full.jsonl"))
    gold.write([corrected], Path("corr.jsonl"))
    found = taken(*order) if at_once else (taken(order[0]), taken(order[1]))[1]
    assert found == (full,)
    if at_once or order[1] == "corr.jsonl":
        assert "1 corrections of what the same person" in capsys.readouterr().err


def test_a_gold_file_with_two_lines_for_one_work_is_not_written_anew() -> None:
    works = [AnnotatedDocument("a", TEXT, spans, "甲") for spans in ((), (SECTION,))]
    gold.write(works, Path("gold.jsonl"))
    write("a.json", [task("二", ())])
    with pytest.raises(NianbaoError, match="E108.*2 lines for a by 甲"):
        taken("a.json")
    assert gold.read_gold(Path("gold.jsonl")) == tuple(works)


def test_the_work_of_one_does_not_come_back_as_that_of_another() -> None:
    doccano.write([AnnotatedDocument("a", TEXT, (), "甲")], Path("a.jsonl"))
    assert taken("a.jsonl", annotator="乙") == ()
    assert "the file names 甲, not 乙" in refused()[0]["reason"]
    assert len(taken("a.jsonl", annotator="甲")) == len(taken("a.jsonl")) == 1


def test_what_nobody_looked_at_is_not_made_gold_by_a_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gold.write([AnnotatedDocument("a", TEXT, (SECTION,))], Path("a.jsonl"))
    predicted = {"data": {"text": TEXT}, "predictions": [{"result": []}]}
    write("a.json", [predicted])
    assert taken("a.jsonl", "a.json", annotator="甲") == ()
    assert "2 that nobody has looked at were left out" in capsys.readouterr().err


def test_who_labelled_without_a_name_is_given_one(capsys: pytest.CaptureFixture[str]) -> None:
    one = task(TEXT, [SECTION])
    del one["annotations"][0]["completed_by"]
    write("a.json", [one])
    assert taken("a.json") == ()
    assert "1 without an annotator were left out" in capsys.readouterr().err
    assert [each.annotator for each in taken("a.json", annotator="甲")] == ["甲"]


def test_how_many_were_skipped_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    lines("a.jsonl", ({"text": "一", "spans": [], "answer": one} for one in ("accept", "reject")))
    assert len(taken("a.jsonl", annotator="甲")) == 1
    assert "1 that the annotator skipped were left out" in capsys.readouterr().err


def test_a_file_whose_name_is_no_text_can_be_refused() -> None:
    name = os.fsdecode(b"bad\xff.jsonl")
    lines(name, [{"text": "一", "label": [[0, 9, "ROW"]]}])
    assert taken(name, annotator="甲") == ()
    assert refused()[0]["file"] == "bad\\udcff.jsonl"


def test_a_folder_in_the_way_of_the_list_is_told_and_nothing_is_written() -> None:
    Path("gold.jsonl.refused.jsonl").mkdir()
    write("a.json", [task("一", ())])
    with pytest.raises(NianbaoError, match="E401"):
        run([Path("a.json")], Path("gold.jsonl"), Exchange.LABEL_STUDIO, None)
    assert not Path("gold.jsonl").exists()
