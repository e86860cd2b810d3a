"""Which measure answers which problem, told by theme, wording and order."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from ..models.characters import fold
from ..models.report import Answer, Item, Report

#: From this probability on a measure answers a problem.
LEAST = 0.5
# Logistic regression on the sections of annotations/answers/pairs_dev.jsonl, half of them as they
# stand, half with their measures shuffled: authors of examples keep the order more than offices do.
_THEME, _WORDING, _ORDER, _INTERCEPT = 5.2, 9.7, 3.6, -7.2
#: What two statements that have nothing to do with each other share all the same.
_CHANCE = 0.03
# Words that stand in any statement and tie none together: the text is cut there.
_COMMON = re.compile("政府信息公开|信息公开|公开|信息|政府|工作|我[局委办镇乡县市区]|进一步|加强")
_WORDS = re.compile("[㐀-鿿]+")


def with_answers(report: Report) -> Report:
    """`report` whose problems name the measures that answer them, the likeliest first."""
    return report.model_copy(update={"items": answered(report.items)})


def answered(items: Sequence[Item]) -> tuple[Item, ...]:
    """`items`, those of one report in order, each problem with its answers."""
    problems = [place for place, item in enumerate(items) if item.role == "problem"]
    measures = [place for place, item in enumerate(items) if item.role == "measure"]
    shares = _shares([items[i].text for i in problems], [items[j].text for j in measures]).tolist()
    answers: dict[int, list[Answer]] = {place: [] for place in problems}
    for row, i in enumerate(problems):
        for column, j in enumerate(measures):
            nearness = 1 - abs((row + 0.5) / len(problems) - (column + 0.5) / len(measures))
            score = answer_score(items[i], items[j], shares[row][column], nearness)
            if score >= LEAST:
                answers[i].append(Answer(item=j, score=round(score, 4)))
    return tuple(
        item.model_copy(
            update={"answers": tuple(sorted(answers.get(place, ()), key=lambda a: -a.score))}
        )
        for place, item in enumerate(items)
    )


def _shares(problems: Sequence[str], measures: Sequence[str]) -> NDArray[np.float64]:
    """[problems, measures] how much of the wording that either shares at all the two share.

    What a problem shares with every measure, or a measure with every problem, ties none.
    """
    ours, theirs = [_pairs(text) for text in problems], [_pairs(text) for text in measures]
    words = [[_likeness(problem, measure) for measure in theirs] for problem in ours]
    both = np.array(words, dtype=np.float64).reshape(len(problems), len(measures))
    whole: NDArray[np.float64] = both.sum(0) + both.sum(1, keepdims=True) - both
    return both / (whole + _CHANCE)


def answer_score(problem: Item, measure: Item, share: float, nearness: float) -> float:
    """How probably `measure` answers `problem`: 0 to 1.

    share: 0 to 1, see `_shares`. nearness: 0 to 1, how alike their places among problems and
    among measures are. A measure that names no object answers nothing: 针对以上问题，认真整改.
    """
    if measure.generic:
        return 0.0
    logit = (
        _THEME * _cosine(_themes(problem), _themes(measure))
        + _WORDING * share
        + _ORDER * nearness
        + _INTERCEPT
    )
    return 1 / (1 + math.exp(-logit))


def _themes(item: Item) -> dict[str, float]:
    return {theme.id: theme.score for theme in item.themes}


def _cosine(ours: Mapping[str, float], theirs: Mapping[str, float]) -> float:
    product = sum(score * theirs[theme] for theme, score in ours.items() if theme in theirs)
    return product / (math.hypot(*ours.values()) * math.hypot(*theirs.values())) if product else 0.0


def shared_wording(text: str, other: str) -> float:
    """The cosine of the pairs of neighbouring characters in two wordings, common ones aside."""
    return _likeness(_pairs(text), _pairs(other))


def _likeness(ours: Set[str], theirs: Set[str]) -> float:
    both = len(ours & theirs)
    return both / math.sqrt(len(ours) * len(theirs)) if both else 0.0


def _pairs(text: str) -> set[str]:
    words = _WORDS.findall(_COMMON.sub(" ", "".join(fold(text).split())))
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}


def unanswered(report: Report) -> Iterator[Item]:
    """The problems with no measure; those that name no object ask for none."""
    return (
        item
        for item in report.items
        if item.role == "problem" and not item.generic and not item.answers
    )


def generic_share(report: Report) -> float | None:
    """The share of problems that name no object; None where there is no problem."""
    generic = [item.generic for item in report.items if item.role == "problem"]
    return sum(generic) / len(generic) if generic else None
