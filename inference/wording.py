"""How alike two wordings are, once damage that carries no meaning is taken off."""

import json
import re
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

from ..models.characters import PINYIN, fold
from .numbers import parse_numeral

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
def wordings() -> dict[str, dict[str, list[str]]]:
    """Known wordings of rows, groups, columns and sections, from `data/wording.json`."""
    text = files("nianbao.models").joinpath("data/wording.json").read_text(encoding="utf-8")
    data: dict[str, dict[str, list[str]]] = json.loads(text)
    return data


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A folded copy without blanks and pinyin in brackets, marks kept; 其它 is written 其他."""
    folded = fold(text).lower()
    folded = "".join(folded.split()).replace("\u200b", "").replace("\ufeff", "")
    return _PINYIN.sub("", folded).replace("它", "他")


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


@lru_cache(maxsize=65536)
def letters(text: str) -> str:
    """What is left to compare: letters and digits, ordinal and brackets' content off."""
    short = plain(text)
    short = short[match.end() :] if (match := _ORDINAL.match(short)) else short
    return _LETTERS.sub("", _BRACKETS.sub("", short)) or _LETTERS.sub("", short)


@lru_cache(maxsize=65536)
def likeness(text: str, wording: str) -> float:
    """0 to 1: how alike `text` is to one known wording, ordinals aside."""
    ours, theirs = letters(text), letters(wording)
    if not ours or not theirs:
        return 0.0
    return fuzz.ratio(ours, theirs) / 100


def best_likeness(text: str, known: list[str]) -> float:
    """The likeness to the nearest of several wordings."""
    return max(likeness(text, wording) for wording in known)


def closest(text: str, table: dict[str, list[str]]) -> tuple[str, float]:
    """The key of `table` whose wordings are nearest, and how near."""
    scored = {key: best_likeness(text, known) for key, known in table.items()}
    key = max(scored, key=lambda name: scored[name])
    return key, scored[key]


def is_form_wording(text: str, least: float = 0.6) -> bool:
    """Whether `text` is at least so much like a row, group or column of the form."""
    known = wordings()
    return any(closest(text, known[name])[1] >= least for name in ("rows", "groups", "columns"))
