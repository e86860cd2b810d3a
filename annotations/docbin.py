"""spaCy's DocBin: gold and predictions out, and in again.

Groups and labels are those of `inference.nlp`, whether the spans come from people, from a
generator or from the model: `headings`, `cells`, `items`. A labelled Document has besides all of
its thirteen labels in `sc`, the group that spaCy's span categoriser reads; a labelled statement
has its themes in `doc.cats` too, where the text categoriser reads them.
"""

import argparse
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from ..inference.corrections import load_corrections, with_corrections
from ..inference.inputs import find_inputs
from ..inference.nlp import CELLS, HEADINGS, ITEMS, LABELS, Mark, blank, doc_of, set_spans
from ..inference.progress import account, follow, say
from ..inference.series import attempt_with, run, then
from ..inference.tagger import load_tagger
from ..models.document import Document
from ..models.errors import NianbaoError, UnreadableFile
from ..models.labels import Label, Span
from ..models.report import Report, as_text
from ..models.themes import Statement, theme_ids
from .statements import read_statements

if TYPE_CHECKING:  # where spaCy is missing, the import of nlp has told so
    from spacy.language import Language
    from spacy.tokens import Doc

ALL_LABELS = "sc"
SOME_FAILED = 3
#: Under this name stands in a Doc's user data what a Document has beside text and spans.
_STORED = "document"
_DOCUMENT = TypeAdapter(Document)
_GROUPS = {
    HEADINGS: {Label.SECTION},
    CELLS: {Label.VALUE},
    ITEMS: {Label.PROBLEM, Label.MEASURE},
    ALL_LABELS: set(Label),
}


def doc_of_document(document: Document, nlp: "Language") -> "Doc":
    """A Doc with the spans of a labelled Document, all of them exactly where they are."""
    doc = _doc(document.text, nlp)
    groups = {
        name: [
            Mark(span.start, span.end, span.label, score=span.score)
            for span in document.spans
            if span.label in labels
        ]
        for name, labels in _GROUPS.items()
    }
    named = replace(document, path=as_text(document.path))
    doc.user_data[_STORED] = _DOCUMENT.dump_python(named, mode="json", exclude={"text", "spans"})
    return set_spans(doc, groups)


def document_of(doc: "Doc") -> Document:
    """The labelled Document of a Doc. Raises KeyError where `doc_of_document` did not make it."""
    group = doc.spans[ALL_LABELS]
    spans = [
        Span(span.start_char, span.end_char, Label(span.label_), score)
        for span, score in zip(group, group.attrs["scores"], strict=True)
    ]
    return _DOCUMENT.validate_python({**doc.user_data[_STORED], "text": doc.text, "spans": spans})


def doc_of_statement(statement: Statement, nlp: "Language") -> "Doc":
    """A Doc that is one item, with its themes; `user_data["id"]` and `["group"]` say whence."""
    doc = _doc(statement.text, nlp)
    kb_id = statement.themes[0] if statement.themes else ""
    mark = Mark(0, len(statement.text), LABELS[statement.role], "0", kb_id)
    set_spans(doc, {ITEMS: [mark]})
    [item] = doc.spans[ITEMS]
    item._.themes = [(theme, 1.0) for theme in statement.themes]
    doc.cats = {theme: float(theme in statement.themes) for theme in theme_ids()}
    doc.user_data.update(id=statement.id, group=statement.group)
    return doc


def _doc(text: str, nlp: "Language") -> "Doc":
    """The tokens of `text`, every blank one of its own: so an edge may stand anywhere."""
    from spacy.tokens import Doc

    words = [
        word for token in nlp.make_doc(text) for word in (token.text, token.whitespace_) if word
    ]
    return Doc(nlp.vocab, words=words, spaces=[False] * len(words))


def write_docs(docs: Iterable["Doc"], path: Path | str) -> int:
    """Write a DocBin, user data included; the number of its Docs. Raises NianbaoError E401."""
    from spacy.tokens import DocBin

    bin_ = DocBin(store_user_data=True, docs=docs)
    try:
        Path(path).write_bytes(bin_.to_bytes())
    except OSError as error:
        raise NianbaoError("E401", reason=error.strerror or error) from error
    return len(bin_)


def read_docs(path: Path | str, nlp: "Language") -> "Iterator[Doc]":
    """The Docs of a DocBin, with the vocabulary of `nlp`."""
    from spacy.tokens import DocBin

    yield from DocBin().from_disk(path).get_docs(nlp.vocab)


class _Docs:
    """A sink of `inference.batch` that keeps the Doc of every report."""

    def __init__(self, nlp: "Language") -> None:
        self._nlp = nlp
        self.docs: list[Doc] = []

    def add(self, path: str, report: Report) -> None:
        self.docs.append(doc_of(report, self._nlp))

    def add_failure(self, path: str, sha256: str | None, error: NianbaoError) -> None:
        """A DocBin has no place for it; it is told on standard error."""


def _statements(path: str) -> tuple[Statement, ...]:
    try:
        return read_statements(path)
    except OSError as error:
        raise UnreadableFile("E103", reason=error.strerror or error) from error
    except ValueError as error:  # no UTF-8, or a line that is no statement
        raise UnreadableFile("E103", reason=f"{path}: {' '.join(str(error).split())}") from error


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nianbao docbin",
        description="写出 spaCy 的 DocBin | Write a spaCy DocBin",
        epilog="例 example: nianbao docbin 年报/ -o reports.spacy",
    )
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="要解析的文件或文件夹；.jsonl 为标了主题的语句，原样写出"
        " | files or folders to parse; .jsonl: statements labelled with themes, written as gold",
    )
    add("-o", "--output", type=Path, required=True, metavar="OUT.spacy", help="输出 | output")
    add("--model", type=Path, metavar="PATH", help="模型文件夹 | model folder")
    help_ = "correct 所记的更正 | what `correct` keeps"
    add("--corrections", type=Path, metavar="FILE", help=help_)
    options = parser.parse_args(argv)
    if not options.output.parent.is_dir():
        parser.error(f"没有这个文件夹 | no such folder: {options.output.parent}")
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """The command. Returns 3 where an input could not be parsed, which stops no other."""
    options = _arguments(argv)
    logging.getLogger("jieba").disabled = True  # it tells of its dictionary on standard error
    nlp = blank()
    gold = [path for path in options.inputs if path.endswith(".jsonl")]
    paths = list(find_inputs(path for path in options.inputs if path not in gold))
    sink = _Docs(nlp)
    sink.docs = [doc_of_statement(one, nlp) for path in gold for one in _statements(path)]
    failed = 0
    if paths:
        attempt = attempt_with(load_tagger(options.model))
        if options.corrections is not None:
            layer = load_corrections(options.corrections)
            attempt = then(attempt, lambda report: with_corrections(report, layer))
        with follow(len(paths), bar=False, log=True, verbose=False) as tell:
            tally = run(paths, attempt, sink, tell)
        failed = tally.failed
        for line in account(tally):
            say(line)
    count = write_docs(sink.docs, options.output)
    say(f"写出 {count} 个 Doc：{options.output} | {count} Docs written")
    return SOME_FAILED if failed else 0
