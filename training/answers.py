"""How well problems find their measures, and items what they repeat, on hand-written examples.

`python -m nianbao.training.answers` prints it for the examples on which weights and bounds were
chosen (dev), for those written to test them, and for half the reports of tests/blind.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from ..annotations.answers import AnsweredSection, RepeatedSection, read_answered, read_repeated
from ..inference.answers import answered, shared_wording
from ..inference.previous import LEAST, sameness
from ..inference.theme_lines import Classifier
from ..inference.themes import judged, load_classifier
from ..models.report import Item, Role, Theme

Link = tuple[int, int]
Linker = Callable[[Sequence[Item], Sequence[Item]], set[Link]]


@dataclass(frozen=True, slots=True)
class Score:
    """found: what was said; gold: what is so; both: what was said and is so."""

    both: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        return self.both / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.both / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.both / (self.found + self.gold) if self.found + self.gold else 0.0


def by_order(problems: Sequence[Item], measures: Sequence[Item]) -> set[Link]:
    """Each problem and the measure of the same number."""
    return {(i, i) for i in range(min(len(problems), len(measures)))}


def by_theme(problems: Sequence[Item], measures: Sequence[Item]) -> set[Link]:
    """All that share their weightiest theme."""
    return {
        (i, j)
        for i, problem in enumerate(problems)
        for j, measure in enumerate(measures)
        if problem.themes and measure.themes and problem.themes[0].id == measure.themes[0].id
    }


def by_wording(problems: Sequence[Item], measures: Sequence[Item]) -> set[Link]:
    """Each problem and the measure with which it shares most of its words, if any."""
    links = set()
    for i, problem in enumerate(problems):
        shares = [shared_wording(problem.text, measure.text) for measure in measures]
        if max(shares, default=0.0) > 0:
            links.add((i, shares.index(max(shares))))
    return links


def by_all(problems: Sequence[Item], measures: Sequence[Item]) -> set[Link]:
    """As a report has it."""
    items = answered((*problems, *measures))
    return {
        (i, answer.item - len(problems))
        for i in range(len(problems))
        for answer in items[i].answers
    }


LINKERS: dict[str, Linker] = {
    "order alone": by_order,
    "theme alone": by_theme,
    "wording alone": by_wording,
    "all three": by_all,
}


def score_links(
    sections: Iterable[AnsweredSection], linker: Linker, classifier: Classifier
) -> tuple[Score, Score]:
    """Of the pairs, and of the problems with no measure."""
    pairs, alone = [0, 0, 0], [0, 0, 0]
    for section in sections:
        gold = set(section.answers)
        found = linker(
            _items(section.problems, "problem", classifier),
            _items(section.measures, "measure", classifier),
        )
        everything = set(range(len(section.problems)))
        without_gold = everything - {problem for problem, _ in gold}
        without_found = everything - {problem for problem, _ in found}
        _count(pairs, found, gold)
        _count(alone, without_found, without_gold)
    return Score(*pairs), Score(*alone)


def _items(texts: Sequence[str], role: Role, classifier: Classifier) -> list[Item]:
    return [
        _item(text, role, *judged(text, row, classifier.thresholds))
        for text, row in zip(texts, classifier.scores(texts), strict=True)
    ]


def _item(text: str, role: Role, generic: bool, themes: tuple[Theme, ...]) -> Item:
    return Item(
        role=role,
        text=text,
        start=0,
        end=len(text),
        generic=generic,
        confidence=1.0,
        themes=themes,
    )


def _count(counts: list[int], found: AbstractSet[object], gold: AbstractSet[object]) -> None:
    for place, part in enumerate((found & gold, found, gold)):
        counts[place] += len(part)


def score_repeats(sections: Iterable[RepeatedSection]) -> Score:
    """Of the items that repeat one of the year before, and that one."""
    counts = [0, 0, 0]
    for section in sections:
        found = set()
        for place, text in enumerate(section.now):
            scores = [sameness(text, other) for other in section.before]
            if max(scores) >= LEAST:
                found.add((place, scores.index(max(scores))))
        _count(counts, found, set(section.repeated))
    return Score(*counts)


def reordered(section: AnsweredSection) -> AnsweredSection:
    """The same with its measures in the order of their wordings: their places tell nothing."""
    order = sorted(range(len(section.measures)), key=section.measures.__getitem__)
    return replace(
        section,
        measures=tuple(section.measures[place] for place in order),
        answers=tuple((problem, order.index(measure)) for problem, measure in section.answers),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="folder of the theme model")
    classifier = load_classifier(parser.parse_args(arguments).model)
    test, blind = read_answered("test"), read_answered("blind")
    samples = {
        "dev": read_answered("dev"),
        "test": test,
        "blind": blind,
        "blind, measures reordered": tuple(map(reordered, blind)),
    }
    for title, sections in samples.items():
        print(f"{title}: {len(sections)} sections")
        for name, linker in LINKERS.items():
            pairs, alone = score_links(sections, linker, classifier)
            print(f"  {name:14} {_row('pairs', pairs)}   {_row('no measure', alone)}")
    for split in ("dev", "test"):
        print(f"repeated items, {split}: {_row('pairs', score_repeats(read_repeated(split)))}")


def _row(name: str, score: Score) -> str:
    figures = f"P {score.precision:.3f} R {score.recall:.3f} F1 {score.f1:.3f}"
    return f"{name}: {figures} ({score.both} of {score.gold}, {score.found} said)"


if __name__ == "__main__":
    main()
