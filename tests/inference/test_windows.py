import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.windows import shortened, stitched, windows

lines = st.text(alphabet="一年\n|", max_size=400)
sizes = st.tuples(st.integers(8, 60), st.integers(0, 60)).filter(lambda p: 4 * p[1] <= p[0])


@given(lines, sizes)
def test_windows_cover_the_text_and_share_their_edges(text: str, sizes: tuple[int, int]) -> None:
    size, overlap = sizes
    places = windows(text, size, overlap)
    assert all(0 < end - start <= size for start, end in places)
    assert [places[0][0], places[-1][1]] == [0, len(text)] if text else not places
    for (left, left_end), (right, right_end) in zip(places, places[1:], strict=False):
        assert left < right and left_end < right_end
        assert overlap <= left_end - right <= 2 * overlap


def test_windows_are_cut_at_line_ends() -> None:
    text = "规章有三件\n" * 100
    for start, end in windows(text, 100, 20):
        assert start % 6 == 0 and end % 6 == 0


@given(lines, sizes)
def test_each_character_is_judged_by_the_window_whose_edge_is_farther(
    text: str, sizes: tuple[int, int]
) -> None:
    if not text:
        return
    places = windows(text, *sizes)
    rows = [np.full((end - start, 1), i, dtype=np.float32) for i, (start, end) in enumerate(places)]
    for place, judge in enumerate(stitched(places, rows)[:, 0].astype(int)):
        start, end = places[judge]
        assert start <= place < end
        if judge > 0:
            assert place - start >= places[judge - 1][1] - place - 1
        if judge + 1 < len(places):
            assert end - place >= place - places[judge + 1][0]


def test_an_overlap_of_more_than_a_quarter_is_refused() -> None:
    with pytest.raises(ValueError):
        windows("一", 100, 26)


@given(st.text(alphabet="一|\n-", max_size=120), st.integers(1, 5))
def test_shortening_keeps_the_offsets(text: str, limit: int) -> None:
    short, offsets = shortened(text, limit)
    assert short == "".join(text[offset] for offset in offsets)
    assert shortened(short, limit)[0] == short
    assert not any(sign * (limit + 1) in short for sign in "|\n-")


def test_letters_and_digits_are_never_shortened() -> None:
    assert shortened("0" * 100 + "啊" * 100, 64)[0] == "0" * 100 + "啊" * 100
    assert shortened("标题" + "|" * 900 + "正文", 64)[0] == "标题" + "|" * 64 + "正文"


@given(st.lists(st.sampled_from(["主(zhǔ)", "動（dòng）", "公", "(km)", "（一）", "開(kāi)\n"])))
def test_readings_in_brackets_are_left_out_and_nothing_else(pieces: list[str]) -> None:
    text = "一" + "".join(pieces)
    short, offsets = shortened(text, 64)
    assert short == "".join(text[offset] for offset in offsets)
    assert all(reading not in short for reading in ("zhǔ", "dòng", "kāi"))
    assert short.count("（一）") == text.count("（一）")
    assert [char for char in short if char in "主動公開一\n"] == [
        char for char in text if char in "主動公開一\n"
    ]
