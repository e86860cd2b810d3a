"""The bytes of an entry: from a file, an archive or an address."""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from ...models.errors import MissingExtra, UnreadableFile
from .entries import Entry

_CHUNK = 1 << 20
#: What a broken archive, one with a password or an unknown method says.
_ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)


def is_address(place: str) -> bool:
    return "://" in place


def read_content(entry: Entry, limit: int) -> bytes:
    """At most `limit + 1` bytes. Raises UnreadableFile: E101 no such file, E103 any other."""
    with _opened(entry) as stream:
        data: bytes = stream.read(limit + 1)
        return data


def hash_of(entry: Entry, limit: int) -> str | None:
    """The sha256 of an entry's bytes; None where it cannot be read.

    limit: an archive's member of more bytes is not unpacked to its end: None.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with _opened(entry) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                if entry.member is not None and size > limit:
                    return None
    except UnreadableFile:
        return None
    return digest.hexdigest()


@contextmanager
def _opened(entry: Entry) -> Iterator[IO[Any]]:
    try:
        if entry.member is not None:
            with open_archive(entry.place).open(entry.member) as stream:
                yield stream
        elif is_address(entry.place):
            with open_address(entry.place) as stream:
                yield stream
        else:
            with open(_regular(entry.place), "rb") as stream:
                yield stream
    except FileNotFoundError as error:
        raise UnreadableFile("E101") from error
    except (OSError, ValueError) as error:  # ValueError: a name that no system has
        raise UnreadableFile("E103", reason=_reason(error)) from error
    except KeyError as error:
        raise UnreadableFile("E101") from error
    except _ARCHIVE_ERRORS as error:
        reason = f"压缩包损坏或有密码 | {_reason(error)}"
        raise UnreadableFile("E103", reason=reason) from error


def _reason(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) else None
    return words or " ".join(str(error).split()) or type(error).__name__


def _regular(place: str) -> Path:
    """A device or a pipe would never end."""
    path = Path(place)
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise UnreadableFile("E103", reason="不是普通文件 | not a regular file")
    return path


@lru_cache(maxsize=4)
def open_archive(place: str) -> zipfile.ZipFile:
    """Kept open: reading the directory of a large archive anew for each member would cost more
    than the member."""
    return zipfile.ZipFile(place)


def open_address(address: str) -> Any:
    """A stream of what stands at `address`. MissingExtra where fsspec is not installed."""
    return file_system(address).open(_without_protocol(address), "rb")


def file_system(address: str) -> Any:
    try:
        import fsspec
    except ImportError as error:
        raise MissingExtra("E302", name="fsspec", extra="remote") from error
    try:
        return fsspec.core.url_to_fs(address)[0]
    except (ImportError, ValueError) as error:  # a protocol unknown, or its library missing
        raise UnreadableFile("E103", reason=_reason(error)) from error


def _without_protocol(address: str) -> str:
    import fsspec

    path: str = fsspec.core.url_to_fs(address)[1]
    return path
