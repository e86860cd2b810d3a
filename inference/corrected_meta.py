"""What a person corrected of what a report says of itself: its organ, its year, its dates."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from ..models.findings import finding
from ..models.report import Finding, Meta, changed
from .meta import FIRST_YEAR, scope_of, title_year

PREFIX = "meta."
#: The version of the form is left out: it decides which cells there are, and the tables tell it.
_FIELDS = frozenset(Meta.model_fields) - {"form_version", "kind"}
#: Findings about a value that a person has since looked at.
_SETTLED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "title": frozenset(("no_title", "no_year_in_title")),
        "issuer": frozenset(("no_issuer",)),
        "year": frozenset(("no_year", "year_conflict", "date_before_period_end")),
        "signed_date": frozenset(("year_conflict", "date_before_period_end")),
        "period_start": frozenset(("year_conflict", "period_unusual")),
        "period_end": frozenset(("year_conflict", "period_unusual")),
        "cited_notice": frozenset(("cited_notice_conflict",)),
    }
)


def field_of(path: str) -> str | None:
    """`issuer` of `meta.issuer`; None where there is nothing of that name to correct."""
    name = path.removeprefix(PREFIX)
    return name if name != path and name in _FIELDS else None


def with_value(meta: Meta, field: str, value: str | None) -> Meta:
    """`meta` with another value, written as JSON has it: 2022, 2023-01-25. ValueError: it is none.

    The scope is told by the organ's name, as in parsing.
    """
    result = changed(meta, **{field: value})
    if result.year is not None and not FIRST_YEAR <= result.year <= date.max.year:
        raise ValueError(f"no report is about the year {result.year}")
    if field == "issuer":
        result = changed(result, scope=scope_of(result.issuer, result.title or ""))
    return result


def settled(found: Finding, fields: Collection[str]) -> bool:
    """Whether a finding speaks of a value that was corrected."""
    return any(found.code in _SETTLED.get(field, ()) for field in fields)


def meta_findings(meta: Meta, fields: Collection[str]) -> Iterator[Finding]:
    """What is still odd about the corrected values. They have no place in the text."""
    if "title" in fields:
        if meta.title is None:
            yield finding("no_title")
        elif title_year(meta.title) is None:
            yield finding("no_year_in_title", title=meta.title)
    if "issuer" in fields and meta.issuer is None:
        yield finding("no_issuer")
    if "year" in fields and meta.year is None:
        yield finding("no_year")
    signed, year = meta.signed_date, meta.year
    if not {"year", "signed_date"}.isdisjoint(fields) and signed is not None and year is not None:
        if signed < date(year, 12, 31):
            yield finding("date_before_period_end", date=signed.isoformat(), year=year)
