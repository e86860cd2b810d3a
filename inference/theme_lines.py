"""Themes for statements of one's own: one a line comes in, the same line with its themes goes out.

Lines are read, classified and written in batches: a file of any size fits.
"""

import codecs
import io
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path, PurePath
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from ..models.errors import NianbaoError, UnreadableFile
from ..models.themes import theme_ids
from .encoding import REPLACEMENT, decode
from .progress import complaint, printable, say
from .sniff import refuse_foreign
from .themes import judged

STDIN = STDOUT = "-"
#: Statements that are classified at once.
BATCH = 512
#: Characters of a line; a longer one is no statement, and would not fit into memory.
LONGEST = 1_000_000
_HEAD = 1_000_000  # bytes that tell kind and encoding
_CHUNK = 65_536
_EVERY = 10.0  # seconds between two lines of progress
_SHOWN = 60  # characters of a bad line
_JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
_ESCAPED = re.compile("[\udc80-\udcff]")
#: Keys that we write; what a line brings under them moves to `input_<key>`.
_OURS = ("generic", "themes", "scores", "why")


class Classifier(Protocol):
    """What is needed of `themes.ThemeClassifier`."""

    thresholds: NDArray[np.float64]

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]: ...

    def why(self, text: str, theme: str, limit: int = 5) -> list[tuple[str, float]]: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """A line that holds a statement. fields: the line's keys, `text` among them."""

    text: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line without a statement that can be read. number: from 1; reason: `中文 | English`."""

    number: int
    reason: str
    line: str


@dataclass(frozen=True, slots=True)
class Source:
    """An input that was opened. json: whether each line is a JSON object."""

    lines: Iterator[str]
    encoding: str
    json: bool


def open_source(stream: BinaryIO, path: str) -> Source:
    """Tell encoding and kind by the first bytes; the rest is read as it is asked for.

    path: as the user gave it, "-" for standard input. Lines are JSON where the name says so, or
    where the first one begins with a brace.
    Raises UnreadableFile: E104, E105, E111 to E117; E103 while reading.
    """
    head = _read(stream, _HEAD)
    refuse_foreign(head, path)
    decoded = decode(_whole_lines(head)) if head.strip() else None
    encoding = "utf-8" if decoded is None else decoded.encoding
    opening = "" if decoded is None else decoded.text.lstrip("\ufeff \t\r\n")
    named = PurePath(path).suffix.lower() in _JSON_SUFFIXES
    chunks = chain([head], iter(partial(_read, stream, _CHUNK), b""))
    return Source(_lines(chunks, encoding), encoding, named or opening.startswith("{"))


def _read(stream: BinaryIO, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        raise UnreadableFile("E103", reason=error.strerror) from error


def _whole_lines(head: bytes) -> bytes:
    """Without a last line that the limit cut, and with it a character perhaps."""
    if len(head) < _HEAD:
        return head
    if b"\0" in head:  # utf-16
        return head[: len(head) // 2 * 2]
    return head[: head.rfind(b"\n") + 1] or head


def _lines(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The lines without their ends; of a longer one than LONGEST only so much and one more."""
    # utf-8 alone can tell bytes that are broken from U+FFFD in the source.
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    inner = codecs.getincrementaldecoder(encoding)(errors)
    decoder = io.IncrementalNewlineDecoder(inner, translate=True)
    rest = ""
    for place, chunk in enumerate(chunks):
        text = decoder.decode(chunk)
        if place == 0:
            text = text.removeprefix("\ufeff")
        *lines, rest = (rest + text).split("\n")
        yield from lines
        rest = rest[: LONGEST + 1]
    yield from (rest + decoder.decode(b"", final=True)).split("\n")


def statements(source: Source) -> Iterator[Statement | BadLine]:
    """One for each line that is not blank, in order."""
    for number, line in enumerate(source.lines, start=1):
        if not line.strip():
            continue
        if len(line) > LONGEST:
            reason = f"超过 {LONGEST} 字 | more than {LONGEST} characters"
            yield BadLine(number, reason, line)
        elif _ESCAPED.search(line) or (source.encoding != "utf-8" and REPLACEMENT in line):
            reason = f"有字节不是 {source.encoding} | bytes that are no {source.encoding}"
            yield BadLine(number, reason, line)
        elif source.json:
            yield _from_json(number, line)
        else:
            yield Statement(line.strip(), {"text": line.strip()})


def _from_json(number: int, line: str) -> Statement | BadLine:
    try:
        fields = json.loads(line, parse_constant=_refuse)
        json.dumps(fields, allow_nan=False)  # 1e999 would come back as no JSON
    except (ValueError, RecursionError):
        return BadLine(number, "不是 JSON | not JSON", line)
    if not isinstance(fields, dict):
        return BadLine(number, "不是 JSON 对象 | not a JSON object", line)
    text = fields.get("text")
    if not isinstance(text, str):
        return BadLine(number, "没有文字键 text | no key text with a string", line)
    if not text.strip():
        return BadLine(number, "text 是空的 | text is empty", line)
    return Statement(text, fields)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def classified(
    found: Iterable[Statement | BadLine],
    classifier: Classifier,
    tell: Callable[[BadLine], None],
    *,
    why: bool = False,
) -> Iterator[bytes]:
    """The lines to write, in order; each bad line goes to `tell`.

    why: with the weightiest words of each theme that is assigned.
    """
    good = _good(found, tell)
    while batch := list(islice(good, BATCH)):
        scores = classifier.scores([statement.text for statement in batch])
        for statement, row in zip(batch, scores, strict=True):
            result = _result(statement.text, row, classifier.thresholds)
            if why:
                result["why"] = {
                    theme["id"]: [
                        {"word": word, "weight": round(weight, 4)}
                        for word, weight in classifier.why(statement.text, theme["id"])
                    ]
                    for theme in result["themes"]
                }
            yield _as_line({**_carried(statement.fields), **result})


def _good(
    found: Iterable[Statement | BadLine], tell: Callable[[BadLine], None]
) -> Iterator[Statement]:
    for one in found:
        if isinstance(one, BadLine):
            tell(one)
        else:
            yield one


def _result(
    text: str, scores: NDArray[np.float64], thresholds: NDArray[np.float64]
) -> dict[str, Any]:
    """The same as a report's item has: one that names no object has no theme."""
    generic, themes = judged(text, scores, thresholds)
    return {
        "generic": generic,
        "themes": [theme.model_dump() for theme in themes],
        "scores": {
            name: round(float(score), 4) for name, score in zip(theme_ids(), scores, strict=True)
        },
    }


def _carried(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The line's own keys. Those of our names move aside; in a second run the first ones stay."""
    carried = {key: value for key, value in fields.items() if key not in _OURS}
    return carried | {
        f"input_{key}": fields[key]
        for key in _OURS
        if key in fields and f"input_{key}" not in fields
    }


def _as_line(fields: Mapping[str, Any]) -> bytes:
    """A line of JSON in UTF-8; with escapes where the line holds half of a surrogate pair."""
    try:
        return json.dumps(fields, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:
        return json.dumps(fields).encode("ascii") + b"\n"


@dataclass(slots=True)
class Tally:
    """What became of the lines that were not blank."""

    done: int = 0
    bad: int = 0


def convert(
    path: str, output: str, classifier: Classifier, *, why: bool = False, quiet: bool = False
) -> Tally:
    """Write the statements of `path` with their themes to `output`; "-" for the streams.

    A bad line is told on standard error with its number and stops no other; an input that cannot
    be read at all counts as one, and leaves `output` alone.
    Raises NianbaoError E401 where the output cannot be written.
    """
    tally = Tally()

    def tell(bad: BadLine) -> None:
        tally.bad += 1
        say(printable(f"第 {bad.number} 行：{_both(bad)}"))

    try:
        with opened(path) as stream:
            source = open_source(stream, path)
            with destination(output) as out:
                last = time.monotonic()
                for line in classified(statements(source), classifier, tell, why=why):
                    out.write(line)
                    tally.done += 1
                    if not quiet and time.monotonic() - last >= _EVERY:
                        last = time.monotonic()
                        say(f"已处理 {tally.done} 条 | {tally.done} done")
    except UnreadableFile as error:
        say(complaint(error, path))
        tally.bad += 1
    if not quiet:
        say(f"已标 {tally.done} 条；坏行 {tally.bad} | {tally.done} done; {tally.bad} bad lines")
    return tally


def _both(bad: BadLine) -> str:
    chinese, english = bad.reason.split(" | ")
    return f"{chinese} | line {bad.number}: {english}: {bad.line.strip()[:_SHOWN]}"


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The input, or standard input for "-". Raises UnreadableFile E101, E103."""
    if path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        stream = open(path, "rb")
    except FileNotFoundError as error:
        raise UnreadableFile("E101") from error
    except OSError as error:
        raise UnreadableFile("E103", reason=error.strerror) from error
    with stream:
        yield stream


@contextmanager
def destination(path: str) -> Iterator[BinaryIO]:
    """The output, or standard output for "-". Raises NianbaoError E401 where it fails."""
    if path == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        with Path(path).open("wb") as stream:
            yield stream
    except OSError as error:
        raise NianbaoError("E401", reason=error.strerror or error) from error
