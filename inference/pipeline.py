"""The way of a report through the house: read, tag, align, check."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..models.document import Document
from ..models.errors import NianbaoError
from ..models.findings import finding
from ..models.form import Version
from ..models.report import Finding, Report, Source
from .answers import with_answers
from .check import check_relations, check_soft
from .claims import find_claims
from .confidence import with_confidence
from .items import find_items, item_findings, narrative_of
from .kind import require_report
from .legible import legible
from .meta import cited_version, find_meta
from .read import MAX_BYTES, read, read_text
from .second import only_first_report
from .sections import lay_out
from .snap import snap_to_cells
from .tables import align
from .themes import ThemeClassifier, load_classifier, with_themes
from .tokens import tokens_of

if TYPE_CHECKING:
    from .tagger import Tagger


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one input: a report, or the error that stopped it."""

    path: str
    report: Report | None = None
    error: NianbaoError | None = None
    sha256: str | None = None

    @property
    def ok(self) -> bool:
        return self.report is not None


@cache
def default_tagger() -> "Tagger":
    """The tagger of the current version, loaded once."""
    from .tagger import load_tagger

    return load_tagger()


@cache
def default_classifier() -> ThemeClassifier:
    """The classifier of themes that goes with it, loaded once, with the first item to be read."""
    return load_classifier()


def parse(
    path: str | Path, *, tagger: "Tagger | None" = None, max_bytes: int = MAX_BYTES
) -> Report:
    """Parse one file. Raises NianbaoError (UnreadableFile, NotAReport) with a code."""
    return parse_document(read(path, max_bytes=max_bytes), tagger)


def parse_text(text: str, *, tagger: "Tagger | None" = None, path: str = "-") -> Report:
    """Parse a report given as a string. Raises NotAReport."""
    return parse_document(read_text(text, path), tagger)


def parse_many(
    paths: Iterable[str | Path], *, tagger: "Tagger | None" = None, max_bytes: int = MAX_BYTES
) -> Iterator[Result]:
    """Parse file after file; an error of one is in its result and stops no other."""
    for path in paths:
        try:
            report = parse(path, tagger=tagger, max_bytes=max_bytes)
        except NianbaoError as error:
            yield Result(str(path), error=error, sha256=sha256_of(path))
        else:
            yield Result(str(path), report=report, sha256=report.source.sha256)


def sha256_of(path: str | Path) -> str | None:
    """The hash of a file's bytes; None where it cannot be read."""
    if not Path(path).is_file():  # a device would never end
        return None
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def parse_document(
    doc: Document,
    tagger: "Tagger | None" = None,
    classifier: ThemeClassifier | None = None,
) -> Report:
    """From a document that was read to a checked report."""
    tagger = tagger or default_tagger()
    return build_report(tagged(doc, tagger), tagger, classifier)


def tagged(doc: Document, tagger: "Tagger") -> Document:
    """`doc` with the tagger's labels, seen on its legible copy."""
    return replace(doc, spans=tagger.tag(legible(doc.text)))


def build_report(
    doc: Document, tagger: "Tagger", classifier: ThemeClassifier | None = None
) -> Report:
    """The report of a document that carries its labels."""
    source, spans = doc.text, doc.spans
    doc, second = only_first_report(snap_to_cells(replace(doc, text=legible(source))))
    cited: Version | None = cited_version(doc.text)
    tokens = tokens_of(doc)
    alignment = align(doc, cited, tokens)
    sections, layout_findings = lay_out(doc, tokens, alignment.extents)
    cells = {cell.path: cell for cell in alignment.cells}
    require_report(doc, cells, sections)
    meta, meta_findings = find_meta(doc, sections, alignment.form_version)
    items = find_items(doc, sections)
    checks = check_relations(alignment.form_version or "2021", cells)
    claims, claim_findings = find_claims(doc, sections, cells, meta.year)
    narrative = narrative_of(doc, sections, items)
    findings = (
        *second,
        *layout_findings,
        *alignment.findings,
        *check_soft(checks, alignment, meta),
        *item_findings(sections, items, narrative),
        *meta_findings,
        *claim_findings,
        *_text_findings(doc),
    )
    report = _as_printed(
        source,
        Report(
            status="ok",
            source=Source(
                path=doc.path,
                sha256=doc.sha256,
                format=doc.format,  # type: ignore[arg-type]
                encoding=doc.encoding,
                text=source,
            ),
            meta=meta,
            sections=sections,
            tables=alignment.tables,
            cells=alignment.cells,
            items=items,
            narrative=narrative,
            claims=claims,
            checks=checks,
            findings=findings,
            model=tagger.info,
        ),
    )
    if tagger.calibration is not None:
        report = with_confidence(report, spans, tagger.calibration)
    if report.items:  # else the classifier is not loaded
        report = with_themes(report, classifier or default_classifier())
    report = with_answers(report)
    reasons = reasons_of(report.findings)
    status = "review" if reasons else "ok"
    return report.model_copy(update={"status": status, "reasons": reasons})


def _as_printed(source: str, report: Report) -> Report:
    """`report` with every wording as the source prints it, where the legible copy differs."""
    if source == legible(source):
        return report
    return report.model_copy(
        update={
            "sections": tuple(
                s.model_copy(update={"heading": source[s.heading_start : s.heading_end]})
                if s.heading is not None
                else s
                for s in report.sections
            ),
            "cells": tuple(
                c.model_copy(update={"raw": source[c.start : c.end]}) if c.raw else c
                for c in report.cells
            ),
            "items": tuple(
                i.model_copy(update={"text": source[i.start : i.end]}) for i in report.items
            ),
        }
    )


#: Findings that are no errors of the report, for which a person should look all the same.
REASONS = ("second_report", "low_confidence")


def _text_findings(doc: Document) -> list[Finding]:
    count = doc.text.count("\ufffd")
    return [finding("replacement_character", count=count)] if count else []


def reasons_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Codes of the findings for which a person should look, each once, in order."""
    return tuple(
        dict.fromkeys(f.code for f in findings if f.severity == "error" or f.code in REASONS)
    )
