import hashlib
import json
from pathlib import Path

import pytest

from nianbao.models.characters import Characters, vocabulary
from nianbao.models.errors import BadModel
from nianbao.models.folder import CONFIDENCE, load_folder, shipped
from nianbao.models.labels import TAGS
from nianbao.models.sums import SUMS

GOLDEN = "一、总体情况\n規章\t0"


def write_sums(folder: Path) -> None:
    files = sorted(f for f in folder.rglob("*") if f.is_file() and f.name != SUMS)
    sums = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}\n" for f in files]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder without a network: what load_folder looks at."""
    ids = Characters(vocabulary()).ids(GOLDEN).tolist()
    contents = {
        "config.json": {},
        "tokenizer.json": {"model": {"vocab": vocabulary()}},
        "labels.json": list(TAGS),
        "preprocess.json": {"name": "tiny", "version": "7"},
        "golden.json": {"text": GOLDEN, "ids": ids, "tags": {"onnx": [0] * len(ids)}},
    }
    for name, content in contents.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    write_sums(tmp_path)
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(BadModel) as caught:
        load_folder(folder)
    assert caught.value.code == "E301"
    return caught.value.english


def test_a_whole_folder_opens(folder: Path) -> None:
    opened = load_folder(folder)
    assert opened.preprocess.name == "tiny"
    assert opened.preprocess.window == 3072
    assert opened.sha256 == hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()
    assert opened.characters.ids(GOLDEN).tolist() == list(opened.golden.ids)


@pytest.mark.parametrize(
    "name", ["config.json", "tokenizer.json", "labels.json", "preprocess.json", "golden.json"]
)
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"{name} is missing" in refusal(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "golden.json"])
def test_one_changed_byte_is_refused(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")
    assert f"{name} has changed" in refusal(folder)


def test_a_file_that_the_sums_do_not_list_is_refused(folder: Path) -> None:
    sums = (folder / SUMS).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / SUMS).write_text("".join(s for s in sums if "labels" not in s), encoding="utf-8")
    assert "does not list labels.json" in refusal(folder)


def test_other_labels_are_refused(folder: Path) -> None:
    swapped = [*TAGS[:1], TAGS[2], TAGS[1], *TAGS[3:]]
    (folder / "labels.json").write_text(json.dumps(swapped), encoding="utf-8")
    write_sums(folder)
    assert "labels" in refusal(folder)


def test_a_vocabulary_that_has_shifted_is_refused(folder: Path) -> None:
    shifted = {token: index + (index > 100) for token, index in vocabulary().items()}
    content = {"model": {"vocab": shifted}}
    (folder / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    write_sums(folder)
    assert "ids" in refusal(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labels.json", "["),
        ("preprocess.json", '{"name": "tiny", "version": "7", "stride": 3}'),
        ("preprocess.json", '{"version": "7"}'),
        ("golden.json", "{}"),
        ("tokenizer.json", '{"model": {}}'),
        ("tokenizer.json", "[]"),
    ],
)
def test_a_malformed_file_is_refused(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    write_sums(folder)
    assert "malformed" in refusal(folder)


def test_no_folder_at_all_is_refused(tmp_path: Path) -> None:
    assert SUMS in refusal(tmp_path / "nowhere")


def test_the_shipped_folder_lies_inside_the_package() -> None:
    assert shipped().parts[-3:] == ("models", "weights", "tagger")


def scale(*names: str) -> dict[str, object]:
    return {"names": names, "weights": [0.0] * len(names), "intercept": 1.0}


CALIBRATION = {
    **{kind: scale("a") for kind in ("cell", "section", "item")},
    **{"threshold": 0.9, "review_below": 0.8, "fitted_on": {"reports": 3}},
}


def test_a_folder_without_confidences_opens_and_has_none(folder: Path) -> None:
    assert load_folder(folder).calibration is None


def test_confidences_are_read_with_the_rest(folder: Path) -> None:
    (folder / CONFIDENCE).write_text(json.dumps(CALIBRATION), encoding="utf-8")
    write_sums(folder)
    calibration = load_folder(folder).calibration
    assert calibration is not None
    assert (calibration.review_below, calibration.fitted_on) == (0.8, {"reports": 3})


def test_confidences_that_the_sums_do_not_list_are_refused(folder: Path) -> None:
    (folder / CONFIDENCE).write_text(json.dumps(CALIBRATION), encoding="utf-8")
    assert f"does not list {CONFIDENCE}" in refusal(folder)


@pytest.mark.parametrize("change", [{"threshold": "high"}, {"extra": 1}, {"cell": {}}])
def test_malformed_confidences_are_refused(folder: Path, change: dict[str, object]) -> None:
    (folder / CONFIDENCE).write_text(json.dumps(CALIBRATION | change), encoding="utf-8")
    write_sums(folder)
    assert "malformed" in refusal(folder)
