"""The commands `nianbao models …`: thin, as `cli`. Heavy imports stand where they are needed."""

from typing import Annotated

import typer

from .ending import MISSING, interruptible

models = typer.Typer(
    name="models",
    help="模型的版本：列出、查看、换用、退回"
    " | Versions of the model: list, show, promote, roll back",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_Version = typer.Argument(
    min=0,
    metavar="N",
    help="版本号，0 是自带的 | number of the version, 0 is the one shipped",
    show_default=False,
)


@models.command(name="list", epilog="例 example: nianbao models list")
def list_() -> None:
    """列出各版本及其成绩 | List the versions and how good they are"""
    from .models_telling import tell_versions

    with interruptible():
        if not tell_versions():
            raise typer.Exit(MISSING)


@models.command(epilog="例 example: nianbao models show 2")
def show(version: Annotated[int | None, _Version] = None) -> None:
    """查看版本的来历，默认当前的 | Show where a version comes from"""
    from .models_telling import tell_version

    with interruptible():
        tell_version(version)


@models.command(epilog="例 example: nianbao models promote 2")
def promote(version: Annotated[int, _Version]) -> None:
    """验明完好，换用一个版本 | Take a sound version into use"""
    from . import versions
    from .progress import say

    with interruptible():
        versions.promote(version)
    say(f"当前版本：{version} | the current version is {version}")


@models.command(epilog="例 example: nianbao models rollback")
def rollback() -> None:
    """退回此前使用的版本 | Go back to the version of before"""
    from . import versions
    from .progress import say

    with interruptible():
        version = versions.rollback()
    say(f"已退回版本：{version} | back to version {version}")
