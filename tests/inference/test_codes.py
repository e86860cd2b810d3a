"""The closed lists of findings and errors: each code is made somewhere, and has a test."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

from nianbao.inference.pipeline import build_report, parse_text
from nianbao.inference.rules import RuleTagger
from nianbao.inference.tagger import TorchTagger
from nianbao.models.characters import Characters, vocabulary
from nianbao.models.document import Document
from nianbao.models.errors import MissingExtra, error_table
from nianbao.models.findings import finding_table
from nianbao.models.folder import Golden, ModelFolder, Preprocess
from nianbao.models.form import sections
from nianbao.models.labels import Label
from nianbao.models.report import Finding, Report
from nianbao.training.evaluate import GoldTagger
from nianbao.training.synthetic.marked import Marked
from nianbao.training.synthetic.report import sample

ROOT = Path(__file__).parents[2]
RULES = RuleTagger()
EXAMPLE = (ROOT / "examples/01-county-bureau.txt").read_text(encoding="utf-8")
HEADINGS = {
    s.id: f"{numeral}、{s.short}" for numeral, s in zip("一二三四五六", sections(), strict=True)
}


@cache
def trees(*folders: str) -> tuple[ast.AST, ...]:
    """The code of folders and files."""
    paths = [ROOT / folder for folder in folders]
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))]
    return tuple(ast.parse(file.read_text(encoding="utf-8")) for file in sorted(files))


@cache
def strings(*folders: str) -> set[str]:
    """Every string constant in the code."""
    return {
        node.value
        for tree in trees(*folders)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def named_in_calls(function: str, *folders: str) -> set[str]:
    """The codes with which `function` is called by name."""
    return {
        node.args[0].value
        for tree in trees(*folders)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == function
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_finding_of_the_list_is_made_and_none_beside_it() -> None:
    assert set(finding_table()) - strings("inference") == set()
    assert named_in_calls("finding", "inference") - set(finding_table()) == set()


def test_every_error_of_the_list_is_raised_and_none_beside_it() -> None:
    code_of = ("inference", "models", "training", "annotations", "cli.py")
    assert set(error_table()) - strings(*code_of) == set()
    for raised in ("NianbaoError", "UnreadableFile", "NotAReport", "BadModel", "MissingExtra"):
        assert named_in_calls(raised, *code_of) - set(error_table()) == set(), raised


@pytest.mark.parametrize("code", [*finding_table(), *error_table()])
def test_every_code_has_a_test_that_names_it(code: str) -> None:
    assert code in strings("tests")


def of_code(report: Report, code: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.code == code]


def wordings(report: Report, code: str) -> list[str]:
    """The places of the findings of one code."""
    return [report.source.text[f.start : f.end] for f in of_code(report, code)]


def test_the_example_before_it_is_changed_has_none_of_what_follows() -> None:
    found = {finding.code for finding in parse_text(EXAMPLE, tagger=RULES).findings}
    assert found.isdisjoint(
        {"heading_duplicated", "sections_out_of_order", "row_label_missing", "row_unknown"}
    )


def test_a_heading_that_comes_again_is_told_where_it_does() -> None:
    heading = HEADINGS["2"]
    text = EXAMPLE.replace(heading, f"{heading}\n{heading}", 1)
    assert wordings(parse_text(text, tagger=RULES), "heading_duplicated") == [heading]


def test_a_section_that_stands_behind_a_later_one_is_out_of_order() -> None:
    marked = Marked.of("青禾县2023年政府信息公开工作年度报告", Label.TITLE) + "\n"
    for id_ in "132456":
        marked = marked + Marked.of(HEADINGS[id_], Label.SECTION) + "\n全年平稳，没有变化。\n"
    doc = Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans())
    (found,) = wordings(build_report(doc, GoldTagger(doc)), "sections_out_of_order")
    assert found in (HEADINGS["2"], HEADINGS["3"])


def test_a_row_whose_label_is_lost_is_read_by_its_place_and_told() -> None:
    text = EXAMPLE.replace("\n\t行政规范性文件\n", "\n", 1)
    report = parse_text(text, tagger=RULES)
    (found,) = of_code(report, "row_label_missing")
    assert "规范性文件" in found.message
    columns = ("made", "repealed", "in_force")
    assert [report.cell(f"t2.normative.{column}").value for column in columns] == [4, 2, 17]


def test_a_row_that_the_form_does_not_have_is_told_and_moves_no_value() -> None:
    marked = Marked.of("青禾县2023年政府信息公开工作年度报告", Label.TITLE) + "\n"
    marked = marked + Marked.of(HEADINGS["2"], Label.SECTION) + "\n"
    for row, value in (("行政处罚", "8"), ("海关总署令", "88"), ("行政强制", "3")):
        marked = marked + Marked.of(row, Label.ROW) + "\t" + Marked.of(value, Label.VALUE) + "\n"
    doc = Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans())
    report = build_report(doc, GoldTagger(doc))
    assert wordings(report, "row_unknown") == ["海关总署令"]
    assert (report.cell("t2.penalty").value, report.cell("t2.coercion").value) == (8, 3)


def test_a_table_whose_repeated_lines_were_dropped_is_told_and_gives_no_zero() -> None:
    found = sample(4, "train", layouts=["A16"], n_damages=(0, 0))
    report = build_report(found.document, GoldTagger(found.document))
    (one, *_) = of_code(report, "lines_deduplicated")
    assert one.severity == "error" and report.status == "review"
    assert all(cell.value == found.gold.cells[cell.path] for cell in report.cells if cell.value)
    assert all(cell.value != 0 or found.gold.cells[cell.path] == 0 for cell in report.cells)


def test_a_runtime_that_is_not_installed_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    golden = Golden(text="", ids=(), tags={})
    preprocess = Preprocess(name="x", version="0")
    folder = ModelFolder(tmp_path, "", preprocess, Characters(vocabulary()), golden)
    with pytest.raises(MissingExtra) as caught:
        TorchTagger(folder)
    assert caught.value.code == "E302"
    assert "torch" in caught.value.message and "train" in caught.value.hint
