import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nianbao.annotations.documents import AnnotatedDocument
from nianbao.annotations.queue import DOUBTED, Candidate, choose, layout_of
from nianbao.models.labels import TAGS


def candidate(
    id_: str, confidence: float = 1.0, failing: int = 0, layout: tuple[float, float] = (0, 0)
) -> Candidate:
    document = AnnotatedDocument(id_, "规章", ())
    return Candidate(document, confidence, failing, np.array(layout, np.float64))


pools = st.lists(
    st.builds(
        candidate,
        st.integers(0, 50).map(str),
        st.floats(0, 1),
        st.integers(0, 3),
        st.tuples(st.floats(-1, 1), st.floats(-1, 1)),
    ),
    max_size=20,
    unique_by=lambda one: one.document.id,
)


@given(pools, st.integers(1, 10), st.floats(0, 1), st.integers(0, 5))
def test_the_order_of_the_pool_does_not_count(
    pool: list[Candidate], n: int, share: float, seed: int
) -> None:
    shuffled = sorted(pool, key=lambda one: one.document.id[::-1])
    chosen = choose(pool, n, random_share=share, seed=seed)
    assert chosen == choose(shuffled, n, random_share=share, seed=seed)
    assert len(chosen) == min(n, len(pool)) == len({one.id for one in chosen})


@given(pools, st.integers(1, 10), st.integers(0, 5))
def test_the_random_part_knows_nothing_of_the_others(
    pool: list[Candidate], n: int, seed: int
) -> None:
    plain = [candidate(one.document.id) for one in pool]
    drawn, again = (
        [one.id for one in choose(some, n, random_share=0.5, seed=seed) if one.chosen == "random"]
        for some in (pool, plain)
    )
    assert drawn == again


def test_the_doubtful_the_failing_and_the_unseen_come_in_turn() -> None:
    pool = [
        candidate("doubtful", confidence=0.1),
        candidate("failing", failing=3),
        candidate("far", layout=(9, 9)),
        candidate("plain"),
        candidate("plain-2"),
    ]
    chosen = choose(pool, 3, random_share=0, seed=0, known=[np.zeros(2)])
    assert [(one.id, one.chosen) for one in chosen] == [
        ("doubtful", "confidence"), ("failing", "checks"), ("far", "layout"),
    ]  # fmt: skip


@given(pools, st.integers(1, 10))
def test_no_report_that_is_read_surely_comes_before_a_doubted_one(
    pool: list[Candidate], n: int
) -> None:
    doubted = {one.document.id for one in pool if one.confidence < DOUBTED}
    ids = [one.id for one in choose(pool, n, random_share=0, seed=0)]
    assert set(ids[: len(doubted)]) <= doubted
    assert sum(id_ in doubted for id_ in ids) == min(n, len(doubted))


def test_an_office_that_adds_up_wrongly_does_not_hide_a_layout_that_is_not_read() -> None:
    slips = [candidate(f"slip-{i}", 0.9, failing=9, layout=(99, i)) for i in range(9)]
    unread = [candidate(f"unread-{i}", 0.1, layout=(i, 0)) for i in range(6)]
    chosen = choose([*slips, *unread], 6, random_share=0, seed=0)
    assert {one.id for one in chosen} == {one.document.id for one in unread}


def test_a_layout_that_is_known_is_not_far() -> None:
    pool = [candidate("a", layout=(9, 9)), candidate("b", layout=(5, 5)), candidate("c")]
    known = [np.array([9.0, 9.0]), np.zeros(2)]
    reasons = {one.id: one.chosen for one in choose(pool, 2, random_share=0, seed=0, known=known)}
    assert reasons == {"a": "confidence", "b": "layout"}


def test_a_sound_report_is_never_said_to_fail() -> None:
    chosen = choose([candidate(str(i)) for i in range(9)], 9, random_share=0, seed=0)
    assert {one.chosen for one in chosen} == {"confidence", "layout"}


def test_another_seed_draws_others() -> None:
    pool = [candidate(str(i)) for i in range(50)]
    draws = [{one.id for one in choose(pool, 10, random_share=1, seed=seed)} for seed in (0, 1)]
    assert draws[0] != draws[1]


class Fixed:
    """Sees a value in every digit and nothing else."""

    def logits(self, text: str) -> NDArray[np.float32]:
        digits = np.array([sign.isdigit() for sign in text])
        logits = np.zeros((len(text), len(TAGS)), np.float32)
        logits[digits, TAGS.index("B-VALUE")] = 50
        logits[~digits, 0] = 50
        return logits


def test_a_layout_is_what_the_tagger_sees_over_all_and_between_the_cells() -> None:
    layout = layout_of("0\t章", Fixed())
    assert layout.shape == (2 * len(TAGS),)
    assert layout[TAGS.index("B-VALUE")] == pytest.approx(1 / 3)
    assert layout[len(TAGS)] == pytest.approx(1.0)


def test_an_empty_text_has_no_layout() -> None:
    with pytest.raises(ValueError, match="no layout"):
        layout_of("", Fixed())
