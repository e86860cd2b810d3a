"""The layouts A1 to A18 and F1 to F9 that real pages show, each with random details."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..tables import TableId
from .writer import Style

_BARE = ("",)
_LOOSE_VALUES = (("",), (" ",), ("", " "), ("", "", "       "))  # C6: blanks before values


@dataclass(frozen=True, slots=True)
class Plan:
    """How a report's tables are written.

    styles: one for each table. run_in: headings and tables share a line (A10). dedupe: repeated
    lines are dropped (A16). loose_row: the last row of table 2 falls out of the grid (A18).
    stray: a row of empty cells behind each table. format: of the file.
    """

    styles: Mapping[TableId, Style]
    run_in: bool = False
    dedupe: bool = False
    loose_row: bool = False
    stray: str = ""
    format: str = "txt"


def _spaces(rng: random.Random) -> tuple[str, ...]:
    return rng.choice(_LOOSE_VALUES) if rng.random() < 0.3 else _BARE


def _inner(rng: random.Random) -> str:
    return rng.choice(["", " ", " ", ""])


def _paragraph_cells(rng: random.Random) -> Style:
    gap = rng.choice(["\n\n", "\n\n", "\n \n", "\n"])
    after = (gap,)
    spaces = rng.choice([("",), (" ",), (" ",), ("",)])
    return Style(
        after=after, trim=gap, gap=gap, inner=rng.choice(["\n", ""]) if gap != "\n" else "",
        spaces=spaces, delimited=False,
    )  # fmt: skip


def _line_cells(rng: random.Random) -> Style:
    return replace(_paragraph_cells(rng), after=("\n",), trim="\n", gap="\n", inner="")


def _split_paragraph_cells(rng: random.Random) -> Style:
    style = _paragraph_cells(rng)
    return replace(style, inner=style.gap, pieces=True)


def _padded_pipes(rng: random.Random) -> Style:
    return Style(
        after=(" | ",), blank=rng.choice(["|", "| ", " | "]), end="|", trim=" ", inner=_inner(rng),
        spaces=_spaces(rng),
    )  # fmt: skip


def _bare_pipes(rng: random.Random) -> Style:
    return Style(
        after=(" | ",), blank=rng.choice(["| ", " | "]), trim=" ", inner=_inner(rng),
        spaces=_spaces(rng),
    )  # fmt: skip


def _leading_pipes(rng: random.Random) -> Style:
    end = rng.choice(["|", "|", None])
    return Style(
        lead="| ", after=(" | ",), blank=rng.choice(["| ", " | "]), end=end,
        trim=rng.choice([" ", ""]), inner=_inner(rng),
        spaces=rng.choice([("",), ("", "       "), ("", " "), _BARE]),
    )  # fmt: skip


def _bar_at_line_end(rng: random.Random) -> Style:
    tail = rng.random() < 0.5
    return Style(
        after=(" |\n",), blank="|\n", end="|" if tail else None, trim="\n", inner=_inner(rng),
        spaces=_spaces(rng),
    )  # fmt: skip


def _bar_on_own_line(rng: random.Random) -> Style:
    return Style(
        after=("\n|\n",), blank="|\n", end=rng.choice(["|", None]), trim="\n", inner=_inner(rng),
        spaces=_spaces(rng),
    )  # fmt: skip


def _bar_before_row(rng: random.Random) -> Style:
    return replace(_bar_at_line_end(rng), lead="|\n")


def _spaces_between(rng: random.Random) -> Style:
    space = rng.choice([" ", " ", "  ", "    "])
    return Style(after=(space,), trim=space, inner="", delimited=False)


def _one_line(rng: random.Random) -> Style:
    return Style(after=(" ",), trim=" ", gap=" ", inner=_inner(rng), delimited=False)


def _indented_bars(rng: random.Random) -> Style:
    indent = rng.choice(["\t\t\t", "\t\t", "\t"])
    return Style(
        before=indent, after=("  | \n",), last="\n   | ", blank=indent + " | \n",
        end=rng.choice(["| ", None]), inner=_inner(rng),
    )  # fmt: skip


def _tabs(rng: random.Random) -> Style:
    return Style(
        after=("\t",), blank="\t", pad=rng.choice(["\t", None]), below="\t",
        trim=rng.choice(["\t", ""]), inner=_inner(rng), spaces=_spaces(rng),
    )  # fmt: skip


def _bar_behind_row(rng: random.Random) -> Style:
    return Style(after=(" | ",), blank=" | ", trim=" | ", tail="\n|", inner=_inner(rng))


def _mixed_bars(rng: random.Random) -> Style:
    leading = rng.random() < 0.4
    after = (" |\n", " |\n", " | ") if rng.random() < 0.5 else (" | ", "\n|\n")
    return Style(
        lead="| " if leading else "", after=after, blank="| ", end=rng.choice(["|", None]),
        trim="\n", inner=_inner(rng), spaces=_spaces(rng),
    )  # fmt: skip


def _blanks_on_own_lines(rng: random.Random) -> Style:
    return Style(before=" ", after=(" |",), blank="\n|", inner=_inner(rng))


def _tab_led_lines(rng: random.Random) -> Style:
    """As the office's own text export writes it: a tab before each cell, a line for each."""
    lead = rng.choice(["\t", "\t", "\t ", " "])
    spaces = ("",) if rng.random() < 0.5 else ("",) * 30 + (" \n",)
    return Style(
        before=lead, after=("\n",), blank=lead + "\n", below=rng.choice([lead + "\n", None]),
        inner="\n", spaces=spaces, gap="\n", trim="",
    )  # fmt: skip


def _markdown(rng: random.Random) -> Style:
    return Style(
        lead="| ", after=(" | ",), blank=" | ", pad=" | ", below=" | ", trim=" ",
        inner=rng.choice(["", " ", "<br>"]), rule=True,
    )  # fmt: skip


def _grid_pipes(rng: random.Random) -> Style:
    bar = rng.choice(["|", " | ", " | "])
    return Style(after=(bar,), blank=bar, pad=bar, below=bar, trim=bar, inner=_inner(rng))


def _vanished_blanks(rng: random.Random) -> Style:
    """F9: empty cells are gone, and bars at the row's end stand for their number alone."""
    return Style(after=(" | ",), blank="", end="|", trim=" ", inner=_inner(rng), delimited=False)


def _fused(rng: random.Random) -> Style:
    return Style(after=("",), gap=rng.choice(["\n", "\n", "\n\n"]), delimited=False, fused=True)


def _same(style: Style, **plan: bool | str) -> Plan:
    return Plan({"t2": style, "t3": style, "t4": style}, **plan)  # type: ignore[arg-type]


def _style_switch(rng: random.Random) -> Plan:
    chosen = rng.sample([_padded_pipes, _leading_pipes, _bare_pipes, _bar_at_line_end, _tabs], k=2)
    first, second = (make(rng) for make in chosen)
    return Plan({"t2": first, "t3": second, "t4": rng.choice([first, second])})


def _loose_row(rng: random.Random) -> Plan:
    style = rng.choice([_leading_pipes, _padded_pipes, _bar_at_line_end])(rng)
    if rng.random() < 0.4:
        return _same(style, stray="\n|" * rng.randint(2, 5))
    return _same(style, loose_row=True)


Layout = Callable[[random.Random], Plan]


def _plain(make: Callable[[random.Random], Style], **plan: bool | str) -> Layout:
    return lambda rng: _same(make(rng), **plan)


#: Names as in the list of damages seen on real pages. A6, A7 pad merged cells or do not.
LAYOUTS: Mapping[str, Layout] = {
    "A1": _plain(_paragraph_cells),
    "A2": _plain(_split_paragraph_cells),
    "A3": _plain(_padded_pipes),
    "A4": _plain(_bare_pipes),
    "A5": _plain(_leading_pipes),
    "A6": _plain(_bar_at_line_end),
    "A7": _plain(_bar_on_own_line),
    "A8": _plain(_bar_before_row),
    "A9": _plain(_spaces_between),
    "A10": _plain(_one_line, run_in=True),
    "A11": _plain(_indented_bars),
    "A12": _plain(_tabs),
    "A13": _plain(_bar_behind_row),
    "A14": _plain(_mixed_bars),
    "A15": _plain(_blanks_on_own_lines),
    "A16": _plain(_line_cells, dedupe=True),
    "A17": _style_switch,
    "A18": _loose_row,
    "F1": _plain(_tab_led_lines),
    "F4": _plain(_markdown, format="md"),
    "F5": _plain(_grid_pipes),
    "F8": _plain(_fused),
    "F9": _plain(_vanished_blanks),
}

#: How often each is drawn: after the counts of real pages, the rare ones raised.
WEIGHTS: Mapping[str, float] = {
    "A1": 12, "A2": 5, "A3": 9, "A4": 5, "A5": 5, "A6": 8, "A7": 4, "A8": 2, "A9": 3.75,
    "A10": 3.75, "A11": 2, "A12": 8, "A13": 2, "A14": 2, "A15": 2, "A16": 2.5, "A17": 3, "A18": 2,
    "F1": 6, "F4": 5, "F5": 3, "F8": 2.5, "F9": 1.5, "html": 10, "E15": 1.0,
}  # fmt: skip
