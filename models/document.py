"""A report on its way through the house: one text, its labelled spans, its grid."""

from dataclasses import dataclass

from .labels import Span


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a structured source's table, with its place in the written-out text.

    `text[start:end]` is its wording, stripped; start = end where it is empty.
    row, column: the top left place, from 0, after row and column spans were expanded.
    """

    table: int
    row: int
    column: int
    row_span: int
    column_span: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A report on its way through the pipeline. Steps return a new one; none changes it.

    text: decoded, BOM off, CR LF and CR made LF; it never changes after reading, so every
        offset (half open, in code points) stays valid to the end.
    path: as the user gave it; "-" for standard input.
    format: txt, md or html (docx, doc, pdf, image later).
    sha256: of the source's bytes.
    encoding: the codec that was used, as Python names it.
    grid: empty for plain text.
    metadata: what the page's head says of itself (`publication_date`, `issuer`), from meta tags.
    spans: sorted, without overlap; empty before tagging.
    """

    path: str
    text: str
    format: str
    sha256: str
    encoding: str
    grid: tuple[GridCell, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    spans: tuple[Span, ...] = ()

    def wording(self, span: Span) -> str:
        return self.text[span.start : span.end]
