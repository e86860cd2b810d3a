"""The query in the README, run as it stands."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from nianbao.inference.batch.run import Summary

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_the_query_counts_new_requests(
    readme: str,
    run: Callable[..., Summary],
    write: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import duckdb

    for number in range(5):
        write(f"in/{number}.txt", "报告" + "一" * number)
    run()
    monkeypatch.chdir(tmp_path)
    (query,) = re.findall("```sql\n(.*?)```", (ROOT / readme).read_text("utf-8"), re.DOTALL)
    found = duckdb.sql(query)
    assert found is not None
    assert found.fetchall() == [("county", 2022, 5, 2 + 3 + 4 + 5 + 6)]
