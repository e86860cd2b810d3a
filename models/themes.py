"""The sixteen themes of problems and measures, and a labelled statement."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Role = Literal["problem", "measure"]
#: Why a statement has no theme: it names no object, or it says that there is nothing to name.
Flag = Literal["generic_only", "none_stated"]
MOST_THEMES = 3


@dataclass(frozen=True, slots=True)
class ThemeEntry:
    """A theme. zh, en: its names for people."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One problem or measure with its themes, the weightiest first; none only beside a flag.

    group: the report it stands in; statements of one group never part in a split.
    register: the kind of organ that speaks.
    """

    id: str
    group: str
    register: str
    role: Role
    text: str
    themes: tuple[str, ...]
    flags: tuple[Flag, ...] = ()


@cache
def themes() -> tuple[ThemeEntry, ...]:
    """All themes, in the order that arrays of scores have."""
    text = files("nianbao.models").joinpath("data/themes.json").read_text(encoding="utf-8")
    return tuple(ThemeEntry(**entry) for entry in json.loads(text))


@cache
def theme_ids() -> tuple[str, ...]:
    """The ids alone, in the same order."""
    return tuple(entry.id for entry in themes())
