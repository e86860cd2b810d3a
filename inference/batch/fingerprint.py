"""What a result depends on beside its source: code, libraries, model, options."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from ...models.folder import load_folder
from ...models.registry import opening
from ...models.sums import SUMS, file_sha256, verified
from ..corrections import digest as corrections_digest
from ..themes import NEEDED
from .options import Options

_PARTS = ("models", "inference")
_SUFFIXES = frozenset((".py", ".json", ".npy", ".npz", ".txt", ".onnx", ".safetensors"))
#: Those whose version may move a number, or a byte of a file.
_LIBRARIES = ("numpy", "onnxruntime", "lxml", "rapidfuzz", "pydantic", "pyarrow")


def fingerprint(options: Options) -> dict[str, str]:
    """Name -> value of all that must not change within an output folder. BadModel as the models.

    Limits of time, memory and size are left out: see `Options`.
    """
    values = {
        "code": _code(),
        "model": _tagger(options),
        "themes": _themes(options),
        "runtime": options.runtime,
        "corrections": corrections_digest(options.corrections),
        "shard_size": str(options.shard_size),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "processor": platform.machine(),
    }
    for name in _LIBRARIES:
        try:
            values[name] = version(name)
        except PackageNotFoundError:
            values[name] = ""
    return values


def _tagger(options: Options) -> str:
    with opening("tagger", options.model, options.version) as folder:
        return load_folder(folder).sha256


def _themes(options: Options) -> str:
    with opening("themes", version=options.version) as folder:
        return verified(folder, NEEDED)


def digest(values: dict[str, str]) -> str:
    lines = "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _code() -> str:
    """Of every module and data file that parsing may use; other models have their own."""
    root = Path(str(files(__package__.partition(".inference")[0])))
    total = hashlib.sha256()
    for part in _PARTS:
        for file in sorted((root / part).rglob("*"), key=lambda file: file.as_posix()):
            if file.suffix in _SUFFIXES and file.name != SUMS and file.is_file():
                total.update(f"{file.relative_to(root).as_posix()} {file_sha256(file)}\n".encode())
    return total.hexdigest()
