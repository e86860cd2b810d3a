"""Page furniture around a report: what the site prints above, below and between its lines."""

import random
import re
from datetime import timedelta

from ...models.labels import Label
from .dates import published, report_day
from .grammar import Grammar, Split
from .marked import Mark, Marked, join
from .subject import Subject
from .titles import document_number, title_wording

_Field = tuple[str, Marked]


def page_top(subject: Subject, rng: random.Random, split: Split, summary: str = "") -> Marked:
    """Breadcrumbs, navigation, the metadata block, tools: some of them, in this order mostly.

    NOISE on every line; inside the metadata ISSUER and DATE on the values. Keys: "issuer",
    "publication_date", "written_date", "document_number", and "title_field" on the report's title,
    "organ_field" on the organ in it.

    summary: what a field of the metadata repeats of the report; "" for no such field.
    """
    grammar, words = Grammar("furniture", split), _words(subject, split)

    def lines(symbol: str, most: int) -> list[Marked]:
        phrases = grammar.phrases(symbol)
        picked = rng.sample(phrases, rng.randint(1, min(most, len(phrases))))
        return [Marked(grammar.fill(phrase, rng, words)) for phrase in picked]

    parts: list[Marked] = []
    if rng.random() < 0.08:
        parts += lines("jump", 1)
    if rng.random() < 0.45:
        parts += lines("nav", 6)
    if rng.random() < 0.6:
        parts += lines("crumb", 1)
    if rng.random() < 0.6:
        parts.append(_metadata(subject, rng, grammar, words, summary))
    if rng.random() < 0.4:
        parts += lines("tools", 2)
    return furnished(join("\n", parts or lines("crumb", 1)))


def page_bottom(subject: Subject, rng: random.Random, split: Split) -> Marked:
    """Attachments, print and close, neighbours, sharing, the site's footer: NOISE, line by line."""
    grammar, words = Grammar("furniture", split), _words(subject, split)
    groups = (
        ("attachment", 0.25, 3),
        ("close", 0.5, 2),
        ("neighbour", 0.35, 2),
        ("share", 0.4, 2),
        ("footer", 0.5, 7),
    )
    chosen = [(symbol, most) for symbol, share, most in groups if rng.random() < share]
    parts: list[Marked] = []
    for symbol, most in chosen or [("close", 1)]:
        phrases = grammar.phrases(symbol)
        picked = rng.sample(phrases, rng.randint(1, min(most, len(phrases))))
        parts += [Marked(grammar.fill(phrase, rng, words)) for phrase in picked]
    return furnished(join(rng.choice(["\n", "\n", "\n\n"]), parts))


def page_number(rng: random.Random) -> Marked:
    """A page's number as it stands between lines: 3, - 3 -, 第 3 页."""
    return furnished(Marked(Grammar("furniture", "train").expand("page", rng)))


def image_name(rng: random.Random) -> Marked:
    """The name of an image where it stands in the text's place (E6): 13 digits, 2.jpg, …"""
    words = {"next_year": rng.randint(2020, 2026)}
    return furnished(Marked(Grammar("furniture", "train").expand("image", rng, words)))


def furnished(marked: Marked) -> Marked:
    """NOISE on whatever is not marked yet, line by line, without white space and bars around it.

    Stretches of signs alone (`|---|`) stay unmarked.
    """
    taken = sorted((m.start, m.end) for m in marked.marks if m.label is not None)
    marks = list(marked.marks)
    for line in re.finditer("[^\n]+", marked.text):
        start = line.start()
        for left, right in [*taken, (line.end(), line.end())]:
            if line.start() <= left <= line.end() and start <= left:
                marks += _noise(marked.text, start, left)
                start = right
    return Marked(marked.text, tuple(sorted(marks, key=lambda m: m.start)))


def _noise(text: str, start: int, end: int) -> list[Mark]:
    stretch = text[start:end]
    if not any(sign.isalnum() for sign in stretch):
        return []
    inner = stretch.strip(" \t　|")
    first = start + stretch.index(inner)
    return [Mark(first, first + len(inner), Label.NOISE)]


def _words(subject: Subject, split: Split) -> dict[str, object]:
    return {
        "organ": subject.organ,
        "year": subject.year,
        "last_year": subject.year - 1,
        "next_year": subject.year + 1,
        "title": title_wording(subject, split),
    }


def _metadata(
    subject: Subject,
    rng: random.Random,
    grammar: Grammar,
    words: dict[str, object],
    summary: str,
) -> Marked:
    """索引号, 发布机构, 成文日期 … in one of the layouts of break-pattern E2."""
    day = report_day(subject.year, rng)
    issued = Marked.of(subject.organ, Label.ISSUER, "issuer")
    shown = Marked.of(published(day, rng), Label.DATE, "publication_date")
    if rng.random() < 0.4:
        return _by_line(shown, rng, grammar, words)
    fields: list[_Field] = []
    plain = grammar.phrases("meta_plain")
    for phrase in rng.sample(plain, rng.randint(1, min(5, len(plain)))):
        fields.append(_plain_field(phrase, subject, rng, grammar, words))
    if rng.random() < 0.85:
        fields.append((grammar.expand("meta_issuer", rng), issued))
    if rng.random() < 0.85:
        fields.append((grammar.expand("meta_published", rng), shown))
    if rng.random() < 0.4:
        written = published(day - timedelta(days=rng.randint(0, 20)), rng)
        value = Marked.of(written, Label.DATE, "written_date")
        fields.append((grammar.expand("meta_written", rng), value))
    if rng.random() < 0.35:
        names = rng.sample(grammar.phrases("meta_empty"), k=2)
        fields += [(name, Marked()) for name in names[: rng.randint(1, 2)]]
    rng.shuffle(fields)
    if summary:
        fields.append((grammar.expand("meta_summary", rng), Marked(summary)))
    return rng.choice(_LAYOUTS)(fields)


def _plain_field(
    phrase: str, subject: Subject, rng: random.Random, grammar: Grammar, words: dict[str, object]
) -> _Field:
    """A field whose value is no span for the tagger; what it says of the report has a key."""
    name, value = phrase.split("|", 1)
    if value == "{docno}":
        return name, document_number(subject, grammar.split)
    text = grammar.fill(value, rng, words)
    if value != "{title}":
        return name, Marked(text)
    title = Marked.of(text, None, "title_field")
    if (at := text.find(subject.organ)) < 0:
        return name, title
    organ = Mark(at, at + len(subject.organ), None, "organ_field")
    return name, Marked(text, (*title.marks, organ))


def _by_line(
    shown: Marked, rng: random.Random, grammar: Grammar, words: dict[str, object]
) -> Marked:
    """The one line under a title: 发布时间：… 来源：… 浏览次数：…"""
    label = grammar.expand("meta_published", rng)
    clock = rng.choice(["", "", f" {rng.randint(8, 18):02}:{rng.randint(0, 59):02}"])
    parts = [label + rng.choice(["：", ":", ": "]) + shown + clock]
    if rng.random() < 0.6:
        parts.append(Marked(grammar.expand("source", rng, words)))
    if rng.random() < 0.5:
        parts.append(Marked(grammar.expand("tools", rng, words)))
    rng.shuffle(parts)
    return join(rng.choice([" ", "  ", "　", " | ", "\t", ""]), parts)


def _colon_lines(fields: list[_Field]) -> Marked:
    return join("\n", [name + "：" + value for name, value in fields])


def _spaced_names(fields: list[_Field]) -> Marked:
    return join("\n", [" ".join(name) + ": " + value for name, value in fields])


def _running(fields: list[_Field]) -> Marked:
    return join("  ", [name + "：" + value for name, value in fields])


def _pipe_rows(fields: list[_Field]) -> Marked:
    """Two fields a row: 索引号: | … | 公开方式: | 主动公开 |"""
    cells = [name + ": | " + value + " |" for name, value in fields]
    pairs = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    return join("\n", [join(" ", pair) for pair in pairs])


def _pipe_rows_ruled(fields: list[_Field]) -> Marked:
    rows = ["| " + Marked(name) + " | " + value + " |" for name, value in fields]
    return join("\n", [rows[0], Marked("|---|---|"), *rows[1:]])


def _pipe_rows_open(fields: list[_Field]) -> Marked:
    """Two fields a row, some of them empty; rows end in several bars."""
    rows = []
    for at in range(0, len(fields), 2):
        cells = [name + " | " + value for name, value in fields[at : at + 2]]
        rows.append(join(" | ", cells) + " |" * (1 + at % 3) + "|" * (at % 4))
    return join("\n", rows)


def _names_over_values(fields: list[_Field]) -> Marked:
    """Name / value, one below the other, at times with a rule or a colon between."""
    return join("\n\n", [name + "：\n" + value for name, value in fields])


def _glued(fields: list[_Field]) -> Marked:
    """来源:…时间:…: nothing between the fields."""
    return join("", [name + ":" + value for name, value in fields])


def _bullets(fields: list[_Field]) -> Marked:
    return join("\n", ["• " + Marked(name) + ":\n\n " + value for name, value in fields])


def _cells(fields: list[_Field]) -> Marked:
    return join("\n", [join("\n", [Marked(name), value]) for name, value in fields])


def _tabs(fields: list[_Field]) -> Marked:
    return join("\n", [name + "\t" + value for name, value in fields])


def _brackets(fields: list[_Field]) -> Marked:
    return join("\n", ["【" + Marked(name) + "】" + value for name, value in fields])


_LAYOUTS = (
    _colon_lines,
    _colon_lines,
    _spaced_names,
    _running,
    _pipe_rows,
    _pipe_rows_ruled,
    _bullets,
    _cells,
    _tabs,
    _brackets,
    _pipe_rows_open,
    _pipe_rows_open,
    _names_over_values,
    _glued,
)
