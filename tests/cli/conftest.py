"""The command in an empty folder, with a pipeline that needs no model."""

import json
from pathlib import Path

import pytest

from nianbao.inference import pipeline, tagger
from nianbao.inference.read import MAX_BYTES, read
from nianbao.models.report import Finding, Meta, ModelInfo, Narrative, Report, Severity, Source
from tests.conftest import Shell


def report_of(path: str, text: str) -> Report:
    severities: tuple[Severity, ...] = ("error", "warning", "info")
    return Report(
        status="ok",
        source=Source(path=path, sha256="0" * 64, format="txt", encoding="utf-8", text=text),
        meta=Meta(title="青山县2022年政府信息公开工作年度报告", issuer="青山县", year=2022),
        sections=(),
        tables=(),
        cells=(),
        items=(),
        narrative=Narrative(),
        claims=(),
        checks=(),
        findings=tuple(
            Finding(code="no_year", severity=severity, message="没有报告年度")
            for severity in severities
            if severity in text
        ),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )


def fake_parse(path: str | Path, *, tagger: None = None, max_bytes: int = MAX_BYTES) -> Report:
    """Reads the file as the real one does; its words say what shall happen."""
    text = read(path, max_bytes=max_bytes).text
    if "BUG" in text:
        raise KeyError("t3.new\x1b[2J")
    if "STOP" in text:
        raise KeyboardInterrupt
    return report_of(str(path), text)


@pytest.fixture
def command(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """`shell` with a pipeline that needs no model."""
    monkeypatch.setattr(tagger, "load_tagger", lambda *_: None)
    monkeypatch.setattr(pipeline, "parse", fake_parse)
    return shell


def failures(out: Path) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in (out / "failed.jsonl").read_text("utf-8").splitlines()]


def write(name: str, text: str = "报告") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
