"""Words as jieba cuts them, with the dictionary of the field."""

import logging
import warnings
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from ...inference.ngrams import plain

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of 2020: its patterns have escapes that Python now warns of
    import jieba

LEAST_STATEMENTS = 2  # that a word stands in, to be listed


@cache
def _cutter() -> Any:
    """A jieba of our own: the words of others' programs stay as they are."""
    jieba.setLogLevel(logging.ERROR)
    cutter = jieba.Tokenizer()
    with files("nianbao.models").joinpath("data/jieba.txt").open("rb") as file:
        cutter.load_userdict(file)  # a name it would open, and leave open
    return cutter


def words(text: str) -> list[str]:
    """The words of a text as the classifiers read it (`inference.ngrams.plain`)."""
    return [str(word) for word in _cutter().cut(plain(text), HMM=False)]


def counted_words(texts: Sequence[str]) -> dict[str, int]:
    """word -> in how many of `texts` it stands; single signs and rare ones are left out."""
    counts = Counter(word for text in texts for word in set(words(text)))
    return {
        word: count
        for word, count in sorted(counts.items())
        if len(word) > 1 and word.isalnum() and count >= LEAST_STATEMENTS
    }
