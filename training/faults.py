"""Every mistake in a parsed report: its kind, its place in the form, and its lines of the text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ..models.form import places
from ..models.labels import Span
from ..models.report import Cell, Report, Section, State
from .outcomes import judged_items
from .scoring import items_right, sections_right
from .synthetic.gold import Gold, GoldSection
from .synthetic.report import Sample

Kind = Literal["right", "wrong", "invented", "missed"]

#: Characters shown on either side of a mistake, and the most of the mistake itself.
AROUND, INSIDE = 60, 160
#: Characters of a span that are quoted.
WORDS = 24


@dataclass(frozen=True, slots=True)
class CellCheck:
    """One cell against gold. wanted_state: None where gold does not list the cell."""

    path: str
    kind: Kind
    wanted_state: State | None
    state: State
    method: str


class Mark(NamedTuple):
    """`text[start:end]` of an example, and what it is taken for."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Example:
    """A mistake in its text: the marks of gold and those that were given.

    of: cell, section, item, or a label of the tagger. kind: wrong, invented, missed; edges where
    a span of the label overlaps gold's and differs from it. what: the mistake in a few words.
    """

    of: str
    kind: str
    what: str
    seed: int
    layout: str
    damages: tuple[str, ...]
    text: str
    gold: tuple[Mark, ...]
    given: tuple[Mark, ...]


def check_cells(report: Report | None, gold: Gold) -> tuple[CellCheck, ...]:
    """Every cell that counts, as `scoring.score_cells` counts them. report: None where refused."""
    given = {} if report is None else {cell.path: cell for cell in report.cells}
    checks = [
        _check(given.get(path, Cell(path=path)), gold.states[path], wanted, gold.hidden.get(path))
        for path, wanted in gold.cells.items()
    ]
    beyond = [cell for path, cell in given.items() if path not in gold.cells]
    return (*checks, *(_check(c, None, None, None) for c in beyond if c.value is not None))


def _check(
    cell: Cell, wanted_state: State | None, wanted: float | None, hidden: float | None
) -> CellCheck:
    kind: Kind = "wrong"
    if cell.value == wanted or wanted is None and cell.value == hidden:
        kind = "right"
    elif wanted is None:
        kind = "invented"
    elif cell.value is None:
        kind = "missed"
    return CellCheck(cell.path, kind, wanted_state, cell.state, cell.method)


def examples_of(
    found: Sample, spans: Sequence[Span], report: Report | None, seed: int
) -> tuple[Example, ...]:
    """The first mistake of every kind that one report shows. spans: the tagger's."""
    scene = _Scene(found, spans, seed)
    examples = [*_label_examples(scene)]
    if report is not None and not found.refused:
        examples += [*_cell_examples(scene, report), *_section_examples(scene, report)]
        examples += _item_examples(scene, report)
    first = {(example.of, example.kind): example for example in reversed(examples)}
    return tuple(reversed(first.values()))


@dataclass(frozen=True, slots=True)
class _Scene:
    found: Sample
    spans: Sequence[Span]
    seed: int

    def wording(self, mark: Mark) -> str:
        """A mark's own words, or how they begin."""
        words = " ".join(self.found.document.text[mark.start : mark.end].split())
        return f"{mark.name}“{words if len(words) <= WORDS else words[:WORDS] + '…'}”"

    def example(
        self, of: str, kind: str, what: str, place: tuple[int, int],
        gold: Iterable[Mark], given: Iterable[Mark],
    ) -> Example:  # fmt: skip
        """The lines about `place`, and the marks that lie in them."""
        text = self.found.document.text
        start = max(0, place[0] - AROUND)
        end = min(len(text), place[1] + AROUND, place[0] + INSIDE + AROUND)
        return Example(
            of, kind, what, self.seed, self.found.layout, self.found.damages,
            text[start:end], tuple(_inside(gold, start, end)), tuple(_inside(given, start, end)),
        )  # fmt: skip


def _inside(marks: Iterable[Mark], start: int, end: int) -> Iterator[Mark]:
    """The marks that reach into `[start, end)`, cut to it and counted from its beginning."""
    for mark in marks:
        if mark.start < end and start < mark.end:
            yield Mark(max(mark.start, start) - start, min(mark.end, end) - start, mark.name)


def _marks(spans: Iterable[Span]) -> list[Mark]:
    return [Mark(span.start, span.end, span.label) for span in spans]


def _label_examples(scene: _Scene) -> Iterator[Example]:
    true, ours = scene.found.document.spans, scene.spans
    gold, given = _marks(true), _marks(ours)
    for mark in gold:
        if mark not in given:
            near = any(_overlap(mark, other) for other in given)
            kind = "edges" if near else "missed"
            place = (mark.start, mark.end)
            yield scene.example(mark.name, kind, scene.wording(mark), place, gold, given)
    for mark in given:
        if not any(_overlap(mark, other) for other in gold):
            place = (mark.start, mark.end)
            yield scene.example(mark.name, "invented", scene.wording(mark), place, gold, given)


def _overlap(one: Mark, other: Mark) -> bool:
    return one.name == other.name and one.start < other.end and other.start < one.end


def _cell_examples(scene: _Scene, report: Report) -> Iterator[Example]:
    """Gold's mark is the cell alone; those given are the tagger's labels around it."""
    gold = scene.found.gold
    cells = {cell.path: cell for cell in report.cells}
    for check in check_cells(report, gold):
        cell = cells.get(check.path, Cell(path=check.path))
        given = None if cell.start is None or cell.end is None else (cell.start, cell.end)
        place = gold.places.get(check.path, given)
        if check.kind == "right" or place is None:
            continue
        wanted = gold.cells.get(check.path)
        what = f"{places()[check.path]}：标准 {_shown(wanted)}，所得 {_shown(cell.value)}"
        what += f"（{cell.state}，{cell.method}）"
        marks = [Mark(*place, _shown(wanted))]
        yield scene.example("cell", check.kind, what, place, marks, _marks(scene.spans))


def _shown(value: float | None) -> str:
    return "空" if value is None else f"{value}"


def _section_examples(scene: _Scene, report: Report) -> Iterator[Example]:
    gold, text = scene.found.gold.sections, scene.found.document.text
    true = [Mark(s.body_start, s.body_end, f"第{s.id}章") for s in gold]
    ours = [Mark(s.body_start, s.body_end, f"第{s.id}章") for s in report.sections]
    by_id: dict[str, Section] = {section.id: section for section in report.sections}
    for section in gold:
        found = by_id.get(section.id)
        if found is None:
            place = (section.body_start, section.body_start)
            yield scene.example("section", "missed", f"第{section.id}章", place, true, ours)
        elif not sections_right([found], [section], text):
            at = _first_difference(section, found.body_start, found.body_end)
            yield scene.example("section", "edges", f"第{section.id}章", (at, at), true, ours)
    for section_id in sorted(by_id.keys() - {section.id for section in gold}):
        at = by_id[section_id].body_start
        yield scene.example("section", "invented", f"第{section_id}章", (at, at), true, ours)


def _first_difference(gold: GoldSection, body_start: int, body_end: int) -> int:
    return gold.body_start if gold.body_start != body_start else min(gold.body_end, body_end)


def _item_examples(scene: _Scene, report: Report) -> Iterator[Example]:
    gold, text = scene.found.gold, scene.found.document.text
    true = [Mark(start, end, role) for role, start, end in gold.items]
    ours = [Mark(item.start, item.end, item.role) for item in report.items]
    for item, mark in zip(gold.items, true, strict=True):
        if not items_right(report.items, [item], text):
            near = any(_overlap(mark, other) for other in ours)
            kind = "edges" if near else "missed"
            place = (mark.start, mark.end)
            yield scene.example("item", kind, scene.wording(mark), place, true, ours)
    for judged, mark in zip(judged_items(report, gold), ours, strict=True):
        if not judged.right and not any(_overlap(mark, other) for other in true):
            place = (mark.start, mark.end)
            yield scene.example("item", "invented", scene.wording(mark), place, true, ours)
