"""Which part of a page is the report: a known container, or the smallest that holds it all.

Nothing of the report may be lost: when in doubt, more is kept.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from .html_source import Element
from .html_tables import ENOUGH_LABELS, Cell, Table, find_tables, is_data, is_label
from .html_tree import Tree, squeeze
from .remembered import remembered

_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_NOISE_TAGS = frozenset(("nav", "header", "footer", "aside"))
_NOISE_NAMES = frozenset(
    "nav navbar navigation breadcrumb breadcrumbs crumb crumbs footer foot share bdsharebuttonbox "
    "print qrcode ewm menu sidebar toolbar pagination copyright".split()
)
#: Names that content systems give to the element around an article.
_CONTAINERS = frozenset(
    "zoom trs_editor trs_ueditor article article-content article_content content ucap-content "
    "pages_content bt_content wp_articlecontent vsb_content v_news_content xxgk_content "
    "news_content newscontent con_text conttxt zwnr art_content detail_content".split()
)
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HEADINGS = tuple(
    re.compile(pattern)
    for pattern in (
        "总体情况",
        "主动公开(?:政府|政务)?信息的?情况",
        "收到和处理(?:政府)?信息公开申请",
        "行政复议.{0,3}行政诉讼",
        "存在的?(?:主要)?(?:问题|不足)",
        "其[他它](?:需要)?(?:报告|说明)的?事项",
    )
)
_ABOUT = re.compile(  # the page's own block about the document
    "索引号|文号|发[布文]机[构关]|公开主体|(?:成文|发文|发布|生成|公开)(?:日期|时间)|信息来源|来源:"
    r"|\d{4}年\d{1,2}月\d{1,2}日$"
)
_FURNITURE = re.compile(
    "首页|网站地图|版权所有|icp备|网站标识码|公网安备|当前位置|所在位置|无障碍|友情链接|联系我们"
    "|上一[篇条]|下一[篇条]|相关(?:链接|文档|信息)|扫一扫",
    re.I,
)
_SHORT = 600  # characters without blanks: a title and a block about the document are no longer
_FEW = 10  # characters without blanks: separators between neighbours are no more


class Extent(NamedTuple):
    """Where an element's wording lies in an outline, and how much of it is linked."""

    start: int
    end: int
    linked: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A tree's wording without blanks, and the report's landmarks in it.

    offsets: for each piece of the tree, where it begins in the text, and the text's end;
        linked: how much of the text before is linked.
    headings: for each of the six sections, where its wording stands outside links.
    label_cells: table cells with wordings of the form; labels: where they begin.
    """

    tree: Tree
    text: str
    offsets: list[int]
    linked: list[int]
    tables: dict[Element, Table]
    headings: tuple[tuple[int, ...], ...]
    label_cells: list[Cell]
    labels: tuple[int, ...]

    @property
    def landmarks(self) -> list[int]:
        return sorted([*(place for places in self.headings for place in places), *self.labels])

    @property
    def shows_a_report(self) -> bool:
        n_headings = sum(1 for places in self.headings if places)
        return n_headings >= 4 or (n_headings >= 1 and len(self.labels) >= 2 * ENOUGH_LABELS)

    def extent(self, element: Element) -> Extent:
        """Of an element of the tree; empty where it is skipped."""
        first, end = self.tree.reach(self.tree.place[element])
        linked = self.linked[end] - self.linked[first]
        return Extent(self.offsets[first], self.offsets[end], linked)

    def wording(self, element: Element) -> str:
        extent = self.extent(element)
        return self.text[extent.start : extent.end]


def outline(tree: Tree) -> Outline:
    """Measure all of a tree."""
    tables = find_tables(tree, frozenset())
    return _measured(tree, tree.pieces, tables, _label_cells(tables))


def without(page: Outline, skip: Collection[Element]) -> Outline:
    """The outline without some elements of its tree."""
    tree = page.tree
    pieces = tree.pieces.copy()
    for element in skip:
        first, end = tree.reach(tree.place[element])
        pieces[first:end] = [""] * (end - first)
    places = tree.under(skip)
    if places.isdisjoint(tree.under(page.tables)):
        return _measured(tree, pieces, page.tables, page.label_cells)
    tables = find_tables(tree, places)
    return _measured(tree, pieces, tables, _label_cells(tables))


def _label_cells(tables: dict[Element, Table]) -> list[Cell]:
    return [
        cell
        for table in tables.values()
        for cell in table.cells
        if not cell.inner_tables and is_label(cell)
    ]


def _measured(
    tree: Tree, pieces: list[str], tables: dict[Element, Table], label_cells: list[Cell]
) -> Outline:
    text = "".join(pieces)
    lengths = list(map(len, pieces))
    offsets = [0, *accumulate(lengths)]
    in_links = [0] * len(lengths)
    for first, end in tree.links:
        in_links[first:end] = lengths[first:end]
    return Outline(
        tree,
        text,
        offsets,
        [0, *accumulate(in_links)],
        tables,
        _heading_places(text, [(offsets[first], offsets[end]) for first, end in tree.links]),
        label_cells,
        tuple(offsets[tree.firsts[cell.place]] for cell in label_cells),
    )


def _heading_places(text: str, links: list[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    starts = [start for start, _ in links]

    def is_linked(place: int) -> bool:
        index = bisect_left(starts, place + 1) - 1
        return index >= 0 and place < links[index][1]

    return tuple(
        tuple(match.start() for match in heading.finditer(text) if not is_linked(match.start()))
        for heading in _HEADINGS
    )


def seen(root: Element) -> tuple[Outline, set[Element]]:
    """The outline of what a page shows, and the elements left out: hidden ones and furniture.

    Furniture is told by name. A hidden element that holds most of
    the report is shown by a script, and kept; so is furniture that holds any of it.
    """
    tree = Tree(root)
    everything = outline(tree)
    landmarks = everything.landmarks

    def n_inside(element: Element) -> int:
        extent = everything.extent(element)
        return bisect_left(landmarks, extent.end) - bisect_left(landmarks, extent.start)

    hidden = {
        element
        for element in tree.elements
        if ((style := element.get("style")) and _hides(style)) or element.get("hidden") is not None
    }
    dropped = {element for element in hidden if 2 * n_inside(element) <= len(landmarks)}
    for element in _furniture(tree):
        if element not in hidden and not n_inside(element) and _is_slight(everything, element):
            dropped.add(element)
    dropped.difference_update((root, *root.iter("body")))
    return (without(everything, dropped) if dropped else everything), dropped


def _hides(style: str) -> bool:
    return "none" in style.lower() and _HIDDEN.search(style) is not None


def _furniture(tree: Tree) -> Iterator[Element]:
    """Elements whose tags or names say that they are no content."""
    for place, tag in enumerate(tree.tags):
        if tag in _NOISE_TAGS:
            yield tree.elements[place]
    yield from (element for element, names in tree.named if _names_noise(names))


@remembered
def _names_noise(names: str) -> bool:
    return any(part.lower() in _NOISE_NAMES for part in _NAME_PARTS.findall(names))


def _is_slight(page: Outline, element: Element) -> bool:
    """Links, or a few words that tell nothing about the document."""
    extent = page.extent(element)
    length = extent.end - extent.start
    if length > _SHORT:
        return 2 * extent.linked > length
    wording = page.wording(element)
    return bool(_FURNITURE.search(wording)) or not _ABOUT.search(wording)


def choose(root: Element, page: Outline) -> list[Element]:
    """The elements to read, in the order of the page; the whole of it where no report shows."""
    landmarks = page.landmarks
    if not page.shows_a_report:
        return [root]
    container = _container(page)
    chosen = _smallest(root, page, landmarks[0], landmarks[-1]) if container is None else container
    chosen = _outside_data(chosen, page)
    while chosen is not root:
        parent = chosen.getparent()
        text, linked = _around(page, chosen, parent)
        if _is_furniture(text, linked) or (container is not None and len(text) > _SHORT):
            return _with_neighbours(chosen, page, choosy=container is not None)
        chosen = parent
    return [chosen]


def _container(page: Outline) -> Element | None:
    """The smallest known container with all headings that show and nearly all table labels."""
    fitting = []
    for element, names in page.tree.named:
        if _names_container(names):
            extent = page.extent(element)
            n_labels = _within(page.labels, extent)
            if n_labels >= 0.95 * len(page.labels) and all(
                not places or _within(places, extent) for places in page.headings
            ):
                fitting.append((extent.end - extent.start, -page.tree.place[element], element))
    return min(fitting)[2] if fitting else None  # the innermost of equals


@remembered
def _names_container(names: str) -> bool:
    return any(
        name in _CONTAINERS or name.startswith("vsb_content_") for name in names.lower().split()
    )


def _within(places: tuple[int, ...], extent: Extent) -> int:
    return sum(extent.start <= place < extent.end for place in places)


def _smallest(root: Element, page: Outline, first: int, last: int) -> Element:
    """The innermost element that holds both places."""
    element = root
    while True:
        for child in element:
            extent = page.extent(child)
            if extent.start <= first and last < extent.end:
                element = child
                break
        else:
            return element


def _outside_data(element: Element, page: Outline) -> Element:
    """The element, or what is around the outermost data table that it lies in."""
    for ancestor in (element, *element.iterancestors("table")):
        if ancestor in page.tables and is_data(page.tables[ancestor]):
            element = ancestor.getparent()
    return element


def _around(page: Outline, inner: Element, outer: Element) -> tuple[str, int]:
    """What `outer` has and `inner` has not, and how much of it is linked."""
    small, large = page.extent(inner), page.extent(outer)
    text = page.text[large.start : small.start] + page.text[small.end : large.end]
    return text, large.linked - small.linked


def _is_furniture(text: str, linked: int) -> bool:
    return bool(_FURNITURE.search(text)) or 2 * linked > len(text) > 0


def _with_neighbours(chosen: Element, page: Outline, *, choosy: bool) -> list[Element]:
    """The element with its neighbours that are no furniture, in the order of the page.

    choosy: only neighbours that tell the document's organ or date, for the element is a known
        container, which holds all the rest. Without one, loose words between the neighbours
        mean that the whole parent is kept.
    """
    parent = chosen.getparent()
    loose = squeeze((parent.text or "") + "".join(child.tail or "" for child in parent))
    if not choosy and len(loose) > _FEW and not _FURNITURE.search(loose):
        return [parent]
    return [
        element for element in parent if element is chosen or _is_kept(page, element, choosy=choosy)
    ]


def _is_kept(page: Outline, element: Element, *, choosy: bool) -> bool:
    extent = page.extent(element)
    if extent.start == extent.end:
        return False
    wording = page.wording(element)
    if choosy and (len(wording) > _SHORT or not _ABOUT.search(wording)):
        return False
    return not _is_furniture(wording, extent.linked)
