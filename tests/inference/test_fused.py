"""Values glued into one run of digits: cut only as their number and the sums allow."""

from hypothesis import assume, given
from hypothesis import strategies as st

from nianbao.inference.assign import Reading, agreed
from nianbao.inference.fused import LONGEST_RUN, fused_blocks, fused_readings, glued_run
from nianbao.inference.slots import Segment
from nianbao.inference.tokens import Token
from nianbao.models.labels import Label

#: Where the digits begin: behind the label 予以公开.
HEAD = 4

parts = st.lists(st.one_of(st.just(0), st.integers(0, 120)), min_size=6, max_size=6)
blocks = st.lists(
    st.lists(st.one_of(st.just(0), st.integers(0, 12)), min_size=4, max_size=4),
    min_size=3,
    max_size=3,
)


def tokens(*wordings: str, start: int = HEAD) -> tuple[Token, ...]:
    found = []
    for wording in wordings:
        found.append(Token(start, start + len(wording), Label.VALUE, wording, 1.0))
        start += len(wording)
    return tuple(found)


def segment(*wordings: str, start: int = HEAD) -> Segment:
    return Segment(0, HEAD, tokens(*wordings, start=start), 100)


def cut(text: str, reading: Reading) -> list[int]:
    """The numbers of a reading, which must cover the digits without a gap."""
    place, found = HEAD, []
    for slot in reading:
        assert slot is not None and slot.start == place < slot.end
        place = slot.end
        found.append(int(text[slot.start - HEAD : slot.end - HEAD]))
    assert place == HEAD + len(text)
    return found


def with_sum(numbers: list[int]) -> list[int]:
    return [*numbers, sum(numbers)]


@given(parts)
def test_the_true_cut_is_among_the_readings_and_every_reading_adds_up(numbers: list[int]) -> None:
    row = with_sum(numbers)
    text = "".join(map(str, row))
    assume(len(text) <= LONGEST_RUN)
    readings = fused_readings(segment(text), 7)
    assert readings is not None
    found = [cut(text, reading) for reading in readings]
    assert row in found
    assert all(sum(others) == total for *others, total in found)
    assert len(set(readings)) == len(readings)


@given(parts, st.data())
def test_where_the_tagger_cut_the_digits_makes_no_difference(
    numbers: list[int], data: st.DataObject
) -> None:
    text = "".join(map(str, with_sum(numbers)))
    at = data.draw(st.integers(1, len(text) - 1))
    whole, halves = segment(text), segment(text[:at], text[at:])
    assert glued_run(halves.values) == (HEAD, text)
    assert fused_readings(halves, 7) == fused_readings(whole, 7)


@given(blocks)
def test_the_true_cut_of_table_4_is_among_the_readings(numbers: list[list[int]]) -> None:
    row = [number for block in numbers for number in with_sum(block)]
    text = "".join(map(str, row))
    found = [cut(text, reading) for reading in fused_blocks(tokens(text), 3, 5)]
    assert row in found
    for reading in found:
        assert all(sum(reading[at : at + 4]) == reading[at + 4] for at in (0, 5, 10))


@given(st.integers(3, 7))
def test_zeros_of_the_right_number_are_one_for_each_column(n_columns: int) -> None:
    readings = fused_readings(segment("0" * n_columns), n_columns)
    assert readings is not None
    (reading,) = readings
    assert cut("0" * n_columns, reading) == [0] * n_columns


@given(st.integers(1, LONGEST_RUN), st.integers(3, 7))
def test_zeros_of_another_number_are_left_alone(count: int, n_columns: int) -> None:
    assume(count != n_columns)
    assert fused_readings(segment("0" * count), n_columns) is None


def test_a_sum_that_one_cut_alone_makes_settles_the_row() -> None:
    readings = fused_readings(segment("120000012"), 7)
    assert readings is not None
    assert [cut("120000012", reading) for reading in readings] == [[12, 0, 0, 0, 0, 0, 12]]


def test_columns_on_which_the_cuts_differ_stay_open() -> None:
    text = "201101216"  # 2 0 11 0 1 2 16, 2 0 1 10 1 2 16, or 2 0 1 1 0 12 16
    readings = fused_readings(segment(text), 7)
    assert readings is not None and len(readings) == 3
    assert [sure for _, sure in agreed(readings)] == [True, True, *[False] * 4, True]


def test_table_2_has_no_sums_and_is_not_cut() -> None:
    assert fused_readings(segment("123"), 3) is None
    assert fused_readings(segment("1210"), 3) is None


def test_fewer_digits_than_columns_are_not_cut() -> None:
    assert fused_readings(segment("101"), 7) is None
    assert fused_blocks(tokens("10010"), 3, 5) == ()


def test_digits_that_no_cut_makes_add_up_are_left_alone() -> None:
    assert fused_readings(segment("1000000"), 7) is None
    assert fused_blocks(tokens("100000000000000"), 3, 5) == ()


def test_long_runs_are_not_tried() -> None:
    assert fused_readings(segment("1" * (LONGEST_RUN + 1)), 7) is None
    assert fused_blocks(tokens("1" * (2 * LONGEST_RUN + 1)), 3, 5) == ()


def test_values_that_stand_apart_are_not_glued() -> None:
    apart = (*tokens("120000"), *tokens("012", start=HEAD + 7))
    assert glued_run(apart) is None
    assert fused_readings(Segment(0, HEAD, apart, 100), 7) is None
    assert fused_blocks(apart, 3, 5) == ()
    assert fused_readings(segment("120000012", start=HEAD + 1), 7) is None
    assert glued_run(()) is None
    assert glued_run(tokens("12.5")) is None


@given(st.lists(st.sampled_from("0零〇"), min_size=3, max_size=7))
def test_zeros_written_as_words_are_zeros(signs: list[str]) -> None:
    readings = fused_readings(segment("".join(signs)), len(signs))
    assert readings is not None
    assert [[slot and slot.end - slot.start for slot in reading] for reading in readings] == [
        [1] * len(signs)
    ]


def test_where_blanks_part_cells_one_may_stand_between_a_label_and_its_zeros() -> None:
    apart = segment("000", start=HEAD + 1)
    assert fused_readings(apart, 3) is None
    assert len(fused_readings(apart, 3, loose=True) or ()) == 1
    assert fused_readings(segment("103", start=HEAD + 1), 3, loose=True) is None
