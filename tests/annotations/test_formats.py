"""Round trips through every format change nothing; what does not fit is refused with its place."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations import conll, doccano, gold, tokens
from nianbao.annotations.bio import spans_of_tags
from nianbao.annotations.checks import Outcome, Refusal, Skipped
from nianbao.annotations.documents import CORRECTION, AnnotatedDocument, ItemThemes, id_of
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


def read_lines(module: Any, tmp_path: Path, *lines: Any) -> list[Outcome]:
    path = tmp_path / "a.jsonl"
    words = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text("\n".join(words), encoding="utf-8")
    return list(module.read(path))


@pytest.mark.parametrize("key", ["label", "labels"])
def test_lines_of_doccano_are_read(tmp_path: Path, key: str) -> None:
    line = {"id": 5, "text": TEXT, key: [[7, 9, "ROW"]], "entities": [], "Comments": []}
    [document] = read_lines(doccano, tmp_path, line)
    assert document == AnnotatedDocument(id_of(TEXT), TEXT, (Span(7, 9, Label.ROW),))


def test_spans_under_two_keys_of_a_line_are_refused_for_none_is_the_right_one(
    tmp_path: Path,
) -> None:
    entity = {"label": "ROW", "start_offset": 7, "end_offset": 9}
    line = {"text": TEXT, "label": [[0, 6, "SECTION"]], "entities": [entity]}
    [refusal] = read_lines(doccano, tmp_path, line)
    assert isinstance(refusal, Refusal) and "more than one key" in refusal.reason


@pytest.mark.parametrize(
    ("wording", "words"),
    [("二、", "stands here, not"), (7, "not a span"), (["一、"], "not a span")],
)
def test_a_wording_that_comes_with_a_span_must_fit(
    tmp_path: Path, wording: object, words: str
) -> None:
    span = {"start": 0, "end": 2, "label": "SECTION"}
    lines = [{"text": TEXT, "spans": [{**span, "text": text}]} for text in ("一、", wording)]
    document, refusal = read_lines(doccano, tmp_path, *lines)
    assert isinstance(document, AnnotatedDocument)
    assert isinstance(refusal, Refusal) and words in refusal.reason


def test_what_was_rejected_or_ignored_in_prodigy_is_no_annotation(tmp_path: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"text": TEXT, "tokens": [], "spans": [], "answer": answer}
        for answer in ("accept", "reject", "ignore", "perhaps")
    ]
    accepted, rejected, ignored, unknown = read_lines(doccano, tmp_path, *lines)
    assert isinstance(accepted, AnnotatedDocument) and isinstance(unknown, Refusal)
    assert (rejected, ignored) == (Skipped(), Skipped())
    assert format_of(tmp_path / "a.jsonl") == Exchange.DOCCANO


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


def test_where_doccano_may_count_otherwise_a_wording_decides(tmp_path: Path) -> None:
    span = {"start": 1, "end": 3, "label": "SECTION", "text": "一、"}
    [document] = read_lines(doccano, tmp_path, {"text": "𠮷" + TEXT, "spans": [span]})
    assert isinstance(document, AnnotatedDocument) and document.wording(document.spans[0]) == "一、"


def test_each_fault_of_a_line_of_doccano_is_told_as_what_it_is(tmp_path: Path) -> None:
    labels = [[0, 99, "ROW"], [1, 2, "X"], [8, 10, "ROW"]]
    found = read_lines(doccano, tmp_path, {"text": TEXT[:7] + "𠮷" + TEXT[7:], "label": labels})
    told = {one.place: one.reason for one in found if isinstance(one, Refusal)}
    assert set(told) == {"0-99", "1-2", "8-10"}
    assert "out of range" in told["0-99"] and "no such label" in told["1-2"]
    assert "depend on how it is counted" in told["8-10"]


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
    assert one == AnnotatedDocument(id_of("规章"), "规章", (Span(0, 2, Label.ROW),))
    assert two == AnnotatedDocument(id_of("一"), "一", ())


def test_a_sharp_sign_at_the_beginning_of_a_text_is_no_remark(tmp_path: Path) -> None:
    [document] = read_conll(tmp_path, "# O\n一 B-SECTION\n")
    assert isinstance(document, AnnotatedDocument) and document.text == "#一"


@pytest.mark.parametrize("line", ["\u3000", " ", "\t", "\u3000\tO", "# {", "# newdoc"])
def test_a_line_that_may_have_lost_its_sign_ends_no_document(tmp_path: Path, line: str) -> None:
    [refusal] = read_conll(tmp_path, f"{line}\n一\tO\n")
    assert isinstance(refusal, Refusal) and refusal.place in ("line 1", "1-2", "0-1")
    [refusal] = read_conll(tmp_path, f"一\tO\n{line}\n二\tO\n")
    assert isinstance(refusal, Refusal)


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


@pytest.mark.parametrize("score", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_refused(tmp_path: Path, score: float) -> None:
    line = json.loads(gold.as_line(DOCUMENT))
    line["spans"][0]["score"] = score
    [refusal] = read_lines(gold, tmp_path, line)
    assert isinstance(refusal, Refusal) and refusal.place == "spans.0.score"


def test_an_annotator_without_a_name_is_refused(tmp_path: Path) -> None:
    [refusal] = read_lines(gold, tmp_path, json.loads(gold.as_line(DOCUMENT)) | {"annotator": ""})
    assert isinstance(refusal, Refusal) and refusal.place == "annotator"


def test_gold_that_names_no_annotator_is_still_told_for_gold(tmp_path: Path) -> None:
    line = json.loads(gold.as_line(DOCUMENT))
    del line["annotator"]
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(line), encoding="utf-8")
    assert format_of(path) == Exchange.GOLD


@pytest.mark.parametrize("key", ["doc_id", "annotator", "source", "sha256", "chosen"])
def test_half_a_surrogate_pair_is_refused_wherever_it_stands(tmp_path: Path, key: str) -> None:
    [refusal] = read_lines(doccano, tmp_path, {"text": "一", "label": [], key: "\ud83d"})
    assert isinstance(refusal, Refusal)
    refusal.words.encode()


def test_a_label_that_no_file_can_hold_is_refused_in_words_that_one_can(tmp_path: Path) -> None:
    [refusal] = read_lines(doccano, tmp_path, {"text": "一", "label": [[0, 1, "\ud83d"]]})
    assert isinstance(refusal, Refusal) and "no such label: \\ud83d" in refusal.reason
    refusal.words.encode()


def test_what_an_annotator_does_again_replaces_what_stood_there() -> None:
    again = AnnotatedDocument("a1", TEXT, (), "甲")
    other = AnnotatedDocument("a1", TEXT, (), "乙")
    assert gold.merged([DOCUMENT, other], [again]) == (other, again)


def test_a_correction_does_not_displace_what_the_same_person_labelled_in_full() -> None:
    correction = AnnotatedDocument("a1", TEXT, (), "甲", chosen=CORRECTION)
    later = AnnotatedDocument("a1", TEXT, SPANS[:1], "甲", chosen=CORRECTION)
    assert gold.merged([DOCUMENT], [correction]) == (DOCUMENT,)
    assert gold.merged([correction], [later]) == (later,)
    assert gold.merged([correction], [DOCUMENT]) == (DOCUMENT,)


def test_training_reads_gold_as_documents() -> None:
    document = gold.as_document(DOCUMENT)
    assert (document.text, document.spans, document.path) == (TEXT, SPANS, "甲.txt")
