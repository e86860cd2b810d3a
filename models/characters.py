"""Characters and their ids: a folded copy of equal length, and one token per code point.

A token's offset is its index: no offset map, for our encoder or for any other of Hugging Face
(`Characters.of` takes any vocabulary).
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

PAD, UNKNOWN, MASK = "[PAD]", "[UNK]", "[MASK]"
SPECIAL = (PAD, UNKNOWN, MASK)
N_CODE_POINTS = 0x110000

#: The letters of readings, as a class of a pattern.
PINYIN = "a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿê"
#: Structure of tables and lines, signs of reports that GB 2312 lacks, the zero-width space.
EXTRA = "\n\t \u3000·—〇¥€㎡㎏√✓✔\u200b\ufffd"


def _alphabet() -> str:
    ascii_signs = "".join(map(chr, range(0x21, 0x7F)))
    rows = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    gb2312 = (pair.decode("gb2312", errors="ignore") for pair in rows)
    wide = {chr(point) for point in range(0xFF01, 0xFF5F)}  # they fold to ASCII
    signs = (char for char in gb2312 if char and char not in wide)
    return "".join(dict.fromkeys((*EXTRA, *ascii_signs, *signs)))


#: Every character that the encoder knows, in the order of their ids (after the special ones).
ALPHABET = _alphabet()


@cache
def _pairs() -> dict[str, str]:
    """The characters that fold to others, under `from`, and these, under `to`."""
    text = files(__package__).joinpath("data/fold.json").read_text(encoding="utf-8")
    pairs: dict[str, str] = json.loads(text)
    return pairs


@cache
def _folding() -> frozenset[str]:
    return frozenset(_pairs()["from"])


@cache
def _fold_table() -> NDArray[np.uint32]:
    """[code points] the code point that each one folds to."""
    pairs = _pairs()
    table = np.arange(N_CODE_POINTS, dtype=np.uint32)
    table[code_points(pairs["from"])] = code_points(pairs["to"])
    return table


def code_points(text: str) -> NDArray[np.uint32]:
    """[characters] lone surrogates are taken as they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def fold(text: str) -> str:
    """A copy of the same length to match on.

    Full width becomes half width, compatibility forms and radicals the usual sign, traditional
    characters simplified ones, odd spaces the space; case, tab, newline and U+3000 are kept.
    """
    if _folding().isdisjoint(text):
        return text  # as most labels and values do, at a hundredth of the cost
    folded = _fold_table()[code_points(text)]
    return folded.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def vocabulary() -> dict[str, int]:
    """token -> id of our own encoder: the special tokens, then the alphabet."""
    return {token: index for index, token in enumerate((*SPECIAL, *ALPHABET))}


class Characters:
    """Looks up the id of every code point, folded first.

    vocabulary: token -> id; tokens longer than one character are not used.
    aliases: character -> token, for those that a foreign vocabulary lacks, such as tabs.
    unknown: the token of all others.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        aliases: Mapping[str, str] | None = None,
        unknown: str = UNKNOWN,
    ) -> None:
        ids = np.full(N_CODE_POINTS, vocabulary[unknown], dtype=np.int32)
        for token, index in vocabulary.items():
            if len(token) == 1:
                ids[ord(token)] = index
        for char, token in (aliases or {}).items():
            ids[ord(char)] = vocabulary[token]
        self._ids = ids[_fold_table()]  # [code points]

    def ids(self, text: str) -> NDArray[np.int32]:
        """[characters] the token of each code point of `text`."""
        return self._ids[code_points(text)]
