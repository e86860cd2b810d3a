"""Which place is which column."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.assign import agreed, closes, in_order, settle_columns, windows
from nianbao.inference.slots import Slot, Slots

rows = st.lists(st.booleans(), min_size=3, max_size=9).filter(any)


def places(filled: list[bool]) -> tuple[Slot, ...]:
    return tuple(Slot(10 * i, 10 * i + (1 if full else 0)) for i, full in enumerate(filled))


@given(rows, st.integers(0, 2), st.integers(0, 2))
def test_a_known_lead_gives_back_every_column(filled: list[bool], lead: int, trail: int) -> None:
    slots = Slots(places([False] * lead + filled + [False] * trail), delimited=True)
    own = slots.places[lead : lead + len(filled)]
    (reading,) = windows(slots, len(filled), lead)
    if all(filled):
        assert reading == own
    else:
        assert [slot for slot in reading if slot and not slot.is_blank] == [
            slot for slot in own if not slot.is_blank
        ]


@given(rows, st.integers(0, 2), st.integers(0, 2))
def test_no_window_leaves_a_value_out(filled: list[bool], lead: int, trail: int) -> None:
    slots = Slots(places([False] * lead + filled + [False] * trail), delimited=True)
    for reading in windows(slots, len(filled), None):
        assert set(slots.filled) <= set(reading)


@given(st.integers(1, 7))
def test_values_without_delimiters_keep_their_order_in_every_reading(count: int) -> None:
    values = places([True] * count)
    readings = in_order(values, 7)
    assert len(readings) == len(list(combinations(range(7), count)))
    assert all([slot for slot in reading if slot] == list(values) for reading in readings)


def test_a_sum_that_only_one_reading_satisfies_settles_the_last_column() -> None:
    values = places([True, True, True])
    numbers = dict(zip(values, (7.0, 1.0, 8.0), strict=True))
    closing = [reading for reading in in_order(values, 7) if closes(reading, numbers)]
    total, sure = agreed(closing)[-1]
    assert (total, sure) == (values[2], True)
    assert not any(sure for slot, sure in agreed(closing)[:-1] if slot is not None)


def test_the_columns_settle_what_one_row_leaves_open() -> None:
    known, total, open_ = places([True] * 9)[:3], places([True] * 9)[3:6], places([True] * 9)[6:8]
    numbers = dict(zip((*known, *total, *open_), (1, 2, 3, 1, 7, 8, 5, 5), strict=True))
    readings = {
        "known": (known,),
        "sum": (total,),
        "open": in_order(open_, 3),
    }
    settled = settle_columns(readings, numbers, [(["sum"], ["known", "open"])])
    assert settled["open"] == ((None, open_[0], open_[1]),)
