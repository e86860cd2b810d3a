"""The headings of the six sections, as they are written and miswritten (facts 4.1)."""

import random
from dataclasses import dataclass
from typing import Literal

from ...models.form import sections
from ...models.labels import Label
from .dates import chinese_number
from .grammar import Grammar, Split
from .marked import Mark, Marked

Wording = Literal["short", "long", "free"]

_ORDINALS: tuple[tuple[int, str], ...] = (
    (78, "{cn}、"),
    (3, "{cn}."),
    (1, "{cn}．"),
    (2, "{cn} 、"),
    (2, "{cn}、 "),
    (1, "{cn},"),
    (2, "（{cn}）"),
    (1, "({cn})、"),
    (2, "{n}、"),
    (1, "{n}."),
    (2, "第{cn}部分 "),
    (1, "第{cn}部分："),
    (3, ""),
    (1, "{cn} "),
)
_MARKUP: tuple[tuple[int, tuple[str, str]], ...] = (
    (88, ("", "")),
    (5, ("## ", "")),
    (2, ("# ", "")),
    (1, ("### ", "")),
    (4, ("**", "**")),
)
#: What a mark never holds at its edges (contract, sections).
_EDGES = " \t　|#*"


@dataclass(frozen=True, slots=True)
class HeadingStyle:
    """How one report writes its six headings.

    ordinal: a format of {cn} and {n}. markup: what stands before and after, outside the mark.
    slips: share of headings with a lost or mistaken ordinal, or residue before or after.
    """

    ordinal: str = "{cn}、"
    wording: Wording = "short"
    markup: tuple[str, str] = ("", "")
    spaced: bool = False
    indent: str = ""
    slips: float = 0.0


def heading_style(rng: random.Random) -> HeadingStyle:
    """A report's style; four in five write 一、 and the statutory wording."""
    wordings: tuple[Wording, ...] = ("short", "long", "free")
    return HeadingStyle(
        ordinal=rng.choices([o for _, o in _ORDINALS], weights=[w for w, _ in _ORDINALS])[0],
        wording=rng.choices(wordings, weights=[70, 12, 18])[0],
        markup=rng.choices([m for _, m in _MARKUP], weights=[w for w, _ in _MARKUP])[0],
        spaced=rng.random() < 0.02,
        indent=rng.choices(["", "　　", "    "], weights=[75, 20, 5])[0],
        slips=rng.choices([0.0, 0.15, 0.5], weights=[82, 14, 4])[0],
    )


def heading(section_id: str, rng: random.Random, split: Split, wording: Wording = "short") -> str:
    """Wording without ordinal: the annex's, that of 条例 art. 50, or a rewording.

    section_id: "1" to "6"; "5a" and "5b" where problems and measures have a section each.
    A report that keeps to the statute still strays now and then.
    """
    if section_id in ("5a", "5b"):
        return Grammar("headings", split).expand(section_id, rng)
    statutory = next(section for section in sections() if section.id == section_id)
    chance = rng.random()
    if wording == "free" and chance < 0.6 or chance < 0.06:
        return Grammar("headings", split).expand(section_id, rng)
    return statutory.long if wording == "long" else statutory.short


def heading_line(
    section_id: str, position: int, rng: random.Random, split: Split, style: HeadingStyle
) -> Marked:
    """A heading's line, under SECTION and `heading:<id>`.

    position: the number that the heading bears, from 1; it is the caller's to shift.
    """
    words = heading(section_id, rng, split, style.wording)
    if style.spaced:
        words = " ".join(words)
    ordinal = style.ordinal.format(cn=chinese_number(position), n=position)
    line = ordinal + words
    if rng.random() < style.slips:
        line = _slipped(ordinal, words, rng, Grammar("headings", split))
    before, after = style.markup
    text = style.indent + before + line + after
    start = len(text) - len(text.lstrip(_EDGES))
    end = len(text.rstrip(_EDGES))
    return Marked(text, (Mark(start, end, Label.SECTION, f"heading:{section_id[0]}"),))


def _slipped(ordinal: str, words: str, rng: random.Random, grammar: Grammar) -> str:
    slip = rng.choice(["none", "comma", "dash", "before", "after", "gap", "typo"])
    if slip == "none":
        return words
    if slip == "comma":
        return "、" + words
    if slip == "dash":
        return ordinal.replace("一", rng.choice("—－-─")) + words
    if slip == "before":
        return grammar.expand("before", rng) + ordinal + words
    if slip == "after":
        return ordinal + words + grammar.expand("after", rng)
    place = rng.randrange(1, len(words))
    if slip == "gap":
        return ordinal + words[:place] + rng.choice(" 　") + words[place:]
    return ordinal + words[:place] + words[place + 1 :]
