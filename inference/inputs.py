"""The files that a user means by the paths he gives."""

import os
from collections.abc import Collection, Iterable, Iterator

#: What a folder is searched for. Kinds that we cannot read yet are told, not passed over.
SUFFIXES = frozenset(
    ".txt .md .markdown .html .htm .docx .doc .pdf .ofd .wps"
    " .png .jpg .jpeg .gif .bmp .tif .tiff .webp".split()
)


def find_inputs(paths: Iterable[str], suffixes: Collection[str] = SUFFIXES) -> Iterator[str]:
    """Each file as given, whatever its suffix; a folder's known files below it, sorted by path.

    Hidden files and folders inside a folder are skipped, links to folders are not followed.
    A path that is no folder is passed on, there or not; so is a folder that may not be read:
    the reader tells why.
    """
    for path in paths:
        if os.path.isdir(path):
            yield from _walk(path, suffixes)
        else:
            yield path


def _walk(folder: str, suffixes: Collection[str]) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in found:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, suffixes)
        elif entry.is_file() and os.path.splitext(entry.name)[1].casefold() in suffixes:
            yield entry.path
