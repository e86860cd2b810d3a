"""One report after the other, from the inputs to a sink, and the account of it."""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..models.errors import NianbaoError
from ..models.report import Report
from .pipeline import Result, parse_document, parse_many, sha256_of
from .read import MARKUP_FACTOR, MAX_BYTES, read_bytes
from .write import Sink

if TYPE_CHECKING:
    from .tagger import Tagger

INTERNAL = "E901"
STDIN = "-"
_REASON_LENGTH = 200

Attempt = Callable[[str], Result]


@dataclass(slots=True)
class Tally:
    """What became of the inputs. `mistakes` are failures of ours, counted in `failed` too."""

    parsed: int = 0
    review: int = 0
    failed: int = 0
    mistakes: int = 0
    checks_failed: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)  # (severity, code)

    def count(self, report: Report) -> None:
        self.parsed += 1
        self.review += report.status == "review"
        self.checks_failed += sum(check.state == "fail" for check in report.checks)
        self.findings.update((finding.severity, finding.code) for finding in report.findings)

    def has(self, level: str) -> bool:
        """Whether a check failed, or a finding is as severe as `level`: error or warning."""
        severities = {"error"} if level == "error" else {"error", "warning"}
        return self.checks_failed > 0 or any(key[0] in severities for key in self.findings)


def attempt_with(tagger: "Tagger", max_bytes: int = MAX_BYTES) -> Attempt:
    """A function that parses one input: a file, or standard input for "-"."""

    def attempt(path: str) -> Result:
        if path == STDIN:
            return _standard_input(tagger, max_bytes)
        return next(parse_many([path], tagger=tagger, max_bytes=max_bytes))

    return attempt


def then(attempt: Attempt, change: Callable[[Report], Report]) -> Attempt:
    """`attempt`, with `change` made to every report that it parses."""

    def attempt_and_change(path: str) -> Result:
        result = attempt(path)
        return result if result.report is None else replace(result, report=change(result.report))

    return attempt_and_change


def _standard_input(tagger: "Tagger", max_bytes: int) -> Result:
    data = sys.stdin.buffer.read(MARKUP_FACTOR * max_bytes + 1)
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        report = parse_document(read_bytes(data, STDIN, max_bytes=max_bytes), tagger)
    except NianbaoError as error:
        return Result(STDIN, error=error, sha256=sha256)
    return Result(STDIN, report=report, sha256=sha256)


def run(
    paths: Iterable[str], attempt: Attempt, sink: Sink, tell: Callable[[Result], None]
) -> Tally:
    """Parse each of `paths` into `sink`. No input stops the others, not even by a bug of ours.

    tell: called once for each input, after its result was written.
    Raises NianbaoError where the sink cannot be written.
    """
    tally = Tally()
    for path in paths:
        result = _surviving(path, attempt)
        if result.report is not None:
            sink.add(path, result.report)
            tally.count(result.report)
        elif result.error is not None:
            sink.add_failure(path, result.sha256, result.error)
            tally.failed += 1
            tally.mistakes += result.error.code == INTERNAL
        tell(result)
    return tally


def _surviving(path: str, attempt: Attempt) -> Result:
    try:
        return attempt(path)
    except Exception as mistake:  # the one border where a bug must not end a night's batch
        words = " ".join(f"{type(mistake).__name__}: {mistake}".split())
        error = NianbaoError(INTERNAL, reason=words[:_REASON_LENGTH])
        error.__cause__ = mistake
        return Result(path, error=error, sha256=sha256_of(path))
