"""How alike two wordings are, once damage that carries no meaning is taken off."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from ..models.characters import PINYIN, fold
from .numbers import parse_numeral
from .remembered import remembered

Kind = Literal["rows", "groups", "columns", "sections", "continuations"]

_PINYIN = re.compile(rf"\([{PINYIN}]{{1,7}}\)")
_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]|<[^<>]*>")
_NUMERALS = "一二三四五六七八九十"
_ORDINAL = re.compile(
    rf"(?:\[bookmark:[^\]]*\])?[#*|]*"
    rf"(?:第(?P<part>[{_NUMERALS}]+)(?:部分|[、.,:])|\((?P<in>[{_NUMERALS}]+|\d{{1,2}})\)[、.]?"
    rf"|(?P<han>[{_NUMERALS}]+|[—\-－](?=[、.]))[、.,:)]|(?P<digits>\d{{1,2}})[、.,:)](?!\d))"
)
_LETTERS = re.compile(r"[^0-9a-z㐀-鿿]")


@cache
def wordings() -> dict[Kind, dict[str, tuple[str, ...]]]:
    """Known wordings of rows, groups, columns and sections, from `data/wording.json`."""
    text = files("nianbao.models").joinpath("data/wording.json").read_text(encoding="utf-8")
    return {
        kind: {key: tuple(known) for key, known in table.items()}
        for kind, table in json.loads(text).items()
    }


@cache
def _listed(kind: Kind) -> tuple[list[str], list[str]]:
    """The keys of the wordings of a kind, and what is left of each to compare."""
    pairs = [(key, letters(one)) for key, known in wordings()[kind].items() for one in known]
    return [key for key, _ in pairs], [wording for _, wording in pairs]


@remembered
def plain(text: str) -> str:
    """A folded copy without blanks and pinyin in brackets, marks kept; 其它 is written 其他."""
    folded = fold(text).lower()
    folded = "".join(folded.split()).replace("\u200b", "").replace("\ufeff", "")
    return _PINYIN.sub("", folded).replace("它", "他")


@remembered
def ordinal(text: str) -> tuple[str, int] | None:
    """The leading ordinal: ("han", 3) for 三、, ("in", 3) for （三）, ("digits", 3) for 3."""
    match = _ORDINAL.match(plain(text))
    if match is None:
        return None
    kind, value = next((k, v) for k, v in match.groupdict().items() if v)
    if value.isdigit():
        return ("in_digits" if kind == "in" else kind), int(value)
    number = 1 if value in "—-－" else parse_numeral(value)  # typists put a dash for 一
    return None if number is None else ("han" if kind == "part" else kind, number)


@remembered
def letters(text: str) -> str:
    """What is left to compare: letters and digits, ordinal and brackets' content off."""
    short = plain(text)
    short = short[match.end() :] if (match := _ORDINAL.match(short)) else short
    return _LETTERS.sub("", _BRACKETS.sub("", short)) or _LETTERS.sub("", short)


def likeness(text: str, wording: str) -> float:
    """0 to 1: how alike `text` is to one known wording, ordinals aside."""
    ours, theirs = letters(text), letters(wording)
    if not ours or not theirs:
        return 0.0
    return fuzz.ratio(ours, theirs) / 100


@cache
def _letters_of(known: tuple[str, ...]) -> list[str]:
    return [letters(wording) for wording in known]


@remembered
def best_likeness(text: str, known: tuple[str, ...]) -> float:
    """The likeness to the nearest of several wordings of the form."""
    ours = letters(text)
    found = process.extractOne(ours, _letters_of(known), scorer=fuzz.ratio) if ours else None
    return found[1] / 100 if found else 0.0


@remembered
def likenesses(text: str, kind: Kind) -> NDArray[np.float64]:
    """[keys] the likeness to the nearest wording of each key of a kind, in the keys' order."""
    keys, known = _listed(kind)
    ours = letters(text)
    if not ours:
        return np.zeros(len(wordings()[kind]))
    alike = process.cdist([ours], known, scorer=fuzz.ratio, dtype=np.float64)[0] / 100
    return np.maximum.reduceat(alike, [keys.index(key) for key in wordings()[kind]])


@remembered
def closest(text: str, kind: Kind) -> tuple[str, float]:
    """The key of the wordings of a kind that are nearest, and how near."""
    keys, known = _listed(kind)
    ours = letters(text)
    found = process.extractOne(ours, known, scorer=fuzz.ratio) if ours else None
    return (keys[found[2]], found[1] / 100) if found else (keys[0], 0.0)


def is_form_wording(text: str, least: float = 0.6) -> bool:
    """Whether `text` is at least so much like a row, group or column of the form."""
    kinds: tuple[Kind, ...] = ("rows", "groups", "columns")
    return any(closest(text, kind)[1] >= least for kind in kinds)
