"""The theme corpus: labelled statements in JSONL, one a line."""

from pathlib import Path

from pydantic import TypeAdapter

from ..models.themes import Statement

CORPUS = Path(__file__).parent / "themes"
_LINE = TypeAdapter(Statement)


def read_statements(path: Path | str) -> tuple[Statement, ...]:
    """The statements of a JSONL file. Raises ValidationError where a line is something else."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return tuple(_LINE.validate_json(line) for line in lines if line.strip())
