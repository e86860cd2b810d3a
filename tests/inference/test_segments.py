"""The stretch of tokens that is a row, and rows whose label is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.rows import MASTER, FormRow, RowMatch
from nianbao.inference.segments import (
    LabelledRow,
    is_boundary,
    labelled_rows,
    with_lost_labels,
    without_look_alikes,
)
from nianbao.inference.tokens import Token
from nianbao.models.labels import Label

Piece = tuple[str, Label | None]

FIRST = [entry for entry in MASTER if entry.block == "1"]
REGULATIONS, NORMATIVE = FIRST
LICENSING = next(entry for entry in MASTER if entry.row.id == "licensing")
WANTED = [*FIRST, LICENSING]
HEADERS: list[Piece] = [("信息内容", Label.COLUMN), ("现行有效件数", Label.COLUMN)]

figures = st.lists(st.integers(0, 999), min_size=3, max_size=3)
maybe_figures = st.lists(st.integers(0, 999), max_size=8)


def tokens(pieces: list[Piece]) -> list[Token]:
    """One token for each piece, a sign apart."""
    found, place = [], 0
    for text, label in pieces:
        found.append(Token(place, place + len(text), label, text, 0.9))
        place += len(text) + 1
    return found


def row(entry: FormRow) -> Piece:
    return entry.row.label, Label.ROW


def values(numbers: list[int]) -> list[Piece]:
    return [(str(number), Label.VALUE) for number in numbers]


def rows_of(pieces: list[Piece]) -> tuple[list[Token], tuple[LabelledRow, ...]]:
    """The rows of MASTER whose labels are among the pieces, before lost ones are looked for."""
    found = tokens(pieces)
    matches = [
        RowMatch(at, index, 1.0)
        for at, token in enumerate(found)
        for index, entry in enumerate(MASTER)
        if entry in WANTED and (token.text, token.label) == row(entry)
    ]
    return found, labelled_rows(found, matches, found[-1].end)


def n_columns(entry: FormRow) -> int:
    return 3 if entry in FIRST else 1


def completed(pieces: list[Piece]) -> list[tuple[str, bool, list[str]]]:
    """(row id, whether its label stands, its values) with the lost rows filled in."""
    found, rows = rows_of(pieces)
    return [
        (r.entry.row.id, r.label is not None, [token.text for token in r.segment.values])
        for r in with_lost_labels(rows, found, WANTED, n_columns)
    ]


def texts(numbers: list[int]) -> list[str]:
    return [str(number) for number in numbers]


@given(maybe_figures, maybe_figures)
def test_a_row_has_the_values_up_to_the_next_label(first: list[int], second: list[int]) -> None:
    pieces = [row(REGULATIONS), *values(first), row(NORMATIVE), *values(second)]
    found, rows = rows_of(pieces)
    assert [[token.text for token in r.segment.values] for r in rows] == [
        texts(first),
        texts(second),
    ]
    assert [r.segment.end for r in rows] == [found[len(first) + 1].start, found[-1].end]
    assert all(r.segment.start < r.segment.label_end <= r.segment.end for r in rows)


@given(figures, figures, figures)
def test_rows_that_have_all_their_labels_and_values_are_left_as_they_are(
    first: list[int], second: list[int], third: list[int]
) -> None:
    pieces = [*HEADERS, row(REGULATIONS), *values(first), row(NORMATIVE), *values(second)]
    found, rows = rows_of([*pieces, row(LICENSING), *values(third[:1])])
    assert with_lost_labels(rows, found, WANTED, n_columns) == rows


@given(figures, figures)
def test_surplus_values_that_fill_the_next_row_are_its_own(
    first: list[int], second: list[int]
) -> None:
    pieces = [row(REGULATIONS), *values(first), *values(second), row(LICENSING), ("7", Label.VALUE)]
    assert completed(pieces) == [
        ("regulations", True, texts(first)),
        ("normative", False, texts(second)),
        ("licensing", True, ["7"]),
    ]


@given(figures, figures, st.integers(0, 99))
def test_surplus_values_may_fill_several_rows(
    first: list[int], second: list[int], third: int
) -> None:
    pieces = [row(REGULATIONS), *values([*first, *second, third])]
    assert completed(pieces) == [
        ("regulations", True, texts(first)),
        ("normative", False, texts(second)),
        ("licensing", False, [str(third)]),
    ]


@given(maybe_figures)
def test_surplus_values_that_fill_no_row_exactly_stay_where_they_are(numbers: list[int]) -> None:
    found = completed([row(REGULATIONS), *values(numbers)])
    assert [text for _, _, own in found for text in own] == texts(numbers)
    counts = {6: ["regulations", "normative"], 7: ["regulations", "normative", "licensing"]}
    assert [id_ for id_, _, _ in found] == counts.get(len(numbers), ["regulations"])


@given(figures, figures)
def test_a_row_that_has_its_label_takes_no_surplus(first: list[int], second: list[int]) -> None:
    pieces = [row(REGULATIONS), *values([*first, *second]), row(NORMATIVE), *values(second)]
    assert completed(pieces)[0] == ("regulations", True, texts([*first, *second]))


@given(figures, figures)
def test_values_right_under_the_headers_are_the_first_rows(
    first: list[int], second: list[int]
) -> None:
    pieces = [*HEADERS, *values(first), row(NORMATIVE), *values(second)]
    assert completed(pieces) == [
        ("regulations", False, texts(first)),
        ("normative", True, texts(second)),
    ]


@given(maybe_figures.filter(lambda numbers: len(numbers) != 3), figures)
def test_values_under_the_headers_that_do_not_fill_the_row_are_nobodys(
    first: list[int], second: list[int]
) -> None:
    pieces = [*HEADERS, *values(first), row(NORMATIVE), *values(second)]
    assert [id_ for id_, _, _ in completed(pieces)] == ["normative"]


@given(figures)
def test_values_without_headers_above_are_nobodys(first: list[int]) -> None:
    prose: Piece = ("全年公开的信息比上年多出许多条。", None)
    pieces = [prose, *values(first), row(NORMATIVE), *values(first)]
    assert [id_ for id_, _, _ in completed(pieces)] == ["normative"]


@given(figures)
def test_the_first_row_of_another_block_is_not_taken_from_above_its_headers(
    first: list[int],
) -> None:
    pieces = [*HEADERS, *values(first), row(LICENSING), ("7", Label.VALUE)]
    assert [id_ for id_, _, _ in completed(pieces)] == ["licensing"]


def test_a_word_between_values_is_one_of_them() -> None:
    for label in (None, Label.COLUMN):
        pieces = [row(REGULATIONS), ("3", Label.VALUE), ("未增未减", label), ("5", Label.VALUE)]
        (found,) = rows_of(pieces)[1]
        assert [token.text for token in found.segment.values] == ["3", "未增未减", "5"]


@pytest.mark.parametrize("sign", ["～", "·", "〕 · 〔", "；", "、", "⁄⁄", "件、", "件；", "项 ·"])
def test_what_parts_values_is_none_of_them(sign: str) -> None:
    pieces: list[Piece] = [row(REGULATIONS), ("3", Label.VALUE), (sign, None), ("5", Label.VALUE)]
    (found,) = rows_of(pieces)[1]
    assert [token.text for token in found.segment.values] == ["3", "5"]


@pytest.mark.parametrize("sign", ["*", "＊＊", "×", "■"])
def test_a_sign_that_hides_a_figure_is_one_of_the_values(sign: str) -> None:
    pieces: list[Piece] = [row(REGULATIONS), ("3", Label.VALUE), (sign, None), ("5", Label.VALUE)]
    (found,) = rows_of(pieces)[1]
    assert [token.text for token in found.segment.values] == ["3", sign, "5"]


@given(figures, st.sampled_from(["/", "—", "-"]))
def test_a_sign_for_none_without_a_label_is_no_value_of_a_row_that_is_full(
    numbers: list[int], sign: str
) -> None:
    one, two, three = values(numbers)
    (found,) = rows_of([row(REGULATIONS), one, (sign, None), two, (sign, None), three])[1]
    assert len(found.segment.values) == 5
    own = without_look_alikes(found, 3).segment.values
    assert [token.text for token in own] == texts(numbers)
    assert without_look_alikes(found, 5) == found


def test_a_word_behind_the_values_ends_the_row() -> None:
    pieces = [row(REGULATIONS), ("3", Label.VALUE), ("见附件", None)]
    (found,) = rows_of(pieces)[1]
    assert [token.text for token in found.segment.values] == ["3"]
    assert found.segment.end == tokens(pieces)[2].start


def test_a_wording_of_the_form_between_values_is_a_label() -> None:
    pieces: list[Piece] = [row(REGULATIONS), ("3", Label.VALUE), ("行政处罚", None)]
    (found,) = rows_of([*pieces, ("5", Label.VALUE)])[1]
    assert [token.text for token in found.segment.values] == ["3"]


def test_page_furniture_ends_no_row() -> None:
    pieces = [row(REGULATIONS), ("3", Label.VALUE), ("- 2 -", Label.NOISE), ("5", Label.VALUE)]
    (found,) = rows_of(pieces)[1]
    assert [token.text for token in found.segment.values] == ["3", "5"]


def test_every_label_but_those_of_values_and_furniture_is_a_boundary() -> None:
    for label in Label:
        (token,) = tokens([("规章", label)])
        assert is_boundary(token) == (label not in (Label.VALUE, Label.NOISE))


def test_of_what_has_no_label_only_words_are_a_boundary() -> None:
    wordings = {"规章": True, "0": False, "1,024": False, "/": False, "*": False, "件": False}
    for wording, expected in wordings.items():
        (token,) = tokens([(wording, None)])
        assert is_boundary(token) == expected, wording


def test_a_row_is_as_sure_as_the_least_sure_of_its_tokens() -> None:
    pieces = [row(REGULATIONS), ("3", Label.VALUE)]
    found = tokens(pieces)
    found[1] = Token(found[1].start, found[1].end, Label.VALUE, "3", 0.4)
    (one,) = labelled_rows(found, [RowMatch(0, MASTER.index(REGULATIONS), 0.8)], found[-1].end)
    assert one.score == 0.4
