"""What the processor could do: products of matrices alone, one thread; and what a report needs.

`python -m benchmarks.peak MODEL TEXT...` prints both as JSON. A process of its own: torch's
threads are set once.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoModelForTokenClassification
from transformers.utils import logging

from nianbao.inference.windows import windows
from nianbao.models import encoder  # noqa: F401, registers ours with the Auto classes
from nianbao.models.folder import load_folder
from nianbao.training.export import OPSET

SHAPES = ((730, 192, 384), (4096, 256, 256))  # a report's feed-forward, and an easier one
_SECONDS = 0.2  # of each trial
_IR_VERSION = 10  # of ONNX files; every runtime that knows the opset reads it
_TRIALS = 7


def gflops(product: Callable[[], object], operations: int) -> float:
    """The best of some trials, in 10⁹ operations a second: a peak is what nothing disturbed."""
    product()
    best = 0.0
    for _ in range(_TRIALS):
        count, start = 0, time.perf_counter()
        while (seconds := time.perf_counter() - start) < _SECONDS:
            product()
            count += 1
        best = max(best, operations * count / seconds / 1e9)
    return best


def peaks() -> dict[str, float]:
    """10⁹ operations a second of one thread: of each precision the best shape and library.

    Neither library is best everywhere: on some processors PyTorch's fp32 is half as fast as ONNX
    Runtime's, whose int8 on others is as far behind PyTorch's.
    """
    torch.set_num_threads(1)
    found = {"fp32": 0.0, "int8": 0.0}
    for rows, inner, columns in SHAPES:
        left, right = torch.randn(rows, inner), torch.randn(inner, columns)
        left8, right8 = _small(rows, inner), _small(inner, columns)
        products: tuple[tuple[str, Callable[[], object]], ...] = (
            ("fp32", partial(torch.mm, left, right)),
            ("fp32", _onnx_product(left, right)),
            ("int8", partial(torch._int_mm, left8, right8)),
        )
        for precision, product in products:
            speed = gflops(product, 2 * rows * inner * columns)
            found[precision] = max(found[precision], speed)
    return found


def _onnx_product(left: torch.Tensor, right: torch.Tensor) -> Callable[[], object]:
    """The product of both in fp32 by ONNX Runtime, `right` being a weight."""
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [len(left), size])
        for name, size in (("left", left.shape[1]), ("product", right.shape[1]))
    ]
    weight = numpy_helper.from_array(right.numpy(), "right")
    node = helper.make_node("MatMul", ["left", "right"], ["product"])
    graph = helper.make_graph([node], "product", ends[:1], ends[1:], [weight])
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=_IR_VERSION)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    return partial(session.run, ["product"], {"left": left.numpy()})


def _small(rows: int, columns: int) -> torch.Tensor:
    return torch.randint(-127, 127, (rows, columns), dtype=torch.int8)


def operations(model_folder: Path, texts: Sequence[str]) -> float:
    """Operations of the network a character, mean of `texts`: of products and convolutions."""
    preprocess = load_folder(model_folder).preprocess
    model = AutoModelForTokenClassification.from_pretrained(
        model_folder, dtype=torch.float32, local_files_only=True
    ).eval()
    total = 0
    for text in texts:
        for start, end in windows(text, preprocess.window, preprocess.overlap):
            with FlopCounterMode(display=False) as counter, torch.inference_mode():
                model(torch.full((1, end - start), 5))
            total += counter.get_total_flops()
    return total / sum(map(len, texts))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.peak", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("texts", type=Path, nargs="+")
    args = parser.parse_args(argv)
    logging.disable_progress_bar()
    texts = [file.read_text(encoding="utf-8") for file in args.texts]
    print(json.dumps({"gflops": peaks(), "per_character": operations(args.model, texts)}))


if __name__ == "__main__":
    main()
