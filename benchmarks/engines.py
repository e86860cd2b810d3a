"""What is measured: one function for each configuration that runs in processes of ours."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nianbao.inference.pipeline import parse
from nianbao.inference.tagger import NetworkTagger, OnnxTagger, Run, TorchTagger, onnx_run
from nianbao.models.folder import ModelFolder, load_folder
from nianbao.models.labels import Span

Found = tuple[int, int, str]  # start, end, label

#: The findings of one report, given its file and its text.
Engine = Callable[[Path, str], list[Found]]


@dataclass(frozen=True, slots=True)
class Needs:
    """model: our model folder. onnx_fp32: its graph before quantisation."""

    model: Path
    onnx_fp32: Path
    threads: int


def engine(name: str, needs: Needs) -> Engine:
    """The engine of a configuration. KeyError where there is none of that name."""
    return _ENGINES[name](needs)


def _of_tagger(tagger: NetworkTagger) -> Engine:
    return lambda _, text: [_found(span) for span in tagger.tag(text)]


def _found(span: Span) -> Found:
    return (span.start, span.end, str(span.label))


def _onnx_int8(needs: Needs) -> Engine:
    return _of_tagger(OnnxTagger(load_folder(needs.model), needs.threads))


def _onnx_fp32(needs: Needs) -> Engine:
    folder = load_folder(needs.model)
    return _of_tagger(_tagger(folder, onnx_run(needs.onnx_fp32, needs.threads)))


def _torch_fp32(needs: Needs) -> Engine:
    from transformers.utils import logging

    logging.disable_progress_bar()
    return _of_tagger(TorchTagger(load_folder(needs.model), needs.threads))


def _torch_bf16(needs: Needs) -> Engine:
    import torch

    tag = _torch_fp32(needs)

    def tag_in_bf16(path: Path, text: str) -> list[Found]:
        with torch.autocast("cpu", torch.bfloat16):
            return tag(path, text)

    return tag_in_bf16


def _tagger(folder: ModelFolder, run: Run) -> NetworkTagger:
    return NetworkTagger(folder.preprocess, folder.characters, run, folder.sha256)


def _stock_ours(needs: Needs) -> Engine:
    from benchmarks.stock import ours

    return ours(needs.model, needs.threads)


def _stock_bert(needs: Needs) -> Engine:
    from benchmarks.stock import bert

    return bert(needs.threads)


def _parse(needs: Needs) -> Engine:
    """The whole way from a file to a checked report. What it finds is cells, by their paths."""
    tagger = OnnxTagger(load_folder(needs.model), needs.threads)

    def parsed(path: Path, _: str) -> list[Found]:
        report = parse(path, tagger=tagger)
        return [
            (cell.start, cell.end, cell.path)
            for cell in report.cells
            if cell.start is not None and cell.end is not None
        ]

    return parsed


_ENGINES: dict[str, Callable[[Needs], Engine]] = {
    "stock_bert": _stock_bert,
    "stock_ours": _stock_ours,
    "torch_fp32": _torch_fp32,
    "torch_bf16": _torch_bf16,
    "onnx_fp32": _onnx_fp32,
    "onnx_int8": _onnx_int8,
    "parse": _parse,
}
