"""What people labelled: read, one person's work for each report, a part held out."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...annotations.documents import CORRECTION, AnnotatedDocument, supersedes
from ...annotations.gold import read_gold
from ...models.errors import NianbaoError
from ...models.sums import file_sha256

RANDOM = "random"  # why the queue took a report: see `annotations.queue.Reason`
HELD_OUT_EVERY = 5
LEAST = 5  # reports to learn from: of fewer the held-out part says nothing


@dataclass(frozen=True, slots=True)
class GoldFile:
    """A file of annotations as it was when it was read.

    n_lines: in it. n_gold, n_corrections: of them to learn from, labelled in full or corrected.
    """

    name: str
    sha256: str
    n_lines: int
    n_gold: int
    n_corrections: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """The reports of some gold files: those to learn from, and those to measure on.

    No text is in both. n_unseen: lines that nobody has looked at. n_other: second opinions.
    """

    files: tuple[GoldFile, ...]
    to_learn: tuple[AnnotatedDocument, ...]
    held_out: tuple[AnnotatedDocument, ...]
    n_unseen: int
    n_other: int


def read_labelled(paths: Sequence[Path]) -> Labelled:
    """Read gold files. NianbaoError E108 at a fault, E601 where there is too little to learn from.

    Where several people labelled a report, which is one text whatever its id, the file that is
    named last counts, and in it the annotator whose name is first; so a file of settled
    disagreements is named last. A correction counts only where nobody labelled the report in full.
    """
    named = {path.resolve(): path for path in reversed(paths)}  # each once, where it stands last
    read = [(path, read_gold(path)) for path in reversed(named.values())]
    _require_one_text(read)
    kept: dict[str, tuple[Path, AnnotatedDocument]] = {}
    for path, found in read:
        for document in sorted(_labelled(found), key=_annotator, reverse=True):
            if document.text not in kept or supersedes(document, kept[document.text][1]):
                kept[document.text] = path, document
    n_labelled = sum(len(_labelled(found)) for _, found in read)
    documents = [document for _, document in kept.values()]
    files = []
    for path, found in read:
        own = [one for of_path, one in kept.values() if of_path == path and not held_out(one)]
        n_corrections = sum(document.chosen == CORRECTION for document in own)
        n_gold = len(own) - n_corrections
        files.append(GoldFile(path.name, file_sha256(path), len(found), n_gold, n_corrections))
    labelled = Labelled(
        files=tuple(files),
        to_learn=_by_id(document for document in documents if not held_out(document)),
        held_out=_by_id(document for document in documents if held_out(document)),
        n_unseen=sum(len(found) for _, found in read) - n_labelled,
        n_other=n_labelled - len(kept),
    )
    if len(labelled.to_learn) < LEAST:
        raise NianbaoError("E601", reason=_too_little(labelled))
    return labelled


def _require_one_text(read: Iterable[tuple[Path, Sequence[AnnotatedDocument]]]) -> None:
    """NianbaoError E108 where people labelled two different texts under one id."""
    texts: dict[str, str] = {}
    for path, found in read:
        for document in _labelled(found):
            if texts.setdefault(document.id, document.text) != document.text:
                name = document.id
                reason = f"{name}：同一个 id 有不同的原文 | {name}: different texts under one id"
                raise NianbaoError("E108", path=path, reason=reason)


def held_out(document: AnnotatedDocument) -> bool:
    """Whether a report is for measuring; the same whatever else is labelled, and for good.

    What the queue drew at random is; a correction is not, for of its labels all but one are the
    model's own; of the others a fifth is, by a hash of the text.
    """
    if document.chosen == CORRECTION:
        return False
    if document.chosen == RANDOM:
        return True
    digest = hashlib.sha256(document.text.encode()).digest()
    return int.from_bytes(digest[:8]) % HELD_OUT_EVERY == 0


def _labelled(documents: Iterable[AnnotatedDocument]) -> list[AnnotatedDocument]:
    return [document for document in documents if document.annotator is not None]


def _annotator(document: AnnotatedDocument) -> str:
    return document.annotator or ""


def _by_id(documents: Iterable[AnnotatedDocument]) -> tuple[AnnotatedDocument, ...]:
    return tuple(sorted(documents, key=lambda document: document.id))


def _too_little(labelled: Labelled) -> str:
    n, n_held_out = len(labelled.to_learn), len(labelled.held_out)
    return (
        f"可学的只有 {n} 份，留出测量的 {n_held_out} 份，没有人看过的 {labelled.n_unseen} 份，"
        f"至少要 {LEAST} 份可学的"
        f" | {n} to learn from, {n_held_out} held out, {labelled.n_unseen} that nobody has looked"
        f" at; at least {LEAST} to learn from are needed"
    )
