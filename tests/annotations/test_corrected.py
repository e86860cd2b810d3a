"""A corrected value is labelled where the text prints it, and nowhere else."""

import pytest

from nianbao.annotations.corrected import amended
from nianbao.annotations.documents import AnnotatedDocument, ItemThemes
from nianbao.inference.corrections import Entry
from nianbao.models.labels import Label, Span
from nianbao.models.report import Cell, Meta, ModelInfo, Narrative, Report, Source

TEXT = "规章\t7\t0\t5\n行政规范性文件\t1\t2\t3\n"
ROW = "t2.art20_1.regulations"
MADE, REPEALED, IN_FORCE = (f"{ROW}.{column}" for column in ("made", "repealed", "in_force"))


def report(*cells: Cell) -> Report:
    return Report(
        status="ok",
        source=Source(path="-", sha256="0" * 64, format="txt", encoding="utf-8", text=TEXT),
        meta=Meta(),
        sections=(),
        tables=(),
        cells=cells,
        items=(),
        narrative=Narrative(),
        claims=(),
        checks=(),
        findings=(),
        model=ModelInfo(name="test", version="1", sha256="0" * 64),
    )


#: The tagger missed the 0, and the parser put what was left where it could not know.
SPANS = (
    Span(0, 2, Label.ROW, 0.9), Span(3, 4, Label.VALUE, 0.8), Span(7, 8, Label.VALUE, 0.7),
)  # fmt: skip
CELLS = (
    Cell(path=MADE, value=7, raw="7", state="found", start=3, end=4),
    Cell(path=REPEALED, state="missing"),
    Cell(path=IN_FORCE, value=5, raw="5", state="found", start=7, end=8),
)


def correct(path: str, value: str, by: str = "") -> tuple[AnnotatedDocument, tuple[object, ...]]:
    document = AnnotatedDocument("a", TEXT, SPANS)
    entry = Entry(sha256="0" * 64, path=path, value=value, why="因", by=by)
    return amended(document, report(*CELLS), {path: entry})


def test_a_value_that_was_missed_is_labelled_where_its_row_prints_it() -> None:
    document, troubles = correct(REPEALED, "0", by="甲")
    assert troubles == () and document.annotator == "甲"
    assert [(s.start, s.end) for s in document.spans if s.label is Label.VALUE] == [
        (3, 4), (5, 6), (7, 8),
    ]  # fmt: skip
    assert {span.score for span in document.spans} == {1.0}


def test_a_value_that_stands_in_its_own_place_is_confirmed() -> None:
    document, troubles = correct(MADE, "7")
    assert troubles == () and (document.annotator, document.chosen) == ("correction",) * 2
    assert [(s.start, s.end, s.label) for s in document.spans] == [
        (s.start, s.end, s.label) for s in SPANS
    ]


@pytest.mark.parametrize(("path", "value"), [(MADE, "99"), (REPEALED, "2"), (REPEALED, "规定")])
def test_a_value_that_the_row_does_not_print_is_left_to_a_person(path: str, value: str) -> None:
    document, troubles = correct(path, value)
    assert len(troubles) == 1
    assert document.annotator is None and document.spans == SPANS


def correct_all(entries: dict[str, str]) -> tuple[AnnotatedDocument, tuple[object, ...]]:
    document = AnnotatedDocument("a", TEXT, SPANS)
    layer = {
        path: Entry(sha256="0" * 64, path=path, value=value, why="因", by="甲")
        for path, value in entries.items()
    }
    return amended(document, report(*CELLS), layer)


def values(document: AnnotatedDocument) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in document.spans if span.label is Label.VALUE]


@pytest.mark.parametrize("value", ["", "missing"])
def test_what_was_taken_for_the_value_of_an_empty_cell_is_labelled_no_more(value: str) -> None:
    document, troubles = correct(MADE, value, by="甲")
    assert troubles == () and document.annotator == "甲"
    assert values(document) == [(7, 8)]


def test_a_value_that_moves_to_the_next_cell_keeps_its_label() -> None:
    for entries in ({IN_FORCE: "missing", REPEALED: "5"}, {REPEALED: "5", IN_FORCE: "missing"}):
        document, troubles = correct_all(entries)
        assert troubles == () and values(document) == [(3, 4), (7, 8)]


def test_values_that_change_places_are_all_found() -> None:
    document, troubles = correct_all({MADE: "0", REPEALED: "5", IN_FORCE: "7"})
    assert troubles == () and values(document) == [(3, 4), (5, 6), (7, 8)]


def test_a_value_without_a_place_costs_the_others_nothing() -> None:
    document, troubles = correct_all({MADE: "99", REPEALED: "0"})
    assert len(troubles) == 1
    assert document.annotator == "甲" and values(document) == [(3, 4), (5, 6), (7, 8)]


def test_a_correction_of_what_is_no_cell_here_is_told() -> None:
    document, troubles = correct_all({"meta.year": "2022", "t3.new.total": "5"})
    assert len(troubles) == 2 and document.annotator is None


def test_a_label_that_stood_in_the_way_is_gone_and_its_themes_with_it() -> None:
    document = AnnotatedDocument(
        "a", TEXT, (Span(0, 2, Label.ROW), Span(3, 6, Label.PROBLEM)),
        themes=(ItemThemes(3, 6, ("platform",)),),
    )  # fmt: skip
    entry = Entry(sha256="0" * 64, path=MADE, value="7", why="因")
    done, _ = amended(document, report(*CELLS), {MADE: entry})
    assert done.spans == (Span(0, 2, Label.ROW), Span(3, 4, Label.VALUE))
    assert done.themes == ()
