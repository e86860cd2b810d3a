"""What two models are compared by: counts of single reports, that add up to figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: synthetic: the frozen reports. gold: the held-out part of the gold. themes: the corpus's test.
SetName = Literal["synthetic", "gold", "themes"]
SETS: Mapping[SetName, str] = {
    "synthetic": "冻结集 | frozen set",
    "gold": "留出标注 | held-out gold",
    "themes": "主题 | themes",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What is counted. better: 1 where more is better, -1 where less is."""

    zh: str
    en: str
    better: Literal[1, -1] = 1


FIGURES: Mapping[str, Figure] = {
    "cells": Figure("读对的格", "cells right"),
    "wrong": Figure("读错的格", "cells wrong", -1),
    "invented": Figure("凭空的格", "cells invented", -1),
    "perfect": Figure("全对的报告", "reports without a fault"),
    "sections": Figure("读对的部分", "sections right"),
    "items": Figure("条目 F1", "F1 of items"),
    "meta": Figure("读对的题录", "meta data right"),
    "spans": Figure("标签 F1", "F1 of spans"),
    "themes": Figure("主题 F1", "F1 of themes"),
}

#: (part, whole) of one figure: an F1 is twice what is right, of what was given and what gold has.
Count = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Case:
    """A report under one model, or a group of statements, which are no independent cases either.

    counts: figure -> its part and whole; those of several cases add up.
    """

    id: str
    counts: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Scores:
    """A model on all that it is measured by.

    kappas: every gold document, trained on or held out -> `suspects.label_kappa` with this model.
    notes: what could not be measured and why, `中文 | English`.
    """

    cases: Mapping[SetName, tuple[Case, ...]]
    kappas: Mapping[str, float | None] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
