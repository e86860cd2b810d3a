"""Which measure answers which problem, and what an organ repeats: examples with their answers."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

FOLDER = Path(__file__).parent / "answers"


@dataclass(frozen=True, slots=True)
class AnsweredSection:
    """The items of one section 5. answers: (place in problems, place in measures)."""

    id: str
    problems: tuple[str, ...]
    measures: tuple[str, ...]
    answers: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RepeatedSection:
    """Items of two years. repeated: (place in now, place in before)."""

    id: str
    before: tuple[str, ...]
    now: tuple[str, ...]
    repeated: tuple[tuple[int, int], ...]


_ANSWERED = TypeAdapter(AnsweredSection)
_REPEATED = TypeAdapter(RepeatedSection)


def read_answered(split: str) -> tuple[AnsweredSection, ...]:
    """split: dev, test, or blind (half the reports of tests/blind, by another author).

    Raises ValidationError where a line is something else.
    """
    return tuple(_ANSWERED.validate_json(line) for line in _lines(f"pairs_{split}.jsonl"))


def read_repeated(split: str) -> tuple[RepeatedSection, ...]:
    """split: dev or test. Raises ValidationError where a line is something else."""
    return tuple(_REPEATED.validate_json(line) for line in _lines(f"repeats_{split}.jsonl"))


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
