"""Label Studio's JSON (1.23): tasks with predictions or annotations out, its export in again.

`data.text` is the report's text; annotators see `data.shown`, the copy of the same length in
which tabs and blanks can be seen (`stand_in`). Label Studio counts in code points and checks
nothing: unknown labels and offsets out of range come back as they went in.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, FiniteFloat, StrictInt, StrictStr

from ..models.errors import NianbaoError
from ..models.labels import Span
from .checks import (
    Outcome,
    Region,
    Skipped,
    outcome_of,
    parsed,
    read_text,
    refusals,
    spans_of,
    write_text,
)
from .documents import AnnotatedDocument, ItemThemes, checked_themes, id_of
from .misfit import Misfit, Trouble
from .names import GENERIC, theme_of
from .stand_in import shown

CONFIGS = Path(__file__).parent / "label_studio"
LABEL, TEXT = "label", "text"  # names in the configs
THEMES = ("theme1", "theme2", "theme3")  # the weightiest first; a list of choices has no order


class _Foreign(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Data(_Foreign):
    text: StrictStr
    shown: StrictStr | None = None
    id: StrictStr | StrictInt | None = None
    annotator: StrictStr | None = None
    sha256: StrictStr = ""
    source: StrictStr = ""
    chosen: StrictStr = ""


class _Result(_Foreign):
    """A region of the text, or a choice for the region that has the same id."""

    id: StrictStr = ""
    type: StrictStr
    from_name: StrictStr = ""
    to_name: StrictStr = TEXT
    score: FiniteFloat | None = None
    value: dict[str, Any] = {}


class _Annotation(_Foreign):
    completed_by: int | str | dict[str, Any] | None = None
    was_cancelled: bool = False
    result: list[dict[str, Any]] = []


class _Task(_Foreign):
    data: dict[str, Any]
    annotations: list[dict[str, Any]] | None = None
    predictions: list[Any] | None = None


def task_of(document: AnnotatedDocument, model_version: str = "") -> dict[str, Any]:
    """A task. What nobody has looked at is a prediction, which a person is to correct."""
    data = {
        "id": document.id,
        "text": document.text,
        "shown": shown(document.text),
        "annotator": document.annotator,
        "sha256": document.sha256,
        "source": document.source,
        "chosen": document.chosen,
    }
    result = results_of(document.text, document.spans, document.themes)
    if document.annotator is not None:
        return {"data": data, "annotations": [{"result": result}]}
    return {"data": data, "predictions": [prediction(result, model_version)]}


def prediction(result: Sequence[Mapping[str, Any]], model_version: str) -> dict[str, Any]:
    """score: the least of its spans, so that ascending order gives the doubtful tasks first."""
    score = min((one["score"] for one in result if "score" in one), default=1.0)
    return {"model_version": model_version, "score": score, "result": list(result)}


def results_of(
    text: str, spans: Iterable[Span], themes: Iterable[ItemThemes] = ()
) -> list[dict[str, Any]]:
    """Regions, and behind them the choices of themes for those that are items.

    A region's id is its place: what is suggested to an annotator replaces the region that the
    model put there before, and no other.
    """
    seen = shown(text)
    by_item = {(item.start, item.end): item.themes or (GENERIC,) for item in themes}
    results = []
    for span in spans:
        place = {"start": span.start, "end": span.end, "text": seen[span.start : span.end]}
        common = {"id": f"{span.start}-{span.end}", "to_name": TEXT}
        value = {**place, "labels": [span.label]}
        region = {**common, "from_name": LABEL, "type": "labels", "value": value}
        results.append({**region, "score": span.score})
        chosen = by_item.get((span.start, span.end), ())
        for name, theme in zip(THEMES, chosen, strict=False):
            value = {**place, "choices": [theme]}
            results.append({**common, "from_name": name, "type": "choices", "value": value})
    return results


def write(documents: Iterable[AnnotatedDocument], path: Path, model_version: str = "") -> None:
    """Write a list of tasks, one a line. Raises NianbaoError E401."""
    tasks = (json.dumps(task_of(one, model_version), ensure_ascii=False) for one in documents)
    write_text(path, "[\n" + ",\n".join(tasks) + "\n]\n")


def read(path: Path) -> Iterator[Outcome]:
    """One document for each annotation, and what was refused. Raises NianbaoError E108.

    Predictions are passed over, except in a file that never went through Label Studio: its tasks
    have no key `annotations`.
    """
    try:
        tasks = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise NianbaoError("E108", path=path, reason="不是 JSON | not JSON") from error
    if not isinstance(tasks, list):
        reason = "不是任务的列表 | not a list of tasks"
        raise NianbaoError("E108", path=path, reason=reason)
    for number, record in enumerate(tasks, start=1):
        yield from _of_task(path, f"task {_name(record, number)}", record)


def _name(record: Any, number: int) -> object:
    return record.get("id", number) if isinstance(record, dict) else number


def _of_task(path: Path, name: str, record: Any) -> Iterator[Outcome]:
    try:
        task = parsed(_Task, record)
        data = parsed(_Data, task.data)
        _require_same_text(data)
    except Misfit as misfit:
        yield from refusals(path, name, misfit)
        return
    person = task.annotations is not None
    labelled: list[Any] = (task.annotations if person else task.predictions) or []
    for number, one in enumerate(labelled, start=1):
        if isinstance(one, dict) and one.get("was_cancelled"):
            yield Skipped()
            continue
        where = name if len(labelled) == 1 else f"{name}, annotation {number}"
        make = partial(_document, data, person)
        yield from outcome_of(path, where, make, one)


def _require_same_text(data: _Data) -> None:
    if data.shown is not None and data.shown != shown(data.text):
        pairs = zip(data.shown, shown(data.text), strict=False)
        shortest = min(len(data.shown), len(data.text))
        place = next((i for i, (one, other) in enumerate(pairs) if one != other), shortest)
        reason = "显示的文字与原文不符 | what was shown differs from the text"
        raise Misfit(Trouble.at(place, place + 1, reason))


def _document(data: _Data, person: bool, record: Any) -> AnnotatedDocument:
    annotation = parsed(_Annotation, record)
    results = [parsed(_Result, one) for one in annotation.result]
    seen = data.text if data.shown is None else data.shown
    regions = _regions(results, data.text, seen)
    spans = spans_of(data.text, [region for _, region in regions])
    return AnnotatedDocument(
        id=id_of(data.text) if data.id is None else str(data.id),
        text=data.text,
        spans=spans,
        annotator=(_annotator(annotation) or data.annotator or "") if person else None,
        sha256=data.sha256,
        source=data.source,
        chosen=data.chosen,
        themes=checked_themes(spans, _themes(results, dict(regions))),
    )


def _annotator(annotation: _Annotation) -> str | None:
    """Who completed it: an address where Label Studio gives one, else the user's number."""
    who = annotation.completed_by
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    return None if who is None else str(who)


def _regions(results: Iterable[_Result], text: str, seen: str) -> list[tuple[str, Region]]:
    """Each with its id, "" where it has none. Misfit with all that cannot be one."""
    regions: list[tuple[str, Region]] = []
    troubles: list[Trouble] = []
    for result in results:
        if not result.type.endswith("labels"):
            continue
        if result.id and result.id in dict(regions):
            troubles.append(Trouble(result.id, "两个标注的 id 相同 | two regions of one id"))
        try:
            regions.append((result.id, _region(result, text, seen)))
        except Misfit as misfit:
            troubles += misfit.troubles
    if troubles:
        raise Misfit(*troubles)
    return regions


def _region(result: _Result, text: str, seen: str) -> Region:
    value = result.value
    start, end, wording = value.get("start"), value.get("end"), value.get("text")
    labels = value.get("labels")
    if result.type != "labels" or result.to_name != TEXT:
        what = f"{result.type}, {result.to_name}"
        reason = f"不是 {TEXT} 上的 labels：{what} | no labels of `{TEXT}`: {what}"
        raise Misfit(Trouble.at(start, end, reason))
    if not isinstance(labels, list) or len(labels) != 1:
        raise Misfit(Trouble.at(start, end, "须有一个标签 | not exactly one label"))
    if not isinstance(wording, str):
        reason = "没有原文可核对（saveTextResult） | no wording to check against (saveTextResult)"
        raise Misfit(Trouble.at(start, end, reason))
    score = 1.0 if result.score is None else result.score
    return Region(start, end, labels[0], _as_in_text(wording, start, end, text, seen), score)


def _as_in_text(wording: str, start: Any, end: Any, text: str, seen: str) -> str:
    """The wording of what was seen as one of the text, where the two agree."""
    if type(start) is int and type(end) is int:
        there = seen[max(0, start) : max(0, end)]
        if wording in (there, there.replace("\r", "\\n").replace("\n", "\\n")):
            return text[max(0, start) : max(0, end)]
    return wording


def _themes(results: Iterable[_Result], regions: Mapping[str, Region]) -> list[ItemThemes]:
    chosen: dict[str, dict[str, str]] = {}
    for result in results:
        if result.type == "choices" and not _of_the_task(result):
            by_name = chosen.setdefault(result.id, {})
            if result.from_name in by_name:
                reason = f"{result.from_name} 选了两次 | {result.from_name} chosen twice"
                raise Misfit(Trouble(result.id, reason))
            by_name[result.from_name] = _theme(result)
    found = []
    for id_, by_name in chosen.items():
        region = regions.get(id_)
        if region is None or not (isinstance(region.start, int) and isinstance(region.end, int)):
            raise Misfit(Trouble(id_, "主题没有所属的标注 | a theme of no region"))
        ids = tuple(by_name[name] for name in sorted(by_name))
        if GENERIC in ids and len(ids) > 1:
            reason = "泛泛而谈的没有主题 | what names no object has no theme"
            raise Misfit(Trouble.at(region.start, region.end, reason))
        found.append(ItemThemes(region.start, region.end, () if ids == (GENERIC,) else ids))
    return found


def _of_the_task(result: _Result) -> bool:
    """Whether a choice is a project's own question about the whole of the text."""
    return result.from_name not in THEMES and "start" not in result.value


def _theme(result: _Result) -> str:
    choices = result.value.get("choices")
    name = choices[0] if isinstance(choices, list) and len(choices) == 1 else choices
    theme = theme_of(name)
    if theme is None or result.from_name not in THEMES:
        start, end = result.value.get("start"), result.value.get("end")
        raise Misfit(Trouble.at(start, end, f"没有这个主题：{name} | no such theme: {name}"))
    return theme
