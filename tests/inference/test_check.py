"""Sums and oddities of the cells."""

import random
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.check import check_relations, check_soft
from nianbao.inference.tables import Alignment
from nianbao.models.form import Version, form, relations
from nianbao.models.report import Cell, Finding, Meta, State, Table

versions = st.sampled_from(["2019", "2021"])


def consistent_values(version: Version, seed: int, most: int = 40) -> dict[str, int | float]:
    """Figures for every cell that satisfy every relation and bound."""
    rng = random.Random(seed)
    paths = form(version).paths()
    values: dict[str, int | float] = {path: rng.randint(0, most) for path in paths}
    for row in ("regulations", "normative"):
        if version == "2021":
            values[f"t2.{row}.in_force"] = values[f"t2.{row}.made"] + rng.randint(0, 9)
    columns = [column.id for column in form(version).t3.columns]
    for column in columns[:-1]:
        named = {r.id: r for r in relations(version)}
        handled = named[f"t3.result_sum.{column}"]
        values[handled.left[0]] = sum(values[path] for path in handled.right)
        due = values[f"t3.total_handled.{column}"] + values[f"t3.carried_out.{column}"]
        values[f"t3.carried_in.{column}"] = rng.randint(0, int(due))
        values[f"t3.new.{column}"] = due - values[f"t3.carried_in.{column}"]
    for relation in relations(version):
        if relation.id.startswith(("t3.row_sum", "t4.sum")):
            values[relation.left[0]] = sum(values[path] for path in relation.right)
    return values


def cells_of(values: Mapping[str, int | float]) -> dict[str, Cell]:
    return {
        path: Cell(path=path, value=value, raw=str(value), state="found")
        for path, value in values.items()
    }


def findings_of(version: Version, cells: dict[str, Cell], year: int = 2022) -> list[Finding]:
    tables = tuple(Table(id=t, version=version, alignment="proved") for t in ("t2", "t3", "t4"))
    alignment = Alignment(tuple(cells.values()), tables, version, (), {})
    return list(check_soft(check_relations(version, cells), alignment, Meta(year=year)))


def codes(found: list[Finding]) -> set[str]:
    return {one.code for one in found}


def changed(cells: dict[str, Cell], path: str, state: State, raw: str, value: float | None = None
            ) -> dict[str, Cell]:  # fmt: skip
    return cells | {path: Cell(path=path, value=value, raw=raw, state=state)}


@given(versions, st.integers(0, 10**9))
def test_consistent_tables_pass_every_relation_and_give_no_finding(
    version: Version, seed: int
) -> None:
    cells = cells_of(consistent_values(version, seed))
    checks = check_relations(version, cells)
    assert len(checks) == {"2021": 42, "2019": 40}[version]
    assert {check.state for check in checks} == {"pass"}
    assert findings_of(version, cells, 2020) == []


@given(versions, st.integers(0, 10**9), st.data())
def test_one_changed_cell_always_fails_a_check(
    version: Version, seed: int, data: st.DataObject
) -> None:
    values = consistent_values(version, seed)
    path = data.draw(st.sampled_from([p for p in values if not p.startswith("t2.")]))
    values[path] += data.draw(st.sampled_from([1, 3, 10]))
    cells = cells_of(values)
    failed = [check for check in check_relations(version, cells) if check.state == "fail"]
    assert failed and all(path in check.cells for check in failed)
    assert codes(findings_of(version, cells, 2020)) == {"sum_mismatch"}


@given(versions, st.integers(0, 10**9), st.data())
def test_a_null_makes_its_relations_not_assessable_and_no_other(
    version: Version, seed: int, data: st.DataObject
) -> None:
    cells = cells_of(consistent_values(version, seed))
    path = data.draw(st.sampled_from(sorted(cells)))
    for check in check_relations(version, changed(cells, path, "blank", "")):
        assert (check.state == "not_assessable") == (path in check.cells)
        assert (check.left is None) == (check.right is None) == (path in check.cells)


def test_a_failed_check_tells_both_sides() -> None:
    values = dict.fromkeys(form("2021").paths(), 0) | {"t3.new.total": 3}
    by_id = {check.id: check for check in check_relations("2021", cells_of(values))}
    assert by_id["t3.balance.total"].message == (
        "表三“总计”一列：新收与上年结转之和（3）≠办理结果总计与结转下年度之和（0）"
    )
    assert "本年新收政府信息公开申请数量" in by_id["t3.row_sum.new"].message
    assert "行政复议" in by_id["t4.sum.review"].message


def test_sums_of_decimals_are_compared_with_tolerance() -> None:
    values = dict.fromkeys(form("2021").paths(), 0) | {
        "t4.review.upheld": 0.1, "t4.review.corrected": 0.2, "t4.review.total": 0.3,
    }  # fmt: skip
    by_id = {check.id: check for check in check_relations("2021", cells_of(values))}
    assert by_id["t4.sum.review"].state == "pass"


@pytest.fixture
def sound() -> dict[str, Cell]:
    return cells_of(consistent_values("2021", 7))


@pytest.mark.parametrize(
    ("path", "state", "raw", "value", "code"),
    [
        ("t2.penalty", "text", "详见附件", None, "text_in_cell"),
        ("t2.penalty", "text", "100余件", None, "approximate_value"),
        ("t2.penalty", "found", "无", 0, "zero_in_words"),
        ("t2.penalty", "found", "-3", -3, "negative_value"),
        ("t2.licensing", "found", "2.5", 2.5, "decimal_count"),
        ("t2.penalty", "unreadable", "1***", None, "cells_unreadable"),
        ("t2.penalty", "blank", "", None, "blank_cells"),
    ],
)
def test_an_odd_cell_is_one_finding_at_its_place(
    sound: dict[str, Cell], path: str, state: State, raw: str, value: float | None, code: str
) -> None:
    found = findings_of("2021", changed(sound, path, state, raw, value))
    assert [(one.code, one.cells) for one in found] == [(code, (path,))]


@pytest.mark.parametrize(
    ("path", "raw", "value"),
    [("t2.fees", "26.55", 26.55), ("t2.penalty", "0件", 0), ("t2.penalty", "十二", 12)],
)
def test_sound_figures_of_other_shapes_are_silent(
    sound: dict[str, Cell], path: str, raw: str, value: float
) -> None:
    assert findings_of("2021", changed(sound, path, "found", raw, value)) == []


def test_a_sign_for_none_is_silent(sound: dict[str, Cell]) -> None:
    assert findings_of("2021", changed(sound, "t2.penalty", "not_applicable", "/")) == []


def test_all_blank_cells_of_a_table_are_one_finding(sound: dict[str, Cell]) -> None:
    for path in ("t2.penalty", "t2.coercion"):
        sound = changed(sound, path, "blank", "")
    (found,) = findings_of("2021", sound)
    assert found.message == "表二有2个空格未填"


def test_a_table_that_is_absent_is_one_finding(sound: dict[str, Cell]) -> None:
    gone = {p: Cell(path=p) if p.startswith("t4.") else cell for p, cell in sound.items()}
    assert codes(findings_of("2021", gone)) == {"table_missing"}


def test_a_row_that_is_absent_is_named(sound: dict[str, Cell]) -> None:
    (found,) = findings_of("2021", sound | {"t2.fees": Cell(path="t2.fees")})
    assert (found.code, found.message) == ("row_missing", "表二缺少“行政事业性收费”一行")


def test_fewer_documents_in_force_than_made_is_a_finding(sound: dict[str, Cell]) -> None:
    figures = {"made": 5, "repealed": 1, "in_force": 3}
    cells = sound | cells_of({f"t2.normative.{name}": n for name, n in figures.items()})
    assert codes(findings_of("2021", cells)) == {"in_force_below_made"}


def test_a_negative_change_is_silent_but_not_items_below_zero() -> None:
    cells = cells_of(consistent_values("2019", 3) | {"t2.licensing.prior_items": 8})
    shrunk = cells | cells_of({"t2.licensing.change": -3})
    assert findings_of("2019", shrunk, 2019) == []
    assert codes(findings_of("2019", cells | cells_of({"t2.licensing.change": -9}), 2019)) == {
        "items_below_zero"
    }


def test_the_old_form_is_reported_only_from_2021_on() -> None:
    cells = cells_of(consistent_values("2019", 3))
    assert findings_of("2019", cells, 2020) == []
    assert codes(findings_of("2019", cells, 2023)) == {"old_form"}


def test_a_hybrid_is_reported_as_mixed_not_as_old(sound: dict[str, Cell]) -> None:
    old = {p: c for p, c in cells_of(consistent_values("2019", 3)).items()
           if p.startswith(("t2.regulations", "t2.normative"))}  # fmt: skip
    new = {p: c for p, c in sound.items() if not p.startswith(("t2.regulations", "t2.normative"))}
    assert codes(findings_of("2021", old | new, 2023)) == {"mixed_form"}


def test_tables_of_zeros_cannot_prove_their_alignment() -> None:
    cells = cells_of(dict.fromkeys(form("2021").paths(), 0))
    tables = tuple(
        Table(id=t, version="2021", alignment="unverifiable") for t in ("t2", "t3", "t4")
    )
    alignment = Alignment(tuple(cells.values()), tables, "2021", (), {})
    found = check_soft(check_relations("2021", cells), alignment, Meta(year=2022))
    assert [one.message[:2] for one in found] == ["表三", "表四"]
    assert codes(list(found)) == {"alignment_unverifiable"}
