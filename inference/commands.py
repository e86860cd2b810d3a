"""The commands `themes`, `batch` and `correct`: thin, as `cli`, which names them."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ..models.errors import MissingExtra
from .ending import INTERRUPTED, OK, SOME_FAILED, Engine, Level, Runtime, interruptible, outcome
from .names import Format
from .progress import say

Model = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH",
        help="模型文件夹，默认用当前版本的（见 models list）"
        " | model folder; default: the current version's (see models list)",
        show_default=False,
    ),
]
Runtimes = Annotated[Runtime, typer.Option(help="推理引擎 | inference engine")]
MaxBytes = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="单个文件的字节上限 | refuse files of more bytes",
        show_default=False,
    ),
]
Limit = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="只解析前 N 份 | only the first N", show_default=False),
]
Corrections = Annotated[
    Path | None,
    typer.Option(
        exists=True,
        dir_okay=False,
        metavar="FILE",
        help="correct 所记的更正，默认用输出文件夹里的 corrections.jsonl"
        " | what `correct` keeps; default: corrections.jsonl in the output folder, if any",
        show_default=False,
    ),
]
FailOn = Annotated[
    Level | None,
    typer.Option(
        help="有此级别的问题或勾稽不成立时以 4 退出"
        " | exit 4 where a check fails or a finding is that severe",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="只报告失败 | tell failures only")]


def themes(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help='每行一条：{"text": …} 或纯文字；- 为标准输入'
            ' | one statement a line: {"text": …} or plain text; - for standard input',
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE|-",
            help="输出的 JSON Lines，- 为标准输出 | JSON lines to write, - for standard output",
            show_default=False,
        ),
    ],
    why: Annotated[
        bool,
        typer.Option("--why", help="附上各主题最有分量的词 | add the weightiest words per theme"),
    ] = False,
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="主题模型文件夹，默认用当前版本的"
            " | theme model's folder; default: the current version's",
            show_default=False,
        ),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="只报告坏行 | tell bad lines only")
    ] = False,
) -> None:
    """给语句标主题 | Assign themes to statements of your own"""
    if output != "-" and source != "-":
        refuse_overwriting(source, output)
    from .theme_lines import convert
    from .themes import load_classifier

    with interruptible():
        tally = convert(source, output, load_classifier(model), why=why, quiet=quiet)
    raise typer.Exit(SOME_FAILED if tally.bad else OK)


def refuse_overwriting(source: str | Path, output: str | Path) -> None:
    """Told before the work: BadParameter, which ends with status 2."""
    if os.path.isdir(output):
        raise typer.BadParameter(f"-o 应为文件 | -o must be a file: {output}")
    if os.path.exists(source) and os.path.exists(output) and os.path.samefile(source, output):
        raise typer.BadParameter(f"输出会覆盖输入 | the input would be overwritten: {source}")


def tell_layer(corrections: Path) -> None:
    say(f"采用更正：{corrections} | with the corrections of {corrections}")


def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="文件、文件夹、通配符、zip、清单（csv、jsonl、parquet，有 path 列）、fsspec 地址"
            " | files, folders, patterns, zip archives, manifests (csv, jsonl, parquet with a"
            " column path) or fsspec addresses",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            file_okay=False,
            help="输出文件夹；再次运行时接着做 | output folder; run again to go on",
            show_default=False,
        ),
    ],
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="工作进程数，默认为处理器数 | worker processes; default: one for each processor",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="在何处运行 | where to run: this machine, a Ray cluster")
    ] = "local",
    ray_address: Annotated[
        str | None,
        typer.Option(
            metavar="HOST:PORT",
            help="Ray 集群的地址，默认取环境变量 RAY_ADDRESS，也没有就在本机启动"
            " | address of the Ray cluster; default: $RAY_ADDRESS, else one on this machine",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        list[Format] | None,
        typer.Option(
            help="另写 parse 的这些格式，可重复"
            " | write these formats of parse, too; may be repeated",
            show_default=False,
        ),
    ] = None,
    model: Model = None,
    runtime: Runtimes = "onnx",
    timeout: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            metavar="SECONDS",
            help="单份报告的时限，默认 30 秒 | time limit for one report; default: 30 seconds",
            show_default=False,
        ),
    ] = None,
    max_memory: Annotated[
        int | None,
        typer.Option(
            min=256,
            metavar="MB",
            help="每个进程的内存上限，默认 1024 MB | memory limit of a worker; default: 1024 MB",
            show_default=False,
        ),
    ] = None,
    max_bytes: MaxBytes = None,
    shard_size: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="每个分片的份数，默认 64 | reports in one part file; default: 64",
            show_default=False,
        ),
    ] = None,
    limit: Limit = None,
    corrections: Corrections = None,
    retry: Annotated[
        bool,
        typer.Option(
            "--retry/--no-retry",
            help="再次运行时重试失败的 | try again what failed in an earlier run",
        ),
    ] = True,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="输出是另一版本、模型或选项所做时，弃旧重做"
            " | redo a folder made by another version, model or option",
        ),
    ] = False,
    fail_on: FailOn = None,
    quiet: Quiet = False,
) -> None:
    """成批解析，可中断续做，写出 Parquet | Parse any number of reports into Parquet, resumable"""
    from .corrections import layer_for, load_corrections

    try:
        from .batch.command import run_command
        from .batch.options import options_of
    except ModuleNotFoundError as error:
        if error.name not in ("pyarrow", "filelock"):
            raise
        raise MissingExtra("E302", name=error.name, extra="batch") from error

    corrections = layer_for(corrections, output)
    options = options_of(
        model=model,
        runtime=runtime,
        workers=workers,
        timeout=timeout,
        max_memory=max_memory,
        max_bytes=max_bytes,
        shard_size=shard_size,
        limit=limit,
        corrections=corrections,
        retry=retry,
        force=force,
        formats=frozenset(to or ()),
    )
    if ray_address is not None and engine != "ray":
        raise typer.BadParameter("--ray-address 须与 --engine ray 并用 | goes with --engine ray")
    if corrections is not None:
        load_corrections(corrections)  # a faulty line is told before any work
        if not quiet:
            tell_layer(corrections)
    with interruptible():
        summary = run_command(inputs, output, options, engine, ray_address, quiet=quiet)
    if summary.interrupted:
        raise typer.Exit(INTERRUPTED)
    raise typer.Exit(outcome(summary.tally, fail_on))


def correct(
    report: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="REPORT",
            help="parse 写出的 .json；或填了“更正为”一列的 nianbao.xlsx"
            " | the .json that parse wrote; or its nianbao.xlsx, the column 更正为 filled in",
            show_default=False,
        ),
    ],
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="[PATH]",
            help="单元格的路径，或 meta.issuer、meta.year 等"
            " | path of the cell, or meta.issuer, meta.year and the like",
            show_default=False,
        ),
    ] = None,
    value: Annotated[
        str | None,
        typer.Argument(
            metavar="[VALUE]",
            help="正确的值：数、/、空（''）、中文、missing（原文没有）"
            " | the right value: a number, /, blank (''), Chinese words,"
            " missing (the source lacks it)",
            show_default=False,
        ),
    ] = None,
    why: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="更正的理由 | the reason", show_default=False),
    ] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="更正的人 | who corrects")] = "",
    corrections: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            metavar="FILE",
            help="记在何处，默认输出文件夹里的 corrections.jsonl"
            " | where it is kept; default: corrections.jsonl in the output folder",
            show_default=False,
        ),
    ] = None,
) -> None:
    """更正一个值，再解析时仍然有效 | Correct a value, for good"""
    from .correcting import correct_from_workbook, correct_value

    # -5 is a value, so options that are not known are let through to here
    for word in (path, value):
        if word is not None and word.startswith("--"):
            raise typer.BadParameter(f"没有这个选项 | no such option: {word}")

    if report.suffix.lower() == ".xlsx":
        if path is not None or value is not None:
            raise typer.BadParameter("xlsx 的更正写在表里 | of an xlsx the sheet says what")
        with interruptible():
            correct_from_workbook(report, why or "", by, corrections)
        return
    if path is None or value is None or why is None:
        raise typer.BadParameter("须给出 PATH、VALUE、--why | PATH, VALUE and --why are needed")
    with interruptible():
        correct_value(report, path, value, why, by, corrections)
