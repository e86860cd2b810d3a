"""What a document has beside text and spans, for formats that have a place for it only.

Labels are edited in such a format, this is carried along: the score of a span, and the themes of
an item, are lost where the span is no longer there.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, FiniteFloat, StrictInt, StrictStr

from ..models.labels import Span
from .checks import parsed, require_text
from .documents import ITEMS, AnnotatedDocument, ItemThemes, checked_themes, id_of


class Carried(BaseModel):
    """Keys of a foreign record that are ours; all of them may be absent."""

    model_config = ConfigDict(extra="ignore")

    doc_id: StrictStr | None = None
    annotator: StrictStr | None = None
    sha256: StrictStr = ""
    source: StrictStr = ""
    chosen: StrictStr = ""
    themes: tuple[tuple[StrictInt, StrictInt, tuple[StrictStr, ...]], ...] = ()
    scores: tuple[tuple[StrictInt, StrictInt, FiniteFloat], ...] = ()


def carried(document: AnnotatedDocument) -> dict[str, Any]:
    """The keys of `Carried` that have something to say."""
    fields = {
        "doc_id": document.id,
        "annotator": document.annotator,
        "sha256": document.sha256,
        "source": document.source,
        "chosen": document.chosen,
        "themes": [[item.start, item.end, list(item.themes)] for item in document.themes],
        "scores": [[s.start, s.end, s.score] for s in document.spans if s.score != 1.0],
    }
    return {key: value for key, value in fields.items() if value or key == "doc_id"}


def document_with(text: str, spans: Sequence[Span], record: dict[str, Any]) -> AnnotatedDocument:
    """The document of checked spans and of what a record carries. Misfit."""
    require_text(text)
    about = parsed(Carried, record)
    scores = {(start, end): score for start, end, score in about.scores}
    items = {(span.start, span.end) for span in spans if span.label in ITEMS}
    themes = [
        ItemThemes(start, end, ids) for start, end, ids in about.themes if (start, end) in items
    ]
    return AnnotatedDocument(
        id=id_of(text) if about.doc_id is None else about.doc_id,
        text=text,
        spans=tuple(
            Span(s.start, s.end, s.label, scores.get((s.start, s.end), s.score)) for s in spans
        ),
        annotator=about.annotator or None,
        sha256=about.sha256,
        source=about.source,
        chosen=about.chosen,
        themes=checked_themes(spans, themes),
    )
