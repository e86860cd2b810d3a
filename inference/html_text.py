"""The wording of a page: lines as a browser would break them, one table row per line."""

import re
from collections.abc import Callable

from .html_source import Element
from .remembered import remembered

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "main menu nav ol p pre section summary table tbody td textarea tfoot th thead tr ul".split()
)
_PREFORMATTED = ("pre", "textarea", "xmp", "listing", "plaintext")

_BLANKS = " \t\n\r\f"  # what HTML collapses; U+00A0 and U+3000 are kept
_RUN = re.compile(r"[ \t\n\r\f]+")
# A line end of the source between signs that are written without spaces is no space either.
_WIDE = (
    "\u2e80-\u303f\u31c0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\U00020000-\U0003ffff“”‘’…—"
)
_SOURCE_BREAK = re.compile(rf"(?<=[{_WIDE}])[ \t\f]*[\n\r][ \t\n\r\f]*(?=[{_WIDE}])")
# Blanks that pre keeps, hidden from the collapsing; control characters are gone from the source.
_HIDE = str.maketrans(" \t", "\x01\x02")
_SHOW = str.maketrans("\x01\x02", " \t")


@remembered
def collapse(text: str) -> str:
    """White space as a browser shows it, save that no blank splits a Chinese sentence."""
    return _RUN.sub(" ", _SOURCE_BREAK.sub("", text)).strip(_BLANKS)


def shown(text: str) -> str:
    """The text as one line, blank if nothing visible is in it."""
    line = collapse(text).translate(_SHOW)
    return line if line.strip() else ""


def blocks(
    root: Element,
    skip: Callable[[Element], bool],
    is_table: Callable[[Element], bool] = frozenset().__contains__,
    *,
    keep_line_ends: bool = False,
) -> list[str | Element]:
    """The lines under `root`, "" for a blank one, and in their place the tables that are data.

    keep_line_ends: markup in the midst of plain text: line ends of the source are line ends.
    """
    writer = _Lines(skip, is_table, keep_line_ends)
    writer.visit(root)
    writer.end_block()
    return writer.ended


class _Lines:
    """Lines that are ended, and the pieces of one that is being written."""

    def __init__(
        self,
        skip: Callable[[Element], bool],
        is_table: Callable[[Element], bool],
        keep_line_ends: bool,
    ) -> None:
        self.skip = skip
        self.is_table = is_table
        self.keep_line_ends = keep_line_ends
        self.preformatted = 0
        self.pieces: list[str] = []
        self.ended: list[str | Element] = []

    def visit(self, element: Element) -> None:
        """Recursive, for the parser bounds the depth: see `parse_markup`."""
        if self.is_table(element):
            self.end_block()
            self.ended.append(element)
            return
        tag = element.tag
        is_block = tag in BLOCKS
        if tag == "br":
            self.end()
        elif is_block:
            self.end_block()
        self.preformatted += tag in _PREFORMATTED
        if text := element.text:
            self.add(text)
        for child in element:
            if not self.skip(child):
                self.visit(child)
            elif child.tag in BLOCKS:
                self.end_block()
            if text := child.tail:
                self.add(text)
        if is_block:
            self.end_block()
        self.preformatted -= tag in _PREFORMATTED

    def add(self, text: str) -> None:
        """Take text in, and end the lines that it ends."""
        if self.preformatted:
            text = text.translate(_HIDE)
        elif not self.keep_line_ends:
            self.pieces.append(text)
            return
        first, *others = text.split("\n")
        self.pieces.append(first)
        for index, other in enumerate(others):
            if index > 0 or self.preformatted:
                self.end()
            else:  # the source's line end after a tag makes no blank line
                self.end_block()
            self.pieces.append(other)

    def end(self) -> None:
        """The line ends, a blank one if nothing visible is in it."""
        self.ended.append(shown("".join(self.pieces)))
        self.pieces.clear()

    def end_block(self) -> None:
        """The line ends, if any: an empty block leaves none, one with a blank a blank one."""
        if self.pieces:
            text = "".join(self.pieces)
            self.pieces.clear()
            if text.strip(_BLANKS):
                self.ended.append(shown(text))
