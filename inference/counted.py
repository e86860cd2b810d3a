"""Headings in words that nobody knows, told by their count alone: 一、 before a known 二、."""

from collections.abc import Mapping, Sequence

from ..models.labels import Label
from .tokens import Token
from .wording import closest, ordinal

#: The styles in which reports count their sections; （一） counts what is inside one.
STYLES = ("han", "digits")
LONGEST = 40
SECTION_IDS = "123456"


def counted_headings(tokens: Sequence[Token], known: Mapping[str, Token]) -> dict[str, Token]:
    """Heading tokens of sections that `known` lacks: section id -> token.

    A heading counts where its ordinal is its section's, in the style of all known headings, and
    it alone has that ordinal between its known neighbours. Where a list restarts there (1. 2. 3.
    below 5.), the count proves nothing.
    """
    styles = {_style(token, id_) for id_, token in known.items()}
    if len(known) < 2 or len(styles) != 1 or (style := styles.pop()) not in STYLES:
        return {}
    found = {}
    for id_ in SECTION_IDS:
        if id_ in known:
            continue
        start = max([known[other].end for other in known if other < id_], default=0)
        limit = min([known[other].start for other in known if other > id_], default=None)
        between = [t for t in tokens if t.start >= start and (limit is None or t.end <= limit)]
        if (token := _only(between, style, int(id_))) is not None:
            found[id_] = token
    return found


def _style(token: Token, id_: str) -> str | None:
    """The style of a heading's ordinal; None where it counts otherwise than its section."""
    number = ordinal(token.text)
    return number[0] if number is not None and number[1] == int(id_) else None


def _only(tokens: Sequence[Token], style: str, count: int) -> Token | None:
    """The one token that counts `count` in `style`, where none of them counts lower or twice."""
    counted = [(number[1], t) for t in tokens if (number := ordinal(t.text)) and number[0] == style]
    if [number for number, _ in counted if number <= count] != [count]:
        return None
    token = next(token for number, token in counted if number == count)
    is_head = token.label in (Label.SECTION, Label.SUBSECTION) and len(token.text) <= LONGEST
    # The words of another section are that section's copy, whatever its number.
    return token if is_head and closest(token.text, "sections")[1] < 0.9 else None
