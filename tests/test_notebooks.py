"""The notebooks: each runs on a small sample, agrees with its script, and is small enough."""

import os
from pathlib import Path

import jupytext
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

from nianbao.inference.themes import load_classifier
from nianbao.models.folder import shipped
from nianbao.models.sums import file_sha256
from nianbao.training import compare, survey
from nianbao.training.themes import results
from nianbao.training.themes.corpus import split

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
NAMES = ("tagger", "tables", "themes")
SAMPLE = 9  # reports, three of each tier
LIMIT, LIMIT_OF_RESULTS = 500_000, 1_500_000  # bytes; scores of themes are 160,000 a classifier


def stored(name: str) -> NotebookNode:
    found: NotebookNode = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    return found


def sources(notebook: NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def complaints(notebook: NotebookNode) -> list[str]:
    """What a cell wrote beside its result, a warning or a traceback."""
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    return [
        str(out.get("text") or out.get("evalue"))
        for out in outputs
        if out.output_type in ("stream", "error")
    ]


def n_plots(notebook: NotebookNode) -> int:
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    return sum("image/png" in out.get("data", {}) for out in outputs)


def n_figures(notebook: NotebookNode) -> int:
    return sum("subplots(" in cell.source for cell in notebook.cells)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_on_a_small_sample(name: str) -> None:
    notebook = jupytext.read(NOTEBOOKS / f"{name}.py")
    client = NotebookClient(notebook, timeout=100, resources={"metadata": {"path": NOTEBOOKS}})
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / ".dev"),
        "PYTHONWARNINGS": "error:Glyph",  # a letter that the font lacks
        "NIANBAO_SAMPLE": str(SAMPLE),
    }
    client.execute(env=environment)
    assert complaints(notebook) == []
    assert n_plots(notebook) == n_figures(notebook) > 0


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_and_its_script_are_one(name: str) -> None:
    assert sources(stored(name)) == sources(jupytext.read(NOTEBOOKS / f"{name}.py"))


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_notebook_shows_its_plots_and_is_small(name: str) -> None:
    notebook = stored(name)
    assert complaints(notebook) == []
    assert n_plots(notebook) == n_figures(notebook)
    assert (NOTEBOOKS / f"{name}.ipynb").stat().st_size < LIMIT


def test_the_stored_results_are_small_and_of_the_shipped_model() -> None:
    files = list((NOTEBOOKS / "results").iterdir())
    assert {file.name for file in files} == {"survey.json", "themes.json", "variants.json"}
    assert all(file.stat().st_size < LIMIT_OF_RESULTS for file in files)
    found = survey.load(NOTEBOOKS / "results" / "survey.json")
    assert found.model.sha256 == file_sha256(shipped() / "SHA256SUMS"), "run make notebooks"
    assert compare.load(NOTEBOOKS / "results" / "variants.json")


@pytest.mark.parametrize("name", ["dev", "test"])
def test_the_stored_themes_are_of_the_shipped_classifier_and_of_the_corpus(
    name: results.SplitName,
) -> None:
    """Its scores are worked out anew: they tell more than a sum of its files."""
    found = results.load(NOTEBOOKS / "results" / "themes.json")
    classifier, part = load_classifier(), split(name)
    gold = tuple((one.id, one.themes) for one in part.statements)
    assert tuple(zip(found.gold[name].ids, found.gold[name].themes, strict=True)) == gold
    scores, _ = found.arrays("characters", name)
    again = "run nianbao.training.themes.compare"
    np.testing.assert_allclose(classifier.scores(part.texts), scores, atol=2e-4, err_msg=again)
    assert found.classifier("characters").thresholds == tuple(classifier.thresholds)
