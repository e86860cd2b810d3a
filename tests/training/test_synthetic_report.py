"""A report's gold is what its text says, in every layout and after every damage."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.inference.read import read_bytes
from nianbao.models.form import form, relations
from nianbao.models.labels import Label
from nianbao.training.synthetic.damages import DAMAGES
from nianbao.training.synthetic.grammar import Split
from nianbao.training.synthetic.layouts.presets import LAYOUTS, WEIGHTS
from nianbao.training.synthetic.report import Sample, sample

few = settings(max_examples=20, deadline=None)
many = settings(max_examples=100, deadline=None)
seeds = st.integers(0, 10**9)
layouts = st.sampled_from(sorted(WEIGHTS))
splits: st.SearchStrategy[Split] = st.sampled_from(["train", "held_out"])
NUMBER = re.compile(r"(\+|-|—|增加?|减少?)?(\d+(?:\.\d+)?)(?:件|项|元|万元)?")


def number(wording: str) -> float:
    """The number that a value cell prints, read independently of the product."""
    text = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", wording))
    text = text.translate(str.maketrans("無項萬減億", "无项万减亿"))
    if text in ("无", "零"):
        return 0
    if numeral := re.fullmatch(r"([零一二三四五六七八九十百千万亿]+)件?", text):
        return in_words(numeral[1])
    match = NUMBER.fullmatch(text)
    assert match, wording
    return -float(match[2]) if match[1] and match[1][0] in "-—减" else float(match[2])


def in_words(numeral: str) -> int:
    """一百零五 -> 105."""
    for sign, power in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10)):
        high, found, low = numeral.partition(sign)
        if found:
            return in_words(high or "一") * power + in_words(low or "零")
    return "零一二三四五六七八九".index(numeral[-1])


def assert_sound(found: Sample) -> None:
    text, gold = found.document.text, found.gold
    spans = found.document.spans
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))
    for span in spans:
        assert found.document.wording(span).strip() == found.document.wording(span) != ""
    values = {(span.start, span.end) for span in spans if span.label is Label.VALUE}
    for path, value in gold.cells.items():
        state = gold.states[path]
        assert (value is not None) == (state == "found")
        assert (path in gold.places) == (state != "missing")
        if value is not None:
            start, end = gold.places[path]
            assert (start, end) in values
            assert number(text[start:end]) == pytest.approx(value)
        if state == "blank":
            assert gold.places[path][0] == gold.places[path][1]
    done = 0
    for section in gold.sections:
        if section.heading_start is not None and section.heading_end is not None:
            assert done <= section.heading_start < section.heading_end <= section.body_start
        assert done <= section.body_start <= section.body_end
        body = text[section.body_start : section.body_end]
        assert body == body.strip()
        done = section.body_end
    assert [s.id for s in gold.sections] == sorted(s.id for s in gold.sections)


@few
@given(seed=seeds, split=splits, layout=layouts)
def test_an_undamaged_report_holds_all_cells_sections_and_relations(
    seed: int, split: Split, layout: str
) -> None:
    found = sample(seed, split, layouts=[layout], n_damages=(0, 0))
    assert_sound(found)
    gold = found.gold
    version = gold.meta["form_version"]
    assert version in ("2019", "2021")
    assert tuple(gold.cells) == form(version).paths()
    assert [s.id for s in gold.sections][:5] == ["1", "2", "3", "4", "5"]
    if layout in ("A16", "F8"):  # these destroy values by themselves
        return
    for relation in relations(version):
        sides = [[gold.cells[p] for p in side] for side in (relation.left, relation.right)]
        left, right = (sum(v for v in side if v is not None) for side in sides)
        assert None not in sides[0] + sides[1] and left == right


@many
@given(seed=seeds, split=splits)
def test_gold_stays_sound_after_any_mixture_of_damages(seed: int, split: Split) -> None:
    assert_sound(sample(seed, split, n_damages=(1, 6)))


@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_each_damage_does_its_harm_and_leaves_gold_sound(damage: str) -> None:
    for seed in range(60):
        found = sample(seed, "train", layouts=LAYOUTS, damages=[damage], n_damages=(1, 1))
        assert_sound(found)
        if found.damages:
            break
    assert found.damages == (damage,)


@pytest.mark.parametrize("layout", sorted(WEIGHTS))
def test_each_layout_can_be_asked_for(layout: str) -> None:
    found = sample(1, "train", layouts=[layout])
    assert found.layout == layout
    assert_sound(found)


@few
@given(seed=seeds, split=splits)
def test_the_same_seed_gives_the_same_report(seed: int, split: Split) -> None:
    assert sample(seed, split) == sample(seed, split)


@few
@given(seed=seeds)
def test_the_source_reads_back_as_the_document(seed: int) -> None:
    found = sample(seed, "train", layouts=["html", "E15", "A3"])
    read = read_bytes(found.source, found.document.path)
    assert read.text == found.document.text
    assert read.grid == found.document.grid
    assert read.sha256 == found.document.sha256


def test_the_splits_differ() -> None:
    assert sample(1, "train").document.text != sample(1, "held_out").document.text


def test_a_table_that_is_a_picture_gives_null_and_not_zero() -> None:
    damage = "E5_tables_absent"
    found = sample(3, "train", layouts=["A3"], damages=[damage], n_damages=(1, 1))
    assert "missing" in found.gold.states.values()
    assert all(
        found.gold.cells[path] is None
        for path, state in found.gold.states.items()
        if state == "missing"
    )


def test_lines_dropped_by_a_crawler_make_whole_rows_unreadable() -> None:
    found = next(
        report
        for seed in range(50)
        if "unreadable"
        in (report := sample(seed, "train", layouts=["A16"], n_damages=(0, 0))).gold.states.values()
    )
    for row in form(found.gold.meta["form_version"]).t3.rows:
        states = {s for p, s in found.gold.states.items() if p.startswith(f"t3.{row.id}.")}
        assert len(states) == 1, row.id


def test_problems_and_measures_in_two_sections_are_one() -> None:
    found = sample(5, "train", layouts=["A3"], damages=["H13_problems_split"], n_damages=(1, 1))
    text = found.document.text
    five = next(section for section in found.gold.sections if section.id == "5")
    assert all(
        five.body_start <= start and end <= five.body_end for _, start, end in found.gold.items
    )
    assert "六、" in text[five.body_start : five.body_end]


@few
@given(seed=seeds)
def test_a_text_cut_at_its_end_says_nothing_of_what_stood_behind_the_cut(seed: int) -> None:
    found = sample(seed, "train", layouts=["A3"], damages=["E12_ends_midway"], n_damages=(1, 1))
    gold, length = found.gold, len(found.document.text)
    behind = [path for path in gold.states if path not in gold.places]
    assert all(gold.states[path] == "missing" and gold.cells[path] is None for path in behind)
    assert all(end <= length for _, end in gold.places.values())
    assert all(end <= length for _, _, end in gold.items)


@few
@given(seed=seeds, layout=st.sampled_from(sorted(LAYOUTS)))
def test_a_report_in_one_cell_of_a_layout_table_has_no_line_breaks(seed: int, layout: str) -> None:
    found = sample(seed, "train", layouts=[layout], damages=["E3_one_line"], n_damages=(1, 1))
    assert "\n" not in found.document.text


@few
@given(seed=seeds)
def test_numbers_of_slices_are_noise_and_leave_the_values_alone(seed: int) -> None:
    found = sample(seed, "train", layouts=["A1"], damages=["E11_slices"], n_damages=(1, 1))
    assert any(span.label is Label.NOISE for span in found.document.spans)
    assert None not in found.gold.cells.values()
