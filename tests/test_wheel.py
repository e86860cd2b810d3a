"""What users install: every module, the form and the model, and nothing of the workshop."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LIMIT = 15_000_000  # bytes


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as an installer would, but with the hatchling that is here: no network is asked."""
    folder = tmp_path_factory.mktemp("wheel")
    words = "-m pip wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir".split()
    subprocess.run([sys.executable, *words, folder, ROOT], check=True, timeout=300)
    [found] = folder.glob("nianbao-*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    "name",
    [
        "nianbao/__init__.py",
        "nianbao/__main__.py",
        "nianbao/cli.py",
        "nianbao/py.typed",
        "nianbao/models/document.py",
        "nianbao/models/schema.json",
        "nianbao/inference/pipeline.py",
    ],
)
def test_the_wheel_holds(names: list[str], name: str) -> None:
    assert name in names


def stays_behind(name: str) -> bool:
    """Labelled statements, the pictures of the guide: whoever annotates has the repository."""
    inside = name.removeprefix("nianbao/")
    return inside.startswith("annotations/") and inside.endswith((".jsonl", ".png"))


def test_the_wheel_holds_no_corpus_and_no_pictures(names: list[str]) -> None:
    assert not [name for name in names if stays_behind(name)]


def test_the_wheel_holds_every_other_file_of_the_four_folders_that_git_keeps(
    names: list[str],
) -> None:
    folders = ("models", "inference", "annotations", "training")
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout: there is no list to compare with")
    words = ["git", "-C", str(ROOT), "ls-files", "-z", "--", *folders]
    listed = subprocess.run(words, capture_output=True, text=True, check=True)
    kept = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    kept = [name for name in kept if not stays_behind(name)]
    assert {f"nianbao/{name}" for name in kept} <= set(names)


def test_the_wheel_holds_nothing_beside_the_package(names: list[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert all(top == "nianbao" or top.endswith(".dist-info") for top in tops)
    seconds = {name.split("/")[1] for name in names if name.startswith("nianbao/")}
    assert seconds.isdisjoint({"tests", ".dev", "docs", "examples", "benchmarks", "notebooks"})
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < LIMIT


def test_the_wheel_carries_the_licence(names: list[str]) -> None:
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
