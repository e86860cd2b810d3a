"""What an organ repeats from its last report, told by wording."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import fuzz

from ..models.errors import NianbaoError
from ..models.report import Item, Meta, Previous, Repeat, Report, Role
from .wording import plain

#: From this likeness on an item is taken over from the last report.
LEAST = 0.8
#: An item that stands whole in a longer one is as alike as this; one of a few words says nothing.
CONTAINED, LEAST_CONTAINED = 0.9, 10

_MARKS = re.compile("[^0-9a-z㐀-鿿]+")
_NUMBER = re.compile(r"\d+")


class _Past(BaseModel):
    """What is needed of a report's JSON; the text and the cells are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _PastItem(_Past):
    role: Role
    text: str


class _PastSource(_Past):
    sha256: str


class _PastMeta(_Past):
    issuer: str | None
    year: int | None


class _PastReport(_Past):
    source: _PastSource
    meta: _PastMeta
    items: tuple[_PastItem, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """Reports of earlier years: organ -> its reports, the earliest first."""

    reports: Mapping[str, Sequence[_PastReport]]

    def __len__(self) -> int:
        return sum(map(len, self.reports.values()))

    def last_before(self, meta: Meta) -> _PastReport | None:
        """The organ's latest report of an earlier year; None without an organ or a year."""
        if meta.issuer is None or meta.year is None:
            return None
        known = self.reports.get(_organ(meta.issuer), ())
        earlier = [past for past in known if past.meta.year and past.meta.year < meta.year]
        return earlier[-1] if earlier else None


def load_archive(path: Path) -> Archive:
    """The reports that `parse` wrote: a JSON file, JSON lines, or a folder with such files.

    In a folder, JSON that is no report (failed.jsonl, data of others) is passed over. Of two
    reports of an organ and a year the first by path counts.
    Raises NianbaoError E107 where a named file is no report, E103 where it cannot be read.
    """
    if path.is_dir():
        files = sorted(file for file in path.rglob("*.json*") if file.suffix in (".json", ".jsonl"))
        found = [past for file in files for past in _reports(file, strict=False)]
    else:
        found = list(_reports(path, strict=True))
    known: dict[str, dict[int, _PastReport]] = {}
    for past in found:
        if past.meta.issuer is not None and past.meta.year is not None:
            known.setdefault(_organ(past.meta.issuer), {}).setdefault(past.meta.year, past)
    return Archive(
        {organ: [years[year] for year in sorted(years)] for organ, years in known.items()}
    )


def _reports(path: Path, *, strict: bool) -> Iterator[_PastReport]:
    try:
        with path.open("rb") as file:
            lines = file if path.suffix == ".jsonl" else [file.read()]
            for line in filter(bytes.strip, lines):
                try:
                    yield _PastReport.model_validate_json(line)
                except ValidationError as error:
                    if strict:
                        reason = error.errors()[0]["msg"]
                        raise NianbaoError("E107", path=path, reason=reason) from error
    except OSError as error:
        raise NianbaoError("E103", reason=error.strerror) from error


def _organ(name: str) -> str:
    """A key for an organ's name: 青山县人民政府 and 青山县 are one, an office of it is another."""
    return plain(name).replace("人民政府", "政府").removesuffix("政府")


def with_repeats(report: Report, archive: Archive) -> Report:
    """`report` whose items tell what of the organ's last report they repeat."""
    past = archive.last_before(report.meta)
    if past is None or past.meta.year is None:
        return report
    items = tuple(
        item.model_copy(update={"repeated": _nearest(item, past.items)}) for item in report.items
    )
    previous = Previous(year=past.meta.year, sha256=past.source.sha256)
    narrative = report.narrative.model_copy(update={"previous": previous})
    return report.model_copy(update={"items": items, "narrative": narrative})


def _nearest(item: Item, past: Sequence[_PastItem]) -> Repeat | None:
    """The item of the same role whose wording is nearest, if it is near enough."""
    scored = [
        Repeat(text=other.text, score=round(sameness(item.text, other.text), 4))
        for other in past
        if other.role == item.role
    ]
    best = max(scored, key=lambda repeat: repeat.score, default=None)
    return best if best is not None and best.score >= LEAST else None


def sameness(text: str, other: str) -> float:
    """How much of its wording a statement shares with another: 0 to 1.

    Figures, marks and the order of clauses do not count: last year's number is replaced, the
    statement is the same. A statement that stands whole in a longer one is `CONTAINED` in it.
    """
    ours, theirs = _clauses(text), _clauses(other)
    a, b = ours.replace(" ", ""), theirs.replace(" ", "")
    scores = [fuzz.ratio(a, b), fuzz.token_sort_ratio(ours, theirs)]
    if min(len(a), len(b)) >= LEAST_CONTAINED:
        scores.append(CONTAINED * fuzz.partial_ratio(a, b))
    return max(scores) / 100


@lru_cache(maxsize=4096)
def _clauses(text: str) -> str:
    """The clauses of a statement with a blank between them, every figure a 0."""
    return _MARKS.sub(" ", _NUMBER.sub("0", plain(text))).strip()
