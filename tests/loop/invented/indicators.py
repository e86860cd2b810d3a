"""A layout that the generator does not have: tables printed as a statistical return.

Statistics are reported as a list of indicators: each figure stands on a line with its name, a
code and often its unit, under a head with the form's number and above lines for signatures. Some
offices give the rows codes and not the figures, and some print the figures of a row in one line.
Codes, units, the form's head and its foot are furniture, NOISE, as an annotator labels them; the
leaders between name and figure are nothing.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nianbao.models.form import Block, Column
from nianbao.models.labels import Label
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.marked import Marked, join
from nianbao.training.synthetic.printing import (
    Printed,
    PrintedCell,
    full_width,
    signs_for_none,
    thousands,
    with_units,
    zeros_blank,
)
from nianbao.training.synthetic.report import Sample
from nianbao.training.synthetic.tables import value_cell
from tests.loop.invented.writing import Page, report

NAME = "indicators"

#: Codes: {t} is the table, {i} counts the coded lines, {r} the rows, {c} the row's figures.
_CODES = (
    "{i:02}",
    "{t}{i:02}",
    "{t}{r:02}{c:02}",
    "B{i:03}",
    "GK{t}{i:02}",
    "（{i}）",
    "{t}-{r}-{c}",
)
#: What leads from a name to its figure, and closes the blank for it.
_LEADERS = (
    ("……", ""),
    ("………………", ""),
    ("········", ""),
    ("　　", ""),
    ("  ", ""),
    ("            ", ""),
    ("____", "____"),
    ("：", ""),
)
_INDENTS = ("", "　", "  ", "　　")
#: What the column of names is headed where the form has no word of its own.
_NAMES = ("指标名称", "指　标", "填报项目")
_SPANNING: Mapping[str, str] = {"t2": "信息内容", "t3": "申请人情况"}
#: The head of a table: its number, who made it, how long it serves.
_NUMBERS = (
    "表　　号：政公开{t}表",
    "表号：XXGK-0{t}",
    "基层表 {t}",
    "报表编码：10{t}",
    "政务公开统计{t}表",
)
_MAKERS = (
    "制定机关：省政务公开办",
    "制表机关：省政府办公厅",
    "批准机关：省统计局",
    "主管部门：省大数据局",
)
_TERMS = ("有效期至：报送次年3月", "报送频率：年报", "填报范围：各级行政机关", "调查方法：全面调查")
#: The foot of a table.
_FEET = (
    "",
    "",
    "单位负责人：　　　　填表人：　　　　联系电话：",
    "填表人（签字）：　　　　审核人（签字）：",
    "填报说明：空项视同零，小数点后保留两位。",
    "说明：1.本表由各单位据实填报；2.本表一式两份。",
    "审核状态：已通过　　报送方式：网络直报",
)
#: How the six parts of the return are headed.
_HEADINGS = (
    "第{n}部分　{words}",
    "{n}、{words}",
    "{n}00　{words}",
    "（{n:02}）{words}",
    "分册{big}　{words}",
    "{n:02}-{words}",
)
#: What a page of this kind says above the report and below it.
_ABOVE = (
    "年报直报系统　打印预览",
    "统计台账（年度）　只读",
    "报表状态：已上报　已审核",
    "综合年报　定期报表",
    "导出格式：纯文本",
)
_BELOW = ("——报表结束——", "由直报系统生成，涂改无效", "本套报表共3张", "报表打印完毕")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How one office prints its return.

    code: of a line; by_row: rows have codes, else figures do; before: it stands before the name.
    with_units: of measure on every line, else above the table. leader, closing: before and behind
    a figure. indent: for each level. run_in: what joins the figures of a row to one line, or None.
    row_end: behind a row's label. spanned: 法人或其他组织 has a line of its own.
    name: what heads the names of table 4. head: of a table; head_gap: between its lines.
    """

    code: str
    by_row: bool
    before: bool
    with_units: bool
    leader: str
    closing: str
    indent: str
    run_in: str | None
    row_end: str
    spanned: bool
    name: str
    head: Sequence[str]
    head_gap: str
    foot: str


def sheet(rng: random.Random) -> Sheet:
    leader, closing = rng.choice(_LEADERS)
    run_in = rng.choice(["；", "，", "　"]) if rng.random() < 0.25 else None
    head = [rng.choice(lines) for lines in (_NUMBERS, _MAKERS, _TERMS)]
    return Sheet(
        code=rng.choice(_CODES),
        by_row=rng.random() < 0.3,
        before=rng.random() < 0.4,
        with_units=rng.random() < 0.5,
        leader=leader,
        closing=closing,
        indent=rng.choice(_INDENTS),
        run_in=run_in,
        row_end="：" if run_in else rng.choice(["", "", "："]),
        spanned=run_in is None and rng.random() < 0.5,
        name=rng.choice(_NAMES),
        head=[line for line in head if rng.random() < 0.7],
        head_gap=rng.choice(["\n", "　　"]),
        foot=rng.choice(_FEET),
    )


def indicators(seed: int, split: Split) -> Sample:
    """The report of that seed, with its gold; always the same, as long as the phrases stay."""
    return report(NAME, seed, split, _page)


def _page(rng: random.Random) -> Page:
    own = sheet(rng)
    typed = () if own.with_units else (with_units,)
    return Page(
        heading=rng.choice(_HEADINGS),
        spacing=rng.choice(["\n", "\n", "\n\n"]),
        above=_ABOVE,
        below=_BELOW,
        habits=(zeros_blank, thousands, signs_for_none, full_width, *typed),
        table=lambda _, blocks, printed: _table(blocks, printed, own),
    )


def _table(blocks: Sequence[Block], printed: Printed, own: Sheet) -> Marked:
    """A table with its head and its foot."""
    number = blocks[0].table[1:]
    head = [Marked.of(line.format(t=number), Label.NOISE) for line in own.head]
    if not own.with_units:
        head.append(Marked.of("计量单位：件", Label.CAPTION))
    lines = [join(own.head_gap, head)] if head else []
    lines += [Marked.of(block.label, Label.CAPTION) for block in blocks if block.table == "t3"]
    lines.append(_columns(blocks[0].table, own))
    lines += _Writer(own, number).lines(blocks, printed)
    if own.foot:
        lines.append(Marked.of(own.foot, Label.NOISE))
    return join("\n", lines)


def _columns(table: str, own: Sheet) -> Marked:
    """The headers of names, codes, units and figures, in the order of a line."""
    name = _SPANNING.get(table, own.name)
    heads = ["代码", name] if own.before else [name, "代码"]
    heads += ["计量单位"] if own.with_units else []
    return join("　　", [Marked.of(head, Label.COLUMN) for head in (*heads, "数量")])


class _Writer:
    """Writes the lines of one table, counting them for their codes."""

    def __init__(self, own: Sheet, table: str) -> None:
        self._own = own
        self._table = table
        self._coded = self._row = 0

    def lines(self, blocks: Sequence[Block], printed: Printed) -> Iterator[Marked]:
        """Groups where they begin, then the row and its figures, each a level deeper."""
        known: tuple[Marked, ...] = ()
        for block in blocks:
            for row in block.rows:
                *groups, label = labels = _labels(block, row.labels)
                for depth, group in enumerate(groups):
                    if tuple(labels[: depth + 1]) != known[: depth + 1]:
                        yield self._own.indent * depth + group
                known = tuple(labels)
                cells = [printed[path] for path in block.row_paths[row.id]]
                yield from self._of_row(label, len(groups), block.columns, cells)

    def _of_row(
        self, label: Marked, depth: int, columns: Sequence[Column], cells: Sequence[PrintedCell]
    ) -> Iterator[Marked]:
        own = self._own
        self._row += 1
        head = self._coded_name(label, 0) if own.by_row else label
        head = own.indent * depth + head + own.row_end
        figures = [
            self._figure(number, column, cell)
            for number, (column, cell) in enumerate(zip(columns, cells, strict=True), 1)
        ]
        if own.run_in is not None:
            yield head + ("" if own.row_end else "　") + join(own.run_in, figures)
            return
        yield head
        under = None
        for column, figure in zip(columns, figures, strict=True):
            if own.spanned and column.under not in (None, under):
                assert column.under is not None
                yield own.indent * (depth + 1) + Marked.of(column.under, Label.COLUMN)
            under = column.under
            yield own.indent * (depth + (2 if own.spanned and under else 1)) + figure

    def _figure(self, number: int, column: Column, cell: PrintedCell) -> Marked:
        """Name, code, unit and figure."""
        own = self._own
        name = Marked.of(column.label, Label.COLUMN)
        if not own.by_row:
            name = self._coded_name(name, number)
        if own.with_units and column.unit in ("件", "项", "万元"):
            name = name + "　" + Marked.of(column.unit, Label.NOISE)
        return name + own.leader + value_cell(cell).content + own.closing

    def _coded_name(self, name: Marked, number: int) -> Marked:
        self._coded += 1
        wording = self._own.code.format(t=self._table, i=self._coded, r=self._row, c=number)
        code = Marked.of(wording, Label.NOISE)
        return code + "　" + name if self._own.before else name + "　" + code


def _labels(block: Block, labels: Sequence[str]) -> list[Marked]:
    """A row's labels, its groups' first; of table 4 the names of its blocks, which are headers."""
    if block.table == "t4":
        names = ("行政复议",) if block.id == "review" else ("行政诉讼", block.label)
        return [Marked.of(name, Label.COLUMN) for name in names]
    *groups, own = (block.label, *labels) if block.table == "t2" else labels
    return [*(Marked.of(name, Label.GROUP) for name in groups), Marked.of(own, Label.ROW)]
