"""What a value cell says: a number, nothing, a sign for none, words."""

import re
from dataclasses import dataclass
from typing import Literal

from ..models.characters import fold
from .remembered import remembered

Kind = Literal["found", "blank", "not_applicable", "text", "unreadable"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell as it is printed.

    value: only where the state is `found`; the figure as printed, never rescaled to `unit`.
    unit: 件, 万元 … where the cell itself prints one.
    approximate: the words say about how many (100余件).
    in_words: the number is written in characters (无, 十二).
    """

    state: Kind
    value: int | float | None = None
    unit: str | None = None
    approximate: bool = False
    in_words: bool = False


#: Longest first; 万件 is left out on purpose: a count given in 万 is rounded.
UNITS = (
    "亿元", "万元", "千元", "件次", "元", "件", "项", "个", "条", "宗", "份", "次", "起", "例",
    "笔", "部", "篇", "家", "户", "人",
)  # fmt: skip

#: More digits than any figure of the form has, and still exact as a float.
MAX_DIGITS = 15

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_NONE_SIGNS = re.compile(r"(?:[/\\—\-─━ー_]\s*)+|n/?a", re.IGNORECASE)
_ZERO_WORDS = ("无", "零", "〇")
_SIGN = r"(?P<sign>[+\-—–]|增加?|新增|减少?|负)?"
_UNIT = rf"(?:\(?(?P<unit>{'|'.join(UNITS)})\)?)?"
_DIGITS = r"(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?P<fraction>\.\d+)?"
_NUMBER = re.compile(rf"{_SIGN}\s*{_DIGITS}\s*{_UNIT}", re.ASCII)
_NUMERAL = re.compile(rf"{_SIGN}\s*(?P<numeral>[〇○零一二三四五六七八九十百千万亿两]+)\s*{_UNIT}")
_SPOILED = re.compile(rf"[0-9OoIl]*[0-9][0-9OoIl]*\s*{_UNIT}")
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")
_AMOUNT = r"(?:\d|[一二三四五六七八九十百千万亿两几数])"
_APPROXIMATE = re.compile(
    rf"(?:约|近|超过?|逾|大于|不足|至少|最多|>|≥|<|≤)\s*{_AMOUNT}"
    rf"|{_AMOUNT}\s*(?:余|多|来)|[几数][十百千万]|若干"
    rf"|{_AMOUNT}.{{0,3}}(?:以上|以下|左右|上下)|\d\s*[万亿](?!元)"
)
_WORDS = re.compile(r"[㐀-鿿]|[A-Za-z]{2,}")
_MASK = re.compile(r"\d\s*[*?×xX■□\ufffd]|[*?×■□\ufffd]\s*\d")

_DIGIT_VALUES = {char: index for index, char in enumerate("零一二三四五六七八九")}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_VARIANTS = str.maketrans("两〇○", "二零零")


def spell_numeral(value: int) -> str:
    """The Chinese numeral of 0 to 10**12 - 1: 105 -> 一百零五."""
    digits = str(value)
    text = ""
    for index, char in enumerate(digits):
        place = len(digits) - 1 - index
        text += (
            "零" if char == "0" else "零一二三四五六七八九"[int(char)] + ("", *_POWERS)[place % 4]
        )
        if place % 4 == 0:
            group = digits[max(0, index - 3) : index + 1].strip("0")
            text = text.rstrip("零") + (("", *_MYRIADS)[place // 4] if group else "")
    return re.sub("零+", "零", text).strip("零") or "零"


def parse_numeral(text: str) -> int | None:
    """The value of a Chinese numeral (一百零五, 两千, 二〇二三), or None where it is malformed.

    >>> parse_numeral("十二"), parse_numeral("一百五"), parse_numeral("二〇二三")
    (12, None, 2023)
    """
    text = text.translate(_VARIANTS)
    if 1 < len(text) <= MAX_DIGITS and all(char in _DIGIT_VALUES for char in text):
        return int("".join(str(_DIGIT_VALUES[char]) for char in text))
    total = part = digit = 0
    for char in text:
        if char in _DIGIT_VALUES:
            digit = _DIGIT_VALUES[char]
        elif char in _POWERS:
            part, digit = part + (digit or 1) * _POWERS[char], 0
        elif char in _MYRIADS:
            total, part, digit = total + (part + digit or 1) * _MYRIADS[char], 0, 0
        else:
            return None
    value = total + part + digit
    # what does not spell back is no numeral: 一百五 is 150 in speech, 105 to a careless reader
    return value if value < 10**12 and _short(spell_numeral(value)) == _short(text) else None


def _short(numeral: str) -> str:
    """A numeral without the 一 that speech may drop: 一百一十 and 百十 are the same."""
    return re.sub("(?:^一(?=[百千万亿]))|一(?=十)", "", numeral)


@remembered
def parse_value(raw: str) -> Reading:
    """Read one value cell, by the contract's table of states. Never raises.

    >>> parse_value("1,024").value, parse_value("减3件").value, parse_value("/").state
    (1024, -3, 'not_applicable')
    """
    text = _INVISIBLE.sub("", fold(raw)).replace("\u3000", " ").strip()
    text = text.removesuffix("。").rstrip(";,、").rstrip()
    if not text:
        return Reading("unreadable" if raw.strip() else "blank")
    if text in _ZERO_WORDS:
        return Reading("found", 0, in_words=True)
    if _NONE_SIGNS.fullmatch(text):
        return Reading("not_applicable")
    return _number(text) or _words(text)


def _number(text: str) -> Reading | None:
    if match := _NUMBER.fullmatch(text):
        return _digits(match)
    if match := _NUMERAL.fullmatch(text):
        return _numeral(match)
    if _SPOILED.fullmatch(text) and (match := _NUMBER.fullmatch(_mended(text))):
        return _digits(match)
    return None


def _mended(text: str) -> str:
    """Letters among digits as the digits that they look like, the unit left alone."""
    return text.translate(_LETTERS_FOR_DIGITS)


def _digits(match: re.Match[str]) -> Reading:
    whole = re.sub("[, ]", "", match["digits"])
    # 00 and 007 are cells that ran together, or a number that lost its head
    if len(whole) > MAX_DIGITS or (len(whole) > 1 and whole.startswith("0")):
        return Reading("unreadable")
    value = int(whole) if match["fraction"] is None else float(whole + match["fraction"])
    return Reading("found", _signed(value, match["sign"]), match["unit"])


def _numeral(match: re.Match[str]) -> Reading:
    value = parse_numeral(match["numeral"])
    # a lone 一 is as often a dash as a one, and 万元 is a unit without its figure
    alone = match["numeral"] in "百千万亿" or match.group().strip() == "一"
    glued = len(match["numeral"]) > 1 and match["numeral"][0] in "零〇○"  # like 00 and 007
    if value is None or glued or alone:
        return Reading("unreadable")
    return Reading("found", _signed(value, match["sign"]), match["unit"], in_words=True)


def _signed(value: int | float, sign: str | None) -> int | float:
    return -value if sign is not None and value and sign[0] in "-—–减负" else value


def _words(text: str) -> Reading:
    if _MASK.search(text):
        return Reading("unreadable")
    if _APPROXIMATE.search(text):
        return Reading("text", approximate=True)
    return Reading("text" if _WORDS.search(text) else "unreadable")
