"""Spans as one BIO tag for each code point, and back."""

from collections.abc import Sequence

from ..models.labels import Span
from .documents import AnnotatedDocument
from .misfit import Misfit, Trouble
from .names import label_of

OUTSIDE = "O"


def tags_of(document: AnnotatedDocument) -> list[str]:
    """[code points] `O`, `B-…`, `I-…`."""
    tags = [OUTSIDE] * len(document.text)
    for span in document.spans:
        tags[span.start] = f"B-{span.label}"
        tags[span.start + 1 : span.end] = [f"I-{span.label}"] * (span.end - span.start - 1)
    return tags


def spans_of_tags(tags: Sequence[object]) -> tuple[Span, ...]:
    """The spans. Misfit: a tag that is none, and an I- that continues nothing."""
    spans: list[Span] = []
    troubles: list[Trouble] = []
    for place, tag in enumerate(tags):
        kind, _, name = tag.partition("-") if isinstance(tag, str) else ("", "", "")
        label = label_of(name)
        if tag == OUTSIDE:
            continue
        if kind == "B" and label is not None:
            spans.append(Span(place, place + 1, label))
        elif kind == "I" and label is not None:
            last = spans[-1] if spans else None
            if last is not None and last.end == place and last.label is label:
                spans[-1] = Span(last.start, place + 1, label)
            else:
                reason = f"{tag} 之前没有同类标签 | {tag} continues nothing"
                troubles.append(Trouble.at(place, place + 1, reason))
        else:
            reason = f"没有这个标签：{tag} | no such tag: {tag}"
            troubles.append(Trouble.at(place, place + 1, reason))
    if troubles:
        raise Misfit(*troubles)
    return tuple(spans)
