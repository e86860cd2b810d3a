"""The headings of the six true sections among all that look like headings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..models import form
from ..models.labels import Label
from .counted import counted_headings
from .leads import names_items
from .tokens import Token
from .wording import best_likeness, closest, letters, ordinal, wordings

#: Longer lines are sentences, whatever words they hold.
LONGEST_HEADING = 60
#: How like a section's heading a token of these labels must be; those of others are none.
#: The short heading of section 4 reads like a header of its table.
LEAST_LIKENESS = {Label.SECTION: 0.0, Label.SUBSECTION: 0.85, Label.COLUMN: 0.95, None: 0.85}
#: What a candidate must reach to be a heading; see `_worth`.
LEAST_WORTH = 0.7
#: What 三、 without its words counts beside its number.
BARE_ORDINAL = 0.45
#: Top headings of older forms, however near their words are to a section's.
OTHER_TOPICS = re.compile(r"收费|减免|支出|附[表件]")
#: Headings of what is appended to a report.
APPENDIX = re.compile(r"附(?!则).*|.*统计表")
TABLE_OF = {"2": "t2", "3": "t3", "4": "t4"}


_HEADS = frozenset({Label.SECTION, Label.SUBSECTION})
_BARE = re.compile(r"[#*\s]*[一二三四五六][、.．][*\s]*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found: section id and the token that is its wording."""

    id: str
    token: Token
    likeness: float


def find_headings(
    tokens: Sequence[Token], extents: Mapping[str, tuple[int, int]]
) -> tuple[Heading, ...]:
    """The headings of the true sections, at most one each, in the order of the form.

    extents: table id -> its place in the text. A heading must stand before its own table and
    behind the table before; of equals, the one that carries its section's ordinal wins.
    """
    candidates = [t for t in tokens if t.label in LEAST_LIKENESS and _may_be_heading(t)]
    if any(_is_top_heading(token) for token in candidates):
        # Where the top level is 一、, （一） is the level below, unless the tagger says otherwise
        # and there are tables for it to stand above.
        candidates = [
            t for t in candidates if (t.label is Label.SECTION and extents) or not _is_bracketed(t)
        ]
    found = _best_chain(candidates, extents)
    counted = counted_headings(tokens, {heading.id: heading.token for heading in found})
    found += [
        Heading(id_, token, _likeness(token, id_))
        for id_, token in counted.items()
        if not (_misplaced(token, id_, extents) or _is_other_topic(token, id_))
        and not names_items(token.text)
    ]
    return tuple(sorted(found, key=lambda heading: heading.token.start))


def _best_chain(
    candidates: Sequence[Token], extents: Mapping[str, tuple[int, int]]
) -> list[Heading]:
    """The headings of greatest worth together, in the order of the form (dynamic programming)."""
    ids = [section.id for section in form.sections()]
    worth = [[_worth(token, id_, extents) for id_ in ids] for token in candidates]
    best = [[0.0] * (len(ids) + 1) for _ in range(len(candidates) + 1)]
    for i in range(len(candidates) - 1, -1, -1):
        for j in range(len(ids) - 1, -1, -1):
            taken = worth[i][j] + best[i + 1][j + 1] if worth[i][j] > 0 else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], taken)
    found = []
    i = j = 0
    while i < len(candidates) and j < len(ids):
        if worth[i][j] > 0 and best[i][j] == worth[i][j] + best[i + 1][j + 1]:
            token = candidates[i]
            found.append(Heading(ids[j], token, _likeness(token, ids[j])))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            i += 1
    return found


def _likeness(token: Token, id_: str) -> float:
    return best_likeness(token.text, wordings()["sections"][id_])


def _may_be_heading(token: Token) -> bool:
    if token.label is Label.SECTION or (token.label is None and _is_bare(token)):
        return True
    return (
        len(token.text) <= LONGEST_HEADING
        and "。" not in token.text
        and closest(token.text, "sections")[1] >= LEAST_LIKENESS[token.label]
    )


def _is_bare(token: Token) -> bool:
    """Whether a heading has kept its ordinal alone: 三、"""
    return _BARE.fullmatch(token.text) is not None


def _is_top_heading(token: Token) -> bool:
    number = ordinal(token.text)
    if number is None or number[0] != "han":
        return False
    return closest(token.text, "sections")[1] >= 0.9


def _is_bracketed(token: Token) -> bool:
    number = ordinal(token.text)
    return number is not None and number[0] in ("in", "in_digits")


def _worth(token: Token, id_: str, extents: Mapping[str, tuple[int, int]]) -> float:
    """How well `token` serves as the heading of section `id_`; 0 where it does not."""
    number = ordinal(token.text)
    top = number is not None and number[0] == "han"
    bare = top and token.label in (Label.SECTION, None) and _is_bare(token)
    worth = BARE_ORDINAL if bare else _likeness(token, id_)
    if id_ == "6" and best_likeness(token.text, wordings()["continuations"]["5"]) > worth:
        return 0.0
    if worth < 0.8 and closest(token.text, "sections")[1] >= 0.9:
        return 0.0  # the words of another section, whatever its number
    if _is_other_topic(token, id_):
        return 0.0
    if number is not None and number[1] == int(id_):
        worth += 0.3 if top else 0.1
    elif top:
        worth += 0.05
    if token.label is Label.SECTION:
        worth += 0.3 * token.score
    elif token.label is Label.SUBSECTION:
        # A head inside a section may have a section's words; its table makes it more, or its rank.
        worth -= 0.2 if TABLE_OF.get(id_, "t2") in extents or top else 0.35
    if number is not None and number[0] in ("in", "in_digits", "digits"):
        worth -= 0.1
    worth -= 1.0 * _misplaced(token, id_, extents)
    return max(0.0, worth - LEAST_WORTH) if worth > LEAST_WORTH else 0.0


def _is_other_topic(token: Token, id_: str) -> bool:
    """Whether a heading speaks of what is none of the six; fees may be reported in section 6."""
    if APPENDIX.fullmatch(letters(token.text)) is not None:
        return True
    return id_ != "6" and OTHER_TOPICS.search(token.text) is not None


def _misplaced(token: Token, id_: str, extents: Mapping[str, tuple[int, int]]) -> int:
    """How many tables stand on the wrong side of the heading."""
    wrong = 0
    for section, table in TABLE_OF.items():
        if table in extents:
            before = token.start < extents[table][0]
            wrong += before != (int(id_) <= int(section))
    return wrong


def other_headings(tokens: Sequence[Token], headings: Sequence[Heading]) -> list[int]:
    """Where top headings stand that are none of the six (收费及减免情况); a body ends there.

    Their topic tells, or their ordinals: these count on from the heading above, and the next
    one's count on from theirs. A second 一、二、三、 inside a section does not.
    """
    found = []
    marked = sorted((heading.token.start, ordinal(heading.token.text)) for heading in headings)
    used = {heading.token for heading in headings}
    for token in [token for token in tokens if token.label in _HEADS]:
        if token in used:
            continue
        if token.label is Label.SUBSECTION and _counts_on(token, marked):
            found.append(token.start)
        if token.label is not Label.SECTION:
            continue
        if _is_other_topic(token, ""):
            found.append(token.start)
            continue
        if stands_for_a_section(token):
            continue
        number = ordinal(token.text)
        above = [own for start, own in marked if start < token.start and own is not None]
        below = [own for start, own in marked if start > token.start and own is not None]
        if number is not None and number[0] == "han" and above and above[-1][1] < number[1]:
            if not below or number[1] < below[0][1]:
                found.append(token.start)
    return found


def _counts_on(token: Token, marked: Sequence[tuple[int, tuple[str, int] | None]]) -> bool:
    """Whether a head below all sections counts one on from the last of them: 七、 behind 六、"""
    start, last = marked[-1] if marked else (token.start, None)
    return (
        start < token.start
        and last is not None
        and last[0] == "han"
        and (ordinal(token.text) == ("han", last[1] + 1))
    )


def stands_for_a_section(token: Token) -> bool:
    """Whether a heading is a copy of one of the six, or the second half of section 5."""
    if names_items(token.text):
        return True
    continuation = closest(token.text, "continuations")[1]
    return max(continuation, closest(token.text, "sections")[1]) >= 0.85
