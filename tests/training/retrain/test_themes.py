"""The classifier of themes anew, from a corpus of toy size and a few labelled items."""

import json
import random
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from nianbao.annotations.documents import AnnotatedDocument, ItemThemes
from nianbao.inference.themes import load_classifier, shipped
from nianbao.models.labels import Label, Span
from nianbao.models.sums import SUMS
from nianbao.models.themes import Statement, theme_ids
from nianbao.training.retrain import themes
from nianbao.training.themes.corpus import part
from nianbao.training.themes.extra import Examples, phrases

NEW = "量子沙盘"  # a word of no corpus


def labelled(*items: tuple[str, tuple[str, ...]], id_: str = "a") -> AnnotatedDocument:
    text, spans, found = "", [], []
    for wording, own in items:
        start, end = len(text), len(text) + len(wording)
        spans.append(Span(start, end, Label.PROBLEM))
        found.append(ItemThemes(start, end, own))
        text += wording + "\n"
    return AnnotatedDocument(id_, text, tuple(spans), "甲", themes=tuple(found))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few phrases of each theme for each split."""
    folder = tmp_path_factory.mktemp("corpus")
    every = phrases([])
    by_theme = [
        [text for text, row in zip(every.texts, every.gold, strict=True) if row[place]]
        for place in range(len(theme_ids()))
    ]
    rng = random.Random(0)
    for name, n in (("train", 8), ("dev", 2), ("test", 2)):
        lines = [
            Statement(f"{name}-{theme}-{i}", f"{name}-{theme}-{i}", "town", "problem",
                      texts.pop(rng.randrange(len(texts))), (theme,))
            for theme, texts in zip(theme_ids(), by_theme, strict=True)
            for i in range(n)
        ]  # fmt: skip
        text = "\n".join(json.dumps(asdict(line), ensure_ascii=False) for line in lines)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


@pytest.fixture
def few_phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    few = Examples(("公开范围偏窄",), np.array([[theme == "coverage" for theme in theme_ids()]]))
    monkeypatch.setattr(themes, "phrases", lambda _: few)


@pytest.mark.usefixtures("few_phrases")
def test_what_people_labelled_is_learnt(corpus: Path, tmp_path: Path) -> None:
    gold = [labelled((f"{NEW}第{i}号尚未上架", ("platform",)), id_=str(i)) for i in range(8)]
    told = themes.retrain(gold, tmp_path / "new", base=shipped(), corpus=corpus)
    assert "128 条" in told and "8 items of gold" in told
    classifier = load_classifier(tmp_path / "new")
    assert [theme.id for theme in classifier.assign([NEW])[0]] == ["platform"]
    assert classifier.info.version.endswith("+1")
    assert "8 items of gold" in (tmp_path / "new/README.md").read_text("utf-8")


def test_without_themes_or_corpus_the_classifier_stays(corpus: Path, tmp_path: Path) -> None:
    some = labelled((NEW, ("platform",)))
    for name, gold, where, reason in (
        ("one", [labelled()], corpus, "no themes in the gold"),
        ("other", [some], tmp_path, "1 items not learnt"),
    ):
        told = themes.retrain(gold, tmp_path / name, base=shipped(), corpus=where)
        assert reason in told
        copy = (tmp_path / name / SUMS).read_bytes()
        assert copy == (shipped() / SUMS).read_bytes()
        load_classifier(tmp_path / name)


def test_of_a_read_only_package_the_copy_can_be_removed(tmp_path: Path) -> None:
    base = tmp_path / "package"
    shutil.copytree(shipped(), base)
    base.chmod(0o555)
    themes.retrain([labelled()], tmp_path / "new", base=base)
    base.chmod(0o755)
    assert (tmp_path / "new").stat().st_mode & 0o200


def test_an_item_without_themes_names_no_object() -> None:
    one, other = themes.statements_of(labelled(("甲", ("platform",)), ("还有差距", ())))
    assert (one.text, one.themes, one.flags) == ("甲", ("platform",), ())
    assert (other.text, other.themes, other.flags) == ("还有差距", (), ("generic_only",))
    assert one.group == other.group and one.id != other.id


def test_what_is_nearly_measured_on_is_not_learnt() -> None:
    found = part([*themes.statements_of(labelled(("栏目更新不够及时", ()), ("另一件事情", ())))])
    left = themes.apart(found, ["栏目更新不够及时。"])
    assert left.texts == ["另一件事情"] and left.gold.shape == (1, len(theme_ids()))
    assert themes.both(found, left).texts == [*found.texts, "另一件事情"]
