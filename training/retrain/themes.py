"""The classifier of themes anew: from the project's corpus and the items that people gave themes.

It is of the kind that ships, and calibrated and cut in the same way. Without the corpus, which no
installed package has, or without new items, the classifier stays as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from ...annotations.alike import alike
from ...annotations.documents import AnnotatedDocument
from ...annotations.statements import CORPUS
from ...inference.themes import load_classifier
from ...models import registry
from ...models.durable import copy
from ...models.labels import Label
from ...models.themes import Statement
from ..themes.candidates import linear
from ..themes.corpus import Part, part, split
from ..themes.extra import phrases
from ..themes.linear import characters, linear_model
from ..themes.ship import NAME, ship
from ..themes.words import counted_words

SPLITS = ("train", "dev", "test")
CARD = """---
language: zh
library_name: nianbao
pipeline_tag: text-classification
---

# {name} {version}

由再训练得到：{told}。用法和局限同随包分类器。

Made by a retraining: {english}. Use and limits are those of the classifier that ships.
"""


def retrain(
    gold: Sequence[AnnotatedDocument],
    out: Path,
    *,
    base: Path | None = None,
    corpus: Path = CORPUS,
) -> str:
    """Write the classifier to the new folder `out`; what was done, `中文 | English`.

    gold: the part to learn from. An item without themes, which a person found to name no object,
    teaches what none looks like. base: the folder to stay with where there is nothing to learn;
    None: the current version's. Raises BadModel where what was written does not open.
    """
    new = part([statement for document in gold for statement in statements_of(document)])
    base = registry.themes_folder() if base is None else base
    if not new.statements or not all((corpus / f"{name}.jsonl").is_file() for name in SPLITS):
        copy(base, out)
        return _kept(len(new.statements))
    old = {name: split(name, corpus) for name in SPLITS}
    new = apart(new, [text for name in ("dev", "test") for text in old[name].texts])
    train = both(old["train"], new)
    told = _told(len(old["train"].statements), len(new.statements))
    known = [text for each in (train, old["dev"], old["test"]) for text in each.texts]
    found, model = linear(NAME, "", (characters,), "", train, phrases(known), old["dev"])
    version = _version(base)
    chinese, _, english = told.partition(" | ")
    text = CARD.format(name=NAME, version=version, told=chinese, english=english)
    words = counted_words(train.texts)
    ship(out, linear_model(model), found.decision, words, version, text)
    load_classifier(out)
    return told


def statements_of(document: AnnotatedDocument) -> Iterator[Statement]:
    """The items to which an annotator gave themes, or found that none fits, as statements."""
    roles = {
        (span.start, span.end): "problem" if span.label is Label.PROBLEM else "measure"
        for span in document.spans
    }
    for item in document.themes:
        yield Statement(
            id=f"{document.id}:{item.start}",
            group=f"gold:{document.id}",
            register="gold",
            role=roles[item.start, item.end],  # type: ignore[arg-type]
            text=document.wording(item),
            themes=item.themes,
            flags=() if item.themes else ("generic_only",),
        )


def apart(given: Part, measured: Sequence[str]) -> Part:
    """`given` without what is nearly one of the statements on which the classifier is measured."""
    near = {place for place, _ in alike(given.texts, measured)}
    rows: Iterable[int] = (row for row in range(len(given.statements)) if row not in near)
    return given.only(np.array([*rows], np.int64))


def both(one: Part, other: Part) -> Part:
    return part((*one.statements, *other.statements))


def _version(base: Path) -> str:
    """That of the base as it shipped, and the number that the version in the making will have."""
    shipped = load_classifier(base).info.version.partition("+")[0]
    return f"{shipped}+{registry.next_number()}"


def _kept(n: int) -> str:
    if not n:
        return "标注里没有主题，主题分类器不变 | no themes in the gold: their classifier stays"
    return (
        f"没有主题语料（安装包不带），主题分类器不变，{n} 条未学"
        f" | no theme corpus here (no package has it): the classifier stays, {n} items not learnt"
    )


def _told(n_corpus: int, n_items: int) -> str:
    return (
        f"语料 {n_corpus} 条，标准标注 {n_items} 条"
        f" | {n_corpus} statements of the corpus, {n_items} items of gold"
    )
