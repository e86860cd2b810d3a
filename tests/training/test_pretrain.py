import lzma
from pathlib import Path

import numpy as np
import torch

from nianbao.models.characters import MASK, SPECIAL, UNKNOWN, Characters, vocabulary
from nianbao.models.encoder import IGNORED
from nianbao.training.pretrain import Corpus, batches, masked, read_texts

TOKENS = vocabulary()
MASK_ID, UNKNOWN_ID = TOKENS[MASK], TOKENS[UNKNOWN]


def test_texts_are_read_plain_or_packed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("第一篇\n续\n\n第二篇\n", encoding="utf-8")
    with lzma.open(tmp_path / "b.txt.xz", "wt", encoding="utf-8") as file:
        file.write("第三篇")
    texts = ["第一篇\n续", "第二篇\n", "第三篇"]
    assert read_texts([tmp_path]) == texts
    assert read_texts([tmp_path / "b.txt.xz", tmp_path / "a.txt"]) == [texts[2], *texts[:2]]


def test_a_share_of_the_characters_is_to_be_guessed() -> None:
    torch.manual_seed(0)
    ids = torch.randint(len(SPECIAL), len(TOKENS), (8, 2000))
    batch = masked(ids, len(TOKENS), MASK_ID, UNKNOWN_ID)
    chosen = batch["labels"] != IGNORED
    hidden = batch["input_ids"] != ids
    assert torch.equal(batch["labels"][chosen], ids[chosen])
    assert 0.12 < chosen.float().mean() < 0.17
    assert 0.76 < (batch["input_ids"][chosen] == MASK_ID).float().mean() < 0.84
    assert 0.86 < hidden[chosen].float().mean() < 0.94
    assert (batch["input_ids"][hidden & ~chosen] == UNKNOWN_ID).all()
    assert 0.01 < hidden[~chosen].float().mean() < 0.03


def test_unknown_characters_are_never_to_be_guessed() -> None:
    ids = torch.full((2, 500), UNKNOWN_ID)
    assert (masked(ids, len(TOKENS), MASK_ID, UNKNOWN_ID)["labels"] == IGNORED).all()


def test_windows_are_stretches_of_the_corpus() -> None:
    corpus = Corpus.of(["一二三四五六七", "甲乙丙丁"], Characters(TOKENS))
    whole = "".join(map(chr, corpus.ids))
    for row in corpus.windows(np.random.default_rng(0), 50, 6):
        assert "".join(map(chr, row)) in whole + whole


def test_the_same_step_gives_the_same_batch() -> None:
    corpus = Corpus.of(["总体情况" * 500], Characters(TOKENS))
    torch.manual_seed(0)
    first = next(batches([corpus, corpus], TOKENS, seed=3, step=5))
    torch.manual_seed(0)
    again = next(batches([corpus, corpus], TOKENS, seed=3, step=5))
    assert torch.equal(first["input_ids"], again["input_ids"])
