"""A page's elements in the order of its source, and the wording between them. Start at Tree."""

import re
from bisect import bisect_left
from collections.abc import Collection, Set
from functools import cached_property

from lxml.etree import iterwalk

from ..models.characters import fold
from .html_source import Element

#: Nothing under these shows.
UNSEEN = frozenset(
    "script style noscript template head iframe object embed svg canvas audio video select".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "main menu nav ol p pre section summary table tbody td textarea tfoot th thead tr ul".split()
)
#: Marks among the texts: a block begins or ends, a line ends, white space counts from here, to
#: here. They are white space themselves; no text has them, for control characters are gone from
#: the source, and no parser lets them through.
BLOCK, LINE, VERBATIM, VERBATIM_END = "\x1c", "\x1d", "\x1e", "\x1f"
_BETWEEN = "\0"
_PREFORMATTED = ("pre", "textarea", "xmp", "listing", "plaintext")
_EDGES = dict.fromkeys(BLOCKS, BLOCK)
#: What an element's opening and closing tags mean for the lines, where they mean anything.
OPENING = _EDGES | {tag: _EDGES.get(tag, "") + VERBATIM for tag in _PREFORMATTED} | {"br": LINE}
CLOSING = _EDGES | {tag: VERBATIM_END + _EDGES.get(tag, "") for tag in _PREFORMATTED}

_READING = re.compile(r"[(（][a-zà-ǿɡ]{1,7}[)）]")  # pinyin in brackets


def squeeze(text: str) -> str:
    """A folded copy without white space and readings, to compare on."""
    return fold("".join(_READING.sub("", text).split()).replace("\u200b", ""))


def names_of(element: Element) -> str:
    """Its class and its id, "" where it has neither."""
    names, id_ = element.get("class"), element.get("id")
    if names and id_:
        return f"{names} {id_}"
    return names or id_ or ""


class Tree:
    """What lies under an element, read in one walk. Nothing under those of `unseen` tags is.

    elements: as their tags open, with their tags; place: where in it each stands; ends: where
        what lies under each ends.
    texts: those between the tags, behind the marks of the tag before; reach: for each element,
        where its texts begin and end, the mark of its end not among them.
    pieces: the texts, squeezed, so without marks.
    links: the texts of each link, in order; a link in a link is part of it.
    """

    def __init__(self, root: Element, unseen: Set[str] = UNSEEN) -> None:
        self.root = root
        self.elements: list[Element] = []
        self.tags: list[str] = []
        self.ends: list[int] = []
        self.texts: list[str] = []
        self.firsts: list[int] = []
        self.lasts: list[int] = []
        self.links: list[tuple[int, int]] = []
        self._walk(unseen)
        self.place = {element: place for place, element in enumerate(self.elements)}

    def _walk(self, unseen: Set[str]) -> None:
        elements, tags, ends = self.elements, self.tags, self.ends
        texts, firsts, lasts = self.texts, self.firsts, self.lasts
        opened: list[int] = []
        walk = iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                tag = element.tag
                opened.append(len(tags))
                elements.append(element)
                tags.append(tag)
                ends.append(0)
                firsts.append(len(texts))
                lasts.append(0)
                wording = OPENING.get(tag, "")
                if tag in unseen:
                    walk.skip_subtree()
                elif text := element.text:
                    wording += text
            else:
                place = opened.pop()
                tag = tags[place]
                ends[place] = len(tags)
                lasts[place] = len(texts)
                if tag == "a" and element.get("href"):
                    self._link(firsts[place], len(texts))
                wording = CLOSING.get(tag, "")
                if opened and (text := element.tail):
                    wording += text
            if wording:
                texts.append(wording)

    def _link(self, first: int, end: int) -> None:
        while self.links and self.links[-1][0] >= first:
            self.links.pop()
        self.links.append((first, end))

    def reach(self, place: int) -> tuple[int, int]:
        return self.firsts[place], self.lasts[place]

    @cached_property
    def pieces(self) -> list[str]:
        return squeeze(_BETWEEN.join(self.texts)).split(_BETWEEN)

    def within(self, places: list[int], place: int) -> list[int]:
        """Those of some places, in order, that lie in the element at a place, its own included."""
        return places[bisect_left(places, place) : bisect_left(places, self.ends[place])]

    def text(self, place: int) -> str:
        """All text in an element."""
        text = "".join(self.texts[self.firsts[place] : self.lasts[place]])
        return text.replace(BLOCK, "").replace(LINE, "")

    @cached_property
    def named(self) -> list[tuple[Element, str]]:
        """The elements that have a class or an id, with both."""
        return [(element, names) for element in self.elements if (names := names_of(element))]

    def under(self, elements: Collection[Element]) -> set[int]:
        """The places of the elements and of all under them."""
        found: set[int] = set()
        for element in elements:
            place = self.place[element]
            found.update(range(place, self.ends[place]))
        return found
