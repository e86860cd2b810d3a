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

import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoModelForTokenClassification
from transformers.utils import logging

from nianbao.inference.windows import windows
from nianbao.models import encoder  # noqa: F401, registers ours with the Auto classes
from nianbao.models.folder import load_folder

SHAPES = ((730, 192, 384), (4096, 256, 256))  # a report's feed-forward, and an easier one
_SECONDS = 0.2  # of each trial
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
    """10⁹ operations a second of one thread, the better shape of each precision."""
    torch.set_num_threads(1)
    found: dict[str, float] = {"fp32": 0.0, "int8": 0.0}
    for rows, inner, columns in SHAPES:
        operations = 2 * rows * inner * columns
        left, right = torch.randn(rows, inner), torch.randn(inner, columns)
        found["fp32"] = max(found["fp32"], gflops(partial(torch.mm, left, right), operations))
        left8, right8 = (_small(rows, inner), _small(inner, columns))
        int8 = gflops(partial(torch._int_mm, left8, right8), operations)
        found["int8"] = max(found["int8"], int8)
    return found


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
