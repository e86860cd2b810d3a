"""Models side by side: the facts of their runs, the scores of their evaluations."""

import json
from pathlib import Path
from typing import Any

import pytest

from nianbao.training.compare import HEADER, curve, load, main, row, variant

TOTAL = {
    "reports": 4, "perfect": 3, "cells": 800, "right": 796, "wrong": 1, "invented": 1, "missed": 2,
    "nonzero": 0, "nonzero_right": 0, "sections": 24, "sections_right": 18, "item_f1": 0.5,
}  # fmt: skip
RUN = {
    "kind": "tagger", "init": None, "encoder": None, "reports": 2500, "parameters": 2_252_059,
    "step": 40, "characters": 4000,
    "evaluations": [
        {"step": 20, "f1": 0.5, "f1_by_label": {"TITLE": 0.25}},
        {"step": 40, "f1": 0.75, "f1_by_label": {}},
    ],
}  # fmt: skip


def results(**options: Any) -> dict[str, Any]:
    given = {"gold_labels": False, "without_model": False, "runtime": "onnx"} | options
    return {"run": {"options": given}, "total": TOTAL}


def test_a_variant_has_the_facts_of_its_run_and_the_shares_of_its_score() -> None:
    found = variant("small", results(), RUN)
    assert (found.name, found.what, found.runtime) == ("small", "small", "onnx")
    assert (found.parameters, found.steps, found.reports) == (2_252_059, 40, 2500)
    assert not found.pretrained
    assert (found.scores.right, found.scores.perfect, found.scores.sections) == (0.995, 0.75, 0.75)
    assert found.scores.nonzero_right is None


@pytest.mark.parametrize("source", ["init", "encoder"])
def test_a_run_that_began_with_weights_is_pretrained(source: str) -> None:
    assert variant("x", results(), RUN | {source: "weights"}).pretrained


def test_a_curve_counts_the_characters_up_to_each_evaluation() -> None:
    assert curve(RUN) == ((2000, 0.5), (4000, 0.75))
    assert curve(RUN, "TITLE") == ((2000, 0.25),)
    assert curve({}) == ()


def test_without_a_network_there_is_no_runtime() -> None:
    found = variant("rules", results(without_model=True), None)
    assert (found.runtime, found.parameters, found.curve) == ("", None, ())
    assert "— | — | — | — | — | 99.500" in row(found)


def test_the_command_prints_a_table_and_writes_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "run.json").write_text(json.dumps(RUN))
    (tmp_path / "a.json").write_text(json.dumps(results()))
    (tmp_path / "b.json").write_text(json.dumps(results(gold_labels=True)))
    files = [str(tmp_path / name) for name in ("a.json", "b.json")]
    out = tmp_path / "variants.json"
    main([*files, "--run", f"a={tmp_path}", "--what", "a=甲 | first", "--json", str(out)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == HEADER.splitlines()
    assert lines[2].startswith("| 甲 / first | 2,252,059 | 40 | 2,500 | 否 no | onnx | 99.500 |")
    assert {line.count("|") for line in lines} == {12}
    found = load(out)
    assert [one.name for one in found] == ["a", "b"]
    assert found[0] == variant("a", results(), RUN, "甲 | first")


@pytest.mark.parametrize("given", [["--run", "c=."], ["--what", "a"]])
def test_a_name_without_results_is_refused(given: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(results()))
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path / "a.json"), *given])
    assert stopped.value.code == 2
