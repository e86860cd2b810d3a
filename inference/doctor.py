"""Whether this installation can do its work: libraries, processor, model."""

import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from ..models import registry
from ..models.errors import NianbaoError

if TYPE_CHECKING:  # light: this is to tell what is missing
    from ..models.report import ModelInfo

_CORE = (
    "numpy",
    "onnxruntime",
    "pydantic",
    "lxml",
    "rapidfuzz",
    "typer",
    "rich",
    "openpyxl",
    "platformdirs",
)
_TRAIN = ("torch", "transformers", "safetensors", "onnx", "onnxscript")
#: Flags of processors that multiply int8 natively; on others the model is slower.
_INT8_FLAGS = ("avx512_vnni", "avx_vnni", "amx_int8", "asimddp")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. ok: None where its absence is no fault."""

    name: str
    ok: bool | None
    detail: str


def examine(model: Path | None = None) -> Iterator[Line]:
    """Look at everything in turn. model: a model folder; None: of the current version."""
    yield Line("Python", sys.version_info >= (3, 11), platform.python_version())
    yield _processor(Path("/proc/cpuinfo"))
    missing = [name for name in _CORE if _version(name) is None]
    for name in _CORE:
        yield Line(name, name not in missing, _version(name) or "未安装 | not installed")
    for name in _TRAIN:
        found = _version(name)
        optional = "未安装，训练时才需要 | not installed, needed for training only"
        yield Line(f"{name} [train]", None if found is None else True, found or optional)
    if missing:
        yield _no_model(missing)
    else:
        yield from _models(model)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor(cpuinfo: Path) -> Line:
    name = "处理器 processor"
    if not cpuinfo.is_file():
        return Line(name, None, platform.machine())
    words = set(cpuinfo.read_text(encoding="utf-8", errors="replace").split())
    flags = [flag for flag in _INT8_FLAGS if flag in words]
    if flags:
        return Line(name, True, f"{platform.machine()}, {' '.join(flags)}")
    return Line(name, None, f"{platform.machine()}, 无 VNNI，较慢 | no VNNI, slower")


def _models(folder: Path | None) -> Iterator[Line]:
    from .tagger import load_tagger
    from .themes import load_classifier

    yield _line("模型版本 version", lambda: f"{registry.current()} ({registry.home()})")
    yield _line("模型 model", lambda: _told(load_tagger(folder).info))
    yield _line("主题模型 themes", lambda: _told(load_classifier().info))


def _told(info: "ModelInfo") -> str:
    return f"{info.name} {info.version}, sha256 {info.sha256[:12]}"


def _line(name: str, look: Callable[[], str]) -> Line:
    """What `look` finds; or the error that it meets."""
    try:
        return Line(name, True, look())
    except NianbaoError as error:
        return Line(name, False, f"{error.code} {error.message}")


def _no_model(missing: list[str]) -> Line:
    names = ", ".join(missing)
    return Line("模型 model", False, f"缺少 {names}，未检查 | not looked at without {names}")
