"""What stands in each cell: the figures as an office types them."""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from ...inference.numbers import spell_numeral
from ...models.form import Block, Row, form, units
from ...models.report import State
from .values import Number, Values

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as printed, and what a perfect reader makes of it.

    raw: None where nothing is printed; value: None unless `state` is found.
    """

    path: str
    raw: str | None
    value: Number | None
    state: State = "found"
    unit: str | None = None


Printed = dict[str, PrintedCell]
Content = Callable[[Printed, random.Random], Printed]


def print_plain(values: Values) -> Printed:
    """Each figure in ASCII digits, nothing left blank."""
    return {path: PrintedCell(path, str(value), value) for path, value in values.items()}


def _blank(cell: PrintedCell) -> PrintedCell:
    return PrintedCell(cell.path, None, None, "blank")


def _changed(
    printed: Printed, change: Callable[[PrintedCell], PrintedCell | None], paths: Iterable[str]
) -> Printed:
    """`printed` with the cells of `paths` put through `change`; None leaves a cell alone."""
    result = dict(printed)
    for path in paths:
        if path in result and (new := change(result[path])) is not None:
            result[path] = new
    return result


def _rows(printed: Printed) -> list[tuple[Block, Row, list[str]]]:
    """The rows that the report has, with the paths of their cells."""
    seen: set[str] = set()
    rows = []
    for version in ("2021", "2019"):
        for block in form(version).blocks:
            for row in block.rows:
                paths = [block.path(row, column) for column in block.columns]
                if all(path in printed for path in paths) and not seen & set(paths):
                    seen.update(paths)
                    rows.append((block, row, paths))
    return rows


def _is_zero(cell: PrintedCell) -> bool:
    return cell.state == "found" and cell.value == 0


def zeros_blank(printed: Printed, rng: random.Random) -> Printed:
    """Leave zeros blank: all of them, or each by chance, or those of one table."""
    share = rng.choice([1.0, 1.0, rng.uniform(0.2, 0.9)])
    table = rng.choice(["t", "t", "t2", "t3", "t4"])
    return _changed(
        printed,
        lambda c: _blank(c) if _is_zero(c) and rng.random() < share else None,
        [path for path in printed if path.startswith(table)],
    )


def totals_only(printed: Printed, rng: random.Random) -> Printed:
    """C1: table 3, and often table 4, has nothing but the column 总计."""
    tables = rng.choice([("t3.",), ("t3.", "t4.")])
    paths = [p for p in printed if p.startswith(tables) and not p.endswith(".total")]
    return _changed(printed, _blank, paths)


def totals_blank(printed: Printed, rng: random.Random) -> Printed:
    """C8: the column 总计 of table 3 is empty, or filled in the row （七）总计 alone."""
    spare = rng.choice([None, "t3.total_handled.total"])
    paths = [p for p in printed if p.startswith("t3.") and p.endswith(".total") and p != spare]
    return _changed(printed, _blank, paths)


def change_blank(printed: Printed, rng: random.Random) -> Printed:
    """C2: the column 本年增/减 is left empty."""
    return _changed(printed, _blank, [p for p in printed if p.endswith(".change")])


def table_blank(printed: Printed, rng: random.Random) -> Printed:
    """A whole table was never filled in."""
    table = rng.choice(["t2.", "t3.", "t4.", "t4."])
    return _changed(printed, _blank, [p for p in printed if p.startswith(table)])


def signs_for_none(printed: Printed, rng: random.Random) -> Printed:
    """C3: `/` or a dash where the organ has no such power: rows of zeros, or every zero."""
    sign = rng.choice("//—-－\\／–")
    every = rng.random() < 0.3

    def change(cell: PrintedCell) -> PrintedCell | None:
        return PrintedCell(cell.path, sign, None, "not_applicable") if _is_zero(cell) else None

    paths: list[str] = []
    for block, _, row in _rows(printed):
        share = 0.7 if block.table == "t2" else 0.2
        if all(_is_zero(printed[p]) for p in row) and rng.random() < share:
            paths += row
    return _changed(printed, change, printed if every else paths)


def words_for_zero(printed: Printed, rng: random.Random) -> Printed:
    """`无` or `零` for zeros: a number all the same."""
    word = rng.choice("无无零")
    share = rng.choice([1.0, 0.4])
    table = rng.choice(["t", "t2", "t4"])
    return _changed(
        printed,
        lambda c: replace(c, raw=word) if _is_zero(c) and rng.random() < share else None,
        [path for path in printed if path.startswith(table)],
    )


_WORDS = ("详见附件", "无此项", "不涉及", "见附表", "未统计", "暂未统计", "另行公布", "未涉及")


def words_for_value(printed: Printed, rng: random.Random) -> Printed:
    """C3: words that give no number, in a few cells."""
    paths = rng.sample(sorted(p for p in printed if p.startswith("t2.")), k=2)
    paths += rng.sample(sorted(printed), k=rng.randint(0, 3))
    if rng.random() < 0.5:
        paths += [p for p in printed if p.endswith(".change") and printed[p].value == 0]
    text = rng.choice(_WORDS)

    def change(cell: PrintedCell) -> PrintedCell:
        word = "未增未减" if cell.path.endswith(".change") and cell.value == 0 else text
        return PrintedCell(cell.path, word, None, "text")

    return _changed(printed, change, paths)


def approximate(printed: Printed, rng: random.Random) -> Printed:
    """`100余件`: a lower bound, no number."""

    def change(cell: PrintedCell) -> PrintedCell | None:
        if not isinstance(cell.value, int) or cell.value < 20:
            return None
        base = cell.value // 10 * 10
        form_ = rng.choice(["{}余件", "{}余", "近{}件", "约{}件", "{}多件", "{}余项"])
        return PrintedCell(cell.path, form_.format(base), None, "text")

    candidates = sorted(p for p in printed if p.startswith("t2."))
    return _changed(printed, change, rng.sample(candidates, k=min(3, len(candidates))))


def signed_changes(printed: Printed, rng: random.Random) -> Printed:
    """C4: 本年增/减 with its sign: +2, -35, 减3, 增5."""
    plus, minus = rng.choice([("+", "-"), ("增", "减"), ("＋", "－"), ("增加", "减少"), ("+", "—")])

    def change(cell: PrintedCell) -> PrintedCell | None:
        if not isinstance(cell.value, int) or cell.value == 0 or cell.raw != str(cell.value):
            return None
        return replace(cell, raw=(plus if cell.value > 0 else minus) + str(abs(cell.value)))

    return _changed(printed, change, [p for p in printed if p.endswith(".change")])


def with_units(printed: Printed, rng: random.Random) -> Printed:
    """C5: the unit stands in the cell: 3件, 18.6万元, 251000元."""
    tables = rng.choice([("t2.",), ("t2.fees", "t2.procurement.amount"), ("t2.", "t3.", "t4.")])
    spare_zeros = rng.random() < 0.5
    gap = rng.choice(["", "", "", " "])

    def change(cell: PrintedCell) -> PrintedCell | None:
        if cell.raw != str(cell.value) or (spare_zeros and cell.value == 0):
            return None
        unit = units()[cell.path]
        if unit.startswith("元"):
            unit = "元" if isinstance(cell.value, int) and cell.value > 5_000 else "万元"
        elif unit == "项":
            unit = rng.choice(["项", "件"])
        return replace(cell, raw=f"{cell.raw}{gap}{unit}", unit=unit)

    return _changed(printed, change, [p for p in printed if p.startswith(tables)])


def thousands(printed: Printed, rng: random.Random) -> Printed:
    """`1,024` or `1，024`."""
    comma = rng.choice([",", ",", "，"])

    def change(cell: PrintedCell) -> PrintedCell | None:
        if cell.value is None or abs(cell.value) < 1000 or cell.raw != str(cell.value):
            return None
        return replace(cell, raw=f"{cell.value:,}".replace(",", comma))

    return _changed(printed, change, printed)


def full_width(printed: Printed, rng: random.Random) -> Printed:
    """Digits of full width, everywhere or here and there."""
    share = rng.choice([1.0, 0.1])
    return _changed(
        printed,
        lambda c: (
            replace(c, raw=c.raw.translate(FULL_WIDTH))
            if c.raw is not None and rng.random() < share
            else None
        ),
        printed,
    )


def chinese_numerals(printed: Printed, rng: random.Random) -> Printed:
    """十二 for 12, 一件 for 1 (for a lone 一 may be a dash): in a table, or here and there."""
    tables = rng.choice(["t4", "t3", "t2", "t"])
    share = rng.choice([1.0, 0.3])

    def change(cell: PrintedCell) -> PrintedCell | None:
        plain = isinstance(cell.value, int) and cell.value >= 0 and cell.raw == str(cell.value)
        if not plain or not isinstance(cell.value, int) or rng.random() >= share:
            return None
        if cell.value == 1:
            return replace(cell, raw="一件", unit="件")
        return replace(cell, raw=spell_numeral(cell.value))

    return _changed(printed, change, [p for p in printed if p.startswith(tables)])


def wrong_sum(printed: Printed, rng: random.Random) -> Printed:
    """The source's own slip: one to three numbers of tables 3 and 4 are wrong, as printed."""

    def change(cell: PrintedCell) -> PrintedCell | None:
        if not isinstance(cell.value, int):
            return None
        value = max(0, cell.value + rng.choice([-2, -1, 1, 1, 2, 3, 10]))
        return replace(cell, raw=str(value), value=value)

    paths = [p for p in printed if p.startswith(("t3.", "t4."))]
    return _changed(printed, change, rng.sample(paths, k=rng.randint(1, 3)))


#: Name -> (how often, relative to each other; what it does).
CONTENTS: Mapping[str, tuple[float, Content]] = {
    "wrong_sum": (1.0, wrong_sum),
    "C1_totals_only": (1.0, totals_only),
    "C1_zeros_blank": (3.0, zeros_blank),
    "C1_table_blank": (0.7, table_blank),
    "C2_change_blank": (1.0, change_blank),
    "C3_signs_for_none": (2.0, signs_for_none),
    "C3_words_for_zero": (0.7, words_for_zero),
    "C3_words": (2.0, words_for_value),
    "C3_approximate": (0.5, approximate),
    "C3_chinese_numerals": (0.5, chinese_numerals),
    "C4_signed_changes": (1.5, signed_changes),
    "C5_units": (1.0, with_units),
    "C6_thousands": (0.5, thousands),
    "C6_full_width": (0.5, full_width),
    "C8_totals_blank": (0.7, totals_blank),
}
