"""What gets its name is on the disk before, and a copy can be written."""

import os
import stat
from pathlib import Path

import pytest

from nianbao.models.durable import become, copy, swap


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, set[int]]]:
    """The names that files got by renaming, each with the inodes that were flushed by then."""
    inodes: set[int] = set()
    renamed: list[tuple[str, set[int]]] = []
    fsync, replace = os.fsync, os.replace

    def note(handle: int) -> None:
        inodes.add(os.fstat(handle).st_ino)
        fsync(handle)

    def rename(old: Path, new: Path) -> None:
        renamed.append((Path(new).name, set(inodes)))
        replace(old, new)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(os, "replace", rename)
    return renamed


def test_a_file_is_flushed_before_it_is_swapped(
    tmp_path: Path, flushed: list[tuple[str, set[int]]]
) -> None:
    swap(tmp_path / "file", "一\n")
    assert (tmp_path / "file").read_bytes() == "一\n".encode()
    ((name, inodes),) = flushed
    assert name == "file" and (tmp_path / "file").stat().st_ino in inodes
    assert os.listdir(tmp_path) == ["file"]


def test_all_of_a_folder_is_flushed_before_it_gets_its_name(
    tmp_path: Path, flushed: list[tuple[str, set[int]]]
) -> None:
    (tmp_path / "new/deep").mkdir(parents=True)
    (tmp_path / "new/deep/file").touch()
    become(tmp_path / "new", tmp_path / "folder")
    ((_, inodes),) = flushed
    assert (tmp_path / "folder/deep/file").stat().st_ino in inodes


def test_a_copy_of_what_is_read_only_can_be_written(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deep").mkdir(parents=True)
    (source / "deep/file").write_text("一", "utf-8")
    for path in (source / "deep/file", source / "deep", source):
        path.chmod(0o555)
    copy(source, tmp_path / "copy")
    for path in (source / "deep", source):
        path.chmod(0o755)
    for name in ("", "deep", "deep/file"):
        assert (tmp_path / "copy" / name).stat().st_mode & stat.S_IWUSR, name
    assert (tmp_path / "copy/deep/file").read_text("utf-8") == "一"
