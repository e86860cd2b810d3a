"""The units that an author enumerates: markers, the stretches between them, their sentences."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ..models.characters import fold
from .leads import turns_to_measures
from .numbers import parse_numeral
from .wording import letters

_HAN = "一二三四五六七八九十"
#: A marker's kind is the name of its group; the number in it, if any, tells where a run restarts.
_MARKER = re.compile(
    rf"(?P<shi>(?P<n_shi>[{_HAN}]{{1,2}}|\d{{1,2}})\s{{0,2}}(?:是(?!否)|要(?=\s*[㐀-鿿])))"
    rf"|(?P<di>第(?P<n_di>[{_HAN}]{{1,2}})[，,、])"
    rf"|(?P<qi>其(?P<n_qi>[{_HAN}])(?:是|[，,、]))"
    rf"|(?P<bracket>[（(](?P<n_bracket>[{_HAN}]{{1,2}})[）)][、.．]?)"
    rf"|(?P<digit_bracket>[（(](?P<n_digit_bracket>\d{{1,2}})[）)][、.．]?)"
    rf"|(?P<han>(?P<n_han>[{_HAN}]{{1,2}}),?、)"
    r"|(?P<digit>(?P<n_digit>\d{1,3})(?:[、)）]|[.．](?=20\d\d|\D)))"
    r"|(?P<circle>[①-⑳])"
    r"|(?P<bullet>[•●·▪◆■]|——|[-–—]\s)"
    r"|(?P<order>首先|其次|再次|最后|一方面|另一方面)[，,]?"
    r"|(?P<also>此外|另外)[，,]?"
    r"|(?P<named>(?:存在|主要|改进|整改)?的?(?:问题|措施|举措|不足|整改|短板)\s{0,2}"
    r"[一二三四五六七八九十\d]{1,2}\s{0,2}[：:、])"
    r"|(?P<pair>(?:存在的?|主要|整改|改进|对应|工作)?(?:问题|不足|短板|差距|措施|举措|对策|办法|改进|整改)[：:])"
)
_SPACE = " \t\n\u3000\xa0\u2002|*"
#: After a comma these are no markers: 一、二级 and dashes stand in the middle of clauses.
_NOT_AFTER_COMMA = frozenset({"han", "bullet"})
_TWO_SIDES = ("一方面", "另一方面")
#: The words that count, by their first two characters: 一方面, 另一方面.
_ORDER = {"首先": 1, "一方": 1, "其次": 2, "另一": 2, "再次": 3, "最后": 99}
_BLANK = re.compile(rf"[{_SPACE}]*")
_START = re.compile(rf"(?:^|[。；;：:！？，,\n])[{_SPACE}]*")
#: A line break that no white space follows is a hard wrap and ends no sentence.
_SENTENCE = re.compile(r"(?:[^。；;！？\n]|\n(?![\s\u3000]))+[。；;！？]?")


#: (start, end, kind, number) of a marker or a subheading.
_Cut = tuple[int, int, str, int | None]


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of section 5: `text[start:end]`, its marker left out.

    kind: of its marker, "" for prose before the first marker. number: where the marker says it.
    marker: its wording (一是, 措施：), "" where there is none.
    implied: the marker is not there, but the next one is the second.
    opens_run: what follows the unit's own item is the first of the next run.
    """

    start: int
    end: int
    kind: str = ""
    number: int | None = None
    marker: str = ""
    implied: bool = False
    opens_run: bool = False


def units_of(text: str, start: int, end: int, heads: Sequence[tuple[int, int]]) -> list[Unit]:
    """`text[start:end]` in units, in order.

    heads: subheadings; they belong to no unit. Those that repeat (存在问题：… 整改措施：…
    存在问题：…), or are numbered (问题1：), are markers.
    """
    inside = [(at, stop) for at, stop in heads if start <= at and stop <= end]
    cuts = list(_markers(text, start, end, heads))
    inside += [(at, stop) for at, stop, kind, _ in cuts if kind == "pair"]
    names = Counter(letters(text[at:stop]) for at, stop in inside)
    cuts = [cut for cut in cuts if cut[2] != "pair"]
    cuts += [(at, stop, _kind_of_head(text[at:stop], names), None) for at, stop in inside]
    cuts.sort(key=lambda cut: cut[0])
    units = []
    place, kind, marker = start, "", ""
    number: int | None = None
    for at, stop, next_kind, next_number in (*cuts, (end, end, "", None)):
        if text[place:at].strip(_SPACE):
            units.append(Unit(place, at, kind, number, marker))
        place, kind, number, marker = stop, next_kind, next_number, text[at:stop]
    return [_first_of_run(*pair) for pair in zip_longest(units, units[1:])]


def _first_of_run(unit: Unit, after: Unit | None) -> Unit:
    """What stands before a 二是 is the first of its run, whose own marker the author left out."""
    if after is None or after.number != 2 or after.kind == unit.kind:
        return unit
    if unit.kind:
        return replace(unit, opens_run=True)
    return replace(unit, kind=after.kind, number=1, implied=True)


def _kind_of_head(wording: str, names: Counter[str]) -> str:
    marker = _MARKER.fullmatch(wording.strip())
    if marker is not None and marker.lastgroup != "pair":
        return "named"
    return "pair" if names[letters(wording)] > 1 else ""


def _markers(text: str, start: int, end: int, heads: Sequence[tuple[int, int]]) -> Iterator[_Cut]:
    """(start, end, kind, number) of each marker that opens a clause and is no part of a head."""
    folded = fold(text[:end])  # radicals and full-width digits in markers
    blank = _BLANK.match(text, start, end)
    openings = [(blank.end() if blank else start, "")]
    openings += [(m.end(), m[0][:1]) for m in _START.finditer(text, start, end)]
    last, nested = start, False
    for place, sign in openings:
        marker = _last_marker(folded, place, end)
        if marker is None or any(at <= marker.start() < stop for at, stop in heads):
            continue
        kind = str(marker.lastgroup).removeprefix("n_")
        if kind == "also" and text[:place].rstrip(_SPACE + "\n")[-1:] not in ("；", ";"):
            continue
        after_comma = sign != "" and sign in "，,"
        if after_comma and kind in _NOT_AFTER_COMMA:
            continue
        if after_comma and kind == "order" and marker[0][-1] not in "，,面":
            continue  # 首次答复，再次释明: in the middle of a sentence
        if marker[0].startswith("一方面"):
            nested = _is_nested(text, place, end, last if last > start else None)
        if nested and marker[0].startswith(_TWO_SIDES):
            continue
        last = marker.end()
        yield marker.start(), marker.end(), kind, _number(marker, kind)


def _is_nested(text: str, place: int, end: int, last: int | None) -> bool:
    """Whether the 一方面 at `place` parts a sentence (原因，一方面…，另一方面…) or an item.

    last: where the marker before it ends, None without one; behind it 下一步 opens other items.
    """
    other = text.find("另一方面", place, end)
    if other >= 0 and text[:other].rstrip(_SPACE)[-1:] in ("，", ","):
        return True
    opening = max(text.rfind(sign, 0, place) for sign in "。；;\n") + 1
    in_item = last is not None and "\n" not in text[last:place]
    return in_item and not turns_to_measures(text[opening:place])


def marker_end(text: str, start: int, end: int) -> int:
    """Where the marker at `start` ends, white space behind it included; `start` without one."""
    blank = _BLANK.match(text, start, end)
    marker = _last_marker(text, blank.end() if blank else start, end)
    behind = _BLANK.match(text, marker.end(), end) if marker else None
    return behind.end() if behind else start


def _last_marker(text: str, place: int, end: int) -> re.Match[str] | None:
    """The marker at `place`; of two in a row (a slice's number before 一是) the second."""
    marker = _MARKER.match(text, place, end)
    blank = _BLANK.match(text, marker.end(), end) if marker else None
    return (_MARKER.match(text, blank.end(), end) or marker) if blank else marker


def _number(marker: re.Match[str], kind: str) -> int | None:
    """What a marker counts; words and circles count too. None for bullets and heads."""
    if kind == "order":
        return _ORDER[marker["order"][:2]]
    if kind == "circle":
        return ord(marker["circle"]) - ord("①") + 1
    number = marker.groupdict().get(f"n_{kind}")
    if number is None:
        return None
    return int(number) if number.isdecimal() else parse_numeral(number)


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the sentences, closing sign included; 。；！？ and line breaks end one."""
    for match in _SENTENCE.finditer(text, start, end):
        if match[0].strip(_SPACE):
            yield match.start(), match.end()


def runs(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Neighbouring units of one enumeration: markers of one kind whose numbers go up."""
    run: list[Unit] = []
    for unit in units:
        if run and not _follows(run[-1], unit):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _follows(before: Unit, after: Unit) -> bool:
    if after.kind in ("", "pair", "named") or before.kind != after.kind:
        return False  # 问题1：… 措施1：… alternate: each has a role of its own
    if before.number is None or after.number is None:
        return False
    return after.number > before.number
