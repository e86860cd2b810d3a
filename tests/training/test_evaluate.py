"""The evaluation: with gold labels alignment alone is measured, and it reads nearly all."""

from dataclasses import replace
from pathlib import Path

import pytest

from nianbao.models.document import Document
from nianbao.models.labels import Span
from nianbao.models.report import ModelInfo
from nianbao.training.evaluate import (
    HEADER,
    Outcome,
    evaluate_one,
    main,
    run,
    table,
    total,
    worst,
)
from nianbao.training.scoring import Score
from nianbao.training.synthetic.report import sample

#: Seeds that no other run is measured on.
FIRST = 7_000_000


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return run(range(FIRST, FIRST + 60), labels="gold", jobs=1)


class Blind:
    """A tagger that sees nothing."""

    info = ModelInfo(name="blind", version="1", sha256="")

    def tag(self, text: str) -> tuple[Span, ...]:
        return ()


def test_alignment_reads_nearly_every_cell_off_gold_labels(outcomes: list[Outcome]) -> None:
    score = total(outcomes)
    assert score.reports == 60
    assert score.right >= 0.999 * score.cells
    assert score.nonzero_right >= 0.999 * score.nonzero > 0
    assert score.invented == 0


def test_sections_and_items_are_read_off_gold_labels(outcomes: list[Outcome]) -> None:
    score = total(outcomes)
    assert score.sections_right >= 0.97 * score.sections
    assert score.item_f1 >= 0.97  # edges are the markers', not the labels'


def test_no_report_is_refused(outcomes: list[Outcome]) -> None:
    assert not [outcome.seed for outcome in outcomes if outcome.refused]


def test_a_seed_gives_the_same_outcome_wherever_it_is_scored(outcomes: list[Outcome]) -> None:
    seeds = [FIRST + 3, FIRST + 1]
    assert run(seeds, labels="gold", jobs=2) == [outcomes[3], outcomes[1]]


@pytest.mark.parametrize("layout", ["A5", "html"])
def test_layouts_and_damages_can_be_chosen(layout: str) -> None:
    found = run([FIRST], labels="gold", layouts=(layout,), n_damages=(0, 0), jobs=1)
    assert [(outcome.layout, outcome.damages) for outcome in found] == [(layout, ())]


def test_rules_are_scored_by_the_same_measure() -> None:
    score = total(run(range(FIRST, FIRST + 4), labels="rules", n_damages=(0, 0), jobs=1))
    assert (score.reports, score.invented) == (4, 0)
    assert 0 < score.right <= score.cells


def test_the_table_has_a_line_for_all_each_layout_and_each_damage(
    outcomes: list[Outcome],
) -> None:
    lines = table(outcomes).split("\n")
    assert lines[0] == HEADER
    assert lines[1].split()[2:4] == ["60", f"{100 * total(outcomes).perfect / 60:.2f}"]
    first = [line.split()[0] for line in lines[2:]]
    assert {outcome.layout for outcome in outcomes} <= set(first)
    assert {name[:25] for outcome in outcomes for name in outcome.damages} <= set(first)
    assert len({len(line) for line in lines[2:] if line.startswith("  ")}) == 1


def test_shares_of_nothing_are_a_dash() -> None:
    text = table([Outcome(1, "A1", (), Score(reports=1))])
    assert " - " in text.split("\n")[1]


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
    assert outcome.refused
    assert outcome.score.missed == sum(value is not None for value in found.gold.cells.values())


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["-n", "1", "--gold-labels", "--jobs", "1", "--damages", "0", "--worst", "1"]
    assert main([*arguments, "--first-seed", str(FIRST), "--layouts", "A5,A12"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(HEADER)
    assert "全部 all" in printed and f"seed {FIRST}" in printed


def test_gold_labels_and_rules_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--gold-labels", "--without-model", "--model", str(Path("x"))])
    assert caught.value.code == 2
    assert "not allowed with" in capsys.readouterr().err
