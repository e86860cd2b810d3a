"""What a file is, told by its bytes; the suffix is never trusted alone."""

import io
import re
import zipfile
from pathlib import PurePath

from ..models.errors import UnreadableFile

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
_ARCHIVES = (
    (b"\x1f\x8b", "GZIP"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\xfd7zXZ\0", "XZ"),
    (b"BZh", "BZIP2"),
    (b"{\\rtf", "RTF"),
)
# A part's name in a zip -> code and kind. Word's own part is word/document.xml, always.
_ZIP_PARTS = (
    ("OFD.xml", "E114", "OFD"),
    ("word/", "E111", "DOCX"),
    ("xl/", "E117", "XLSX"),
    ("ppt/", "E117", "PPTX"),
)
# Streams of an OLE2 file are named in UTF-16.
_OLE2_STREAMS = (
    ("WpsDocument", "E115", "WPS"),
    ("WordDocument", "E112", "DOC"),
    ("Workbook", "E117", "XLS"),
    ("PowerPoint Document", "E117", "PPT"),
)
_WORD_SUFFIXES = (".doc", ".dot")
_WPS_SUFFIXES = (".wps", ".wpt")
_HEADER_LINE = re.compile(rb"\s*[A-Za-z-]+:[ \t]")
_MIME = re.compile(rb"^MIME-Version:[ \t]*1", re.I | re.M)

_OPENING = re.compile(
    r"(?:<\?xml[^<>]*>|<!--.*?-->|\s)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CELL = re.compile(r"<t[dh]\b[^<>]{0,2000}>", re.I)
_ESCAPED_CELL = re.compile(r"&(?:amp;)?lt;t[dh]\b", re.I)
_BLOCK = re.compile(r"<(p|div)\b[^<>]{0,2000}>", re.I)
_BLOCK_END = re.compile(r"<\\?/(p|div)\s*>", re.I)
_HEAD = 65536  # bytes or characters; magic numbers and the first tags lie there


def refuse_foreign(data: bytes, path: str) -> None:
    """Raise UnreadableFile (E111 to E117) if the bytes are of a kind that we know and do not read.

    data: the file's first bytes at least; a zip that is cut short is told by its local headers.
    """
    suffix = PurePath(path).suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        _refuse_zip(data)
    if data.startswith(_OLE2):
        _refuse_ole2(data, suffix)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        raise UnreadableFile("E113")
    if data.startswith(_IMAGES) or _is_riff_or_bitmap(data):
        raise UnreadableFile("E116")
    for magic, kind in _ARCHIVES:
        if data.startswith(magic):
            raise UnreadableFile("E117", kind=kind)
    _refuse_single_file_pages(data[:_HEAD])
    if suffix in _WPS_SUFFIXES and b"\0" in data[:_HEAD]:
        raise UnreadableFile("E115")  # WPS for DOS: no magic number, but surely no text


def _refuse_zip(data: bytes) -> None:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        heads = re.findall(rb"PK\x03\x04.{22}(..)..(?=([^\x00-\x1f]{1,80}))", data, re.S)
        names = [
            name[: int.from_bytes(size, "little")].decode("ascii", "replace")
            for size, name in heads
        ]
    for part, code, kind in _ZIP_PARTS:
        if any(name.startswith(part) for name in names):
            raise UnreadableFile(code, kind=kind)
    raise UnreadableFile("E117", kind="ZIP")


def _refuse_ole2(data: bytes, suffix: str) -> None:
    if suffix in _WPS_SUFFIXES:
        raise UnreadableFile("E115")
    for stream, code, kind in _OLE2_STREAMS:
        if stream.encode("utf-16-le") in data:
            raise UnreadableFile(code, kind=kind)
    if suffix in _WORD_SUFFIXES:
        raise UnreadableFile("E112")
    raise UnreadableFile("E117", kind="OLE2")


def _is_riff_or_bitmap(data: bytes) -> bool:
    if data[:4] == b"RIFF":
        return data[8:12] == b"WEBP"
    return data[:2] == b"BM" and data[6:10] == bytes(4)  # "BM" alone may begin a text


def _refuse_single_file_pages(head: bytes) -> None:
    """A saved page in one MIME file, and Word's or Excel's XML of 2003."""
    if _HEADER_LINE.match(head) and _MIME.search(head[:4096]):
        raise UnreadableFile("E117", kind="MHT")
    if b"<?mso-application" in head[:2048]:
        if b"Word.Document" in head:
            raise UnreadableFile("E112")
        raise UnreadableFile("E117", kind="XML (Office 2003)")


def is_markup(text: str) -> bool:
    """Is the text HTML, whole or in fragments, escaped or not?

    A few <br> in a pipe table, or 《…<某某格式>》, do not make a text HTML.
    """
    if "<" not in text and "lt;" not in text:
        return False
    if _OPENING.match(text[:_HEAD]) or _CELL.search(text) or _ESCAPED_CELL.search(text):
        return True
    opened = sum(1 for _ in _BLOCK.finditer(text))
    return opened >= 3 and sum(1 for _ in _BLOCK_END.finditer(text)) * 2 >= opened


def may_be_markup(data: bytes) -> bool:
    """A cheap look at the first bytes, in any encoding: HTML may be larger than its text."""
    head = data[:_HEAD].replace(b"\0", b"").decode("latin-1")
    return is_markup(head.removeprefix("\xef\xbb\xbf").lstrip("\xfe\xff"))


def is_mixed(text: str) -> bool:
    """Markup in the midst of plain text: line ends outside the tags mean line breaks.

    Converters write Markdown with tables in HTML; a fragment of a page begins with a tag.
    """
    return not text.lstrip(" \t\n\"'").startswith(("<", "&lt;", "&amp;lt;", "{", "["))
