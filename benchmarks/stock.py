"""The yardsticks: what a user of transformers would write, with its own tokenisers and post-work.

`pipeline("token-classification", …, aggregation_strategy="simple", stride=…)`, one report a call.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForTokenClassification,
    AutoTokenizer,
    BertConfig,
    BertForTokenClassification,
    BertTokenizer,
    PreTrainedModel,
    pipeline,
)
from transformers.utils import logging

from benchmarks.engines import Found
from nianbao.models import encoder  # noqa: F401, registers ours with the Auto classes
from nianbao.models.characters import ALPHABET
from nianbao.models.folder import load_folder
from nianbao.models.labels import TAGS

BERT_WINDOW, BERT_STRIDE = 512, 128
BERT_TOKENS = 21_128  # as many as the Chinese BERT has
SPANS_PER_CHARACTER = 0.08  # as in a report: with them the pipeline's own work is counted


def ours(folder: Path, threads: int) -> Callable[[Path, str], list[Found]]:
    """The stock pipeline on our weights, found by the Auto classes."""
    _quiet(threads)
    preprocess = load_folder(folder).preprocess
    model = AutoModelForTokenClassification.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True
    )
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return _piped(model, tokenizer, preprocess.overlap)


def bert(threads: int) -> Callable[[Path, str], list[Found]]:
    """The stock pipeline with a BERT of 4 layers of 256 that nobody trained: for its speed only."""
    _quiet(threads)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=BERT_TOKENS,
        hidden_size=256,
        num_hidden_layers=4,
        num_attention_heads=4,
        intermediate_size=1024,
        max_position_embeddings=BERT_WINDOW,
        id2label=dict(enumerate(TAGS)),
        label2id={tag: index for index, tag in enumerate(TAGS)},
    )
    model = BertForTokenClassification(config)
    return _Tamed(_piped(model, bert_tokenizer(), BERT_STRIDE), model)


class _Tamed:
    """An untrained model whose leaning to O is set so that it finds as many spans as a report has.

    Without that nearly every token would be a span, and the pipeline slower than it need be.
    """

    def __init__(
        self, tag: Callable[[Path, str], list[Found]], model: BertForTokenClassification
    ) -> None:
        self._tag, self._model, self._tame = tag, model, False

    def __call__(self, path: Path, text: str) -> list[Found]:
        if not self._tame:
            self._lean(path, text)
            self._tame = True
        return self._tag(path, text)

    def _lean(self, path: Path, text: str) -> None:
        """Find the bias of O by halving: the more of it, the fewer spans.

        On one window, so that the first report is not much later for it.
        """
        window = text[:BERT_WINDOW]
        bias = self._model.classifier.bias
        low, high = 0.0, 4.0
        for _ in range(8):
            middle = (low + high) / 2
            with torch.no_grad():
                bias[0] = middle
            too_many = len(self._tag(path, window)) > SPANS_PER_CHARACTER * len(window)
            low, high = (middle, high) if too_many else (low, middle)


def bert_tokenizer() -> BertTokenizer:
    """BERT's own way with Chinese: one token a character, white space dropped."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    signs = [sign for sign in ALPHABET if not sign.isspace()]
    vocabulary = {token: index for index, token in enumerate((*special, *signs))}
    tokenizer: BertTokenizer = BertTokenizer(vocab=vocabulary, model_max_length=BERT_WINDOW)
    return tokenizer


def _piped(
    model: PreTrainedModel, tokenizer: Any, stride: int
) -> Callable[[Path, str], list[Found]]:
    model.register_forward_hook(_require_shape)
    tag = pipeline(
        "token-classification",
        model=model.eval(),
        tokenizer=tokenizer,
        aggregation_strategy="simple",
        stride=stride,
        device="cpu",
    )

    def found(_: Path, text: str) -> list[Found]:
        spans: Any = tag(text)
        return [(span["start"], span["end"], span["entity_group"]) for span in spans]

    return found


def _require_shape(_: Any, __: Any, output: Any) -> None:
    """A network whose output is empty runs very fast."""
    windows, tokens, tags = output.logits.shape
    if not windows or not tokens or tags != len(TAGS):
        raise ValueError(f"odd output shape {tuple(output.logits.shape)}")


def _quiet(threads: int) -> None:
    torch.set_num_threads(threads)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
