"""The items of section 5, and the ways to enumerate them.

An *enumeration* sets the items of one role as a list of paragraphs. Edges of items are those
of the contract: marker, connective and closing punctuation outside, run-in title and inner
line break inside.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ...models.labels import Label
from .grammar import Grammar, Split
from .marked import Marked, join
from .subject import Subject

Role = Literal["problem", "measure"]
Paragraphs = list[Marked]
Enumeration = Callable[["Pen", Role, Sequence[str]], Paragraphs]

LABELS: dict[Role, Label] = {"problem": Label.PROBLEM, "measure": Label.MEASURE}

# How often offices name a theme; the others count 2.
THEMES: dict[str, int] = {
    "coverage": 5, "timeliness": 5, "standardization": 4, "interpretation": 4, "channels": 3,
    "platform": 3, "on_request": 2, "interaction": 2, "institution": 4, "capacity": 5,
    "awareness": 3, "supervision": 3, "review_security": 2, "coordination": 2, "key_areas": 2,
    "other": 2,
}  # fmt: skip

ORDINALS = "一二三四五六七八九十"
CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩"
CONNECTIVES = ("同时，", "此外，", "另外，", "再者，")
SEQUENCE = ("首先，", "其次，", "再次，", "此外，", "另外，")
INLINE_MARKERS = (
    "{zh}是", "{zh}是", "{zh}是", "{zh}是", "{n}是", "第{zh}，", "其{zh}，", "其{zh}是",
    "{n}、", "{n}.", "（{n}）", "({n})", "{circle}", "sequence",
)  # fmt: skip
LINE_MARKERS = (
    "{zh}是", "{zh}是", "{zh}是", "{n}.", "{n}.", "{n}、", "{n}．", "{n}. ", "（{n}）", "({n})",
    "{n}）", "{circle}", "（{zh}）", "({zh})", "{zh}、", "第{zh}，", "第{zh}、", "sequence",
)  # fmt: skip
BLOCK_MARKERS = ("（{zh}）", "（{zh}）", "({zh})", "{n}.", "{n}、", "{zh}是", "{zh}、")
ROLE_MARKERS = {
    Label.PROBLEM: ("问题{zh}：", "问题{n}：", "{zh}是"),
    Label.MEASURE: ("{zh}要", "{zh}要", "措施{zh}：", "举措{n}："),
}
BULLETS = ("——", "•", "●", "◆", "- ", "· ")

_LACKS = ("问题", "问题", "现象", "情况")

# Measures that read well after 我局将.
_VERBS = tuple("加进完提严健建制明深强推优充丰拓落开组定抓")


@dataclass(frozen=True, slots=True)
class Pen:
    """What one report draws on.

    indent, gap: what opens a paragraph, and what parts two.
    head: the ordinal of this report's subheads; items do not take the same.
    """

    subject: Subject
    rng: random.Random
    words: Grammar
    statements: dict[Role, Grammar]
    titles: Grammar
    indent: str
    gap: str
    head: str = ""

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def say(self, symbol: str, count: int = 0) -> str:
        """A phrase of the words that surround items; {count} items follow it."""
        return self.words.expand(symbol, self.rng, self.values(count))

    def values(self, count: int = 0) -> dict[str, object]:
        subject, expand = self.subject, self.words.expand
        return {
            "self": subject.self_name,
            "year": subject.year,
            "next": subject.year + 1,
            "last": subject.year - 1,
            "platform": expand("platform", self.rng),
            "content": expand("content", self.rng),
            "inner": expand(f"inner.{subject.kind}", self.rng),
            "count": "两" if count == 2 else ORDINALS[count - 1],
        }

    def themes(self, count: int) -> list[str]:
        """`count` themes, the common ones more often; none twice."""
        order = sorted(THEMES, key=lambda theme: self.rng.random() ** (1 / THEMES[theme]))
        return order[-count:]

    def marker(self, kinds: Sequence[str]) -> str:
        """A kind of marker that the subheads of this report do not use."""
        return self.rng.choice([kind for kind in kinds if _half(kind) != _half(self.head)])


def take_pen(subject: Subject, rng: random.Random, split: Split) -> Pen:
    """A pen with the indents of one report."""
    return Pen(
        subject,
        rng,
        _grammar("words", split),
        {"problem": _grammar("problems", split), "measure": _grammar("measures", split)},
        _grammar("titles", split),
        indent=rng.choice(("\u3000\u3000", "\u3000\u3000", "    ", "", "")),
        gap=rng.choice(("\n", "\n", "\n\n")),
    )


@cache
def _grammar(name: str, split: Split) -> Grammar:
    return Grammar(f"improvement_{name}", split)


def _half(kind: str) -> str:
    return kind.translate(str.maketrans("（）", "()")).strip()


# Items -----------------------------------------------------------------------------------


def _statement(pen: Pen, role: Role, theme: str, one_sentence: bool = False) -> str:
    phrases = pen.statements[role].phrases(theme)
    if one_sentence:
        phrases = tuple(phrase for phrase in phrases if "。" not in phrase)
    text = pen.statements[role].fill(pen.rng.choice(phrases), pen.rng, pen.values())
    if pen.chance(0.1) and "有待" not in text:
        text += pen.say(f"{role}_tail")
    return text


def _title(pen: Pen, role: Role, theme: str) -> str:
    return pen.titles.expand(f"{role}.{theme}", pen.rng)


def _body(pen: Pen, role: Role, theme: str) -> str:
    """One or two statements of one theme, of any number of sentences."""
    first = _statement(pen, role, theme)
    second = _statement(pen, role, theme)
    if pen.chance(0.6) or first[:8] == second[:8]:
        return first
    return f"{first}{pen.rng.choice('。。；，')}{second}"


def draw_item(pen: Pen, role: Role, theme: str, one_sentence: bool = False) -> Marked:
    """An item without marker and closing punctuation: generic, short, run-in titled or plain."""
    if pen.chance(0.04):
        return Marked.of(pen.say(f"generic_{role}"), LABELS[role], "generic")
    if pen.chance(0.12):
        text = _title(pen, role, theme)
    elif role == "problem" and pen.chance(0.06):
        text = f"{pen.say('cause')}，存在{_title(pen, role, theme)}的{pen.rng.choice(_LACKS)}"
    elif one_sentence:
        text = _statement(pen, role, theme, one_sentence=True)
    elif pen.chance(0.3):
        text = f"{_title(pen, role, theme)}{pen.rng.choice('。。。，：')}{_body(pen, role, theme)}"
    else:
        text = _statement(pen, role, theme)
        if role == "measure" and pen.chance(0.06):
            text = f"针对{_title(pen, 'problem', theme)}的问题，{text}"
    return Marked.of(text, LABELS[role])


def draw_sentence(pen: Pen, role: Role, theme: str) -> Marked:
    """An item of one sentence, perhaps with the organ as its subject."""
    item = draw_item(pen, role, theme, one_sentence=True)
    if role == "measure" and item.text.startswith(_VERBS) and pen.chance(0.4):
        return Marked.of(pen.say("will") + item.text, LABELS[role], item.marks[0].key)
    return item


# Markers ---------------------------------------------------------------------------------


def numbered(kind: str, index: int, count: int) -> str:
    """The marker of one item of `count`."""
    if kind == "sequence":
        return "最后，" if index == count - 1 and count > 1 else SEQUENCE[min(index, 4)]
    return kind.format(zh=ORDINALS[index], n=index + 1, circle=CIRCLES[index])


def numbered_items(pen: Pen, kinds: Sequence[str], items: Sequence[Marked]) -> Paragraphs:
    kind = pen.marker(kinds)
    label = items[0].marks[0].label
    if label is not None and pen.chance(0.08):
        kind = pen.rng.choice(ROLE_MARKERS[label])
    return [numbered(kind, index, len(items)) + item for index, item in enumerate(items)]


# Enumerations ----------------------------------------------------------------------------


def inline(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """一是…；二是…。 in one paragraph, closed by ；, by 。 or by both in turn."""
    items = numbered_items(pen, INLINE_MARKERS, [draw_item(pen, role, theme) for theme in themes])
    return [_closed(pen, items)]


def _closed(pen: Pen, items: Sequence[Marked]) -> Marked:
    stops = pen.rng.choice(("；", "；", "。", "。；", "；，"))
    closed = [item + pen.rng.choice(stops) for item in items[:-1]]
    return join("", [*closed, items[-1] + "。"])


def first_unmarked(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """…；二是…；三是…。: the first item has lost its 一是."""
    first, *rest = [draw_item(pen, role, theme) for theme in themes]
    return [_closed(pen, [first, *(f"{ORDINALS[i]}是" + item for i, item in enumerate(rest, 1))])]


def lines(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """A marker and an item on each line; all closed alike, or not at all."""
    items = numbered_items(pen, LINE_MARKERS, [draw_item(pen, role, theme) for theme in themes])
    stop, last = pen.rng.choice((("。", "。"), ("。", "。"), ("；", "。"), ("", "")))
    return [item + stop for item in items[:-1]] + [items[-1] + last]


def titled(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """一是小标题。正文。正文。 for every item, on lines of its own or in one paragraph."""
    items = [
        Marked.of(f"{_title(pen, role, theme)}。{_body(pen, role, theme)}", LABELS[role])
        for theme in themes
    ]
    paragraphs = [item + "。" for item in numbered_items(pen, LINE_MARKERS, items)]
    return paragraphs if pen.chance(0.7) else [join("", paragraphs)]


def blocks(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """（一）标题 on a line, its body on the next one or two: one item from title to body's end."""
    stop = pen.rng.choice(("。", "", "："))
    return [
        item + "。"
        for item in numbered_items(
            pen, BLOCK_MARKERS, [_block(pen, role, theme, stop) for theme in themes]
        )
    ]


def _block(pen: Pen, role: Role, theme: str, stop: str) -> Marked:
    bodies = [_body(pen, role, theme)]
    more = _statement(pen, role, theme)
    if pen.chance(0.2) and more[:8] not in bodies[0]:
        bodies.append(more)
    turn = pen.gap + pen.indent
    return Marked.of(
        _title(pen, role, theme) + stop + turn + f"。{turn}".join(bodies), LABELS[role]
    )


def bullets(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """——… or •… on lines of their own."""
    bullet = pen.rng.choice(BULLETS)
    stop = pen.rng.choice(("。", "；", ""))
    return [bullet + draw_item(pen, role, theme) + stop for theme in themes]


def prose(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """Sentences without any mark in one paragraph; one sentence, one item."""
    first, *rest = [draw_sentence(pen, role, theme) + "。" for theme in themes]
    return [join("", [first, *(_connective(pen) + sentence for sentence in rest)])]


def _connective(pen: Pen) -> str:
    return pen.rng.choice(CONNECTIVES) if pen.chance(0.12) else ""


def unmarked_lines(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """A sentence a line, without marks."""
    return [draw_sentence(pen, role, theme) + "。" for theme in themes]


def lumped(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """Short items parallel in one sentence, which is one item: 还存在甲、乙、丙等问题。"""
    titles = [_title(pen, role, theme) for theme in themes]
    if role == "problem" and pen.chance(0.7):
        item = pen.say("still") + "、".join(titles) + pen.say("still_tail")
        before = pen.say("praise_clause") if pen.chance(0.5) else ""
        return [before + Marked.of(item, LABELS[role]) + "。"]
    return [Marked.of(pen.rng.choice("，，、").join(titles), LABELS[role]) + "。"]


def two_sided(pen: Pen, role: Role, themes: Sequence[str]) -> Paragraphs:
    """一方面，…；另一方面，…。 Of the themes only two are taken."""
    items = [draw_item(pen, role, theme) for theme in (themes[0], themes[-1])]
    comma = pen.rng.choice(("，", ""))
    return ["一方面" + comma + items[0] + "；另一方面" + comma + items[1] + "。"]


ENUMERATIONS: dict[Enumeration, float] = {
    inline: 5, first_unmarked: 0.6, lines: 5, titled: 2, blocks: 1.5, bullets: 0.5, prose: 2,
    unmarked_lines: 0.7, lumped: 1, two_sided: 0.3,
}  # fmt: skip
