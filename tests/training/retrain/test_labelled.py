from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations import gold
from nianbao.annotations.documents import CORRECTION, AnnotatedDocument
from nianbao.models.errors import NianbaoError
from nianbao.models.sums import file_sha256
from nianbao.training.retrain.labelled import HELD_OUT_EVERY, Labelled, held_out, read_labelled
from tests.training.retrain.conftest import annotated

DOCUMENT = annotated(0)


@given(st.text())
def test_a_correction_is_learnt_from_and_a_random_report_measured_on(text: str) -> None:
    assert not held_out(replace(DOCUMENT, text=text, chosen=CORRECTION))
    assert held_out(replace(DOCUMENT, text=text, chosen="random"))


def test_of_the_other_reports_a_fifth_is_held_out() -> None:
    found = [held_out(replace(DOCUMENT, text=str(number))) for number in range(2000)]
    assert sum(found) == pytest.approx(2000 / HELD_OUT_EVERY, rel=0.1)


def test_what_is_held_out_stays_so_whatever_is_added(tmp_path: Path) -> None:
    few, many = tmp_path / "few.jsonl", tmp_path / "many.jsonl"
    gold.write([annotated(number) for number in range(10)], few)
    gold.write([annotated(number) for number in range(30)], many)
    before, after = read_labelled([few]), read_labelled([many])
    assert set(before.held_out) < set(after.held_out)
    assert set(before.to_learn) < set(after.to_learn)
    assert len(after.to_learn) + len(after.held_out) == 30


def test_only_what_a_person_looked_at_counts_and_of_each_report_one_opinion(
    tmp_path: Path,
) -> None:
    first, settled = tmp_path / "first.jsonl", tmp_path / "settled.jsonl"
    documents = [annotated(number) for number in range(20)]
    second = [replace(document, annotator="乙", spans=()) for document in documents]
    unseen = [annotated(number, annotator=None) for number in range(20, 23)]
    gold.write([*documents, *second, *unseen], first)
    gold.write([replace(document, annotator="丙") for document in second[:5]], settled)
    found = read_labelled([first, settled])
    kept = {one.id: one.annotator for one in (*found.to_learn, *found.held_out)}
    assert kept == {f"toy-{n}": "丙" if n < 5 else min("甲", "乙") for n in range(20)}
    assert (found.n_unseen, found.n_other) == (3, 25)
    assert [file.n_lines for file in found.files] == [43, 5]
    assert sum(file.n_gold for file in found.files) == len(found.to_learn)
    assert found.files[0].sha256 == file_sha256(first)


def test_corrections_are_counted_apart(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    gold.write([annotated(number, chosen=CORRECTION) for number in range(6)], file)
    (found,) = read_labelled([file]).files
    assert (found.n_gold, found.n_corrections) == (0, 6)


def read(folder: Path, *files: list[AnnotatedDocument]) -> Labelled:
    """What is read of the files, named in this order."""
    paths = [folder / f"{number}.jsonl" for number in range(len(files))]
    for path, documents in zip(paths, files, strict=True):
        gold.write(documents, path)
    return read_labelled(paths)


@pytest.mark.parametrize("corrector", ["一", "甲", "龥"])  # before, as and after who labelled it
def test_a_correction_never_takes_the_place_of_what_a_person_labelled_in_full(
    tmp_path: Path, corrector: str
) -> None:
    full = [annotated(number, chosen="random" if number < 4 else "") for number in range(20)]
    corrected = [
        replace(one, annotator=corrector, chosen=CORRECTION, spans=one.spans[:1])
        for one in full[:10]
    ]
    alone = read(tmp_path, full)
    for files in ([full, corrected], [corrected, full], [corrected + full]):
        found = read(tmp_path, *files)
        assert (found.to_learn, found.held_out) == (alone.to_learn, alone.held_out)
        assert found.n_other == 10
        assert [file.n_corrections for file in found.files] == [0] * len(files)


def test_one_text_under_two_ids_is_one_report(tmp_path: Path) -> None:
    documents = [annotated(number) for number in range(30)]
    again = [replace(document, id=f"again-{document.id}") for document in documents]
    alone, found = read(tmp_path, documents), read(tmp_path, documents, again)
    assert found.n_other == 30
    assert not {one.text for one in found.to_learn} & {one.text for one in found.held_out}
    assert [one.text for one in found.held_out] == [one.text for one in alone.held_out]


def test_two_texts_under_one_id_are_refused(tmp_path: Path) -> None:
    documents = [annotated(number) for number in range(10)]
    other = replace(annotated(10), id=documents[3].id)
    for files in ([[*documents, other]], [documents, [other]]):
        with pytest.raises(NianbaoError) as caught:
            read(tmp_path, *files)
        assert caught.value.code == "E108" and documents[3].id in str(caught.value)


def test_a_file_that_is_named_twice_counts_once_and_as_named_last(tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    gold.write([annotated(number) for number in range(20)], first)
    gold.write([annotated(number, annotator="乙") for number in range(20)], second)
    found = read_labelled([first, second, tmp_path / "." / "first.jsonl"])
    assert found == read_labelled([second, first])
    assert [(file.name, file.n_gold) for file in found.files] == [
        ("second.jsonl", 0),
        ("first.jsonl", len(found.to_learn)),
    ]


@pytest.mark.parametrize("n", [0, 4])
def test_too_little_to_learn_from_is_told(tmp_path: Path, n: int) -> None:
    file = tmp_path / "gold.jsonl"
    gold.write([annotated(number) for number in range(n)], file)
    with pytest.raises(NianbaoError) as caught:
        read_labelled([file])
    assert caught.value.code == "E601"


def test_an_unsound_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text("{}\n", encoding="utf-8")
    with pytest.raises(NianbaoError) as caught:
        read_labelled([file])
    assert caught.value.code == "E108"
