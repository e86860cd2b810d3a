"""The six true sections: which headings, and from where to where their bodies run."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from ..models import form
from ..models.document import Document
from ..models.findings import finding
from ..models.labels import Label
from ..models.report import Finding, Section
from .headings import TABLE_OF, Heading, find_headings, other_headings, stands_for_a_section
from .tokens import Token, looks_like_value
from .wording import best_likeness, closest, letters, ordinal, plain, wordings

#: Stripped off both ends of a body: white space, table bars, marks of Markdown.
SEPARATORS = " \t\n\u3000\xa0\u2002\u200b|"
PAGE_NUMBER = re.compile(
    r"[-—\s第Pp.]*\d{1,4}\s*(?:/\s*\d{1,4})?[-—\s页、.)）]*"
    r"|(?:(?:Page|P\.)\s*\d{1,4}|第\s*\d{1,4}\s*[页/／]).{0,60}"
)
LONGEST_FURNITURE = 120
#: What pages print below their text, and texts below their last words.
FURNITURE = re.compile(
    r"分辨率|浏览器|扫一扫|打印(?:本|此)?页|【打印|关闭(?:本|此|窗)|[上下]一?[篇条]|版权所有|备案号|ICP备|[主承]办(?:单位)?[:：]"
    r"|网站标识码|技术支持|分享(?:到|至|[:：])|返回顶部|我要纠错|网站地图|联系我们|公网安备|附[件表]\s*\d*\s*[:：]"
    r"|\.(?:xlsx?|docx?|pdf)$|Copyright|©|All Rights|(?:工作|办公)时间[:：]|\d:\d\d\s*$"
)
#: Markdown's marks of the next heading, alone at the end of what stands before it.
NEXT_HEADING_MARK = re.compile(r"(?:^|\s)[#*]+(?:\s+[#*]+)*\s*$")
#: What a converter leaves of a tag that it closed too early: p> span>
TAG_REST = r"(?:</?|/)?[a-z]{1,6}>"
#: What may stand between a heading and its body: a colon, closing marks of Markdown, the rest of a
#: tag, separators.
HEADING_REST = re.compile(
    rf"(?:[,，、]?[。.](?=\s))?[{SEPARATORS}:：]*(?:\*+(?=\s|$|{TAG_REST}))?(?:{TAG_REST})?[{SEPARATORS}]*"
)
#: Marks of Markdown in the line of a heading, before and behind it.
LINE_MARKS = re.compile(r"[ \t\u3000|]*([#*>](?:[#*> \t])*)$")
CLOSING_MARKS = re.compile(rf"[ \t]*([*#]+)(?=(?:{TAG_REST})?[ \t\u3000|]*(?:\n|$))")
#: Words beside a signature that are part of it: （盖章）, 年, 印发.
LONGEST_ADDITION = 6
LEAST_SENTENCE = 10
#: The whole of a section 6, however near the signature stands.
NOTHING = re.compile(r"[(（]?(?:暂?无|没有|不存在|此项无)[)）]?[。.]?")
OUTSIDE = (Label.NOISE, Label.ISSUER, Label.DATE, Label.TITLE)


def lay_out(
    doc: Document, tokens: Sequence[Token], extents: Mapping[str, tuple[int, int]]
) -> tuple[tuple[Section, ...], tuple[Finding, ...]]:
    """Sections with headings and bodies, and what is odd about them."""
    headings = find_headings(tokens, extents)
    starts = {heading.id: heading.token.start for heading in headings}
    starts |= {
        id_: place
        for id_, place in _unheaded(tokens, extents, starts).items()
        if _in_order(id_, place, starts)
    }
    by_id = {heading.id: heading for heading in headings}
    ordered = sorted(starts, key=lambda id_: starts[id_])
    others = other_headings(tokens, headings)
    sections = []
    for index, id_ in enumerate(ordered):
        limit = starts[ordered[index + 1]] if index + 1 < len(ordered) else len(doc.text)
        limit = min([place for place in others if starts[id_] < place < limit], default=limit)
        sections.append(_section(doc, tokens, id_, by_id.get(id_), starts[id_], limit))
    return tuple(sections), tuple(_findings(tokens, headings, sections))


def _in_order(id_: str, place: int, starts: Mapping[str, int]) -> bool:
    return all(
        start != place and (other < id_) == (start < place) for other, start in starts.items()
    )


def _unheaded(
    tokens: Sequence[Token], extents: Mapping[str, tuple[int, int]], headed: Mapping[str, int]
) -> dict[str, int]:
    """Where the sections begin whose heading is lost: at their table, their first item or prose.

    headed: section id -> the place of its heading.
    """
    places: dict[str, int] = {}
    for id_, table in TABLE_OF.items():
        if id_ not in headed and table in extents:
            places[id_] = _table_start(tokens, extents[table][0], table)
    tables = [end for _, end in extents.values()]
    behind = max([*tables, *(headed[id_] for id_ in TABLE_OF if id_ in headed)], default=None)
    if "5" not in headed and behind is not None:
        items = (t.start for t in tokens if t.label in (Label.PROBLEM, Label.MEASURE))
        first = next(items, None)
        if first is not None and first >= behind:
            places["5"] = _lead_start(tokens, first)
    if "1" not in headed:
        opening = _opening_prose(tokens, min(extents.values(), default=(0, 0))[0])
        if opening is not None:
            places["1"] = opening
    return places


def _opening_prose(tokens: Sequence[Token], limit: int) -> int | None:
    """The first prose below title and furniture and before the tables; None where there is none."""
    for index, token in enumerate(tokens):
        if token.start >= limit or token.label is Label.SECTION:
            return None
        if token.is_prose or token.label is Label.SUBSECTION:
            below = any(t.label is Label.TITLE for t in tokens[index:] if t.start < limit)
            if not below:
                return token.start
    return None


def _table_start(tokens: Sequence[Token], first_row: int, table: str) -> int:
    """The place of a table's first header, walking up from its first row label."""
    start = first_row
    for token in reversed([t for t in tokens if t.start < first_row]):
        if token.label not in (Label.COLUMN, Label.GROUP, Label.CAPTION):
            break
        if table != "t2" and ("二十条" in token.text or closest(token.text, "columns")[1] >= 0.8):
            break  # a header of table 2 whose rows are lost
        start = token.start
    # Prose above the first table is section 1; that between tables leads up to the next.
    return start if table == "t2" else _lead_start(tokens, start)


def _lead_start(tokens: Sequence[Token], place: int) -> int:
    """The place of the sentences that lead up to `place`: prose right above it."""
    for token in reversed([token for token in tokens if token.end <= place]):
        if token.label not in (None, Label.SUBSECTION) or looks_like_value(token):
            break
        place = token.start
    return place


def _section(
    doc: Document,
    tokens: Sequence[Token],
    id_: str,
    heading: Heading | None,
    start: int,
    limit: int,
) -> Section:
    body_from = heading.token.end if heading else start
    first = bisect_left(tokens, body_from, key=lambda token: token.start)
    last = bisect_right(tokens, limit, key=lambda token: token.end)
    inside = list(tokens[first:last])
    if limit == len(doc.text):
        body_to = _content_end(doc.text, inside, body_from)
    else:
        while inside and (_is_page_number(inside[-1]) or not inside[-1].text.strip("#*")):
            inside.pop()
        body_to = inside[-1].end if inside else body_from
    while inside and _is_page_number(inside[0]):
        body_from = inside.pop(0).end
    body_from += len(HEADING_REST.match(doc.text[body_from:body_to])[0])  # type: ignore[index]
    if (mark := NEXT_HEADING_MARK.search(doc.text, body_from, body_to)) is not None:
        body_to = mark.start()
    while body_to > body_from and doc.text[body_to - 1] in SEPARATORS:
        body_to -= 1
    empty = not doc.text[body_from:body_to].strip(SEPARATORS + "#*")
    if heading is not None and empty:
        body_from = body_to = heading.token.end
    start_end = _with_marks(doc.text, heading.token) if heading else None
    return Section(
        id=id_,  # type: ignore[arg-type]
        heading=doc.text[slice(*start_end)] if start_end else None,
        heading_start=start_end[0] if start_end else None,
        heading_end=start_end[1] if start_end else None,
        body_start=max(body_from, start_end[1]) if start_end else body_from,
        body_end=max(body_to, start_end[1]) if start_end else body_to,
        confidence=heading.token.score * max(0.5, heading.likeness) if heading else 0.5,
    )


def _with_marks(text: str, token: Token) -> tuple[int, int]:
    """The place of a heading with Markdown's marks around it: a heading is its whole line."""
    before = LINE_MARKS.match(text, text.rfind("\n", 0, token.start) + 1, token.start)
    behind = CLOSING_MARKS.match(text, token.end)
    return (before.start(1) if before else token.start), (behind.end(1) if behind else token.end)


def _is_page_number(token: Token) -> bool:
    return token.label is Label.NOISE and PAGE_NUMBER.fullmatch(token.text) is not None


def _content_end(text: str, tokens: Sequence[Token], end: int) -> int:
    """The end of the report's last words; signature, dates and furniture behind are outside."""
    last = len(tokens)
    while last and _is_outside(text, tokens, last - 1):
        last -= 1
    if last:
        end = tokens[last - 1].end
    for token in tokens[last:]:
        if token.label is not None or token.start != end:
            break
        end = token.end  # the closing 。 or ） that no span covers
    return end


def _is_furniture(text: str, token: Token) -> bool:
    """Whether a token stands on a line of the page's furniture; a sentence with its 。 never is."""
    start = text.rfind("\n", 0, token.start) + 1
    end = text.find("\n", token.end)
    line = text[start : end if end >= 0 else len(text)].strip()
    return len(line) <= LONGEST_FURNITURE and line[-1:] != "。" and bool(FURNITURE.search(line))


def _is_sentence(text: str, token: Token) -> bool:
    """Whether a token closes with its full stop, as furniture does not: 扫码可读图解版。"""
    closed = "。" in (text[token.end - 1 : token.end], text[token.end : token.end + 1])
    return closed and len(token.text) >= LEAST_SENTENCE


def _is_outside(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a token is furniture or signature, or a few signs beside one ((盖章), a colon)."""
    token = tokens[index]
    if token.label is Label.NOISE and _is_sentence(text, token) and not _is_furniture(text, token):
        return False
    if token.label is not None:
        return token.label in OUTSIDE
    if _is_furniture(text, token):
        return True
    beside = [tokens[i] for i in (index - 1, index + 1) if 0 <= i < len(tokens)]
    return not letters(token.text) or (
        len(token.text) <= LONGEST_ADDITION
        and NOTHING.fullmatch(token.text) is None
        and any(
            other.label in OUTSIDE
            and "\n" not in text[min(other.end, token.end) : max(other.start, token.start)]
            for other in beside
        )
    )


def _findings(
    tokens: Sequence[Token], headings: Sequence[Heading], sections: Sequence[Section]
) -> list[Finding]:
    found: list[Finding] = []
    present = {section.id: section for section in sections}
    by_id = {heading.id: heading for heading in headings}
    for entry in form.sections():
        if entry.id not in present:
            found.append(finding("section_missing", section=entry.id, heading=entry.short))
            continue
        section = present[entry.id]
        if entry.id not in by_id:
            place = section.body_start
            found.append(
                finding("heading_missing", place, place, section=entry.id, heading=entry.short)
            )
            continue
        found.extend(_heading_findings(by_id[entry.id].token, entry))
        if section.body_start == section.body_end:
            token = by_id[entry.id].token
            found.append(
                finding(
                    "section_empty", token.start, token.end, section=entry.id, heading=entry.short
                )
            )
    used = {heading.token for heading in headings}
    found.extend(
        _left_over(token, set(by_id))
        for token in tokens
        if token.label is Label.SECTION and token not in used and stands_for_a_section(token)
    )
    return found


def _left_over(token: Token, found: set[str]) -> Finding:
    """A heading beside the six: their copy, the second half of section 5, or one out of order."""
    id_, alike = closest(token.text, "sections")
    if best_likeness(token.text, wordings()["continuations"]["5"]) >= alike:
        return finding("section_split", token.start, token.end, found=token.text)
    code = "heading_duplicated" if id_ in found else "sections_out_of_order"
    return finding(code, token.start, token.end, found=token.text)


def _heading_findings(token: Token, entry: form.Section) -> list[Finding]:
    found = []
    place = (token.start, token.end)
    wording = letters(token.text)
    if wording not in (letters(entry.short), letters(entry.long)):
        found.append(finding("heading_reworded", *place, found=token.text, heading=entry.short))
    number = ordinal(token.text)
    expected = "一二三四五六"[int(entry.id) - 1] + "、"
    if number is None or number != ("han", int(entry.id)):
        found.append(finding("numbering_irregular", *place, found=token.text, ordinal=expected))
    if "[bookmark" in plain(token.text):
        found.append(finding("heading_residue", *place, found=token.text))
    return found
