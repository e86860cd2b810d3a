"""What a page says of its document outside the text: title, issuer, date of publication."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from .html_source import Element
from .html_text import collapse, lines
from .html_tree import Tree, names_of, squeeze
from .remembered import remembered

_TITLE = re.compile("年度报告|年报|(?:信息|政务)公开.{0,12}报告|(?:信息|政务)公开.{0,6}总结")
_TITLE_NAMES = frozenset(
    "title article-title article_title articletitle news_title newstitle xl_title content-title "
    "content_title arti_title tit bt".split()
)
_LONGEST_TITLE = 120
_UNSEEN = frozenset(("script", "style"))
# Between the title and the site's name: " - ", "_", "|"; a dash between years is none.
_SEPARATOR = re.compile(r"\s+[-–—]+\s+|\s*[_|｜]\s*|[-–—]+(?=[^\d\s-]{2,30}$)")

_DATE_NAMES = ("pubdate", "publishdate", "publish_date", "publicationdate", "发布日期", "发布时间")
_ISSUER_NAMES = ("contentsource", "publisher", "发布机构", "发文机关", "信息来源")
_DATE = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)")
_ORGAN = re.compile("[局委办厅院处会府署部所队关室]$|办公室$|中心$|街道$|[镇乡]$")
_SITE = re.compile("网|平台|公众号|网站|本站|融媒|电视|日报|原创|转载")


def title_lines(root: Element, content: str, meta: Sequence[tuple[str, str]]) -> list[str]:
    """The title, in a list, if it stands outside the chosen content; else none.

    content: the chosen elements' text. meta: see `meta_tags`. h1 comes before an element named
    title, and that before the head's; the head's is not shown on the page and so only fills in
    where the content does not begin with a title of its own.
    """
    for title in _shown_titles(root):
        return [] if squeeze(title) in squeeze(content) else [title]
    opening = [line for line in content.split("\n")[:20] if line.strip()][:8]
    if any(_TITLE.search(squeeze(line)) and len(line) <= 60 for line in opening):
        return []
    for title in _head_titles(root, meta):
        return [] if squeeze(title) in squeeze(content) else [title]
    return []


def _shown_titles(root: Element) -> Iterator[str]:
    named = (
        element
        for element in root.iter("div", "p", "span", "h2", "h3")
        if (names := names_of(element)) and _names_a_title(names)
    )
    for element in (*root.iter("h1"), *named):
        if _is_short(element):
            title = "".join(lines(Tree(element, _UNSEEN), 0))
            if len(title) <= _LONGEST_TITLE and _TITLE.search(squeeze(title)):
                yield title


def _is_short(element: Element) -> bool:
    """A look at the first texts: an element named title may be the whole page."""
    length = 0
    for text in element.itertext():
        length += len(text.strip())
        if length > 4 * _LONGEST_TITLE:
            return False
    return True


@remembered
def _names_a_title(names: str) -> bool:
    return not _TITLE_NAMES.isdisjoint(names.lower().split())


def _head_titles(root: Element, meta: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, value in meta:
        if name == "articletitle" and _TITLE.search(squeeze(value)):
            yield collapse(value)
    for element in root.iter("title"):
        parts = [
            collapse(part)
            for part in _SEPARATOR.split(collapse("".join(element.itertext())[:1000]))
        ]
        for part in parts:
            if len(part) <= _LONGEST_TITLE and _TITLE.search(squeeze(part)):
                yield part


def meta_tags(root: Element) -> list[tuple[str, str]]:
    """Names in lower case, and contents, of the meta tags."""
    named = ((element.get("name"), element.get("content")) for element in root.iter("meta"))
    return [(name.strip().lower(), value.strip()) for name, value in named if name and value]


def metadata(meta: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """("publication_date", ISO date) and ("issuer", organ), where the head gives them clearly."""
    found: dict[str, str] = {}
    for name, value in meta:
        if name in _DATE_NAMES and (day := _iso_date(value)) is not None:
            found.setdefault("publication_date", day)
        elif name in _ISSUER_NAMES and _ORGAN.search(value) and not _SITE.search(value):
            found.setdefault("issuer", value)
    return tuple(sorted(found.items(), reverse=True))


def _iso_date(text: str) -> str | None:
    match = _DATE.match(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
