"""Problems and measures: the tagger's labels, gathered by the units that the author enumerates."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..models.document import Document
from ..models.findings import finding
from ..models.labels import Label, Span
from ..models.report import Finding, Item, Narrative, Role, Section
from .generic import sounds_generic
from .leads import (
    announced,
    generic_role,
    is_lead,
    is_praise,
    is_subhead,
    leaning,
    may_be_lack,
    skip_leads,
    states_lack,
    turns_to_measures,
    we_will,
)
from .units import Unit, marker_end, runs, sentences, units_of

ROLES: tuple[Role, Role] = ("problem", "measure")
_ROLE_LABELS = {Label.PROBLEM: 0, Label.MEASURE: 1}
#: What stands for a character with no role, and for one of each role in `_labelled`.
_NO_ROLE, _ROLE_SIGNS = b"-", (b"p", b"m")

#: A sentence is of an item if so much of it is labelled.
LABELLED = 0.4
#: So much is enough for a lack or a promise that names no object: their words tell enough.
HINT = 0.1
#: So many characters up to a sentence's end are an item whatever stands before them.
LEAST_TAIL = 4
#: A sentence is cut in two where so much of both parts is labelled, with another role each.
SPLIT_SHARE = 0.6
#: From this score on the tagger is believed that a subheading is one.
SURE = 0.9
#: What a subheading weighs beside the labels, for problems and for measures: it settles ties.
UNDER_HEAD = (0.2, 0.3)
#: What the sentence's own words weigh beside the labels.
BY_WORDS = 0.25
#: A label that begins so many characters into a clause is taken to begin with it.
NEAR_CLAUSE = 4

_OPENING = re.compile(r"[\s，,、。；;：:|*]+")
_CLOSING = "。；;，,、：: \t\n\u3000\xa0|*"
_CLAUSE = re.compile(r"[，,；;\n]+")
_NONE = re.compile(r"[(（]?[一二三12]?[)）、.]?(?:暂?无|没有|不存在|未发现)[^。]{0,24}[。.]?")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence with the share of its characters labelled PROBLEM and MEASURE."""

    start: int
    end: int
    shares: tuple[float, float]

    @property
    def is_item(self) -> bool:
        return sum(self.shares) >= LABELLED

    @property
    def role(self) -> int:
        return int(self.shares[1] > self.shares[0])


def find_items(doc: Document, sections: Sequence[Section]) -> tuple[Item, ...]:
    """The items of section 5, in order; none where there is no section 5."""
    start, end = next(((s.body_start, s.body_end) for s in sections if s.id == "5"), (0, 0))
    labelled = _labelled(doc)
    heads = [
        (span.start, span.end)
        for span in doc.spans
        if span.label is Label.SECTION
        or (span.label is Label.SUBSECTION and _is_head(doc.wording(span), span.score))
    ]
    items: list[Item] = []
    for run in runs(units_of(doc.text, start, end, heads)):
        phase = _phase(doc, heads, run[0].start)
        pieces = [_pieces(doc.text, unit, labelled, phase) for unit in run]
        lacking = [phase is None and _opens_with_lack(doc.text, own) for own in pieces]
        pieces = [
            _all_lacks(doc.text, own) if lacks else own
            for own, lacks in zip(pieces, lacking, strict=True)
        ]
        roles = _roles_of_run(pieces, lacking)
        for unit, own, role in zip(run, pieces, roles, strict=True):
            spans = _spans(doc, unit, own, role, labelled)
            items.extend(item for span in spans if (item := _item(doc, *span)) is not None)
    return tuple(items)


def _is_head(wording: str, score: float) -> bool:
    """Whether a subheading is none of an item's. score: the tagger's.

    The tagger says SUBSECTION of titles too, but is then less sure.
    """
    return wording.rstrip()[-1:] in ("：", ":") or score >= SURE or is_subhead(wording)


def _labelled(doc: Document) -> bytes:
    """The sign of each character's role: sooner cut, searched and counted than an array."""
    roles = bytearray(_NO_ROLE * len(doc.text))
    for span in doc.spans:
        if span.label in _ROLE_LABELS:
            sign = _ROLE_SIGNS[_ROLE_LABELS[span.label]]
            roles[span.start : span.end] = sign * (span.end - span.start)
    return bytes(roles)


def _phase(doc: Document, heads: Sequence[tuple[int, int]], place: int) -> int | None:
    """The role that the last subheading above announces."""
    above = [doc.text[start:end] for start, end in heads if end <= place]
    return announced(above[-1]) if above else None


def _pieces(text: str, unit: Unit, labelled: bytes, phase: int | None) -> list[_Piece]:
    """The sentences of a unit that are no lead-ins, with their shares; phase: see `_phase`."""
    said = announced(unit.marker) if unit.kind in ("pair", "named") else None
    found = []
    for start, end, turns in _statements(text, unit, labelled):
        sentence = text[start:end]
        if is_lead(sentence):
            continue
        if turns_to_measures(sentence):
            said = None
        opening = skip_leads(text, start, end, praise=True)
        shares = _shares(labelled[opening : opening + len(text[opening:end].rstrip(_CLOSING))])
        if turns:
            shares = [sum(shares), 0.0]
        else:
            shares = _weighed(sentence, text[opening:end], shares, said, phase)
        found.append(_Piece(start, end, (shares[0], shares[1])))
    return found


def _statements(text: str, unit: Unit, labelled: bytes) -> Iterator[tuple[int, int, bool]]:
    """The sentences of a unit, one of a problem and a measure cut in two: …不足，我局将…。

    With whether the sentence is the problem before such a cut.
    """
    for start, end in sentences(text, unit.start, unit.end):
        for cut in (match.end() for match in _CLAUSE.finditer(text, start, end)):
            if _turns_at(text, start, cut, end, labelled):
                yield start, cut, True
                start = cut
                break
        yield start, end, False


def _turns_at(text: str, start: int, cut: int, end: int, labelled: bytes) -> bool:
    """Whether a sentence says up to `cut` what is amiss, and from there on what is done.

    The labels tell, or the words do: 下一步 in the middle of a sentence.
    """
    before, behind = labelled[start:cut], labelled[cut:end]
    clause = text[cut:end]
    turns = turns_to_measures(clause)
    if turns or we_will(clause):
        opening = skip_leads(text, start, cut, praise=True)
        lack = text[opening:cut]
        if lack and may_be_lack(lack) and (turns or leaning(lack) == 0):
            return min(_share(labelled[opening:cut]), _share(behind)) >= SPLIT_SHARE
    if min(_shares(before)[0], _shares(behind)[1]) < SPLIT_SHARE:
        return False
    wording = text[skip_leads(text, cut, end, praise=False) : end]
    return turns or 1 in (leaning(wording), generic_role(wording))


def _share(roles: bytes) -> float:
    """The share of either role."""
    return (len(roles) - roles.count(_NO_ROLE)) / len(roles)


def _shares(roles: bytes) -> list[float]:
    """The shares of problem and measure, of a stretch from its first label on if that is long.

    What stands before it is praise or a lead-in: 总体较好，但…
    """
    if not roles:
        return [0.0, 0.0]
    labelled = roles.lstrip(_NO_ROLE)
    if len(labelled) >= LEAST_TAIL:
        roles = labelled
    return [roles.count(sign) / len(roles) for sign in _ROLE_SIGNS]


def _weighed(
    sentence: str, wording: str, shares: list[float], said: int | None, phase: int | None
) -> list[float]:
    """The shares of the labels with what else tells the role.

    wording: the sentence without its lead-ins. said: the role that the unit's own marker names.
    """
    whole = sum(shares)
    if whole < LABELLED:
        generic = generic_role(wording) if whole >= HINT else None
        return shares if generic is None else [float(generic == 0), float(generic == 1)]
    if turns_to_measures(sentence):
        return [0.0, whole]
    if shares[0] > shares[1] and is_praise(wording):
        return [0.0, 0.0]
    if said is not None:
        return [whole * (said == 0), whole * (said == 1)]
    if phase is not None:
        shares[phase] += UNDER_HEAD[phase]
    if (role := leaning(wording)) is not None:
        shares[role] += BY_WORDS
    return shares


def _opens_with_lack(text: str, pieces: Sequence[_Piece]) -> bool:
    return bool(pieces) and states_lack(text[pieces[0].start : pieces[0].end])


def _all_lacks(text: str, pieces: Sequence[_Piece]) -> list[_Piece]:
    """What stands below a title that states a lack explains it, until something is done.

    Where the title was labelled a problem, the labels of what stands below it are believed too.
    """
    count = 1
    if pieces[0].role == 0:
        return list(pieces)
    for piece in pieces[1:]:
        sentence = text[piece.start : piece.end]
        if turns_to_measures(sentence) or leaning(sentence) == 1:
            break
        count += 1
    lacks = [replace(piece, shares=(sum(piece.shares), 0.0)) for piece in pieces[:count]]
    return [*lacks, *pieces[count:]]


def _roles_of_run(pieces: Sequence[Sequence[_Piece]], lacking: Sequence[bool]) -> list[int]:
    """The role of each unit of one enumeration: that which most of them open with.

    lacking: which units have a title that states a lack, where no subheading says what is
    enumerated. Units up to the last of these are problems, those behind it are for themselves.
    """
    cut = len(lacking) - lacking[::-1].index(True) if any(lacking) else 0
    return [0] * cut + [_common_role(pieces[cut:])] * (len(pieces) - cut)


def _common_role(pieces: Sequence[Sequence[_Piece]]) -> int:
    shares = [next((p.shares for p in own if p.is_item), (0.0, 0.0)) for own in pieces]
    return int(sum(share[1] for share in shares) > sum(share[0] for share in shares))


def _spans(
    doc: Document, unit: Unit, pieces: Sequence[_Piece], role: int, labelled: bytes
) -> Iterator[tuple[int, int, int]]:
    """(start, end, role) of the items of one unit.

    With a marker: from there to the last sentence of its run's role; sentences of the other role
    behind it, and those of prose without a marker, are items each.
    """
    own = [piece for piece in pieces if piece.is_item]
    marked = unit.kind != ""
    if pieces and is_subhead(doc.text[pieces[0].start : pieces[0].end]):
        own = [piece for piece in own if piece is not pieces[0]]
        marked = unit.implied  # the marker was the subheading's
    if not own:
        return
    loose = own
    if marked:
        opening = next((i for i, piece in enumerate(own) if piece.role == role), 0)
        if not unit.implied:
            opening = 0
        # Behind its lack an author turns to what is done; from there nobody turns back.
        turned = (i for i, p in enumerate(own) if i > opening and p.role > role)
        count = next(turned, len(own))
        start = _first_labelled(doc, own[opening], labelled) if unit.implied else unit.start
        yield start, own[count - 1].end, role
        loose = own[count:]
    if unit.opens_run and loose:
        yield _first_labelled(doc, loose[0], labelled), loose[-1].end, loose[0].role
        return
    for piece in _rejoined(doc, loose):
        yield _first_labelled(doc, piece, labelled), piece.end, piece.role


def _rejoined(doc: Document, pieces: Sequence[_Piece]) -> list[_Piece]:
    """Sentences that a ； parts but the tagger labelled as one are one."""
    joined: list[_Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before is not None and before.role == piece.role and _covered(doc, before.end, piece):
            joined[-1] = replace(before, end=piece.end)
        else:
            joined.append(piece)
    return joined


def _covered(doc: Document, place: int, piece: _Piece) -> bool:
    return doc.text[place - 1] in "；;" and bool(_role_spans(doc, piece.start, place - 1))


def _role_spans(doc: Document, start: int, end: int) -> list[Span]:
    """The labels of problems and measures that end behind `start` and begin before `end`."""
    first = bisect_right(doc.spans, start, key=lambda span: span.end)
    last = bisect_left(doc.spans, end, key=lambda span: span.start)
    return [span for span in doc.spans[first:last] if span.label in _ROLE_LABELS]


def _first_labelled(doc: Document, piece: _Piece, labelled: bytes) -> int:
    """Where the item of a sentence begins: behind its lead-ins, or where its label does.

    A label that begins a little way into a clause is taken to begin with it.
    """
    opening = skip_leads(doc.text, piece.start, piece.end, praise=piece.role == 0)
    if generic_role(doc.text[opening : piece.end]) == 1:
        return opening  # a promise is a whole sentence, however little of it is labelled
    behind = labelled[piece.start : piece.end].lstrip(_NO_ROLE)
    first = piece.end - len(behind) if behind else piece.start
    clause = 1 + max(doc.text.rfind(sign, piece.start, first) for sign in "，,：:、")
    near = clause if first - clause <= NEAR_CLAUSE else first
    return skip_leads(doc.text, max(opening, near), piece.end, praise=False)


def _item(doc: Document, start: int, end: int, role: int) -> Item | None:
    start, end = clean_edges(doc.text, start, end)
    if start >= end:
        return None
    text = doc.text[start:end]
    scores = [span.score for span in _role_spans(doc, start, end)]
    return Item(
        role=ROLES[role],
        text=text,
        start=start,
        end=end,
        generic=sounds_generic(text),
        confidence=min(scores, default=0.5),
    )


def clean_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Move marker, opening and closing punctuation and white space out (contract: items)."""
    start = marker_end(text, start, end)
    if opening := _OPENING.match(text, start, end):
        start = opening.end()
    while end > start and text[end - 1] in _CLOSING:
        end -= 1
    return start, end


def narrative_of(doc: Document, sections: Sequence[Section], items: Sequence[Item]) -> Narrative:
    """Whether section 5 says that there is no problem."""
    body = next((doc.text[s.body_start : s.body_end] for s in sections if s.id == "5"), "")
    stated = any(item.role == "problem" for item in items)
    return Narrative(none_stated=not stated and bool(_NONE.match(body.strip())))


def item_findings(
    sections: Sequence[Section], items: Sequence[Item], narrative: Narrative
) -> list[Finding]:
    """What section 5 leaves out."""
    body = next(((s.body_start, s.body_end) for s in sections if s.id == "5"), None)
    if body is None or body[0] == body[1]:
        return []
    if narrative.none_stated:
        return [finding("none_stated", *body)]
    roles = {item.role for item in items}
    codes: dict[Role, str] = {"problem": "problems_missing", "measure": "measures_missing"}
    return [finding(code, *body) for role, code in codes.items() if role not in roles]
