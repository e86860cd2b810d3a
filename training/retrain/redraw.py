"""The same labelled report as another office's system would have printed it.

Few reports of a layout are labelled, and each is shown often: its figures, its signs and its
numbering are soon known by heart, while what should be learnt is where they stand.
"""

import random
from collections.abc import Iterable, Iterator, Sequence

from ...models.labels import Label
from ..synthetic.edits import Edit, covered, edit, inside
from ..synthetic.marked import Mark, Marked
from ..synthetic.printing import FULL_WIDTH

#: Of the figures of a report these shares are drawn anew, and so many of its zeros.
REDRAWN = (0.0, 0.0, 0.1, 0.5)
ZEROS = (0.0, 0.0, 0.0, 0.3, 1.0)
#: Of its different signs, and of its series of letters.
SIGNS = (0.0, 0.0, 0.3, 0.8)
BRACKETED = (0.0, 0.0, 0.1)  # of the lines of a disguised text
WIDE = 0.1  # of the shows
#: How offices print a figure, and a zero.
_PRINTED = ("{:.0f}", "{:.0f}", "{:,.0f}", "{:.0f}件", "{:.0f} 件", "{:.2f}", "{:.4f}万元")
_ZEROS = ("零", "无", "/", "—", "-", "\\", "0件")
#: Signs between figures and around labels, by kind. None that parts the cells of a table.
_BRACKETS = (
    "（）",
    "()",
    "【】",
    "〔〕",
    "［］",
    "[]",
    "「」",
    "『』",
    "〈〉",
    "《》",
    "〖〗",
    "{}",
)
_SIGNS = (
    "：:＝=→←⇒›＞>·…—–-～~⁄∕/、；;⋮",
    "•●○◆◇■□▲△▼▽▶▸▣◈★☆※§＃#@＊*＋+",
)
#: What parts are numbered with; each in its order.
_SERIES = (
    "①②③④⑤⑥⑦⑧⑨⑩",
    "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽",
    "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
    "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ",
    "甲乙丙丁戊己庚辛壬癸",
    "子丑寅卯辰巳午未申酉",
    "ABCDEFGHIJ",
    "abcdefghij",
    "ⒶⒷⒸⒹⒺⒻⒼⒽⒾⒿ",
)
_TABLES = ("body:2", "body:3", "body:4")


def redrawn(marked: Marked, rng: random.Random) -> Marked:
    """Other figures, other signs for none, other signs and letters; the labels stay."""
    return other_signs(other_figures(marked, rng), rng)


def other_figures(marked: Marked, rng: random.Random) -> Marked:
    """Other figures in some of the cells, printed as offices do."""
    share, printed = rng.choice(REDRAWN), rng.choice(_PRINTED)
    zeros, zero = rng.choice(ZEROS), rng.choice(_ZEROS)
    wide = rng.random() < WIDE
    edits: list[Edit] = []
    for mark in _figures(marked):
        old = new = marked.text[mark.start : mark.end]
        if rng.random() < share:
            new = printed.format(10 ** rng.uniform(-0.5, 5))
        elif int(old) == 0 and rng.random() < zeros:
            new = zero
        if wide:
            new = new.translate(FULL_WIDTH)
        if new != old:
            edits.append((mark.start, mark.end, new))
    return edit(marked, edits)


def _figures(marked: Marked) -> Iterator[Mark]:
    for mark in marked.marks:
        wording = marked.text[mark.start : mark.end]
        if mark.label is Label.VALUE and wording.isdecimal():
            yield mark


def other_signs(marked: Marked, rng: random.Random) -> Marked:
    """Signs between the cells of its tables, and the letters and numbers of their furniture,
    each exchanged for another of its kind wherever it stands."""
    table = _exchange(rng, rng.choice(SIGNS), (_BRACKETS, *_SIGNS, _SERIES))
    tables = [(m.start, m.end) for m in marked.marks if m.key in _TABLES]
    content = covered(marked, (label for label in Label if label is not Label.NOISE))
    furniture = covered(marked, (Label.NOISE,))
    text = list(marked.text)
    for at in (place for start, end in tables for place in range(start, end)):
        char = marked.text[at]
        if char in table and not inside(at, content):
            if not char.isalnum() or (inside(at, furniture) and _stands_alone(marked.text, at)):
                text[at] = table[char]
    return Marked("".join(text), marked.marks)


def disguised(text: str, rng: random.Random) -> str:
    """A text that nobody has labels for, and which a model may still be asked about: other signs
    anywhere, and some lines in brackets."""
    table = str.maketrans(_exchange(rng, rng.choice(SIGNS), (_BRACKETS, *_SIGNS)))
    share = rng.choice(BRACKETED)
    lines = (
        "{1}{0}{2}".format(line, *rng.choice(_BRACKETS)) if rng.random() < share else line
        for line in text.translate(table).split("\n")
    )
    return "\n".join(lines)


def _stands_alone(text: str, at: int) -> bool:
    return not (text[at - 1 : at].isalnum() or text[at + 1 : at + 2].isalnum())


def _exchange(rng: random.Random, share: float, kinds: Iterable[Sequence[str]]) -> dict[str, str]:
    """Sign -> another of its kind, for that share of all signs."""
    table: dict[str, str] = {}
    for kind in kinds:
        for sign in kind:
            if rng.random() < share:
                table |= dict(zip(sign, rng.choice(kind), strict=True))
    return table
