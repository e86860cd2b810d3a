"""The formats that annotations come and go in, by name. Light: a command's help need not wait."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from .checks import Outcome
    from .documents import AnnotatedDocument


class Exchange(StrEnum):
    """The value is the name that the command takes."""

    GOLD = "gold"
    LABEL_STUDIO = "label-studio"
    DOCCANO = "doccano"
    CONLL = "conll"
    DOCBIN = "docbin"
    TOKENS = "tokens"


_MODULES = {Exchange.LABEL_STUDIO: "label_studio", Exchange.DOCBIN: "spacy_docs"}
_SUFFIXES = {
    ".json": Exchange.LABEL_STUDIO,
    ".spacy": Exchange.DOCBIN,
    ".conll": Exchange.CONLL,
    ".bio": Exchange.CONLL,
    ".txt": Exchange.CONLL,
}


class Converter(Protocol):
    """What the module of a format offers."""

    def write(self, documents: "Iterable[AnnotatedDocument]", path: Path) -> None:
        """Raises NianbaoError E401."""
        ...

    def read(self, path: Path) -> "Iterator[Outcome]":
        """Raises NianbaoError E108 where the file as a whole is something else."""
        ...


def converter(name: Exchange) -> Converter:
    """The module of a format. MissingExtra for DocBin where spaCy is not installed."""
    module = import_module(f".{_MODULES.get(name, name)}", __package__)
    return cast(Converter, module)


def format_of(path: Path) -> Exchange:
    """What a file seems to be, by its suffix, and JSONL by the keys of its first line.

    Raises NianbaoError E108 where the file cannot be read.
    """
    known = _SUFFIXES.get(path.suffix.lower())
    if known is not None:
        return known
    from .checks import json_lines
    from .gold import GoldLine

    record = next((record for _, record in json_lines(path)), None)
    keys = set(record) if isinstance(record, dict) else set()
    if {"tokens", "ner_tags"} <= keys:
        return Exchange.TOKENS
    ours = "annotator" in keys or keys <= set(GoldLine.model_fields)
    return Exchange.GOLD if {"id", "spans"} <= keys and ours else Exchange.DOCCANO
