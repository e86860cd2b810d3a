"""The command in an empty folder, and a tiny tagger.

The tagger is trained for seconds on toy reports and exported as the real one is.
"""

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import settings

from nianbao.cli import main
from nianbao.models.document import Document
from nianbao.models.labels import Label, Span

# The same examples on every machine, and no test that fails for being slow.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="session", autouse=True)
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """No test sees the models that the developer trained, nor does a process that one starts."""
    folder = tmp_path_factory.mktemp("home") / "nianbao"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANBAO_HOME", str(folder))
        yield folder
    assert not folder.exists(), "a test wrote into the home of all"


class Shell(Protocol):
    def __call__(self, *words: str | Path | int) -> int: ...


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Shell:
    """Run `nianbao` in an empty folder; its exit status."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path | int) -> int:
        monkeypatch.setattr(sys, "argv", ["nianbao", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        assert isinstance(end.value.code, int)
        return end.value.code

    return run


def toy_document(number: int) -> Document:
    """A title, a heading, rows of a table, a date: enough to learn in seconds."""
    rng = random.Random(number)
    text, spans = "", []

    def write(wording: str, label: Label | None = None) -> None:
        nonlocal text
        if label is not None:
            spans.append(Span(len(text), len(text) + len(wording), label))
        text += wording

    write(rng.choice(("青禾县", "白石市", "云溪区")) + "年度报告", Label.TITLE)
    write("\n")
    write("二、主动公开政府信息情况", Label.SECTION)
    write("\n")
    for row in rng.choices(("规章", "行政许可", "行政处罚"), k=rng.randint(1, 4)):
        write(row, Label.ROW)
        for _ in range(3):
            write("\t")
            write(str(rng.randint(0, 999)), Label.VALUE)
        write("\n")
    write(f"{rng.randint(2020, 2025)}年1月{rng.randint(1, 31)}日", Label.DATE)
    write("\n")
    return Document("-", text, "txt", "", "utf-8", spans=tuple(spans))


@pytest.fixture(scope="session")
def toy_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a finished training run of the tiny tagger."""
    import torch

    from nianbao.models.characters import vocabulary
    from nianbao.models.encoder import NianbaoConfig, NianbaoForMaskedLM
    from nianbao.training import tagger

    folder = tmp_path_factory.mktemp("toy")
    config = NianbaoConfig(
        vocab_size=len(vocabulary()),
        char_size=32,
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=3,
        num_attention_heads=1,
    )
    torch.manual_seed(0)
    NianbaoForMaskedLM(config).save_pretrained(folder / "init")
    arguments = ["--init", str(folder / "init"), "--out", str(folder / "run")]
    arguments += ["--steps", "80", "--workers", "0", "--dev", "8", "--learning-rate", "0.01"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tagger, "synthetic_documents", lambda *_: toy_document)
        tagger.main(arguments)
    return folder / "run"


@pytest.fixture(scope="session")
def toy_folder(toy_run: Path) -> Path:
    """The tiny tagger as a model folder."""
    from nianbao.training.export import main

    out = toy_run.parent / "folder"
    main([str(toy_run), "--out", str(out), "--keep-fp32"])
    return out


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder as others publish theirs: uncased, no whitespace, short windows."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    from nianbao.models.characters import ALPHABET

    folder = tmp_path_factory.mktemp("bert")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *(f"[unused{i}]" for i in range(1, 6))]
    signs = [char for char in ALPHABET if not char.isspace() and not "A" <= char <= "Z"]
    tokens = {token: index for index, token in enumerate([*special, *signs])}
    BertTokenizer(vocab=tokens).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tokens),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=130,
    )
    BertModel(config).save_pretrained(folder)
    return folder
