import json
import pickle
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F
from transformers import BertConfig, BertTokenizer

from nianbao.models.characters import Characters, fold, vocabulary
from nianbao.models.document import Document
from nianbao.models.encoder import IGNORED
from nianbao.models.folder import Preprocess
from nianbao.models.labels import TAG_IDS, TAGS, Label, Span
from nianbao.training import tagger
from nianbao.training.folds import fold as fold_of
from nianbao.training.foreign import foreign_preprocess, own_tokenizer
from nianbao.training.stream import BATCH, Stream, batches_of, bio_tags, examples
from nianbao.training.synthetic.report import sample

OURS = Characters(vocabulary())
PLAIN = Preprocess(name="x", version="0", window=64, overlap=8)


def document(text: str, *spans: Span) -> Document:
    return Document("-", text, "txt", "", "utf-8", spans=spans)


def test_tags_begin_and_continue() -> None:
    spans = (Span(1, 3, Label.ROW), Span(3, 4, Label.VALUE))
    tags = [TAGS[tag] for tag in bio_tags(spans, np.arange(5))]
    assert tags == ["O", "B-ROW", "I-ROW", "B-VALUE", "O"]


def test_tags_follow_the_characters_that_are_left() -> None:
    offsets = np.array([0, 1, 2, 7, 8])  # 3 to 6 were shortened away
    tags = bio_tags((Span(1, 8, Label.NOISE), Span(8, 9, Label.ROW)), offsets)
    assert [TAGS[tag] for tag in tags] == ["O", "B-NOISE", "I-NOISE", "I-NOISE", "B-ROW"]


@given(st.integers(0, 300), st.integers(0, 1000))
def test_windows_of_a_document_carry_its_own_characters(n_lines: int, seed: int) -> None:
    text = "".join(f"行政许可\t{i}\n" for i in range(n_lines))
    spans = tuple(Span(i, i + 4, Label.ROW) for i in range(len(text)) if text.startswith("行政", i))
    begins = TAG_IDS["B-ROW"]
    for example in examples(document(text, *spans), PLAIN, OURS, random.Random(seed)):
        assert 0 < len(example.ids) == len(example.tags) <= 64
        first, hidden = OURS.ids("行\U0010ffff")
        assert (example.tags[example.ids == first] == begins).all()
        assert np.isin(example.ids[example.tags == begins], (first, hidden)).all()


def test_a_document_that_nobody_labelled_teaches_no_label() -> None:
    for example in examples(document("行政许可\t12\n" * 30), PLAIN, OURS, random.Random(0)):
        assert (example.tags == IGNORED).all()


def test_the_loss_is_the_mean_over_what_has_a_tag_and_nothing_where_nothing_has() -> None:
    logits = torch.randn(2, 6, len(TAGS), generator=torch.Generator().manual_seed(0))
    labels = torch.tensor([[0, 3, IGNORED, 1, IGNORED, 2], [IGNORED] * 6])
    tagged = labels != IGNORED
    mean = F.cross_entropy(logits[tagged], labels[tagged], label_smoothing=tagger.SMOOTHING)
    torch.testing.assert_close(tagger.label_loss(logits, labels), mean)
    assert tagger.label_loss(logits[1:], labels[1:]) == 0


def test_only_chinese_characters_are_hidden_and_now_and_then_none() -> None:
    text = "行政许可 | 12 |\n" * 100
    shown, digits = OURS.ids(text), [i for i, char in enumerate(text) if char.isascii()]
    own = Preprocess(name="x", version="0")
    shares = set()
    for seed in range(40):
        for example in examples(document(text), own, OURS, random.Random(seed)):
            if len(example.ids) == len(text):
                assert (example.ids[digits] == shown[digits]).all()
                shares.add(round(float((example.ids != shown).mean()), 2))
    assert 0.0 in shares and max(shares) > 0.03


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=40))
@settings(deadline=None, max_examples=20)
def test_batches_hold_every_window_once_and_padding_teaches_nothing(lengths: list[int]) -> None:
    own = Preprocess(name="x", version="0")
    pool = [
        example
        for length in lengths
        for example in examples(document("年" * length), own, OURS, random.Random(0))
    ]
    batches = batches_of(pool, own, 1, random.Random(1))
    assert sum(int(batch["attention_mask"].sum()) for batch in batches) == sum(lengths)
    for batch in batches:
        assert batch["input_ids"].shape[1] % own.granule == 0
        assert batch["input_ids"].numel() <= BATCH + 16 * len(batch["input_ids"])
        padding = batch["attention_mask"] == 0
        assert (batch["labels"][padding] == IGNORED).all()
        assert (batch["input_ids"][padding] == own.pad).all()


def test_a_stream_goes_on_with_documents_that_it_has_not_shown() -> None:
    asked: list[int] = []

    def document_of(number: int) -> Document:
        asked.append(number)
        return document("规章\t0", Span(0, 2, Label.ROW))

    next(iter(Stream(document_of, PLAIN, OURS, 1, seed=0)))
    next(iter(Stream(document_of, PLAIN, OURS, 1, seed=0, first=1)))
    assert asked == list(range(96))


def test_training_learns_and_says_so(toy_run: Path) -> None:
    facts = json.loads((toy_run / "run.json").read_text(encoding="utf-8"))
    assert facts["evaluations"][-1]["f1"] > 0.95
    assert facts["evaluations"][-1]["f1_by_label"].keys() == {
        "TITLE", "SECTION", "ROW", "VALUE", "DATE",
    }  # fmt: skip
    assert facts["init"] is not None


def test_documents_reach_a_process_that_was_not_forked() -> None:
    source = tagger.synthetic_documents(3, fold_of(2), reports=5)
    assert pickle.loads(pickle.dumps(source))(7) == source(7)


def test_a_run_without_a_fold_draws_nothing_of_it() -> None:
    without = fold_of(2)
    of_fold = tagger.synthetic_documents(0, without)
    kept = without.others()
    for number in range(0, 6 * tagger.WHOLE_EVERY, tagger.WHOLE_EVERY):
        wanted = sample(number, "train", layouts=kept.layouts, damages=kept.damages)
        assert of_fold(number) == wanted.document


def test_the_end_of_the_narrative_carries_its_own_labels() -> None:
    ends = 0
    for number in range(1, 40):
        found = sample(number, "train")
        end = tagger.narrative_end(found)
        assert found.document.text.endswith(end.text)
        cut = len(found.document.text) - len(end.text)
        kept = [span for span in found.document.spans if span.start >= cut]
        assert [end.wording(s) for s in end.spans] == [found.document.wording(s) for s in kept]
        items = (Label.PROBLEM, Label.MEASURE)
        assert [s.label for s in end.spans if s.label in items] == [
            s.label for s in found.document.spans if s.label in items
        ]
        ends += cut > 0
    assert ends > 20


def test_a_small_training_set_comes_again_and_again() -> None:
    few = tagger.synthetic_documents(3, reports=5)
    assert few(1) == few(6) != few(2)
    assert few(tagger.DEV_SEED) == tagger.synthetic_documents(3)(tagger.DEV_SEED)


def test_our_tokenizer_gives_the_ids_that_inference_uses(toy_run: Path) -> None:
    from transformers import AutoTokenizer

    text = "一、總體情況\n|\t３ \u3000年😀\n"
    tokenizer = AutoTokenizer.from_pretrained(toy_run)
    assert tokenizer(fold(text))["input_ids"] == OURS.ids(text).tolist()
    assert own_tokenizer().get_vocab() == vocabulary()


def test_another_encoder_takes_the_place_of_ours(
    tiny_bert: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "青禾县2022年度报告\n" + "规章\t3\n" * 40
    spans = tuple(Span(i, i + 2, Label.ROW) for i in range(len(text)) if text.startswith("规", i))
    monkeypatch.setattr(tagger, "synthetic_documents", lambda *_: lambda i: document(text, *spans))
    out = tmp_path / "run"
    arguments = ["--encoder", str(tiny_bert), "--out", str(out), "--workers", "0", "--dev", "1"]
    tagger.main([*arguments, "--steps", "25", "--learning-rate", "0.02"])
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert facts["evaluations"][-1]["f1"] > 0.9
    preprocess = Preprocess.model_validate_json((out / "preprocess.json").read_bytes())
    assert (preprocess.window, preprocess.overlap) == (128, 32)
    assert preprocess.aliases["\t"] == "[unused2]"
    assert preprocess.aliases["A"] == "a"


def test_a_vocabulary_without_chinese_characters_is_refused() -> None:
    tokenizer = BertTokenizer(vocab={"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "年": 4})
    with pytest.raises(ValueError, match="no token for most Chinese characters"):
        foreign_preprocess("latin", tokenizer, BertConfig())
