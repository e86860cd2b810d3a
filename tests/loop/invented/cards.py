"""A layout that the generator does not have: a report whose tables were exported as cards.

A site that keeps its tables as records shows every row as a card with a number and buttons; the
columns are explained once or on every card, and the figures bear the letters of that legend
(甲＝3) or follow each other bare. Some spell out the columns of table 4 (结果维持＝3).
Numbers of cards, letters and buttons are furniture, NOISE, as an annotator labels them, and the
signs between them are nothing.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from nianbao.models.form import Block, Row
from nianbao.models.labels import Label
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.marked import Marked, join
from nianbao.training.synthetic.printing import (
    Printed,
    full_width,
    signs_for_none,
    thousands,
    with_units,
    words_for_zero,
)
from nianbao.training.synthetic.report import Sample
from nianbao.training.synthetic.tables import value_cell
from tests.loop.invented.writing import Page, report

NAME = "cards"

#: How cards are numbered: {i} of {n}, {id} is the record's number in the office's database.
_NUMBERS = (
    "卡片 {i}/{n}",
    "No.{i:03}",
    "记录ID：{id:06x}",
    "［{i:02} of {n}］",
    "共{n}张之{i}",
    "#{id}",
    "@{id:x}-{i}",
)
#: Where the number stands: on a line of its own, before the label or behind it.
_PLACES = ("above", "before", "behind")
#: What stands between the groups of a row and its label, or how a group heads its cards.
_TRAILS = (" › ", " ＞ ", " ▸ ", "←", " ∷ ")
_DECKS = ("▣ {label}", "◆ {label} ◆", "〓 {label} 〓", "◤{label}◢", "＋ {label}")
_TITLES = ("{label}", "「{label}」", "▸ {label}", "〖{label}〗", "◈ {label}", "{label} ★")
#: A figure with its letter or column.
_FIELDS = (
    "{name}＝{value}",
    "{name}〔{value}〕",
    "{name} …… {value}",
    "{value}〔{name}〕",
    "{value}←{name}",
    "〈{name}〉{value}",
    "{name}→{value}",
    "「{value}」{name}",
)
_LETTERS = (
    "甲乙丙丁戊己庚",
    "ABCDEFG",
    "①②③④⑤⑥⑦",
    "子丑寅卯辰巳午",
    ("f1", "f2", "f3", "f4", "f5", "f6", "f7"),
    ("字段01", "字段02", "字段03", "字段04", "字段05", "字段06", "字段07"),
)
#: What stands between figures on one line, and between bare ones.
_GAPS = (" · ", "；", " ～ ", "、", " ⁄⁄ ", " ⋮ ")
_BARE_GAPS = ("　", "    ")
#: The legend: a column with its letter, what stands between columns, and what it opens with.
_LEGENDS = ("{name} {column}", "{column}（{name}）", "{name}＝{column}", "{column}:{name}")
_LEGEND_GAPS = (" · ", "　", "；", " ∕ ")
_LEGEND_OPENINGS = ("", "图例", "字段说明", "☰")
#: What stands below a card.
_FEET = (
    "",
    "",
    "— 编辑 · 删除 · 详情 —",
    "◦ ◦ ◦ ◦ ◦",
    "[展开] [收藏] [分享]",
    "♡ 收藏　↗ 转发　⋯ 更多",
    "▰▰▰▱▱　查看详情 ＞",
    "复制本卡　反馈有误",
)
#: How the six sections are headed.
_HEADINGS = (
    "{words} ▷ {n}",
    "〈{n:02}〉{words}",
    "■ {words} ■",
    "卷{big}·{words}",
    "［{n}｜6］{words}",
    "{n:02} ⟩ {words}",
)
#: What a page of this kind says above the report and below it.
_ABOVE = (
    "卡片视图　列表视图　导出",
    "全部展开｜全部收起",
    "数据卡·只读",
    "按序号排列 ▾　每页 50 张",
)
_BELOW = ("已显示全部卡片", "没有更多了", "回到第一张", "导出为图片　打印卡片")


@dataclass(frozen=True, slots=True)
class Hand:
    """How one report's cards look.

    number: of a card; place: where it stands; salt: what the record's number is drawn from.
    trail: between groups and label on a card, or None where a group heads its cards as `deck`.
    title: around the label. field: a figure with its name. letters: the names of figures, or none:
    then they stand bare. gap: between figures; below: between label and figures.
    spelt: table 4 names its columns beside the figures. on_card: the legend stands on each card.
    between: cards.
    """

    number: str
    place: str
    salt: int
    trail: str | None
    deck: str
    title: str
    field: str
    letters: Sequence[str]
    gap: str
    below: str
    spelt: bool
    on_card: bool
    legend: str
    legend_gap: str
    legend_opening: str
    foot: str
    between: str


def hand(rng: random.Random) -> Hand:
    letters = rng.choice(_LETTERS) if rng.random() < 0.75 else ()
    a_line_each = rng.random() < 0.3
    gaps = _GAPS if letters else _BARE_GAPS
    return Hand(
        number=rng.choice(_NUMBERS),
        place=rng.choice(_PLACES),
        salt=rng.randrange(10_000, 1_000_000),
        trail=rng.choice(_TRAILS) if rng.random() < 0.5 else None,
        deck=rng.choice(_DECKS),
        title=rng.choice(_TITLES),
        field=rng.choice(_FIELDS),
        letters=letters,
        gap="\n" if a_line_each else rng.choice(gaps),
        below="\n" if a_line_each else rng.choice(["\n", "\n", "：", " ⇒ "]),
        spelt=rng.random() < 0.6,
        on_card=rng.random() < 0.25,
        legend=rng.choice(_LEGENDS),
        legend_gap=rng.choice(_LEGEND_GAPS),
        legend_opening=rng.choice(_LEGEND_OPENINGS),
        foot=rng.choice(_FEET),
        between=rng.choice(["\n", "\n", "\n\n"]),
    )


def cards(seed: int, split: Split) -> Sample:
    """The report of that seed, with its gold; always the same, as long as the phrases stay."""
    return report(NAME, seed, split, _page)


def _page(rng: random.Random) -> Page:
    own = hand(rng)
    return Page(
        heading=rng.choice(_HEADINGS),
        spacing=rng.choice(["\n", "\n", "\n\n"]),
        above=_ABOVE,
        below=_BELOW,
        habits=(with_units, thousands, signs_for_none, words_for_zero, full_width),
        table=lambda _, blocks, printed: _dealt(blocks, printed, own),
    )


@dataclass(frozen=True, slots=True)
class _Card:
    """A row of the form: its labels, the groups' first, and its figures."""

    block: Block
    labels: tuple[Marked, ...]
    values: tuple[Marked, ...]


def _cards_of(blocks: Sequence[Block], printed: Printed) -> list[_Card]:
    return [
        _Card(
            block,
            _labels(block, row),
            tuple(value_cell(printed[path]).content for path in block.row_paths[row.id]),
        )
        for block in blocks
        for row in block.rows
    ]


def _labels(block: Block, row: Row) -> tuple[Marked, ...]:
    """Of table 4 the names of its blocks, which are headers in the form."""
    if block.table == "t4":
        names = ("行政复议",) if block.id == "review" else ("行政诉讼", block.label)
        return tuple(Marked.of(name, Label.COLUMN) for name in names)
    groups = (block.label,) if block.table == "t2" else row.labels[:-1]
    return (*(Marked.of(name, Label.GROUP) for name in groups), Marked.of(row.label, Label.ROW))


def _dealt(blocks: Sequence[Block], printed: Printed, own: Hand) -> Marked:
    """All cards of a table, with the groups and the legends that stand between them."""
    found = _cards_of(blocks, printed)
    pieces = [Marked.of(block.label, Label.CAPTION) for block in blocks if block.table == "t3"]
    above = None
    for number, card in enumerate(found, 1):
        pieces += _heads(card, above, own)
        pieces.append(_card(card, number, len(found), own))
        above = card
    return join(own.between, pieces)


def _heads(card: _Card, above: _Card | None, own: Hand) -> Iterator[Marked]:
    """The groups that begin with a card, where no trail names them; the legend of a new block."""
    begins = above is None or above.block is not card.block
    if own.trail is None:
        known = () if above is None else above.labels[:-1]
        for depth, label in enumerate(card.labels[:-1]):
            if card.labels[: depth + 1] != known[: depth + 1]:
                yield _filled(own.deck, label=label)
    if begins and not own.on_card and not _is_spelt(card, own):
        yield _legend(card.block, own)


def _is_spelt(card: _Card, own: Hand) -> bool:
    return own.spelt and card.block.table == "t4"


def _card(card: _Card, number: int, n_cards: int, own: Hand) -> Marked:
    record = own.salt + 1000 * int(card.block.table[1:]) + 37 * number
    count = Marked.of(own.number.format(i=number, n=n_cards, id=record), Label.NOISE)
    labels = card.labels[-1:] if own.trail is None else card.labels
    title = _filled(own.title, label=join(own.trail or "", labels))
    title = {"above": title, "before": count + "　" + title, "behind": title + "　" + count}[
        own.place
    ]
    lines = [count] if own.place == "above" else []
    if own.on_card and not _is_spelt(card, own):
        lines.append(_legend(card.block, own))
    lines.append(title + own.below + join(own.gap, _fields(card, own)))
    if own.foot:
        lines.append(Marked.of(own.foot, Label.NOISE))
    return join("\n", lines)


def _fields(card: _Card, own: Hand) -> list[Marked]:
    """The figures, each with its column, with its letter or alone."""
    columns = card.block.columns
    if _is_spelt(card, own):
        names = [Marked.of(column.label, Label.COLUMN) for column in columns]
    else:
        names = [Marked.of(letter, Label.NOISE) for letter in _letters(card.block, own)]
    if not names:
        return list(card.values)
    pairs = zip(names, card.values, strict=True)
    return [_filled(own.field, name=name, value=value) for name, value in pairs]


def _letters(block: Block, own: Hand) -> Sequence[str]:
    """The letters of a block's columns; a single one needs none."""
    count = len(block.columns)
    return own.letters[:count] if count > 1 else ()


def _legend(block: Block, own: Hand) -> Marked:
    """The block's headers in order, those that span others before these."""
    spanning = {"t2": "信息内容", "t3": "申请人情况"}.get(block.table)
    heads = [] if spanning is None else [Marked.of(spanning, Label.COLUMN)]
    under = None
    for column, letter in zip_longest(block.columns, _letters(block, own)):
        if column.under not in (None, under):
            heads.append(Marked.of(column.under, Label.COLUMN))
        under = column.under
        head = Marked.of(column.label, Label.COLUMN)
        if letter is not None:
            head = _filled(own.legend, name=Marked.of(letter, Label.NOISE), column=head)
        heads.append(head)
    opening = Marked.of(own.legend_opening, Label.NOISE) + "　" if own.legend_opening else ""
    return opening + join(own.legend_gap, heads)


def _filled(template: str, **pieces: Marked) -> Marked:
    """The template with the pieces in their places, marks and all."""
    parts = re.split(r"\{(\w+)\}", template)
    return join("", (pieces[part] if at % 2 else Marked(part) for at, part in enumerate(parts)))
