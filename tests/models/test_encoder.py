from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F
from transformers import AutoModel, AutoModelForMaskedLM, AutoModelForTokenClassification

from nianbao.models.characters import vocabulary
from nianbao.models.encoder import (
    IGNORED,
    NianbaoConfig,
    NianbaoForMaskedLM,
    NianbaoForTokenClassification,
    NianbaoModel,
)
from nianbao.models.labels import TAGS

CONFIG = NianbaoConfig(
    vocab_size=100,
    char_size=16,
    hidden_size=48,
    intermediate_size=32,
    num_hidden_layers=3,
    id2label=dict(enumerate(TAGS)),
)


@pytest.fixture(scope="module")
def model() -> NianbaoForTokenClassification:
    torch.manual_seed(1)
    # that of PyTorch: the override in transformers has no types
    return nn.Module.eval(NianbaoForTokenClassification(CONFIG))


def some_ids(length: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, CONFIG.vocab_size, (1, length), generator=generator)


@settings(deadline=None, max_examples=10)
@given(length=st.integers(1, 150), padding=st.integers(0, 100))
def test_logits_do_not_depend_on_padding(
    model: NianbaoForTokenClassification, length: int, padding: int
) -> None:
    ids = some_ids(length)
    with torch.inference_mode():
        alone = model(ids).logits
        padded = model(F.pad(ids, (0, padding))).logits[:, :length]
    assert alone.shape == (1, length, len(TAGS))
    torch.testing.assert_close(padded, alone, atol=1e-5, rtol=1e-4)


def test_logits_do_not_depend_on_neighbours_in_the_batch(
    model: NianbaoForTokenClassification,
) -> None:
    short, long = some_ids(37, seed=1), some_ids(90, seed=2)
    with torch.inference_mode():
        together = model(torch.cat((F.pad(short, (0, 53)), long))).logits
        torch.testing.assert_close(together[:1, :37], model(short).logits, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(together[1:], model(long).logits, atol=1e-5, rtol=1e-4)


def test_a_mask_that_is_given_counts_as_padding_does(model: NianbaoForTokenClassification) -> None:
    ids = some_ids(64)
    mask = (torch.arange(64) < 40).long()[None]
    with torch.inference_mode():
        masked = model(ids, attention_mask=mask).logits[:, :40]
        torch.testing.assert_close(masked, model(ids[:, :40]).logits, atol=1e-5, rtol=1e-4)


def test_every_character_sees_the_whole_text(model: NianbaoForTokenClassification) -> None:
    ids = some_ids(640)
    changed = ids.clone()
    changed[0, -1] = 3 if ids[0, -1] != 3 else 4
    with torch.inference_mode():
        difference = (model(ids).logits - model(changed).logits).abs().amax(-1)[0]
    assert (difference > 0).all()


def test_the_encoder_to_begin_with_has_the_size_that_was_measured() -> None:
    config = NianbaoConfig(vocab_size=len(vocabulary()), id2label=dict(enumerate(TAGS)))
    n_parameters = sum(p.numel() for p in NianbaoForTokenClassification(config).parameters())
    assert 2_200_000 < n_parameters < 2_300_000


def test_pretrained_weights_find_their_way_through_the_auto_classes(tmp_path: Path) -> None:
    guesser = NianbaoForMaskedLM(CONFIG)
    guesser.save_pretrained(tmp_path)
    names = dict(enumerate(TAGS))
    tagger = AutoModelForTokenClassification.from_pretrained(tmp_path, id2label=names)
    again = AutoModelForMaskedLM.from_pretrained(tmp_path)
    bare = AutoModel.from_pretrained(tmp_path)
    assert isinstance(tagger, NianbaoForTokenClassification)
    assert isinstance(again, NianbaoForMaskedLM)
    assert isinstance(bare, NianbaoModel)
    for name, weight in guesser.encoder.state_dict().items():
        assert torch.equal(tagger.encoder.state_dict()[name], weight)
        assert torch.equal(bare.state_dict()[name], weight)


def test_guessing_looks_at_the_labelled_characters_alone() -> None:
    torch.manual_seed(2)
    guesser = nn.Module.eval(NianbaoForMaskedLM(CONFIG))
    ids = some_ids(50)
    labels = torch.full_like(ids, IGNORED)
    labels[0, [3, 30]] = 7
    with torch.inference_mode():
        some, everything = guesser(ids, labels=labels), guesser(ids).logits
    torch.testing.assert_close(some.logits, everything[0, [3, 30]])
    torch.testing.assert_close(
        some.loss, F.cross_entropy(everything[0, [3, 30]], labels[0, [3, 30]])
    )
