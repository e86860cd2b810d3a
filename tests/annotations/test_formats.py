"""Round trips through every format change nothing; what does not fit is refused with its place."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations import conll, doccano, gold, label_studio, tokens
from nianbao.annotations.bio import spans_of_tags
from nianbao.annotations.checks import Outcome, Refusal
from nianbao.annotations.documents import AnnotatedDocument, ItemThemes
from nianbao.annotations.formats import Exchange, converter, format_of
from nianbao.annotations.misfit import Misfit
from nianbao.models.errors import NianbaoError
from nianbao.models.labels import Label, Span
from nianbao.models.themes import theme_ids

SUFFIXES = {
    Exchange.GOLD: "jsonl",
    Exchange.LABEL_STUDIO: "json",
    Exchange.DOCCANO: "jsonl",
    Exchange.CONLL: "conll",
    Exchange.DOCBIN: "spacy",
    Exchange.TOKENS: "jsonl",
}

TEXT = "一、总体情况\n规章\t0\n更新慢"
SPANS = (
    Span(0, 6, Label.SECTION),
    Span(7, 9, Label.ROW),
    Span(10, 11, Label.VALUE),
    Span(12, 15, Label.PROBLEM),
)
DOCUMENT = AnnotatedDocument(
    "a1", TEXT, SPANS, "甲", "0" * 64, "甲.txt", "random", (ItemThemes(12, 15, ("platform",)),)
)

# signs that some format may lose: blanks, escapes, marks of a column, of an encoding, of a browser
odd = st.sampled_from(
    list('\t\n\r \u3000\xa0\u200b\ufeff\u2028\x85\x0b\x00\\#⇥␣〓|,{"𠮷😀é\u0301')
) | (st.characters(exclude_categories=["Cs"]))


@st.composite
def documents(draw: st.DrawFn) -> AnnotatedDocument:
    """Any text, with spans that begin and end anywhere, and themes for some of the items."""
    text = draw(st.text(odd | st.sampled_from("政府信息公开"), max_size=30))
    places = sorted(draw(st.sets(st.integers(0, len(text)))))
    scores = st.just(1.0) | st.floats(0, 1)
    annotator = draw(st.none() | st.sampled_from(["甲", "b@example.org"]))
    spans = [
        Span(a, b, draw(st.sampled_from(sorted(Label))), draw(scores))
        for a, b in zip(places, places[1:], strict=False)
        if draw(st.booleans())
    ]
    themes = st.lists(st.sampled_from(theme_ids()), max_size=3, unique=True).map(tuple)
    items = [span for span in spans if span.label in (Label.PROBLEM, Label.MEASURE)]
    given_themes = [ItemThemes(s.start, s.end, draw(themes)) for s in items if draw(st.booleans())]
    words = st.text(odd, max_size=5)
    return AnnotatedDocument(
        id=draw(words),
        text=text,
        spans=tuple(spans),
        annotator=annotator,
        sha256=draw(st.sampled_from(["", "f" * 64])),
        source=draw(words),
        chosen=draw(st.sampled_from(["", "random"])),
        themes=tuple(given_themes),
    )


@pytest.mark.parametrize("name", Exchange)
@given(few=st.lists(documents(), max_size=3))
def test_a_round_trip_changes_nothing(
    name: Exchange, few: list[AnnotatedDocument], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"trip.{SUFFIXES[name]}"
    converter(name).write(few, path)
    assert list(converter(name).read(path)) == few


@given(documents())
def test_a_way_through_all_formats_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, document: AnnotatedDocument
) -> None:
    before: list[Outcome] = [document]
    for name in Exchange:
        path = tmp_path_factory.getbasetemp() / f"way.{SUFFIXES[name]}"
        converter(name).write([one for one in before if isinstance(one, AnnotatedDocument)], path)
        before = list(converter(name).read(path))
    assert before == [document]


@pytest.mark.parametrize("name", Exchange)
def test_a_file_tells_its_format(name: Exchange, tmp_path: Path) -> None:
    path = tmp_path / f"a.{SUFFIXES[name]}"
    converter(name).write([DOCUMENT], path)
    assert format_of(path) == name


@pytest.mark.parametrize("name", Exchange)
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00\x01", None])
def test_a_file_that_is_none_of_the_format_is_told_and_no_traceback(
    name: Exchange, content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    if content is not None:
        path.write_bytes(content)
    try:
        outcomes = list(converter(name).read(path))
    except NianbaoError as error:
        assert error.code == "E108"
    else:
        assert outcomes and all(isinstance(one, Refusal) for one in outcomes)


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
    assert len(found) == 2


def test_predictions_that_came_back_are_no_gold(tmp_path: Path) -> None:
    assert read_label_studio(tmp_path, exported() | {"annotations": []}) == []


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
        ({"id": "r0"}, "themes where no item stands"),
    ],
)
def test_a_theme_that_does_not_fit_is_refused(
    tmp_path: Path, choice: dict[str, Any], words: str
) -> None:
    task = label_studio.task_of(DOCUMENT)
    task["annotations"][0]["result"][-1].update(choice)
    [refusal] = read_label_studio(tmp_path, task)
    assert isinstance(refusal, Refusal) and words in refusal.reason


@pytest.mark.parametrize("record", [1, {}, {"data": 1}, {"data": {"text": 1}}, {"data": {}}])
def test_a_task_of_another_shape_is_refused(tmp_path: Path, record: Any) -> None:
    assert refused(read_label_studio(tmp_path, record))


def read_lines(module: Any, tmp_path: Path, *lines: Any) -> list[Outcome]:
    path = tmp_path / "a.jsonl"
    words = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(words), encoding="utf-8")
    return list(module.read(path))


@pytest.mark.parametrize("key", ["label", "labels"])
def test_lines_of_doccano_are_read(tmp_path: Path, key: str) -> None:
    line = {"id": 5, "text": TEXT, key: [[7, 9, "ROW"]], "Comments": []}
    [document] = read_lines(doccano, tmp_path, line)
    assert document == AnnotatedDocument("5", TEXT, (Span(7, 9, Label.ROW),))


def test_entities_of_doccano_and_spans_of_prodigy_are_read(tmp_path: Path) -> None:
    entity = {"id": 1, "label": "ROW", "start_offset": 7, "end_offset": 9}
    span = {"start": 7, "end": 9, "label": "行名"}
    lines = ({"text": TEXT, "entities": [entity]}, {"text": TEXT, "spans": [span]})
    for document in read_lines(doccano, tmp_path, *lines):
        assert isinstance(document, AnnotatedDocument)
        assert document.spans == (Span(7, 9, Label.ROW),)


@pytest.mark.parametrize("sign", ["𠮷", "\r\n", "e\u0301"])
def test_where_doccano_may_count_otherwise_a_span_is_refused(tmp_path: Path, sign: str) -> None:
    before = {"text": TEXT + sign, "label": [[7, 9, "ROW"]]}
    behind = {"text": sign + TEXT, "label": [[len(sign) + 7, len(sign) + 9, "ROW"]]}
    first, second = read_lines(doccano, tmp_path, before, behind)
    assert isinstance(first, AnnotatedDocument)
    assert isinstance(second, Refusal) and "depend on how it is counted" in second.reason


def test_what_we_show_in_doccano_is_counted_alike_everywhere(tmp_path: Path) -> None:
    document = AnnotatedDocument("a", "𠮷县\r\n规章\t0", (Span(4, 6, Label.ROW),))
    path = tmp_path / "a.jsonl"
    doccano.write([document], path)
    line = json.loads(path.read_text(encoding="utf-8"))
    assert line["text"] == "〓县␍\n规章⇥0"
    assert len(line["text"].encode("utf-16-le")) == 2 * len(document.text)


def test_a_text_that_doccano_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    doccano.write([DOCUMENT], path)
    line = json.loads(path.read_text(encoding="utf-8"))
    [refusal] = read_lines(doccano, tmp_path, {**line, "text": line["text"].strip("慢")})
    assert isinstance(refusal, Refusal) and "not what was exported" in refusal.reason


def test_themes_of_an_item_that_was_changed_in_doccano_are_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    doccano.write([DOCUMENT], path)
    line = json.loads(path.read_text(encoding="utf-8"))
    [document] = read_lines(doccano, tmp_path, {**line, "label": [[12, 14, "PROBLEM"]]})
    assert isinstance(document, AnnotatedDocument) and document.themes == ()


@pytest.mark.parametrize(
    "line",
    ["{", "[]", {"text": 1}, {"text": "一"}, {"text": "一", "label": [7]},
     {"text": "一", "label": [[0, 2, "ROW"]]}, {"text": "\ud800", "label": []}],
)  # fmt: skip
def test_a_line_of_doccano_that_does_not_fit_is_refused(tmp_path: Path, line: Any) -> None:
    good = {"text": "一", "label": []}
    refusal, document = read_lines(doccano, tmp_path, line, good)
    assert isinstance(refusal, Refusal) and refusal.task == "line 1"
    assert isinstance(document, AnnotatedDocument)


def test_conll_shows_what_a_reader_of_columns_would_lose(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    conll.write([AnnotatedDocument("a", "规 \t\n#\u3000𠮷", (Span(0, 1, Label.ROW),))], path)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[1:] == [
        "规\tB-ROW", "\\s\tO", "\\t\tO", "\\n\tO", "\\#\tO", "\\u3000\tO", "𠮷\tO", "", "",
    ]  # fmt: skip


def read_conll(tmp_path: Path, text: str) -> list[Outcome]:
    path = tmp_path / "a.conll"
    path.write_text(text, encoding="utf-8", newline="")
    return list(conll.read(path))


def test_conll_of_others_is_read_whatever_its_line_ends_and_columns(tmp_path: Path) -> None:
    [one, two] = read_conll(tmp_path, "规 B-ROW\r\n章 I-ROW\r\n\r\n\r\n一\tO")
    assert one == AnnotatedDocument("", "规章", (Span(0, 2, Label.ROW),))
    assert two == AnnotatedDocument("", "一", ())


@pytest.mark.parametrize(
    ("line", "place"),
    [("规章\tO", "line 2"), ("规", "line 2"), ("\\q\tO", "line 2"), ("\\uFFFFFF\tO", "line 2"),
     ("章\tB-X", "1-2"), ("章\tI-ROW", "1-2"), ("章\tX", "1-2"), ("\\uD800\tO", "1-2")],
)  # fmt: skip
def test_a_line_of_conll_that_does_not_fit_is_refused(
    tmp_path: Path, line: str, place: str
) -> None:
    refusal, document = read_conll(tmp_path, f"一\tO\n{line}\n\n二\tO\n")
    assert isinstance(refusal, Refusal) and refusal.place == place
    assert isinstance(document, AnnotatedDocument)


def test_tags_that_go_on_without_a_beginning_are_refused() -> None:
    for tags in (["I-ROW"], ["B-ROW", "I-GROUP"], ["B-ROW", "O", "I-ROW"], [None], [3]):
        with pytest.raises(Misfit):
            spans_of_tags(tags)


@pytest.mark.parametrize(
    "line",
    [{"tokens": ["规章"], "ner_tags": ["O"]}, {"tokens": ["一"], "ner_tags": [0]},
     {"tokens": ["一"], "ner_tags": []}, {"tokens": [""], "ner_tags": ["O"]},
     {"tokens": ["一"], "ner_tags": ["B-X"]}, {"tokens": "一", "ner_tags": ["O"]}],
)  # fmt: skip
def test_tokens_that_do_not_fit_are_refused(tmp_path: Path, line: Any) -> None:
    good = {"tokens": ["一"], "ner_tags": ["O"]}
    *refusals, document = read_lines(tokens, tmp_path, line, good)
    assert refusals and all(isinstance(one, Refusal) for one in refusals)
    assert isinstance(document, AnnotatedDocument)


def test_gold_is_refused_where_a_wording_is_not_what_stands_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    gold.write([DOCUMENT], path)
    path.write_text(path.read_text(encoding="utf-8").replace('"规章"', '"规则"'), encoding="utf-8")
    [refusal] = gold.read(path)
    assert isinstance(refusal, Refusal) and refusal.place == "7-9"
    with pytest.raises(NianbaoError, match="E108"):
        gold.read_gold(path)


def test_gold_takes_no_key_that_it_does_not_know(tmp_path: Path) -> None:
    line = json.loads(gold.as_line(DOCUMENT)) | {"annotater": "甲"}
    [refusal] = read_lines(gold, tmp_path, line)
    assert isinstance(refusal, Refusal) and refusal.place == "annotater"


def test_what_an_annotator_does_again_replaces_what_stood_there() -> None:
    again = AnnotatedDocument("a1", TEXT, (), "甲")
    other = AnnotatedDocument("a1", TEXT, (), "乙")
    assert gold.merged([DOCUMENT, other], [again]) == (other, again)


def test_training_reads_gold_as_documents() -> None:
    document = gold.as_document(DOCUMENT)
    assert (document.text, document.spans, document.path) == (TEXT, SPANS, "甲.txt")
