"""Damages of the wording of labels, done to the grid before it is written."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..marked import Marked
from ..tables import Cell, Table, map_cells
from . import wordings

Tables = tuple[Table, ...]
_LABELS = ("header", "group", "row")


def _relabelled(
    tables: Tables, change: Callable[[Marked], Marked], kinds: tuple[str, ...]
) -> Tables:
    """Every label cell of those kinds put through `change`."""

    def one(cell: Cell) -> Cell:
        if cell.kind not in kinds or not cell.content.text:
            return cell
        content = change(cell.content)
        return cell if content is cell.content else replace(cell, content=content)

    return tuple(map_cells(table, one) for table in tables)


def _reworded(content: Marked, text: str) -> Marked:
    """Other wording under the same mark."""
    text = text.strip()  # what is lost may leave a line break at the edge
    if text == content.text or not text or len(content.marks) != 1:
        return content
    return Marked(text, (replace(content.marks[0], start=0, end=len(text)),))


def truncated_headers(tables: Tables, rng: random.Random) -> Tables:
    """B4: header cells cut short; two columns may be called 本年新."""
    share = rng.choice([1.0, 0.6])

    def change(content: Marked) -> Marked:
        text = wordings.TRUNCATED.get(content.text.replace("\n", ""))
        return _reworded(content, text) if text and rng.random() < share else content

    return _relabelled(tables, change, ("header",))


def reworded_headers(tables: Tables, rng: random.Random) -> Tables:
    """B5: header cells in other words, some with a year in brackets."""
    year = str(rng.randint(2019, 2025))

    def change(content: Marked) -> Marked:
        texts = wordings.HEADERS.get(content.text.replace("\n", ""))
        if not texts or rng.random() < 0.3:
            return content
        return _reworded(content, rng.choice(texts).replace("{year}", year))

    return _relabelled(tables, change, ("header",))


def verbose_labels(tables: Tables, rng: random.Random) -> Tables:
    """B6, R14: guidance in brackets behind labels, figures included."""

    def change(content: Marked) -> Marked:
        remarks = wordings.REMARKS.get(content.text.replace("\n", ""))
        if not remarks or rng.random() < 0.3:
            return content
        return _reworded(content, content.text + rng.choice(remarks))

    return _relabelled(tables, change, ("header", "row"))


def upright_headers(tables: Tables, rng: random.Random) -> Tables:
    """B11: narrow header cells of table 4, one character a line."""

    def one(cell: Cell) -> Cell:
        text = cell.content.text.replace("\n", "")
        if cell.kind != "header" or len(text) > 4 or text in ("行政复议", "行政诉讼"):
            return cell
        return replace(cell, content=_reworded(cell.content, "\n".join(text)))

    return tuple(map_cells(table, one) if table.id == "t4" else table for table in tables)


def label_typos(tables: Tables, rng: random.Random) -> Tables:
    """R15: slips in labels that offices copy from each other."""
    chosen = rng.sample(sorted(wordings.TYPOS), k=rng.randint(2, len(wordings.TYPOS)))

    def change(content: Marked) -> Marked:
        text = content.text
        for wrong in chosen:
            text = text.replace(wrong, wordings.TYPOS[wrong])
        return _reworded(content, text)

    return _relabelled(tables, change, _LABELS)


def label_runs_lost(tables: Tables, rng: random.Random) -> Tables:
    """D1, R16: characters typed in a run of their own are gone: 本年发件, 现行有效件, 本年增/."""
    lost = rng.choice(["数", "制数", "减", "制数减量", "年", "件", "数量", "（）", "位单"])
    share = rng.choice([1.0, 0.5])

    def change(content: Marked) -> Marked:
        if rng.random() >= share:
            return content
        return _reworded(content, "".join(c for c in content.text if c not in lost))

    return _relabelled(tables, change, ("header", "row", "group"))


def label_heads_lost(tables: Tables, rng: random.Random) -> Tables:
    """D2: the first character of labels is gone: 政许可, 政处罚, 然人; 第二十条第（）项."""
    share = rng.choice([0.1, 0.25])

    def change(content: Marked) -> Marked:
        if rng.random() >= share or len(content.text) < 3 or "其他" in content.text:
            return content
        if content.text.startswith("第二十条"):
            return _reworded(content, content.text.translate({ord(c): None for c in "一五六八九"}))
        return _reworded(content, content.text[1:])

    return _relabelled(tables, change, _LABELS)


def letter_spacing(tables: Tables, rng: random.Random) -> Tables:
    """Blanks between the characters of labels: 规 章, 自 然 人, 结果 维持."""
    space = rng.choice([" ", "  ", "\u3000", "\xa0"])
    everywhere = rng.random() < 0.3
    share = rng.choice([1.0, 0.5])

    def change(content: Marked) -> Marked:
        text = content.text
        if len(content.marks) != 1 or len(text) > 8 or rng.random() >= share:
            return content
        if len(text) <= 3 or everywhere:
            return _reworded(content, space.join(text))
        return _reworded(content, text[: len(text) // 2] + space + text[len(text) // 2 :])

    return _relabelled(tables, change, _LABELS)


def ordinals_spaced(tables: Tables, rng: random.Random) -> Tables:
    """Blanks behind ordinals or other brackets round them: (一) 予以公开, 1、属于…, ㈠."""
    style = rng.choice(["space", "comma", "circled", "bare", "dot"])

    def change(content: Marked) -> Marked:
        return _reworded(content, wordings.ordinals(content.text, style))

    return _relabelled(tables, change, ("group", "row"))


LABELS: Mapping[str, tuple[float, Callable[[Tables, random.Random], Tables]]] = {
    "B4_truncated_headers": (2, truncated_headers),
    "B5_reworded_headers": (3, reworded_headers),
    "B6_verbose_labels": (2.5, verbose_labels),
    "B11_upright_headers": (1, upright_headers),
    "D1_label_runs_lost": (3, label_runs_lost),
    "D2_label_heads_lost": (1, label_heads_lost),
    "H_letter_spacing": (3, letter_spacing),
    "H_ordinals": (2, ordinals_spaced),
    "R15_label_typos": (2, label_typos),
}
