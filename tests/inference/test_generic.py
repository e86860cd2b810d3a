"""Statements that name no object: told by their words, unless a theme speaks against it."""

import numpy as np
import pytest

from nianbao.annotations.statements import CORPUS, read_statements
from nianbao.inference.generic import NAMED, is_generic, sounds_generic
from nianbao.inference.themes import load_classifier
from nianbao.models.themes import theme_ids

NOTHING = np.zeros(len(theme_ids()))


@pytest.mark.parametrize(
    "text",
    [
        "离上级要求还有一定差距",
        "工作有待进一步加强",
        "整体水平需要再提高",
        "存在一些不足",
        "推动公开工作再上新台阶",
        "对上述问题，我局将认真整改",
    ],
)
def test_a_gap_or_a_promise_without_an_object_is_generic(text: str) -> None:
    assert is_generic(text, NOTHING)


@pytest.mark.parametrize("text", ["村里的大喇叭坏了", "网站打不开", "每月请人讲一课"])
def test_other_words_are_not_however_little_the_classifier_makes_of_them(text: str) -> None:
    assert not is_generic(text, NOTHING)


def test_a_theme_speaks_against_it() -> None:
    text = "队伍的业务能力与要求还有差距"
    assert sounds_generic(text)
    assert not is_generic(text, NOTHING + NAMED)


def test_generic_statements_of_the_development_split_are_told() -> None:
    statements = read_statements(CORPUS / "dev.jsonl")
    scores = load_classifier().scores([statement.text for statement in statements])
    told = {s.id for s, row in zip(statements, scores, strict=True) if is_generic(s.text, row)}
    wanted = {s.id for s in statements if "generic_only" in s.flags}
    assert len(told & wanted) >= 0.75 * len(wanted)
    assert len(told - wanted) <= 0.01 * len(statements)
