"""The figures of a run: rows, ratios, and `bench.json`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

#: Rows that every full run has, in the order of the table.
NAMES = (
    "stock_bert",
    "stock_ours_1x2",
    "stock_ours_2x1",
    "torch_fp32",
    "onnx_fp32",
    "onnx_int8",
    "parse",
    "batch_1",
    "batch_2",
)
#: What is compared: the one, and the other that is so much slower.
COMPARED = (
    ("onnx_int8", "stock_bert"),
    ("onnx_int8", "stock_ours_1x2"),
    ("onnx_int8", "stock_ours_2x1"),
    ("onnx_int8", "onnx_fp32"),
    ("onnx_int8", "torch_fp32"),
    ("batch_2", "batch_1"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One configuration.

    documents, characters: of one round. rounds: reports a second of each. cpu_ms: processor time
    of a report, all processes together. memory_mb: of all its processes after the last round;
    peak_mb: the most that one of them ever held. cold_start_s: from the start of a fresh process
    until its first report is done. found: spans a report, or cells where `finds` says so.
    span_f: against fp32 on torch with the same weights; None where that is no question.
    """

    name: str
    runtime: str
    precision: str
    processes: int
    threads: int
    documents: int
    characters: int
    rounds: tuple[float, ...]
    cpu_ms: float
    memory_mb: float
    peak_mb: float
    cold_start_s: float | None
    found: float
    finds: str = "spans"
    span_f: float | None = None

    @property
    def docs_per_s(self) -> float:
        return median(self.rounds)

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "docs_per_s": self.docs_per_s} | asdict(self)


@dataclass(frozen=True, slots=True)
class Peak:
    """10⁹ operations a second of one thread; operations of the network a character."""

    fp32: float
    int8: float
    per_character: float


@dataclass(frozen=True, slots=True)
class Results:
    """Everything of a run. Sections that were left out are empty."""

    date: str
    machine: Mapping[str, object]
    load: Mapping[str, object]
    corpus: Mapping[str, object]
    rows: Sequence[Row]
    peak: Peak
    length: Sequence[Mapping[str, float]] = ()
    corpus_size: Sequence[Mapping[str, float]] = ()
    memory: Mapping[str, float] = field(default_factory=dict)
    stages: Mapping[str, float] = field(default_factory=dict)
    left_out: Sequence[str] = ()


def ratios(rows: Sequence[Row], peak: Peak) -> dict[str, float]:
    """How many times as fast, by medians; and the share of the measured peak that is reached.

    Only of rows that are there.
    """
    by_name = {row.name: row for row in rows}
    found = {
        f"{fast} / {slow}": by_name[fast].docs_per_s / by_name[slow].docs_per_s
        for fast, slow in COMPARED
        if fast in by_name and slow in by_name
    }
    for name, best in (
        ("onnx_int8", peak.int8),
        ("onnx_fp32", peak.fp32),
        ("torch_fp32", peak.fp32),
    ):
        if name in by_name:
            found[f"{name} / matrix peak"] = peak_share(by_name[name], best, peak.per_character)
    return found


def peak_share(row: Row, gflops: float, per_character: float) -> float:
    """Useful operations a second, as a share of what the row's threads could do.

    gflops: of one thread, measured.
    """
    characters_per_s = row.docs_per_s * row.characters / row.documents
    could = gflops * 1e9 * row.processes * row.threads
    return characters_per_s * per_character / could


def growth(points: Sequence[Mapping[str, float]], of: str, size: str) -> dict[str, float]:
    """How many times the size, and how many times `of`, from the smallest point to the largest."""
    first = min(points, key=lambda point: point[size])
    last = max(points, key=lambda point: point[size])
    return {"size": last[size] / first[size], "cost": last[of] / first[of]}


def as_json(results: Results, *, refused: str | None) -> dict[str, object]:
    """The content of bench.json. refused: why there are no ratios; None: there are."""
    return {
        "date": results.date,
        "machine": results.machine,
        "load": results.load,
        "corpus": results.corpus,
        "rows": [row.as_json() for row in results.rows],
        "peak": asdict(results.peak),
        "ratios": None if refused else ratios(results.rows, results.peak),
        "ratios_refused": refused,
        "length": list(results.length),
        "corpus_size": list(results.corpus_size),
        "memory": results.memory,
        "stages": results.stages,
        "left_out": list(results.left_out),
    }


def write(results: Results, file: Path, *, refused: str | None) -> None:
    content = as_json(results, refused=refused)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
