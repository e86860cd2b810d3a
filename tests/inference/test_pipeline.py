"""The whole way: from files and strings to checked reports."""

import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nianbao.inference.pipeline import parse, parse_many, parse_text
from nianbao.inference.read import MAX_BYTES
from nianbao.inference.rules import RuleTagger
from nianbao.models.errors import NianbaoError, NotAReport, UnreadableFile, error_table
from nianbao.models.findings import finding_table
from nianbao.models.form import sections as statutory
from nianbao.models.report import Report
from nianbao.training.evaluate import GoldTagger
from nianbao.training.synthetic.report import sample

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = sorted(path.name for path in EXAMPLES.glob("0*"))
RULES = RuleTagger()
TITLE = "青禾县水利局2023年政府信息公开工作年度报告\n"
seeds = st.integers(0, 100_000)


def pure(seed: int) -> Report:
    """The report of a synthetic sample, of its bare text, with its own labels."""
    found = sample(seed, "train", n_damages=(0, 2))
    assume(not found.refused)
    return parse_text(found.document.text, tagger=GoldTagger(found.document))


def example(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_whatever_the_report_its_result_keeps_the_contract(seed: int) -> None:
    report = pure(seed)
    text = report.source.text
    listed = finding_table()
    for finding in report.findings:
        assert finding.severity == listed[finding.code]["severity"]
        assert finding.start is None or 0 <= finding.start <= (finding.end or 0) <= len(text)
    for cell in report.cells:
        assert (cell.value is not None) == (cell.state == "found")
        assert (cell.raw is None) == (cell.start is None)
        assert cell.start is None or text[cell.start : cell.end] == cell.raw
        assert 0 <= cell.confidence <= 1
    for item in report.items:
        assert text[item.start : item.end] == item.text
    for claim in report.claims:
        assert 0 <= claim.start < claim.end <= len(text)
    errors = [finding.code for finding in report.findings if finding.severity == "error"]
    assert list(report.reasons) == list(dict.fromkeys(errors))
    assert report.status == ("review" if errors else "ok")


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_a_report_survives_json_unchanged(seed: int) -> None:
    report = pure(seed)
    assert Report.model_validate_json(report.model_dump_json()) == report


@pytest.mark.parametrize("name", NAMES)
def test_parsing_twice_gives_the_same(name: str) -> None:
    assert parse(EXAMPLES / name, tagger=RULES) == parse(EXAMPLES / name, tagger=RULES)


@given(st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
@settings(max_examples=6, deadline=None)
def test_line_ends_and_a_mark_of_byte_order_change_no_offset(end: str, mark: str) -> None:
    text = example("01-county-bureau.txt")
    plain = parse_text(text, tagger=RULES)
    other = parse_text(mark + text.replace("\n", end), tagger=RULES)
    assert other.model_copy(update={"source": plain.source}) == plain
    assert other.source.text == plain.source.text


def test_a_file_and_its_text_give_the_same_cells() -> None:
    path = EXAMPLES / "03-township.md"
    from_text = parse_text(example(path.name), tagger=RULES, path=str(path))
    assert parse(path, tagger=RULES) == from_text
    assert from_text.source.format == "md"


def test_the_source_and_the_tagger_are_named() -> None:
    report = parse(EXAMPLES / "02-city-office.html", tagger=RULES)
    assert (report.source.format, report.source.encoding) == ("html", "utf-8")
    assert report.source.path.endswith("02-city-office.html")
    assert len(report.source.sha256) == 64
    assert report.model == RULES.info


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(example("01-county-bureau.txt"), encoding="utf-8")
    bad = {"empty.txt": b"", "binary.txt": bytes(range(256)) * 8, "menu.txt": "今天下雨。".encode()}
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    paths = [*(tmp_path / name for name in bad), tmp_path / "absent.txt", tmp_path, good]
    results = list(parse_many(paths, tagger=RULES))
    assert [result.path for result in results] == [str(path) for path in paths]
    assert [result.ok for result in results] == [False] * 5 + [True]
    codes = [result.error.code for result in results if result.error is not None]
    assert codes == ["E102", "E104", "E201", "E101", "E103"]
    assert set(codes) <= set(error_table())
    assert results[-1].report == parse(good, tagger=RULES)


def test_a_failure_keeps_the_hash_of_what_could_be_read(tmp_path: Path) -> None:
    (tmp_path / "menu.txt").write_text("今天下雨。", encoding="utf-8")
    there, absent = parse_many([tmp_path / "menu.txt", tmp_path / "absent.txt"], tagger=RULES)
    assert there.sha256 is not None and len(there.sha256) == 64
    assert absent.sha256 is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2022年政府网站工作年度报表\n网站名称：青禾县人民政府\n总访问量 1204\n", "政府网站"),
        ("青禾县政府信息公开指南\n为方便公民获取信息，编制本指南。\n", "指南"),
        ("一图读懂" + TITLE + "今年发布信息80条。\n", "解读"),
        ("青禾县水利局2022年度部门决算公开说明\n一、部门概况\n", "决算"),
        ("青禾大学2023年信息公开工作年度报告\n一、概述\n学校公开信息80条。\n", "学校"),
        ("今天下雨，我们去河边散步。\n", "没有"),
        ("|" * 3000, "没有"),
    ],
)
def test_look_alikes_are_refused(text: str, reason: str) -> None:
    with pytest.raises(NotAReport) as caught:
        parse_text(text, tagger=RULES)
    assert caught.value.code == "E201"
    assert reason in caught.value.message


def test_fifty_megabytes_of_bars_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "flood.txt"
    path.write_bytes(b"|" * 50_000_000)
    begin = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        parse(path, tagger=RULES)
    assert caught.value.code == "E106"
    assert time.process_time() - begin < 10


def test_a_flood_of_bars_in_a_report_moves_no_value() -> None:
    text = example("03-township.md")
    flooded = text.replace("## 二、", "|" * 20_000 + "\n## 二、", 1)
    plain, other = parse_text(text, tagger=RULES), parse_text(flooded, tagger=RULES)
    assert [(c.path, c.value) for c in other.cells] == [(c.path, c.value) for c in plain.cells]


def test_the_limit_of_size_is_the_callers(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    text = example("01-county-bureau.txt")
    path.write_text(text, encoding="utf-8")
    size = len(text.encode())
    assert size < MAX_BYTES
    assert parse(path, tagger=RULES, max_bytes=size).status == "review"
    with pytest.raises(UnreadableFile, match="E106"):
        parse(path, tagger=RULES, max_bytes=size - 1)


def test_headings_without_tables_have_null_cells_and_need_a_look() -> None:
    outline = "".join(f"{n}、{s.short}\n" for n, s in zip("一二三四五六", statutory(), strict=True))
    report = parse_text(TITLE + outline + "无。\n", tagger=RULES)
    assert {cell.value for cell in report.cells} == {None}
    assert {cell.state for cell in report.cells} == {"missing"}
    assert report.status == "review"
    assert "table_missing" in report.reasons
    assert {check.state for check in report.checks} == {"not_assessable"}


def test_characters_that_could_not_be_decoded_are_counted() -> None:
    text = example("01-county-bureau.txt").replace("水库", "水\ufffd")
    found = {f.code: f for f in parse_text(text, tagger=RULES).findings}
    assert "replacement_character" in found
    assert "1" in found["replacement_character"].message


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet="一二三四五六、总体情况规章0１9/|\t\n。是 \ud800\U00020bb7", max_size=200))
def test_any_string_is_a_report_or_is_refused(text: str) -> None:
    try:
        report = parse_text(TITLE + text, tagger=RULES)
    except NianbaoError as error:
        assert error.code in error_table()
    else:
        assert report.source.text == TITLE + text.replace("\r", "\n")
