"""Whom a synthetic report is about, and the figures that its narrative may quote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...models.form import Version

Kind = Literal["government", "office", "department", "township", "committee", "vertical"]


@dataclass(frozen=True, slots=True)
class Subject:
    """The organ, the year and the true figures.

    organ: the full name (e.g. 某某县水利局); self_name: how its report calls it (我局, 本镇).
    values: gold of every cell path of `version`; None where the cell is not printed as a number.
    """

    organ: str
    self_name: str
    kind: Kind
    year: int
    version: Version
    values: Mapping[str, int | float | None] = field(default_factory=dict)
