"""The command `nianbao retrain`: thin, as `cli`. Heavy imports stand where they are needed."""

import math
from typing import TYPE_CHECKING, Annotated

import typer

from ...annotations.commands import GoldFiles
from ...inference.commands import Quiet
from ...inference.ending import OK, REFUSED, interruptible
from ...models.errors import MissingExtra

WIDTH = 130  # of the table of figures, in columns

if TYPE_CHECKING:
    from .gate import Verdict
    from .run import Ending


def _finite(value: float | None) -> float | None:
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter("应为有限的数 | must be a finite number")
    return value


def retrain(
    gold: GoldFiles,
    minutes: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            callback=_finite,
            metavar="M",
            help="训练的时限 | time limit of the training",
            show_default=False,
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="训练的步数，默认按份数 1000 至 1300"
            " | steps of training; default: 1000 to 1300 by the number of reports",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=1000, help="随机种子 | random seed")] = 0,
    encoder: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FOLDER",
            help="换一个 Hugging Face 的编码器，默认从当前版本接着训练"
            " | start from another encoder of Hugging Face; default: the current version",
            show_default=False,
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="未过关也启用 | promote it whatever the gate says"),
    ] = False,
    promote: Annotated[
        bool,
        typer.Option(
            "--promote/--no-promote", help="过关即启用 | promote it if the gate lets it pass"
        ),
    ] = True,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="丢弃没有完成的，从头再来 | throw away what an unfinished one left"
        ),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """用标注再训练，不退步才启用 | Train on with annotations; promoted only if nothing is lost"""
    if force and not promote:
        raise typer.BadParameter("--force 与 --no-promote 不能并用 | cannot be combined")
    from ...inference.progress import say

    try:
        from transformers.utils import logging

        from .run import Plan
        from .run import retrain as retrain_
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("nianbao"):
            raise
        raise MissingExtra("E302", name=error.name, extra="train") from error

    plan = Plan(
        gold=tuple(gold),
        steps=steps,
        minutes=minutes,
        seed=seed,
        encoder=encoder,
        force=force,
        promote=promote,
        fresh=fresh,
    )
    logging.disable_progress_bar()
    with interruptible():
        ending = retrain_(plan, (lambda _: None) if quiet else say)
    if not quiet:
        _show(ending.verdict)
    _close(ending, quiet=quiet)
    raise typer.Exit(OK if ending.verdict.passed or ending.promoted else REFUSED)


def _show(verdict: "Verdict") -> None:
    """The figures of both models, on standard error."""
    from rich.console import Console
    from rich.table import Table

    from .gate import table

    columns = table(verdict.rows)
    shown = Table(*columns, box=None)
    for cells in zip(*columns.values(), strict=True):
        shown.add_row(*cells)
    Console(stderr=True, width=WIDTH).print(shown)  # a narrow terminal breaks the lines itself


def _close(ending: "Ending", *, quiet: bool) -> None:
    """What was decided and why; a refusal is told in any case."""
    from ...inference.progress import say

    version, verdict = ending.version, ending.verdict
    for line in verdict.reasons:
        say(line)
    if not verdict.passed:
        overruled = "，已强行启用 | refused, promoted by force"
        kept = (
            f"，未启用；核对标注后再训练，或 nianbao models promote {version}"
            f" | refused, not promoted; look at the annotations and train again, or"
            f" nianbao models promote {version}"
        )
        say(f"版本 {version} 未过关{overruled if ending.promoted else kept}")
    if ending.rival is not None:
        say(
            f"再训练期间当前版本换成了 {ending.rival}，不去动它；"
            f"要启用这一版：nianbao models promote {version}"
            f" | the current version became {ending.rival} meanwhile and stays;"
            f" nianbao models promote {version} takes this one"
        )
    if quiet:
        return
    for line in verdict.notes:
        say(line)
    if verdict.passed:
        used = (
            "已启用 | passed and promoted" if ending.promoted else "未启用 | passed, not promoted"
        )
        say(f"版本 {version} 过关，{used}")
