"""What the benchmark prints: tables on standard output."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.results import Results, Row, growth, ratios

_LEAST_STAGE = 0.01  # smaller ones are summed up


def show(results: Results, refused: str | None) -> None:
    console = Console(highlight=False, width=None if Console().is_terminal else 130)
    console.print(
        f"{results.date}  {_pairs(results.machine)}\n负载 load: {_pairs(results.load)}\n"
        f"语料 corpus: {_pairs(results.corpus)}"
    )
    console.print(_table(_ROW_HEADS, map(_cells, results.rows)))
    console.print(_table(("各轮 every round", "份/秒 docs/s"), map(_rounds, results.rows)))
    for line in results.left_out:
        console.print(line)
    peak = results.peak
    console.print(
        f"矩阵峰值 matrix peak, 1 thread: fp32 {peak.fp32:.0f}, int8 {peak.int8:.0f} 10⁹/s; "
        f"{peak.per_character / 1e6:.2f} M operations a character"
    )
    if refused:
        console.print(refused)
    else:
        found = ((name, f"{value:.3g}") for name, value in ratios(results.rows, peak).items())
        console.print(_table(("比值 ratio", "×"), found))
    _growth(console, "长度 length", results.length, "characters", ("tag_ms", "parse_ms"))
    _growth(console, "规模 corpus size", results.corpus_size, "documents", ("seconds",))
    if results.memory:
        console.print(f"内存 memory of batch: {_pairs(results.memory)}")
    console.print(_table(("环节 stage of parse", "%"), _stages(results.stages)))


_ROW_HEADS = (
    "", "份/秒 docs/s", "进程×线程", "份 docs", "字 chars", "CPU ms", "内存 MB", "峰 peak",
    "冷 cold s", "找到 found", "F",
)  # fmt: skip


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{row.name}  {row.runtime} {row.precision}",
        f"{row.docs_per_s:.1f}",
        f"{row.processes}×{row.threads}",
        str(row.documents),
        str(row.characters),
        f"{row.cpu_ms:.0f}",
        f"{row.memory_mb:.0f}",
        f"{row.peak_mb:.0f}",
        "" if row.cold_start_s is None else f"{row.cold_start_s:.1f}",
        f"{row.found:.0f} {row.finds}",
        "" if row.span_f is None else f"{row.span_f:.4f}",
    )


def _rounds(row: Row) -> tuple[str, str]:
    return row.name, "  ".join(f"{rate:.1f}" for rate in row.rounds)


def _growth(
    console: Console,
    title: str,
    points: Sequence[Mapping[str, float]],
    size: str,
    costs: Sequence[str],
) -> None:
    if not points:
        return
    rows = ([f"{value:.4g}" for value in point.values()] for point in points)
    console.print(_table((title, *list(points[0])[1:]), rows))
    for cost in costs if len(points) > 1 else ():
        grown = growth(points, cost, size)
        console.print(f"  {size} ×{grown['size']:.3g}: {cost} ×{grown['cost']:.3g}")


def _stages(stages: Mapping[str, float]) -> Iterable[tuple[str, str]]:
    large = {name: share for name, share in stages.items() if share >= _LEAST_STAGE}
    for name, share in large.items():
        yield name, f"{share:.1%}"
    yield "其余 others", f"{1 - sum(large.values()):.1%}"


def _pairs(content: Mapping[str, object]) -> str:
    return ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in content.items()
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="")
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
