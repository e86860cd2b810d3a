"""The title above a report and the signature below it."""

import random
from collections.abc import Callable

from ...models.labels import Label
from .dates import chinese_year, report_day, signed
from .grammar import Grammar, Split
from .marked import Marked, join
from .subject import Subject


def title(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """The title on one or more lines, each under TITLE (facts 3.5, break-pattern E4).

    The lines that make up the title bear the key "title"; copies and a repeated tail do not.
    Letters have their number above or below it, under no label.
    """
    wording = title_wording(subject, split)
    lines = _lines(wording, subject.organ, rng)
    if subject.organ not in wording and rng.random() < 0.75:
        lines = [subject.organ, *lines]
    laid_out = _laid_out(lines, wording, rng)
    if rng.random() >= 0.05:
        return laid_out
    number = document_number(subject, split)
    return join("\n", [number, laid_out] if rng.random() < 0.4 else [laid_out, number])


def title_wording(subject: Subject, split: Split) -> str:
    """The title in one line: the same wherever the page prints it."""
    rng = random.Random(f"{subject.organ} {subject.year} title")
    grammar = Grammar("titles", split)
    words = {
        "organ": subject.organ,
        "year": subject.year,
        "upper_year": chinese_year(subject.year),
    }
    symbol = rng.choices(
        ["title", "title_year_first", "title_no_year", "title_no_organ"], weights=[70, 12, 7, 11]
    )[0]
    wording = grammar.expand(symbol, rng, words)
    if rng.random() < 0.04:
        wording += grammar.expand("suffix", rng, words)
    return wording


def document_number(subject: Subject, split: Split) -> Marked:
    """The 文号 of a report that is a letter (facts 3.4): the same wherever the page prints it.

    Key: "document_number".
    """
    rng = random.Random(f"{subject.organ} {subject.year} number")
    number = Grammar("titles", split).expand("number", rng, {"next_year": subject.year + 1})
    return Marked.of(number, None, "document_number")


def _laid_out(lines: list[str], wording: str, rng: random.Random) -> Marked:
    before, after = rng.choices(
        [("", ""), ("# ", ""), ("**", "**"), ("## ", "")], weights=[88, 6, 4, 2]
    )[0]
    centred = " " * rng.randint(4, 20) if rng.random() < 0.1 else ""
    parts = [
        Marked(centred + before) + Marked.of(line, Label.TITLE, "title") + after for line in lines
    ]
    if rng.random() < 0.04 and len(lines[-1]) > 1:
        parts.append(Marked.of(lines[-1][-1], Label.TITLE))
    copies = rng.choices([0, 1, 2], weights=[84, 13, 3])[0]
    for _ in range(copies):
        copy = Marked.of(wording, Label.TITLE)
        parts = [copy, *parts] if rng.random() < 0.5 else [*parts, copy]
    return join("\n\n" if rng.random() < 0.1 else "\n", parts)


def _lines(wording: str, organ: str, rng: random.Random) -> list[str]:
    """`wording` whole, or broken after the organ, at a turn of the phrase, or anywhere."""
    chance = rng.random()
    if chance < 0.72:
        return [wording]
    if chance < 0.86 and wording.startswith(organ) and len(wording) > len(organ):
        return [organ, wording[len(organ) :].strip()]
    turns = [at for turn in ("政府信息", "信息公开", "年度报告") if (at := wording.find(turn)) > 0]
    if chance < 0.96 and turns:
        at = rng.choice(turns)
    else:
        at = rng.randrange(1, len(wording))
    return [part for part in (wording[:at].strip(), wording[at:].strip()) if part]


def signature(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """Organ under ISSUER and date under DATE on the last lines; sometimes only one of them.

    Keys: "issuer", "signed_date". No seal or bracket is inside the marks.
    """
    del split  # organs and dates are no wording
    place: Callable[[str], str] = rng.choice(_PLACES)
    organ, day = subject.organ, signed(report_day(subject.year, rng), rng)
    issuer = Marked.of(organ, Label.ISSUER, "issuer")
    if rng.random() < 0.04:
        issuer = issuer + rng.choice(["（盖章）", "（公章）", "（印章）", "(章)"])
    date_line = Marked.of(day, Label.DATE, "signed_date")
    if rng.random() < 0.02:
        date_line = "（" + date_line + "）"
    chance = rng.random()
    if chance < 0.08:
        return Marked(place(organ)) + issuer
    if chance < 0.22:
        return Marked(place(day)) + date_line
    if chance < 0.26:
        return Marked(place(organ)) + issuer + rng.choice([" ", "  ", "　　"]) + date_line
    gap = rng.choice(["\n", "\n", "\n\n"])
    return Marked(place(organ)) + issuer + gap + place(day) + date_line


def _flush_left(_line: str) -> str:
    return ""


def _right_by_spaces(line: str) -> str:
    return " " * max(4, 60 - 2 * len(line))


def _right_by_wide_spaces(line: str) -> str:
    return "　" * max(2, 28 - len(line))


def _indented(_line: str) -> str:
    return "　　"


_PLACES = (
    _flush_left,
    _flush_left,
    _flush_left,
    _right_by_spaces,
    _right_by_wide_spaces,
    _indented,
)
