"""Reports of two sections, and what they are found to say of themselves."""

from nianbao.inference.meta import find_meta
from nianbao.models.document import Document
from nianbao.models.form import Version
from nianbao.models.labels import Span
from nianbao.models.report import Finding, Meta, Section, SectionId

BODY = "一、总体情况\n本单位做好各项工作。\n六、其他需要报告的事项\n无。"


def document(text: str, *spans: Span, metadata: tuple[tuple[str, str], ...] = ()) -> Document:
    return Document("-", text, "txt", "", "utf-8", metadata=metadata, spans=spans)


def sections_of(text: str) -> tuple[Section, ...]:
    """Sections 1 and 6 of a text that is built like BODY."""
    first, last = text.find("一、总体情况"), text.find("六、其他需要报告的事项")
    end = text.index("无。", last) + 2
    edges: tuple[tuple[SectionId, int, int, int], ...]
    edges = (("1", first, 6, last - 1), ("6", last, 11, end))
    return tuple(
        Section(id=id_, heading=None, heading_start=start, heading_end=start + length,
                body_start=start + length + 1, body_end=stop, confidence=1)
        for id_, start, length, stop in edges
    )  # fmt: skip


def meta_of(
    text: str, *spans: Span, version: Version | None = "2021",
    metadata: tuple[tuple[str, str], ...] = (),
) -> tuple[Meta, list[str]]:  # fmt: skip
    found: tuple[Finding, ...]
    doc = document(text, *spans, metadata=metadata)
    meta, found = find_meta(doc, sections_of(text), version)
    return meta, [one.code for one in found]
