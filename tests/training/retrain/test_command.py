"""How `nianbao retrain` ends, by what the gate says; nothing is trained here."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from nianbao.cli import app
from nianbao.inference.ending import OK, REFUSED, USAGE
from nianbao.models.errors import NianbaoError
from nianbao.training.retrain import run
from nianbao.training.retrain.gate import Row, Verdict
from nianbao.training.retrain.run import Ending, Plan, Tell

ROW = Row("synthetic", "cells", 300, 0.99, 0.97, -0.03, -0.01, 40, "falls")
REFUSAL = Verdict(False, ("读对的格下降 | cells right falls",), (), (ROW,))
PASS = Verdict(True, (), ("主题未评测 | themes were not measured",), (ROW,))


def outcome(
    verdict: Verdict, gold_file: Path, monkeypatch: pytest.MonkeyPatch, *options: str
) -> tuple[Result, Plan]:
    plans: list[Plan] = []

    def ended(plan: Plan, tell: Tell) -> Ending:
        plans.append(plan)
        tell("训练 | training")
        return Ending(3, verdict, plan.promote and (verdict.passed or plan.force))

    monkeypatch.setattr(run, "retrain", ended)
    result = CliRunner().invoke(app, ["retrain", str(gold_file), *options])
    return result, plans[0]


def test_a_model_that_passes_is_promoted_and_its_figures_shown(
    gold_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, plan = outcome(PASS, gold_file, monkeypatch, "--steps", "7", "--seed", "2")
    assert result.exit_code == OK
    assert (plan.gold, plan.steps, plan.minutes, plan.seed) == ((gold_file,), 7, None, 2)
    assert "已启用" in result.stderr and "主题未评测" in result.stderr
    assert "99.000%" in result.stderr and "97.000%" in result.stderr
    assert result.stdout == ""


def test_a_refusal_has_a_status_of_its_own_and_tells_why(
    gold_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, _ = outcome(REFUSAL, gold_file, monkeypatch, "--quiet")
    assert result.exit_code == REFUSED
    assert "读对的格下降" in result.stderr and "nianbao models promote 3" in result.stderr
    assert "training" not in result.stderr


def test_a_refusal_can_be_overruled(gold_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result, plan = outcome(REFUSAL, gold_file, monkeypatch, "--force")
    assert result.exit_code == OK and plan.force
    assert "强行启用" in result.stderr


def test_a_model_that_passes_is_kept_apart_on_demand(
    gold_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, _ = outcome(PASS, gold_file, monkeypatch, "--no-promote")
    assert result.exit_code == OK and "未启用" in result.stderr


def test_contradictory_options_are_refused(gold_file: Path) -> None:
    result = CliRunner().invoke(app, ["retrain", str(gold_file), "--force", "--no-promote"])
    assert result.exit_code == USAGE


@pytest.mark.parametrize("minutes", ["inf", "nan", "0"])
def test_a_time_limit_is_a_finite_number(gold_file: Path, minutes: str) -> None:
    result = CliRunner().invoke(app, ["retrain", str(gold_file), "--minutes", minutes])
    assert result.exit_code == USAGE


def test_a_version_that_was_promoted_meanwhile_is_named_and_how_to_take_the_new_one(
    gold_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "retrain", lambda *_: Ending(3, PASS, False, rival=2))
    result = CliRunner().invoke(app, ["retrain", str(gold_file), "--quiet"])
    assert result.exit_code == OK
    assert "the current version became 2" in result.stderr
    assert "nianbao models promote 3" in result.stderr


def test_without_the_extra_it_is_named(gold_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "nianbao.training.retrain.run")
    monkeypatch.setitem(sys.modules, "filelock", None)
    result = CliRunner().invoke(app, ["retrain", str(gold_file)])
    assert isinstance(result.exception, NianbaoError)
    assert result.exception.code == "E302" and "train" in result.exception.hint
