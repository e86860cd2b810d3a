"""The reports of the benchmark: their mix is as stated, every block like every other."""

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.corpus import Corpus, corpus, shares
from benchmarks.drafts import exactly
from benchmarks.measure import items_of
from benchmarks.mix import BLOCK, format_of, length_of
from nianbao.inference.legible import legible
from nianbao.inference.read import read

SIZE = 2 * BLOCK


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return corpus(tmp_path_factory.mktemp("corpus"), SIZE, jobs=1)


@given(st.integers(0, 500))
def test_every_block_is_four_fifths_pages(block: int) -> None:
    formats = [format_of(number) for number in range(block * BLOCK, (block + 1) * BLOCK)]
    assert formats.count("html") == 16 and formats.count("text") == 4


@given(st.integers(0, 500))
def test_the_mean_length_of_a_block_is_that_of_all(block: int) -> None:
    lengths = [length_of(number) for number in range(block * BLOCK, (block + 1) * BLOCK)]
    assert fmean(lengths) == pytest.approx(3_800, rel=0.08)


def test_lengths_have_a_tail() -> None:
    lengths = sorted(length_of(number) for number in range(10_000))
    assert lengths[0] > 2_000
    assert lengths[5_000] < 3_500
    assert 13_000 < lengths[-1] < 15_000
    assert 10 < sum(length > 12_000 for length in lengths) < 200


def test_reports_as_they_are_read_have_about_4000_characters(written: Corpus) -> None:
    lengths = [entry.characters for entry in written.entries]
    assert fmean(lengths) == pytest.approx(4_000, rel=0.1)
    assert len(lengths) == SIZE


def test_files_and_texts_are_what_the_index_says(written: Corpus) -> None:
    for number in range(0, SIZE, 7):
        entry = written.entries[number]
        document = read(written.folder / entry.path)
        assert (document.format == "html") == (entry.format == "html")
        assert len(document.text) == entry.characters
        assert written.text(number) == legible(document.text)


def test_pages_carry_furniture_that_is_no_part_of_the_report(written: Corpus) -> None:
    pages = [entry for entry in written.entries if entry.format == "html"]
    for entry in pages[:5]:
        source = (written.folder / entry.path).read_bytes()
        assert b"<script" in source and b'class="footer"' in source
        assert len(source) > 2 * len(read(written.folder / entry.path).text.encode())


def test_no_two_reports_are_the_same(written: Corpus) -> None:
    assert len({(written.folder / entry.path).read_bytes() for entry in written.entries}) == SIZE


def test_a_corpus_is_the_folders_up_to_its_size(written: Corpus) -> None:
    files = [file for folder in written.inputs(SIZE) for file in folder.iterdir()]
    assert len(files) == SIZE
    with pytest.raises(ValueError, match="not among"):
        written.inputs(17)


def test_rounds_take_different_reports(written: Corpus) -> None:
    first, second = (items_of(written, BLOCK, number, BLOCK) for number in (0, 1))
    assert {item.path for item in first}.isdisjoint(item.path for item in second)
    assert items_of(written, BLOCK, 2, BLOCK) == first


@pytest.mark.parametrize("length", [3_000, 12_000])
def test_a_text_can_be_given_an_exact_length(length: int) -> None:
    assert len(exactly(1, length)) == length


def test_a_report_cannot_be_shorter_than_it_is() -> None:
    with pytest.raises(ValueError, match="cannot be given"):
        exactly(1, 300)


@given(st.lists(st.integers(1, 9_999), min_size=1, max_size=40), st.integers(1, 4))
def test_processes_get_equal_shares(weights: list[int], n: int) -> None:
    groups = shares(weights, n)
    assert sorted(index for group in groups for index in group) == list(range(len(weights)))
    loads = [sum(weights[index] for index in group) for group in groups]
    assert max(loads) - min(loads) <= max(weights)


def test_a_corpus_is_written_once(written: Corpus) -> None:
    index = written.folder / "entries.json"
    before = index.stat().st_mtime_ns
    assert corpus(written.folder.parent, SIZE, jobs=1) == written
    assert index.stat().st_mtime_ns == before
