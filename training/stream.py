"""An endless stream of batches from labelled documents."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from ..inference.windows import shortened, windows
from ..models.characters import Characters, code_points
from ..models.document import Document
from ..models.encoder import IGNORED
from ..models.folder import Preprocess
from ..models.labels import TAG_IDS, Span
from .loop import Batch

POOL = 48  # documents whose windows are sorted by length together
BATCH = 16_384  # characters in a batch, padding included
PART = (
    0.3  # of the windows are cut to a random run of lines, as if the page began or broke off there
)
UNKNOWN_SHARE = 0.01  # of the characters are hidden as unknown ones
# Of the Chinese characters of a window these shares are hidden besides, so that labels are not
# learnt from single phrases of the generator, but from what stands around them.
HIDDEN_SHARES = (0.0, 0.0, 0.05, 0.15)


@dataclass(frozen=True, slots=True)
class Example:
    """One window: [tokens] ids, and tags with IGNORED for tokens that are no character."""

    ids: NDArray[np.int64]
    tags: NDArray[np.int64]


def bio_tags(spans: Iterable[Span], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    """[characters] tag ids of the characters that stand at `offsets` of the document."""
    tags = np.zeros(len(offsets), dtype=np.int64)
    for span in spans:
        start, end = np.searchsorted(offsets, (span.start, span.end))
        tags[start:end] = TAG_IDS[f"I-{span.label}"]
        tags[start : start + 1] = TAG_IDS[f"B-{span.label}"]
    return tags


def examples(
    document: Document, preprocess: Preprocess, characters: Characters, rng: random.Random
) -> Iterator[Example]:
    """The windows of a document as inference would cut them, some cut further at random.

    A document without any span is one that nobody has labelled, and its tags are all IGNORED.
    """
    short, offsets = shortened(document.text, preprocess.run_limit)
    ids, tags = characters.ids(short), bio_tags(document.spans, offsets)
    if not document.spans:
        tags = np.full(len(offsets), IGNORED)
    points = code_points(short)
    chinese = (points >= 0x4E00) & (points < 0xA000)
    unknown = characters.ids("\U0010ffff")[0]  # a code point that no vocabulary has
    head, tail = (np.full(len(ends), IGNORED) for ends in (preprocess.prefix, preprocess.suffix))
    for start, end in windows(short, preprocess.window, preprocess.overlap):
        if rng.random() < PART:
            start, end = _some_lines(short, start, end, rng)
        hidden = _random(end - start, rng) < rng.choice(HIDDEN_SHARES)
        shown = np.where(chinese[start:end] & hidden, unknown, ids[start:end])
        row = np.concatenate((preprocess.prefix, shown, preprocess.suffix))
        yield Example(row.astype(np.int64), np.concatenate((head, tags[start:end], tail)))


def _random(length: int, rng: random.Random) -> NDArray[np.float64]:
    return np.random.default_rng(rng.getrandbits(64)).random(length)


def _some_lines(text: str, start: int, end: int, rng: random.Random) -> tuple[int, int]:
    """A random run of whole lines of `text[start:end]`; where there is one line only, all of it."""
    breaks = [i + 1 for i in range(start, end - 1) if text[i] == "\n"]
    if not breaks:
        return start, end
    first, last = sorted(rng.choices((start, *breaks, end), k=2))
    return (first, last) if first < last else (start, end)


def batches_of(
    pool: Sequence[Example], preprocess: Preprocess, unknown: int, rng: random.Random
) -> list[Batch]:
    """The examples in batches of similar length, in random order."""
    batches: list[Batch] = []
    group: list[Example] = []
    for example in sorted(pool, key=lambda example: len(example.ids)):
        if group and (len(group) + 1) * len(example.ids) > BATCH:
            batches.append(_batch(group, preprocess, unknown, rng))
            group = []
        group.append(example)
    batches.append(_batch(group, preprocess, unknown, rng))
    rng.shuffle(batches)
    return batches


def _batch(
    group: Sequence[Example], preprocess: Preprocess, unknown: int, rng: random.Random
) -> Batch:
    length = max(len(example.ids) for example in group)
    shape = (len(group), length + -length % preprocess.granule)
    ids = np.full(shape, preprocess.pad, dtype=np.int64)
    labels = np.full(shape, IGNORED, dtype=np.int64)
    mask = np.zeros(shape, dtype=np.int64)
    for row, example in enumerate(group):
        ids[row, : len(example.ids)] = example.ids
        labels[row, : len(example.tags)] = example.tags
        mask[row, : len(example.ids)] = 1
    hidden = np.random.default_rng(rng.getrandbits(64)).random(shape) < UNKNOWN_SHARE
    ids[hidden & (labels != IGNORED)] = unknown
    return {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
        "labels": torch.from_numpy(labels),
    }


class Stream(IterableDataset[Batch]):
    """Batches without end; several workers take every n-th pool.

    document_of: number -> labelled document; a pool holds POOL in order.
    first: the first pool. Every pool gives at least one batch, so that a run which goes on from
    pool `steps` meets no document again.
    """

    def __init__(
        self,
        document_of: Callable[[int], Document],
        preprocess: Preprocess,
        characters: Characters,
        unknown: int,
        seed: int,
        first: int = 0,
    ) -> None:
        self._document_of = document_of
        self._preprocess = preprocess
        self._characters = characters
        self._unknown = unknown
        self._seed = seed
        self._first = first

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        index, count = (worker.id, worker.num_workers) if worker else (0, 1)
        pool = self._first + index
        while True:
            rng = random.Random(f"{self._seed}:{pool}")
            found = [
                example
                for number in range(pool * POOL, (pool + 1) * POOL)
                for example in examples(
                    self._document_of(number), self._preprocess, self._characters, rng
                )
            ]
            if found:
                yield from batches_of(found, self._preprocess, self._unknown, rng)
            pool += count

    def loader(self, workers: int) -> DataLoader[Batch]:
        """workers: processes that make documents ahead; 0 for none."""
        return DataLoader(self, batch_size=None, num_workers=workers)
