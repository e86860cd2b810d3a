"""The commands `nianbao annotate …`: thin, as `cli`. Heavy imports stand where they are needed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..inference.commands import Model, Quiet, refuse_overwriting
from ..inference.ending import OK, SOME_FAILED, interruptible
from ..inference.inputs import find_inputs
from .formats import Exchange

if TYPE_CHECKING:
    from .documents import AnnotatedDocument

annotate = typer.Typer(
    name="annotate",
    help="标注：导出预标注、导入、一致性、统计"
    " | Annotation: pre-annotated tasks out, labels in, agreement, statistics",
    no_args_is_help=True,
    rich_markup_mode=None,
)

GoldFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="GOLD...",
        help="gold 格式的标注 | annotations in the gold format",
        show_default=False,
    ),
]


@annotate.command(epilog="例 example: nianbao annotate export 年报/ -o tasks.json -n 50")
def export(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="要预标注的文件或文件夹；.jsonl 为 gold 格式的标注，原样换格式"
            " | files or folders to pre-annotate; .jsonl: annotations in the gold format, which"
            " are converted as they are",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="输出 | output", dir_okay=False)
    ],
    to: Annotated[Exchange, typer.Option(help="输出的格式 | output format")] = (
        Exchange.LABEL_STUDIO
    ),
    number: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--number",
            min=1,
            metavar="N",
            help="由队列选出 N 份，默认全部 | let the queue choose N reports; default: all",
            show_default=False,
        ),
    ] = None,
    random_share: Annotated[
        float,
        typer.Option(
            "--random",
            min=0,
            max=1,
            help="其中随机抽取的比例，用来如实测量"
            " | share of them drawn at random, for honest measurement",
        ),
    ] = 0.2,
    seed: Annotated[int, typer.Option(help="随机种子 | seed of the draw")] = 0,
    known: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            metavar="GOLD",
            help="已有的标注：不再选，其版式不算新，可重复"
            " | annotations that exist: not chosen again, their layouts not new; may be repeated",
            show_default=False,
        ),
    ] = None,
    corrections: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="只导出 correct 更正过的报告，标注随之更正"
            " | only reports that `correct` corrected, their labels with them",
            show_default=False,
        ),
    ] = None,
    themes: Annotated[
        bool, typer.Option("--themes", help="附上条目的主题 | with the themes of items")
    ] = False,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    """导出预标注的任务，或换格式 | Write pre-annotated tasks, or convert gold"""
    from .exporting import Plan, is_gold, run

    _require_folder(output)
    gold = any(map(is_gold, inputs))
    _refuse_choosing(gold=gold, number=number, known=known, corrections=corrections)
    sources = [corrections] if corrections is not None else []
    _refuse_overwriting(output, [*find_inputs(inputs), *(known or ()), *sources])
    plan = Plan(
        inputs=inputs,
        output=output,
        to=to,
        number=number,
        random_share=random_share,
        seed=seed,
        known=tuple(known or ()),
        themes=themes,
        model=model,
        corrections=corrections,
    )
    with interruptible():
        failed = run(plan, quiet=quiet)
    raise typer.Exit(SOME_FAILED if failed else OK)


@annotate.command("import", epilog="例 example: nianbao annotate import 导出.json -o gold.jsonl")
def import_(
    inputs: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="标注工具导出的文件 | what an annotation tool exported",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="GOLD",
            dir_okay=False,
            help="gold 文件；已有的保留，同一人同一份的更新"
            " | gold file; what it has is kept, one person's work on one report is replaced",
            show_default=False,
        ),
    ],
    from_: Annotated[
        Exchange | None,
        typer.Option(
            "--from", help="来源格式，默认自动判断 | format; default: told", show_default=False
        ),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="文件里没有写明时的标注者 | the annotator, where a file names none",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """导入标注，逐处核对 | Take annotations in, each place checked"""
    from .importing import run

    _require_folder(output)
    _require_name(annotator)
    _refuse_overwriting(output, inputs)
    with interruptible():
        refused = run(inputs, output, from_, annotator, quiet=quiet)
    raise typer.Exit(SOME_FAILED if refused else OK)


@annotate.command(epilog="例 example: nianbao annotate agreement gold.jsonl -o 分歧.jsonl")
def agreement(
    inputs: GoldFiles,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            dir_okay=False,
            help="逐条写出分歧 | write the disagreements, one a line",
            show_default=False,
        ),
    ] = None,
    annotator: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="只比较这几个人的，可重复，默认所有人"
            " | compare these people alone; repeat it for each; default: everybody",
            show_default=False,
        ),
    ] = None,
) -> None:
    """两人标注的一致性 | How far annotators agree"""
    if annotator and len(set(annotator)) < 2:
        raise typer.BadParameter("--annotator 须有两人 | --annotator must name two people")
    if output is not None:
        _require_folder(output)
        _refuse_overwriting(output, inputs)
    from .telling import tell_agreement

    with interruptible():
        complete = tell_agreement(_gold(inputs), output, annotator or None)
    raise typer.Exit(OK if complete else SOME_FAILED)


@annotate.command(epilog="例 example: nianbao annotate stats gold.jsonl")
def stats(inputs: GoldFiles) -> None:
    """标注的统计 | What has been annotated"""
    from .telling import tell_stats

    with interruptible():
        tell_stats(_gold(inputs))


def _require_folder(output: Path) -> None:
    """Told before the work: BadParameter, which ends with status 2."""
    if not output.parent.is_dir():
        raise typer.BadParameter(f"没有这个文件夹 | no such folder: {output.parent}")


def _require_name(annotator: str | None) -> None:
    """BadParameter for a name that names nobody, or that no file can hold."""
    from .checks import require_text
    from .misfit import Misfit

    try:
        require_text(annotator or "", "--annotator")
    except Misfit as misfit:
        raise typer.BadParameter(str(misfit)) from misfit
    if annotator is not None and not annotator.strip():
        raise typer.BadParameter("--annotator 是空的 | --annotator is empty")


def _refuse_overwriting(output: Path, sources: Iterable[str | Path]) -> None:
    """Told before the work: BadParameter."""
    for source in sources:
        refuse_overwriting(source, output)


def _refuse_choosing(
    *, gold: bool, number: int | None, known: list[Path] | None, corrections: Path | None
) -> None:
    """BadParameter for options that choose among reports, where nothing is left to choose."""
    if gold and (number is not None or known or corrections is not None):
        raise typer.BadParameter(
            "gold 全部转换，不能再用 -n、--known、--corrections 挑选"
            " | gold is converted whole: -n, --known and --corrections choose among reports"
        )
    if number is not None and corrections is not None:
        raise typer.BadParameter(
            "--corrections 导出全部更正过的报告，不能再用 -n 挑选"
            " | --corrections takes all corrected reports: -n cannot choose among them"
        )


def _gold(paths: list[Path]) -> "list[AnnotatedDocument]":
    """Raises NianbaoError E108 at the first fault."""
    from .gold import read_gold

    return [document for path in paths for document in read_gold(path)]


@annotate.command(epilog="例 example: nianbao annotate serve --port 9090")
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 | port")] = 9090,
    host: Annotated[
        str, typer.Option(help="监听的地址，默认只听本机 | address; default: this machine alone")
    ] = "127.0.0.1",
    model: Model = None,
) -> None:
    """Label Studio 的模型后端 | An ML backend for Label Studio"""
    from ..inference.progress import say
    from ..inference.tagger import load_tagger
    from ..models.errors import NianbaoError
    from .serve import Backend, server

    backend = Backend(load_tagger(model))
    try:
        running = server(backend, host, port)
    except OSError as error:
        reason = f"{host}:{port}：{error.strerror or error} | {host}:{port}: {error}"
        raise NianbaoError("E408", reason=reason) from error
    with running, interruptible():
        url = f"http://{host}:{running.server_address[1]}"
        say(f"模型 {backend.version} 在 {url}，Ctrl-C 结束 | serving at {url}, Ctrl-C ends it")
        running.serve_forever()
