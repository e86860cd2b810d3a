"""What an organ repeats from its last report."""

from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations.answers import read_repeated
from nianbao.inference.flat import ITEMS, REPORTS
from nianbao.inference.pipeline import Result
from nianbao.inference.previous import LEAST, load_archive, sameness, with_repeats
from nianbao.inference.series import then
from nianbao.inference.write import to_json
from nianbao.models.errors import NianbaoError
from nianbao.models.report import (
    Item,
    Meta,
    ModelInfo,
    Narrative,
    Report,
    Role,
    Source,
)

OLD = "政策解读形式单一，以文字为主"
NEW = "政策解读形式较为单一，以文字解读为主"
statements = st.text(alphabet="公开内容不够全面更新及时，；。0123年 ", max_size=30)


def a_report(
    year: int | None, *texts: str, issuer: str | None = "青山县人民政府", role: Role = "problem"
) -> Report:
    items = tuple(
        Item(role=role, text=text, start=0, end=len(text), generic=False, confidence=1.0)
        for text in texts
    )
    return Report(
        status="ok",
        source=Source(
            path=f"{year}.txt", sha256=f"{year}", format="txt", encoding="utf-8", text=""
        ),
        meta=Meta(issuer=issuer, year=year),
        sections=(),
        tables=(),
        cells=(),
        items=items,
        narrative=Narrative(),
        claims=(),
        checks=(),
        findings=(),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )


def save(folder: Path, *reports: Report) -> Path:
    folder.mkdir(exist_ok=True)
    for number, report in enumerate(reports):
        (folder / f"{number}.json").write_bytes(to_json(report, indent=1))
    return folder


@given(statements, statements)
def test_sameness_is_symmetric_and_between_0_and_1(text: str, other: str) -> None:
    assert sameness(text, other) == pytest.approx(sameness(other, text))
    assert 0 <= sameness(text, other) <= 1
    assert sameness(text, text) == 1


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_figures_do_not_count(one: int, other: int) -> None:
    assert (
        sameness(f"全年公开信息{one}条，质量仍需提升", f"全年公开信息{other}条，质量仍需提升") == 1
    )


def test_the_order_of_clauses_does_not_count() -> None:
    assert sameness("重业务、轻公开，意识不强", "意识不强，重业务、轻公开") == 1


def test_a_statement_within_a_longer_one_is_near() -> None:
    longer = "进一步拓宽公开渠道，用好新媒体，办好线下公开栏和便民查阅点"
    assert sameness("进一步拓宽公开渠道，用好新媒体", longer) == pytest.approx(0.9)
    assert sameness("更新慢", "因人手少，信息更新慢，群众多有意见") < LEAST


def test_an_item_names_what_it_repeats(tmp_path: Path) -> None:
    archive = load_archive(save(tmp_path / "old", a_report(2022, OLD, "经费不足")))
    found = with_repeats(a_report(2023, NEW, "检索不便"), archive)
    assert found.items[0].repeated is not None and found.items[0].repeated.text == OLD
    assert LEAST <= found.items[0].repeated.score < 1
    assert found.items[1].repeated is None
    assert found.narrative.previous is not None
    assert (found.narrative.previous.year, found.narrative.previous.sha256) == (2022, "2022")
    [row] = [dict(zip([c.key for c in REPORTS.columns], row, strict=True))
             for row in REPORTS.rows("a", found)]  # fmt: skip
    assert (row["previous_year"], row["n_repeated"]) == (2022, 1)
    assert [row[-1] for row in ITEMS.rows("a", found)] == [OLD, None]


def test_a_problem_repeats_no_measure(tmp_path: Path) -> None:
    archive = load_archive(save(tmp_path / "old", a_report(2022, OLD, role="measure")))
    assert with_repeats(a_report(2023, OLD), archive).items[0].repeated is None


def test_the_latest_earlier_year_of_the_same_organ_counts(tmp_path: Path) -> None:
    folder = save(
        tmp_path / "old",
        a_report(2020, OLD),
        a_report(2021, "经费不足"),
        a_report(2023, OLD),
        a_report(2022, OLD, issuer="青山县人民政府办公室"),
        a_report(None, OLD),
    )
    archive = load_archive(folder)
    assert len(archive) == 4
    found = with_repeats(a_report(2023, OLD, issuer="青山县"), archive)
    assert found.narrative.previous is not None and found.narrative.previous.year == 2021
    assert found.items[0].repeated is None


@pytest.mark.parametrize(
    "report", [a_report(None, OLD), a_report(2023, OLD, issuer=None), a_report(2022, OLD)]
)
def test_without_an_earlier_report_nothing_is_compared(tmp_path: Path, report: Report) -> None:
    archive = load_archive(save(tmp_path / "old", a_report(2022, OLD)))
    assert with_repeats(report, archive) == report


def test_an_archive_is_a_file_lines_or_a_folder_with_other_files(tmp_path: Path) -> None:
    folder = save(tmp_path / "old", a_report(2022, OLD))
    (folder / "failed.jsonl").write_text('{"path": "x"}\n')
    (folder / "datapackage.json").write_text("{}")
    (folder / "reports.csv").write_text("x")
    lines = tmp_path / "years.jsonl"
    lines.write_bytes(to_json(a_report(2021, OLD)) + b"\n" + to_json(a_report(2022, OLD)))
    assert [len(load_archive(path)) for path in (folder, folder / "0.json", lines)] == [1, 1, 2]


def test_a_named_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"a": 1}')
    with pytest.raises(NianbaoError) as told:
        load_archive(tmp_path / "a.json")
    assert told.value.code == "E107"
    with pytest.raises(NianbaoError) as told:
        load_archive(tmp_path / "no-such-file.json")
    assert told.value.code == "E103"


def test_a_failed_attempt_stays_as_it_is(tmp_path: Path) -> None:
    archive = load_archive(save(tmp_path / "old", a_report(2022, OLD)))
    failed = Result("a.txt", error=NianbaoError("E101"))
    compare = partial(with_repeats, archive=archive)
    assert then(lambda _: failed, compare)("a.txt") is failed
    parsed = then(lambda path: Result(path, report=a_report(2023, OLD)), compare)("a.txt")
    assert parsed.report is not None and parsed.report.items[0].repeated is not None


@pytest.mark.parametrize("split", ["dev", "test"])
def test_the_examples_are_told_apart(split: str) -> None:
    right = said = gold = 0
    for section in read_repeated(split):
        for place, text in enumerate(section.now):
            scores = [sameness(text, other) for other in section.before]
            found = (place, scores.index(max(scores))) if max(scores) >= LEAST else None
            said += found is not None
            right += found in section.repeated
        gold += len(section.repeated)
    assert right / said >= 0.9 and right / gold >= 0.85
