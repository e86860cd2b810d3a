"""From a file's bytes to a Document. Start at read."""

import hashlib
from pathlib import Path, PurePath

from ..models.document import Document
from ..models.errors import UnreadableFile
from .encoding import decode
from .html import read_html
from .sniff import is_markup, may_be_markup, refuse_foreign

MAX_BYTES = 2_000_000  # of text; the longest reports have some 50,000 characters
#: Markup may be so much larger than the text it carries.
MARKUP_FACTOR = 8
_MARKDOWN_SUFFIXES = (".md", ".markdown")


def read(path: Path | str, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a text, Markdown or HTML file.

    max_bytes: limit of the text in UTF-8; an HTML source may have 8 times as many.
    Raises UnreadableFile: E101 no such file, E103 cannot be opened, and all of `read_bytes`.
    """
    path = Path(path)
    limit = MARKUP_FACTOR * max_bytes
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise UnreadableFile("E101") from error
    except OSError as error:
        raise UnreadableFile("E103", reason=error.strerror) from error
    if len(data) > limit:
        refuse_foreign(data, str(path))
        raise UnreadableFile("E106", size=max(size, len(data)), limit=max_bytes)
    return read_bytes(data, str(path), max_bytes=max_bytes)


def read_bytes(data: bytes, path: str, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a file's content. path: as the user gave it, "-" for standard input.

    Raises UnreadableFile: E102 empty, E103 no sound HTML, E104 binary, E105 encoding unknown,
    E106 too large, E111 to E117 a format that is not supported.
    """
    if not data.strip():
        raise UnreadableFile("E102")
    refuse_foreign(data, path)
    limit = MARKUP_FACTOR * max_bytes if may_be_markup(data) else max_bytes
    if len(data) > limit:
        raise UnreadableFile("E106", size=len(data), limit=max_bytes)
    decoded = decode(data)
    document = Document(
        path=path,
        text=_normalised(decoded.text),
        format=_format(path),
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=decoded.encoding,
    )
    if is_markup(document.text):
        document = _from_markup(document, max_bytes)
    if not document.text.strip():
        raise UnreadableFile("E102")
    _check_size(document.text, max_bytes)
    return document


def read_text(text: str, path: str = "-") -> Document:
    """A Document of text that is already decoded; markup in it is left as it is."""
    return Document(
        path=path,
        text=_normalised(text),
        format=_format(path),
        sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        encoding="utf-8",
    )


def _normalised(text: str) -> str:
    """BOM off, CR LF and CR made LF, nothing else changed (contract)."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _format(path: str) -> str:
    return "md" if PurePath(path).suffix.lower() in _MARKDOWN_SUFFIXES else "txt"


def _from_markup(document: Document, max_bytes: int) -> Document:
    page = read_html(document.text, max_bytes)
    return Document(
        path=document.path,
        text=page.text,
        format="html",
        sha256=document.sha256,
        encoding=document.encoding,
        grid=page.grid,
        metadata=page.metadata,
    )


def _check_size(text: str, max_bytes: int) -> None:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise UnreadableFile("E106", size=size, limit=max_bytes)
