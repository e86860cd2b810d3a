import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError
from torch import Tensor, nn

from nianbao.models.encoder import NianbaoConfig, NianbaoForMaskedLM
from nianbao.training.loop import CHECKPOINT, Batch, Loop, LoopConfig, write_run

CONFIG = NianbaoConfig(
    vocab_size=50,
    char_size=8,
    hidden_size=16,
    intermediate_size=16,
    num_hidden_layers=3,
    num_attention_heads=1,
)


def batches(step: int) -> Iterator[Batch]:
    while True:
        generator = torch.Generator().manual_seed(step)
        ids = torch.randint(3, 50, (2, 32), generator=generator)
        yield {"input_ids": ids, "labels": ids}
        step += 1


def loss_of(model: nn.Module, batch: Batch) -> Tensor:
    loss: Tensor = model(**batch).loss
    return loss


def loop(out: Path, steps: int) -> Loop:
    torch.manual_seed(0)
    model = NianbaoForMaskedLM(CONFIG)
    return Loop(model, LoopConfig(steps=steps, warmup=2), out)


def test_a_run_that_was_interrupted_ends_as_one_that_was_not(tmp_path: Path) -> None:
    whole = loop(tmp_path / "whole", 6)
    whole.train(batches, loss_of)

    def broken_off(step: int) -> Iterator[Batch]:
        for number, batch in enumerate(batches(step), step):
            if number == 3:
                part.save()
                raise KeyboardInterrupt
            yield batch

    part = loop(tmp_path / "part", 6)
    with pytest.raises(KeyboardInterrupt):
        part.train(broken_off, loss_of)
    rest = loop(tmp_path / "part", 6)
    rest.resume()
    assert rest.step == 3
    rest.train(batches, loss_of)
    assert rest.characters == whole.characters == 6 * 64
    for name, weight in whole.model.state_dict().items():
        torch.testing.assert_close(rest.model.state_dict()[name], weight, msg=name)


def test_a_run_leaves_its_model_its_log_and_its_facts(tmp_path: Path) -> None:
    run = loop(tmp_path, 3)
    run.train(batches, loss_of, lambda: {"f1": 0.5})
    write_run(run, "test", answer=42)
    facts = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (facts["step"], facts["answer"]) == (3, 42)
    assert facts["evaluations"] == [{"step": 3, "f1": 0.5}]
    log = (tmp_path / "metrics.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(log[0])["loss"] > 0
    again = NianbaoForMaskedLM.from_pretrained(tmp_path)
    assert torch.equal(again.guess.weight, run.model.get_parameter("guess.weight"))
    assert not list(tmp_path.glob("*.new"))


def test_a_run_that_was_stopped_after_its_last_step_takes_no_other(tmp_path: Path) -> None:
    run = loop(tmp_path, 3)
    run.train(batches, loss_of)
    (tmp_path / "model.safetensors").unlink()  # the checkpoint is written first
    again = loop(tmp_path, 3)
    again.resume()
    again.train(batches, loss_of, lambda: pytest.fail("it was evaluated before"))
    assert again.step == 3
    saved = NianbaoForMaskedLM.from_pretrained(tmp_path)
    assert torch.equal(saved.guess.weight, run.model.get_parameter("guess.weight"))


@pytest.mark.parametrize("kept", [0, 1000])
def test_a_checkpoint_that_was_cut_off_is_told_and_changes_nothing(
    kept: int, tmp_path: Path
) -> None:
    loop(tmp_path, 3).train(batches, loss_of)
    file = tmp_path / CHECKPOINT
    file.write_bytes(file.read_bytes()[:kept])
    again = loop(tmp_path, 3)
    with pytest.raises(SafetensorError):
        again.resume()
    assert again.step == 0


def test_a_disk_that_takes_no_more_leaves_the_checkpoint_of_before(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    run = loop(tmp_path, 3)
    run.save()
    before = (tmp_path / CHECKPOINT).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            run.save()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / CHECKPOINT).read_bytes() == before


def test_going_on_without_a_checkpoint_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=CHECKPOINT):
        loop(tmp_path, 1).resume()


def test_a_run_needs_a_budget() -> None:
    with pytest.raises(ValueError, match="minutes or steps"):
        LoopConfig()


@given(st.integers(0, 1000), st.floats(0, 700))
def test_the_rate_stays_between_nothing_and_its_peak(step: int, seconds: float) -> None:
    config = LoopConfig(minutes=10, steps=900)
    assert 0 < config.rate(seconds, step) <= config.learning_rate
    assert 0 <= config.progress(seconds, step) <= 1
