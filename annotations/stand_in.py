"""Signs that can be seen in place of those that cannot: a copy of the same length.

An annotator must see the tabs that part the cells, and no editor may count two for one sign.
"""

import unicodedata
from collections.abc import Iterable

# An involution: where a text has a stand-in of its own, the two trade places, so that nothing is
# lost. Line feeds stay, for they are seen.
_SEEN = {
    "\t": "⇥",
    " ": "␣",
    "\u3000": "⬚",
    "\xa0": "⍽",
    "\r": "␍",
    "\x7f": "␡",
    "\x85": "␤",
    "\u2028": "⏎",
    "\u2029": "⁋",
}
_SEEN |= {
    chr(code): chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"
}  # control pictures
_SEEN |= {chr(code): chr(0x2820 + code) for code in range(0x80, 0xA0) if code != 0x85}  # braille
_RARE = "\xad\u061c\u115f\u1160\u180e\u2800\u3164\ufeff\uffa0" + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x2030), *range(0x205F, 0x2070)))
)
_RARE += "\u1680\ufff9\ufffa\ufffb\u06dd\u070f\u0890\u0891\u08e2" + "".join(
    map(chr, range(0x600, 0x606))
)
_SEEN |= {sign: chr(0x2336 + place) for place, sign in enumerate(_RARE)}  # signs of APL
_TRADED = str.maketrans(_SEEN | {seen: sign for sign, seen in _SEEN.items()})

#: Stands for a sign that some editors count otherwise than one; printers' own mark for a gap.
GETA = "〓"
_JAMO = range(0x1100, 0x1200)
_UNSURE = frozenset(("Mn", "Mc", "Me", "Cf", "Cs"))

Kept = tuple[tuple[int, str], ...]


def shown(text: str) -> str:
    """`text` with its invisible signs traded for visible ones; sign by sign, the same length.

    >>> shown("规章\\t0 项"), shown(shown("规章\\t0 项"))
    ('规章⇥0␣项', '规章\\t0 项')
    """
    return text.translate(_TRADED)


def original(text: str) -> str:
    """What `shown` made `text` of: trading twice is no trade."""
    return text.translate(_TRADED)


def counted_otherwise(sign: str) -> bool:
    """Whether UTF-16 or grapheme clusters count another number than one for the sign.

    A carriage return is one cluster with the line feed behind it.
    """
    code = ord(sign)
    return code > 0xFFFF or sign == "\r" or code in _JAMO or unicodedata.category(sign) in _UNSURE


def without_unsure(text: str) -> tuple[str, Kept]:
    """`text` with `GETA` for each sign that is counted otherwise, and those signs by place."""
    kept = tuple((i, sign) for i, sign in enumerate(text) if counted_otherwise(sign))
    return _replaced(text, ((i, GETA) for i, _ in kept)), kept


def with_kept(text: str, kept: Kept) -> str:
    """The text that `without_unsure` was given. ValueError where `text` has no GETA there."""
    for place, sign in kept:
        if text[place : place + 1] != GETA or len(sign) != 1:
            raise ValueError(f"no {GETA} at {place}")
    return _replaced(text, kept)


def _replaced(text: str, signs: Iterable[tuple[int, str]]) -> str:
    letters = list(text)
    for place, sign in signs:
        letters[place] = sign
    return "".join(letters)
