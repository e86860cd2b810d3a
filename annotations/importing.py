"""`nianbao annotate import`: from what a tool exported to gold; what does not fit is listed."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from enum import Enum
from pathlib import Path

from ..inference.progress import say
from ..models.errors import NianbaoError
from .checks import Outcome, Refusal, Skipped, refusals, write_text
from .documents import AnnotatedDocument, supersedes
from .formats import Exchange, converter, format_of
from .gold import merged, read_gold, work_of, write
from .misfit import Misfit, Trouble

# Formats that say whether anybody looked: no name can be given to what nobody did.
_TELLING = frozenset({Exchange.GOLD, Exchange.LABEL_STUDIO})
_Found = tuple[Path, AnnotatedDocument]


class _Left(Enum):
    """Why a sound document stays out: what is said behind their number, `中文 | English`."""

    SKIPPED = "份标注者跳过了，未导入 | that the annotator skipped were left out"
    UNSEEN = "份是模型标的，没有人看过，未导入 | that nobody has looked at were left out"
    UNNAMED = (
        "份没有标注者，未导入；以 --annotator 指明"
        " | without an annotator were left out; name one with --annotator"
    )
    CORRECTION = (
        "份只是更正，同一人已完整标过，未导入"
        " | corrections of what the same person labelled in full were left out"
    )


def run(
    inputs: Sequence[Path],
    output: Path,
    format_: Exchange | None,
    annotator: str | None,
    *,
    quiet: bool = False,
) -> int:
    """Merge the annotations of `inputs` into the gold file `output`; the number of refusals.

    annotator: who labelled what a file does not say the annotator of.
    Each refusal is told with its place, and written to `<output>.refused.jsonl`, which a run
    without any removes. Raises NianbaoError: E108 where a file cannot be used at all, E401.
    """
    before = _sound(output)
    found: list[_Found] = []
    refused: list[Refusal] = []
    left: Counter[_Left] = Counter()
    for path in inputs:
        kind = format_ or format_of(path)
        for outcome in converter(kind).read(path):
            settled = _settled(outcome, path, kind, annotator)
            if isinstance(settled, Refusal):
                refused.append(settled)
            elif isinstance(settled, _Left):
                left[settled] += 1
            else:
                found.append((path, settled))
    kept = _not_outdone(before, found)
    left[_Left.CORRECTION] = len(found) - len(kept)
    clashes = list(_clashes(before, kept))
    refused += [clash for _, clash in clashes if clash is not None]
    taken = {work_of(document): document for document, clash in clashes if clash is None}
    for one in refused:
        say(one.words)
    _list(refused, output.with_name(f"{output.name}.refused.jsonl"))
    write(merged(before, taken.values()), output)
    if not quiet:
        _tell(output, list(taken.values()), before, refused)
        for why, number in left.items():
            _say_number(number, why.value)
    return len(refused)


def _sound(output: Path) -> tuple[AnnotatedDocument, ...]:
    """The gold that is there. NianbaoError E108 where writing it anew would lose a line."""
    before = read_gold(output) if output.exists() else ()
    times = Counter(work_of(document) for document in set(before))
    for (id_, who), number in times.items():
        if number > 1:
            reason = f"{who} 标的 {id_} 有 {number} 行 | {number} lines for {id_} by {who}"
            raise NianbaoError("E108", path=output, reason=reason)
    return before


def _settled(
    outcome: Outcome, path: Path, kind: Exchange, annotator: str | None
) -> AnnotatedDocument | Refusal | _Left:
    """The document with its annotator, if it can be taken so far."""
    if isinstance(outcome, Refusal):
        return outcome
    if isinstance(outcome, Skipped):
        return _Left.SKIPPED
    if outcome.annotator is None and kind in _TELLING:
        return _Left.UNSEEN
    who = outcome.annotator or annotator
    if who is None:
        return _Left.UNNAMED
    if annotator not in (None, who):
        reason = (
            f"文件写明标注者是 {who}，不是 {annotator}；是 {annotator} 改的，先删去文件里的名字"
            f" | the file names {who}, not {annotator}; delete the name there if it is not so"
        )
        return _refusal(path, outcome, reason)
    # a person's own: what the model's scores were does not count any more
    spans = tuple(replace(span, score=1.0) for span in outcome.spans)
    return replace(outcome, annotator=who, spans=spans)


def _refusal(path: Path, document: AnnotatedDocument, reason: str) -> Refusal:
    [refusal] = refusals(path, f"id {document.id}", Misfit(Trouble("", reason)))
    return refusal


def _not_outdone(before: Iterable[AnnotatedDocument], found: Sequence[_Found]) -> list[_Found]:
    """`found` without corrections of what the same person labelled in full."""
    works = defaultdict(list)
    for document in (*before, *(document for _, document in found)):
        works[work_of(document)].append(document)
    return [
        (path, document)
        for path, document in found
        if all(supersedes(document, other) for other in works[work_of(document)])
    ]


def _clashes(
    before: Iterable[AnnotatedDocument], found: Sequence[_Found]
) -> Iterator[tuple[AnnotatedDocument, Refusal | None]]:
    """Each document; with a refusal where nobody can say which of several is meant."""
    texts, works = defaultdict(set), defaultdict(set)
    for document in (*before, *(document for _, document in found)):
        texts[document.id].add(document.text)
    for _, document in found:
        works[work_of(document)].add((document.spans, document.themes))
    for path, document in found:
        refusal = None
        if len(texts[document.id]) > 1:
            reason = "同一个 id，文字不同 | one id, but texts that differ"
            refusal = _refusal(path, document, reason)
        elif len(works[work_of(document)]) > 1:
            who = document.annotator
            reason = f"{who} 标了两次，两次不同 | {who} labelled it twice, not alike"
            refusal = _refusal(path, document, reason)
        yield document, refusal


def _list(refused: Sequence[Refusal], path: Path) -> None:
    """NianbaoError E401."""
    if refused:
        lines = (json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in refused)
        write_text(path, "".join(lines))
        return
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise NianbaoError("E401", reason=f"{path}: {error.strerror or error}") from error


def _tell(
    output: Path,
    taken: Sequence[AnnotatedDocument],
    before: Iterable[AnnotatedDocument],
    refused: Sequence[Refusal],
) -> None:
    n_refused = len({(one.file, one.task) for one in refused})
    say(
        f"导入 {len(taken)} 份，拒绝 {n_refused} 份：{output}"
        f" | {len(taken)} taken, {n_refused} refused: {output}"
    )
    old = {work_of(document): document for document in before}
    replaced = sum(old.get(work_of(one), one) != one for one in taken)
    _say_number(replaced, "份替换了原有的标注 | took the place of what stood there")


def _say_number(number: int, words: str) -> None:
    chinese, english = words.split(" | ")
    if number:
        say(f"{number} {chinese} | {number} {english}")
