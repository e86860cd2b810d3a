"""DocBin: gold and predictions go out and come back as they were."""

import json
import random
import subprocess
import sys
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as SpacySpan
from spacy.training import Example
from spacy.vocab import Vocab

from nianbao.annotations import spacy_docs
from nianbao.annotations.docbin import (
    doc_of_document,
    doc_of_statement,
    document_of,
    main,
    read_docs,
    write_docs,
)
from nianbao.annotations.documents import AnnotatedDocument
from nianbao.annotations.statements import CORPUS, read_statements
from nianbao.cli import main as nianbao
from nianbao.inference.corrections import append, entry_for
from nianbao.inference.nlp import CELLS, HEADINGS, ITEMS, Nianbao, blank, doc_of
from nianbao.inference.pipeline import parse, tagged
from nianbao.inference.read import read
from nianbao.inference.rules import RuleTagger
from nianbao.models.document import Document, GridCell
from nianbao.models.errors import NianbaoError
from nianbao.models.labels import Label, Span
from nianbao.models.themes import Statement, theme_ids

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("0*"))


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank()


def through_a_file(doc: Doc, path: Path, nlp: Language) -> Doc:
    """`doc` written and read by a vocabulary that knows none of its words."""
    assert write_docs([doc], path) == 1
    [again] = DocBin().from_disk(path).get_docs(Vocab())
    [same] = read_docs(path, nlp)
    assert same.to_json() == again.to_json()
    return again


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any text, with labelled stretches that begin and end anywhere, on a blank too."""
    text = draw(st.text(alphabet="政府信息公开年度报告3 \t\n。𠮷", min_size=1, max_size=30))
    places = sorted(draw(st.sets(st.integers(0, len(text)))))
    pairs = list(zip(places, places[1:], strict=False))
    labels = st.sampled_from(sorted(Label))
    scores = st.floats(0, 1)
    spans = tuple(Span(a, b, draw(labels), draw(scores)) for a, b in pairs if draw(st.booleans()))
    grid = (GridCell(0, 1, 2, 1, 1, 0, 1),)
    return Document("甲.txt", text, "txt", "0" * 64, "gb18030", grid, (("issuer", "乙"),), spans)


@given(documents())
def test_a_labelled_document_comes_back_as_it_was(nlp: Language, document: Document) -> None:
    doc = doc_of_document(document, nlp)
    [again] = DocBin().from_bytes(
        DocBin(store_user_data=True, docs=[doc]).to_bytes()
    ).get_docs(Vocab())  # fmt: skip
    assert document_of(again) == document


def test_the_scorer_of_spacy_compares_gold_with_predictions(nlp: Language) -> None:
    document = tagged(read(EXAMPLES[0]), RuleTagger())
    gold = doc_of_document(document, nlp)
    predicted = Nianbao(RuleTagger())(nlp.make_doc(document.text))
    examples = [Example(predicted, gold)]
    assert Scorer.score_spans(examples, attr=HEADINGS, getter=spans_of)["headings_f"] == 1.0
    assert Scorer.score_spans(examples, attr=CELLS, getter=spans_of)["cells_f"] > 0.9


def spans_of(doc: Doc, group: str) -> Iterable[SpacySpan]:
    found: Iterable[SpacySpan] = doc.spans[group]
    return found


def test_the_groups_of_gold_are_those_of_predictions(nlp: Language) -> None:
    text = "一、总体情况\n0\t更新慢，将加快"
    labels = ((0, 6, Label.SECTION), (7, 8, Label.VALUE), (9, 12, Label.PROBLEM),
              (13, 16, Label.MEASURE))  # fmt: skip
    spans = tuple(Span(*label) for label in labels)
    doc = doc_of_document(Document("-", text, "txt", "", "utf-8", spans=spans), nlp)
    assert [span.text for span in doc.spans[HEADINGS]] == ["一、总体情况"]
    assert [span.text for span in doc.spans[CELLS]] == ["0"]
    assert [span._.role for span in doc.spans[ITEMS]] == ["problem", "measure"]
    assert [span.label_ for span in doc.spans["sc"]] == [label for _, _, label in labels]
    assert doc._.report is None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_report_comes_back_as_it_was(nlp: Language, path: Path, tmp_path: Path) -> None:
    report = parse(path, tagger=RuleTagger())
    doc = doc_of(report, nlp)
    again = through_a_file(doc, tmp_path / "a.spacy", nlp)
    assert again._.report == report
    for name in (HEADINGS, CELLS, ITEMS):
        assert [(s.text, s.label_, s.id_) for s in again.spans[name]] == [
            (s.text, s.label_, s.id_) for s in doc.spans[name]
        ]
        assert again.spans[name].attrs == doc.spans[name].attrs
    values = {span._.path: span._.value for span in again.spans[CELLS]}
    assert values == {cell.path: cell.value for cell in report.cells if cell.raw}


def test_a_statement_keeps_its_themes(nlp: Language, tmp_path: Path) -> None:
    themes = ("platform", "timeliness")
    statement = Statement("a-1", "a", "town", "problem", "栏目更新慢", themes)
    doc = through_a_file(doc_of_statement(statement, nlp), tmp_path / "a.spacy", nlp)
    [span] = doc.spans[ITEMS]
    assert (span.text, span._.role) == ("栏目更新慢", "problem")
    assert span._.themes == [("platform", 1.0), ("timeliness", 1.0)]
    assert set(doc.cats) == set(theme_ids())
    assert {theme for theme, value in doc.cats.items() if value} == set(themes)
    assert (doc.user_data["id"], doc.user_data["group"]) == ("a-1", "a")


def test_every_labelled_statement_goes_in(nlp: Language, tmp_path: Path) -> None:
    lines = (CORPUS / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:50]
    corpus = tmp_path / "few.jsonl"
    corpus.write_text("\n".join(lines), encoding="utf-8")
    assert main([str(corpus), "-o", str(tmp_path / "few.spacy")]) == 0
    statements = read_statements(corpus)
    docs = list(read_docs(tmp_path / "few.spacy", nlp))
    assert [doc.text for doc in docs] == [one.text for one in statements]
    assert [[id_ for id_, _ in doc.spans[ITEMS][0]._.themes] for doc in docs] == [
        list(one.themes) for one in statements
    ]


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr(sys, "argv", ["nianbao", "docbin", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        nianbao()
    assert isinstance(end.value.code, int)
    return end.value.code


def test_the_command_parses_what_it_can_and_tells_the_rest(
    nlp: Language,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    menu = tmp_path / "menu.txt"
    menu.write_text("今天下雨。", encoding="utf-8")
    assert run(monkeypatch, menu, EXAMPLES[0], "-o", tmp_path / "a.spacy") == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "menu.txt: E201" in told.err and "1 Docs written" in told.err
    [doc] = read_docs(tmp_path / "a.spacy", nlp)
    assert doc._.report == parse(EXAMPLES[0])


def test_corrections_stand_in_the_docs(
    nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report, layer = parse(EXAMPLES[0]), tmp_path / "corrections.jsonl"
    append(layer, [entry_for(report, "t3.new.total", "99", "因")])
    output = tmp_path / "a.spacy"
    assert run(monkeypatch, EXAMPLES[0], "-o", output, "--corrections", layer) == 0
    [doc] = read_docs(output, nlp)
    assert {s._.path: s._.value for s in doc.spans[CELLS]}["t3.new.total"] == 99
    assert doc._.report.cell("t3.new.total").correction.why == "因"


@pytest.mark.parametrize("line", ["{", json.dumps({"text": "栏目更新慢"}), "\udcff"])
def test_a_line_that_is_no_statement_is_told(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    line: str,
) -> None:
    corpus = tmp_path / "bad.jsonl"
    corpus.write_text(line, encoding="utf-8", errors="surrogateescape")
    assert run(monkeypatch, corpus, "-o", tmp_path / "a.spacy") == 1
    assert "E103 无法读取文件" in capsys.readouterr().err
    assert not (tmp_path / "a.spacy").exists()


def test_an_output_that_cannot_be_written_is_told_before_and_after_the_work(
    nlp: Language, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, EXAMPLES[0], "-o", tmp_path / "no/such/a.spacy") == 2
    with pytest.raises(NianbaoError) as caught:
        write_docs([nlp.make_doc("一")], tmp_path)
    assert caught.value.code == "E401"


def test_without_spacy_the_command_names_the_missing_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    for name in ("nianbao.inference.nlp", "nianbao.annotations.docbin"):
        monkeypatch.delitem(sys.modules, name)
    assert run(monkeypatch, EXAMPLES[0], "-o", tmp_path / "a.spacy") == 5
    told = capsys.readouterr().err
    assert "E302 缺少可选组件spacy | the optional component spacy is missing" in told
    assert "pip install 'nianbao[nlp]'" in told


def test_a_damaged_docbin_is_told_and_no_traceback(tmp_path: Path) -> None:
    path, rng = tmp_path / "a.spacy", random.Random(1)
    spans = (Span(0, 6, Label.SECTION), Span(7, 9, Label.ROW))
    document = AnnotatedDocument("a", "一、总体情况\n规章\t0", spans, "甲", "0" * 64, "甲.txt")
    spacy_docs.write([document], path)
    whole = zlib.decompress(path.read_bytes())
    codes = set()
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(rng.choice((1, 2, 5))):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        path.write_bytes(zlib.compress(damaged))
        try:
            list(spacy_docs.read(path))
        except NianbaoError as error:
            codes.add(error.code)
    assert codes == {"E108"}


def test_jieba_tells_nothing_of_its_dictionary(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = f"""
from pathlib import Path
from nianbao.annotations import spacy_docs
from nianbao.annotations.documents import AnnotatedDocument
spacy_docs.write([AnnotatedDocument("a", "一、总体情况", ())], Path({str(tmp_path / "a")!r}))
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    assert capfd.readouterr().err == ""
