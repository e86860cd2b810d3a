"""The pictures of annotations/GUIDE.md, taken from a Label Studio with the examples.

Run by `make screenshots`: it replaces annotations/screenshots.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from nianbao.annotations.studio import PROJECTS, Studio, login_of, running
from nianbao.models.labels import Label
from tests.loop.conftest import ROOT, free_port
from tests.loop.page import TEXT, Annotator, annotator

FOLDER = ROOT / "annotations/screenshots"
COLOURS = 200  # of a palette: enough for all labels, and a third of the bytes
WIDTH, HEIGHT = 1160, 760
_SETTLED = 1500  # milliseconds, for what is still being painted

FIRST = "02-city-office.html"  # of the examples the one with tabs


def main() -> None:
    program = ROOT / os.environ.get("LABEL_STUDIO", ".ls/bin/label-studio")
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tasks = _tasks(folder)
        with running(program, folder / "data", free_port(), folder / "log") as (studio, _):
            login = login_of(folder / "data")
            with annotator(studio.url, login, width=WIDTH, height=HEIGHT) as person:
                _take(studio, person, tasks)


def _tasks(folder: Path) -> list[dict[str, Any]]:
    """The examples, pre-annotated; from their own folder, so that no path of this machine shows."""
    out = folder / "tasks.json"
    words = [sys.executable, "-m", "nianbao", "annotate", "export", "examples", "-o", str(out)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / ".dev"), "NIANBAO_HOME": str(folder)}
    subprocess.run([*words, "--themes", "-q"], cwd=ROOT, env=environment, check=True)
    found: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    return sorted(found, key=lambda task: FIRST not in task["data"]["source"])


def _take(studio: Studio, person: Annotator, tasks: list[dict[str, Any]]) -> None:
    for title, config in PROJECTS.items():
        path = f"/api/projects/{studio.project(title, config)}/import"
        studio.ask("POST", path, tasks)
    labels, themes = (f"{studio.url}/projects/{number}/data" for number in (1, 2))
    person.page.goto(labels)
    person.page.get_by_text("Label All Tasks").wait_for()
    _save(person, "tasks")

    _label(person, labels)
    _save(person, "preannotated")
    person.show("三、收到和处理政府信息公开申请情况")
    _save(person, "tabs")
    person.click("2023-01-18")
    person.choose("杂项")  # wrong, so that there is something to put right
    person.choose("日期")
    _save(person, "relabel")

    _label(person, themes)
    person.click(_first_problem(tasks[0]))
    _save(person, "themes")


def _label(person: Annotator, project: str) -> None:
    """As the button over the list does: the first task that nobody has done."""
    person.page.goto(f"{project}?labeling=1")
    person.page.wait_for_selector(TEXT)


def _first_problem(task: dict[str, Any]) -> str:
    [prediction] = task["predictions"]
    values = [one["value"] for one in prediction["result"]]
    return next(str(one["text"]) for one in values if one.get("labels") == [Label.PROBLEM])


def _save(person: Annotator, name: str) -> None:
    person.page.wait_for_timeout(_SETTLED)
    picture = Image.open(io.BytesIO(person.page.screenshot())).convert("RGB")
    small = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
