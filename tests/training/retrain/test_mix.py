import pickle
import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nianbao.training.retrain.mix import (
    KNOWN_DAMAGES,
    known_documents,
    labelled_documents,
    marked_of,
    shown,
)
from nianbao.training.synthetic.report import sample
from nianbao.training.tagger import SEEDS_PER_RUN, narrative_end
from tests.conftest import toy_document

FOUND = sample(7, "train", layouts=["A4"], n_damages=(0, 0))
MARKED = marked_of(FOUND.document)


def test_a_labelled_report_knows_its_sections() -> None:
    keys = {mark.key for mark in MARKED.marks}
    assert {f"body:{s.id}" for s in FOUND.gold.sections} <= keys
    assert "heading:5" in keys
    assert MARKED.text == FOUND.document.text
    assert MARKED.spans() == FOUND.document.spans


def test_what_is_no_report_keeps_its_labels() -> None:
    doc = toy_document(0)
    assert marked_of(doc).spans() == doc.spans


@given(st.integers(0, 10**6))
def test_labels_stay_sound_whatever_damage_is_done(seed: int) -> None:
    found = shown(FOUND.document, MARKED, random.Random(seed))
    end = 0
    for span in found.spans:
        assert end <= span.start < span.end <= len(found.text)
        assert found.wording(span) == found.wording(span).strip()
        end = span.end


def test_a_report_is_shown_as_it_is_damaged_and_from_section_5_on() -> None:
    text = FOUND.document.text
    shows = [shown(FOUND.document, MARKED, random.Random(seed)).text for seed in range(60)]
    ends = [one for one in shows if len(one) < len(text) and text.endswith(one)]
    heading = next(s.heading_start for s in FOUND.gold.sections if s.id == "5")
    assert heading is not None and ends
    assert all(text[heading:] in one for one in ends)
    assert text in shows
    assert len({*shows} - {text, *ends}) > 20


def test_every_labelled_report_comes_in_turn_and_each_time_the_same_way_again() -> None:
    gold = [replace(toy_document(number), path=str(number)) for number in range(3)]
    document = labelled_documents(gold, seed=2)
    for number in range(30):
        assert document(number).path == str(number % 3)
        assert document(number) == document(number)
    assert len({document(number).text for number in range(30)}) > 6


def test_both_sources_reach_a_process_that_was_not_forked() -> None:
    for source in (labelled_documents([toy_document(0)], seed=2), known_documents(seed=2)):
        assert pickle.loads(pickle.dumps(source))(1) == source(1)


def test_what_the_base_is_asked_about_is_ever_new_and_every_second_text_disguised() -> None:
    document = known_documents(seed=2)
    found = [sample(2 * SEEDS_PER_RUN + n, "train", n_damages=KNOWN_DAMAGES) for n in range(4)]
    written = [narrative_end(found[0]), found[1].document, found[2].document]
    written.append(narrative_end(found[3]))
    for number, one in enumerate(written):
        assert document(number) == document(number)
        if number % 2 == 0:
            assert document(number) == one
        else:
            assert document(number).spans == ()
            assert letters(document(number).text) == letters(one.text)
    disguises = [document(number) for number in range(1, 20, 2)]
    assert any(set("【〔『") & set(one.text) for one in disguises)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
