"""The tagger: a text in, labelled spans out. Start at load_tagger."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ..models.characters import Characters
from ..models.confidence import Calibration
from ..models.errors import BadModel, MissingExtra
from ..models.folder import ModelFolder, Preprocess, load_folder
from ..models.labels import TAGS, Span
from ..models.registry import opening
from ..models.report import ModelInfo
from .confidence import require_known_features
from .decode import decode, probabilities
from .windows import READING, shortened, stitched, windows

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Runtime = Literal["onnx", "torch"]

#: Of ONNX Runtime's ways to rewrite a graph: with this one the network takes a tenth longer.
_SLOWER = ["SkipLayerNormFusion"]

# Processors round int8 products differently: a tag that hung by a hair may flip. A spoiled model
# or a wrong instruction set spoils far more.
GOLDEN_AGREEMENT = 0.98


class Tagger(Protocol):
    """Anything that labels a text: the network, a set of rules, a recording."""

    @property
    def info(self) -> ModelInfo: ...

    @property
    def calibration(self) -> Calibration | None:
        """How confidences are made of its scores; None: they stand as they are."""
        ...

    def tag(self, text: str) -> tuple[Span, ...]:
        """Spans sorted and without overlap, stripped, none empty."""
        ...


#: [1, tokens] ids, of which those from `n_real` on are padding -> [tokens, tags] logits
Run = Callable[[NDArray[np.int64], int], NDArray[np.float32]]


class NetworkTagger:
    """Runs a network over the windows of a text, one window at a time.

    Never in batches: dynamic int8 takes its scale over the whole batch, and a report's labels
    would depend on its neighbours.
    """

    def __init__(
        self,
        preprocess: Preprocess,
        characters: Characters,
        run: Run,
        sha256: str = "",
        calibration: Calibration | None = None,
    ) -> None:
        if calibration is not None:
            require_known_features(calibration)
        self.calibration = calibration
        self.info = ModelInfo(name=preprocess.name, version=preprocess.version, sha256=sha256)
        self._preprocess = preprocess
        self._characters = characters
        self._run = run

    def tag(self, text: str) -> tuple[Span, ...]:
        short, offsets = shortened(text, self._preprocess.run_limit)
        if not short.strip():
            return ()
        spans = decode(text, offsets, probabilities(self.logits(short)))
        return tuple(_with_reading(text, span) for span in spans)

    def logits(self, text: str) -> NDArray[np.float32]:
        """[characters, tags] of a text that is not empty, whatever its length."""
        ids = self._characters.ids(text)
        places = windows(text, self._preprocess.window, self._preprocess.overlap)
        return stitched(places, [self._window_logits(ids[start:end]) for start, end in places])

    def _window_logits(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        row, n_real = self._preprocess.padded(ids)
        logits = self._run(row[None], n_real)
        if logits.shape != (len(row), len(TAGS)):
            raise BadModel(
                "E301", reason=f"输出形状不对：{logits.shape} | odd output shape {logits.shape}"
            )
        first = len(self._preprocess.prefix)
        return logits[first : first + len(ids)]

    def check_golden(self, text: str, tags: Sequence[int]) -> None:
        """BadModel unless `text` gets the tags that it got when the model was made."""
        agreement = float((self.logits(text).argmax(-1) == np.array(tags)).mean())
        if agreement < GOLDEN_AGREEMENT:
            reason = (
                f"样例标签仅{agreement:.1%}相符 | only {agreement:.1%} of the golden tags agree"
            )
            raise BadModel("E301", reason=reason)


def _with_reading(text: str, span: Span) -> Span:
    """`span` with the reading of its last character, which the network was not shown."""
    reading = READING.match(text, span.end)
    return replace(span, end=reading.end()) if reading else span


def onnx_run(file: Path, threads: int = 1) -> Run:
    """A network of ONNX Runtime. BadModel where the file cannot be loaded."""
    import onnxruntime
    from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidGraph, InvalidProtobuf

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors only
    try:
        session = onnxruntime.InferenceSession(
            file,
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_SLOWER,
        )
    except (Fail, InvalidGraph, InvalidProtobuf) as error:
        raise BadModel(
            "E301", reason=f"{file.name} 无法加载 | {file.name} cannot be loaded"
        ) from error
    takes_mask = any(tensor.name == "attention_mask" for tensor in session.get_inputs())

    def run(ids: NDArray[np.int64], n_real: int) -> NDArray[np.float32]:
        feed = {"input_ids": ids}
        if takes_mask:
            feed["attention_mask"] = (np.arange(ids.shape[1]) < n_real).astype(np.int64)[None]
        logits: NDArray[np.float32] = session.run(["logits"], feed)[0][0]
        return logits

    return run


def torch_run(model: "PreTrainedModel") -> Run:
    """A network of PyTorch, on the device where it lies."""
    import torch

    def run(ids: NDArray[np.int64], n_real: int) -> NDArray[np.float32]:
        row = torch.from_numpy(ids).to(model.device)
        mask = (torch.arange(ids.shape[1], device=model.device) < n_real).long()[None]
        with torch.inference_mode():
            logits = model(input_ids=row, attention_mask=mask).logits[0]
        result: NDArray[np.float32] = logits.float().cpu().numpy()
        return result

    return run


class OnnxTagger(NetworkTagger):
    """The default: int8 on ONNX Runtime. threads: of one call; more processes scale better."""

    def __init__(self, folder: ModelFolder, threads: int = 1) -> None:
        run = onnx_run(folder.onnx, threads)
        super().__init__(
            folder.preprocess, folder.characters, run, folder.sha256, folder.calibration
        )
        self.check_golden(folder.golden.text, folder.golden.tags["onnx"])


class TorchTagger(NetworkTagger):
    """The same in fp32 on PyTorch, for comparison and for encoders that were not exported."""

    def __init__(self, folder: ModelFolder, threads: int = 1) -> None:
        try:
            import torch
            from transformers import AutoModelForTokenClassification

            from ..models import encoder  # noqa: F401, registers ours with the Auto classes
        except ImportError as error:
            raise MissingExtra("E302", name="torch", extra="train") from error
        torch.set_num_threads(threads)
        model = AutoModelForTokenClassification.from_pretrained(
            folder.path, dtype=torch.float32, local_files_only=True
        )
        run = torch_run(model.eval())
        super().__init__(
            folder.preprocess, folder.characters, run, folder.sha256, folder.calibration
        )
        self.check_golden(folder.golden.text, folder.golden.tags["torch"])


def load_tagger(
    folder: Path | None = None, runtime: Runtime = "onnx", threads: int = 1
) -> NetworkTagger:
    """The tagger of a model folder; None: of the current version.

    BadModel where the folder does not fit; MissingExtra where the runtime is not installed.
    """
    with opening("tagger", folder) as path:
        opened = load_folder(path)
        return OnnxTagger(opened, threads) if runtime == "onnx" else TorchTagger(opened, threads)
