"""Pre-training: guess masked characters of official Chinese.

`python -m nianbao.training.pretrain --corpus FILE... --out DIR --minutes M` reads .txt and .txt.xz
files, documents parted by a blank line, and may mix in synthetic reports.
"""

import argparse
import hashlib
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers.utils import logging

from ..models.characters import MASK, SPECIAL, UNKNOWN, Characters, vocabulary
from ..models.encoder import IGNORED, NianbaoConfig, NianbaoForMaskedLM
from ..models.labels import TAG_IDS, TAGS
from .loop import Batch, Loop, LoopConfig, write_run

LENGTHS = (256, 512, 1024, 2048, 3072)  # of windows; one length in a batch, so nothing is padded
BATCH = 16_384  # characters
FROM_START = 0.25  # of the windows start where a document does
SYNTHETIC = 0.3  # of the windows are of synthetic reports, where there are any
MASKED = 0.15  # of the characters are to be guessed
UNKNOWN_SHARE = (
    0.02  # of the others are hidden as [UNK], so that the encoder learns to live with it
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts as one row of ids.

    ids: [characters]; starts: where a document begins; sha256: of the texts.
    """

    ids: NDArray[np.int16]
    starts: NDArray[np.int64]
    sha256: str

    @classmethod
    def of(cls, texts: Sequence[str], characters: Characters) -> "Corpus":
        """Each text is followed by a blank line, which keeps neighbours apart."""
        pieces = [characters.ids(text + "\n\n").astype(np.int16) for text in texts]
        lengths = [len(piece) for piece in pieces]
        digest = hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass"))
        starts = np.cumsum([0, *lengths[:-1]])
        return cls(np.concatenate(pieces), starts, digest.hexdigest())

    def windows(self, rng: np.random.Generator, count: int, length: int) -> NDArray[np.int64]:
        """[count, length] random windows; they may run on into the next document."""
        places = rng.integers(len(self.ids), size=count)
        whole = rng.random(count) < FROM_START
        places[whole] = rng.choice(self.starts, size=int(whole.sum()))
        index = (places[:, None] + np.arange(length)) % len(self.ids)
        rows: NDArray[np.int64] = self.ids[index].astype(np.int64)
        return rows


def read_texts(paths: Sequence[Path]) -> list[str]:
    """The documents of .txt and .txt.xz files, or of all such files in a folder."""
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("**/*.txt*")) if path.is_dir() else [path]
    texts: list[str] = []
    for file in files:
        opener = lzma.open if file.suffix == ".xz" else open
        with opener(file, "rt", encoding="utf-8") as stream:
            texts += [text for text in stream.read().split("\n\n") if text.strip()]
    return texts


def synthetic_texts(count: int) -> list[str]:
    """Texts of the training split's synthetic reports, seeds from 0."""
    from .synthetic.report import sample

    return [sample(seed, "train").document.text for seed in range(count)]


def masked(ids: Tensor, n_tokens: int, mask_id: int, unknown_id: int) -> Batch:
    """A batch in which 15 % of the characters, in spans of 1 to 3, are to be guessed.

    Of these 80 % are masked, 10 % replaced at random, 10 % left (as BERT does).
    """
    starts = torch.rand(ids.shape) < MASKED / 2  # the mean span has two characters
    spans = torch.randint(1, 4, ids.shape)
    chosen = starts.clone()
    for reach in (1, 2):
        chosen[:, reach:] |= starts[:, :-reach] & (spans[:, :-reach] > reach)
    fate = torch.rand(ids.shape)
    inputs = torch.where(~chosen & (fate < UNKNOWN_SHARE), unknown_id, ids)
    inputs = torch.where(chosen & (fate < 0.8), mask_id, inputs)
    noise = torch.randint(len(SPECIAL), n_tokens, ids.shape)
    inputs = torch.where(chosen & (fate > 0.9), noise, inputs)
    labels = torch.where(chosen & (ids != unknown_id), ids, IGNORED)
    return {"input_ids": inputs, "labels": labels}


def batches(
    corpora: Sequence[Corpus], tokens: dict[str, int], seed: int, step: int
) -> Iterator[Batch]:
    """Endless batches from `step` on. corpora: the corpus, and synthetic reports if any."""
    while True:
        rng = np.random.default_rng((seed, step))
        length = int(rng.choice(LENGTHS))
        count = BATCH // length
        n_synthetic = int((rng.random(count) < SYNTHETIC).sum()) if len(corpora) > 1 else 0
        rows = [corpora[0].windows(rng, count - n_synthetic, length)]
        if n_synthetic:
            rows.append(corpora[1].windows(rng, n_synthetic, length))
        ids = torch.from_numpy(np.concatenate(rows))
        yield masked(ids, len(tokens), tokens[MASK], tokens[UNKNOWN])
        step += 1


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    loss: Tensor = model(**batch).loss
    return loss


def main(argv: Sequence[str] | None = None) -> None:
    args = _arguments(argv)
    logging.disable_progress_bar()
    config = LoopConfig(minutes=args.minutes, steps=args.steps, seed=args.seed)
    tokens = vocabulary()
    characters = Characters(tokens)
    corpora = [Corpus.of(read_texts(args.corpus), characters)]
    if args.synthetic:
        corpora.append(Corpus.of(synthetic_texts(args.synthetic), characters))
    torch.manual_seed(args.seed)
    model = NianbaoForMaskedLM(
        NianbaoConfig(
            vocab_size=len(tokens), id2label=dict(enumerate(TAGS)), label2id=dict(TAG_IDS)
        )
    )
    loop = Loop(model, config, args.out)
    if args.resume:
        loop.resume()
    loop.train(lambda step: batches(corpora, tokens, args.seed, step), loss_of)
    write_run(
        loop,
        "pretrain",
        corpora=[{"characters": len(c.ids), "sha256": c.sha256} for c in corpora],
        synthetic=args.synthetic,
    )


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nianbao.training.pretrain", description=__doc__)
    parser.add_argument("--corpus", nargs="+", type=Path, required=True, metavar="PATH")
    parser.add_argument("--synthetic", type=int, default=0, help="number of synthetic reports")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
