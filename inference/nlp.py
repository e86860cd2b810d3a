"""The spaCy component `nianbao`: headings, cells and items of a report as spans of its Doc.

`nlp.add_pipe("nianbao")` fills three groups, each with its confidences in `attrs["scores"]`:

* `doc.spans["headings"]`  label SECTION, `id_` the section (1 to 6)
* `doc.spans["cells"]`     label VALUE, `id_` the path; a blank cell has no sign and so no span
* `doc.spans["items"]`     label PROBLEM or MEASURE, `id_` the place in the report's items,
                           `kb_id_` the weightiest theme

`doc._.report` is the Report; None where the text is no report, `doc._.refusal` then says why.
The labels are the tagger's own, so that gold and predictions can be compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..models.errors import MissingExtra, NianbaoError
from ..models.labels import Label
from ..models.report import Report, Role
from .pipeline import default_tagger, parse_text
from .tagger import Tagger, load_tagger

try:
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc, Span, SpanGroup, Token
except ModuleNotFoundError as error:
    raise MissingExtra("E302", name=error.name, extra="nlp") from error

HEADINGS, CELLS, ITEMS = "headings", "cells", "items"
ROLES: dict[str, Role] = {Label.PROBLEM: "problem", Label.MEASURE: "measure"}
LABELS = {role: label for label, role in ROLES.items()}
#: Under this name the report stands in a Doc's user data: as JSON, for spaCy stores and sends
#: plain data alone.
_STORED = "nianbao"
#: What pieces of a token inherit. Lemmas are left to spaCy, heads are given with the pieces.
_INHERITED: list[int | str] = "TAG POS MORPH DEP ENT_TYPE ENT_KB_ID ENT_IOB SENT_START".split()  # type: ignore[assignment]
_BEGIN, _INSIDE = 3, 1  # ENT_IOB
_IS_START, _NO_START = 1, 2**64 - 1  # SENT_START: 1, and -1 as the array has it


class Mark(NamedTuple):
    """A span to be: `text[start:end]`, half open, in code points of the Doc's text."""

    start: int
    end: int
    label: str
    id: str = ""
    kb_id: str = ""
    score: float = 1.0


class Nianbao:
    """The component. It parses the Doc's text with the current model, or with `tagger`."""

    def __init__(self, tagger: Tagger | None = None) -> None:
        self._tagger = tagger or default_tagger()

    def __call__(self, doc: Doc) -> Doc:
        """`doc` itself with its spans. Tokens that an edge would cut are split."""
        try:
            report = parse_text(doc.text, tagger=self._tagger)
        except NianbaoError as error:
            doc._.refusal = str(error)
            return set_spans(doc, {HEADINGS: (), CELLS: (), ITEMS: ()})
        return mark_report(doc, report)


@Language.factory(
    "nianbao",
    assigns=["doc._.report", "doc._.refusal", "doc.spans"],
    default_config={"model": None},
)
def make(nlp: Language, name: str, model: str | None) -> Nianbao:
    """The factory. model: a model folder; None: the current version's.

    Raises BadModel where the folder cannot be used.
    """
    return Nianbao(load_tagger(Path(model)) if model is not None else None)


def blank() -> Language:
    """An empty Chinese pipeline with words as jieba cuts them. Raises MissingExtra."""
    try:
        return spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    except ImportError as error:
        raise MissingExtra("E302", name="jieba", extra="nlp") from error


def doc_of(report: Report, nlp: Language) -> Doc:
    """A Doc of a report that was parsed already: of a web page, whose tables a text has not."""
    return mark_report(nlp.make_doc(report.source.text), report)


def mark_report(doc: Doc, report: Report) -> Doc:
    """`doc` itself, with the report that was parsed from its text and with its spans."""
    at = _places(doc.text, report.source.text)
    headings = [
        Mark(at[s.heading_start], at[s.heading_end], Label.SECTION, s.id, score=s.confidence)
        for s in report.sections
        if s.heading_start is not None and s.heading_end is not None
    ]
    cells = [
        (cell, Mark(at[cell.start], at[cell.end], Label.VALUE, cell.path, score=cell.confidence))
        for cell in report.cells
        if cell.start is not None and cell.end is not None and cell.start < cell.end
    ]
    items = [
        Mark(
            at[item.start],
            at[item.end],
            LABELS[item.role],
            str(number),
            item.themes[0].id if item.themes else "",
            item.confidence,
        )
        for number, item in enumerate(report.items)
    ]
    set_spans(doc, {HEADINGS: headings, CELLS: [mark for _, mark in cells], ITEMS: items})
    doc.user_data[_STORED] = report.model_dump_json()
    for (cell, _), span in zip(cells, doc.spans[CELLS], strict=True):
        span._.value, span._.state = cell.value, cell.state
    for item, span in zip(report.items, doc.spans[ITEMS], strict=True):
        span._.themes = [(theme.id, theme.score) for theme in item.themes]
    return doc


def set_spans(doc: Doc, groups: Mapping[str, Iterable[Mark]]) -> Doc:
    """`doc` itself with these groups of spans, exactly where their marks stand.

    ValueError where an edge parts a word from the single blank behind it: the two are one token
    to spaCy, which cannot be cut there. Nothing of a report begins or ends with a blank.
    """
    marks = {name: tuple(group) for name, group in groups.items()}
    _cut(doc, {edge for group in marks.values() for mark in group for edge in mark[:2]})
    for name, group in marks.items():
        scores = [mark.score for mark in group]
        spans = [_span(doc, mark) for mark in group]
        doc.spans[name] = SpanGroup(doc, name=name, attrs={"scores": scores}, spans=spans)
    return doc


def _span(doc: Doc, mark: Mark) -> Span:
    span = doc.char_span(mark.start, mark.end, label=mark.label, kb_id=mark.kb_id, span_id=mark.id)
    if span is None:
        raise ValueError(f"{mark} begins or ends with a blank: {doc.text[mark.start : mark.end]!r}")
    return span


def _cut(doc: Doc, edges: set[int]) -> None:
    """Split every token that has an edge inside. What it was annotated with, its pieces are."""
    pieces = [_pieces(token.text, token.idx, edges) for token in doc]
    if all(len(words) == 1 for words in pieces):
        return
    before: NDArray[np.uint64] = doc.to_array(_INHERITED)  # type: ignore[assignment]  # as floats
    parsed = doc.has_annotation("DEP")
    old = doc.copy()  # a group of spans lives no longer than its Doc
    with doc.retokenize() as retokenizer:
        for token, words in zip(doc, pieces, strict=True):
            if (last := len(words) - 1) > 0:
                heads: list[Token | tuple[Token, int]] = [(token, i) for i in range(last + 1)]
                if parsed:  # spaCy lets the first piece stand in for the word
                    head = (token, 0) if token.head == token else token.head
                    heads = [head, *[(token, 0)] * last]
                retokenizer.split(token, words, heads)
    # spaCy leaves in the new pieces what their neighbours had, and the spans where they were
    if before.any():
        after = _inherited(before, [len(words) for words in pieces])
        doc.from_array(_INHERITED, after)  # type: ignore[arg-type]  # declared as thinc's arrays
    for name, group in old.spans.items():
        doc.spans[name] = group.copy(doc)


def _pieces(word: str, start: int, edges: set[int]) -> list[str]:
    cuts = [0, *(i for i in range(1, len(word)) if start + i in edges), len(word)]
    return [word[a:b] for a, b in zip(cuts, cuts[1:], strict=False)]


def _inherited(before: NDArray[np.uint64], n_pieces: Sequence[int]) -> NDArray[np.uint64]:
    """Rows of annotations for the pieces: an entity or a sentence begins in the first of them.

    before: [tokens, len(_INHERITED)]. n_pieces: [tokens].
    """
    after = np.repeat(before, n_pieces, axis=0)
    first = np.zeros(len(after), bool)
    first[np.cumsum([0, *n_pieces[:-1]])] = True
    iob, starts = (after[:, _INHERITED.index(name)] for name in ("ENT_IOB", "SENT_START"))
    iob[~first & (iob == _BEGIN)] = _INSIDE
    starts[~first & (starts == _IS_START)] = _NO_START
    return after


def _places(text: str, read: str) -> Sequence[int]:
    """Where each sign of `read`, and its end, stands in `text`.

    read: `text` as the reader takes it: without a byte order mark, CR LF as one sign.
    """
    if text == read:
        return range(len(text) + 1)
    gone = {i for i in range(1, len(text)) if text[i - 1 : i + 1] == "\r\n"}
    gone |= {0} if text.startswith("\ufeff") else set()
    return [i for i in range(len(text) + 1) if i not in gone]


@lru_cache(maxsize=8)
def _loaded(report: str) -> Report:
    return Report.model_validate_json(report)


def _report(doc: Doc) -> Report | None:
    stored = doc.user_data.get(_STORED)
    return None if stored is None else _loaded(stored)


def _path(span: Span) -> str | None:
    return span.id_ or None if span.label_ == Label.VALUE else None


def _role(span: Span) -> Role | None:
    return ROLES.get(span.label_)


def _themes_key(span: Span) -> Any:  # user data is declared to have strings for keys
    """Where spaCy itself keeps a span's attribute of that name."""
    return ("._.", "themes", span.start_char, span.end_char)


def _themes(span: Span) -> list[tuple[str, float]]:
    """[(theme, score)], the weightiest first; storing makes lists of the pairs."""
    return [(id_, score) for id_, score in span.doc.user_data.get(_themes_key(span), ())]


def _set_themes(span: Span, themes: Iterable[tuple[str, float]]) -> None:
    span.doc.user_data[_themes_key(span)] = list(themes)


# by force: the names are promised, and a module that is loaded anew registers them again
Doc.set_extension("report", getter=_report, force=True)
Doc.set_extension("refusal", default=None, force=True)
Span.set_extension("value", default=None, force=True)
Span.set_extension("state", default=None, force=True)
Span.set_extension("themes", getter=_themes, setter=_set_themes, force=True)
Span.set_extension("path", getter=_path, force=True)
Span.set_extension("role", getter=_role, force=True)
