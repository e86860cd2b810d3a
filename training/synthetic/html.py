"""HTML pages of several site families, and their way back through our own reader.

Marks cross the reader as pairs of private-use characters round each marked stretch.
"""

import hashlib
import random
import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from ...inference.read import read_bytes
from ...models.document import Document, GridCell
from .edits import Builder, edit
from .marked import Mark, Marked
from .parts import Draft, Part, is_heading
from .tables import Cell, Table

_FIRST_SIGN = 0xF0000  # plane 15 is for private use: no report holds it
_FILLING = "filling"  # key of what a site writes into an empty cell


@dataclass(frozen=True, slots=True)
class Family:
    """How one kind of site writes pages. The strings are what stands round a thing."""

    page: tuple[str, str]
    paragraph: tuple[str, str]
    heading: tuple[str, str]
    table: str
    cell: tuple[str, str]
    line_break: str = "<br/>"
    blank: str = "&nbsp;"


_P = ("<p>", "</p>\n")
_FAMILIES = (
    Family(
        page=('<div class="TRS_Editor">', "</div>"),
        paragraph=('<p style="text-indent: 2em;">', "</p>\n"),
        heading=('<p style="text-indent: 2em;"><strong>', "</strong></p>\n"),
        table='<table border="1" cellspacing="0" cellpadding="0" width="640">',
        cell=('<p align="center">', "</p>"),
        line_break='</p><p align="center">',
    ),
    Family(
        page=('<div id="zoom"><!--ZJEG_RSS.content.begin-->', "<!--end--></div>"),
        paragraph=(
            '<p class="MsoNormal" style="margin:0;line-height:28pt"><span style="font-size:16pt">',
            "</span></p>\n",
        ),
        heading=(
            '<p class="MsoNormal"><b><span style="font-family:黑体">', "</span></b></p>\n",
        ),
        table='<table class="MsoNormalTable" style="border-collapse:collapse;border:none">',
        cell=('<p class="MsoNormal"><span style="font-size:10.5pt">', "</span></p>"),
        line_break="</span></p><p><span>",
        blank="<span>&nbsp;</span>",
    ),
    Family(
        page=(
            '<table width="100%" border="0"><tr><td width="20"></td><td>'
            '<div id="vsb_content"><div class="v_news_content">',
            "</div></div></td></tr></table>",
        ),
        paragraph=_P,
        heading=_P,
        table='<table style="width: 100%"><tbody>',
        cell=("", ""),
        line_break="<br>",
        blank="",
    ),
    Family(
        page=('<div class="article-content"><div>', "</div></div>"),
        paragraph=("<div>", "</div>\n"),
        heading=("<h3>", "</h3>\n"),
        table='<div class="table-wrap"><table class="table table-bordered">',
        cell=("<span>", "</span>"),
        line_break=" ",
        blank="<br/>",
    ),
    Family(
        page=("<center><font>", "</font></center>"),
        paragraph=("&#12288;&#12288;", "<br>\n"),
        heading=("<b>", "</b><br>\n"),
        table='<TABLE BORDER=1 BORDERCOLOR="#000000">',
        cell=("", ""),
        blank="&nbsp;",
    ),
)  # fmt: skip
_HEADS = (
    '<meta charset="{charset}"/>\n<title>{title}</title>',
    '<meta http-equiv="Content-Type" content="text/html; charset={charset}" />\n'
    '<title>{title}</title>\n<meta name="ColumnName" content="政府信息公开" />',
    '<meta charset="{charset}">\n<title>{title}</title>\n<style>td{{padding:4px}} .a{{color:#333}}'
    "</style>\n<script>var page = 1; if (page < 2) {{ page++; }}</script>",
)


def render_page(draft: Draft, rng: random.Random) -> Marked:
    """The source of a page, marked; every mark begins and ends in wording, never at a tag."""
    family = rng.choice(_FAMILIES)
    charset = rng.choice(["utf-8", "utf-8", "UTF-8", "gb2312"])
    out = Builder()
    # A report's title here would, beside our signs, be taken for one that the page does not show.
    site = draft.subject.organ + rng.choice(["网站", "政务公开", "门户网站"])
    head = rng.choice(_HEADS).format(charset=charset, title=site)
    out.add(f"<!DOCTYPE html>\n<html>\n<head>\n{head}\n</head>\n<body>\n{family.page[0]}\n")
    wrong = rng.random() < 0.12
    for part in draft.parts:
        if part.table is None:
            _paragraphs(out, part, family)
        else:
            _table(out, part.table, part.section, family, rng, wrong_spans=wrong)
    out.add(f"{family.page[1]}\n</body>\n</html>\n")
    return out.build()


def _paragraphs(out: Builder, part: Part, family: Family) -> None:
    before, after = family.heading if part.kind in ("heading", "title") else family.paragraph
    content = part.content
    if part.section and not is_heading(part):
        content = content.under(None, f"part:{part.section}")
    elif part.kind == "signature":
        content = content.under(None, "signature")
    escaped = [
        (m.start(), m.end(), {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(m[0], after + before))
        for m in re.finditer(r"[&<>]|\n+", content.text)
    ]
    out.add(before)
    out.add(_inward(edit(content, escaped)))
    out.add(after)


def _inward(content: Marked) -> Marked:
    """Our own marks over the whole begin and end at wording, not at blanks or tags."""
    text = content.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    marks = (
        Mark(min(max(m.start, start), end), max(start, min(m.end, end)), m.label, m.key)
        for m in content.marks
    )
    return Marked(text, tuple(marks))


def _table(
    out: Builder,
    table: Table,
    section: str,
    family: Family,
    rng: random.Random,
    *,
    wrong_spans: bool,
) -> None:
    filled = [cell for row in table.rows for cell in row if cell.content.text.strip()]
    edges = {id(filled[0]), id(filled[-1])} if filled else set()
    out.add(family.table + "\n")
    for row in table.rows:
        out.add("<tr>")
        for cell in row:
            out.add(_opening(cell, rng, wrong=wrong_spans and rng.random() < 0.1))
            content = cell.content
            if id(cell) in edges:
                content = content.under(None, f"part:{section}")
            _cell(out, content, family)
            out.add("</td>")
        out.add("</tr>\n")
    out.add("</tbody>" if "tbody" in family.table else "")
    out.add("</table></div>\n" if family.table.startswith("<div") else "</table>\n")


def _opening(cell: Cell, rng: random.Random, *, wrong: bool) -> str:
    attributes = ""
    columns = cell.column_span
    if wrong:
        columns = max(1, columns + rng.choice([-1, 1]))
    if columns > 1:
        attributes += f' colspan="{columns}"'
    if cell.row_span > 1:
        attributes += f' rowspan="{cell.row_span}"'
    if rng.random() < 0.3:
        attributes += f' width="{rng.randint(30, 180)}" style="border:1px solid #000"'
    return f"<td{attributes}>"


def _cell(out: Builder, content: Marked, family: Family) -> None:
    before, after = family.cell
    out.add(before)
    if content.text.strip():
        breaks = [m.span() for m in re.finditer(r"\n", content.text)]
        out.add(_inward(edit(content, [(s, e, family.line_break) for s, e in breaks])))
    else:
        out.add(content)
        out.add(Marked.of(family.blank, key=_FILLING))
    out.add(after)


def escaped(page: Marked, rng: random.Random) -> Marked:
    """E15: the page's source as a crawler saved it: in JSON, backslashed, or as entities."""
    head = page.text.index("<body>\n") + len("<body>\n")
    foot = page.text.rindex("\n</body>")
    body = edit(page, [(0, head, ""), (foot, len(page), "")])
    style = rng.choice(["json", "json", "backslashes", "entities"])
    if style == "entities":
        signs = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
        return edit(body, [(*m.span(), signs[m[0]]) for m in re.finditer("[<>&]", body.text)])
    signs = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\t": r"\t", "</": r"<\/"}
    if style == "backslashes":
        del signs["\n"], signs["\t"]
    found = re.finditer(r"</|[\"\\\n\t]", body.text)
    body = edit(body, [(*m.span(), signs.get(m[0], m[0])) for m in found])
    if style == "backslashes":
        return body
    return f'{{"code":200,"data":{{"id":{rng.randint(1000, 99999)},"content":"' + body + '"}}'


def read_back(page: Marked, path: str) -> tuple[Marked, Document, bytes]:
    """Read the page as the product does; its text with the marks that came through.

    Returns the marked text, the document (text and grid as read, no spans), the file's bytes.
    """
    codec = "gb18030" if "gb2312" in page.text[:400] else "utf-8"
    # Beside our signs the filling of an empty cell would count as its wording.
    fillings = [(m.start, m.end, "") for m in page.marks if m.key == _FILLING and m.start < m.end]
    signed = _with_signs(edit(page, fillings))
    read = read_bytes(signed.encode(codec), path)
    source = page.text.encode(codec)
    found = list(re.finditer(f"[{chr(_FIRST_SIGN)}-\U000ffffd]", read.text))
    cuts = [match.start() for match in found]

    def clean(place: int) -> int:
        return place - bisect_left(cuts, place)

    text = re.sub(f"[{chr(_FIRST_SIGN)}-\U000ffffd]", "", read.text)
    places = {ord(match[0]) - _FIRST_SIGN: clean(match.start()) for match in found}
    marks = [
        Mark(places[2 * i], places[2 * i + 1], mark.label, mark.key)
        for i, mark in enumerate(page.marks)
        if 2 * i in places and 2 * i + 1 in places
    ]
    grid = tuple(_moved(cell, clean(cell.start), clean(cell.end)) for cell in read.grid)
    digest = hashlib.sha256(source).hexdigest()
    document = replace(read, text=text, grid=grid, sha256=digest)
    return Marked(text, _with_bodies(marks)), document, source


def _moved(cell: GridCell, start: int, end: int) -> GridCell:
    return replace(cell, start=start, end=end)


def _with_signs(page: Marked) -> str:
    """The source with a private character at each mark's start and end."""
    signs = []
    for index, mark in enumerate(page.marks):
        signs.append((mark.start, 1, chr(_FIRST_SIGN + 2 * index)))
        # An empty mark's end follows its start; else what ends at a place comes first.
        last = 2 if mark.start == mark.end else 0
        signs.append((mark.end, last, chr(_FIRST_SIGN + 2 * index + 1)))
    parts: list[str] = []
    done = 0
    for place, _, sign in sorted(signs):
        parts += (page.text[done:place], sign)
        done = place
    return "".join((*parts, page.text[done:]))


def _with_bodies(marks: list[Mark]) -> tuple[Mark, ...]:
    """The marks, those of a section's parts joined to `body:N`."""
    bounds: dict[str, tuple[int, int]] = {}
    kept = []
    for mark in marks:
        if mark.key.startswith("part:"):
            key = "body:" + mark.key.removeprefix("part:")
            start, end = bounds.get(key, (mark.start, mark.end))
            bounds[key] = (min(start, mark.start), max(end, mark.end))
        else:
            kept.append(mark)
    return (*kept, *(Mark(start, end, None, key) for key, (start, end) in bounds.items()))
