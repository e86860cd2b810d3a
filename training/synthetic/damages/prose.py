"""Damages of the narrative: what was left over, forgotten, contradicted or copied."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from ....models.labels import Label
from .. import organs
from ..edits import Edit, covered, edit, inside, substitute
from ..grammar import Grammar
from ..marked import Marked, join
from ..parts import Draft, Part

ProseDamage = Callable[[Draft, random.Random], Draft]
_New = Callable[[re.Match[str]], str | None]


def _contents(
    draft: Draft, change: Callable[[Marked], Marked], kinds: tuple[str, ...], sections: str
) -> Draft:
    """The draft with the prose of those kinds of parts and those sections put through `change`."""
    parts = (
        replace(part, content=change(part.content))
        if part.kind in kinds and part.table is None and part.section in ("", *sections)
        else part
        for part in draft.parts
    )
    return replace(draft, parts=tuple(parts))


def _rewritten(content: Marked, pattern: str, new: _New) -> Marked:
    """`content` with matches rewritten, figures that quote a cell left alone."""
    quoted = sorted((m.start, m.end) for m in content.marks if m.key.startswith("claim:"))

    def one(match: re.Match[str]) -> str | None:
        if inside(match.start(), quoted) or inside(match.end() - 1, quoted):
            return None
        return new(match)

    return substitute(content, pattern, one)


def _with_paragraph(draft: Draft, line: str, rng: random.Random) -> Draft:
    """The draft with one more paragraph in section 1: before its prose, or behind it."""
    places = [i for i, p in enumerate(draft.parts) if p.kind == "prose" and p.section == "1"]
    if not places:
        return draft
    at = rng.choice(places)
    text = draft.parts[at].content
    both = [Marked(line), text] if rng.random() < 0.4 else [text, Marked(line)]
    parts = list(draft.parts)
    parts[at] = replace(parts[at], content=join("\n", both))
    return replace(draft, parts=tuple(parts))


def figures_forgotten(draft: Draft, rng: random.Random) -> Draft:
    """D13, D17 of the documents: the blank for a figure was never filled: 公开信息  条; X月X日."""
    share = rng.choice([1.0, 0.4])
    blank = rng.choice(["", "  ", "   ", "X", "××", "__"])

    def change(content: Marked) -> Marked:
        return _rewritten(
            content,
            r"\d+(?=\s?(?:余?条|件|篇|份|次|期|场|人次))|\d{1,2}(?=[月日])",
            lambda _: blank if rng.random() < share else None,
        )

    return _contents(draft, change, ("prose",), "1")


def template_leftovers(draft: Draft, rng: random.Random) -> Draft:
    """D13 of the documents, H9: a line of the template, or two words where one was meant."""
    if rng.random() < 0.6:
        line = Grammar("slips", draft.split).expand("leftover", rng)
        return _with_paragraph(draft, line, rng)
    doubled = {"几": "几两", "三": "三四", "四": "四两", "五": "四五", "六": "六七"}

    def change(content: Marked) -> Marked:
        return _rewritten(content, "[几三四五六](?=个方面|大类)", lambda m: doubled[m[0]])

    return _contents(draft, change, ("prose", "preface"), "1")


def other_organ(draft: Draft, rng: random.Random) -> Draft:
    """D3 of the documents: copied from another organ, whose name was left standing."""
    other, _, _ = organs.sample_organ(rng, draft.split)
    line = Grammar("slips", draft.split).expand("foreign", rng, {"other": other})
    return _with_paragraph(draft, line, rng)


def spun_words(draft: Draft, rng: random.Random) -> Draft:
    """D4 of the documents: a machine put synonyms that break the terms of the law."""
    pairs = dict(pair.split("|") for pair in Grammar("slips", "train").phrases("spun"))
    share = rng.choice([1.0, 0.5])

    def change(content: Marked) -> Marked:
        return _rewritten(
            content, "|".join(pairs), lambda m: pairs[m[0]] if rng.random() < share else None
        )

    return _contents(draft, change, ("prose",), "1")


def contradiction(draft: Draft, rng: random.Random) -> Draft:
    """C7, D15 of the documents: the prose denies what the table has: no application, all done."""
    values = draft.subject.values
    grammar = Grammar("slips", draft.split)
    symbols = [
        symbol
        for symbol, path in (("none", "t3.new.total"), ("done", "t3.carried_out.total"))
        if values.get(path)
    ]
    if not symbols:
        return draft
    line = grammar.expand(rng.choice(symbols), rng)
    at = next((i for i, p in enumerate(draft.parts) if p.table and p.table.id == "t3"), None)
    if at is None or rng.random() < 0.5:
        return _with_paragraph(draft, line, rng)
    lead = Part("prose", Marked(line), draft.parts[at].section)
    return replace(draft, parts=(*draft.parts[:at], lead, *draft.parts[at:]))


def sums_wrong(draft: Draft, rng: random.Random) -> Draft:
    """D14 of the documents: figures of the prose that do not add up, or shares of more than all."""
    by = rng.randint(1, 40)
    share = rng.choice([0.3, 0.1])

    def change(content: Marked) -> Marked:
        return _rewritten(
            content,
            r"\d+(?=\s?(?:条|篇|%|％))",
            lambda m: str(int(m[0]) + by) if rng.random() < share else None,
        )

    return _contents(draft, change, ("prose",), "1")


def wrong_structure(draft: Draft, rng: random.Random) -> Draft:
    """E19: the preface counts other parts than the report has: 七个部分."""
    count = rng.choice(["五", "七", "八", "5", "7"])

    def change(content: Marked) -> Marked:
        return _rewritten(content, "[六6](?=个?部分)", lambda _: count)

    changed = _contents(draft, change, ("preface",), "")
    at = next((i for i, p in enumerate(draft.parts) if p.kind == "preface"), None)
    if changed != draft or at is None:
        return changed
    said = Grammar("slips", draft.split).expand("structure", rng, {"n": count})
    preface = replace(draft.parts[at], content=draft.parts[at].content + said)
    return replace(draft, parts=(*draft.parts[:at], preface, *draft.parts[at + 1 :]))


def year_conflict(draft: Draft, rng: random.Random) -> Draft:
    """D2 of the documents, E19: signed in the report's own year, or a count of the year before.

    Title or preface still tell the year; a report in which they do not is left alone.
    """
    year = draft.subject.year
    told = (p.content.text for p in draft.parts if p.kind in ("title", "preface"))
    if not any(f"{year}年" in text for text in told):
        return draft
    if rng.random() < 0.5:
        return _contents(
            draft,
            lambda content: substitute(content, f"{year + 1}(?=年)", lambda _: str(year)),
            ("signature",),
            "",
        )
    first = iter([True])

    def change(content: Marked) -> Marked:
        return substitute(
            content, f"{year}(?=年)", lambda _: str(year - 1) if next(first, False) else None
        )

    return _contents(draft, change, ("prose",), "1")


def mixed_levels(draft: Draft, rng: random.Random) -> Draft:
    """H12: heads of section 1 numbered in two ways: （一）主动公开, 2、依申请公开, （三）…."""
    style = rng.choice(["{d}、", "{d}.", "{n}、", "第{n}，"])
    share = rng.choice([0.5, 0.3])

    def change(content: Marked) -> Marked:
        heads = {start for start, _ in covered(content, (Label.SUBSECTION,))}
        edits: list[Edit] = []
        for match in re.finditer("[（(]([一二三四五六七八])[）)]", content.text):
            if match.start() in heads and rng.random() < share:
                digit = "一二三四五六七八".index(match[1]) + 1
                edits.append((*match.span(), style.format(d=digit, n=match[1])))
        return edit(content, edits)

    return _contents(draft, change, ("prose",), "1")


#: Name -> (how often, what it does).
PROSE: Mapping[str, tuple[float, ProseDamage]] = {
    "D2doc_year_conflict": (0.7, year_conflict),
    "D3doc_other_organ": (0.5, other_organ),
    "D4doc_spun_words": (0.5, spun_words),
    "D13doc_template_leftovers": (0.7, template_leftovers),
    "D14doc_sums_wrong": (0.5, sums_wrong),
    "D15doc_contradiction": (0.7, contradiction),
    "D17doc_figures_forgotten": (0.7, figures_forgotten),
    "E19_wrong_structure": (0.7, wrong_structure),
    "H12_mixed_levels": (0.7, mixed_levels),
}
