"""Gold: labelled reports in JSONL, one document and one annotator a line.

The format is described in `gold/README.md`. Every span stands there with its wording, so that a
position that has slipped is found, and a person can read what was labelled.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from ..models.document import Document
from ..models.errors import NianbaoError
from ..models.labels import Span
from .checks import Checked, Refusal, Region, json_lines, outcome_of, parsed, spans_of, write_text
from .documents import AnnotatedDocument, ItemThemes, checked_themes, supersedes

FOLDER = Path(__file__).parent / "gold"


class _Line(BaseModel):
    """Ours: an unknown key is a typo."""

    model_config = ConfigDict(extra="forbid", strict=True)


class _Span(_Line):
    start: int
    end: int
    label: str
    text: str
    score: FiniteFloat = 1.0


class _Themes(_Line):
    start: int
    end: int
    themes: list[str]


class GoldLine(_Line):
    """annotator: null where nobody looked at it, which is no name."""

    id: str
    annotator: str | None = Field(None, min_length=1)
    source: str = ""
    sha256: str = ""
    chosen: str = ""
    text: str
    spans: list[_Span]
    themes: list[_Themes] = []


def as_line(document: AnnotatedDocument) -> str:
    """The line of a document, without a line feed."""
    fields: dict[str, Any] = {
        "id": document.id,
        "annotator": document.annotator,
        "source": document.source,
        "sha256": document.sha256,
        "chosen": document.chosen,
        "text": document.text,
        "spans": [_span(document, span) for span in document.spans],
        "themes": [
            {"start": item.start, "end": item.end, "themes": item.themes}
            for item in document.themes
        ],
    }
    return json.dumps(fields, ensure_ascii=False)


def _span(document: AnnotatedDocument, span: Span) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "start": span.start,
        "end": span.end,
        "label": span.label,
        "text": document.text[span.start : span.end],
    }
    return fields if span.score == 1.0 else fields | {"score": span.score}


def write(documents: Iterable[AnnotatedDocument], path: Path) -> None:
    """Write the lines. Raises NianbaoError E401."""
    write_text(path, "".join(as_line(document) + "\n" for document in documents))


def read(path: Path) -> Iterator[Checked]:
    """The documents, each checked against its text, and what was refused. NianbaoError E108."""
    for number, record in json_lines(path):
        yield from outcome_of(path, f"line {number}", _document, record)


def _document(record: Any) -> AnnotatedDocument:
    line = parsed(GoldLine, record)
    regions = [Region(s.start, s.end, s.label, s.text, s.score) for s in line.spans]
    spans = spans_of(line.text, regions)
    themes = [ItemThemes(item.start, item.end, tuple(item.themes)) for item in line.themes]
    return AnnotatedDocument(
        id=line.id,
        text=line.text,
        spans=spans,
        annotator=line.annotator,
        sha256=line.sha256,
        source=line.source,
        chosen=line.chosen,
        themes=checked_themes(spans, themes),
    )


def read_gold(path: Path) -> tuple[AnnotatedDocument, ...]:
    """The documents of a file that must be sound. NianbaoError E108 at its first fault."""
    documents = []
    for outcome in read(path):
        if isinstance(outcome, Refusal):
            raise NianbaoError("E108", path=path, reason=outcome.words)
        documents.append(outcome)
    return tuple(documents)


def work_of(document: AnnotatedDocument) -> tuple[str, str]:
    """Which report, labelled by whom ("" for nobody): of one work a gold file has one line."""
    return document.id, document.annotator or ""


def merged(
    old: Iterable[AnnotatedDocument], new: Iterable[AnnotatedDocument]
) -> tuple[AnnotatedDocument, ...]:
    """`old` with `new` added; what one annotator did again takes the place of what was there.

    Not so a correction of what that annotator labelled in full: see `supersedes`.
    """
    known = {work_of(document): document for document in old}
    for document in new:
        before = known.get(work_of(document))
        if before is None or supersedes(document, before):
            known[work_of(document)] = document
    return tuple(known[work] for work in sorted(known))


def as_document(annotated: AnnotatedDocument) -> Document:
    """The labelled Document that training reads."""
    return Document(
        path=annotated.source or annotated.id,
        text=annotated.text,
        format="txt",
        sha256=annotated.sha256,
        encoding="utf-8",
        spans=annotated.spans,
    )
