"""doccano's JSONL for sequence labelling: `{"text": …, "label": [[start, end, label], …]}`.

doccano counts UTF-16 units, or grapheme clusters if a project is set so (doccano/doccano#2290),
and its lines hold no wording to check an offset against. So our lines show a text in which all
three counts agree (`stand_in`), and of others a span is refused that stands behind a sign for
which they do not, unless it comes with its wording. Prodigy's `spans` and doccano's `entities` are
read too; what was rejected or ignored in Prodigy is no annotation.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr

from .carried import carried, document_with
from .checks import (
    Outcome,
    Region,
    Skipped,
    json_lines,
    outcome_of,
    parsed,
    spans_of,
    write_text,
)
from .documents import AnnotatedDocument
from .misfit import Misfit, Trouble
from .stand_in import counted_otherwise, original, shown, with_kept, without_unsure


class _Line(BaseModel):
    """answer: Prodigy's. stand_in: the sha256 of the text that we showed.

    kept: signs that it has not, by place.
    """

    model_config = ConfigDict(extra="ignore")

    text: StrictStr
    label: list[Any] | None = None
    labels: list[Any] | None = None
    entities: list[Any] | None = None
    spans: list[Any] | None = None
    answer: Literal["accept", "reject", "ignore"] | None = None
    stand_in: StrictStr | None = None
    kept: tuple[tuple[StrictInt, StrictStr], ...] = ()


def write(documents: Iterable[AnnotatedDocument], path: Path) -> None:
    """Write the lines. Raises NianbaoError E401."""
    lines = (json.dumps(_line(document), ensure_ascii=False) + "\n" for document in documents)
    write_text(path, "".join(lines))


def _line(document: AnnotatedDocument) -> dict[str, Any]:
    text, kept = without_unsure(shown(document.text))
    labels = [[span.start, span.end, span.label] for span in document.spans]
    line = {"text": text, "label": labels, "stand_in": _digest(text)}
    return line | ({"kept": kept} if kept else {}) | carried(document)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read(path: Path) -> Iterator[Outcome]:
    """The documents, each checked, and what was refused. Raises NianbaoError E108."""
    for number, record in json_lines(path):
        if isinstance(record, dict) and record.get("answer") in ("reject", "ignore"):
            yield Skipped()
        else:
            yield from outcome_of(path, f"line {number}", _document, record)


def _document(record: Any) -> AnnotatedDocument:
    line = parsed(_Line, record)
    text, regions = _original(line), list(_regions(line))
    troubles = list(_uncertain(line.text, regions))
    try:
        spans = spans_of(line.text, regions)
    except Misfit as misfit:
        troubles += misfit.troubles
    if troubles:
        raise Misfit(*troubles)
    return document_with(text, spans, record)


def _original(line: _Line) -> str:
    """The text of what was shown, of the same length; that of others is their own."""
    if line.stand_in is None:
        return line.text
    if _digest(line.text) != line.stand_in:
        reason = "文字与导出时不同 | the text is not what was exported"
        raise Misfit(Trouble.at(0, len(line.text), reason))
    try:
        return original(with_kept(line.text, line.kept))
    except ValueError as error:
        raise Misfit(Trouble("kept", f"替代的字不符 | {error}")) from error


def _regions(line: _Line) -> Iterator[Region]:
    """Triples of doccano, or objects of doccano (`start_offset`) and Prodigy (`start`)."""
    for one in _given(line):
        if isinstance(one, list) and len(one) == 3:
            yield Region(*one)
        elif isinstance(one, dict) and isinstance(wording := one.get("text"), str | None):
            start = one.get("start_offset", one.get("start"))
            end = one.get("end_offset", one.get("end"))
            yield Region(start, end, one.get("label"), wording)
        else:
            raise Misfit(Trouble("", f"不是标注：{one} | not a span: {one}"))


def _given(line: _Line) -> list[Any]:
    """What stands under the one key that is filled, whatever the others are."""
    given = [one for one in (line.label, line.labels, line.entities, line.spans) if one is not None]
    filled = [one for one in given if one]
    if len(filled) > 1:
        reason = "label、entities、spans 里不止一处有标注 | spans under more than one key"
        raise Misfit(Trouble("", reason))
    if not given:
        raise Misfit(Trouble("", "没有 label 或 entities | no key label or entities"))
    return filled[0] if filled else []


def _uncertain(text: str, regions: Iterable[Region]) -> Iterator[Trouble]:
    """Of regions in the text that could lie elsewhere for who counts otherwise."""
    first = next((i for i, sign in enumerate(text) if counted_otherwise(sign)), len(text))
    reason = (
        f"第 {first} 字的计数各家不同，其后的位置不可靠"
        f" | offsets behind character {first} depend on how it is counted"
    )
    for region in regions:
        within = isinstance(region.end, int) and first < region.end <= len(text)
        if within and region.wording is None:
            yield Trouble.at(region.start, region.end, reason)
