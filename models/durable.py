"""Files and folders that a disk keeps: flushed before the rename that makes them count."""

import os
import shutil
from pathlib import Path
from secrets import token_hex


def swap(file: Path, text: str) -> None:
    """Give `file` another content in one step."""
    new = file.with_name(f".{file.name}-{token_hex(8)}")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        become(new, file)
    finally:
        new.unlink(missing_ok=True)


def become(new: Path, name: Path) -> None:
    """Give a whole file or folder its name, once the disk has all of it."""
    if new.is_dir():
        flush_all(new)
    else:
        _flush(new)
    os.replace(new, name)
    flush_folder(name.parent)


def flush_all(folder: Path) -> None:
    """Have the disk keep a folder and all that it holds."""
    for file in folder.rglob("*"):
        if file.is_dir():
            flush_folder(file)
        else:
            _flush(file)
    flush_folder(folder)


def flush_folder(folder: Path) -> None:
    """Windows does it by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _flush(file: Path) -> None:
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())


def copy(folder: Path, out: Path) -> None:
    """Copy a folder to a new one that can be written, whatever the modes of the old."""
    shutil.copytree(folder, out, copy_function=shutil.copyfile)
    for copied in (out, *out.rglob("*/")):
        copied.chmod(0o755)  # those of a package that was installed read-only are 0555
