"""Reports of a line or two, and a parser for them that does what their words say.

Importable by its plain name, so that a worker process finds the parser.
"""

import ctypes
import os
import re
import time
from pathlib import Path
from typing import Any

from nianbao.inference.batch.options import Options, Parser
from nianbao.models.document import Document
from nianbao.models.errors import BadModel, NotAReport
from nianbao.models.report import (
    Cell,
    Check,
    Finding,
    Item,
    Meta,
    ModelInfo,
    Narrative,
    Report,
    Source,
)


def load(options: Options) -> Parser:
    return parse


def load_and_die(options: Options) -> Parser:
    os._exit(1)


def load_nothing(options: Options) -> Parser:
    raise BadModel("E301", reason="坏了 | broken")


def fingerprint(options: Options) -> dict[str, str]:
    """In place of the real one: it looks at no model, and stands while someone edits the code."""
    return {"code": "test", "shard_size": str(options.shard_size)}


def parse(doc: Document) -> Report:
    """HANG sleeps, STUCK does so without heeding signals, HUGE fills the memory, CRASH ends the
    process, BUG raises, NOT is no report; DOOM ends the process
    when its rows are written; SLOW takes a moment; WAIT, as long as it takes for the
    file it names to be gone."""
    text = doc.text
    if "HANG" in text:
        time.sleep(600)
    if "STUCK" in text:
        re.match(r"(a+)+$", "a" * 64 + "b")
    if "HUGE" in text:
        return _report(doc, len(bytearray(4 << 30)))
    if "CRASH" in text:
        ctypes.string_at(0)
    if "BUG" in text:
        raise KeyError("t3.new")
    if "NOT" in text:
        raise NotAReport("E201", reason="这是通知 | a notice")
    if "SLOW" in text:
        time.sleep(0.05)
    if "WAIT" in text:
        file = Path(text.split()[-1])
        while file.exists():
            time.sleep(0.01)
    report = _report(doc, len(text))
    return Doomed(**dict(report)) if "DOOM" in text else report


class Doomed(Report):
    """Nobody may ask for its checks."""

    def __getattribute__(self, name: str) -> Any:
        if name == "checks":
            os._exit(1)
        return super().__getattribute__(name)


def _report(doc: Document, number: int) -> Report:
    return Report(
        status="review" if number % 5 == 0 else "ok",
        source=Source(
            path=doc.path, sha256=doc.sha256, format="txt", encoding=doc.encoding, text=doc.text
        ),
        meta=Meta(title=doc.text[:20], issuer="青山县", year=2022),
        sections=(),
        tables=(),
        cells=(
            Cell(path="t3.new.total", value=number, raw=str(number), state="found"),
            Cell(path="t2.fees", value=0.5, raw="0.5", unit="万元", state="found"),
            Cell(path="t3.carried_in.total", raw="", state="blank"),
        ),
        items=(
            Item(role="problem", text="公开不及时", start=0, end=1, generic=False, confidence=1),
        ),
        narrative=Narrative(),
        claims=(),
        checks=(
            Check(
                id="t3.balance.total",
                state="fail" if number % 7 == 0 else "pass",
                left=number,
                right=0,
                cells=("t3.new.total",),
                message="",
            ),
        ),
        findings=(Finding(code="no_year", severity="warning", message="没有报告年度"),),
        model=ModelInfo(name="test", version="1", sha256=""),
    )
