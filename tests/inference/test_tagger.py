import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nianbao.inference.tagger import NetworkTagger, Runtime, load_tagger
from nianbao.models.characters import Characters, vocabulary
from nianbao.models.errors import BadModel
from nianbao.models.folder import Preprocess, load_folder
from nianbao.models.labels import TAG_IDS, TAGS, Label
from nianbao.models.sums import write_sums

TEXT = "白石市年度报告\n二、主动公开政府信息情况\n规章\t3\t0\t17\n2021年1月9日\n"


@pytest.fixture(scope="module")
def tagger(toy_folder: Path) -> NetworkTagger:
    return load_tagger(toy_folder)


@pytest.mark.parametrize("runtime", ["onnx", "torch"])
def test_a_trained_tagger_finds_the_parts_of_a_report(toy_folder: Path, runtime: Runtime) -> None:
    spans = load_tagger(toy_folder, runtime).tag(TEXT)
    assert [(TEXT[span.start : span.end], span.label) for span in spans] == [
        ("白石市年度报告", Label.TITLE),
        ("二、主动公开政府信息情况", Label.SECTION),
        ("规章", Label.ROW),
        ("3", Label.VALUE),
        ("0", Label.VALUE),
        ("17", Label.VALUE),
        ("2021年1月9日", Label.DATE),
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\u3000"])
def test_blank_text_has_no_spans(tagger: NetworkTagger, text: str) -> None:
    assert tagger.tag(text) == ()


def by_character(ids: NDArray[np.int64], n_real: int) -> NDArray[np.float32]:
    """A network that calls every 章 a title, wherever it stands, and nothing else anything."""
    assert ids.shape[1] <= 3072
    is_title = ids[0] == vocabulary()["章"]
    logits = np.zeros((ids.shape[1], len(TAGS)), dtype=np.float32)
    logits[is_title, TAG_IDS["B-TITLE"]] = 9
    logits[~is_title, TAG_IDS["O"]] = 9
    return logits


def test_a_span_takes_in_the_reading_of_its_last_character() -> None:
    tagger = NetworkTagger(
        Preprocess(name="x", version="0"), Characters(vocabulary()), by_character
    )
    text = "規(guī)章(zhāng)章 章(2021)"
    assert [text[span.start : span.end] for span in tagger.tag(text)] == ["章(zhāng)", "章", "章"]


def test_a_long_text_is_read_through_windows_and_each_span_found_once() -> None:
    tagger = NetworkTagger(
        Preprocess(name="x", version="0"), Characters(vocabulary()), by_character
    )
    text = TEXT * 300
    found = [span.start for span in tagger.tag(text)]
    assert found == [i for i, char in enumerate(text) if char == "章"]


def test_a_flood_of_pipes_is_shortened_for_the_network_alone() -> None:
    lengths: list[int] = []

    def run(ids: NDArray[np.int64], n_real: int) -> NDArray[np.float32]:
        lengths.append(ids.shape[1])
        logits = np.zeros((ids.shape[1], len(TAGS)), dtype=np.float32)
        logits[:, TAG_IDS["O"]] = 5
        logits[66, TAG_IDS["B-ROW"]], logits[67, TAG_IDS["I-ROW"]] = 9, 9
        return logits

    tagger = NetworkTagger(Preprocess(name="x", version="0"), Characters(vocabulary()), run)
    text = "年报" + "|" * 5000 + "规章"
    (span,) = tagger.tag(text)
    assert text[span.start : span.end] == "规章"
    assert lengths == [80]  # 68 characters in whole granules


def test_a_document_is_labelled_alike_in_any_company(tagger: NetworkTagger) -> None:
    alone = tagger.tag(TEXT)
    tagger.tag("x" * 5000)
    assert tagger.tag(TEXT) == alone


def test_a_network_of_another_shape_is_refused() -> None:
    preprocess = Preprocess(name="x", version="0")
    few = NetworkTagger(
        preprocess, Characters(vocabulary()), lambda ids, n: np.zeros((1, 3), dtype=np.float32)
    )
    with pytest.raises(BadModel, match="E301"):
        few.tag("年报")


@pytest.mark.parametrize("runtime", ["onnx", "torch"])
def test_a_network_that_answers_otherwise_than_it_did_is_refused(
    toy_folder: Path, tmp_path: Path, runtime: Runtime
) -> None:
    folder = shutil.copytree(toy_folder, tmp_path / "folder")
    golden = json.loads((folder / "golden.json").read_text(encoding="utf-8"))
    golden["tags"] = {name: [26] * len(tags) for name, tags in golden["tags"].items()}
    (folder / "golden.json").write_text(json.dumps(golden), encoding="utf-8")
    write_sums(folder)
    with pytest.raises(BadModel, match="golden"):
        load_tagger(folder, runtime)


def test_a_file_that_is_no_graph_is_refused(toy_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(toy_folder, tmp_path / "folder")
    (folder / "onnx" / "model_int8.onnx").write_bytes(b"no graph")
    write_sums(folder)
    with pytest.raises(BadModel, match="cannot be loaded"):
        load_tagger(folder)


def test_the_tagger_says_which_model_it_is(toy_folder: Path, tagger: NetworkTagger) -> None:
    assert tagger.info.sha256 == load_folder(toy_folder).sha256
    assert tagger.info.name == "nianbao-tagger"


def test_the_default_runtime_never_imports_torch(toy_folder: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from nianbao.inference.tagger import load_tagger\n"
        f"load_tagger(Path({str(toy_folder)!r})).tag('一、总体情况')\n"
        "assert not {'torch', 'transformers', 'opencc'} & set(sys.modules)\n"
    )
    root = Path(sys.modules["nianbao"].__file__ or "").parents[1]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
