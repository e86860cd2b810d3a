"""The four folders install as one import name, and the arrows between them run one way."""

import ast
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("models", "inference", "annotations", "training")

#: What each folder may import of the others.
ARROWS: dict[str, set[str]] = {
    "models": set(),
    "inference": {"models"},
    "annotations": {"models", "inference"},
    "training": {"models", "inference", "annotations"},
}


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "cli.py", "py.typed", *FOLDERS])
def test_the_source_root_links_to_the_folders(name: str) -> None:
    assert (ROOT / ".dev/nianbao" / name).resolve() == ROOT / name


def neighbours(file: Path) -> set[str]:
    """The folders that a module imports by relative imports, its own left out."""
    depth = len(file.relative_to(ROOT).parts) - 1
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth + 1:
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found.update(name.split(".")[0] for name in names)
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_arrows_run_one_way(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    crossed = {
        str(file.relative_to(ROOT)): wrong
        for file in files
        if (wrong := neighbours(file) - ARROWS[folder])
    }
    assert crossed == {}


def test_only_the_encoder_of_the_models_knows_torch() -> None:
    heavy = {"torch", "transformers", "onnxruntime", "lxml", "rapidfuzz"}
    for file in sorted((ROOT / "models").rglob("*.py")):
        if file.name == "encoder.py":
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            assert heavy.isdisjoint(name.split(".")[0] for name in names), file.name


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_has_a_caption(folder: str) -> None:
    bare = [
        file.name
        for file in sorted((ROOT / folder).rglob("*.py"))
        if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert bare == []


def test_the_checks_of_the_integration_can_be_run() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)
