"""Parquet tables: one schema, the same bytes, names for Stata and R, carried columns."""

import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference import codebook
from nianbao.inference.batch.entries import Carried, Entry, Source
from nianbao.inference.batch.run import Summary
from nianbao.inference.batch.tables import (
    carried_names,
    joined,
    schema_of,
    tables_of,
    write_parquet,
)
from nianbao.inference.flat import TABLES
from nianbao.models.report import Cell, Finding, Meta, ModelInfo, Narrative, Report
from nianbao.models.report import Source as ReportSource

Run = Callable[..., Summary]
Write = Callable[..., Path]

ROOT = Path(__file__).parents[3]
VARIABLE = re.compile(r"[^\W\d]\w{0,31}")  # of Stata; R takes it, too

columns = st.dictionaries(st.sampled_from("甲乙丙"), st.none() | st.text("青山", max_size=2))
reports = st.lists(
    st.tuples(st.text(max_size=4), st.integers(0, 10**12) | st.floats(0, 9), columns), max_size=7
)


def pairs(drawn: list[tuple[str, float, dict[str, str | None]]]) -> list[tuple[Source, Report]]:
    return [
        (a_source(number, tuple(carried.items())), a_report(number, title, value))
        for number, (title, value, carried) in enumerate(drawn)
    ]


def a_source(number: int, carried: Carried = ()) -> Source:
    return Source(Entry(f"{number}.txt", "", None, carried), f"{number:064x}"[::-1])


def a_report(number: int, title: str = "年报", value: float = 0) -> Report:
    sha256 = f"{number:064x}"[::-1]
    return Report(
        status="ok",
        source=ReportSource(
            path=f"{number}.txt", sha256=sha256, format="txt", encoding="", text=""
        ),
        meta=Meta(title=title, year=2022),
        sections=(),
        tables=(),
        cells=(Cell(path="t3.new.total", value=value, raw=title, state="found"),) * (number % 3),
        items=(),
        narrative=Narrative(),
        claims=(),
        checks=(),
        findings=(Finding(code="no_year", severity="info", message=title),) * (number % 2),
        model=ModelInfo(name="m", version="1", sha256=""),
    )


@given(reports, st.integers(0, 7))
def test_rows_taken_over_stand_as_if_they_had_been_parsed_together(
    drawn: list[tuple[str, float, dict[str, str | None]]], cut: int
) -> None:
    together = pairs(drawn)
    sources = [source for source, _ in together]
    earlier = [(Source(Entry("old", ""), s.sha256), report) for s, report in together[:cut]]
    parts = [tables_of(together[cut:], "甲乙丙"), tables_of(earlier[::-1], ())]
    assert joined(parts, sources, "甲乙丙") == tables_of(together, "甲乙丙")


@given(reports)
def test_the_same_rows_give_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: list[tuple[str, float, dict[str, str | None]]],
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    tables = tables_of(pairs(drawn), "甲")
    for key, table in tables.items():
        chunked = pa.concat_tables([table.slice(0, 1), table.slice(1)]).combine_chunks()
        assert write_parquet(table, folder / "a") == write_parquet(chunked, folder / "b")
        assert (folder / "a").read_bytes() == (folder / "b").read_bytes()
        assert pq.read_table(folder / "a").equals(table), key


def test_every_table_has_all_columns_even_without_rows() -> None:
    for key, table in tables_of([], ["省份"]).items():
        assert table.schema == schema_of(key, ["省份"]) and table.num_rows == 0


@given(st.lists(st.text(max_size=40), unique=True, max_size=8))
def test_carried_columns_get_names_for_stata_and_r_and_none_of_ours(names: list[str]) -> None:
    found = carried_names(names)
    ours = {field.key for field in codebook.fields("reports")}
    assert all(VARIABLE.fullmatch(name) for name in found)
    assert len({name.casefold() for name in (*found, *ours)}) == len(found) + len(ours)


def test_our_own_names_suit_stata_and_r() -> None:
    for table in TABLES:
        keys = [field.key for field in codebook.fields(table.key)]
        assert all(VARIABLE.fullmatch(key) and key.isascii() for key in keys)
        assert len(set(keys)) == len(keys)


def test_half_a_surrogate_pair_is_written_as_an_escape() -> None:
    table = tables_of([(a_source(1), a_report(1, "\ud800"))], ())["reports"]
    assert table["title"].to_pylist() == ["\\ud800"]


def test_columns_of_a_manifest_reach_reports_and_duplicates(
    run: Run, write: Write, tmp_path: Path
) -> None:
    write("in/html/a.txt", "甲")
    write("in/html/b.txt", "乙")
    write("in/html/c.txt", "乙")
    write("in/m.csv", "path,省份,year,code\nhtml/a.txt,青海,1999,010\nhtml/c.txt,,2000,2\n")
    write("in/m2.jsonl", '{"path": "html/b.txt", "层级": 3}')
    run("in/m.csv")
    rows = pq.read_table(tmp_path / "out/reports").to_pylist()
    assert [(row["省份"], row["m_year"], row["code"]) for row in rows] == [
        ("青海", "1999", "010"),
        ("", "2000", "2"),
    ]
    assert [row["year"] for row in rows] == [2022, 2022]
    run("in/m2.jsonl", out="other")
    assert pq.read_table(tmp_path / "other/reports").to_pylist()[0]["层级"] == "3"


def test_the_codebook_describes_every_column_and_is_current() -> None:
    for table in TABLES:
        described = codebook.fields(table.key)
        assert [field.key for field in described] == [column.key for column in table.columns]
        assert all(field.zh and field.en.isascii() for field in described)
    assert (ROOT / "docs/codebook.md").read_text("utf-8") == codebook.as_markdown()
    assert (ROOT / "docs/codebook.csv").read_text("utf-8") == codebook.as_csv()


def test_the_codebook_describes_no_column_that_is_gone() -> None:
    keys = {table.key: {column.key for column in table.columns} for table in TABLES}
    for key, table in codebook.described().items():
        assert table["columns"].keys() <= keys[key]
