from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.words import Lexicon

LEXICON = Lexicon({"公开": 9, "公开栏": 2, "栏目": 5, "更新": 4, "不及时": 3})


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in LEXICON.cut(text)]


@given(st.text("公开栏目更新不及时，𠮷", max_size=30))
def test_the_words_of_a_text_leave_nothing_out(text: str) -> None:
    assert "".join(words(text)) == text


def test_the_likeliest_cut_wins_over_the_longest_word() -> None:
    assert words("公开栏目更新不及时") == ["公开", "栏目", "更新", "不及时"]


def test_what_is_not_listed_is_cut_into_signs() -> None:
    assert words("留言更新") == ["留", "言", "更新"]


def test_without_a_list_every_sign_is_a_word() -> None:
    assert list(Lexicon({}).cut("栏目")) == [(0, 1), (1, 2)]
    assert list(Lexicon({}).cut("")) == []
