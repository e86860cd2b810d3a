"""Damages of the report's build: furniture, headings, parts that are missing or double."""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ....models.labels import Label
from .. import furniture, headings, improvement, narrative
from ..edits import edit
from ..marked import Marked, join
from ..parts import Draft, Part, is_heading

PartsDamage = Callable[[Draft, random.Random], Draft]


def _headings(draft: Draft, change: Callable[[str, str], str | None]) -> Draft:
    """Every section heading reworded: `change` gets wording and section, None leaves it."""

    def one(part: Part) -> Part:
        if part.kind != "heading" or not part.section.isdigit():
            return part
        mark = part.content.marks[0]
        old = part.content.text[mark.start : mark.end]
        new = change(old, part.section)
        if new is None or new == old:
            return part
        return replace(part, content=edit(part.content, [(mark.start, mark.end, new)]))

    return replace(draft, parts=tuple(one(part) for part in draft.parts))


_ORDINAL = re.compile(r"^[一二三四五六七八九]+、")


def top_furniture(draft: Draft, rng: random.Random) -> Draft:
    """E1, E2: navigation, metadata block and the like above the report or below its title."""
    said = [part.content.text for part in draft.parts if part.kind == "preface"]
    summary = " ".join(said).replace("\n", " ").strip() if rng.random() < 0.3 else ""
    top = Part("top", furniture.page_top(draft.subject, rng, draft.split, summary))
    titled = bool(draft.parts) and draft.parts[0].kind == "title" and rng.random() < 0.3
    at = 1 if titled else 0
    return replace(draft, parts=(*draft.parts[:at], top, *draft.parts[at:]))


def bottom_furniture(draft: Draft, rng: random.Random) -> Draft:
    """E16: print buttons, links to neighbours and the site's footer below the report."""
    bottom = Part("bottom", furniture.page_bottom(draft.subject, rng, draft.split))
    return replace(draft, parts=(*draft.parts, bottom))


def pipe_flood(draft: Draft, rng: random.Random) -> Draft:
    """E3: a layout table around the page left hundreds of bars."""
    flood = "|" * rng.randint(60, 400) + rng.choice(["\n", " |\n", ""]) + "|" * rng.randint(0, 90)
    at = next((i for i, p in enumerate(draft.parts) if p.kind not in ("top", "title")), 0)
    parts = list(draft.parts)
    parts.insert(at, Part("top", Marked(flood)))
    if rng.random() < 0.5:
        parts.append(Part("bottom", Marked("|" * rng.randint(5, 200))))
    return replace(draft, parts=tuple(parts))


def title_repeated(draft: Draft, rng: random.Random) -> Draft:
    """E4: the title stands two or three times, or its last character again on its own line."""
    at = next((i for i, part in enumerate(draft.parts) if part.kind == "title"), None)
    if at is None:
        return draft
    title = draft.parts[at].content
    again = Marked(title.text, tuple(replace(m, key="") for m in title.marks if m.label))
    copies = [again] * rng.randint(1, 2)
    if rng.random() < 0.25:
        copies = [Marked.of(title.text.rstrip()[-1], Label.TITLE)]
    parts = list(draft.parts)
    parts[at] = replace(parts[at], content=join("\n", [title, *copies]))
    return replace(draft, parts=tuple(parts))


def _tables_as(draft: Draft, rng: random.Random, picture: Callable[[], Marked] | None) -> Draft:
    """Tables gone (all, or some), each with a picture's name in its place where given."""
    chosen = {"2", "3", "4"} if rng.random() < 0.7 else set(rng.sample("234", k=rng.randint(1, 2)))
    parts: list[Part] = []
    for part in draft.parts:
        if part.table is None or part.section not in chosen:
            parts.append(part)
        elif picture is not None:
            parts.append(Part("prose", picture(), part.section))
    return replace(draft, parts=tuple(parts))


def tables_absent(draft: Draft, rng: random.Random) -> Draft:
    """E5: tables are pictures or scripts, and only their headings are left."""
    return _tables_as(draft, rng, None)


def tables_as_images(draft: Draft, rng: random.Random) -> Draft:
    """E6: file names stand where the tables were; their digits are no values."""
    return _tables_as(draft, rng, lambda: furniture.image_name(rng))


def interleaved_sentences(draft: Draft, rng: random.Random) -> Draft:
    """E7: a sentence between heading and table, often with the table's figures."""
    parts: list[Part] = []
    for part in draft.parts:
        led = not parts or parts[-1].kind == "heading"
        if part.table is not None and part.table.id != "aside" and led:
            lead = narrative.table_lead(part.table.id, draft.subject, rng, draft.split)
            parts.append(Part("prose", lead, part.section))
        parts.append(part)
    return replace(draft, parts=tuple(parts))


def begins_midway(draft: Draft, rng: random.Random) -> Draft:
    """E12: the beginning is cut off, up to a later paragraph of section 1 or a later section."""
    section = rng.choice(["1", "1", "2", "3"])
    at = next((i for i, p in enumerate(draft.parts) if p.section == section), 0)
    parts = list(draft.parts[at:])
    if section == "1":
        parts = [part for part in parts if not (part.section == "1" and is_heading(part))]
        lines = [m.start() for m in re.finditer(r"\n", parts[0].content.text)]
        if lines:
            cut = rng.choice(lines) + 1
            parts[0] = replace(parts[0], content=_from(parts[0].content, cut))
    return replace(draft, parts=tuple(parts))


def _from(content: Marked, at: int) -> Marked:
    """What stands behind `at`; marks that began before it keep their rest."""
    marks = tuple(
        replace(m, start=max(m.start, at) - at, end=m.end - at) for m in content.marks if m.end > at
    )
    return Marked(content.text[at:], marks)


def headings_absent(draft: Draft, rng: random.Random) -> Draft:
    """E13, H10: some headings of tables, or all, are gone; the bodies stand."""
    gone = rng.choice([("2", "3", "4"), ("3",), ("4",), ("2",), ("6",), ("5",), ("3", "4")])
    parts = tuple(p for p in draft.parts if not (is_heading(p) and p.section in gone))
    return replace(draft, parts=parts)


def headings_shifted(draft: Draft, rng: random.Random) -> Draft:
    """H2, D4: ordinals count wrongly: one too low, or the same one each time."""
    numerals = "一二三四五六七"
    constant = rng.random() < 0.3
    by = rng.choice([-1, 1])

    def change(text: str, section: str) -> str | None:
        place = 0 if constant else max(0, int(section) - 1 + by)
        return _ORDINAL.sub(numerals[place] + "、", text) if section != "1" or constant else None

    return _headings(draft, change)


def ordinals_lost(draft: Draft, rng: random.Random) -> Draft:
    """H3, D2, D3: the ordinal is gone, with its comma or without."""
    rest = rng.choice(["", "、", ""])
    share = rng.choice([1.0, 0.3])
    return _headings(draft, lambda t, _: _ORDINAL.sub(rest, t) if rng.random() < share else None)


def heading_text_lost(draft: Draft, rng: random.Random) -> Draft:
    """D2: a heading's wording is gone and its ordinal stands alone: 三、."""
    chosen = set(rng.sample("123456", k=rng.randint(1, 2)))

    def change(text: str, section: str) -> str | None:
        match = _ORDINAL.match(text)
        return match[0] if match is not None and section in chosen else None

    return _headings(draft, change)


def ordinals_otherwise(draft: Draft, rng: random.Random) -> Draft:
    """H4: look-alikes and other ways to number: —、, 第一部分, 1、, （一）、, 一．."""
    style = rng.choice(
        ["{n}、 ", "{d}、", "{d}.", "（{n}）", "{n}．", "{n},", "第{n}部分 ", "{n} ", "{n}."]
    )
    dash = rng.random() < 0.3

    def change(text: str, section: str) -> str | None:
        match = _ORDINAL.match(text)
        if match is None:
            return None
        if dash:
            return text.replace("一、", rng.choice("—-－ー") + "、", 1)
        numeral = match[0][:-1]
        digit = "零一二三四五六七八九".find(numeral)
        return style.format(n=numeral, d=digit) + text[match.end() :]

    return _headings(draft, change)


def heading_residue(draft: Draft, rng: random.Random) -> Draft:
    """H6, H7, H9, E14: editing residue before or remarks behind a heading."""
    before = rng.choice(["[bookmark: _GoBack]", "1", "", "", "[bookmark: OLE_LINK1]"])
    behind = rng.choice(["、", "：", "（数据准确、要素齐全）", "（黑体三号）", "。", "（表格）"])
    share = rng.choice([0.25, 1.0])

    def change(text: str, _: str) -> str | None:
        if rng.random() > share:
            return None
        return before + text if before else text + behind

    return _headings(draft, change)


def heading_typos(draft: Draft, rng: random.Random) -> Draft:
    """H8: slips in headings."""
    slips = [
        ("政府信息情况", "政府政府情况"), ("政府信息公开", "政府政府信息公开"),
        ("主要问题", "主要问"),
        ("情况", "情 况"), ("的事项", "事项"), ("、行政诉讼", "行政诉讼"), ("申请", "申清"),
        ("总体", "总休"), ("及", "及其"), ("改进", "改近"),
    ]  # fmt: skip
    chosen = rng.sample(slips, k=rng.randint(2, 5))

    def change(text: str, _: str) -> str:
        for right, wrong in chosen:
            text = text.replace(right, wrong, 1)
        return text

    return _headings(draft, change)


def problems_split(draft: Draft, rng: random.Random) -> Draft:
    """H13, D4: 五、存在问题 and 六、改进措施 as two sections; what follows moves up by one."""
    bodies = improvement.split_sections(draft.subject, rng, draft.split)
    style = headings.HeadingStyle()
    parts: list[Part] = []
    for part in draft.parts:
        if part.section == "5":
            if is_heading(part):
                for position, (id_, body) in enumerate(zip(("5a", "5b"), bodies, strict=True), 5):
                    line = headings.heading_line(id_, position, rng, draft.split, style)
                    if id_ == "5b":  # two sections of one place are one: the first heading counts
                        line = Marked(line.text, tuple(replace(m, key="") for m in line.marks))
                    parts += (Part("heading", line, "5"), Part("prose", body, "5"))
        elif is_heading(part) and part.section == "6":
            line = headings.heading_line("6", 7, rng, draft.split, style)
            parts.append(replace(part, content=line))
        else:
            parts.append(part)
    return replace(draft, parts=tuple(parts))


def attachments(draft: Draft, rng: random.Random) -> Draft:
    """A list of attachments at the end: outside of every section."""
    names = [
        "年报.docx",
        "2.信息公开年度报告.pdf",
        "1.年度报告数据表.xlsx",
        "报告全文.doc",
        "附表.xls",
    ]
    lines = [rng.choice(["附件：", "附件下载：", "相关附件", "附件:"])]
    lines += rng.sample(names, k=rng.randint(1, 2))
    end = Part("bottom", join("\n", [Marked.of(line, Label.NOISE) for line in lines]))
    at = next((i for i, p in enumerate(draft.parts) if p.kind == "bottom"), len(draft.parts))
    return replace(draft, parts=(*draft.parts[:at], end, *draft.parts[at:]))


def heading_in_line(draft: Draft, rng: random.Random) -> Draft:
    """H5: a heading runs on in the line of the paragraph before it, its body behind it."""
    chosen = set(rng.sample("23456", k=rng.randint(1, 3)))
    space = rng.choice([" ", "  ", "\u3000"])
    behind = rng.random() < 0.5
    parts: list[Part] = []
    for part in draft.parts:
        if part.section in chosen and parts:
            if is_heading(part) and parts[-1].table is None:
                part = replace(part, joint=space)
            elif behind and parts[-1].kind == "heading":
                part = replace(part, joint=space)
        parts.append(part)
    return replace(draft, parts=tuple(parts))


def _weighted(
    entries: Sequence[tuple[str, float, PartsDamage]],
) -> Mapping[str, tuple[float, PartsDamage]]:
    return {name: (weight, damage) for name, weight, damage in entries}


PARTS = _weighted(
    [
        ("D2_heading_text_lost", 0.5, heading_text_lost),
        ("E1_top_furniture", 18, top_furniture),
        ("E3_pipe_flood", 1, pipe_flood),
        ("E4_title_repeated", 3, title_repeated),
        ("E5_tables_absent", 5, tables_absent),
        ("E6_tables_as_images", 1, tables_as_images),
        ("E7_interleaved_sentences", 2, interleaved_sentences),
        ("E12_begins_midway", 1, begins_midway),
        ("E13_headings_absent", 1, headings_absent),
        ("E14_heading_residue", 2, heading_residue),
        ("E16_bottom_furniture", 6, bottom_furniture),
        ("E_attachments", 1.5, attachments),
        ("H2_headings_shifted", 1, headings_shifted),
        ("H3_ordinals_lost", 1.5, ordinals_lost),
        ("H4_ordinals_otherwise", 2, ordinals_otherwise),
        ("H5_heading_in_line", 1.5, heading_in_line),
        ("H8_heading_typos", 1, heading_typos),
        ("H13_problems_split", 1.5, problems_split),
    ]
)
