"""Fine-tuning: an encoder that labels a statement as a whole.

`python -m nianbao.training.themes.encoder --out DIR` trains ours on from the shipped tagger's
weights (`--init` another folder's); `--encoder NAME` any other of Hugging Face.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
)
from transformers.tokenization_utils_base import PreTrainedTokenizerBase
from transformers.utils import logging

from ...inference.ngrams import plain
from ...inference.tagger import onnx_run
from ...models import folder
from ...models.characters import Characters
from ...models.encoder import NianbaoForSequenceClassification
from ...models.folder import Preprocess
from ...models.sums import file_sha256
from ...models.themes import theme_ids
from ..export import export_onnx, quantise
from ..foreign import foreign_preprocess, own_tokenizer
from ..loop import Batch, Loop, LoopConfig, write_run
from .corpus import split
from .extra import Examples, joined, phrases
from .linear import enlarged

NAME = "nianbao-themes-encoder"
RATE, RATE_FOREIGN = 1e-3, 3e-5
EPOCHS, EPOCHS_FOREIGN = 20, 4
STATEMENTS = 32  # in a batch
HIDDEN = 0.1  # share of the characters that are not shown, so that none alone decides

LABELLING: dict[str, Any] = {
    "id2label": dict(enumerate(theme_ids())),
    "label2id": {theme: number for number, theme in enumerate(theme_ids())},
}


def new_network(
    init: Path, encoder: str | None
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, Preprocess]:
    """The network to train, its tokenizer, and how it is given a text.

    init: a folder with weights of our encoder. encoder: another's name or folder, in its place.
    """
    if encoder is None:
        own = NianbaoForSequenceClassification.from_pretrained(
            init, dtype=torch.float32, **LABELLING
        )
        return own, own_tokenizer(), Preprocess(name=NAME, version="0")
    tokenizer = AutoTokenizer.from_pretrained(encoder)
    foreign = AutoModelForSequenceClassification.from_pretrained(encoder, **LABELLING)
    return foreign, tokenizer, foreign_preprocess(encoder, tokenizer, foreign.config)


class Rows:
    """Texts as the rows of ids that a network takes."""

    def __init__(self, preprocess: Preprocess, characters: Characters) -> None:
        self._preprocess, self._characters = preprocess, characters

    def one(self, text: str) -> tuple[NDArray[np.int64], int]:
        """The row of a text, cut at the window's end, and where its padding begins."""
        ids = self._characters.ids(plain(text))[: self._preprocess.window]
        return self._preprocess.padded(ids)

    def batch(self, texts: Sequence[str]) -> Batch:
        """input_ids and attention_mask, [texts, characters]"""
        rows = [self.one(text) for text in texts]
        ids = np.full((len(rows), max(len(row) for row, _ in rows)), self._preprocess.pad)
        mask = np.zeros_like(ids)
        for place, (row, n_real) in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, :n_real] = 1
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}


def batches(given: Examples, rows: Rows, unknown: int, seed: int, step: int) -> Iterator[Batch]:
    """From a step on, endless: every text once an epoch, with some characters hidden."""
    gold = torch.from_numpy(given.gold.astype(np.float32))
    texts = given.texts
    per_epoch = -(-len(texts) // STATEMENTS)
    while True:
        rng = np.random.default_rng((seed, step // per_epoch))
        order = rng.permutation(len(texts))
        for start in range(step % per_epoch, per_epoch):
            chosen = order[start * STATEMENTS : (start + 1) * STATEMENTS]
            batch = rows.batch([texts[place] for place in chosen])
            hidden = np.random.default_rng((seed, step)).random(batch["input_ids"].shape) < HIDDEN
            hide = torch.from_numpy(hidden) & (batch["attention_mask"] > 0)
            batch["input_ids"] = batch["input_ids"].masked_fill(hide, unknown)
            yield batch | {"labels": gold[chosen]}
            step += 1


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    """The themes' entropies added up: a mean would shrink the gradient sixteenfold."""
    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
    each = F.binary_cross_entropy_with_logits(logits.float(), batch["labels"], reduction="none")
    return each.sum(1).mean()


def export_run(run: Path, folder: Path) -> Path:
    """Write the network of a finished run as int8 ONNX into a folder; the file."""
    model = AutoModelForSequenceClassification.from_pretrained(run, dtype=torch.float32)
    fp32, int8 = folder / "model.onnx", folder / "model_int8.onnx"
    export_onnx(model.eval(), fp32, _preprocess(run))
    quantise(fp32, int8)
    fp32.unlink()
    return int8


def onnx_logits(run: Path, file: Path) -> Callable[[str], NDArray[np.float64]]:
    """text -> [themes] logits of a run's graph: one text a call, so that none has neighbours."""
    preprocess = _preprocess(run)
    vocabulary = AutoTokenizer.from_pretrained(run).get_vocab()
    rows = Rows(preprocess, Characters(vocabulary, preprocess.aliases, preprocess.unknown))
    network = onnx_run(file)

    def logits(text: str) -> NDArray[np.float64]:
        row, n_real = rows.one(text)
        return network(row[None], n_real).astype(np.float64)

    return logits


def _preprocess(run: Path) -> Preprocess:
    return Preprocess.model_validate_json((run / "preprocess.json").read_bytes())


def train(args: argparse.Namespace, given: Examples) -> None:
    """Train by the command's arguments on `given`; the run's folder is `args.out`."""
    foreign = args.encoder is not None
    rate = args.learning_rate or (RATE_FOREIGN if foreign else RATE)
    epochs = args.epochs or (EPOCHS_FOREIGN if foreign else EPOCHS)
    steps = args.steps or epochs * -(-len(given.texts) // STATEMENTS)
    torch.manual_seed(args.seed)
    model, tokenizer, preprocess = new_network(args.init, args.encoder)
    characters = Characters(tokenizer.get_vocab(), preprocess.aliases, preprocess.unknown)
    loop = Loop(model, LoopConfig(steps=steps, learning_rate=rate, seed=args.seed), args.out)
    tokenizer.save_pretrained(args.out)
    (args.out / "preprocess.json").write_text(preprocess.model_dump_json(indent=1) + "\n", "utf-8")
    rows, unknown = Rows(preprocess, characters), tokenizer.unk_token_id
    loop.train(lambda step: batches(given, rows, unknown, args.seed, step), loss_of)
    init = None if foreign else file_sha256(args.init / "model.safetensors")
    write_run(loop, "themes", init=init, encoder=args.encoder, texts=len(given.texts))


def main(argv: Sequence[str] | None = None) -> None:
    logging.disable_progress_bar()
    logging.set_verbosity_error()  # that the tagger's head is left out is no news
    parts = {name: split(name) for name in ("train", "dev", "test")}
    known = [text for part in parts.values() for text in part.texts]
    given = enlarged(parts["train"], phrases(known))
    train(_arguments(argv), given.with_(joined(given)))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nianbao.training.themes.encoder", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--init", type=Path, default=folder.shipped(), help="weights of ours")
    start.add_argument("--encoder", metavar="NAME|FOLDER", help="another encoder")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--steps", type=int, help="in place of epochs")
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
