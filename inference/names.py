"""Kinds and names of what is written. Light, so that the command's help need not wait."""

import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

_STDIN_STEM = "stdin"
_LONGEST = 255  # bytes of a name: what the usual file systems take


class Format(StrEnum):
    """Kinds of files in the output folder."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


class Names:
    """Names of JSON files in `folder`, each given once, compared without case.

    An input is never written over: what `inputs` names in `folder` counts as taken.
    """

    def __init__(self, folder: Path, inputs: Iterable[str] = ()) -> None:
        self._taken = {
            path.stem.casefold()
            for path in map(Path, inputs)
            if path.suffix.casefold() == ".json" and path.parent.resolve() == folder.resolve()
        }

    def free(self, path: str) -> str:
        """The stem of `path`, or the next free `<stem>-2`, `<stem>-3`, …"""
        stem = _STDIN_STEM if path == "-" else Path(path).stem
        number, name = 1, _fitting(stem, "")
        while name.casefold() in self._taken:
            number += 1
            name = _fitting(stem, f"-{number}")
        self._taken.add(name.casefold())
        return name


def _fitting(stem: str, suffix: str) -> str:
    """`stem + suffix`, the stem cut where the name of the JSON file would be too long."""
    while len(os.fsencode(f"{stem}{suffix}.json")) > _LONGEST:
        stem = stem[:-1]
    return stem + suffix
