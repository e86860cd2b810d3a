import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations.stand_in import (
    GETA,
    counted_otherwise,
    original,
    shown,
    with_kept,
    without_unsure,
)

signs = st.characters(exclude_categories=["Cs"])
texts = st.text(st.sampled_from("\t\r\n \u3000\xa0⇥␣⬚〓𠮷\u200b\u0301规章0") | signs)


@given(texts)
def test_what_is_shown_has_the_same_length_and_can_be_undone(text: str) -> None:
    assert len(shown(text)) == len(text)
    assert original(shown(text)) == text


@given(signs.filter(lambda sign: sign != "\n"))
def test_no_blank_and_no_control_sign_is_shown_as_it_is(sign: str) -> None:
    if sign.isspace() or unicodedata.category(sign) == "Cc":
        assert shown(sign).isprintable()


@pytest.mark.parametrize("sign", "\t \u3000\xa0\r\x0b\x0c\x85\u2003\u200b\u2028\u202f\u205f\ufeff")
def test_the_blanks_of_reports_can_be_seen(sign: str) -> None:
    assert shown(sign).isprintable() and shown(sign) != sign


def test_every_sign_that_is_no_more_than_layout_can_be_seen() -> None:
    for code in range(0xFFFF):
        sign = chr(code)
        if unicodedata.category(sign) in ("Cc", "Cf", "Zs", "Zl", "Zp") and sign != "\n":
            assert shown(sign).isprintable() and shown(sign) != sign, hex(code)


def test_line_feeds_and_all_that_is_seen_stay() -> None:
    text = "一、总体情况\n规章|0，𠮷"
    assert shown(text) == text


@given(texts)
def test_every_editor_counts_alike_what_is_left_without_unsure_signs(text: str) -> None:
    plain, kept = without_unsure(text)
    assert len(plain.encode("utf-16-le")) == 2 * len(text) == 2 * len(plain)
    assert not any(map(counted_otherwise, plain))
    assert with_kept(plain, kept) == text


OTHERS = [("一", ((0, "𠮷"),)), (GETA, ((1, "𠮷"),)), (GETA, ((0, "𠮷县"),)), (GETA, ((0, ""),))]


@pytest.mark.parametrize(("text", "kept"), OTHERS)
def test_signs_that_were_kept_for_another_text_are_told(
    text: str, kept: tuple[tuple[int, str], ...]
) -> None:
    with pytest.raises(ValueError, match=GETA):
        with_kept(text, kept)
