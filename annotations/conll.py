r"""CoNLL by character: `字<TAB>B-ROW`, one code point a line, a blank line behind each document.

What a reader of columns would lose is escaped: `\n`, `\t`, `\s` for a blank, `\\`, `\#`, and
`\uXXXX` for any other sign that is not printed. Before its first sign a document has a line
`# {…}` with what it has beside text and labels; files of others need none. A line that only looks
blank may have lost its sign on the way, and is a fault.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from .bio import spans_of_tags, tags_of
from .carried import carried, document_with
from .checks import Outcome, outcome_of, read_text, write_text
from .documents import AnnotatedDocument
from .misfit import Misfit, Trouble

_NAMED = {"\n": r"\n", "\t": r"\t", "\r": r"\r", " ": r"\s", "\\": r"\\", "#": r"\#"}
_SIGNS = {escape: sign for sign, escape in _NAMED.items()}
_CODE = re.compile(r"\\u([0-9A-F]{4,6})")
_OPENING = "# {"  # no sign with a tag, for no tag begins so
_LINE = re.compile(r"(\S+)[\t ](\S+)")


def write(documents: Iterable[AnnotatedDocument], path: Path) -> None:
    """Write all documents. Raises NianbaoError E401."""
    write_text(path, "".join(_block(document) for document in documents))


def _block(document: AnnotatedDocument) -> str:
    pairs = zip(document.text, tags_of(document), strict=True)
    lines = [f"{_escaped(sign)}\t{tag}\n" for sign, tag in pairs]
    return f"# {json.dumps(carried(document), ensure_ascii=True)}\n{''.join(lines)}\n"


def _escaped(sign: str) -> str:
    if sign in _NAMED:
        return _NAMED[sign]
    return sign if sign.isprintable() and not sign.isspace() else f"\\u{ord(sign):04X}"


def read(path: Path) -> Iterator[Outcome]:
    """The documents, each checked, and what was refused. Raises NianbaoError E108."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        line = line.removesuffix("\r")  # of the file; one of the text is escaped
        if line:
            block.append((number, line))
        elif block:
            yield from outcome_of(path, f"line {block[0][0]}", _document, block)
            block = []
    if block:
        yield from outcome_of(path, f"line {block[0][0]}", _document, block)


def _document(block: Sequence[tuple[int, str]]) -> AnnotatedDocument:
    about: dict[str, Any] = {}
    if block[0][1].startswith(_OPENING):
        about, block = _about(*block[0]), block[1:]
    signs, tags, troubles = [], [], []
    for number, line in block:
        found = _LINE.fullmatch(line)
        sign = None if found is None else _sign(found[1])
        if found is None or sign is None:
            reason = f"不是“字 标签”：{line} | not a character and a tag: {line}"
            troubles.append(Trouble(f"line {number}", reason))
        else:
            signs.append(sign)
            tags.append(found[2])
    if troubles:
        raise Misfit(*troubles)
    return document_with("".join(signs), spans_of_tags(tags), about)


def _about(number: int, line: str) -> dict[str, Any]:
    """What our own first line says."""
    try:
        about: dict[str, Any] = json.loads(line[2:])
    except (ValueError, RecursionError) as error:
        raise Misfit(Trouble(f"line {number}", "不是 JSON 对象 | not a JSON object")) from error
    return about


def _sign(token: str) -> str | None:
    """The code point that a first column stands for; None where it is none or more."""
    if len(token) == 1:
        return token if token != "\\" else None
    if token in _SIGNS:
        return _SIGNS[token]
    found = _CODE.fullmatch(token)
    code = int(found[1], 16) if found else 0x110000
    return chr(code) if code < 0x110000 else None
