"""Which part of a page is the report: a known container, or the smallest that holds it all.

Nothing of the report may be lost: when in doubt, more is kept.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

from ..models.characters import fold
from .html_tables import ENOUGH_LABELS, Table, find_tables, is_data, is_label

_UNSEEN = frozenset(
    "script style noscript template head iframe object embed svg canvas audio video select".split()
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)
_NOISE_TAGS = ("nav", "header", "footer", "aside")
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
_BLANKS = re.compile(r"[\s\u200b]+|[(（][a-zà-ǿɡ]{1,7}[)）]")  # and pinyin in brackets


def squeeze(text: str) -> str:
    """A folded copy without white space, to compare on."""
    return fold(_unblanked(text))


def _unblanked(text: str | None) -> str:
    return _BLANKS.sub("", text) if text else ""


class Extent(NamedTuple):
    """Where an element's wording lies in an outline, and how much of it is linked."""

    start: int
    end: int
    linked: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A tree's wording without blanks, each element's extent in it, and the report's landmarks.

    headings: for each of the six sections, where its wording stands outside links.
    labels: where table cells with wordings of the form begin.
    """

    text: str
    extents: dict[HtmlElement, Extent]
    tables: dict[HtmlElement, Table]
    headings: tuple[tuple[int, ...], ...]
    labels: tuple[int, ...]

    @property
    def landmarks(self) -> list[int]:
        return sorted([*(place for places in self.headings for place in places), *self.labels])

    @property
    def shows_a_report(self) -> bool:
        n_headings = sum(1 for places in self.headings if places)
        return n_headings >= 4 or (n_headings >= 1 and len(self.labels) >= 2 * ENOUGH_LABELS)

    def wording(self, element: HtmlElement) -> str:
        extent = self.extents[element]
        return self.text[extent.start : extent.end]


def outline(root: HtmlElement, skip: frozenset[HtmlElement]) -> Outline:
    """Measure the tree, without the elements to skip."""
    extents: dict[HtmlElement, Extent] = {}
    starts: list[tuple[int, int]] = []  # of the open elements: position, linked characters so far
    pieces: list[str] = []
    links: list[tuple[int, int]] = []
    length = linked = 0
    link: HtmlElement | None = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        piece = ""
        if event == "start":
            starts.append((length, linked))
            if element in skip:
                walker.skip_subtree()
            else:
                piece = _unblanked(element.text)
                if link is None and element.tag == "a" and element.get("href"):
                    link = element
        else:
            start, before = starts.pop()
            extents[element] = Extent(start, length, linked - before)
            if element is link:
                link = None
                links.append((start, length))
            if element is not root:
                piece = _unblanked(element.tail)
        if piece:
            pieces.append(piece)
            length += len(piece)
            linked += len(piece) if link is not None else 0
    text = fold("".join(pieces))
    tables = find_tables(root, skip)
    labels = tuple(
        extents[cell.element].start
        for table in tables.values()
        for cell in table.cells
        if not cell.inner_tables and is_label(cell)
    )
    return Outline(text, extents, tables, _heading_places(text, links), labels)


def _heading_places(text: str, links: list[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    starts = [start for start, _ in links]

    def is_linked(place: int) -> bool:
        index = bisect_left(starts, place + 1) - 1
        return index >= 0 and place < links[index][1]

    return tuple(
        tuple(match.start() for match in heading.finditer(text) if not is_linked(match.start()))
        for heading in _HEADINGS
    )


def seen(root: HtmlElement) -> tuple[Outline, frozenset[HtmlElement]]:
    """The outline of what a page shows, and the elements that show nothing.

    These are scripts, hidden elements, and furniture by name. A hidden element that holds most of
    the report is shown by a script, and kept; so is furniture that holds any of it.
    """
    scripts = frozenset(root.iter(*_UNSEEN))
    everything = outline(root, scripts)
    landmarks = everything.landmarks
    dropped = set(scripts)
    for element, extent in everything.extents.items():
        if element is root or element.tag == "body":
            continue
        n_inside = bisect_left(landmarks, extent.end) - bisect_left(landmarks, extent.start)
        if _is_hidden(element):
            if 2 * n_inside <= len(landmarks):
                dropped.add(element)
        elif n_inside == 0 and _is_noise(element) and _is_slight(everything, element):
            dropped.add(element)
    skip = frozenset(dropped)
    return (everything if skip == scripts else outline(root, skip)), skip


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _is_slight(page: Outline, element: HtmlElement) -> bool:
    """Links, or a few words that tell nothing about the document."""
    extent = page.extents[element]
    length = extent.end - extent.start
    if length > _SHORT:
        return 2 * extent.linked > length
    wording = page.wording(element)
    return bool(_FURNITURE.search(wording)) or not _ABOUT.search(wording)


def _is_noise(element: HtmlElement) -> bool:
    if element.tag in _NOISE_TAGS:
        return True
    return any(part.lower() in _NOISE_NAMES for part in _NAME_PARTS.findall(_names(element)))


def _names(element: HtmlElement) -> str:
    return " ".join(filter(None, (element.get("class"), element.get("id"))))


def choose(root: HtmlElement, page: Outline) -> list[HtmlElement]:
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


def _container(page: Outline) -> HtmlElement | None:
    """The smallest known container with all headings that show and nearly all table labels."""
    fitting = [
        element
        for element, extent in page.extents.items()
        if _is_container(element)
        and all(not places or _within(places, extent) for places in page.headings)
        and _within(page.labels, extent) >= 0.95 * len(page.labels)
    ]
    return min(fitting, key=lambda e: page.extents[e].end - page.extents[e].start, default=None)


def _is_container(element: HtmlElement) -> bool:
    names = _names(element).lower().split()
    return any(name in _CONTAINERS or name.startswith("vsb_content_") for name in names)


def _within(places: tuple[int, ...], extent: Extent) -> int:
    return sum(extent.start <= place < extent.end for place in places)


def _smallest(root: HtmlElement, page: Outline, first: int, last: int) -> HtmlElement:
    """The innermost element that holds both places."""
    element = root
    while True:
        for child in element:
            extent = page.extents.get(child)
            if extent is not None and extent.start <= first and last < extent.end:
                element = child
                break
        else:
            return element


def _outside_data(element: HtmlElement, page: Outline) -> HtmlElement:
    """The element, or what is around the outermost data table that it lies in."""
    for ancestor in (element, *element.iterancestors("table")):
        if ancestor in page.tables and is_data(page.tables[ancestor]):
            element = ancestor.getparent()
    return element


def _around(page: Outline, inner: HtmlElement, outer: HtmlElement) -> tuple[str, int]:
    """What `outer` has and `inner` has not, and how much of it is linked."""
    small, large = page.extents[inner], page.extents[outer]
    text = page.text[large.start : small.start] + page.text[small.end : large.end]
    return text, large.linked - small.linked


def _is_furniture(text: str, linked: int) -> bool:
    return bool(_FURNITURE.search(text)) or 2 * linked > len(text) > 0


def _with_neighbours(chosen: HtmlElement, page: Outline, *, choosy: bool) -> list[HtmlElement]:
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


def _is_kept(page: Outline, element: HtmlElement, *, choosy: bool) -> bool:
    extent = page.extents.get(element)
    if extent is None or extent.start == extent.end:
        return False
    wording = page.wording(element)
    if choosy and (len(wording) > _SHORT or not _ABOUT.search(wording)):
        return False
    return not _is_furniture(wording, extent.linked)
