"""The evaluation: with gold labels alignment alone is measured, and it reads nearly all."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nianbao.models.document import Document
from nianbao.models.labels import Span
from nianbao.models.report import ModelInfo
from nianbao.training.evaluate import TIERS, Plan, evaluate_one, in_tiers, main, run, run_tiers
from nianbao.training.folds import fold
from nianbao.training.outcomes import Outcome, total
from nianbao.training.scoring import Score
from nianbao.training.synthetic.report import sample
from nianbao.training.tabulate import HEADER, confidences, statuses, table, worst

#: Seeds that no other run is measured on.
FIRST = 7_000_000
GOLD = Plan(labels="gold")


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return run(range(FIRST, FIRST + 60), GOLD, jobs=1)


class Blind:
    """A tagger that sees nothing."""

    info = ModelInfo(name="blind", version="1", sha256="")
    calibration = None

    def tag(self, text: str) -> tuple[Span, ...]:
        return ()


def test_alignment_reads_nearly_every_cell_off_gold_labels(outcomes: list[Outcome]) -> None:
    score = total(outcomes)
    assert score.reports == 60 - sum(o.foreign and o.refused for o in outcomes)
    assert score.right >= 0.999 * score.cells
    assert score.nonzero_right >= 0.999 * score.nonzero > 0
    assert score.invented == 0


def test_sections_and_items_are_read_off_gold_labels(outcomes: list[Outcome]) -> None:
    score = total(outcomes)
    assert score.sections_right >= 0.97 * score.sections
    assert score.item_f1 >= 0.96  # edges are the markers', not the labels'


def test_no_report_is_refused_that_has_a_value_to_give(outcomes: list[Outcome]) -> None:
    assert not [outcome.seed for outcome in outcomes if outcome.refused and outcome.score.missed]


def test_a_seed_gives_the_same_outcome_wherever_it_is_scored(outcomes: list[Outcome]) -> None:
    seeds = [FIRST + 3, FIRST + 1]
    assert run(seeds, GOLD, jobs=2) == [outcomes[3], outcomes[1]]


def test_gold_labels_agree_with_themselves(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        assert all(gold == given for gold, given in outcome.labelling.characters)
        assert all(s.right == s.found == s.gold for s in outcome.labelling.spans.values())


@pytest.mark.parametrize("layout", ["A5", "html"])
def test_layouts_can_be_chosen(layout: str) -> None:
    found = run([FIRST], replace(GOLD, layouts=(layout,)), n_damages=(0, 0), jobs=1)
    assert [(outcome.layout, outcome.damages) for outcome in found] == [(layout, ())]


def test_damages_can_be_chosen() -> None:
    plan = replace(GOLD, layouts=("A5",), damages=("D9_radicals", "E1_top_furniture"))
    found = run(range(FIRST, FIRST + 6), plan, n_damages=(2, 2), jobs=1)
    assert {name for o in found for name in o.damages} == {"D9_radicals", "E1_top_furniture"}


def test_tiers_share_the_seeds_and_differ_in_damage() -> None:
    cases = in_tiers(FIRST, 1000)
    assert [seed for seed, _ in cases] == list(range(FIRST, FIRST + 1000))
    assert [sum(own is tier for _, own in cases) for tier in TIERS] == [334, 333, 333]
    found = run_tiers(in_tiers(FIRST, 3), replace(GOLD, layouts=("A5",)), jobs=1)
    assert [outcome.name for outcome in found] == ["clean", "typical", "hostile"]
    assert found[0].damages == ()
    lines = table(found).split("\n")
    assert [line.split()[:2] for line in lines if line.startswith("  clean")] == [["clean", "1"]]


def test_rules_are_scored_by_the_same_measure() -> None:
    plan = Plan(labels="rules")
    score = total(run(range(FIRST, FIRST + 4), plan, n_damages=(0, 0), jobs=1))
    assert (score.reports, score.invented) == (4, 0)
    assert 0 < score.right <= score.cells


def test_the_table_has_a_line_for_all_each_layout_and_each_damage(
    outcomes: list[Outcome],
) -> None:
    lines = table(outcomes).split("\n")
    score = total(outcomes)
    assert lines[0] == HEADER
    perfect = f"{100 * score.perfect / score.reports:.2f}"
    assert lines[1].split()[2:5] == [str(score.reports), str(score.perfect), perfect]
    first = [line.split()[0] for line in lines[2:]]
    assert {outcome.layout for outcome in outcomes} <= set(first)
    assert {name[:25] for outcome in outcomes for name in outcome.damages} <= set(first)


def test_a_damage_under_which_many_cells_are_lost_is_marked() -> None:
    bad = Outcome(1, "A1", ("C5_units",), Score(reports=1, cells=200, right=190))
    good = Outcome(2, "A1", ("R_row_lost",), Score(reports=1, cells=200, right=200))
    lines = {line.split()[0]: line for line in table([bad, good]).split("\n") if line[:2] == "  "}
    assert lines["C5_units"].rstrip().endswith("!")
    assert lines["R_row_lost"].endswith(" u")  # some of its figures are gone for good


def test_shares_of_nothing_are_a_dash() -> None:
    text = table([Outcome(1, "A1", (), Score(reports=1))])
    assert " - " in text.split("\n")[1]
    assert "ECE -" in confidences([]) and "-" in statuses([])


def test_the_worst_reports_come_first() -> None:
    bad = Outcome(5, "A1", ("C5_units",), Score(reports=1, cells=200, right=150))
    good = Outcome(6, "A2", (), Score(reports=1, cells=200, right=200))
    lines = worst([good, bad], 1).split("\n")
    assert len(lines) == 1
    assert "seed 5" in lines[0] and "not right 50" in lines[0] and "C5_units" in lines[0]


def test_a_report_that_is_refused_has_missed_every_value() -> None:
    found = sample(FIRST, "train", layouts=("A5",), n_damages=(0, 0))
    foreign = replace(found, document=Document("-", "今天下雨。", "txt", "", "utf-8"))
    outcome = evaluate_one(foreign, FIRST, Blind())
    assert outcome.refused and outcome.status is None and outcome.cells == ()
    assert outcome.score.missed == sum(value is not None for value in found.gold.cells.values())


def test_the_states_tell_whom_a_person_is_sent_to() -> None:
    perfect, flawed = Score(reports=1, perfect=1), Score(reports=1)
    low = ("low_confidence",)
    made = [
        Outcome(1, "A1", (), perfect, status="ok"),
        Outcome(2, "A1", (), perfect, status="review", reasons=low),
        Outcome(3, "A1", (), flawed, status="review", reasons=low),
        Outcome(4, "A1", (), flawed, refused=True),
    ]
    lines = statuses(made).split("\n")
    assert [line.split()[-3:] for line in lines[1:3]] == [["1", "1", "50.00"], ["0", "1", "100.00"]]
    assert lines[3].endswith("low_confidence 1") and "1 (50.00 %)" in lines[4]


def test_the_command_prints_the_tables_and_writes_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ["-n", "2", "--gold-labels", "--jobs", "1", "--damages", "0", "--worst", "1"]
    arguments += ["--first-seed", str(FIRST), "--layouts", "A5,A12"]
    assert main([*arguments, "--json", str(tmp_path / "out.json")]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(HEADER)
    assert "全部 all" in printed and "\nseed 700000" in printed and "ECE" in printed
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert str(tmp_path) not in json.dumps(found)
    assert found["run"]["model"]["name"] == "gold" and found["run"]["options"]["n"] == 2
    assert [report["seed"] for report in found["reports"]] == [FIRST, FIRST + 1]
    assert found["total"]["cells"] == sum(r["score"]["cells"] for r in found["reports"])
    for report in found["reports"]:
        columns = report["cells"]
        assert {len(column) for column in columns.values()} == {len(columns["path"])}
        assert sum(columns["right"]) == report["score"]["right"]
        assert max(columns["path"]) < len(found["legends"]["path"])
        assert report["score"]["meta"].keys() >= {"title", "year"}
    labels = found["labels"]
    assert labels["spans"]["VALUE"]["right"] == labels["spans"]["VALUE"]["gold"] > 0
    characters = labels["characters"]
    assert len(characters["counts"]) == len(characters["labels"]) == 14
    assert found["confidence"]["cells"]["count"] == found["total"]["cells"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--gold-labels", "--without-model", "--model", str(Path("x"))],
        ["--tiers", "--files", "x"],
        ["--gold-labels", "--files", "x"],
    ],
)
def test_options_that_exclude_each_other_are_refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_fold_is_scored_on_what_it_leaves_out_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--gold-labels", "--fold", "2", "-n", "8", "--jobs", "1"]) == 0
    printed = capsys.readouterr().out
    names = {line.split()[0] for line in printed.splitlines() if line.startswith("  ")}
    assert names & set(fold(2).layouts)
    assert not names & {*fold(2).others().layouts, *fold(2).others().damages}


def test_a_fold_and_names_of_layouts_exclude_each_other() -> None:
    with pytest.raises(SystemExit):
        main(["--fold", "2", "--layouts", "A1"])
