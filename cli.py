"""The command `nianbao`: thin. Heavy imports stand in the commands that need them."""

import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .annotations.commands import annotate
from .inference.commands import (
    Corrections,
    FailOn,
    Limit,
    MaxBytes,
    Model,
    Quiet,
    Runtimes,
    batch,
    correct,
    tell_layer,
    themes,
)
from .inference.ending import MISSING, OK, Runtime, interruptible, outcome, status_of
from .inference.models_commands import models
from .inference.names import Format
from .models.errors import MissingExtra, NianbaoError
from .training.retrain.command import retrain

if TYPE_CHECKING:
    from .inference.pipeline import Result
    from .inference.progress import Tell
    from .inference.series import Attempt, Tally
    from .inference.write import Sink

app = typer.Typer(
    name="nianbao",
    help="解析政府信息公开工作年度报告，得到核对过的 JSON"
    " | Turn annual reports on open government information into checked JSON",
    epilog="例 example: nianbao parse 年报/ -o out",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def main() -> None:
    """Run the command; whatever happens, the user sees a sentence and no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without Chinese
    try:
        app()
    except NianbaoError as error:
        sys.exit(_tell(error))
    except Exception as mistake:
        if {"-v", "--verbose"} & set(sys.argv):
            traceback.print_exc()
        words = f"{type(mistake).__name__}: {mistake}"
        sys.exit(_tell(NianbaoError("E901", reason=words)))


def _tell(error: NianbaoError) -> int:
    from .inference.progress import complaint, say

    say(complaint(error))
    return status_of(error.code)


def _version(wanted: bool) -> None:
    if wanted:
        from . import __version__

        typer.echo(f"nianbao {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="显示版本 | show the version"
        ),
    ] = False,
) -> None:
    """The options that stand before the sub-command."""


@app.command(epilog="例 example: nianbao parse 年报/ 补报.html -o out --fail-on error")
def parse(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT",
            help="文件或文件夹，- 为标准输入 | files or folders, - for standard input",
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR|-",
            help="输出文件夹，- 为标准输出（每份一行 JSON）"
            " | output folder, - for JSON lines on standard output",
            show_default=False,
        ),
    ],
    to: Annotated[
        list[Format] | None,
        typer.Option(
            help="只写这些格式，可重复，默认全部 | write only these, may be repeated; default all",
            show_default=False,
        ),
    ] = None,
    model: Model = None,
    runtime: Runtimes = "onnx",
    max_bytes: MaxBytes = None,
    limit: Limit = None,
    corrections: Corrections = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            metavar="PATH",
            help="往年的结果（parse 写出的 JSON 或其文件夹），据此标出与上一份雷同的条目"
            " | results of earlier years (JSON that parse wrote, or a folder of it):"
            " marks items that an organ repeats",
            show_default=False,
        ),
    ] = None,
    fail_on: FailOn = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="逐份打印解析所得 | print what was found in each")
    ] = False,
    quiet: Quiet = False,
    verbose: Annotated[
        bool,
        typer.Option("-v", "--verbose", help="内部错误附详情 | show details of internal errors"),
    ] = False,
) -> None:
    """解析报告，写出 JSON、CSV、Excel | Parse reports into JSON, CSV, Excel"""
    from .inference.inputs import find_inputs

    _refuse_contradictions(inputs, output, to=to, summary=summary, quiet=quiet, verbose=verbose)
    attempt = _attempt(model, runtime, max_bytes)
    attempt = _correcting(attempt, corrections, output, quiet=quiet)
    if previous is not None:  # by the organ and the year, which may be corrected
        attempt = _comparing(attempt, previous, quiet=quiet)
    paths = list(find_inputs(inputs))[:limit]
    with ExitStack() as stack:
        stack.enter_context(interruptible())
        sink = stack.enter_context(_sink(output, to, inputs))
        tell = stack.enter_context(
            _teller(len(paths), summary=summary, quiet=quiet, verbose=verbose)
        )
        from .inference.series import run

        tally = run(paths, attempt, sink, tell)
    if not quiet:
        _close(tally, output, n_paths=len(paths))
    raise typer.Exit(outcome(tally, fail_on))


def _refuse_contradictions(
    inputs: Sequence[str],
    output: str,
    *,
    to: Sequence[Format] | None,
    summary: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Raises BadParameter, which ends with status 2, before any work is done."""
    if quiet and verbose:
        raise typer.BadParameter("--quiet 与 --verbose 不能并用 | cannot be combined")
    if inputs.count("-") > 1:
        raise typer.BadParameter("标准输入（-）只能给一次 | standard input (-) only once")
    if output == "-":
        if to:
            raise typer.BadParameter("--to 与 -o - 不能并用 | --to cannot go with -o -")
        if summary:
            raise typer.BadParameter("--summary 与 -o - 不能并用 | --summary cannot go with -o -")
        return
    folder = Path(output)
    if folder.exists() and not folder.is_dir():
        raise typer.BadParameter(f"-o 应为文件夹 | -o must be a folder: {output}")
    from .inference.write import overwritten

    victim = overwritten(folder, inputs)
    if victim is not None:
        raise typer.BadParameter(f"输出会覆盖输入 | the input would be overwritten: {victim}")


def _attempt(model: Path | None, runtime: Runtime, max_bytes: int | None) -> "Attempt":
    """A function that parses one input; the model is loaded here, once."""
    from .inference.read import MAX_BYTES
    from .inference.series import attempt_with
    from .inference.tagger import load_tagger

    tagger = load_tagger(model, runtime)
    return attempt_with(tagger, MAX_BYTES if max_bytes is None else max_bytes)


def _comparing(attempt: "Attempt", previous: Path, *, quiet: bool) -> "Attempt":
    """`attempt`, its reports compared with those of earlier years at `previous`."""
    from .inference.previous import load_archive, with_repeats
    from .inference.progress import say
    from .inference.series import then

    archive = load_archive(previous)
    if not quiet:
        say(f"可比对的往年报告 {len(archive)} 份 | {len(archive)} earlier reports to compare with")
    return then(attempt, lambda report: with_repeats(report, archive))


def _correcting(
    attempt: "Attempt", corrections: Path | None, output: str, *, quiet: bool
) -> "Attempt":
    """`attempt`, its reports with the values that people corrected."""
    from .inference.corrections import layer_for, load_corrections, with_corrections
    from .inference.series import then

    layer = layer_for(corrections, None if output == "-" else Path(output))
    if layer is None:
        return attempt
    if not quiet:
        tell_layer(layer)
    entries = load_corrections(layer)
    return then(attempt, lambda report: with_corrections(report, entries))


@contextmanager
def _sink(output: str, to: Sequence[Format] | None, inputs: Sequence[str]) -> "Iterator[Sink]":
    from .inference.write import Folder, Lines

    if output == "-":
        yield Lines(sys.stdout.buffer)
        return
    with Folder(Path(output), to or tuple(Format), inputs) as folder:
        yield folder


@contextmanager
def _teller(total: int, *, summary: bool, quiet: bool, verbose: bool) -> "Iterator[Tell]":
    from .inference.progress import follow

    bar = total > 1 and sys.stderr.isatty() and not (quiet or summary)
    with follow(total, bar=bar, log=not quiet, verbose=verbose) as tell:
        yield _showing(tell) if summary else tell


def _showing(tell: "Tell") -> "Tell":
    from rich.console import Console

    from .inference.summary import show

    console = Console()

    def tell_and_show(result: "Result") -> None:
        tell(result)
        if result.report is not None:
            with console.capture() as captured:
                show(result.report, console)
            print(captured.get(), end="", flush=True)

    return tell_and_show


def _close(tally: "Tally", output: str, *, n_paths: int) -> None:
    from .inference.progress import account, say

    if n_paths == 0:
        say("没有找到可解析的文件 | no file of a known kind was found")
    for line in account(tally):
        say(line)
    if output != "-":
        say(f"结果在 | results in: {output}")


@app.command()
def schema() -> None:
    """打印报告的 JSON Schema | Print the JSON Schema of a report"""
    from .inference.write import schema_json

    with interruptible():
        sys.stdout.buffer.write(schema_json())
        sys.stdout.flush()


@app.command()
def doctor(
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="要检查的模型文件夹，默认当前版本的"
            " | model folder to check; default: the current version's",
            show_default=False,
        ),
    ] = None,
) -> None:
    """检查安装是否完好 | Check the installation"""
    from .inference.doctor import examine

    marks = {True: "好 ok ", False: "坏 bad", None: "—  n/a"}
    lines = list(examine(model))
    for line in lines:
        typer.echo(f"[{marks[line.ok]}] {line.name}: {line.detail}")
    raise typer.Exit(MISSING if any(line.ok is False for line in lines) else OK)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def evaluate(context: typer.Context) -> None:
    """评测模型，参数见 evaluate -h | Evaluate; see evaluate -h"""
    try:
        from .training.evaluate import main as evaluate_main

        raise typer.Exit(evaluate_main(context.args))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("nianbao"):
            raise
        raise MissingExtra("E302", name=error.name, extra="train") from error


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def docbin(context: typer.Context) -> None:
    """写出 spaCy 的 DocBin，参数见 docbin -h | Write a spaCy DocBin; see docbin -h"""
    from .annotations.docbin import main as docbin_main

    with interruptible():
        raise typer.Exit(docbin_main(context.args))


app.add_typer(annotate)
app.add_typer(models)
app.command(epilog="例 example: nianbao retrain gold.jsonl")(retrain)
app.command(epilog="例 example: nianbao themes 问题.txt -o 主题.jsonl --why")(themes)
app.command(epilog="例 example: nianbao batch 年报/ 清单.csv 归档.zip -o out --workers 2")(batch)
app.command(
    epilog="例 example: nianbao correct out/甲.json t3.new.total 5 --why 原表印刷有误",
    context_settings={"ignore_unknown_options": True},
)(correct)
