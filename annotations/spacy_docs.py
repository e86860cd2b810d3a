"""spaCy's DocBin with labelled reports, as `docbin` writes them."""

import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..inference.nlp import blank
from ..models.document import Document
from ..models.errors import NianbaoError
from .carried import carried, document_with
from .checks import Outcome, Region, outcome_of, spans_of
from .docbin import ALL_LABELS, doc_of_document, read_docs, write_docs
from .documents import AnnotatedDocument
from .misfit import Misfit, Trouble

if TYPE_CHECKING:  # where spaCy is missing, the import of nlp has told so
    from spacy.language import Language
    from spacy.tokens import Doc

_CARRIED = "annotation"


@cache
def _nlp() -> "Language":
    return blank()


def write(documents: Iterable[AnnotatedDocument], path: Path) -> None:
    """Write a DocBin. Raises NianbaoError E401."""
    docs = []
    for one in documents:
        labelled = Document(one.source, one.text, "txt", one.sha256, "utf-8", spans=one.spans)
        doc = doc_of_document(labelled, _nlp())
        doc.user_data[_CARRIED] = carried(one)
        docs.append(doc)
    write_docs(docs, path)


def read(path: Path) -> Iterator[Outcome]:
    """The documents, each checked, and what was refused. Raises NianbaoError E108.

    Docs of others need the group `sc` of spans, with our labels.
    """
    try:
        docs = list(read_docs(path, _nlp()))
    except OSError as error:
        raise NianbaoError("E108", path=path, reason=error.strerror or error) from error
    except (zlib.error, ValueError, KeyError, TypeError) as error:  # as zlib and msgpack tell it
        raise NianbaoError("E108", path=path, reason="不是 DocBin | no DocBin") from error
    for number, doc in enumerate(docs, start=1):
        yield from outcome_of(path, f"doc {number}", _document, doc)


def _document(doc: "Doc") -> AnnotatedDocument:
    if ALL_LABELS not in doc.spans:
        raise Misfit(Trouble("", f"没有片段组 {ALL_LABELS} | no group of spans {ALL_LABELS}"))
    regions = [
        Region(span.start_char, span.end_char, span.label_) for span in doc.spans[ALL_LABELS]
    ]
    about = doc.user_data.get(_CARRIED)
    return document_with(
        doc.text, spans_of(doc.text, regions), about if isinstance(about, dict) else {}, ""
    )
