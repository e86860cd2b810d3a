"""Tables and mistakes of theme classifiers."""

import pytest

from nianbao.inference.themes import ThemeClassifier, load_classifier
from nianbao.models.themes import Statement, theme_ids
from nianbao.training.themes import show
from nianbao.training.themes.corpus import part
from nianbao.training.themes.faults import Case, Fault, labellings
from nianbao.training.themes.results import Comparison


@pytest.fixture(scope="module")
def classifier() -> ThemeClassifier:
    return load_classifier()


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()]


def test_tables_have_a_cell_for_every_head(
    compared: Comparison, classifier: ThemeClassifier
) -> None:
    given = labellings(compared, "good")
    for table in (
        show.about(compared, classifier.info),
        show.calibration(compared, "test"),
        show.agreement(given),
        show.confused_pairs(given, 5),
    ):
        found = cells(table)
        assert len(found) > 3
        assert {len(row) for row in found} == {len(found[0])}


def test_agreement_is_told_for_every_theme_and_for_all_together() -> None:
    pairs = [(("coverage",), ("coverage",)), (("other",), ("coverage",)), ((), ())]
    rows = cells(show.agreement({"甲": pairs}))[2:]
    assert [row[0].split()[-1] for row in rows] == [*theme_ids(), "all"]
    assert rows[0][1:] == ["1, 2", "0.400", "0.667"]
    assert rows[1][1:] == ["0, 0", "—", "—"]
    assert rows[-1][1] == "2, 2"


def test_pairs_confused_most_stand_first_over_all_labellings() -> None:
    one = [(("coverage",), ("other",))]
    two = [(("platform",), ("channels",)), (("channels",), ("platform",))]
    rows = cells(show.confused_pairs({"甲": one, "乙": two}, 9))[2:]
    assert rows == [
        ["公开形式与渠道 channels ↔ 平台建设 platform", "0", "2"],
        ["公开内容 coverage ↔ 其他 other", "1", "0"],
    ]
    assert len(cells(show.confused_pairs({"甲": one, "乙": two}, 1))) == 3


def test_the_blurred_classifier_is_the_worse_calibrated(compared: Comparison) -> None:
    rows = cells(show.calibration(compared, "test"))[2:]
    errors = {row[0]: float(row[-1]) for row in rows}
    assert errors["假的 made up good"] < errors["假的 made up bad"]


def test_a_case_is_told_with_its_text_its_words_and_what_is_wrong(
    classifier: ThemeClassifier,
) -> None:
    text = "“<快讯>”栏目更新不及时"
    statement = Statement("x-1", "x", "county", "problem", text, ("timeliness",))
    faults = (
        Fault("timeliness", "missed", 0.4, 0.5),
        Fault("platform", "invented", 0.3, 0.6),
    )
    html = show.cases(
        [Case("x-1", ("timeliness",), ("platform",), faults)], part([statement]), classifier
    )
    assert "“&lt;" in html and "“<" not in html
    assert "栏目<sub>平台建设</sub>" in html and "更新不及时<sub>公开时效</sub>" in html
    assert "漏掉 missed <b>公开时效 timeliness</b>：0.40 &lt; 0.50；" in html
    assert "多出 invented <b>平台建设 platform</b>：0.30 &lt; 0.60（没有主题过阈值" in html
    assert "栏目 +" in html
    assert "问题 problem" in html


def test_a_theme_that_no_word_speaks_for_is_told_so(classifier: ThemeClassifier) -> None:
    statement = Statement("x-1", "x", "county", "measure", "龘", ("key_areas",))
    case = Case("x-1", ("key_areas",), (), (Fault("key_areas", "missed", 0.1, 0.5),))
    html = show.cases([case], part([statement]), classifier)
    assert "没有词支持它" in html
    assert "所得 given：没有 none" in html
