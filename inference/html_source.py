"""From HTML source to a tree, whatever the source has been through."""

import html
import json
import re
from typing import Any

from lxml import etree

from ..models.errors import UnreadableFile

#: lxml's own; its stubs would have every parent be None, which only the root's is.
Element = Any

# Tags that parse; everything else after a "<" is wording: 《<某某格式>》, 数量<10.
_NO_TAG = re.compile(r"<(?!/?[A-Za-z]|!--|!doctype)", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Control characters, declarations, and marks whose content stays: <![if !supportLists]>.
_MARKS = re.compile(
    rf"{_CONTROL.pattern}|<\?[A-Za-z][^<>]*>|<!\[(?:if|endif)[^<>]*\]>|<!\[CDATA\[|\]\]>", re.I
)
_MARK_SIGNS = ("<?", "<![", "]]>")  # every mark has one of these; most pages have none
# What may go without loss of wording where tags are nested beyond measure.
_FORMATTING = re.compile(
    r"</?(?:span|font|b|strong|em|i|u|s|a|o:p|st1:\w+|small|big|center|sub|sup|label|ins)\b[^<>]*>",
    re.I,
)
_BACKSLASHED = re.compile(r"<\w[^<>]*=\\+[\"']|<\\+/\w+>")
_BACKSLASH = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|([\"'/])|([nrt]))")
_ENTITY_TAG = re.compile(r"&(?:amp;)?lt;/?t(?:able|r|d|h)\b", re.I)
_VERBATIM = re.compile(r"(</?)(?:textarea|xmp)\b", re.I)  # tags in these are but wording
_TAG = re.compile(r"</?t(?:able|r|d|h)\b", re.I)
_MOST_TAGS = 400_000  # some twenty times what the longest report needs; each costs microseconds
_SAYING = re.compile(r"[\u4e00-\u9fff]|<\w")


def parse_markup(source: str) -> Element:
    """The tree of a page or a fragment, comments and processing instructions off.

    Raises UnreadableFile E103 where the tags are too many, or nested beyond libxml2's bounds
    (depth 256): a tree that ends there would lose the rest in silence. E102 where there is
    nothing at all.
    """
    source = _NO_TAG.sub("&lt;", _without_marks(_unescaped(source)))
    if source.count("<") > _MOST_TAGS:
        raise UnreadableFile("E103", reason="HTML 标签过多 | too many HTML tags")
    root = _parse(source)
    if root is None:
        root = _parse(_FORMATTING.sub("", source))
    if root is None:
        raise UnreadableFile("E103", reason="HTML 嵌套过深 | HTML nested too deeply")
    return root


def _without_marks(source: str) -> str:
    if any(sign in source for sign in _MARK_SIGNS) or _CONTROL.search(source):
        return _MARKS.sub("", source)
    return source


def _parse(source: str) -> Element | None:
    """None where the parser gave up before the end."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False, no_network=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.ParserError as error:
        if _gave_up(parser):
            return None
        raise UnreadableFile("E102") from error
    if _gave_up(parser):
        return None
    if root is None:  # no element at all
        raise UnreadableFile("E102")
    return root


def _gave_up(parser: etree.HTMLParser) -> bool:
    return any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log)


def _unescaped(source: str) -> str:
    """Undo JSON's backslashes, and entities in place of tags, where the source has them."""
    if source.lstrip().startswith(("{", "[{")) or _is_backslashed(source):
        source = _from_json(source)
    for _ in range(2):  # &amp;lt;td&amp;gt; has been escaped twice
        n_escaped = len(_ENTITY_TAG.findall(source))
        if not n_escaped or n_escaped <= len(_TAG.findall(source)):
            break
        source = _VERBATIM.sub(r"\1div", html.unescape(source))
    return source


def _is_backslashed(source: str) -> bool:
    return "\\" in source and _BACKSLASHED.search(source) is not None


def _from_json(source: str) -> str:
    try:
        data = json.loads(source)
    except (json.JSONDecodeError, RecursionError):
        return _BACKSLASH.sub(_unslashed, source) if _is_backslashed(source) else source
    return "".join(f"<div>{text}</div>" for text in _strings(data))


def _unslashed(match: re.Match[str]) -> str:
    code, sign, blank = match.groups()
    if code is not None:
        return chr(int(code, 16))
    return sign if sign is not None else ("\n" if blank == "n" else " ")


def _strings(data: object) -> list[str]:
    """Every string value that says something, in order; keys, codes and numbers are left."""
    if isinstance(data, str):
        return [data] if _SAYING.search(data) else []
    if isinstance(data, dict):
        data = list(data.values())
    if isinstance(data, list):
        return [text for value in data for text in _strings(value)]
    return []
