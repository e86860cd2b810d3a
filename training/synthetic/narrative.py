"""The narrative of a synthetic report but for section 5. Every part is Marked.

Title and signature stand in `titles`, headings in `headings`, section 1 in `overview`.
"""

import random
from collections.abc import Callable, Mapping
from typing import Literal

from ...models.form import sections
from ...models.labels import Label
from .claims import figures, marked, quotable
from .dates import chinese_number, period
from .grammar import Grammar, Split
from .hand import hand_of
from .marked import Mark, Marked, join
from .overview import section_one as section_one
from .subject import Subject

#: How a preface numbers the parts that it lists, and what stands between them.
_PART_LISTS = (
    ("", "、"),
    ("", "；"),
    ("", "，"),
    ("（{cn}）", "；"),
    ("（{cn}）", ""),
    ("{cn}是", "；"),
    ("{cn}、", "；"),
    ("{n}.", "；"),
    ("“{cn}、", "”"),
    ("", "”“"),
)
#: What reports had before 2019; lists of parts still name it.
_OLD_PARTS = (
    "概述",
    "主动公开政府信息的情况",
    "依申请公开政府信息和不予公开政府信息的情况",
    "政府信息公开的收费及减免情况",
    "因政府信息公开申请行政复议、提起行政诉讼的情况",
    "政府信息公开工作存在的主要问题、改进情况和其他需要报告的事项",
    "附表",
)
_NUMBERS = (
    ("（{cn}）", True),
    ("({cn})", True),
    ("{n}.", True),
    ("{n}、", True),
    ("{cn}是", False),
    ("（{cn}）", False),
    ("{n}.", False),
)
#: How the year of a document number is bracketed (facts 4.3).
_BRACKETS = ("〔{}〕",) * 12 + (
    *("[{}]", "［{}］", "﹝{}﹞", "（{}）", "【{}】", "({})", "{}", " 〔{}〕 ", "〔{}〕第", "<{}>"),
)


def cited_notice(subject: Subject, rng: random.Random) -> str:
    """国办公开办函〔2021〕30号 or 〔2019〕60号: that of the form used, mostly."""
    version = subject.version
    if rng.random() < 0.08:
        version = "2019" if version == "2021" else "2021"
    number = {"2019": "60", "2021": "30"}[version]
    return f"国办公开办函{rng.choice(_BRACKETS).format(version)}{number}号"


def preface(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """Legal basis, list of the parts, period, where to get it, contact: some or all of these.

    The six heading texts that the list names are no headings, so the tagger learns nothing here.
    Keys: "cited_notice", "period:FIRST:LAST" (ISO).
    """
    hand, grammar = hand_of(subject), Grammar("preface", split)
    known, count = _parts(rng)
    notice = cited_notice(subject, rng)
    span, first, last = period(subject.year, rng)
    words: dict[str, object] = {
        **hand.words,
        "notice": notice,
        "period": span,
        "parts": known,
        "count": count,
        "count_cn": chinese_number(count),
    }
    wanted = [
        ("cited" if rng.random() < 0.72 else "uncited", 0.95),
        ("parts", 0.55),
        ("period", 0.65),
        ("where", 0.45),
        ("contact", 0.45),
    ]
    whole = rng.random() < 0.25
    chosen = [symbol for symbol, share in wanted if whole or rng.random() < share] or ["cited"]
    keys = {notice: "cited_notice", span: f"period:{first}:{last}"}
    sentences = [_keyed(grammar.expand(symbol, rng, words), keys) for symbol in chosen]
    paragraphs = sentences if rng.random() < 0.2 else [join("", sentences)]
    if rng.random() < 0.06:
        paragraphs = [Marked(grammar.expand("salutation", rng, words)), *paragraphs]
    if rng.random() < 0.1:
        lines = [Marked(grammar.expand(symbol, rng, words)) for symbol in _contact_lines(rng)]
        paragraphs = [*paragraphs, *lines]
    return hand.paragraphs(paragraphs)


def _keyed(text: str, keys: Mapping[str, str]) -> Marked:
    """`text` with a mark over each wording of `keys` that stands in it."""
    places = sorted((at, wording) for wording in keys if (at := text.find(wording)) >= 0)
    return Marked(text, tuple(Mark(at, at + len(w), None, keys[w]) for at, w in places))


def _contact_lines(rng: random.Random) -> list[str]:
    """A block of three to six lines that says whom to ask."""
    lines = ["line_address", "line_phone", "line_email", "line_postcode", "line_office"]
    return ["line_head", *sorted(rng.sample(lines, rng.randint(2, 5)), key=lines.index)]


def _parts(rng: random.Random) -> tuple[str, int]:
    """The list of the parts in running prose, and its author's count of them (E19)."""
    long = rng.random() < 0.3
    names = [section.long if long else section.short for section in sections()]
    if rng.random() < 0.15:  # copied from a report of an older form
        names = [name for name in _OLD_PARTS if rng.random() < 0.8] or names
    elif rng.random() < 0.08:
        names.pop(rng.randrange(6))
    before, between = rng.choice(_PART_LISTS)
    numbered = [before.format(cn=chinese_number(n), n=n) + name for n, name in enumerate(names, 1)]
    text = between.join(numbered)
    if between.startswith("”"):
        text = f"{'' if before else '“'}{text}”"
    return text, rng.choices([6, len(names), 7], weights=[80, 18, 2])[0]


def table_lead(
    table: Literal["t2", "t3", "t4"], subject: Subject, rng: random.Random, split: Split
) -> Marked:
    """A sentence or two between a section's heading and its table (E7), numbers among them."""
    hand, grammar = hand_of(subject), Grammar("leads", split)
    known = figures(subject, hand, rng)
    symbols = ["any", table]
    if table == "t2":
        symbols.append("t2_figures")
    elif _totals_known(table, subject):
        symbols.append(f"{table}_figures" if _any_case(table, subject) else f"{table}_none")
    chosen = rng.sample(symbols, min(len(symbols), rng.choice([1, 1, 1, 2])))
    chosen.sort(key=lambda symbol: symbol == "any")  # 见下表 comes last
    sentences = [
        _filled(grammar, rng.choice(phrases), rng, {**hand.words, **known})
        for symbol in chosen
        if (phrases := quotable(grammar, symbol, known))
    ]
    sentences = sentences or [_filled(grammar, "{any}", rng, hand.words)]
    return hand.paragraphs(sentences if rng.random() < 0.3 else [join("", sentences)])


def _totals(table: str, subject: Subject) -> list[int | float | None]:
    names = {
        "t3": ("t3.new.total", "t3.carried_in.total"),
        "t4": (
            "t4.review.total",
            "t4.litigation_direct.total",
            "t4.litigation_after_review.total",
        ),
    }[table]
    return [subject.values.get(name) for name in names]


def _totals_known(table: str, subject: Subject) -> bool:
    return None not in _totals(table, subject)


def _any_case(table: str, subject: Subject) -> bool:
    return any(_totals(table, subject))


def _filled(
    grammar: Grammar, phrase: str, rng: random.Random, values: Mapping[str, object]
) -> Marked:
    return marked(grammar.fill(phrase, rng, values))


def section_six(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """无, a word on 信息处理费, a longer text, or several numbered matters."""
    hand, grammar = hand_of(subject), Grammar("section6", split)
    charged = 1 if subject.year >= 2021 else 0  # the fee exists since 2021-01-01
    kinds = {
        "none": 38,
        "fee": 22 * charged,
        "long": 12,
        "numbered": 16 * charged,
        "both": 12 * charged,
    }
    kind = rng.choices(list(kinds), weights=list(kinds.values()))[0]

    def said(symbol: str) -> Marked:
        return Marked(grammar.expand(symbol, rng, hand.words))

    fee = "fee_some" if rng.random() < 0.15 else "fee_zero"
    if kind == "numbered":
        return hand.paragraphs(_numbered(said, fee, rng))
    if kind == "both":
        others = [said("none")] if rng.random() < 0.6 else [said("long")]
        both = [said(fee), *others]
        return hand.paragraphs(both if rng.random() < 0.4 else [join("", both)])
    if kind == "long":
        topics = rng.sample(["long", "proposals", "points", "innovation", "site"], 2)
        return hand.paragraphs([said(topic) for topic in topics])
    return hand.paragraphs([said(fee if kind == "fee" else "none")])


_HEADS = {
    "fee": "head_fee",
    "proposals": "head_proposals",
    "points": "head_points",
    "innovation": "head_innovation",
    "site": "head_other",
    "long": "head_other",
}


def _numbered(said: Callable[[str], Marked], fee: str, rng: random.Random) -> list[Marked]:
    """Two to five matters, each under a head, run in or on its own line, or bare sentences."""
    topics = rng.sample(list(_HEADS), rng.randint(2, 5))
    ordinal, headed = rng.choice(_NUMBERS)
    run_in = rng.random() < 0.4
    parts: list[Marked] = []
    for number, topic in enumerate(topics, 1):
        start = ordinal.format(cn=chinese_number(number), n=number)
        body = said(fee if topic == "fee" else topic)
        if not headed:
            parts.append(start + body)
            continue
        head = Marked.of(start + said(_HEADS[topic]).text, Label.SUBSECTION)
        parts += [head + "。" + body] if run_in else [head, body]
    return parts
