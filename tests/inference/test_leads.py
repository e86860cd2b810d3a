"""Words of section 5 that tell a role, or that announce items and are none."""

import pytest

from nianbao.inference.leads import (
    generic_role,
    is_lead,
    is_praise,
    leaning,
    states_lack,
    turns_to_measures,
)


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("栏目更新不及时", 0),
        ("村级公开栏字迹模糊", 0),
        ("我局将每月更新一次", 1),
        ("加强业务培训", 1),
        ("加强得不够", None),
        ("全年共办结12件", None),
    ],
)
def test_words_lean_to_a_role_or_to_none(sentence: str, role: int | None) -> None:
    assert leaning(sentence) == role


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("我镇将采取措施，认真改进。", 1),
        ("与群众的期盼还有差距", 0),
        ("栏目更新慢", None),
    ],
)
def test_lacks_and_promises_without_an_object_are_known(sentence: str, role: int | None) -> None:
    assert generic_role(sentence) == role


def test_praise_names_no_lack() -> None:
    assert is_praise("公开水平有了新的提升")
    assert not is_praise("公开水平有了提升，栏目却没有人管")


@pytest.mark.parametrize(
    "sentence", ["重点做好以下三个方面的工作。", "突出表现在：", "下一步作如下改进：", "做法如下"]
)
def test_a_sentence_that_announces_is_no_item(sentence: str) -> None:
    assert is_lead(sentence)
    assert not is_lead("把三件事做好")


@pytest.mark.parametrize(
    "sentence",
    ["下一步，多走村串户", "接下来，我局将", "在今后的工作中，", "为此，", "针对上述问题，"],
)
def test_intentions_are_told_by_how_they_open(sentence: str) -> None:
    assert turns_to_measures(sentence)
    assert not turns_to_measures("今天的栏目，" + sentence)


@pytest.mark.parametrize(
    ("title", "lack"),
    [
        ("公开意识有待提升", True),
        ("政策解读形式单一。只有文字", True),
        ("解决更新不及时", False),
        ("着力补上解读不足", False),
        ("健全机制，压实责任", False),
    ],
)
def test_a_title_states_a_lack_with_its_last_words(title: str, lack: bool) -> None:
    assert states_lack(title) is lack
