"""The spaCy component: every span where the report has it, and nothing lost on the way."""

import importlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import spacy
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from nianbao.inference.nlp import CELLS, HEADINGS, ITEMS, Mark, Nianbao, blank, doc_of, set_spans
from nianbao.inference.pipeline import parse, parse_text
from nianbao.inference.read import read
from nianbao.inference.rules import RuleTagger
from nianbao.models.errors import BadModel, MissingExtra
from nianbao.models.report import Cell, Item, Report, Theme
from nianbao.training.evaluate import GoldTagger
from nianbao.training.synthetic.report import sample

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("0*"))
COUNTY = EXAMPLES[0].read_text(encoding="utf-8")
MENU = "今天下雨，我们去河边散步。\n"


@pytest.fixture(scope="module")
def words() -> Language:
    """Words as jieba cuts them, and nothing else."""
    return blank()


@pytest.fixture(scope="module")
def nlp() -> Language:
    found = blank()
    found.add_pipe("nianbao")
    return found


def report_of(doc: Doc) -> Report:
    report = doc._.report
    assert isinstance(report, Report)
    return report


def printed(report: Report) -> list[Cell]:
    """The cells that have signs in the text, a blank one has none."""
    return [cell for cell in report.cells if cell.raw]


def same(span: Span, wording: str | None) -> bool:
    return span.text.replace("\r\n", "\n") == wording


def assert_nothing_is_lost(doc: Doc) -> None:
    report = report_of(doc)
    headed = [section for section in report.sections if section.heading is not None]
    for span, section in zip(doc.spans[HEADINGS], headed, strict=True):
        assert same(span, section.heading) and span.id_ == section.id
    for span, cell in zip(doc.spans[CELLS], printed(report), strict=True):
        assert same(span, cell.raw)
        assert (span._.path, span._.value, span._.state) == (cell.path, cell.value, cell.state)
    for span, item in zip(doc.spans[ITEMS], report.items, strict=True):
        assert same(span, item.text) and span._.role == item.role
        assert span._.themes == [(theme.id, theme.score) for theme in item.themes]
        assert span.kb_id_ == (item.themes[0].id if item.themes else "")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_span_of_an_example_reads_as_the_report_does(nlp: Language, path: Path) -> None:
    text = read(path).text
    doc = nlp(text)
    assert doc.text == text
    assert report_of(doc) == parse_text(text)
    assert_nothing_is_lost(doc)
    assert min(len(doc.spans[name]) for name in (HEADINGS, CELLS, ITEMS)) > 0


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_report_that_was_parsed_from_its_file_becomes_a_doc(words: Language, path: Path) -> None:
    report = parse(path)
    doc = doc_of(report, words)
    assert report_of(doc) == report
    assert_nothing_is_lost(doc)


@settings(max_examples=15)
@given(st.integers(0, 100_000))
def test_whatever_the_layout_nothing_is_lost(words: Language, seed: int) -> None:
    found = sample(seed, "train", n_damages=(0, 3))
    assume(not found.refused)
    doc = words.make_doc(found.document.text)
    assert_nothing_is_lost(Nianbao(GoldTagger(found.document))(doc))
    assert doc.text == found.document.text


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_of_windows_and_a_mark_of_byte_order_move_no_span(
    words: Language, mark: str
) -> None:
    doc = words.make_doc(mark + COUNTY.replace("\n", "\r\n"))
    assert_nothing_is_lost(Nianbao(RuleTagger())(doc))
    plain = Nianbao(RuleTagger())(words.make_doc(COUNTY))
    for name in (HEADINGS, CELLS, ITEMS):
        assert [same(a, b.text) for a, b in zip(doc.spans[name], plain.spans[name], strict=True)]


def test_confidences_stand_beside_the_spans(nlp: Language) -> None:
    doc = nlp(COUNTY)
    report = report_of(doc)
    assert doc.spans[CELLS].attrs["scores"] == [cell.confidence for cell in printed(report)]
    assert doc.spans[ITEMS].attrs["scores"] == [item.confidence for item in report.items]


def test_themes_are_pairs_of_name_and_score(words: Language) -> None:
    report = parse_text(COUNTY, tagger=RuleTagger())
    themes = (Theme(id="platform", score=0.9), Theme(id="timeliness", score=0.75))
    start = COUNTY.index("部分")
    item = Item(role="problem", text="部分", start=start, end=start + 2, generic=False,
                confidence=1.0, themes=themes)  # fmt: skip
    doc = doc_of(report.model_copy(update={"items": (item,)}), words)
    [span] = doc.spans[ITEMS]
    assert span._.themes == [("platform", 0.9), ("timeliness", 0.75)]
    assert (span.label_, span.kb_id_) == ("PROBLEM", "platform")
    again = Doc(words.vocab).from_bytes(doc.to_bytes())
    assert again.spans[ITEMS][0]._.themes == span._.themes


def test_a_span_of_another_kind_has_neither_path_nor_role(nlp: Language) -> None:
    doc = nlp(COUNTY)
    span = doc[:2]
    assert (span._.path, span._.value, span._.role, span._.themes) == (None, None, None, [])


def test_what_is_no_report_has_no_spans_and_says_why(nlp: Language) -> None:
    docs = list(nlp.pipe([MENU, COUNTY, "", "\n"]))
    assert [doc._.report is None for doc in docs] == [True, False, True, True]
    assert [doc._.refusal is None for doc in docs] == [False, True, False, False]
    assert docs[0]._.refusal.startswith("E201 不是政府信息公开工作年度报告")
    assert "not an annual report" in docs[0]._.refusal
    assert [len(docs[0].spans[name]) for name in (HEADINGS, CELLS, ITEMS)] == [0, 0, 0]


def test_a_doc_of_a_report_survives_being_sent_to_another_process(nlp: Language) -> None:
    doc = nlp(COUNTY)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert_nothing_is_lost(again)
    assert report_of(again) == report_of(doc)


@given(st.text(alphabet="政府信息公开年度报告3 \t\r\n。𠮷", max_size=30), st.data())
def test_spans_are_exact_wherever_they_cut_the_words(
    words: Language, text: str, data: st.DataObject
) -> None:
    place = st.integers(0, len(text))
    pairs = [sorted(pair) for pair in data.draw(st.lists(st.tuples(place, place), max_size=5))]
    bare = [(a, b) for a, b in pairs if text[a:b] and text[a:b] == text[a:b].strip()]
    doc = set_spans(words.make_doc(text), {"x": [Mark(a, b, "X") for a, b in bare]})
    assert [(span.start_char, span.end_char) for span in doc.spans["x"]] == bare
    assert [span.text for span in doc.spans["x"]] == [text[a:b] for a, b in bare]
    assert doc.text == text


def test_a_span_that_ends_with_a_blank_is_no_span_to_spacy(words: Language) -> None:
    with pytest.raises(ValueError, match="blank"):
        set_spans(words.make_doc("a b"), {"x": [Mark(0, 2, "X")]})


def test_what_earlier_components_found_outlives_the_cuts() -> None:
    nlp = blank()
    nlp.add_pipe("sentencizer", config={"punct_chars": ["。"]})
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "LAW", "pattern": "政府信息"}])  # type: ignore[attr-defined]
    doc = nlp("总体情况很好。政府信息公开年度报告。")
    doc.spans["mine"] = [doc[4:6]]
    [mine] = doc.spans["mine"]
    whole, sentences = mine.text, [sentence.text for sentence in doc.sents]
    set_spans(doc, {"x": [Mark(1, 3, "X"), Mark(8, 10, "X"), Mark(12, 14, "X")]})
    assert [span.text for span in doc.spans["x"]] == ["体情", "府信", "开年"]
    assert [sentence.text for sentence in doc.sents] == sentences
    assert [(entity.text, entity.label_) for entity in doc.ents] == [("政府信息", "LAW")]
    assert [span.text for span in doc.spans["mine"]] == [whole]


def test_a_parse_outlives_the_cuts(words: Language) -> None:
    parts = ["本局", "公开", "信息", "。", "很好"]
    doc = Doc(words.vocab, parts, [False] * 5, heads=[1, 1, 1, 1, 4],
              deps=["nsubj", "ROOT", "dobj", "punct", "ROOT"])  # fmt: skip
    set_spans(doc, {"x": [Mark(1, 3, "X")]})
    assert [token.text for token in doc] == ["本", "局", "公", "开", "信息", "。", "很好"]
    assert [sentence.text for sentence in doc.sents] == ["本局公开信息。", "很好"]
    assert [token.head.text for token in doc] == ["公", "本", "公", "公", "公", "公", "很好"]


@pytest.mark.parametrize("group", [HEADINGS, CELLS, ITEMS])
def test_displacy_shows_a_report(nlp: Language, group: str) -> None:
    doc = nlp(COUNTY)
    html = displacy.render(doc, style="span", options={"spans_key": group}, jupyter=False)
    assert doc.spans[group][0].label_ in html
    assert all(token.text in html for token in doc.spans[group][0])


def test_another_model_is_named_in_the_config(tmp_path: Path) -> None:
    with pytest.raises(BadModel):
        spacy.blank("zh").add_pipe("nianbao", config={"model": str(tmp_path)})


def test_without_spacy_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    monkeypatch.delitem(sys.modules, "nianbao.inference.nlp")
    with pytest.raises(MissingExtra) as caught:
        importlib.import_module("nianbao.inference.nlp")
    assert str(caught.value) == "E302 缺少可选组件spacy | the optional component spacy is missing"
    assert caught.value.hint == "pip install 'nianbao[nlp]'"


def test_without_jieba_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jieba", None)
    with pytest.raises(MissingExtra, match="E302 缺少可选组件jieba"):
        blank()


def run_python(program: str, *paths: Path) -> str:
    path = os.pathsep.join(map(str, (ROOT / ".dev", *paths)))
    environment = {"PYTHONPATH": path, "PATH": "", "NIANBAO_HOME": os.environ["NIANBAO_HOME"]}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_parsing_never_loads_spacy() -> None:
    program = f"""
import sys
import nianbao, nianbao.cli
nianbao.parse({str(EXAMPLES[0])!r})
print([name for name in ("spacy", "thinc") if name in sys.modules])
"""
    assert run_python(program) == "[]\n"


def test_spacy_finds_the_component_of_an_installed_package(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    [(name, target)] = project["entry-points"]["spacy_factories"].items()
    info = tmp_path / "nianbao-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nianbao\nVersion: 0\n")
    (info / "entry_points.txt").write_text(f"[spacy_factories]\n{name} = {target}\n")
    program = (
        "import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('nianbao'); print(nlp.pipe_names)"
    )
    assert run_python(program, tmp_path) == "['nianbao']\n"
