"""Results on their way out: names, encodings, limits, and inputs that stay as they are."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from nianbao.inference.flat import CELLS, REPORTS, TABLES, Table
from nianbao.inference.inputs import find_inputs
from nianbao.inference.names import Format, Names
from nianbao.inference.workbook import Book
from nianbao.inference.write import Folder, Lines, overwritten, schema_json, to_json
from nianbao.models.errors import NianbaoError
from nianbao.models.form import places, short_names
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
    Theme,
)


def a_report(path: str = "青山县.html", issuer: str = "青山县人民政府") -> Report:
    return Report(
        status="review",
        reasons=("sum_mismatch",),
        source=Source(path=path, sha256="0" * 64, format="html", encoding="utf-8", text="年报"),
        meta=Meta(title="年度报告", issuer=issuer, year=2022, signed_date=date(2023, 1, 20)),
        sections=(),
        tables=(),
        cells=(
            Cell(path="t3.new.total", value=0, raw="0", state="found", start=0, end=1),
            Cell(path="t3.carried_in.total", raw="", state="blank", start=1, end=1),
            Cell(path="t2.fees", value=3.5, raw="3.5", unit="万元", state="found"),
            Cell(path="t3.granted.total"),
        ),
        items=(
            Item(
                role="problem",
                text="公开\n不及时",
                start=0,
                end=6,
                generic=False,
                confidence=0.9,
                themes=(Theme(id="timeliness", score=0.9),),
            ),
        ),
        narrative=Narrative(),
        claims=(),
        checks=(
            Check(
                id="t3.balance.total",
                state="fail",
                left=1,
                right=2,
                cells=("t3.new.total", "t3.carried_in.total"),
                message="1 ≠ 2",
            ),
        ),
        findings=(Finding(code="sum_mismatch", severity="error", message="不成立"),),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def sheet(path: Path, title: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    try:
        return list(book[title].iter_rows(values_only=True))
    finally:
        book.close()


stems = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=120)


@given(st.lists(stems, max_size=8))
def test_names_differ_without_case_and_fit_the_file_system(names: list[str]) -> None:
    taken = Names(Path("out"))
    given_names = [taken.free(f"dir/{name}.txt") for name in names]
    assert len({name.casefold() for name in given_names}) == len(given_names)
    assert all(len(f"{name}.json".encode()) <= 255 for name in given_names)


def test_a_taken_name_moves_to_the_next_free_number() -> None:
    names = Names(Path("out"))
    paths = ["a/X.txt", "b/x.html", "c/x-2.txt", "x.md"]
    assert [names.free(path) for path in paths] == ["X", "x-2", "x-2-2", "x-3"]


def test_standard_input_is_named_stdin() -> None:
    assert Names(Path("out")).free("-") == "stdin"


def test_a_report_comes_back_from_its_json(tmp_path: Path) -> None:
    with Folder(tmp_path, [Format.JSON]) as folder:
        folder.add("x/青山县.html", a_report())
    data = (tmp_path / "青山县.json").read_bytes()
    assert Report.model_validate_json(data) == a_report()
    assert "青山县人民政府".encode() in data
    assert sorted(path.name for path in tmp_path.iterdir()) == ["failed.jsonl", "青山县.json"]


def test_lines_are_one_report_each() -> None:
    stream = io.BytesIO()
    lines = Lines(stream)
    lines.add("a", a_report())
    lines.add_failure("b", None, NianbaoError("E101"))
    lines.add("c", a_report("乙.txt"))
    paths = [json.loads(line)["source"]["path"] for line in stream.getvalue().splitlines()]
    assert paths == ["青山县.html", "乙.txt"]


def test_a_failure_is_a_line_with_path_hash_code_and_message(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.add_failure("坏\udcff.pdf", "ab", NianbaoError("E113"))
    line = json.loads((tmp_path / "failed.jsonl").read_text(encoding="utf-8"))
    assert line == {
        "path": r"坏\udcff.pdf",
        "sha256": "ab",
        "code": "E113",
        "message": "暂不支持 PDF",
    }
    assert sheet(tmp_path / "nianbao.xlsx", "未能解析")[1] == (
        r"坏\udcff.pdf",
        "ab",
        "E113",
        "暂不支持 PDF",
    )


def test_a_name_that_is_no_utf8_is_written_with_escapes(tmp_path: Path) -> None:
    name = "\udcc4\udcea.txt"
    with Folder(tmp_path) as folder:
        folder.add(name, a_report(path=name))
    [found] = [path for path in tmp_path.iterdir() if path.name == "\udcc4\udcea.json"]
    assert json.loads(found.read_bytes())["source"]["path"] == r"\udcc4\udcea.txt"
    assert rows(tmp_path / "reports.csv")[0]["report"] == r"\udcc4\udcea"


def test_failures_of_an_earlier_run_are_gone(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.add_failure("a", None, NianbaoError("E101"))
    with Folder(tmp_path):
        pass
    assert (tmp_path / "failed.jsonl").read_text() == ""


def test_null_zero_and_absent_differ_in_csv(tmp_path: Path) -> None:
    with Folder(tmp_path) as folder:
        folder.add("青山县.html", a_report())
    [wide] = rows(tmp_path / "reports.csv")
    assert wide["t3_new_tot"] == "0"
    assert wide["t3_cin_tot"] == ""
    assert wide["t2_fees"] == "3.5"
    assert (wide["n_found"], wide["n_blank"], wide["n_missing"]) == ("2", "1", "1")
    cells = {row["path"]: row for row in rows(tmp_path / "cells.csv")}
    assert cells["t3.new.total"]["value"] == "0"
    assert cells["t3.carried_in.total"]["state"] == "blank"
    assert cells["t3.granted.total"]["state"] == "missing"


def test_every_csv_has_a_byte_order_mark_and_a_header(tmp_path: Path) -> None:
    with Folder(tmp_path):
        pass
    for table in TABLES:
        first = (tmp_path / f"{table.key}.csv").read_bytes()
        assert first.startswith(b"\xef\xbb\xbf" + table.columns[0].key.encode())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_every_row_is_as_wide_as_its_header(table: Table) -> None:
    found = list(table.rows("a", a_report()))
    assert found and all(len(row) == len(table.columns) for row in found)


def test_column_names_are_fit_for_stata_and_r() -> None:
    for table in TABLES:
        keys = [column.key for column in table.columns]
        assert len(set(keys)) == len(keys)
        assert all(key.isascii() and key.isidentifier() and len(key) <= 32 for key in keys)
        assert all(key == key.lower() for key in keys)


def test_the_wide_table_has_a_column_for_each_cell_of_either_form() -> None:
    keys = [column.key for column in REPORTS.columns]
    assert keys[-229:] == list(short_names().values())


def test_every_cell_of_the_form_has_a_place_in_words() -> None:
    assert places().keys() == short_names().keys()
    assert places()["t3.new.total"].row == "一、本年新收政府信息公开申请数量"
    assert all(place.row and place.column for place in places().values())


def test_the_workbook_is_in_chinese(tmp_path: Path) -> None:
    with Folder(tmp_path, [Format.XLSX]) as folder:
        folder.add("青山县.html", a_report())
    path = tmp_path / "nianbao.xlsx"
    book = openpyxl.load_workbook(path)
    titles = ["报告", "单元格", "勾稽关系", "问题提示", "问题与措施", "问题与对应措施", "主题"]
    assert book.sheetnames == [*titles, "未能解析"]
    book.close()
    header, row = sheet(path, "问题提示")
    assert header[:4] == ("报告", "程度", "代码", "说明")
    assert row[:4] == ("青山县", "错误", "sum_mismatch", "不成立")
    cell = dict(zip(*sheet(path, CELLS.sheet)[:2], strict=True))
    assert (cell["数值"], cell["原文"], cell["状态"]) == (0, "0", "有数")


@pytest.mark.parametrize("text", ["=1+1", "+3", "-3", "@x", "#N/A", '=HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, text: str) -> None:
    with Folder(tmp_path, [Format.XLSX]) as folder:
        folder.add("a.txt", a_report(issuer=text))
    book = openpyxl.load_workbook(tmp_path / "nianbao.xlsx")
    cell = next(cell for cell in book["报告"][2] if cell.value == text)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    book.close()


def test_signs_that_a_workbook_cannot_hold_are_dropped(tmp_path: Path) -> None:
    with Folder(tmp_path, [Format.XLSX]) as folder:
        folder.add("a.txt", a_report(issuer="甲\x00\x0b\x1f\uffff乙𠮷"))
    assert "甲乙𠮷" in sheet(tmp_path / "nianbao.xlsx", "报告")[1]


def test_a_full_sheet_goes_on_in_a_further_one(tmp_path: Path) -> None:
    book = Book(tmp_path / "a.xlsx", max_rows=3)
    for name in ("甲", "乙"):
        book.add(name, a_report())
    book.close()
    found = [sheet(tmp_path / "a.xlsx", title) for title in ("单元格", "单元格 (2)", "单元格 (4)")]
    assert [len(part) for part in found] == [3, 3, 3]
    assert found[0][0] == found[1][0]
    assert [row[0] for row in found[2][1:]] == ["乙", "乙"]


def test_an_input_is_never_written_over(tmp_path: Path) -> None:
    taken = tmp_path / "A.json"
    taken.write_text("输入")
    with Folder(tmp_path, [Format.JSON], inputs=[str(taken)]) as folder:
        folder.add("a.txt", a_report())
        folder.add(str(taken), a_report())
    assert taken.read_text() == "输入"
    assert sorted(path.name for path in tmp_path.glob("*.json")) == [
        "A-3.json",
        "A.json",
        "a-2.json",
    ]


def test_an_input_with_the_name_of_a_table_is_noticed(tmp_path: Path) -> None:
    assert overwritten(tmp_path, ["a.txt", str(tmp_path / "Reports.CSV")]) is not None
    assert overwritten(tmp_path, ["reports.csv", str(tmp_path / "a.txt")]) is None


def test_an_interrupted_run_keeps_what_was_written(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Folder(tmp_path) as folder:
        folder.add("a.txt", a_report())
        raise KeyboardInterrupt
    assert len(rows(tmp_path / "reports.csv")) == 1
    assert len(sheet(tmp_path / "nianbao.xlsx", "报告")) == 2
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_that_cannot_be_made_is_an_error_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NianbaoError) as told, Folder(tmp_path / "file" / "out"):
        pass
    assert told.value.code == "E401"


def test_the_schema_in_the_repository_is_current_and_accepts_a_report() -> None:
    kept = Path(__file__).parents[2] / "models" / "schema.json"
    assert kept.read_bytes() == schema_json(), "nianbao schema > models/schema.json"
    schema = json.loads(schema_json())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(to_json(a_report())))


def test_a_folder_is_walked_in_order_without_hidden_files(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.HTML", "a.md", ".hidden/x.txt", "a/.x.txt", "c.csv", "c.pdf", "d"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = [Path(path).relative_to(tmp_path).as_posix() for path in find_inputs([str(tmp_path)])]
    assert found == ["a/z.HTML", "a.md", "b.txt", "c.pdf"]


def test_a_file_named_by_the_user_is_taken_whatever_its_suffix() -> None:
    assert list(find_inputs(["-", "no-such-file", "x.csv"])) == ["-", "no-such-file", "x.csv"]
