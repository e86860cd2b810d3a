import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from nianbao.inference.decode import N_TAGS, best_path, decode, probabilities
from nianbao.models.labels import TAG_IDS, TAGS, Label


def probs_of(tags: list[str], sure: float = 0.96) -> NDArray[np.float32]:
    """[characters, tags] with `sure` on the given tags and the rest spread evenly."""
    probs = np.full((len(tags), N_TAGS), (1 - sure) / (N_TAGS - 1), dtype=np.float32)
    for row, tag in enumerate(tags):
        probs[row, TAG_IDS[tag]] = sure
    return probs


def random_probs(length: int, seed: int) -> NDArray[np.float32]:
    logits = np.random.default_rng(seed).normal(0, 4, (length, N_TAGS))
    return probabilities(logits.astype(np.float32))


def spans_of(text: str, tags: list[str]) -> list[tuple[str, Label]]:
    spans = decode(text, np.arange(len(text)), probs_of(tags))
    return [(text[span.start : span.end], span.label) for span in spans]


def is_legal(tags: NDArray[np.int64]) -> bool:
    names = ["O", *(TAGS[tag] for tag in tags)]
    return all(
        name[0] != "I" or (before[0] in "BI" and before[2:] == name[2:])
        for before, name in itertools.pairwise(names)
    )


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(0, 10**6))
def test_a_path_is_always_legal(length: int, seed: int) -> None:
    assert is_legal(best_path(random_probs(length, seed)))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_the_path_is_the_likeliest_of_all_legal_ones(seed: int) -> None:
    probs = random_probs(3, seed)
    kept = [0, 1, 2, 3, 4]  # O and two labels: all 125 paths can be tried
    probs[:, 5:] = 1e-9
    tried = (np.array(path) for path in itertools.product(kept, repeat=3))
    best = max(np.log(probs[range(3), p]).sum() for p in tried if is_legal(p))
    found = best_path(probs, sure=2.0)
    assert np.isclose(np.log(probs[range(3), found]).sum(), best, atol=1e-3)


def test_a_legal_argmax_is_left_as_it_is() -> None:
    tags = ["O", "B-ROW", "I-ROW", "B-ROW", "O", "B-VALUE", "I-VALUE"]
    assert [TAGS[tag] for tag in best_path(probs_of(tags))] == tags


def test_a_faulty_stretch_does_not_touch_its_sure_neighbours() -> None:
    probs = probs_of(["B-ROW", "I-ROW", "O", "I-TITLE", "O", "B-VALUE"])
    probs[3] = 1 / N_TAGS
    probs[3, TAG_IDS["I-TITLE"]] += 0.01
    found = [TAGS[tag] for tag in best_path(probs)]
    assert found[:3] + found[4:] == ["B-ROW", "I-ROW", "O", "O", "B-VALUE"]
    assert found[3] != "I-TITLE"


def test_a_span_lasts_to_the_next_begin_or_outside() -> None:
    tags = ["B-ROW", "I-ROW", "B-VALUE", "O", "B-VALUE", "I-VALUE"]
    assert spans_of("规章3 12", tags) == [
        ("规章", Label.ROW),
        ("3", Label.VALUE),
        ("12", Label.VALUE),
    ]


def test_edges_are_stripped_and_blank_spans_dropped() -> None:
    assert spans_of(" 规章　", ["B-ROW"] + ["I-ROW"] * 3) == [("规章", Label.ROW)]
    assert spans_of(" \n ", ["B-NOISE"] + ["I-NOISE"] * 2) == []


def test_cells_never_cross_a_separator() -> None:
    for separator in "|\t":
        tags = ["B-VALUE"] + ["I-VALUE"] * 3
        assert spans_of(f"1 {separator}2", tags) == [("1", Label.VALUE), ("2", Label.VALUE)]


def test_a_row_label_may_run_over_a_line_break_and_a_title_may_not() -> None:
    assert spans_of("规\n章", ["B-ROW"] + ["I-ROW"] * 2) == [("规\n章", Label.ROW)]
    titles = spans_of("年\n报", ["B-TITLE"] + ["I-TITLE"] * 2)
    assert titles == [("年", Label.TITLE), ("报", Label.TITLE)]


def test_the_score_is_the_least_probability_of_the_label() -> None:
    probs = probs_of(["B-ROW", "I-ROW", "O"])
    probs[1] = 0
    probs[1, TAG_IDS["I-ROW"]], probs[1, TAG_IDS["B-ROW"]], probs[1, 0] = 0.5, 0.2, 0.3
    (span,) = decode("规章0", np.arange(3), probs)
    assert np.isclose(span.score, 0.7)


def test_offsets_lead_back_to_the_longer_text() -> None:
    text = "规----章"
    (span,) = decode(text, np.array([0, 1, 5]), probs_of(["B-ROW", "I-ROW", "I-ROW"]))
    assert (span.start, span.end) == (0, 6)


@settings(deadline=None)
@given(st.text(alphabet="一 |\t\n0", min_size=1, max_size=60), st.integers(0, 10**6))
def test_spans_are_sorted_stripped_and_apart(text: str, seed: int) -> None:
    spans = decode(text, np.arange(len(text)), random_probs(len(text), seed))
    assert all(0 < span.score <= 1 for span in spans)
    for span in spans:
        wording = text[span.start : span.end]
        assert wording and wording == wording.strip()
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))
