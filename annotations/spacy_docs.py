"""spaCy's DocBin with labelled reports, as `docbin` writes them."""

import logging
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

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
_DAMAGED = (zlib.error, ValueError, LookupError, TypeError)  # as zlib, msgpack and spaCy tell it


class _Record(NamedTuple):
    """What a Doc has to say. regions: None where it has not our group of spans."""

    text: str
    regions: tuple[Region, ...] | None
    about: dict[str, Any]


@cache
def _nlp() -> "Language":
    logging.getLogger("jieba").disabled = True  # it tells of its dictionary on standard error
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
        records = [_record(doc) for doc in read_docs(path, _nlp())]
    except OSError as error:
        raise NianbaoError("E108", path=path, reason=error.strerror or error) from error
    except _DAMAGED as error:
        raise NianbaoError("E108", path=path, reason="不是 DocBin | no DocBin") from error
    for number, record in enumerate(records, start=1):
        yield from outcome_of(path, f"doc {number}", _document, record)


def _record(doc: "Doc") -> _Record:
    """Everything is decoded here, spans too, which spaCy leaves packed until they are asked for."""
    regions = None
    if ALL_LABELS in doc.spans:
        group = doc.spans[ALL_LABELS]
        regions = tuple(Region(span.start_char, span.end_char, span.label_) for span in group)
    about = doc.user_data.get(_CARRIED)
    return _Record(doc.text, regions, about if isinstance(about, dict) else {})


def _document(record: _Record) -> AnnotatedDocument:
    if record.regions is None:
        raise Misfit(Trouble("", f"没有片段组 {ALL_LABELS} | no group of spans {ALL_LABELS}"))
    return document_with(record.text, spans_of(record.text, record.regions), record.about)
