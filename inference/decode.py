"""From the network's scores to spans: the best path that BIO allows, and edges that fit."""

import re

import numpy as np
from numpy.typing import NDArray

from ..models.labels import Label, Span

LABELS = tuple(Label)
N_TAGS = 1 + 2 * len(LABELS)
BEGINS, INSIDES = slice(1, N_TAGS, 2), slice(2, N_TAGS, 2)  # ids of B- and I- tags; O is 0
SURE = 0.9  # of a tag that is not I-: the text can be cut before it and its parts decoded alone

#: Where a span of a label is cut: cells end at separators, titles and furniture at line ends.
CUTS = {
    Label.COLUMN: "|\t",
    Label.GROUP: "|\t",
    Label.ROW: "|\t",
    Label.VALUE: "|\t",
    Label.TITLE: "\n",
    Label.NOISE: "\n",
}


def _piece_of(label: Label) -> re.Pattern[str]:
    """A stretch without the separators that a span of `label` never holds, stripped."""
    cuts = CUTS.get(label, "")
    inner = f"[^{cuts}]" if cuts else r"[\s\S]"
    return re.compile(rf"[^\s{cuts}](?:{inner}*[^\s{cuts}])?")


_PIECES = tuple(map(_piece_of, LABELS))


def probabilities(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax: [characters, tags]."""
    highest = np.ascontiguousarray(logits.T).max(0)  # ten times as quick as max(-1)
    result: NDArray[np.float32] = logits - highest[:, None]
    np.exp(result, out=result)
    result /= result.sum(-1, keepdims=True)
    return result


def best_path(probs: NDArray[np.float32], sure: float = SURE) -> NDArray[np.int64]:
    """[characters] the tags of the likeliest sequence in which I- follows its own B- or I-.

    Where the likeliest tags are already in order, they are that sequence; only stretches that
    hold a fault, from one sure O or B- to the next, are searched. sure: above 1 searches the
    whole as one stretch, at 100 times the cost.
    """
    tags: NDArray[np.int64] = probs.argmax(-1)
    inside = (tags > 0) & (tags % 2 == 0)
    before = np.concatenate(([0], tags[:-1]))
    faults = np.flatnonzero(inside & (before != tags) & (before != tags - 1))
    if not len(faults):
        return tags
    sure_of = probs[np.arange(len(tags)), tags] >= sure
    edges = np.concatenate(([0], np.flatnonzero(~inside & sure_of), [len(tags)]))
    for index in sorted(set(np.searchsorted(edges, faults, side="right").tolist())):
        start, end = edges[index - 1], edges[index]
        tags[start:end] = _viterbi(np.log(probs[start:end] + 1e-12))
    return tags


def _viterbi(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """The best legal path through [characters, tags] log probabilities.

    O and B- may follow anything, so the best tag before them is the best of all; I- may follow
    only two.
    """
    reached = scores.copy()  # [characters, tags] of the best path that ends there
    begun, inside = reached[:, BEGINS], reached[:, INSIDES]
    inside[0] = -np.inf
    for t in range(1, len(scores)):
        before = reached[t - 1]
        reached[t] += before[before.argmax()]
        np.maximum(begun[t - 1], inside[t - 1], out=inside[t])
        inside[t] += scores[t, INSIDES]
    best: NDArray[np.int64] = reached.argmax(-1)
    continues = inside >= begun  # I- after I-, not after B-
    for t in range(len(best) - 1, 0, -1):
        tag = int(best[t])
        if tag > 0 and tag % 2 == 0:
            best[t - 1] = tag if continues[t - 1, tag // 2 - 1] else tag - 1
    return best


def decode(text: str, offsets: NDArray[np.int64], probs: NDArray[np.float32]) -> tuple[Span, ...]:
    """The spans of `text`.

    offsets: [characters] where each character that the network saw stands in `text`.
    probs: [characters, tags].
    A span's score is the least probability of its label, B- or I-, over its characters.
    """
    tags = best_path(probs)
    begins = np.flatnonzero(tags % 2 == 1)
    if not len(begins):
        return ()
    ends_after = np.flatnonzero((tags % 2 == 1) | (tags == 0))
    ends = np.concatenate((ends_after, [len(tags)]))[np.searchsorted(ends_after, begins) + 1]
    labels = (tags - 1) // 2  # [characters]; -1 outside, where no score is asked for
    pieces = [
        (*match.span(), label)
        for start, last, label in zip(
            offsets[begins].tolist(),
            offsets[ends - 1].tolist(),
            labels[begins].tolist(),
            strict=True,
        )
        for match in _PIECES[label].finditer(text, start, last + 1)
    ]
    edges = np.array(pieces, dtype=np.int64).reshape(-1, 3)[:, :2]  # [pieces, 2]
    scores = _least(_of_labels(probs, labels), np.searchsorted(offsets, edges))
    return tuple(
        Span(start, end, LABELS[label], score)
        for (start, end, label), score in zip(pieces, np.minimum(scores, 1.0).tolist(), strict=True)
    )


def _of_labels(probs: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """[characters] the probability of each one's own label, B- or I-."""
    rows = np.arange(len(labels))
    result: NDArray[np.float32] = probs[rows, 2 * labels + 1] + probs[rows, 2 * labels + 2]
    return result


def _least(values: NDArray[np.float32], places: NDArray[np.int64]) -> NDArray[np.float32]:
    """[pieces] the least of `values` in each stretch of `places`, [pieces, 2], none empty."""
    if not len(places):
        return values[:0]
    padded = np.append(values, values[-1:])  # the last stretch may end with the text
    result: NDArray[np.float32] = np.minimum.reduceat(padded, places.ravel())[::2]
    return result
