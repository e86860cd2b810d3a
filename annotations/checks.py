"""The border: what foreign annotation files say, checked against the text they speak of.

Offsets that have slipped would teach the model noise, in silence. So a document of which a single
span does not fit is refused as a whole, with the place of everything that is wrong in it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..inference.progress import printable
from ..models.errors import NianbaoError
from ..models.labels import Span
from .documents import AnnotatedDocument
from .misfit import Misfit, Trouble
from .names import label_of

_SHOWN = 20  # characters of a wording in a message
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Region:
    """A span as a file tells it, nothing of it checked. wording: None where the file has none."""

    start: object
    end: object
    label: object
    wording: str | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A document that was not taken, and one reason. reason: `中文 | English`."""

    file: str
    task: str
    place: str
    reason: str

    @property
    def words(self) -> str:
        """For people: `file, task, place: 中文 | English`."""
        where = ", ".join(word for word in (self.file, self.task, self.place) if word)
        return f"{where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A task that its annotator passed over: cancelled in Label Studio, rejected in Prodigy."""


Checked = AnnotatedDocument | Refusal
Outcome = Checked | Skipped


def outcome_of(
    path: Path, task: str, make: Callable[[Any], AnnotatedDocument], record: Any
) -> Iterator[Checked]:
    """The document that `make` makes of a record, or a refusal for each of its troubles."""
    try:
        document = make(record)
        for name in ("id", "annotator", "sha256", "source", "chosen"):
            require_text(getattr(document, name) or "", name)
    except Misfit as misfit:
        yield from refusals(path, task, misfit)
    else:
        yield document


def refusals(path: Path, task: str, misfit: Misfit) -> Iterator[Refusal]:
    """They can be told and written, whatever a file holds or is named."""
    for trouble in misfit.troubles:
        words = (str(path), task, trouble.place, trouble.reason)
        yield Refusal(*map(printable, words))


def read_text(path: Path) -> str:
    """A file in UTF-8, its line ends as they are. NianbaoError E108."""
    try:
        return path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    except OSError as error:
        raise NianbaoError("E108", path=path, reason=error.strerror or error) from error
    except UnicodeDecodeError as error:
        reason = f"第 {error.start} 字节起不是 UTF-8 | no UTF-8 at byte {error.start}"
        raise NianbaoError("E108", path=path, reason=reason) from error


def write_text(path: Path, text: str) -> None:
    """Replace the file at once, so that no half of it ever stands there. NianbaoError E401."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        raise NianbaoError("E401", reason=error.strerror or error) from error


def json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    """(number of the line from 1, what stands there); a line that is no JSON stays a string."""
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                yield number, line


def parsed(model: type[_Model], record: Any) -> _Model:
    """`record` as a pydantic model. Misfit where it is something else."""
    if not isinstance(record, dict):
        raise Misfit(Trouble("", "不是 JSON 对象 | not a JSON object"))
    try:
        return model.model_validate(record)
    except ValidationError as error:
        raise Misfit(*(_foreign(one) for one in error.errors())) from error


def _foreign(error: Any) -> Trouble:
    where = ".".join(map(str, error["loc"]))
    return Trouble(where, f"格式不符 | {error['msg']}")


def require_text(text: str, name: str = "") -> None:
    """Misfit where the text holds half a surrogate pair, which no file can.

    name: of what is no report's text, to be told in place of where it stands.
    """
    for place, sign in enumerate(text):
        if "\ud800" <= sign <= "\udfff":
            reason = "半个代理对，不是文字 | half a surrogate pair, which is no text"
            raise Misfit(Trouble(name, reason) if name else Trouble.at(place, place + 1, reason))


def spans_of(text: str, regions: Iterable[Region]) -> tuple[Span, ...]:
    """The regions as spans, sorted. Misfit with all that is wrong with any of them.

    wording of a region: what stood between its offsets where it was drawn; Label Studio writes a
    line break in it as backslash and n.
    """
    require_text(text)
    regions = list(regions)
    troubles = [trouble for region in regions for trouble in _troubles(text, region)]
    if troubles:
        raise Misfit(*troubles)
    spans = sorted(_span(region) for region in regions)
    if overlaps := list(_overlaps(text, spans)):
        raise Misfit(*overlaps)
    return tuple(spans)


def _troubles(text: str, region: Region) -> Iterator[Trouble]:
    start, end = region.start, region.end

    def trouble(reason: str) -> Trouble:
        return Trouble.at(start, end, reason)

    if label_of(region.label) is None:
        yield trouble(f"没有这个标签：{region.label} | no such label: {region.label}")
    if not (type(start) is int and type(end) is int):  # True would be an int
        yield trouble("位置不是整数 | offsets are no integers")
    elif not 0 <= start < end <= len(text):
        reason = f"位置越界或为空，全文 {len(text)} 字 | out of range or empty, of {len(text)}"
        yield trouble(reason)
    elif region.wording is not None and not _same(region.wording, text[start:end]):
        here, there = _excerpt(text[start:end]), _excerpt(region.wording)
        yield trouble(f"原文此处是{here}，标注的是{there} | {here} stands here, not {there}")


def _same(wording: str, text: str) -> bool:
    return wording == text or wording == text.replace("\r", "\\n").replace("\n", "\\n")


def _excerpt(text: str) -> str:
    """In quotes, with what cannot be seen escaped."""
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")


def _span(region: Region) -> Span:
    label = label_of(region.label)
    assert isinstance(region.start, int) and isinstance(region.end, int) and label is not None
    return Span(region.start, region.end, label, region.score)


def _overlaps(text: str, spans: Sequence[Span]) -> Iterator[Trouble]:
    reached = None
    for span in spans:
        if reached is not None and span.start < reached.end:
            which = _excerpt(text[reached.start : reached.end])
            place = f"{reached.start}-{reached.end}"
            yield Trouble.at(
                span.start, span.end, f"与{which}（{place}）重叠 | overlaps {which} at {place}"
            )
        if reached is None or span.end > reached.end:
            reached = span
