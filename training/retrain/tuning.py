"""The tagger trained on: from the weights of a model folder, or from another encoder."""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import AutoModelForTokenClassification, AutoTokenizer, PreTrainedModel
from transformers.tokenization_utils_base import PreTrainedTokenizerBase

from ...inference.tagger import NetworkTagger, torch_run
from ...models.characters import Characters
from ...models.document import Document
from ...models.errors import NianbaoError
from ...models.folder import Preprocess
from ...models.sums import file_sha256
from ..loop import CHECKPOINT, Batch, Loop, LoopConfig, write_run
from ..stream import Stream
from ..tagger import (
    DEV_SEED,
    RATE_FOREIGN,
    evaluation,
    label_loss,
    logits_of,
    loss_of,
    new_model,
    synthetic_documents,
)
from .mix import known_documents, labelled_documents

RATE = 1.5e-3  # peak; with a third of it an odd layout is not learnt in as many steps
STEPS = (1200, 1500)  # at least, at most; each of a batch of labelled reports and one of synthetic
STEPS_PER_REPORT = 8
KEEPING = 12.0  # weight of what is kept of the base; see docs/retraining.md
KNOWN = "known_"  # before the names of the synthetic half of a batch
SYNTHETIC_SEED = 1000  # and on: of runs that no training from scratch makes
STEPS_FOREIGN = 4000  # as many as what is shipped had
WARMUP = 50
SAVE_SECONDS = 30.0
N_DEV = 20
WORKERS = 1  # processes that damage and write reports
#: What comes of a folder or name that holds no encoder, of a spoiled one, of one without Chinese,
#: and of one whose tokenizer asks for another library.
_UNFIT = (OSError, ValueError, RuntimeError, SafetensorError, ImportError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tuning:
    """base: model folder to start from. encoder: another encoder's name or folder instead.

    steps, minutes: the budget; neither: steps by how many reports there are to learn from.
    """

    base: Path
    encoder: str | None = None
    steps: int | None = None
    minutes: float | None = None
    seed: int = 0

    @property
    def foreign(self) -> str | None:
        """The encoder that the new model is made of; None for ours."""
        return _encoder_of(self.base) if self.encoder is None else self.encoder

    def loop(self, n_reports: int) -> LoopConfig:
        steps = self.steps
        if steps is None and self.minutes is None:
            steps = STEPS_FOREIGN if self.encoder is not None else _steps_for(n_reports)
        return LoopConfig(
            steps=steps,
            minutes=self.minutes,
            learning_rate=RATE if self.foreign is None else RATE_FOREIGN,
            warmup=WARMUP,
            save_seconds=SAVE_SECONDS,
            seed=self.seed,
        )


def _steps_for(n_reports: int) -> int:
    least, most = STEPS
    return min(most, max(least, STEPS_PER_REPORT * n_reports))


def _encoder_of(folder: Path) -> str | None:
    """The encoder that a model folder was made of; None for ours."""
    encoder: str | None = json.loads((folder / "run.json").read_text("utf-8"))["encoder"]
    return encoder


def tune(tuning: Tuning, gold: Sequence[Document], out: Path, tell: Callable[[str], None]) -> None:
    """Train, and leave a finished run in the folder `out`; goes on from a checkpoint there."""
    torch.manual_seed(tuning.seed)
    model, tokenizer, preprocess = _start(tuning)
    characters = Characters(tokenizer.get_vocab(), preprocess.aliases, preprocess.unknown)
    loop = Loop(model, tuning.loop(len(gold)), out, tell)
    teacher = copy.deepcopy(model).eval() if tuning.encoder is None else None
    tokenizer.save_pretrained(out)
    (out / "preprocess.json").write_text(preprocess.model_dump_json(indent=1) + "\n", "utf-8")
    if (out / CHECKPOINT).is_file():
        try:
            loop.resume()
        except SafetensorError:
            tell("存档坏了，训练从头开始 | the checkpoint is spoiled, training begins anew")
    known = known_documents(SYNTHETIC_SEED + tuning.seed)
    sources = labelled_documents(gold, tuning.seed), known
    development = [synthetic_documents(0)(DEV_SEED + number) for number in range(N_DEV)]

    def batches(step: int) -> Iterator[Batch]:
        labelled, synthetic = (
            Stream(
                documents, preprocess, characters, tokenizer.unk_token_id, tuning.seed, step
            ).loader(WORKERS)
            for documents in sources
        )
        for batch, beside in zip(labelled, synthetic, strict=True):
            yield batch | {f"{KNOWN}{name}": tensor for name, tensor in beside.items()}

    tagger = NetworkTagger(preprocess, characters, torch_run(model))
    loop.train(batches, partial(loss_of_both, teacher), lambda: evaluation(tagger, development))
    write_run(
        loop,
        "tagger",
        init=file_sha256(tuning.base / "model.safetensors") if tuning.encoder is None else None,
        encoder=tuning.foreign,
        leave_out=[],
        reports=None,
        gold=len(gold),
    )


def loss_of_both(teacher: nn.Module | None, model: nn.Module, batch: Batch) -> Tensor:
    """Of labelled reports the labels count; of synthetic ones also what the base makes of them.

    The second keeps the new model near the old one wherever the labelled reports do not ask for
    a change (learning without forgetting, Li and Hoiem 2016). teacher: the base as it was; None:
    there is nothing to keep.
    """
    known = {name.removeprefix(KNOWN): t for name, t in batch.items() if name.startswith(KNOWN)}
    logits = logits_of(model, known)
    loss = loss_of(model, batch) + label_loss(logits, known["labels"])
    if teacher is None:
        return loss
    with torch.no_grad():
        wanted = logits_of(teacher, known)
    return loss + KEEPING * distance(logits, wanted)[known["attention_mask"] == 1].mean()


def distance(given: Tensor, wanted: Tensor) -> Tensor:
    """[windows, tokens, tags] logits, twice -> [windows, tokens] KL divergence of the first."""
    logs, goal = given.log_softmax(-1), wanted.log_softmax(-1)
    return F.kl_div(logs, goal, reduction="none", log_target=True).sum(-1)


def _start(tuning: Tuning) -> tuple[PreTrainedModel, PreTrainedTokenizerBase, Preprocess]:
    """What to train. NianbaoError E604 where the other encoder is not to be had or does not fit."""
    if tuning.encoder is not None:
        try:
            return new_model(None, tuning.encoder, {})
        except _UNFIT as error:
            cause = str(error).strip().partition("\n")[0]
            name = tuning.encoder
            reason = f"打不开 {name}：{cause} | {name} cannot be opened: {cause}"
            raise NianbaoError("E604", reason=reason) from error
    model = AutoModelForTokenClassification.from_pretrained(
        tuning.base, dtype=torch.float32, local_files_only=True
    )
    tokenizer = AutoTokenizer.from_pretrained(tuning.base, local_files_only=True)
    raw = (tuning.base / "preprocess.json").read_bytes()
    return model, tokenizer, Preprocess.model_validate_json(raw)
