"""An example of a report, and the cell of it that is corrected."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
BUREAU = ROOT / "examples/01-county-bureau.txt"
TOTAL = "t3.new.total"
