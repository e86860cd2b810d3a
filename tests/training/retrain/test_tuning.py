import copy
import json
import shutil
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForTokenClassification

from nianbao.models.errors import NianbaoError
from nianbao.models.folder import Preprocess, shipped
from nianbao.models.labels import TAGS
from nianbao.training.loop import CHECKPOINT
from nianbao.training.retrain.tuning import (
    KNOWN,
    RATE,
    STEPS,
    STEPS_FOREIGN,
    STEPS_PER_REPORT,
    Tuning,
    distance,
    loss_of_both,
    tune,
)
from nianbao.training.tagger import RATE_FOREIGN, loss_of
from tests.conftest import toy_document


@given(st.integers(1, 10**4))
def test_more_reports_take_more_steps_within_bounds(n: int) -> None:
    config = Tuning(base=shipped()).loop(n)
    assert config.steps is not None
    assert STEPS[0] <= config.steps <= STEPS[1]
    assert config.steps in (*STEPS, STEPS_PER_REPORT * n)
    assert config.learning_rate == RATE


def test_a_budget_that_is_given_is_the_only_one() -> None:
    by_time = Tuning(base=shipped(), minutes=2.0).loop(50)
    assert (by_time.steps, by_time.minutes) == (None, 2.0)
    by_steps = Tuning(base=shipped(), steps=3).loop(50)
    assert (by_steps.steps, by_steps.minutes) == (3, None)


def test_another_encoder_is_taught_from_scratch_at_its_own_rate() -> None:
    config = Tuning(base=shipped(), encoder="x").loop(50)
    assert (config.steps, config.learning_rate) == (STEPS_FOREIGN, RATE_FOREIGN)


def test_a_model_is_at_no_distance_from_itself_and_at_some_from_any_other() -> None:
    logits = torch.randn(2, 5, len(TAGS), generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(distance(logits, logits), torch.zeros(2, 5), atol=1e-6, rtol=0)
    assert (distance(logits, logits.flip(-1)) > 0).all()


def a_batch() -> dict[str, torch.Tensor]:
    """Two windows of labelled text and, beside them, two of text that has none."""
    ids = torch.arange(10, 138).reshape(2, 64)
    own = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": ids % len(TAGS)}
    known = own | {"input_ids": ids + 200, "labels": torch.zeros_like(ids)}
    return own | {f"{KNOWN}{name}": tensor for name, tensor in known.items()}


def test_a_model_that_has_not_moved_pays_for_its_labels_alone() -> None:
    model = AutoModelForTokenClassification.from_pretrained(shipped()).eval()
    batch = a_batch()
    labels_alone = loss_of_both(None, model, batch)
    torch.testing.assert_close(loss_of_both(copy.deepcopy(model), model, batch), labels_alone)
    teacher = copy.deepcopy(model)
    with torch.no_grad():
        model.classifier.bias[0] += 1
    assert loss_of_both(teacher, model, batch) > loss_of_both(None, model, batch)


def test_the_labels_of_both_halves_count() -> None:
    model = AutoModelForTokenClassification.from_pretrained(shipped()).eval()
    batch = a_batch()
    beside = {name.removeprefix(KNOWN): t for name, t in batch.items() if name.startswith(KNOWN)}
    both = loss_of(model, batch) + loss_of(model, beside)
    torch.testing.assert_close(loss_of_both(None, model, batch), both)


@pytest.mark.usefixtures("small")
def test_another_encoder_can_take_the_place_of_ours(
    tiny_bert: Path, toy_folder: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    tuning = Tuning(base=toy_folder, encoder=str(tiny_bert), steps=2)
    tune(tuning, [toy_document(number) for number in range(5)], tmp_path / "run", told.append)
    facts = json.loads((tmp_path / "run/run.json").read_text("utf-8"))
    assert (facts["encoder"], facts["init"], facts["gold"]) == (str(tiny_bert), None, 5)
    raw = (tmp_path / "run/preprocess.json").read_bytes()
    assert Preprocess.model_validate_json(raw).prefix
    assert Tuning(base=tmp_path / "run").foreign == str(tiny_bert)
    assert told


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("kept", [0, 50])
def test_an_encoder_that_was_cut_off_is_told_in_both_languages(
    file: str, kept: int, tiny_bert: Path, toy_folder: Path, tmp_path: Path
) -> None:
    spoiled = tmp_path / "编码器"
    shutil.copytree(tiny_bert, spoiled)
    (spoiled / file).write_bytes((tiny_bert / file).read_bytes()[:kept])
    tuning = Tuning(base=toy_folder, encoder=str(spoiled), steps=1)
    with pytest.raises(NianbaoError) as caught:
        tune(tuning, [toy_document(0)], tmp_path / "run", pytest.fail)
    assert caught.value.code == "E604"
    assert f"打不开 {spoiled}：" in caught.value.message
    assert f"{spoiled} cannot be opened: " in caught.value.english


@pytest.mark.usefixtures("small")
def test_a_spoiled_checkpoint_is_told_and_training_begins_anew(
    toy_folder: Path, tmp_path: Path
) -> None:
    tmp_path.joinpath(CHECKPOINT).write_bytes(b"")
    told: list[str] = []
    gold = [toy_document(number) for number in range(5)]
    tune(Tuning(base=toy_folder, steps=2), gold, tmp_path, told.append)
    assert "存档坏了" in told[0]
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["step"] == 2
