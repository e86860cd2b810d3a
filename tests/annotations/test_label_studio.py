"""What Label Studio exports: read as it is, or refused with its place."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nianbao.annotations import label_studio
from nianbao.annotations.checks import Outcome, Refusal, Skipped
from nianbao.annotations.documents import AnnotatedDocument, ItemThemes, id_of
from nianbao.models.labels import Label, Span

TEXT = "一、总体情况\n规章\t0\n更新慢"
SPANS = (Span(0, 6, Label.SECTION), Span(12, 15, Label.PROBLEM))
DOCUMENT = AnnotatedDocument("a1", TEXT, SPANS, "甲", themes=(ItemThemes(12, 15, ("platform",)),))


def refused(outcomes: Sequence[Outcome]) -> list[Refusal]:
    return [one for one in outcomes if isinstance(one, Refusal)]


def read_label_studio(tmp_path: Path, *tasks: Any) -> list[Outcome]:
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return list(label_studio.read(path))


def exported(whole: str = TEXT, **value: Any) -> dict[str, Any]:
    """A task as Label Studio 1.23 exports it, with one region."""
    place = {"start": 0, "end": 6, "text": "一、总体情况", "labels": ["SECTION"]} | value
    region = {"id": "Ab1", "from_name": "label", "to_name": "text", "type": "labels",
              "origin": "manual", "value": place}  # fmt: skip
    annotation = {"id": 7, "completed_by": 1, "was_cancelled": False, "result": [region]}
    data = {"text": whole, "id": "a1", "sha256": ""}
    return {"id": 3, "data": data, "predictions": [9], "annotations": [annotation], "project": 1}


def test_an_export_of_label_studio_is_read(tmp_path: Path) -> None:
    [document] = read_label_studio(tmp_path, exported())
    assert document == AnnotatedDocument("a1", TEXT, (Span(0, 6, Label.SECTION),), "1")


def test_a_recorded_export_of_label_studio_is_what_was_sent_there() -> None:
    """A text with signs beyond U+FFFF, tabs and a full-width blank; 1.23.2, themes.xml."""
    [document] = label_studio.read(Path(__file__).parent / "recorded/export.json")
    assert isinstance(document, AnnotatedDocument) and document.annotator == "1"
    wordings = [(span.label, document.wording(span)) for span in document.spans]
    assert (Label.TITLE, "青禾县𠮷镇2023年政府信息公开工作年度报告") in wordings
    assert [words for label, words in wordings if label is Label.VALUE] == ["0", "0", "0"]
    assert "\n\u3000本年😀" in document.text and "规章\t0" in document.text
    assert [(document.wording(item), item.themes) for item in document.themes] == [
        ("更新不及时", ("timeliness",)),
        ("人手不足", ("capacity",)),
    ]


def test_label_names_may_be_chinese(tmp_path: Path) -> None:
    [document] = read_label_studio(tmp_path, exported(labels=["部分标题"]))
    assert isinstance(document, AnnotatedDocument)
    assert document.spans == (Span(0, 6, Label.SECTION),)


def test_a_line_break_in_a_wording_may_be_written_as_label_studio_does(tmp_path: Path) -> None:
    wrong = exported(start=7, end=14, text="规章\t0\\n更新")
    [document] = read_label_studio(tmp_path, wrong)
    assert isinstance(document, AnnotatedDocument)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"start": 1, "end": 7}, "stands here, not"),
        ({"end": 99}, "out of range"),
        ({"start": 6}, "out of range or empty"),
        ({"start": "0"}, "no integers"),
        ({"start": True}, "no integers"),
        ({"labels": ["HEADING"]}, "no such label: HEADING"),
        ({"labels": ["ROW", "GROUP"]}, "not exactly one label"),
        ({"labels": None}, "not exactly one label"),
        ({"text": None}, "no wording to check against"),
    ],
)
def test_a_region_that_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, value: dict[str, Any], words: str
) -> None:
    good = exported()
    [refusal, document] = read_label_studio(tmp_path, exported(**value), good)
    assert isinstance(refusal, Refusal) and isinstance(document, AnnotatedDocument)
    assert words in refusal.reason and " | " in refusal.reason
    assert refusal.words.startswith(f"{tmp_path / 'export.json'}, task 3, ")


def test_crlf_that_became_lf_on_the_way_is_found(tmp_path: Path) -> None:
    crlf = TEXT.replace("\n", "\r\n")
    counted_without = exported(crlf, start=7, end=9, text="规章", labels=["ROW"])
    [refusal] = read_label_studio(tmp_path, counted_without)
    assert isinstance(refusal, Refusal) and refusal.place == "7-9"
    assert "'\\n规'" in refusal.reason
    fitting = exported(crlf, start=8, end=10, text="规章", labels=["ROW"])
    [document] = read_label_studio(tmp_path, fitting)
    assert isinstance(document, AnnotatedDocument) and document.text == crlf


def test_offsets_in_utf16_units_are_found(tmp_path: Path) -> None:
    text = "𠮷县" + TEXT
    assert refused(read_label_studio(tmp_path, exported(text, start=3, end=9)))
    assert not refused(read_label_studio(tmp_path, exported(text, start=2, end=8)))


def test_overlaps_are_refused(tmp_path: Path) -> None:
    task = exported()
    region = task["annotations"][0]["result"][0]
    inner = {**region["value"], "start": 2, "end": 6, "text": "总体情况"}
    task["annotations"][0]["result"].append({**region, "id": "x", "value": inner})
    [refusal] = read_label_studio(tmp_path, task)
    assert isinstance(refusal, Refusal)
    assert refusal.place == "2-6" and "overlaps '一、总体情况' at 0-6" in refusal.reason


def test_everything_wrong_with_a_task_is_told(tmp_path: Path) -> None:
    task = exported(end=99)
    region = task["annotations"][0]["result"][0]
    other = {**region, "id": "x", "value": {**region["value"], "labels": ["X"], "end": 6}}
    task["annotations"][0]["result"].append(other)
    assert [one.place for one in refused(read_label_studio(tmp_path, task))] == ["0-99", "0-6"]


def test_each_annotator_gives_a_document_and_cancelled_work_gives_none(tmp_path: Path) -> None:
    task = exported()
    [annotation] = task["annotations"]
    second = {**annotation, "completed_by": {"id": 2, "email": "b@example.org"}}
    task["annotations"] = [annotation, second, {**annotation, "was_cancelled": True}]
    found = read_label_studio(tmp_path, task)
    assert [one.annotator for one in found if isinstance(one, AnnotatedDocument)] == [
        "1",
        "b@example.org",
    ]
    assert found[2:] == [Skipped()]


def test_predictions_that_came_back_are_no_gold(tmp_path: Path) -> None:
    assert read_label_studio(tmp_path, exported() | {"annotations": []}) == []


@pytest.mark.parametrize("nothing", [{"annotations": None}, {"annotations": []}, {}])
def test_a_task_that_nobody_touched_gives_nothing(tmp_path: Path, nothing: dict[str, Any]) -> None:
    task = {"data": {"text": TEXT}, "predictions": None}
    assert read_label_studio(tmp_path, task | nothing) == []


@pytest.mark.parametrize(("id_", "found"), [("a1", "a1"), (5, "5"), (None, id_of(TEXT))])
def test_a_report_has_the_id_of_its_data_or_of_its_text_but_not_the_number_of_a_task(
    tmp_path: Path, id_: object, found: str
) -> None:
    task = exported()
    task["data"]["id"] = id_
    [document] = read_label_studio(tmp_path, task)
    assert isinstance(document, AnnotatedDocument) and document.id == found


def test_regions_need_no_id_but_no_two_have_the_same(tmp_path: Path) -> None:
    task = exported()
    [region] = task["annotations"][0]["result"]
    value = {"start": 7, "end": 9, "text": "规章", "labels": ["ROW"]}
    task["annotations"][0]["result"].append({**region, "value": value})
    [refusal] = read_label_studio(tmp_path, task)
    assert isinstance(refusal, Refusal) and "two regions of one id" in refusal.reason
    for one in task["annotations"][0]["result"]:
        del one["id"]
    [document] = read_label_studio(tmp_path, task)
    assert isinstance(document, AnnotatedDocument) and len(document.spans) == 2


@pytest.mark.parametrize(
    "other", [{"type": "hypertextlabels"}, {"type": "brushlabels"}, {"to_name": "title"}]
)
def test_regions_of_another_kind_or_of_another_text_are_refused(
    tmp_path: Path, other: dict[str, str]
) -> None:
    task = exported()
    task["annotations"][0]["result"][0].update(other)
    [refusal] = read_label_studio(tmp_path, task)
    assert isinstance(refusal, Refusal) and "no labels of `text`" in refusal.reason
    assert refusal.place == "0-6"


def test_a_projects_own_questions_about_the_whole_report_are_passed_over(tmp_path: Path) -> None:
    task = exported()
    task["annotations"][0]["result"] += [
        {"id": "q", "from_name": "quality", "type": "choices", "value": {"choices": ["好"]}},
        {"id": "w", "from_name": "why", "type": "textarea", "value": {"text": ["清楚"]}},
        {"from_id": "Ab1", "to_id": "Ab1", "type": "relation", "direction": "right"},
    ]
    [document] = read_label_studio(tmp_path, task)
    assert isinstance(document, AnnotatedDocument) and len(document.spans) == 1


def test_who_labelled_without_a_name_is_still_somebody(tmp_path: Path) -> None:
    task = exported()
    del task["annotations"][0]["completed_by"]
    [document] = read_label_studio(tmp_path, task)
    assert isinstance(document, AnnotatedDocument) and document.annotator == ""


@pytest.mark.parametrize("score", ["NaN", "Infinity"])
def test_a_score_that_is_no_number_is_refused(tmp_path: Path, score: str) -> None:
    task = exported()
    task["annotations"][0]["result"][0]["score"] = float(score)
    [refusal] = read_label_studio(tmp_path, task)
    assert isinstance(refusal, Refusal) and refusal.place == "score"


def test_half_a_surrogate_pair_in_a_task_is_told_and_stops_no_other(tmp_path: Path) -> None:
    named, called = exported(labels=["\ud83d"]), exported()
    named["id"] = "\ud83d"
    called["annotations"][0]["completed_by"] = {"id": 1, "email": "\ud83d"}
    *refusals, document = read_label_studio(tmp_path, named, called, exported())
    assert [one.place for one in refused(refusals)] == ["0-6", "annotator"]
    assert isinstance(document, AnnotatedDocument)
    for refusal in refused(refusals):
        refusal.words.encode()


def test_what_was_shown_must_be_the_text(tmp_path: Path) -> None:
    task = label_studio.task_of(DOCUMENT)
    task["data"]["shown"] = task["data"]["shown"].replace("⇥", " ")
    [refusal] = read_label_studio(tmp_path, task)
    assert isinstance(refusal, Refusal) and refusal.place == "9-10"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"from_name": "theme9"}, "no such theme"),
        ({"value": {"choices": ["weather"]}}, "no such theme: weather"),
        ({"id": "gone"}, "a theme of no region"),
        ({"id": "0-6"}, "themes where no item stands"),
        ({"from_name": "theme1", "again": True}, "theme1 chosen twice"),
    ],
)
def test_a_theme_that_does_not_fit_is_refused(
    tmp_path: Path, choice: dict[str, Any], words: str
) -> None:
    task = label_studio.task_of(DOCUMENT)
    result = task["annotations"][0]["result"]
    if "again" in choice:
        result.append(dict(result[-1]))
    result[-1].update(choice)
    [refusal] = read_label_studio(tmp_path, task)
    assert isinstance(refusal, Refusal) and words in refusal.reason


@pytest.mark.parametrize("record", [1, {}, {"data": 1}, {"data": {"text": 1}}, {"data": {}}])
def test_a_task_of_another_shape_is_refused(tmp_path: Path, record: Any) -> None:
    assert refused(read_label_studio(tmp_path, record))
