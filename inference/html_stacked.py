"""Rows of a page's table that hold several rows, stacked line under line in each cell."""

from .html_source import Element
from .tokens import VALUE_SHAPE

#: So many cells of figures must be stacked alike, or the lines are but wrapped labels.
LEAST_COLUMNS = 3


def unstack_rows(root: Element) -> None:
    """Part each row whose cells all hold as many lines: a label and its figures for each.

    Cells of one line (the label of the group) then span the new rows.
    """
    for row in list(root.iter("tr")):
        if next(row.iter("br"), None) is None:
            continue  # as nearly all are
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        lines = [_lines(cell) for cell in cells]
        height = max((len(own) for own in lines), default=1)
        if height > 1 and _is_stacked(lines, height):
            _part(row, cells, lines, height)


def _lines(cell: Element) -> list[str]:
    """The lines of a cell that holds nothing but text and breaks; one line for any other."""
    if any(child.tag != "br" for child in cell) or cell.get("rowspan", "1").strip() not in (
        "",
        "1",
    ):
        return [cell.text or ""]
    return [cell.text or "", *(child.tail or "" for child in cell)]


def _is_stacked(lines: list[list[str]], height: int) -> bool:
    if any(len(own) not in (1, height) for own in lines):
        return False
    stacked = [own for own in lines if len(own) == height]
    figures = [own for own in stacked if all(VALUE_SHAPE.fullmatch(line.strip()) for line in own)]
    return len(figures) >= LEAST_COLUMNS and len(stacked) > len(figures)


def _part(row: Element, cells: list[Element], lines: list[list[str]], height: int) -> None:
    for index in range(height - 1, 0, -1):
        below = row.makeelement("tr")
        for cell, own in zip(cells, lines, strict=True):
            if len(own) == height:
                part = cell.makeelement(cell.tag, dict(cell.attrib))
                part.text = own[index]
                below.append(part)
        row.addnext(below)
    for cell, own in zip(cells, lines, strict=True):
        if len(own) == height:
            for child in list(cell):
                cell.remove(child)
            cell.text = own[0]
        else:
            cell.set("rowspan", str(height))
