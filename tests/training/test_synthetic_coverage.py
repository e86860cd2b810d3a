"""Every entry of the catalogues of breakage has a name in the generator, and does what it says."""

import random
import re
import unicodedata
from functools import cache
from importlib import import_module

import pytest
from rapidfuzz import fuzz, process

from nianbao.models.form import form
from nianbao.models.labels import Label
from nianbao.training.synthetic.coverage import (
    BLANKS_VANISH,
    COVERAGE,
    INEXPRESSIBLE,
    UNRECOVERABLE,
)
from nianbao.training.synthetic.damages import DAMAGES, variants, wordings
from nianbao.training.synthetic.layouts.presets import WEIGHTS
from nianbao.training.synthetic.report import Sample, sample

DELIMITED = sorted(set(WEIGHTS) - BLANKS_VANISH)
CATALOGUES = {
    "pages": {"A": 18, "B": 13, "C": 8, "D": 14, "E": 19, "F": 13},
    "facts": {"F": 12, "R": 18, "H": 15, "D": 17},
}
LOST = {"missing", "unreadable"}


def test_every_entry_of_the_catalogues_is_expressed_or_has_a_reason() -> None:
    entries = {
        f"{catalogue}:{letter}{number}"
        for catalogue, letters in CATALOGUES.items()
        for letter, count in letters.items()
        for number in range(1, count + 1)
    }
    assert entries == COVERAGE.keys() | INEXPRESSIBLE.keys()
    assert not COVERAGE.keys() & INEXPRESSIBLE.keys()


def test_every_name_of_the_coverage_exists() -> None:
    for entry, names in COVERAGE.items():
        assert names, entry
        for name in names:
            module, dot, function = name.partition(".")
            if dot:
                found = import_module(f"nianbao.training.synthetic.{module}")
                assert callable(getattr(found, function)), name
            else:
                assert name in DAMAGES or name in WEIGHTS, name


def test_every_damage_and_layout_expresses_some_entry() -> None:
    named = {name for names in COVERAGE.values() for name in names}
    others = {"html", "H_letter_spacing", "H_punctuation", "H_figures_spaced", "H_odd_blanks"}
    assert DAMAGES.keys() | WEIGHTS.keys() == {n for n in named if "." not in n} | others


def test_every_damage_is_seen_by_training() -> None:
    assert min(DAMAGES.values()) >= 0.5
    assert min(WEIGHTS.values()) >= 0.5


@pytest.mark.parametrize("name", sorted(UNRECOVERABLE))
def test_what_is_named_unrecoverable_is_null_and_never_found(name: str) -> None:
    assert name in DAMAGES or name in WEIGHTS
    lost = 0
    for seed in range(12):
        if name in WEIGHTS:
            found = sample(seed, "train", layouts=[name], n_damages=(0, 0))
        else:
            found = sample(seed, "train", layouts=DELIMITED, damages=[name], n_damages=(1, 1))
        gold = found.gold
        gone = [path for path, state in gold.states.items() if state in LOST]
        assert all(gold.cells[path] is None for path in gone)
        lost += bool(gone)
    assert lost


@pytest.mark.parametrize("name", sorted(DAMAGES.keys() - UNRECOVERABLE.keys()))
def test_no_other_damage_destroys_a_figure(name: str) -> None:
    for seed in range(4):
        found = sample(seed, "train", layouts=DELIMITED, damages=[name], n_damages=(1, 1))
        gone = {path for path, state in found.gold.states.items() if state in LOST}
        if name == "B2_hybrid":  # 第（九）项 is no part of the newer form
            gone = {path for path in gone if not path.startswith("t2.procurement.")}
        assert not gone


@pytest.mark.parametrize("layout", sorted(WEIGHTS.keys() - UNRECOVERABLE.keys()))
def test_no_layout_destroys_a_figure_where_no_cell_is_blank(layout: str) -> None:
    for seed in range(3):
        found = sample(seed, "train", layouts=[layout], n_damages=(0, 0))
        assert set(found.gold.states.values()) == {"found"}


def test_a_page_about_a_report_is_to_be_refused_and_has_no_cells() -> None:
    damages = ["E17_explanation"]
    found = sample(2, "train", layouts=["A3", "html"], damages=damages, n_damages=(1, 1))
    assert found.refused
    assert set(found.gold.states.values()) == {"missing"}
    assert not found.gold.sections and not found.gold.items
    assert not sample(2, "train", n_damages=(0, 0)).refused


def test_an_old_report_has_its_sections_and_a_year_before_the_form() -> None:
    years = set()
    for seed in range(20):
        found = sample(seed, "train", damages=["E18_old_format"], n_damages=(1, 1))
        assert set(found.gold.states.values()) == {"missing"}
        assert {section.id for section in found.gold.sections} >= {"1", "2", "3", "4", "5"}
        years.add(found.gold.meta["year"])
    assert {year for year in years if isinstance(year, int) and year < 2019}


def twice(seed: int) -> Sample:
    return sample(seed, "train", layouts=["A3"], damages=["R12_table_twice"], n_damages=(1, 1))


def test_a_table_that_is_printed_twice_counts_once_and_only_where_the_copies_agree() -> None:
    doubted = 0
    for seed in range(12):
        found = twice(seed)
        text, gold = found.document.text, found.gold
        for path, (start, end) in gold.places.items():
            if gold.states[path] == "found":
                assert float(text[start:end]) == gold.cells[path]
            else:
                assert gold.states[path] == "unreadable"
                assert gold.hidden[path] == float(text[start:end])
                doubted += 1
        assert sum(text.count(label) for label in ("行政事业性收费", "（七）总计")) >= 3
    assert doubted


def test_a_second_report_on_the_page_gives_no_cell_section_or_item() -> None:
    damage = "D10doc_second_report"
    pairs = [
        sample(seed, "train", layouts=["A3"], damages=[damage], n_damages=(1, 1))
        for seed in range(8)
    ]
    behind = 0
    for pair in (pair for pair in pairs if pair.damages):
        gold = pair.gold
        ours = [*gold.places.values(), *((start, end) for _, start, end in gold.items)]
        ours += [(section.body_start, section.body_end) for section in gold.sections]
        first, last = min(start for start, _ in ours), max(end for _, end in ours)
        spans = pair.document.spans
        within = [s for s in spans if s.label is Label.VALUE and first <= s.start < last]
        beyond = [s for s in spans if s.label is Label.VALUE and s.start >= last]
        assert len(within) == len(gold.places)
        assert sum(s.label is Label.SECTION for s in spans) > len(gold.sections)
        behind += len(beyond) >= 198
    assert behind


# Spans after random compositions ---------------------------------------------------------

SIMPLE = {ord(new): old for old, new in variants.traditional().items()}
READING = re.compile(r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüń]+[)）]")


def folded(wording: str) -> str:
    """Simplified characters and digits alone."""
    text = unicodedata.normalize("NFKC", wording.replace("<br>", ""))
    text = READING.sub("", text).translate(SIMPLE)
    return re.sub(r"\W", "", text)


@cache
def labels() -> tuple[str, ...]:
    """Every wording that a label of the tables can have, as `folded`."""
    known = {"申请人情况", "法人或其他组织", "信息内容", "行政复议", "行政诉讼", *wordings.OWN_ROWS}
    known |= {"（三）不予公开小计", "（五）不予处理小计", "（四）无法提供小计"}
    for version in ("2021", "2019"):
        for block in form(version).blocks:
            known |= {block.label, *(column.label for column in block.columns)}
            known |= {label for row in block.rows for label in row.labels}
    known |= {text for texts in wordings.HEADERS.values() for text in texts}
    known |= {label + text for label, texts in wordings.REMARKS.items() for text in texts}
    known |= {label + row for label in known for row in ("1属于国家秘密",) if "不予公开" in label}
    return tuple(folded(label) for label in known)


@cache
def is_own(span_label: Label, wording: str) -> bool:
    """Whether a span's wording can be what its label says."""
    text = folded(wording)
    if span_label is Label.GROUP and re.fullmatch("[一二三四五六七八九]", text):
        return True  # R2: the ordinal that a torn label leaves
    if span_label in (Label.ROW, Label.GROUP):
        return process.extractOne(text, labels(), scorer=fuzz.ratio, score_cutoff=45) is not None
    if span_label is Label.COLUMN:
        return (
            process.extractOne(text, labels(), scorer=fuzz.partial_ratio, score_cutoff=60)
            is not None
        )
    if span_label is Label.DATE:
        return bool(re.search(r"\d|[一二三四五六七八九十]", text))
    if span_label is Label.VALUE:
        return len(wording) <= 120 and "\n\n" not in wording.strip()
    return bool(wording.strip())


@pytest.mark.parametrize("start", range(0, 160, 20))
def test_after_any_composition_every_span_covers_its_own_wording(start: int) -> None:
    for seed in range(start, start + 20):
        rng = random.Random(seed)
        found = sample(seed, rng.choice(["train", "held_out"]), n_damages=(0, 5))
        for span in found.document.spans:
            wording = found.document.wording(span)
            assert is_own(span.label, wording), (seed, found.layout, found.damages, span, wording)
