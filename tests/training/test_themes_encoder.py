"""Encoders that label a statement as a whole: ours, and others by name."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from nianbao.inference.themes import load_classifier
from nianbao.models.characters import Characters, vocabulary
from nianbao.models.encoder import NianbaoConfig, NianbaoForMaskedLM
from nianbao.models.themes import theme_ids
from nianbao.training.themes import compare, encoder, results
from nianbao.training.themes.corpus import Part, split
from nianbao.training.themes.extra import Examples

TEXTS = ("栏目更新慢", "政策解读少，形式单一，群众看不懂")


N = 150


def few(name: str) -> Part:
    """So many statements that every theme is among them."""
    return split(name).only(np.arange(N))


def few_phrases(known: Sequence[str]) -> Examples:
    return split("dev").only(np.arange(N, N + 40)).examples


@pytest.fixture(scope="module")
def own_init(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init")
    config = NianbaoConfig(
        vocab_size=len(vocabulary()),
        char_size=16,
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=3,
        num_attention_heads=1,
    )
    torch.manual_seed(0)
    NianbaoForMaskedLM(config).save_pretrained(folder)
    return folder


def test_padding_changes_no_logit(own_init: Path) -> None:
    model = encoder.new_network(own_init, None)[0].eval()
    ids = torch.arange(10, 42)[None]
    padded = torch.cat((ids, torch.zeros((1, 32), dtype=torch.long)), 1)
    mask = (padded > 0).long()
    with torch.inference_mode():
        alone = model(ids).logits
        torch.testing.assert_close(model(padded, mask).logits, alone)
        torch.testing.assert_close(model(padded).logits, alone)


def test_batches_show_every_text_once_an_epoch_and_go_on_where_they_stopped(
    own_init: Path,
) -> None:
    _, tokenizer, preprocess = encoder.new_network(own_init, None)
    rows = encoder.Rows(preprocess, Characters(tokenizer.get_vocab()))
    n = 2 * encoder.STATEMENTS
    gold = np.zeros((n, len(theme_ids())), np.bool_)
    gold[np.arange(n), np.arange(n) % len(theme_ids())] = True
    given = Examples(tuple(f"第{number}条" for number in range(n)), gold)
    stream = encoder.batches(given, rows, 1, seed=3, step=0)
    first, second, third = (next(stream) for _ in range(3))
    epoch = torch.cat((first["labels"], second["labels"])).sum(0)
    assert epoch.tolist() == gold.sum(0).tolist()
    resumed = next(encoder.batches(given, rows, 1, seed=3, step=2))
    assert all(torch.equal(third[name], resumed[name]) for name in third)


def test_encoders_are_trained_exported_and_compared(
    own_init: Path,
    tiny_bert: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for module in (encoder, compare):
        monkeypatch.setattr(module, "split", few)
        monkeypatch.setattr(module, "phrases", few_phrases)
    monkeypatch.setattr(compare, "STARTS", 1)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    encoder.main(["--init", str(own_init), "--out", str(ours), "--steps", "2"])
    encoder.main(["--encoder", str(tiny_bert), "--out", str(theirs), "--steps", "2"])
    told = [json.loads((run / "run.json").read_text("utf-8")) for run in (ours, theirs)]
    assert [facts["encoder"] for facts in told] == [None, str(tiny_bert)]
    out, folder = tmp_path / "themes.json", tmp_path / "shipped"
    runs = ["--run", str(ours), "--run", str(theirs)]
    compare.main([*runs, "--json", str(out), "--ship", str(folder)])
    found = results.load(out)
    names = [one.name for one in found.classifiers]
    assert names == ["characters", "words", "ours", "ours+", "theirs", "theirs+"]
    assert all(one.cost.milliseconds > 0 for one in found.classifiers)
    assert len(found.gold["test"].ids) == N
    assert "| theirs |" in capsys.readouterr().out
    assert load_classifier(folder).info.version == "1"


def test_a_text_has_the_same_logits_whatever_went_before(
    own_init: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder, "split", few)
    monkeypatch.setattr(encoder, "phrases", few_phrases)
    run = tmp_path / "run"
    encoder.main(["--init", str(own_init), "--out", str(run), "--steps", "1"])
    logits = encoder.onnx_logits(run, encoder.export_run(run, tmp_path))
    first = logits(TEXTS[0])
    logits(TEXTS[1])
    assert first.shape == (len(theme_ids()),)
    np.testing.assert_array_equal(logits(TEXTS[0]), first)
