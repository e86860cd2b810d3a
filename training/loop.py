"""The training loop: a budget, a schedule, checkpoints in one file, a log.

A run lives in a folder: `checkpoint.safetensors` (all it needs to go on), `metrics.jsonl`,
`run.json` (what it saw and what came of it), and the model in Hugging Face form.
"""

import json
import math
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from ..models.durable import become
from .memory import keep_memory

Batch = dict[str, Tensor]
Metrics = dict[str, Any]

CHECKPOINT = "checkpoint.safetensors"


@dataclass(frozen=True, kw_only=True, slots=True)
class LoopConfig:
    """The budget is whichever of minutes and steps ends first; one must be given."""

    minutes: float | None = None
    steps: int | None = None
    learning_rate: float = 2e-3  # peak; small models take more than BERT's 5e-5
    warmup: int = 100  # steps
    weight_decay: float = 0.01
    clip: float = 1.0  # norm of the gradient
    log_seconds: float = 10.0
    save_seconds: float = 120.0
    evaluate_seconds: float = 240.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.minutes is None and self.steps is None:
            raise ValueError("give minutes or steps")

    def progress(self, seconds: float, step: int) -> float:
        """The share of the budget that is spent: 0 to 1."""
        by_time = seconds / (60 * self.minutes) if self.minutes is not None else 0.0
        by_steps = step / self.steps if self.steps is not None else 0.0
        return min(1.0, max(by_time, by_steps))

    def rate(self, seconds: float, step: int) -> float:
        """The learning rate: a linear warm-up, then half a cosine down to a hundredth."""
        cosine = 0.5 * (1 + math.cos(math.pi * self.progress(seconds, step)))
        return self.learning_rate * min(1.0, (step + 1) / self.warmup) * (0.01 + 0.99 * cosine)


def optimizer_of(model: nn.Module, config: LoopConfig) -> torch.optim.AdamW:
    """AdamW; norms, biases and embeddings do not decay."""
    fixed = {p for m in model.modules() if isinstance(m, nn.Embedding) for p in m.parameters()}
    parameters = [p for p in model.parameters() if p.requires_grad]
    decays = [p for p in parameters if p.ndim > 1 and p not in fixed]
    others = [p for p in parameters if p.ndim <= 1 or p in fixed]
    groups = [
        {"params": decays, "weight_decay": config.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98))


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Loop:
    """Trains `model` within the budget of `config`, in the folder `out`.

    tell: is given a line now and then; standard error where nothing else is said.
    """

    def __init__(
        self,
        model: nn.Module,
        config: LoopConfig,
        out: Path,
        tell: Callable[[str], None] = _tell,
    ) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device)
        self.config = config
        self.out = out
        self._tell = tell
        self.optimizer = optimizer_of(model, config)
        self.step = 0
        self.seconds = 0.0  # of training, over all resumptions
        self.characters = 0
        self.evaluations: list[Metrics] = []
        out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(config.seed)

    def train(
        self,
        batches: Callable[[int], Iterator[Batch]],
        loss_of: Callable[[nn.Module, Batch], Tensor],
        evaluate: Callable[[], Metrics] | None = None,
    ) -> None:
        """Train until the budget is spent; save and evaluate on the way and at the end.

        batches: from a step on, endless; the same step gives the same batch.
        """
        if self.config.progress(self.seconds, self.step) >= 1:
            self.save()  # resumed: it was stopped after its last step, perhaps before this was done
            return
        keep_memory()
        self.model.train()
        clock = _Clock(self.config)
        losses: list[Tensor] = []
        for batch in batches(self.step):
            losses.append(self._update(batch, loss_of))
            self.seconds += clock.lap()
            done = self.config.progress(self.seconds, self.step) >= 1
            if done or clock.due("log"):
                self._log(float(torch.stack(losses).mean()))
                losses.clear()
            if evaluate is not None and (done or clock.due("evaluate")):
                self._evaluate(evaluate)
            if done or clock.due("save"):
                self.save()
            clock.lap()  # logging, evaluation and saving are not training
            if done:
                break

    def _update(self, batch: Batch, loss_of: Callable[[nn.Module, Batch], Tensor]) -> Tensor:
        rate = self.config.rate(self.seconds, self.step)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        batch = {name: tensor.to(self.device) for name, tensor in batch.items()}
        with torch.autocast(self.device.type, torch.bfloat16):
            loss = loss_of(self.model, batch)
        self.optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip)
        self.optimizer.step()
        self.step += 1
        self.characters += sum(
            tensor.numel() for name, tensor in batch.items() if name.endswith("input_ids")
        )
        return loss.detach()

    def _log(self, loss: float) -> None:
        progress = self.config.progress(self.seconds, self.step)
        left = self.seconds * (1 / progress - 1) / 60
        pace = self.characters / self.seconds
        self._record({"loss": round(loss, 4), "characters_per_second": round(pace)})
        self._tell(
            f"step {self.step}  loss {loss:.4f}  {pace:,.0f} characters/s  {left:.1f} min left"
        )

    def _evaluate(self, evaluate: Callable[[], Metrics]) -> None:
        self.model.eval()
        metrics = {"step": self.step, **evaluate()}
        self.model.train()
        self.evaluations.append(metrics)
        self._record({"evaluation": metrics})
        self._tell(json.dumps(metrics, ensure_ascii=False))

    def _record(self, values: Metrics) -> None:
        line = {"step": self.step, "seconds": round(self.seconds, 1), **values}
        with (self.out / "metrics.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def save(self) -> None:
        """Write the checkpoint and the model; each file is whole or the one before.

        OSError where the disk does not take them.
        """
        tensors = {f"model.{k}": v.contiguous() for k, v in self.model.state_dict().items()}
        for index, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{k}": v for k, v in state.items()}
        tensors["rng"] = torch.get_rng_state()
        counters = {
            "step": self.step,
            "seconds": self.seconds,
            "characters": self.characters,
            "evaluations": self.evaluations,
        }
        new = self.out / f"{CHECKPOINT}.new"
        try:
            save_file(tensors, new, metadata={"counters": json.dumps(counters)})
            become(new, self.out / CHECKPOINT)
            save_model(self.model, self.out)
        except SafetensorError as error:  # so it calls a full disk
            raise OSError(str(error)) from error

    def resume(self) -> None:
        """Go on from the folder's checkpoint.

        FileNotFoundError where there is none, SafetensorError where it is spoiled.
        """
        with safe_open(self.out / CHECKPOINT, framework="pt") as file:
            counters = json.loads(file.metadata()["counters"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}
        self.step = counters["step"]
        self.seconds = counters["seconds"]
        self.characters = counters["characters"]
        self.evaluations = counters["evaluations"]
        torch.set_rng_state(tensors.pop("rng"))
        optimizer = self.optimizer.state_dict()
        weights = {}
        for name, tensor in tensors.items():
            kind, _, rest = name.partition(".")
            if kind == "model":
                weights[rest] = tensor
            else:
                index, _, field = rest.partition(".")
                optimizer["state"].setdefault(int(index), {})[field] = tensor
        self.model.load_state_dict(weights)
        self.optimizer.load_state_dict(optimizer)


class _Clock:
    """Seconds since the last lap, and whether a periodic task is due."""

    def __init__(self, config: LoopConfig) -> None:
        self._periods = {
            "log": config.log_seconds,
            "save": config.save_seconds,
            "evaluate": config.evaluate_seconds,
        }
        self._last = dict.fromkeys(self._periods, time.monotonic())
        self._lap = time.monotonic()

    def lap(self) -> float:
        now = time.monotonic()
        seconds, self._lap = now - self._lap, now
        return seconds

    def due(self, task: str) -> bool:
        now = time.monotonic()
        if now - self._last[task] < self._periods[task]:
            return False
        self._last[task] = now
        return True


def save_model(model: Any, out: Path) -> None:
    """Write a transformers model so that no reader meets half a file."""
    new = out / "model.new"
    model.save_pretrained(new)
    for file in sorted(new.iterdir()):
        os.replace(file, out / file.name)
    new.rmdir()


def write_run(loop: Loop, kind: str, **facts: Any) -> None:
    """Write `run.json`: what the run was given, what it ran on and what came of it."""
    run = {
        "kind": kind,
        "loop": asdict(loop.config),
        **facts,
        "parameters": sum(p.numel() for p in loop.model.parameters()),
        "step": loop.step,
        "seconds": round(loop.seconds, 1),
        "characters": loop.characters,
        "evaluations": loop.evaluations,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "device": loop.device.type,
    }
    text = json.dumps(run, ensure_ascii=False, indent=1)
    (loop.out / "run.json").write_text(text + "\n", encoding="utf-8")
