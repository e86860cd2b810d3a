"""True figures obey the form; printed figures keep what can be read."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.models.form import Version, form, relations
from nianbao.training.synthetic.printing import CONTENTS, print_plain
from nianbao.training.synthetic.values import MAGNITUDES, Magnitude, sample_values

few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 10**9)
versions = st.sampled_from(["2019", "2021"])
magnitudes = st.sampled_from(sorted(MAGNITUDES))


@few
@given(seed=seeds, version=versions, magnitude=magnitudes)
def test_every_hard_relation_holds(seed: int, version: Version, magnitude: Magnitude) -> None:
    values = sample_values(version, random.Random(seed), magnitude)
    assert tuple(values) == form(version).paths()
    for relation in relations(version):
        left, right = (sum(values[p] for p in side) for side in (relation.left, relation.right))
        assert left == right, relation.id


@few
@given(seed=seeds, version=versions)
def test_nothing_falls_below_zero_but_a_change(seed: int, version: Version) -> None:
    values = sample_values(version, random.Random(seed))
    for path, value in values.items():
        if path.endswith(".change"):
            assert value + values[path.removesuffix("change") + "prior_items"] >= 0
        else:
            assert value >= 0


@few
@given(seed=seeds, version=versions)
def test_a_metropolis_has_figures_in_every_column_and_row(seed: int, version: Version) -> None:
    values = sample_values(version, random.Random(seed), "metropolis")
    assert all(value > 0 for path, value in values.items() if path.startswith(("t3.", "t4.")))


def test_zero_reports_are_about_a_quarter() -> None:
    reports = [sample_values("2021", random.Random(seed)) for seed in range(400)]
    zeros = sum(not any(values.values()) for values in reports)
    assert 0.15 < zeros / len(reports) < 0.4


@few
@given(seed=seeds, name=st.sampled_from(sorted(CONTENTS)), version=versions)
def test_only_found_cells_have_values_and_only_blank_ones_print_nothing(
    seed: int, name: str, version: Version
) -> None:
    rng = random.Random(seed)
    printed = CONTENTS[name][1](print_plain(sample_values(version, rng)), rng)
    assert tuple(printed) == form(version).paths()
    for cell in printed.values():
        assert (cell.value is not None) == (cell.state == "found")
        assert (cell.raw is None) == (cell.state == "blank")


@few
@given(seed=seeds)
def test_blanked_totals_leave_the_parts(seed: int) -> None:
    rng = random.Random(seed)
    values = sample_values("2021", rng, "city")
    printed = CONTENTS["C8_totals_blank"][1](print_plain(values), rng)
    assert printed["t3.new.total"].state == "blank"
    assert printed["t3.new.natural_person"].value == values["t3.new.natural_person"]
