"""The command `nianbao`: thin. Heavy imports stand in the commands that need them."""

import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .inference.names import Format
from .models.errors import MissingExtra, NianbaoError

if TYPE_CHECKING:
    from .inference.batch import Attempt, Tally
    from .inference.pipeline import Result
    from .inference.progress import Tell
    from .inference.write import Sink

OK = 0
OUR_ERROR = 1
USAGE = 2
SOME_FAILED = 3
FOUND = 4  # what --fail-on asked for
MISSING = 5  # a model or an optional component
INTERRUPTED = 130
PIPE_CLOSED = 141  # as the shell shows any program whose reader went away

_EXIT = {"E301": MISSING, "E302": MISSING, "E401": USAGE}


Runtime = Literal["onnx", "torch"]
Level = Literal["error", "warning"]

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
    return _EXIT.get(error.code, OUR_ERROR)


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
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="模型文件夹，默认用自带的 | model folder; default: the one shipped",
            show_default=False,
        ),
    ] = None,
    runtime: Annotated[Runtime, typer.Option(help="推理引擎 | inference engine")] = "onnx",
    max_bytes: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="单个文件的字节上限 | refuse files of more bytes",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="只解析前 N 份 | only the first N", show_default=False
        ),
    ] = None,
    fail_on: Annotated[
        Level | None,
        typer.Option(
            help="有此级别的问题或勾稽不成立时以 4 退出"
            " | exit 4 where a check fails or a finding is that severe",
            show_default=False,
        ),
    ] = None,
    summary: Annotated[
        bool, typer.Option("--summary", help="逐份打印解析所得 | print what was found in each")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="只报告失败 | tell failures only")
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("-v", "--verbose", help="内部错误附详情 | show details of internal errors"),
    ] = False,
) -> None:
    """解析报告，写出 JSON、CSV、Excel | Parse reports into JSON, CSV, Excel"""
    from .inference.inputs import find_inputs

    _refuse_contradictions(inputs, output, to=to, summary=summary, quiet=quiet, verbose=verbose)
    attempt = _attempt(model, runtime, max_bytes)
    paths = list(find_inputs(inputs))[:limit]
    with ExitStack() as stack:
        stack.enter_context(_interruptible())
        sink = stack.enter_context(_sink(output, to, inputs))
        tell = stack.enter_context(
            _teller(len(paths), summary=summary, quiet=quiet, verbose=verbose)
        )
        from .inference.batch import run

        tally = run(paths, attempt, sink, tell)
    if not quiet:
        _close(tally, output, n_paths=len(paths))
    raise typer.Exit(_status(tally, fail_on))


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
    from .inference.batch import attempt_with
    from .inference.read import MAX_BYTES
    from .inference.tagger import load_tagger

    tagger = load_tagger(model, runtime)
    return attempt_with(tagger, MAX_BYTES if max_bytes is None else max_bytes)


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


@contextmanager
def _interruptible() -> Iterator[None]:
    """End quietly when the user stops the run or closes the pipe; what is written stays."""
    try:
        yield
    except KeyboardInterrupt:
        from .inference.progress import say

        say("已中断，已写出的结果保留 | interrupted; what was written stays")
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None


def _close(tally: "Tally", output: str, *, n_paths: int) -> None:
    from .inference.progress import account, say

    if n_paths == 0:
        say("没有找到可解析的文件 | no file of a known kind was found")
    for line in account(tally):
        say(line)
    if output != "-":
        say(f"结果在 | results in: {output}")


def _status(tally: "Tally", fail_on: Level | None) -> int:
    if tally.mistakes:
        return OUR_ERROR
    if tally.failed:
        return SOME_FAILED
    return FOUND if fail_on is not None and tally.has(fail_on) else OK


@app.command()
def schema() -> None:
    """打印报告的 JSON Schema | Print the JSON Schema of a report"""
    from .inference.write import schema_json

    with _interruptible():
        sys.stdout.buffer.write(schema_json())
        sys.stdout.flush()


@app.command()
def doctor(
    model: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="要检查的模型文件夹，默认自带的 | model folder to check; default: the one shipped",
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
