"""What a run does: which configurations, over how many reports, how often."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setup:
    """A configuration that runs in processes of ours. documents: in one round, whole blocks.

    kept: whether a quick run has it, too.
    """

    name: str
    engine: str
    runtime: str
    precision: str
    processes: int
    threads: int
    documents: int
    kept: bool = True


SETUPS = (
    Setup("stock_bert", "stock_bert", "transformers pipeline", "fp32", 1, 2, 20),
    Setup("stock_ours_1x2", "stock_ours", "transformers pipeline", "fp32", 1, 2, 40),
    Setup("stock_ours_2x1", "stock_ours", "transformers pipeline", "fp32", 2, 1, 40),
    Setup("torch_fp32", "torch_fp32", "torch", "fp32", 2, 1, 100),
    Setup("torch_bf16", "torch_bf16", "torch", "bf16", 2, 1, 100, kept=False),
    Setup("onnx_fp32", "onnx_fp32", "onnxruntime", "fp32", 2, 1, 160),
    Setup("onnx_int8", "onnx_int8", "onnxruntime", "int8", 2, 1, 200),
    Setup("parse", "parse", "onnxruntime", "int8", 1, 1, 100),
)
REFERENCE = "torch_fp32"  # whose spans the others' are held against
TAGGERS = frozenset({"stock_ours", "torch_fp32", "torch_bf16", "onnx_fp32", "onnx_int8"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """rounds: of every row, so that all have equally many. slice: the most reports of a round.

    cold_starts: fresh processes at least. agreement: reports whose spans are compared.
    batch: reports of a batch's round. sizes: of the corpora that `batch` with 2 workers takes.
    """

    setups: tuple[Setup, ...]
    rounds: int
    slice: int
    cold_starts: int
    agreement: int
    batch: int
    sizes: tuple[int, ...]
    lengths: tuple[int, ...]
    length_rounds: int
    stages: int


FULL = Plan(
    setups=SETUPS,
    rounds=5,
    slice=200,
    cold_starts=3,
    agreement=40,
    batch=1_000,
    sizes=(100, 1_000, 10_000),
    lengths=(3_000, 6_000, 12_000, 24_000, 48_000),
    length_rounds=5,
    stages=100,
)
#: For a look while one works: too few reports for figures that one would print.
QUICK = Plan(
    setups=tuple(setup for setup in SETUPS if setup.kept),
    rounds=2,
    slice=20,
    cold_starts=1,
    agreement=5,
    batch=100,
    sizes=(100,),
    lengths=(3_000, 12_000),
    length_rounds=2,
    stages=20,
)
