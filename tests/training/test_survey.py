"""A survey counts what an evaluation counts, and comes back from its file as it was."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from nianbao.inference.rules import RuleTagger
from nianbao.training.evaluate import Plan, in_tiers, run_tiers
from nianbao.training.outcomes import total
from nianbao.training.survey import (
    N_EXAMPLES,
    Survey,
    examine,
    load,
    main,
    save,
    survey_of,
)
from nianbao.training.synthetic.report import sample

FIRST, N = 7_310_000, 24


@pytest.fixture(scope="module")
def rules() -> Survey:
    tagger = RuleTagger()
    found = [
        examine(
            sample(seed, "held_out", n_damages=tier.n_damages), seed, tier.name, tagger
        )
        for seed, tier in in_tiers(FIRST, N)
    ]  # fmt: skip
    return survey_of(found, tagger.info, FIRST)


def test_the_scores_are_those_of_the_evaluation(rules: Survey) -> None:
    outcomes = run_tiers(in_tiers(FIRST, N), Plan(labels="rules"), jobs=1)
    assert rules.total == total(outcomes)
    assert sum(score.cells for score in rules.layouts.values()) == rules.total.cells
    assert list(rules.tiers) == ["clean", "typical", "hostile"]
    assert rules.reports == N >= rules.total.reports


def test_cells_are_counted_alike_by_path_and_by_method(rules: Survey) -> None:
    score = rules.total
    for tallies in (rules.cells, rules.methods):
        assert sum(t.cells for t in tallies.values()) == score.cells
        assert sum(t.wrong for t in tallies.values()) == score.wrong
        assert sum(t.invented for t in tallies.values()) == score.invented
        assert sum(t.missed for t in tallies.values()) == score.missed > 0
        assert sum(t.not_right for t in tallies.values()) == score.cells - score.right
    assert sum(own.get(state, 0) for state, own in rules.states.items()) == score.states_right


def test_every_table_and_every_report_is_counted_once(rules: Survey) -> None:
    read = sum(sum(rules.statuses[name]) for name in ("ok", "review"))
    for own in rules.aligned.values():
        assert sum(one.tables for one in own.values()) == read
    assert read + sum(rules.statuses["refused"]) == rules.total.reports
    assert sum(good for good, _ in rules.statuses.values()) == rules.total.perfect


def test_few_examples_of_a_kind_are_kept_and_none_of_two_from_one_layout(rules: Survey) -> None:
    kinds = {(one.of, one.kind) for one in rules.examples}
    assert ("cell", "missed") in kinds
    for kind in kinds:
        own = [one for one in rules.examples if (one.of, one.kind) == kind]
        assert len(own) <= N_EXAMPLES.get(kind[0], 1)
        assert len({one.layout for one in own}) == len(own)


def test_a_file_gives_back_the_survey(rules: Survey, tmp_path: Path) -> None:
    save(rules, tmp_path / "survey.json")
    assert load(tmp_path / "survey.json") == rules
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(ValidationError):
        load(tmp_path / "other.json")


def test_the_command_writes_a_survey_of_a_model(toy_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "survey.json"
    main(["-n", "3", "--model", str(toy_folder), "--jobs", "1", "--json", str(out)])
    found = load(out)
    assert found.reports == 3
    assert found.model.sha256
    assert set(found.confidence) == {"cells", "sections", "items"}
