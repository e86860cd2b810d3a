"""A layout that the generator does not have: a site's read-aloud edition of a report.

Sites offer a text for screen readers in which every cell of a table is announced by its place,
and every table by its size: 第7行第2列：57. The announcements are furniture of the page, NOISE,
as an annotator labels them; what stands between them are the report's own labels and figures.
The contents (organs, figures, prose) are the generator's; how they are written is all here.
"""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nianbao.models.document import Document
from nianbao.models.form import Version, form
from nianbao.models.labels import Label
from nianbao.training.synthetic import headings, organs
from nianbao.training.synthetic.compose import parts_for, tables_for, values_for
from nianbao.training.synthetic.edits import Builder
from nianbao.training.synthetic.gold import gold_of
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.marked import Mark, Marked, join
from nianbao.training.synthetic.parts import Bodies, Part, is_heading
from nianbao.training.synthetic.printing import (
    Printed,
    print_plain,
    signs_for_none,
    thousands,
    with_units,
    zeros_blank,
)
from nianbao.training.synthetic.report import Sample
from nianbao.training.synthetic.subject import Subject
from nianbao.training.synthetic.tables import Cell, Table, expand

NAME = "read-aloud"
#: Seeds here have a name of their own: no report of the generator is drawn from the same numbers.
_SEEDS = "read-aloud"

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
#: How the six sections are numbered; {n} and {big} are the number, {words} the heading's words.
_HEADINGS = (
    "§{n}　{words}",
    "【{n}】{words}",
    "{big}　{words}",
    "模块{n}：{words}",
    "◎{words}",
    "{n}/6 {words}",
)
_BIG = "壹贰叁肆伍陆"
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
    rng = random.Random(f"{_SEEDS}:{split}:{seed}")
    organ, self_name, kind = organs.sample_organ(rng, split)
    year = rng.choice(range(2019, 2026))
    version: Version = "2019" if year < 2021 else "2021"
    found = form(version)
    blocks = (*found.t2, found.t3, *found.t4)
    own = voice(rng)
    printed = _printed(print_plain(values_for(blocks, version, rng)), own, rng)
    values = {path: cell.value for path, cell in printed.items()}
    subject = Subject(organ, self_name, kind, year, version, values)
    parts = parts_for(subject, split, tables_for(blocks, printed, rng), rng)
    marked = _written([_headed(part, own, split, rng) for part in parts], own, rng)
    source = marked.text.encode()
    document = Document(
        path=f"{NAME}-{split}-{seed}.txt",
        text=marked.text,
        format="txt",
        sha256=hashlib.sha256(source).hexdigest(),
        encoding="utf-8",
        spans=marked.spans(),
    )
    return Sample(document, gold_of(marked, blocks, printed, subject), NAME, (), source)


def _printed(printed: Printed, own: Voice, rng: random.Random) -> Printed:
    """The figures as the office typed them: plain, or with one habit of its own."""
    habits: list[Callable[[Printed, random.Random], Printed]] = [with_units, thousands]
    habits.append(signs_for_none if own.by_row else zeros_blank)
    return rng.choice(habits)(printed, rng) if rng.random() < 0.4 else printed


def _headed(part: Part, own: Voice, split: Split, rng: random.Random) -> Part:
    """The part, or a heading written this layout's way."""
    if not is_heading(part):
        return part
    number = int(part.section)
    words = headings.heading(part.section, rng, split)
    line = own.heading.format(n=number, big=_BIG[number - 1], words=words)
    return replace(part, content=Marked.of(line, Label.SECTION, f"heading:{part.section}"))


def _written(parts: Sequence[Part], own: Voice, rng: random.Random) -> Marked:
    """The parts as one text, with marks for us over the sections' bodies and the signature."""
    out = Builder()
    bodies = Bodies()
    if rng.random() < 0.8:
        out.add(Marked.of(rng.choice(_ABOVE), Label.NOISE) + "\n")
    for index, part in enumerate(parts):
        out.add(own.spacing if index else "")
        start = out.length
        out.add(part.content if part.table is None else _announced(part.table, part, own))
        bodies.add(part, start, out.length)
        if part.kind == "signature":
            out.mark(start, out.length, "signature")
    bodies.mark(out)
    if rng.random() < 0.7:
        out.add("\n" + Marked.of(rng.choice(_BELOW), Label.NOISE))
    return out.build()


def _announced(table: Table, part: Part, own: Voice) -> Marked:
    size = {"rows": len(table.rows), "columns": table.width, "n": part.section}
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
