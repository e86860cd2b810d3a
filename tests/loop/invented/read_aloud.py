"""A layout that the generator does not have: a site's read-aloud edition of a report.

Sites offer a text for screen readers in which every cell of a table is announced by its place,
and every table by its size: 第7行第2列：57. The announcements are furniture of the page, NOISE,
as an annotator labels them; what stands between them are the report's own labels and figures.
"""

import random
from dataclasses import dataclass

from nianbao.models.labels import Label
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.marked import Mark, Marked, join
from nianbao.training.synthetic.printing import signs_for_none, thousands, with_units, zeros_blank
from nianbao.training.synthetic.report import Sample
from nianbao.training.synthetic.tables import Cell, Table, expand
from tests.loop.invented.writing import Page, report

NAME = "read-aloud"

#: How a place is said: {r} and {c} count rows and columns, {a} is the column's letter.
_PLACES = (
    "第{r}行第{c}列",
    "{r}行{c}列",
    "{a}{r}",
    "R{r}C{c}",
    "{r}-{c}",
    "行{r}列{c}",
)
#: What stands around it.
_DRESS = ("{}：", "【{}】", "〔{}〕", "「{}」", "{}→", "{}＝", "［{}］ ")
#: How a table is announced, and how its end is.
_OPENINGS = (
    ("表格开始，共{rows}行{columns}列", "表格结束"),
    ("▼ 表格（{rows}×{columns}）", "▲ 表格完"),
    ("〖表{n}〗{columns}列 {rows}行", "〖/表{n}〗"),
    ("进入表格 {rows} 行 {columns} 列", "离开表格"),
)
#: How the six sections are numbered.
_HEADINGS = (
    "§{n}　{words}",
    "【{n}】{words}",
    "{big}　{words}",
    "模块{n}：{words}",
    "◎{words}",
    "{n}/6 {words}",
)
#: What a page of this kind says above the report and below it.
_ABOVE = (
    "读屏版　语速：中　音量：大",
    "您正在使用无障碍阅读　快捷键 Alt+1 跳到正文",
    "纯文本版｜表格已逐格播报",
    "朗读全文　暂停　上一段　下一段",
)
_BELOW = ("播报完毕", "返回页首（Alt+0）", "退出无障碍阅读", "朗读结束　重听")


@dataclass(frozen=True, slots=True)
class Voice:
    """How one report is read out.

    by_row: a row to a line, its cells parted by `gap`; else a cell to a line. Only the latter
    shows a blank cell. from_zero: rows and columns are counted from 0.
    """

    place: str
    opening: str
    closing: str
    heading: str
    by_row: bool
    gap: str
    from_zero: bool
    spacing: str


def voice(rng: random.Random) -> Voice:
    opening, closing = rng.choice(_OPENINGS)
    return Voice(
        place=rng.choice(_DRESS).format(rng.choice(_PLACES)),
        opening=opening,
        closing=closing,
        heading=rng.choice(_HEADINGS),
        by_row=rng.random() < 0.5,
        gap=rng.choice([" ", "　", "  "]),
        from_zero=rng.random() < 0.2,
        spacing=rng.choice(["\n", "\n", "\n\n"]),
    )


def read_aloud(seed: int, split: Split) -> Sample:
    """The report of that seed, with its gold; always the same, as long as the phrases stay."""
    return report(NAME, seed, split, _page)


def _page(rng: random.Random) -> Page:
    own = voice(rng)
    return Page(
        heading=own.heading,
        spacing=own.spacing,
        above=_ABOVE,
        below=_BELOW,
        habits=(with_units, thousands, signs_for_none if own.by_row else zeros_blank),
        table=lambda table, *_: _announced(table, own),
    )


def _announced(table: Table, own: Voice) -> Marked:
    size = {"rows": len(table.rows), "columns": table.width, "n": table.id[1:]}
    opening, closing = (
        Marked.of(line.format(**size), Label.NOISE) for line in (own.opening, own.closing)
    )
    return join("\n", (opening, *_lines(table, own), closing))


def _lines(table: Table, own: Voice) -> list[Marked]:
    """A merged cell is announced once, at its first place."""
    lines = []
    for row, slots in enumerate(expand(table)):
        cells = [
            _cell(slot, row, column, own)
            for column, slot in enumerate(slots)
            if isinstance(slot, Cell)
        ]
        lines += [join(own.gap, cells)] if own.by_row else cells
    return lines


def _cell(cell: Cell, row: int, column: int, own: Voice) -> Marked:
    """The place, as NOISE, and what stands there. A label broken over lines is read out whole."""
    first = 0 if own.from_zero else 1
    said = own.place.format(r=row + first, c=column + first, a=chr(ord("A") + column))
    content = cell.content
    if "\n" in content.text:
        text = content.text.replace("\n", "")
        (mark,) = content.marks
        content = Marked(text, (Mark(0, len(text), mark.label, mark.key),))
    place = said.rstrip()
    return Marked.of(place, Label.NOISE) + said[len(place) :] + content
