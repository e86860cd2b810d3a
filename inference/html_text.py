"""The wording of a page: lines as a browser would break them, one table row per line."""

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

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


class _Line:
    """The line that is being written, until a break ends it."""

    def __init__(self, keep_line_ends: bool) -> None:
        self.keep_line_ends = keep_line_ends
        self.preformatted = 0
        self.pieces: list[str] = []

    def add(self, text: str | None) -> Sequence[str]:
        """Take text in; the lines that it ends itself."""
        if not text:
            return ()
        if self.preformatted:
            text = text.translate(_HIDE)
        elif not self.keep_line_ends:
            self.pieces.append(text)
            return ()
        first, *others = text.split("\n")
        self.pieces.append(first)
        ended: list[str] = []
        for index, other in enumerate(others):
            if index > 0 or self.preformatted:
                ended.append(self.end())
            else:  # the source's line end after a tag makes no blank line
                ended.extend(self.end_block())
            self.pieces.append(other)
        return ended

    def end(self) -> str:
        """The line, blank if nothing visible is in it."""
        text = "".join(self.pieces)
        self.pieces = []
        return shown(text)

    def end_block(self) -> Sequence[str]:
        """The line if there is any; an empty block leaves none, one with a blank a blank one."""
        text = "".join(self.pieces)
        self.pieces = []
        return (shown(text),) if text.strip(_BLANKS) else ()


def blocks(
    root: HtmlElement,
    skip: Callable[[HtmlElement], bool],
    is_table: Callable[[HtmlElement], bool] = lambda element: False,
    *,
    keep_line_ends: bool = False,
) -> Iterator[str | HtmlElement]:
    """The lines under `root`, "" for a blank one, and in their place the tables that are data.

    keep_line_ends: markup in the midst of plain text: line ends of the source are line ends.
    """
    line = _Line(keep_line_ends)
    passed: HtmlElement | None = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "end":
            if element.tag in BLOCKS:
                yield from line.end_block()
            if element.tag in _PREFORMATTED and element is not passed:
                line.preformatted -= 1
            if element is not root:
                yield from line.add(element.tail)
        elif (element is not root and skip(element)) or is_table(element):
            passed = element  # its end, with its tail, is all that comes of it
            walker.skip_subtree()
            if is_table(element) and not skip(element):
                yield from line.end_block()
                yield element
        else:
            yield from _opened(element, line)
    yield from line.end_block()


def _opened(element: HtmlElement, line: _Line) -> Sequence[str]:
    ended: Sequence[str] = ()
    if element.tag == "br":
        ended = (line.end(),)
    elif element.tag in BLOCKS:
        ended = line.end_block()
    if element.tag in _PREFORMATTED:
        line.preformatted += 1
    return (*ended, *line.add(element.text))
