"""What a result depends on beside its source: code, libraries, model, options."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from ...models.folder import SUMS, file_sha256, load_folder, shipped
from ..corrections import digest as corrections_digest
from .options import Options

_PARTS = ("models", "inference")
_SUFFIXES = frozenset((".py", ".json", ".npy", ".npz", ".txt", ".onnx", ".safetensors"))
#: Those whose version may move a number, or a byte of a file.
_LIBRARIES = ("numpy", "onnxruntime", "lxml", "rapidfuzz", "pydantic", "pyarrow")


def fingerprint(options: Options) -> dict[str, str]:
    """Name -> value of all that must not change within an output folder. BadModel as the tagger.

    Limits of time, memory and size are left out: see `Options`.
    """
    values = {
        "code": _code(),
        "model": load_folder(shipped() if options.model is None else options.model).sha256,
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


def digest(values: dict[str, str]) -> str:
    lines = "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _code() -> str:
    """Of every module and data file that parsing may use; a model given by hand has its own."""
    root = Path(str(files(__package__.partition(".inference")[0])))
    total = hashlib.sha256()
    for part in _PARTS:
        for file in sorted((root / part).rglob("*"), key=lambda file: file.as_posix()):
            if file.suffix in _SUFFIXES and file.name != SUMS and file.is_file():
                total.update(f"{file.relative_to(root).as_posix()} {file_sha256(file)}\n".encode())
    return total.hexdigest()
