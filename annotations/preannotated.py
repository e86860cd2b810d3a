"""Reports on their way to annotators: parsed, with the labels that the model gave them."""

from collections.abc import Iterable
from pathlib import Path

from ..inference.pipeline import build_report, tagged
from ..inference.read import read
from ..inference.tagger import Tagger
from ..models.document import Document
from ..models.errors import NotAReport
from ..models.labels import Span
from ..models.report import Item, Report
from .documents import ID_LENGTH, ITEMS, AnnotatedDocument, ItemThemes


def preannotated(
    path: str | Path, tagger: Tagger, *, with_themes: bool
) -> tuple[AnnotatedDocument, Report]:
    """Parse one file. Raises NianbaoError as `pipeline.parse`."""
    doc = tagged(read(path), tagger)
    report = build_report(doc, tagger)
    document = AnnotatedDocument(
        id=doc.sha256[:ID_LENGTH],
        text=doc.text,
        spans=doc.spans,
        sha256=doc.sha256,
        source=report.source.path,
        themes=_themes(doc.spans, report.items) if with_themes else (),
    )
    return document, report


def themes_in(text: str, spans: tuple[Span, ...], tagger: Tagger) -> tuple[ItemThemes, ...]:
    """Of the items of a text that has its labels; none where it is no report.

    text: without CR, as `read` makes it.
    """
    doc = Document(path="-", text=text, format="txt", sha256="", encoding="utf-8", spans=spans)
    try:
        return _themes(spans, build_report(doc, tagger).items)
    except NotAReport:
        return ()


def _themes(spans: Iterable[Span], items: Iterable[Item]) -> tuple[ItemThemes, ...]:
    """Of the items that have the edges of a span; those that the parser cut anew have none."""
    edges = {(span.start, span.end) for span in spans if span.label in ITEMS}
    return tuple(
        ItemThemes(item.start, item.end, tuple(theme.id for theme in item.themes))
        for item in sorted(items, key=lambda item: item.start)
        if (item.start, item.end) in edges and (item.themes or item.generic)
    )


def model_version(tagger: Tagger) -> str:
    """By what name predictions are told apart."""
    return f"{tagger.info.name} {tagger.info.version} {tagger.info.sha256[:8]}"
