"""A page's elements in the order of its source, and the wording between them. Start at Tree."""

import re
from collections.abc import Collection
from functools import cached_property
from typing import Any

from lxml.etree import XPath

from ..models.characters import fold
from .html_source import Element

_UNSEEN = frozenset(
    "script style noscript template head iframe object embed svg canvas audio video select".split()
)
_READING = re.compile(r"[(（][a-zà-ǿɡ]{1,7}[)）]")  # pinyin in brackets
_with_names: Any = XPath("descendant-or-self::*[@class or @id]")
_with_style: Any = XPath("descendant-or-self::*[@hidden or @style]")
_BETWEEN = "\0"  # no parser lets it through


def squeeze(text: str) -> str:
    """A folded copy without white space and readings, to compare on."""
    return fold("".join(_READING.sub("", text).split()).replace("\u200b", ""))


class Tree:
    """What lies under an element, read in one walk. Nothing under scripts and their like is.

    elements: as their tags open, with their tags; place: where in it each stands; ends: where
        what lies under each ends.
    pieces: the texts between the tags, squeezed; reach: for each element, where its pieces begin
        and end.
    links: the pieces of each link, in order; a link in a link is part of it.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.elements: list[Element] = []
        self.tags: list[str] = []
        self.place: dict[Element, int] = {}
        self.ends: list[int] = []
        self.reach: list[tuple[int, int]] = []
        self.links: list[tuple[int, int]] = []
        self._texts: list[str] = []
        self._walk()
        self.pieces = squeeze(_BETWEEN.join(self._texts)).split(_BETWEEN)

    def _walk(self) -> None:
        texts = self._texts
        opened: list[tuple[Element, int, int]] = []  # with its place, and its first piece
        unseen: set[Element | None] = set()

        def close() -> None:
            element, place, first = opened.pop()
            self.ends[place] = len(self.elements)
            self.reach[place] = first, len(texts)
            if self.tags[place] == "a" and element.get("href"):
                while self.links and self.links[-1][0] > first:
                    self.links.pop()
                self.links.append((first, len(texts)))
            if opened:
                texts.append(element.tail or "")

        for element in self.root.iter():
            parent = element.getparent()
            if parent in unseen:
                unseen.add(element)
                continue
            while opened and opened[-1][0] is not parent:
                close()
            tag = str(element.tag)
            place, first = len(self.elements), len(texts)
            opened.append((element, place, first))
            self.place[element] = place
            self.elements.append(element)
            self.tags.append(tag)
            self.ends.append(place)
            self.reach.append((first, first))
            if tag in _UNSEEN:
                unseen.add(element)
            else:
                texts.append(element.text or "")
        while opened:
            close()

    def text(self, place: int) -> str:
        """All text in an element."""
        first, end = self.reach[place]
        return "".join(self._texts[first:end])

    @cached_property
    def named(self) -> list[tuple[Element, str]]:
        """The elements that have a class or an id, with both."""
        return [
            (element, " ".join(filter(None, (element.get("class"), element.get("id")))))
            for element in _with_names(self.root)
            if element in self.place
        ]

    def styled(self) -> list[Element]:
        """The elements that may be hidden."""
        return [element for element in _with_style(self.root) if element in self.place]

    def unseen(self) -> set[Element]:
        return {e for e, tag in zip(self.elements, self.tags, strict=True) if tag in _UNSEEN}

    def under(self, elements: Collection[Element]) -> set[int]:
        """The places of the elements and of all under them."""
        found: set[int] = set()
        for element in elements:
            place = self.place[element]
            found.update(range(place, self.ends[place]))
        return found
