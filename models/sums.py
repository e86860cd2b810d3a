"""The sums of a folder's files, so that a changed or missing byte is noticed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from .errors import BadModel

SUMS = "SHA256SUMS"


def verified(path: Path, needed: Iterable[str] = ()) -> str:
    """Check every file against SHA256SUMS; the sum of the sums.

    BadModel where one is missing or has changed, or one of `needed` is not listed.
    """
    sums = listed(path)
    _check(path, (*needed, *sums), sums)
    return file_sha256(path / SUMS)


def check_files(path: Path, names: Iterable[str]) -> None:
    """The same for the files of these names alone."""
    _check(path, names, listed(path))


def listed(path: Path) -> dict[str, str]:
    """File -> sum, as SHA256SUMS says. BadModel where there is none."""
    sums = path / SUMS
    if not sums.is_file():
        raise bad_model(f"找不到 {sums.name}", f"no {sums.name} in {path.name}")
    found = {}
    for line in sums.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        found[name] = digest
    return found


def _check(path: Path, names: Iterable[str], sums: dict[str, str]) -> None:
    for name in names:
        if name not in sums:
            raise bad_model(f"{SUMS} 未列出 {name}", f"{SUMS} does not list {name}")
        file = path / name
        if not file.is_file():
            raise bad_model(f"缺少 {name}", f"{name} is missing")
        if file_sha256(file) != sums[name]:
            raise bad_model(f"{name} 已损坏", f"{name} has changed")


def file_sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """SHA256SUMS of every file in the folder, as `sha256sum -c` reads it; all made readable."""
    files = sorted(f for f in folder.rglob("*") if f.is_file() and f != folder / SUMS)
    for file in files:
        file.chmod(0o644)  # safetensors writes for the owner alone, and a wheel would keep that
    lines = [f"{file_sha256(file)}  {file.relative_to(folder).as_posix()}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def bad_model(chinese: str, english: str) -> BadModel:
    """The error of a folder that cannot be used, with its reason in both languages."""
    return BadModel("E301", reason=f"{chinese} | {english}")
