"""Section 5, problems and improvements, in every way that offices write it.

A body is a list of paragraphs; a *plan* orders heads, leads and enumerations into one. Leads,
praise and closings belong to no item.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...models.labels import Label
from .grammar import Split
from .improvement_items import (
    ENUMERATIONS,
    LINE_MARKERS,
    Paragraphs,
    Pen,
    Role,
    blocks,
    draw_item,
    draw_sentence,
    first_unmarked,
    inline,
    lines,
    lumped,
    numbered,
    numbered_items,
    prose,
    take_pen,
    titled,
    two_sided,
    unmarked_lines,
)
from .marked import Marked, join
from .subject import Subject

Plan = Callable[[Pen], Paragraphs]

# They take a cue (下一步，) instead of a lead that announces a list.
UNLED = (first_unmarked, prose, unmarked_lines, two_sided)
SINGLE = (prose, prose, lumped, lines, titled, blocks)

HEAD_ORDINALS = ("（{zh}）", "（{zh}）", "({zh})", "({zh}) ", "{zh}、", "{n}.", "{n}、", "")
_HALF_WIDTH = (("，；：（）", ",;:()"), ("；：", ";:"), ("（）", "()"), ("，", ","), ("“”", '""'))

# Parts: leads and enumerations of one role -----------------------------------------------


def _both(pen: Pen, problem_lead: float, measure_lead: float) -> tuple[Paragraphs, Paragraphs]:
    """Problems, and measures that often answer the same themes."""
    themes = pen.themes(_count(pen))
    answered = themes if pen.chance(0.4) else pen.themes(_count(pen))
    problems = [_none(pen)] if pen.chance(0.03) else _part(pen, "problem", problem_lead, themes)
    return problems, _part(pen, "measure", measure_lead, answered)


def _part(pen: Pen, role: Role, lead: float, themes: Sequence[str]) -> Paragraphs:
    """The items of one role, with a lead before them by the chance `lead`."""
    if len(themes) == 1:
        return _cued(pen, role, pen.rng.choice(SINGLE)(pen, role, themes))
    enumeration = pen.rng.choices([*ENUMERATIONS], [*ENUMERATIONS.values()])[0]
    paragraphs = enumeration(pen, role, themes)
    if enumeration in UNLED:
        return _cued(pen, role, paragraphs)
    if enumeration is lumped and role == "problem":
        return paragraphs
    return _led(pen, role, paragraphs, len(themes)) if pen.chance(lead) else paragraphs


def _count(pen: Pen) -> int:
    return pen.rng.choices(range(1, 9), (1.5, 4, 5, 4, 2, 1, 0.5, 0.2))[0]


def _cued(pen: Pen, role: Role, paragraphs: Paragraphs) -> Paragraphs:
    """With a clause before the first item that only leads over: 下一步，"""
    if pen.chance(0.35 if role == "problem" else 0.8):
        return _glued(pen.say(f"{role}_cue"), paragraphs)
    return paragraphs


def _led(pen: Pen, role: Role, paragraphs: Paragraphs, count: int) -> Paragraphs:
    """With a lead that ends in a colon or a full stop, in the first paragraph or above it."""
    stop = "" if pen.chance(0.7) else "_sentence"
    lead = pen.say(f"{role}_lead{stop}", count) + ("。" if stop else "")
    if role == "measure" and pen.chance(0.15):
        return _glued(pen.rng.choice(("下一步，", "今后，", "下一步：")), paragraphs)
    if len(paragraphs) == 1 or pen.chance(0.2):
        return _glued(lead, paragraphs)
    return [Marked(lead), *paragraphs]


def _glued(before: Marked | str, paragraphs: Paragraphs) -> Paragraphs:
    return [before + paragraphs[0], *paragraphs[1:]]


def _praised(pen: Pen, paragraphs: Paragraphs, probability: float) -> Paragraphs:
    return _glued(pen.say("praise") + "。", paragraphs) if pen.chance(probability) else paragraphs


def _heads(pen: Pen) -> tuple[str, str]:
    return pen.say("problem_head"), pen.say("measure_head")


def _none(pen: Pen) -> Marked:
    """无。 and its like: no item, but a mark for the report's `none_stated`."""
    text = pen.say("none")
    stem = text.removesuffix("。")
    return Marked.of(stem, key="none_stated") + text[len(stem) :]


# Plans -----------------------------------------------------------------------------------


def headed(pen: Pen) -> Paragraphs:
    """（一）存在的主要问题 and （二）改进措施 on lines of their own."""
    pen = replace(pen, head=pen.rng.choice(HEAD_ORDINALS))
    problems, measures = _both(pen, 0.4, 0.3)
    parts = list(zip(_heads(pen), (_praised(pen, problems, 0.1), measures), strict=True))
    if pen.chance(0.06):
        parts.insert(0, (pen.say("review_head"), _review(pen)))
    colon = pen.rng.choice(("", "", "："))
    return [
        paragraph
        for index, (head, body) in enumerate(parts)
        for paragraph in (_head(pen.head, index, head + colon), *body)
    ]


def _head(ordinal: str, index: int, head: str) -> Marked:
    return Marked.of(numbered(ordinal, index, 0) + head, Label.SUBSECTION)


def _review(pen: Pen) -> Paragraphs:
    """What became of last year's problems: prose that holds no item."""
    sentences = [pen.say("review") + "。" for _ in range(pen.rng.randint(1, 3))]
    return [Marked("".join(dict.fromkeys(sentences)))]


def run_in_heads(pen: Pen) -> Paragraphs:
    """存在问题：一是… and 改进措施：一是… with the head at the start of the paragraph."""
    pen = replace(pen, head=pen.rng.choice(HEAD_ORDINALS))
    paragraphs = [
        paragraph
        for index, (head, body) in enumerate(zip(_heads(pen), _both(pen, 0.1, 0.1), strict=True))
        for paragraph in _glued(_head(pen.head, index, head + "："), body)
    ]
    closed = all(paragraph.text.endswith(("。", "；")) for paragraph in paragraphs)
    return [join("", paragraphs)] if closed and pen.chance(0.15) else paragraphs


def led(pen: Pen) -> Paragraphs:
    """No heads: praise, a lead, the problems; a lead, the measures."""
    problems, measures = _both(pen, 0.8, 0.8)
    problems = _praised(pen, problems, 0.3)
    if len(measures) > 1 and pen.chance(0.15):
        measures.append(Marked(pen.say("closing") + "。"))
    return problems + measures


def one_paragraph(pen: Pen) -> Paragraphs:
    """……有待加强。下一步我局将……: problems and measures run on without a break."""
    problems = _part(pen, "problem", 0.6, pen.themes(_count(pen)))
    themes = pen.themes(_count(pen))
    if len(themes) > 1 and pen.chance(0.4):
        measures = _led(pen, "measure", inline(pen, "measure", themes), len(themes))
    else:
        enumeration = pen.rng.choice((prose, prose, first_unmarked, two_sided, lumped))
        measures = _glued(pen.say("measure_cue"), enumeration(pen, "measure", themes))
    if not problems[-1].text.endswith("。"):
        problems[-1] = problems[-1] + "。"
    return [*problems[:-1], problems[-1] + measures[0]]


def paired_heads(pen: Pen) -> Paragraphs:
    """存在问题：… and 整改措施：… in turn, on lines of their own or on one."""
    heads = pen.say("pair_heads").split("|")
    ordinal = pen.rng.choice(("", "{n}.", "（{zh}）"))
    same_line = pen.chance(0.3)
    paragraphs: Paragraphs = []
    for index, theme in enumerate(pen.themes(pen.rng.randint(2, 4))):
        problem = _head(ordinal, index, heads[0]) + draw_item(pen, "problem", theme) + "。"
        measure = _head("", index, heads[1]) + draw_item(pen, "measure", theme) + "。"
        paragraphs += [problem + measure] if same_line else [problem, measure]
    return paragraphs


def paired_items(pen: Pen) -> Paragraphs:
    """1.公开内容不全。下一步，丰富内容。: a problem and its measure under one number."""
    pairs = [_pair(pen, theme) for theme in pen.themes(pen.rng.randint(2, 4))]
    paragraphs = [pair + "。" for pair in numbered_items(pen, LINE_MARKERS, pairs)]
    if pen.chance(0.5):
        return _glued(pen.say("problem_lead", len(pairs)), paragraphs)
    return paragraphs


def _pair(pen: Pen, theme: str) -> Marked:
    measure = pen.say("measure_cue") + draw_sentence(pen, "measure", theme)
    return draw_item(pen, "problem", theme) + pen.rng.choice("。。；") + measure


def problems_only(pen: Pen) -> Paragraphs:
    """Problems without measures, or with one generic promise at the end."""
    problems = _part(pen, "problem", 0.6, pen.themes(_count(pen)))
    if pen.chance(0.4):
        promise = Marked.of(pen.say("generic_measure"), Label.MEASURE, "generic") + "。"
        return [*problems, promise]
    return problems


def measures_only(pen: Pen) -> Paragraphs:
    """Measures without problems; 无 may stand for these."""
    measures = _part(pen, "measure", 0.7, pen.themes(_count(pen)))
    if pen.chance(0.15):
        return [_none(pen), *measures]
    return measures


def generic_only(pen: Pen) -> Paragraphs:
    """A problem without an object and a promise, nothing more."""
    problem = Marked.of(pen.say("generic_problem"), Label.PROBLEM, "generic")
    measure = Marked.of(pen.say("generic_measure"), Label.MEASURE, "generic")
    before = pen.say("praise") + "，但" if pen.chance(0.3) else ""
    after = pen.say("measure_cue") if pen.chance(0.5) else ""
    return [before + problem + pen.rng.choice("。。；，") + after + measure + "。"]


def none(pen: Pen) -> Paragraphs:
    """无。"""
    return [_none(pen)]


PLANS: dict[Plan, float] = {
    headed: 6, run_in_heads: 2, led: 6, one_paragraph: 3, paired_heads: 1, paired_items: 1,
    problems_only: 1, measures_only: 1.2, generic_only: 0.4, none: 0.6,
}  # fmt: skip


# The section -----------------------------------------------------------------------------


def section_five(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """The body of section 5, without its heading.

    PROBLEM and MEASURE stand on the items (key "generic" where one has no object), SUBSECTION on
    heads; a mark without label and with the key "none_stated" on 无 and its like.
    """
    pen = take_pen(subject, rng, split)
    plan = rng.choices([*PLANS], [*PLANS.values()])[0]
    return _set(pen, plan(pen))


def split_sections(subject: Subject, rng: random.Random, split: Split) -> tuple[Marked, Marked]:
    """Two bodies for reports with 五、存在问题 and 六、改进措施: problems, and measures."""
    pen = take_pen(subject, rng, split)
    problems, measures = _both(pen, 0.4, 0.4)
    return _set(pen, problems), _set(pen, measures)


def _set(pen: Pen, paragraphs: Paragraphs) -> Marked:
    """The paragraphs as one text: indented, now and then half-width or without the last stop."""
    body = join(pen.gap, [pen.indent + paragraph for paragraph in paragraphs])
    if body.text.endswith("。") and pen.chance(0.06):
        body = body.replace(len(body) - 1, len(body), "")
    if pen.chance(0.2):
        body = replace(body, text=body.text.translate(str.maketrans(*pen.rng.choice(_HALF_WIDTH))))
    return body
