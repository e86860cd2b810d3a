"""From our predictions through Label Studio, and people at it, to a model that has learnt.

Run by `make loop-test`: it needs Label Studio, and for the part of the browser Chromium.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import cohen_kappa_score

from nianbao.annotations.documents import AnnotatedDocument
from nianbao.annotations.gold import read_gold
from nianbao.annotations.label_studio import CONFIGS
from nianbao.annotations.stand_in import shown
from nianbao.annotations.studio import Studio, login_of, running
from nianbao.inference.ending import OK, REFUSED, SOME_FAILED
from nianbao.models.labels import Label, Span
from nianbao.models.training_record import read_record
from tests.loop.conftest import ROOT, Run, Steps, connect, free_port
from tests.loop.people import ODD, Labelled, annotate, sign_up, write_reports

pytestmark = pytest.mark.loop

CONNECTING = "登记模型后端，由它预标注 | the backend is registered, and predicts"
N_BARE = 3  # tasks that are imported without predictions: those the backend has to make


@dataclass(frozen=True, slots=True)
class Project:
    """A project in Label Studio. tasks: file -> its number; exported: file -> what we imported."""

    studio: Studio
    number: int
    tasks: Mapping[str, int]
    exported: Mapping[str, Any]

    def ask_predictions(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.studio.ask(
            "GET", f"/api/predictions?task={self.tasks[name]}"
        )
        return found


def regions(result: Iterable[Mapping[str, Any]]) -> list[tuple[int, int, str, str]]:
    """Of a prediction or an annotation, in the order of the text."""
    values = [one["value"] for one in result if one["type"] == "labels"]
    return sorted((v["start"], v["end"], *v["labels"], v["text"]) for v in values)


@pytest.fixture(scope="module")
def studio(folder: Path, steps: Steps) -> Iterator[Studio]:
    program = ROOT / os.environ.get("LABEL_STUDIO", ".ls/bin/label-studio")
    if not program.exists():
        pytest.skip(f"no Label Studio at {program}: make loop-test installs it")
    with ExitStack() as stack:
        with steps("启动 Label Studio（新数据库） | Label Studio starts, its data base new"):
            log = folder / "logs/label-studio.log"
            found, _ = stack.enter_context(running(program, folder / "data", free_port(), log))
        yield found


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[str, Labelled]:
    (folder / "in").mkdir()
    (folder / "in/odd.txt").write_text(ODD, encoding="utf-8")
    return write_reports(folder / "in")


@pytest.fixture(scope="module")
def project(
    studio: Studio, reports: dict[str, Labelled], folder: Path, nianbao: Run, steps: Steps
) -> Project:
    """Its tasks are imported, all but a few with predictions."""
    with steps("annotate export：预标注 | pre-annotated tasks"):
        nianbao("annotate", "export", "in", "-o", "tasks.json", "--themes")
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    exported = {Path(task["data"]["source"]).name: task for task in tasks}
    bare = sorted(reports)[-N_BARE:]
    for name in bare:
        exported[name] = {"data": exported[name]["data"], "made": exported[name]["predictions"]}
    with steps("建项目，导入任务 | the project is made, tasks are imported"):
        number = studio.project("年报标注", "labels")
        sent = [{k: v for k, v in task.items() if k != "made"} for task in exported.values()]
        path = f"/api/projects/{number}/import?return_task_ids=true"
        numbers = studio.ask("POST", path, sent)["task_ids"]
    return Project(studio, number, dict(zip(exported, numbers, strict=True)), exported)


@pytest.fixture(scope="module")
def connected(project: Project, backend: str, steps: Steps) -> int:
    """The number of our backend, which has predicted what had no prediction."""
    with steps(CONNECTING):
        return connect(project.studio, project.number, backend)


@pytest.fixture(scope="module")
def gold(
    project: Project,
    connected: int,
    reports: dict[str, Labelled],
    folder: Path,
    nianbao: Run,
    steps: Steps,
) -> Path:
    """The gold file of two annotators who have done all the tasks but the odd one."""
    with steps("两人标注（接口） | two people annotate, through the API"):
        other = sign_up(project.studio, "second@example.com", secrets.token_urlsafe(9))
        for name, labelled in reports.items():
            task = project.tasks[name]
            annotate(project.studio, task, labelled.text, labelled.first)
            annotate(other, task, labelled.text, labelled.second)
    export_and_import(project.studio, project.number, folder, nianbao, steps)
    return folder / f"gold-{project.number}.jsonl"


def export_and_import(
    studio: Studio, project: int, folder: Path, nianbao: Run, steps: Steps, status: int = OK
) -> None:
    with steps(f"导出 JSON，annotate import（项目 {project}） | export, import"):
        path = f"/api/projects/{project}/export?exportType=JSON"
        exported = studio.ask("GET", path)
        (folder / f"export-{project}.json").write_text(json.dumps(exported), encoding="utf-8")
        words = (f"export-{project}.json", "-o", f"gold-{project}.jsonl")
        nianbao("annotate", "import", *words, statuses=(status,))


def test_the_tasks_hold_the_texts_of_the_files(
    project: Project, reports: dict[str, Labelled]
) -> None:
    for name, labelled in reports.items():
        data = project.studio.ask("GET", f"/api/tasks/{project.tasks[name]}")["data"]
        assert (data["text"], data["shown"]) == (labelled.text, shown(labelled.text))


def test_our_backend_predicts_through_label_studio_what_the_export_did(
    project: Project, connected: int
) -> None:
    for name, task in project.exported.items():
        [found] = project.ask_predictions(name)
        [made] = task.get("made") or task["predictions"]
        assert regions(found["result"]) == regions(made["result"])
        assert found["model_version"] == made["model_version"]
        assert found["score"] == pytest.approx(made["score"])


def test_a_selection_gets_what_lies_in_it_alone(project: Project, connected: int) -> None:
    name = next(iter(project.exported))
    [prediction] = project.ask_predictions(name)
    start, end, label, words = regions(prediction["result"])[3]
    value = {"start": start, "end": end, "text": words, "labels": [label]}
    region = {"id": "x", "type": "labels", "from_name": "label", "to_name": "text", "value": value}
    body = {"task": project.tasks[name], "context": {"result": [region]}}
    answer = project.studio.ask("POST", f"/api/ml/{connected}/interactive-annotating", body)
    [found] = answer["data"]["result"]
    assert (found["id"], regions([found])) == ("x", [(start, end, label, words)])


def test_what_two_people_labelled_is_imported_place_for_place(
    gold: Path, reports: dict[str, Labelled], project: Project
) -> None:
    found = {(one.id, one.annotator): one for one in read_gold(gold)}
    assert len(found) == 2 * len(reports)
    for name, labelled in reports.items():
        id_ = project.exported[name]["data"]["id"]
        for annotator, spans in (("1", labelled.first), ("2", labelled.second)):
            assert found[id_, annotator].text == labelled.text
            assert found[id_, annotator].spans == spans


def test_the_agreement_is_the_one_that_is_known(
    gold: Path, reports: dict[str, Labelled], nianbao: Run, steps: Steps, folder: Path
) -> None:
    with steps("annotate agreement"):
        told = nianbao("annotate", "agreement", gold.name, "-o", "differences.jsonl")
    lines = dict(line.split("\t", 1) for line in told.splitlines() if "\t" in line)
    pairs = [(labelled.first, labelled.second) for labelled in reports.values()]
    both = sum(len(set(first) & set(second)) for first, second in pairs)
    given = sum(len(first) + len(second) for first, second in pairs)
    assert lines["片段 spans F1"] == f"{2 * both / given:.3f}"
    kappa = cohen_kappa_score(*(by_character(reports.values(), who) for who in ("first", "second")))
    assert lines["字的一致性 kappa over characters"] == f"{kappa:.3f}"
    changed = sum(len(set(first) ^ set(second)) for first, second in pairs)
    differences = json_lines(folder / "differences.jsonl")
    assert sum(len(one["first"] + one["second"]) for one in differences) == changed
    assert lines["分歧 differences"] == str(len(differences))


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def by_character(reports: Iterable[Labelled], who: str) -> list[str]:
    """What one of them called each character, "" for nothing."""
    found = []
    for labelled in reports:
        names = [""] * len(labelled.text)
        for span in getattr(labelled, who):
            names[span.start : span.end] = [str(span.label)] * (span.end - span.start)
        found += names
    return found


BROWSER = "浏览器里改正一份（拖选、改类、删除） | one report is mended in the browser"
#: Dragged over as it is shown: beyond U+FFFF, doubled spaces, a tab; then over a line break.
DRAGGED = "本年😀受理␣␣两处空格␣␣␣三处的信访件⇥9件"
TWO_LINES = "另有说明。\n办理情况"


def test_labels_dragged_in_the_browser_lie_where_they_were_dragged(
    project: Project, folder: Path, nianbao: Run, steps: Steps
) -> None:
    page = browser_page()
    task = project.tasks["odd.txt"]
    [prediction] = project.exported["odd.txt"]["predictions"]
    before = regions(prediction["result"])
    title = next(one for one in before if one[2] == Label.TITLE)
    login = login_of(folder / "data")
    with steps(BROWSER), page.annotator(project.studio.url, login) as annotator:
        annotator.open(project.number, task)
        assert annotator.text() == shown(ODD)
        assert annotator.style("whiteSpace") == "pre-wrap"
        for words, label in ((DRAGGED, "杂项"), (TWO_LINES, "小标题")):
            annotator.choose(label)
            annotator.drag(words)
        annotator.click(title[3])
        annotator.choose("机关")
        annotator.click("行政规范性文件")
        annotator.page.keyboard.press("Backspace")
        annotator.submit()
    number, name = project.number, "odd.txt"
    export_and_import(project.studio, number, folder, nianbao, steps)
    id_ = project.exported[name]["data"]["id"]
    [document] = [one for one in read_gold(folder / f"gold-{number}.jsonl") if one.id == id_]
    gone = {title[3], "行政规范性文件"}
    wanted = [(start, end, label) for start, end, label, words in before if words not in gone]
    assert len(wanted) == len(before) - 2
    wanted.append((title[0], title[1], Label.ISSUER))
    for words, label in ((DRAGGED, Label.NOISE), (TWO_LINES, Label.SUBSECTION)):
        start = shown(ODD).index(words)
        wanted.append((start, start + len(words), label))
    assert places(document) == sorted(wanted)


def browser_page() -> Any:
    """The module of the pages; skips where there is no browser to show them."""
    pytest.importorskip("playwright", reason="no Playwright: make loop-test installs it")
    from tests.loop import page

    if page.chromium() is None:
        pytest.skip("no Chromium: apt-get install chromium fonts-noto-cjk")
    return page


def places(document: AnnotatedDocument) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, str(span.label)) for span in document.spans]


def test_themes_chosen_in_the_browser_are_those_of_the_item(
    project: Project, folder: Path, nianbao: Run, steps: Steps
) -> None:
    page = browser_page()
    studio, task = project.studio, project.exported["odd.txt"]
    number = studio.project("年报标注与主题", "themes")
    path = f"/api/projects/{number}/import?return_task_ids=true"
    [opened] = studio.ask("POST", path, [task])["task_ids"]
    problem = "解读形式单一"
    with (
        steps("浏览器里选主题 | themes are chosen in the browser"),
        page.annotator(studio.url, login_of(folder / "data")) as annotator,
    ):
        annotator.open(number, opened)
        annotator.click(problem)
        annotator.choose_theme(0, "公开形式与渠道")
        annotator.choose_theme(1, "队伍与能力")
        annotator.submit()
    export_and_import(studio, number, folder, nianbao, steps)
    [document] = read_gold(folder / f"gold-{number}.jsonl")
    found = {document.wording(item): item.themes for item in document.themes}
    assert found[problem] == ("channels", "capacity")
    assert len(found) == 2  # the other item keeps those that were predicted


def test_what_is_drawn_in_the_browser_becomes_what_the_model_says_of_it(
    project: Project, backend: str, folder: Path, nianbao: Run, steps: Steps
) -> None:
    """In a project with themes that has all its predictions from the backend. What was deleted
    comes back, with its themes; nothing lies beneath it, and what was relabelled stays so."""
    page = browser_page()
    studio, task = project.studio, project.exported["odd.txt"]
    number = studio.project("年报标注，后端预标注", "themes")
    path = f"/api/projects/{number}/import?return_task_ids=true"
    [opened] = studio.ask("POST", path, [{"data": task["data"]}])["task_ids"]
    with steps(CONNECTING):
        connect(studio, number, backend)
    [predicted] = studio.ask("GET", f"/api/predictions?task={opened}")
    [made] = task["predictions"]
    assert predicted["result"] == made["result"]  # the themes, too
    before = {one[3]: one for one in regions(made["result"])}
    name, item = "行政规范性文件", "解读形式单一"
    section = "二、主动公开政府信息情况"
    with (
        steps("浏览器里拖选，由后端标 | the backend labels what is dragged over"),
        page.annotator(studio.url, login_of(folder / "data")) as annotator,
    ):
        annotator.open(number, opened)
        annotator.switch_suggestions_on()
        for words in (name, item):
            annotator.click(words)
            annotator.page.keyboard.press("Backspace")
        annotator.choose("行名")
        annotator.drag_for_suggestions(f"{name}⇥2⇥0⇥5")
        annotator.click(section)
        annotator.choose("小标题")
        annotator.page.keyboard.press("Escape")
        annotator.choose("问题")
        annotator.drag_for_suggestions(f"二是{item}。")
        annotator.submit()
    export_and_import(studio, number, folder, nianbao, steps)
    [document] = read_gold(folder / f"gold-{number}.jsonl")
    relabelled = before[section][:2]
    wanted = [(*one[:2], one[2]) for one in regions(made["result"]) if one[:2] != relabelled]
    assert places(document) == sorted([*wanted, (*relabelled, Label.SUBSECTION)])
    assert {document.wording(one) for one in document.themes} == themed(made["result"])


def themed(result: Iterable[Mapping[str, Any]]) -> set[str]:
    """The wordings of the items to which a prediction gives themes."""
    return {one["value"]["text"] for one in result if one["type"] == "choices"}


@pytest.mark.parametrize("style", ["as it is", "taken away"])
def test_doubled_spaces_without_stand_ins_are_kept_or_refused(
    style: str, studio: Studio, folder: Path, nianbao: Run, steps: Steps
) -> None:
    """Label Studio itself shows two spaces as one, and writes them so (its issue 3078): offsets
    are right, but the wording is not. Our config has the browser show them all."""
    page = browser_page()
    config = (CONFIGS / "labels.xml").read_text(encoding="utf-8").replace("$shown", "$text")
    if style == "taken away":
        config = config.replace("white-space: pre-wrap;", "")
    number = studio.ask("POST", "/api/projects", {"title": style, "label_config": config})["id"]
    path = f"/api/projects/{number}/import?return_task_ids=true"
    [task] = studio.ask("POST", path, [{"data": {"text": ODD, "id": "odd"}}])["task_ids"]
    words = "受理  两处空格   三处"
    with page.annotator(studio.url, login_of(folder / "data")) as annotator:
        annotator.open(number, task)
        annotator.choose("杂项")
        annotator.drag(words)
        annotator.submit()
    export_and_import(
        studio, number, folder, nianbao, steps, status=SOME_FAILED if style == "taken away" else OK
    )
    gold = read_gold(folder / f"gold-{number}.jsonl")
    start = ODD.index(words)
    span = Span(start, start + len(words), Label.NOISE)
    assert [one.spans for one in gold] == ([(span,)] if style == "as it is" else [])
    if style == "taken away":
        [refusal] = json_lines(folder / f"gold-{number}.jsonl.refused.jsonl")
        assert refusal["place"] == f"{span.start}-{span.end}"


def test_a_model_learns_from_it_and_makes_the_next_predictions(
    gold: Path,
    project: Project,
    folder: Path,
    nianbao: Run,
    steps: Steps,
    tell: Callable[[str], None],
) -> None:
    """Whether a minute of training passes the gate is measured and told, not asserted."""
    with steps("retrain --minutes 1，含新旧评测 | with the evaluation of old and new"):
        nianbao("retrain", gold.name, "--minutes", "1", "--no-promote", statuses=(OK, REFUSED))
    record = read_record(folder / "home/models/1")
    assert [one.name for one in record.gold] == [gold.name]
    tell(f"\n再训练 retraining: {record.verdict} {'; '.join(record.reasons)}")
    with steps("models promote，再次预标注 | and predictions of the new model"):
        nianbao("models", "promote", "1")
        nianbao("annotate", "export", "in/odd.txt", "-o", "next.json")
    assert (folder / "home/models/current").read_text("utf-8").split() == ["1"]
    listed = [line.split("│") for line in nianbao("models", "list").splitlines() if "│" in line]
    assert [cells[1].strip() for cells in listed if "←" in cells[-2]] == ["1"]
    [task] = json.loads((folder / "next.json").read_text(encoding="utf-8"))
    [new] = task["predictions"]
    [old] = project.exported["odd.txt"]["predictions"]
    assert new["model_version"].split()[1] == old["model_version"].split()[1] + "+1"
    assert new["result"]
