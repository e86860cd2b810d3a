"""The entries that a user means by the inputs he gives. Start at list_entries."""

import glob
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit, urlunsplit

from ...models.errors import NianbaoError
from ...models.report import as_text
from ..inputs import SUFFIXES, find_inputs
from .content import file_system, is_address, open_archive
from .entries import Carried, Entry
from .manifest import MANIFEST_SUFFIXES, read_manifest

_ARCHIVE = ".zip"
_SEARCHED = SUFFIXES | {_ARCHIVE}
_UTF8_FLAG = 0x800
_CREDENTIALS = re.compile(r"[^@/]*@")


def list_entries(inputs: Iterable[str]) -> list[Entry]:
    """Every entry once, sorted by path.

    Paths are those below the folder that holds all inputs, so that they are the same wherever
    that folder lies. NianbaoError: E404 a manifest that is none, E405 a pattern that matches
    nothing, E302 an address without fsspec.
    """
    found = [(root, place, carried) for root, place, carried in _places(inputs)]
    base = _common_folder({root for root, _, _ in found if not is_address(root)})
    entries: dict[tuple[str, str | None], Entry] = {}
    for _, place, carried in found:
        for entry in _members(Entry(_recorded(place, base), place, None, carried)):
            known = entries.get((entry.place, entry.member))
            if known is None or (carried and not known.carried):
                entries[entry.place, entry.member] = entry
    return sorted(entries.values(), key=lambda entry: (entry.path, entry.member or ""))


def _places(inputs: Iterable[str]) -> Iterator[tuple[str, str, Carried]]:
    """(root, place, carried): the root is what the user named, the place a file below it."""
    for given in inputs:
        if Path(given).suffix.casefold() in MANIFEST_SUFFIXES and not is_address(given):
            yield from _listed(given)
        else:
            for root, place in _expanded(given):
                yield root, place, ()


def _listed(manifest: str) -> Iterator[tuple[str, str, Carried]]:
    """What a manifest lists: paths below its own folder, or absolute ones, or addresses."""
    root = os.path.abspath(manifest)
    folder = os.path.dirname(root)
    for path, carried in read_manifest(Path(manifest)):
        target = path if is_address(path) else os.path.abspath(os.path.join(folder, path))
        inside = target.startswith(folder + os.sep)
        for own_root, place in _expanded(target):
            yield (root if inside else own_root), place, carried


def _expanded(given: str) -> Iterator[tuple[str, str]]:
    if is_address(given):
        yield from ((given, place) for place in _below_address(given))
        return
    if glob.has_magic(given) and not os.path.lexists(given):
        matches = sorted(glob.glob(given, recursive=True))
        if not matches:
            raise NianbaoError("E405", pattern=given)
        root = os.path.join(os.path.abspath(_plain_part(given)), "*")
    else:
        matches = [given]
        root = os.path.abspath(given)
    for match in matches:
        for place in find_inputs([match], _SEARCHED):
            yield root, os.path.abspath(place)


def _plain_part(pattern: str) -> str:
    """The folder up to the first part with a wildcard."""
    parts = []
    for part in Path(pattern).parts:
        if glob.has_magic(part):
            break
        parts.append(part)
    return os.path.join(*parts) if parts else "."


def _common_folder(roots: set[str]) -> str:
    try:
        return os.path.commonpath([os.path.dirname(root) for root in roots]) if roots else ""
    except ValueError:  # drives of Windows
        return ""


def _recorded(place: str, base: str) -> str:
    if is_address(place):
        scheme, host, *rest = urlsplit(place)
        return as_text(urlunsplit((scheme, _CREDENTIALS.sub("", host), *rest)))
    relative = os.path.relpath(place, base) if base else os.path.splitdrive(place)[1]
    return as_text(Path(relative).as_posix())


def _below_address(address: str) -> Iterator[str]:
    """The files of an address: of a folder or a pattern those of known kinds, sorted."""
    system = file_system(address)
    path = system._strip_protocol(address)
    protocol = address.partition("://")[0]
    try:
        if glob.has_magic(path):
            found = system.glob(path)
        elif system.isdir(path):
            found = system.find(path)
        else:
            yield address
            return
    except OSError as error:
        raise NianbaoError("E405", pattern=f"{address} ({error})") from error
    for name in sorted(found):
        if PurePosixPath(name).suffix.casefold() in SUFFIXES:
            yield name if is_address(name) else f"{protocol}://{name.lstrip('/')}"


def _members(entry: Entry) -> Iterator[Entry]:
    """The members of a zip archive of known kinds; any other entry itself."""
    if is_address(entry.place) or Path(entry.place).suffix.casefold() != _ARCHIVE:
        yield entry
        return
    try:
        names = [(info.filename, _spelled(info)) for info in open_archive(entry.place).infolist()]
    except (OSError, zipfile.BadZipFile):
        yield replace(entry, member="")  # the reader tells why
        return
    for member, name in names:
        parts = PurePosixPath(name).parts
        hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
        if not hidden and PurePosixPath(name).suffix.casefold() in SUFFIXES:
            path = as_text(f"{entry.path}/{name}")
            yield replace(entry, path=path, member=member)


def _spelled(info: zipfile.ZipInfo) -> str:
    """A member's name. Without the mark for UTF-8, Chinese archivers wrote UTF-8 or GB18030."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename
