"""doccano's JSONL for sequence labelling: `{"text": …, "label": [[start, end, label], …]}`.

doccano counts UTF-16 units, or grapheme clusters if a project is set so (doccano/doccano#2290),
and its lines hold no wording to check an offset against. So our lines show a text in which all
three counts agree (`stand_in`), and of others a span is refused that stands behind a sign for
which they do not. Prodigy's `spans` and doccano's `entities` are read too.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, StrictInt, StrictStr

from .carried import carried, document_with
from .checks import Outcome, Region, json_lines, outcome_of, parsed, spans_of, write_text
from .documents import AnnotatedDocument
from .misfit import Misfit, Trouble
from .stand_in import counted_otherwise, original, shown, with_kept, without_unsure


class _Line(BaseModel):
    """stand_in: the sha256 of the text that we showed. kept: signs that it has not, by place."""

    model_config = ConfigDict(extra="ignore")

    id: int | str | None = None
    text: StrictStr
    label: list[Any] | None = None
    labels: list[Any] | None = None
    entities: list[Any] | None = None
    spans: list[Any] | None = None
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
        yield from outcome_of(path, f"line {number}", _document, record)


def _document(record: Any) -> AnnotatedDocument:
    line = parsed(_Line, record)
    regions = list(_regions(line))
    if line.stand_in is None:
        text = line.text
        _require_one_count(text, regions)
    else:
        text = _original(line, line.stand_in)
    fallback = "" if line.id is None else str(line.id)
    return document_with(text, spans_of(text, regions), record, fallback)


def _original(line: _Line, digest: str) -> str:
    if _digest(line.text) != digest:
        reason = "文字与导出时不同 | the text is not what was exported"
        raise Misfit(Trouble.at(0, len(line.text), reason))
    try:
        return original(with_kept(line.text, line.kept))
    except ValueError as error:
        raise Misfit(Trouble("kept", f"替代的字不符 | {error}")) from error


def _regions(line: _Line) -> Iterator[Region]:
    """Triples of doccano, or objects of doccano (`start_offset`) and Prodigy (`start`)."""
    given = [line.label, line.labels, line.entities, line.spans]
    found = next((one for one in given if one is not None), None)
    if found is None:
        raise Misfit(Trouble("", "没有 label 或 entities | no key label or entities"))
    for one in found:
        if isinstance(one, list) and len(one) == 3:
            yield Region(*one)
        elif isinstance(one, dict):
            start = one.get("start_offset", one.get("start"))
            yield Region(start, one.get("end_offset", one.get("end")), one.get("label"))
        else:
            raise Misfit(Trouble("", f"不是标注：{one} | not a span: {one}"))


def _require_one_count(text: str, regions: Iterable[Region]) -> None:
    first = next((i for i, sign in enumerate(text) if counted_otherwise(sign)), len(text))
    reason = (
        f"第 {first} 字的计数各家不同，其后的位置不可靠"
        f" | offsets behind character {first} depend on how it is counted"
    )
    late = [r for r in regions if isinstance(r.end, int) and r.end > first]
    if late:
        raise Misfit(*(Trouble.at(region.start, region.end, reason) for region in late))
