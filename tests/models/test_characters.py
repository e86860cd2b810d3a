import json
import unicodedata
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.models.characters import (
    ALPHABET,
    SPECIAL,
    UNKNOWN,
    Characters,
    fold,
    vocabulary,
)
from nianbao.training import foldtable

OURS = Characters(vocabulary())
anything = st.text(st.characters(), max_size=200)  # lone surrogates too


@given(anything)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(anything)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(anything)
def test_every_code_point_has_one_id(text: str) -> None:
    ids = OURS.ids(text)
    assert ids.dtype == np.int32
    assert len(ids) == len(text)
    assert ((ids >= SPECIAL.index(UNKNOWN)) & (ids < len(vocabulary()))).all()


@given(anything)
def test_ids_do_not_tell_a_text_from_its_fold(text: str) -> None:
    assert (OURS.ids(text) == OURS.ids(fold(text))).all()


@given(st.text(alphabet="\t\n \u3000|Aa1一。"))
def test_structure_case_and_simplified_text_are_left_alone(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize(
    ("wording", "folded"),
    [
        ("２０２２年（一）｜", "2022年(一)|"),
        ("規範性檔案、複議於採購", "规范性档案、复议于采购"),
        ("⼯作⼈员⼒量⻓期", "工作人员力量长期"),
        ("a\u00a0b\u2003c", "a b c"),
        ("①Ⅳ²", "①Ⅳ²"),
        ("零\u200b宽\ufeff", "零\u200b宽\u200b"),
        ("−5‑6", "-5-6"),
    ],
)
def test_what_looks_alike_folds_together(wording: str, folded: str) -> None:
    assert fold(wording) == folded


def test_the_alphabet_holds_gb2312_and_ascii_once_each() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert set(map(chr, range(0x20, 0x7F))) | set("\n\t\u3000") <= set(ALPHABET)
    hanzi = [char for char in ALPHABET if unicodedata.name(char, "").startswith("CJK UNIFIED")]
    assert len(hanzi) == 6763


def test_the_committed_table_is_what_its_script_makes() -> None:
    pairs = foldtable.table()
    text = files("nianbao.models").joinpath("data/fold.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"from": "".join(pairs), "to": "".join(pairs.values())}


def test_a_foreign_vocabulary_reads_whitespace_through_aliases() -> None:
    foreign = Characters({"[UNK]": 9, "一": 4, "[unused1]": 7, "年度": 8}, {"\t": "[unused1]"})
    assert foreign.ids("一\t年").tolist() == [4, 7, 9]
