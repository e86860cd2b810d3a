import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from transformers import AutoModelForTokenClassification

from nianbao.inference.read import read
from nianbao.inference.tagger import NetworkTagger, load_tagger, onnx_run
from nianbao.models.folder import load_folder, shipped
from nianbao.models.labels import TAGS
from nianbao.models.sums import SUMS
from nianbao.training.card import card
from nianbao.training.export import GOLDEN_TEXT

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXTS = [GOLDEN_TEXT, "规章\t3\t0\t17\n", "一、总体情况\n" * 400]


def tags(tagger: NetworkTagger, text: str) -> NDArray[np.int64]:
    best: NDArray[np.int64] = tagger.logits(text).argmax(-1)
    return best


def test_the_folder_has_the_layout_of_hugging_face(toy_folder: Path) -> None:
    names = {file.relative_to(toy_folder).as_posix() for file in toy_folder.rglob("*.*")}
    assert names >= {
        "README.md", "config.json", "model.safetensors", "tokenizer.json", "labels.json",
        "tokenizer_config.json", "preprocess.json", "golden.json", "onnx/model_int8.onnx",
    }  # fmt: skip
    model = AutoModelForTokenClassification.from_pretrained(toy_folder)
    assert tuple(model.config.id2label.values()) == TAGS
    assert not list(toy_folder.rglob("*.data"))


def test_the_sums_are_those_of_the_files(toy_folder: Path) -> None:
    lines = (toy_folder / SUMS).read_text(encoding="utf-8").splitlines()
    assert len(lines) == sum(file.is_file() for file in toy_folder.rglob("*")) - 1
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((toy_folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("text", TEXTS)
def test_the_graph_in_fp32_gives_the_logits_of_torch(toy_folder: Path, text: str) -> None:
    folder = load_folder(toy_folder)
    run = onnx_run(toy_folder / "onnx" / "model.onnx")
    graph = NetworkTagger(folder.preprocess, folder.characters, run)
    torch_logits = load_tagger(toy_folder, "torch").logits(text)
    np.testing.assert_allclose(graph.logits(text), torch_logits, atol=1e-3)


@pytest.mark.parametrize("example", sorted(EXAMPLES.iterdir()), ids=lambda file: file.name)
def test_int8_gives_the_tags_of_torch(example: Path) -> None:
    """Of the shipped tagger: a toy's scores lie too close together for tags to be compared."""
    text = read(example).text
    int8, fp32 = load_tagger(shipped()), load_tagger(shipped(), "torch")
    assert (tags(int8, text) == tags(fp32, text)).mean() >= 0.998


def test_the_golden_case_holds_the_answers_of_both_runtimes(toy_folder: Path) -> None:
    golden = json.loads((toy_folder / "golden.json").read_text(encoding="utf-8"))
    assert golden["tags"].keys() == {"onnx", "torch"}
    assert len(golden["ids"]) == len(golden["text"]) == len(golden["tags"]["onnx"])
    assert tags(load_tagger(toy_folder), golden["text"]).tolist() == golden["tags"]["onnx"]


def test_the_card_says_what_the_run_recorded(toy_run: Path) -> None:
    run = json.loads((toy_run / "run.json").read_text(encoding="utf-8"))
    text = card(run, "3")
    assert f"| 参数 Parameters | {run['parameters']:,} |" in text
    assert f"| VALUE | {run['evaluations'][-1]['f1_by_label']['VALUE']:.4f} |" in text
    assert "| 预训练权重 Pre-trained weights (sha256) | " + run["init"] in text


def test_the_graph_tells_no_path_of_the_machine(toy_folder: Path) -> None:
    graph = (toy_folder / "onnx" / "model_int8.onnx").read_bytes()
    assert b"encoder.py" not in graph
    assert b"site-packages" not in graph
