"""The wording of a page: lines as a browser would break them, one table row per line."""

import re
from collections.abc import Container, Iterable, Iterator

from .html_tree import BLOCK, LINE, OPENING, VERBATIM, VERBATIM_END, Tree
from .remembered import remembered

_TABLE = "\x07"  # before the place of a table
_BLANKS = " \t\n\r\f"  # what HTML collapses; U+00A0 and U+3000 are kept
_RUN = re.compile(r"[ \t\n\r\f]+")
# A line end of the source between signs that are written without spaces is no space either.
_WIDE = (
    "\u2e80-\u303f\u31c0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff“”‘’…—"
)
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*[\n\r][ \t\n\r\f]*(?=[{_WIDE}])")
# Blanks that pre keeps, hidden from the collapsing; control characters are gone from the source.
_HIDE = str.maketrans(" \t\n", f"\x01\x02{LINE}")
_SHOW = str.maketrans("\x01\x02", " \t")


def collapse(text: str) -> str:
    """White space as a browser shows it, save that no blank splits a Chinese sentence."""
    return _RUN.sub(" ", _SOURCE_BREAK.sub("", text)).strip(_BLANKS)


@remembered
def shown(text: str) -> str:
    """The text as one line, blank if nothing visible is in it."""
    line = collapse(text).translate(_SHOW)
    return line if line.strip() else ""


def blocks(
    tree: Tree, root: int, cuts: Iterable[int], tables: Container[int], *, keep_line_ends: bool
) -> list[str | int]:
    """As `lines`, and the places of tables that are data, which are among the cuts."""
    written = lines(tree, root, cuts, tables, keep_line_ends=keep_line_ends)
    return [int(line[1:]) if line.startswith(_TABLE) else line for line in written]


def lines(
    tree: Tree,
    root: int,
    cuts: Iterable[int] = (),
    tables: Container[int] = (),
    *,
    keep_line_ends: bool = False,
) -> list[str]:
    """The lines in the element at place `root`, "" for a blank one.

    cuts: the places in it of elements to leave out, in order.
    keep_line_ends: markup in the midst of plain text: line ends of the source are line ends.
    """
    texts: list[str] = []
    start, end = tree.reach(root)
    for place in cuts:
        first, last = tree.reach(place)
        if first < start:
            continue  # it lies in what is left out
        texts += tree.texts[start:first]
        start = last
        if tree.tags[place] != "br":
            texts.append(OPENING.get(tree.tags[place], ""))  # the closing mark follows
        if place in tables:
            texts.append(f"{_TABLE}{place}")
    texts += tree.texts[start:end]
    text = "".join(texts)
    if keep_line_ends or VERBATIM in text:
        text = "".join(_with_line_ends(texts, keep_line_ends))
    return _parted(text)


def _with_line_ends(texts: list[str], keep_line_ends: bool) -> Iterator[str]:
    """Line ends in preformatted text, and around the markup in plain text, marked as such."""
    depth = 0
    for text in texts:
        depth += (VERBATIM in text) - (VERBATIM_END in text)
        text = text.replace(VERBATIM, "").replace(VERBATIM_END, "")
        if depth:
            yield text.translate(_HIDE)
        elif keep_line_ends:  # the source's line end after a tag makes no blank line
            yield text.replace("\n", BLOCK, 1).replace("\n", LINE)
        else:
            yield text


def _parted(text: str) -> list[str]:
    """An empty block leaves no line, one with a no-break space a blank one."""
    parted: list[str] = []
    for block in filter(None, text.split(BLOCK)):
        if LINE in block:
            *ended, block = block.split(LINE)
            parted += map(shown, ended)
        if block.strip(_BLANKS):
            parted.append(shown(block))
    return parted
