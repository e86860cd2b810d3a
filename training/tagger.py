"""Fine-tuning: label every character of synthetic reports.

`python -m nianbao.training.tagger --out DIR --minutes M [--init PRETRAINED]` trains our encoder;
`--encoder NAME` any other of Hugging Face, by the same data and with the same labels.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import (
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
)
from transformers.tokenization_utils_base import PreTrainedTokenizerBase
from transformers.utils import logging

from ..inference.tagger import NetworkTagger, torch_run
from ..models.characters import Characters
from ..models.document import Document
from ..models.encoder import IGNORED, NianbaoConfig, NianbaoForTokenClassification
from ..models.folder import Preprocess
from ..models.labels import TAG_IDS, TAGS
from ..models.sums import file_sha256
from .folds import Fold, fold
from .foreign import foreign_preprocess, own_tokenizer
from .loop import Batch, Loop, LoopConfig, Metrics, write_run
from .metrics import span_scores, total
from .stream import Stream
from .synthetic.gold import GoldSection
from .synthetic.report import Sample, sample

NAME = "nianbao-tagger"
SMOOTHING = 0.01  # of the labels: the last per cent of certainty costs more than it gives
RATE, RATE_FOREIGN = 2e-3, 5e-5  # peaks of the learning rate: from scratch, from a large encoder
SEEDS_PER_RUN = 10**8  # room between the documents of two seeds
DEV_SEED = 10**12  # first seed of the development documents: no run reaches it
N_DEV = 40
WHOLE_EVERY = 3  # so many training documents; of the others the narrative's end alone is shown
LINES_ABOVE = 240  # at most so many characters above section 5 stay with it

LABELLING: dict[str, Any] = {"id2label": dict(enumerate(TAGS)), "label2id": dict(TAG_IDS)}


def new_model(
    init: Path | None, encoder: str | None, sizes: dict[str, int]
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, Preprocess]:
    """The network to train, its tokenizer, and how it is given a text.

    init: a folder of `pretrain`; encoder: the name or folder of another encoder; neither: ours,
    from scratch, with `sizes` in place of the config's own.
    """
    if encoder is not None:
        tokenizer = AutoTokenizer.from_pretrained(encoder)
        foreign = AutoModelForTokenClassification.from_pretrained(encoder, **LABELLING)
        return foreign, tokenizer, foreign_preprocess(encoder, tokenizer, foreign.config)
    tokenizer = own_tokenizer()
    preprocess = Preprocess(name=NAME, version="0")
    if init is not None:
        model = NianbaoForTokenClassification.from_pretrained(init, **LABELLING)
        return model, tokenizer, preprocess
    config = NianbaoConfig(vocab_size=len(tokenizer), **LABELLING | sizes)
    return NianbaoForTokenClassification(config), tokenizer, preprocess


def synthetic_documents(
    seed: int, without: Fold | None = None, reports: int | None = None
) -> Callable[[int], Document]:
    """number -> document of the training split; of most the end alone (`narrative_end`).

    without: layouts and damages to leave out. reports: so many different ones, again and again.
    It can be pickled, for another process reads from it.
    """
    kept = without.others() if without else None
    return partial(_synthetic, seed * SEEDS_PER_RUN, kept, reports)


def _synthetic(first: int, kept: Fold | None, reports: int | None, number: int) -> Document:
    training = number < DEV_SEED
    if reports is not None and training:
        number %= reports
    layouts, damages = (kept.layouts, kept.damages) if kept else (None, None)
    found = sample(first + number, "train", layouts=layouts, damages=damages)
    return narrative_end(found) if training and number % WHOLE_EVERY else found.document


def narrative_end(found: Sample) -> Document:
    """The sample's document from section 5 on, for tables are learnt long before the narrative.

    A few lines above the section stay, now one and now another; the whole where it has no section.
    """
    start = next((_beginning(s) for s in found.gold.sections if s.id == "5"), 0)
    return from_lines_above(found.document, start)


def from_lines_above(doc: Document, start: int) -> Document:
    """`doc` from a line on that stands at most LINES_ABOVE characters and a line above `start`."""
    start = doc.text.rfind("\n", 0, max(0, start - start % LINES_ABOVE)) + 1
    spans = tuple(
        replace(span, start=span.start - start, end=span.end - start)
        for span in doc.spans
        if span.start >= start
    )
    return replace(doc, text=doc.text[start:], spans=spans, grid=())


def _beginning(section: GoldSection) -> int:
    return section.body_start if section.heading_start is None else section.heading_start


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    return label_loss(logits_of(model, batch), batch["labels"])


def logits_of(model: nn.Module, batch: Batch) -> Tensor:
    """[windows, tokens, tags]"""
    logits: Tensor = model(
        input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]
    ).logits
    return logits.float()


def label_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """The mean over the characters that have a tag; 0 where none has."""
    given, wanted = logits.flatten(0, 1), labels.flatten()
    loss = F.cross_entropy(
        given, wanted, ignore_index=IGNORED, label_smoothing=SMOOTHING, reduction="sum"
    )
    return loss / (wanted != IGNORED).sum().clamp(min=1)


def evaluation(tagger: NetworkTagger, documents: Sequence[Document]) -> Metrics:
    """F1 of exact spans, all together and by label; labels that do not occur are left out."""
    found = [tagger.tag(document.text) for document in documents]
    scores = span_scores([document.spans for document in documents], found)
    return {
        "f1": _rounded(total(scores.values()).f1),
        "f1_by_label": {
            str(label): _rounded(score.f1)
            for label, score in scores.items()
            if score.gold or score.found
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def train(args: argparse.Namespace) -> None:
    """Train by the command's arguments; the run's folder is `args.out`."""
    rate = args.learning_rate or (RATE_FOREIGN if args.encoder else RATE)
    config = LoopConfig(minutes=args.minutes, steps=args.steps, learning_rate=rate, seed=args.seed)
    torch.manual_seed(args.seed)
    sizes = {
        name: value
        for name in ("hidden_size", "intermediate_size", "num_hidden_layers")
        if (value := getattr(args, name)) is not None
    }
    model, tokenizer, preprocess = new_model(args.init, args.encoder, sizes)
    characters = Characters(tokenizer.get_vocab(), preprocess.aliases, preprocess.unknown)
    without = None if args.leave_out is None else fold(args.leave_out)
    documents = synthetic_documents(args.seed, without, args.reports)
    development = [documents(DEV_SEED + number) for number in range(args.dev)]
    loop = Loop(model, config, args.out)
    tokenizer.save_pretrained(args.out)
    (args.out / "preprocess.json").write_text(preprocess.model_dump_json(indent=1) + "\n", "utf-8")
    if args.resume:
        loop.resume()

    def batches(step: int) -> Iterator[Batch]:
        unknown = tokenizer.unk_token_id
        stream = Stream(documents, preprocess, characters, unknown, args.seed, step)
        return iter(stream.loader(args.workers))

    tagger = NetworkTagger(preprocess, characters, torch_run(model))
    loop.train(batches, loss_of, lambda: evaluation(tagger, development))
    write_run(
        loop,
        "tagger",
        init=None if args.init is None else file_sha256(args.init / "model.safetensors"),
        encoder=args.encoder,
        leave_out=[] if without is None else [*without.layouts, *without.damages],
        reports=args.reports,
    )


def main(argv: Sequence[str] | None = None) -> None:
    logging.disable_progress_bar()
    train(_arguments(argv))


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="nianbao.training.tagger", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--init", type=Path, help="a folder of nianbao.training.pretrain")
    start.add_argument("--encoder", metavar="NAME|FOLDER", help="another encoder")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--leave-out", type=int, metavar="FOLD", help="a fold, 1 to 5")
    parser.add_argument("--reports", type=int, help="so many different ones, not ever new ones")
    parser.add_argument("--hidden-size", type=int)
    parser.add_argument("--intermediate-size", type=int)
    parser.add_argument("--num-hidden-layers", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="processes that write reports")
    parser.add_argument("--dev", type=int, default=N_DEV, help="development documents")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
