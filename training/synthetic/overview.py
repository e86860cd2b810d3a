"""Section 1, 总体情况: the five sub-topics and more, in many builds."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from ...models.labels import Label
from .claims import figures, marked, quotable
from .dates import chinese_number
from .furniture import image_name
from .grammar import Grammar, Split
from .hand import Hand, hand_of
from .marked import Marked, join
from .subject import Subject
from .tally import tally

_STATUTORY = ("open", "request", "manage", "platform", "supervise")
_EXTRA = ("interpret", "respond", "proposals", "key", "train", "points")
#: How the sub-topics are set out -> how often.
_BUILDS = {
    "lines": 40,
    "run_in": 22,
    "plain": 10,
    "enumerated": 8,
    "nested": 12,
    "summary": 8,
}
#: Formats of a head's ordinal: {cn} 一, {n} 1, {ring} ㈠. One a report.
_ORDINALS = (
    *["（{cn}）"] * 10,
    *["({cn})"] * 5,
    *["{n}."] * 3,
    *["{n}、"] * 2,
    "{n}．",
    "（{n}）",
    "（{cn}）、",
    "{cn}是",
    "{cn})",
    "第{cn}，",
    "{ring}",
    "",
    "",
)
_CLOSERS = ("。", "。", "：", ":", "　", " ", "——", "方面，", ".")


@dataclass(frozen=True, slots=True)
class _Writer:
    """What every part of section 1 is written with."""

    subject: Subject
    rng: random.Random
    hand: Hand
    grammar: Grammar
    heads: Grammar
    known: dict[str, str]  # figures by slot

    def sentences(self, symbol: str, count: int) -> list[Marked]:
        """Up to `count` different phrases of `symbol` whose figures are known."""
        phrases = quotable(self.grammar, symbol, self.known)
        picked = self.rng.sample(phrases, min(count, len(phrases)))
        return [self.fill(phrase) for phrase in picked]

    def fill(self, phrase: str) -> Marked:
        values = {**self.hand.words, **self.known}
        return marked(self.grammar.fill(phrase, self.rng, values).replace("\\n", "\n"))

    def head(self, symbol: str) -> str:
        return self.heads.expand(symbol, self.rng, self.hand.words)

    def counts(self, symbol: str) -> tuple[int | float | None, ...]:
        """The table's totals that decide whether `symbol` has anything to report."""
        paths = {
            "request": ("t3.new.total", "t3.carried_in.total"),
            "review": (
                "t4.review.total",
                "t4.litigation_direct.total",
                "t4.litigation_after_review.total",
            ),
        }[symbol]
        return tuple(self.subject.values.get(path) for path in paths)


def section_one(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """The body of section 1: prose with SUBSECTION marks on its heads and claims on its figures.

    The figures are those of `subject.values`, but for a careless hand; where a total is not
    known, nothing is said of it.
    """
    hand = hand_of(subject)
    writer = _Writer(
        subject,
        rng,
        hand,
        Grammar("section1", split),
        Grammar("headings", split),
        figures(subject, hand, rng),
    )
    build = rng.choices(list(_BUILDS), weights=list(_BUILDS.values()))[0]
    parts = _opening(writer, build) + _WRITERS[build](writer)
    if rng.random() < 0.05:
        parts.insert(rng.randint(1, len(parts)), _insertion(writer))
    return hand.paragraphs(parts)


def _opening(writer: _Writer, build: str) -> list[Marked]:
    rng = writer.rng
    if build != "summary" and rng.random() < 0.3:
        return []
    sentences = writer.sentences("opening", rng.choice([1, 1, 2, 3]))
    if build not in ("plain", "summary") and rng.random() < 0.5:
        sentences += writer.sentences("lead_in", 1)
    return [join("", sentences)]


def _insertion(writer: _Writer) -> Marked:
    """A small table inside the prose, which is none of the three, or a chart's caption."""
    if writer.rng.random() < 0.4:
        return writer.sentences("small_table", 1)[0]
    caption = writer.sentences("figure_caption", 1)[0].under(Label.CAPTION)
    return caption if writer.rng.random() < 0.5 else image_name(writer.rng) + "\n" + caption


def _requests(writer: _Writer) -> list[Marked]:
    """What is said of the applications; never against the table, unless by a careless hand."""
    rng = writer.rng
    general = writer.sentences("request", rng.choice([0, 1, 1, 2]))
    counts = writer.counts("request")
    if None in counts:
        return general or writer.sentences("request", 1)
    if not any(counts):
        return writer.sentences("request_none", 1) + general
    symbol = "request_figures"
    if "new_about" in writer.known and rng.random() < 0.08:
        symbol = "request_about"
    said = writer.sentences(symbol, 1 if rng.random() < 0.75 else 2)
    return general + said if rng.random() < 0.4 else said + general


def _reviews(writer: _Writer) -> list[Marked]:
    counts = writer.counts("review")
    if None in counts:
        return []
    return writer.sentences("some_review" if any(counts) else "none_review", 1)


def _topic(writer: _Writer, topic: str) -> Marked:
    """The paragraph (sometimes two) of one sub-topic."""
    rng = writer.rng
    usual = [1, 2, 3, 4] if writer.subject.kind != "government" else [2, 3, 5, 7]
    if topic == "request":
        sentences = _requests(writer)
    elif topic == "review":
        sentences = _reviews(writer) or writer.sentences("supervise", 1)
    else:
        sentences = writer.sentences(topic, rng.choice(usual))
    if topic == "open":
        if rng.random() < 0.6:
            counted = Marked(tally(writer.grammar.split, rng, writer.hand.words))
            sentences.insert(rng.randint(0, 1), counted)
        sentences += writer.sentences("documents", rng.choice([0, 0, 1]))
        sentences += writer.sentences("cases", rng.choice([0, 0, 1, 2]))
    if topic in ("supervise", "request") and rng.random() < 0.2:
        sentences += _reviews(writer)
    if len(sentences) > 1 and rng.random() < 0.12:
        return _counted(writer, sentences)
    if len(sentences) > 2 and rng.random() < 0.15:
        return join("\n" + writer.hand.indent, [join("", sentences[:2]), join("", sentences[2:])])
    return join("", sentences)


def _counted(writer: _Writer, sentences: list[Marked]) -> Marked:
    """一是…；二是…。"""
    mark = writer.rng.choice(["{}是", "{}是", "{}是", "第{}，"])
    between = writer.rng.choice(["；", "。", "。\n" + writer.hand.indent])
    parts = [
        mark.format(chinese_number(n)) + _open_ended(sentence)
        for n, sentence in enumerate(sentences, 1)
    ]
    return join(between, parts) + "。"


def _open_ended(sentence: Marked) -> Marked:
    if not sentence.text.endswith("。"):
        return sentence
    return sentence.replace(len(sentence) - 1, len(sentence), "")


def _topics(writer: _Writer) -> list[str]:
    """Which sub-topics, in which order: the five, with one lost, moved or merged, and extras."""
    rng = writer.rng
    topics = list(_STATUTORY)
    if rng.random() < 0.12:
        topics.remove(rng.choice(topics))
    if rng.random() < 0.08:
        rng.shuffle(topics)
    if rng.random() < 0.05 and "open" in topics and "request" in topics:
        topics.remove("request")
        topics[topics.index("open")] = "merged"
    extras = rng.sample(_EXTRA, rng.choices([0, 1, 2, 3], weights=[62, 22, 11, 5])[0])
    for extra in extras:
        topics.insert(rng.randint(0, len(topics)), extra)
    if rng.random() < 0.12:
        topics.insert(0, "lead")
    return topics


def _body(writer: _Writer, topic: str) -> Marked:
    if topic == "merged":
        return _topic(writer, "open") + _topic(writer, "request")
    return _topic(writer, topic)


def _ordinals(rng: random.Random) -> Callable[[int], str]:
    """A report's way to number its heads; one in thirty mixes two ways."""
    ways = [rng.choice(_ORDINALS)]
    if rng.random() < 0.03:
        ways.append(rng.choice(_ORDINALS))

    def ordinal(number: int) -> str:
        ring = chr(ord("㈠") + number - 1)
        return ways[number % len(ways)].format(cn=chinese_number(number), n=number, ring=ring)

    return ordinal


def _headed_lines(writer: _Writer) -> list[Marked]:
    """Heads on lines of their own."""
    rng, ordinal = writer.rng, _ordinals(writer.rng)
    before, after = rng.choices([("", ""), ("### ", ""), ("**", "**")], weights=[90, 5, 5])[0]
    tail = rng.choices(["", "。", "："], weights=[85, 9, 6])[0]
    parts = []
    for number, topic in enumerate(_topics(writer), 1):
        head = ordinal(number) + writer.head(f"head_{topic}") + tail
        parts.append(before + Marked.of(head, Label.SUBSECTION) + after)
        parts.append(_body(writer, topic))
    return parts


def _headed_run_in(writer: _Writer) -> list[Marked]:
    """Heads that run into their paragraph: the mark ends before the closing sign."""
    rng, ordinal = writer.rng, _ordinals(writer.rng)
    before, after = ("**", "**") if rng.random() < 0.06 else ("", "")
    closer = rng.choice(_CLOSERS)
    parts = []
    for number, topic in enumerate(_topics(writer), 1):
        head = Marked.of(ordinal(number) + writer.head(f"head_{topic}"), Label.SUBSECTION)
        parts.append(before + head + after + closer + _body(writer, topic))
    return parts


def _plain(writer: _Writer) -> list[Marked]:
    """Paragraphs without heads."""
    return [_body(writer, topic) for topic in _topics(writer)]


def _enumerated(writer: _Writer) -> list[Marked]:
    """一是…；二是…: no heads, in one paragraph or in several."""
    rng = writer.rng
    sentences = writer.sentences("first_sentence", rng.randint(3, 6))
    mark = rng.choice(["{}是", "{}是", "{}是", "第{}，", "{n}."])
    parts = [
        mark.format(chinese_number(n), n=n) + sentence for n, sentence in enumerate(sentences, 1)
    ]
    figures_after = [join("", _requests(writer))]
    if rng.random() < 0.5:
        return [join("；", parts) + "。", *figures_after]
    return [*[part + "。" for part in parts], *figures_after]


def _nested(writer: _Writer) -> list[Marked]:
    """A second 一、…六、 inside the section, with heads that look like the six (facts 4.1, H1)."""
    rng = writer.rng
    topics = ["manage", "platform", "open", "request", "review", "supervise"]
    kept = sorted(rng.sample(range(6), rng.choice([3, 4, 5, 6, 6])))
    symbols = [("head_lead", "lead")] if rng.random() < 0.6 else []
    symbols += [(f"nested_{topics[index]}", topics[index]) for index in kept]
    run_in = rng.random() < 0.15
    parts = []
    for number, (symbol, topic) in enumerate(symbols, 1):
        text = f"{chinese_number(number)}、{writer.head(symbol)}"
        head, body = Marked.of(text, Label.SUBSECTION), _topic(writer, topic)
        parts += [head + "。" + body] if run_in else [head, body]
    return parts


def _summary(writer: _Writer) -> list[Marked]:
    """No more than a few sentences on everything."""
    rng = writer.rng
    sentences = writer.sentences(rng.choice(_STATUTORY[2:]), rng.choice([0, 1]))
    sentences += writer.sentences("open", rng.choice([0, 1, 2])) + _requests(writer)
    sentences += _reviews(writer) if rng.random() < 0.5 else []
    return [join("", sentences)]


_WRITERS: dict[str, Callable[[_Writer], list[Marked]]] = {
    "lines": _headed_lines,
    "run_in": _headed_run_in,
    "plain": _plain,
    "enumerated": _enumerated,
    "nested": _nested,
    "summary": _summary,
}
