"""A model folder in Hugging Face layout: opened, and refused unless all of it fits.

config.json  model.safetensors  tokenizer.json  onnx/model_int8.onnx
labels.json       the tags by id: another model's would shift every label in silence
preprocess.json   how a text becomes the network's input
golden.json       a text, its ids and its tags, so that a changed table is noticed
confidence.json   how likely what was read is right (`models.confidence`); may be absent
SHA256SUMS        of all the files above
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from .characters import UNKNOWN, Characters
from .confidence import Calibration
from .labels import TAGS
from .registry import SHIPPED, tagger_folder
from .sums import bad_model, verified

NEEDED = ("config.json", "tokenizer.json", "labels.json", "preprocess.json", "golden.json")
CONFIDENCE = "confidence.json"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Preprocess(_Strict):
    """How a text becomes the network's input.

    window, overlap: in characters; run_limit: see `inference.windows.shortened`.
    granule: inputs are padded with `pad` to a multiple of it.
    prefix, suffix: ids put round every window (none for our own encoder).
    aliases: character -> token of the vocabulary that stands for it.
    """

    name: str
    version: str
    window: int = 3072
    overlap: int = 256
    run_limit: int = 64
    granule: int = 16
    pad: int = 0
    unknown: str = UNKNOWN
    prefix: tuple[int, ...] = ()
    suffix: tuple[int, ...] = ()
    aliases: dict[str, str] = {}

    def padded(self, ids: NDArray[np.int32]) -> tuple[NDArray[np.int64], int]:
        """The row of one window: prefix, characters, suffix, padding; and where padding begins."""
        n_real = len(self.prefix) + len(ids) + len(self.suffix)
        padding = np.full(-n_real % self.granule, self.pad)
        return np.concatenate((self.prefix, ids, self.suffix, padding)).astype(np.int64), n_real


class Golden(_Strict):
    """A text, the ids of its characters, and the tags that each runtime gave when it was made."""

    text: str
    ids: tuple[int, ...]
    tags: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A folder whose files are whole and whose labels and ids are ours.

    sha256: of its SHA256SUMS, and so of all that it holds. calibration: None where it has none.
    """

    path: Path
    sha256: str
    preprocess: Preprocess
    characters: Characters
    golden: Golden
    calibration: Calibration | None = None

    @property
    def onnx(self) -> Path:
        return self.path / "onnx" / "model_int8.onnx"


def shipped() -> Path:
    """The folder of the tagger that comes with the package."""
    return tagger_folder(SHIPPED)


def load_folder(path: Path) -> ModelFolder:
    """Open a model folder. BadModel where a file is missing or changed, or its labels differ."""
    digest = verified(path, (*NEEDED, *_present(path / CONFIDENCE)))
    if _json(path / "labels.json") != list(TAGS):
        raise bad_model("标签与本程序不符", "its labels are not those of this program")
    try:
        preprocess = Preprocess.model_validate_json((path / "preprocess.json").read_bytes())
        golden = Golden.model_validate_json((path / "golden.json").read_bytes())
        calibration = _calibration(path / CONFIDENCE)
    except ValidationError as error:
        raise bad_model("配置文件格式不对", f"malformed {error.title}") from error
    characters = _characters(path, preprocess)
    if tuple(characters.ids(golden.text).tolist()) != golden.ids:
        raise bad_model("字表已变", "the characters' ids are not those it was trained with")
    return ModelFolder(path, digest, preprocess, characters, golden, calibration)


def _calibration(file: Path) -> Calibration | None:
    """None where the folder has none: the tagger's scores then stand as they are."""
    return Calibration.model_validate_json(file.read_bytes()) if file.is_file() else None


def _present(file: Path) -> tuple[str, ...]:
    return (file.name,) if file.is_file() else ()


def _characters(path: Path, preprocess: Preprocess) -> Characters:
    tokenizer = _json(path / "tokenizer.json")
    try:
        vocabulary = tokenizer["model"]["vocab"]  # type: ignore[index]
        return Characters(vocabulary, preprocess.aliases, preprocess.unknown)
    except (KeyError, TypeError) as error:
        raise bad_model("字表格式不对", "malformed tokenizer.json") from error


def _json(file: Path) -> object:
    try:
        content: object = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise bad_model(f"{file.name} 格式不对", f"malformed {file.name}") from error
    return content
