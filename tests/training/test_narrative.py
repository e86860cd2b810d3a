"""The narrative of synthetic reports: phrases, marks, figures, organs, furniture."""

import random
import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.models.form import VERSIONS, form, sections
from nianbao.models.labels import Label
from nianbao.training.synthetic import furniture, headings, narrative, organs, titles
from nianbao.training.synthetic.claims import SLOTS, approximate
from nianbao.training.synthetic.dates import chinese_number, chinese_year
from nianbao.training.synthetic.grammar import Grammar, Split, split_of
from nianbao.training.synthetic.hand import hand_of
from nianbao.training.synthetic.marked import Marked
from nianbao.training.synthetic.subject import Subject

FILES = (
    "organs",
    "titles",
    "preface",
    "section1",
    "section6",
    "leads",
    "headings",
    "furniture",
)
SPLITS: tuple[Split, Split] = ("train", "held_out")


def make_subject(rng: random.Random, split: Split, *, most: int = 400) -> Subject:
    organ, self_name, kind = organs.sample_organ(rng, split)
    version = rng.choice(VERSIONS)
    values = {path: rng.choice([0, rng.randint(0, most)]) for path in form(version).paths()}
    return Subject(organ, self_name, kind, rng.randint(2019, 2025), version, values)


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Subject, random.Random, Split]:
    rng = random.Random(draw(st.integers(0, 2**32)))
    split = draw(st.sampled_from(SPLITS))
    return make_subject(rng, split, most=draw(st.sampled_from([0, 3, 400, 20_000]))), rng, split


def all_parts(subject: Subject, rng: random.Random, split: Split) -> list[Marked]:
    return [
        titles.title(subject, rng, split),
        narrative.preface(subject, rng, split),
        narrative.section_one(subject, rng, split),
        narrative.table_lead("t2", subject, rng, split),
        narrative.table_lead("t3", subject, rng, split),
        narrative.table_lead("t4", subject, rng, split),
        narrative.section_six(subject, rng, split),
        titles.signature(subject, rng, split),
        furniture.page_top(subject, rng, split),
        furniture.page_bottom(subject, rng, split),
        furniture.page_number(rng),
        furniture.image_name(rng),
    ]


def symbols_of(file: str) -> list[str]:
    text = files("nianbao.training.synthetic").joinpath(f"phrases/{file}.txt").read_text("utf-8")
    return re.findall(r"^\[([^\]\n]+)\]$", text, re.MULTILINE)


def claims_of(marked: Marked) -> list[tuple[str, float]]:
    return [
        (mark.key.removeprefix("claim:"), float(wording.replace(",", "")))
        for mark in marked.marks
        if mark.key.startswith("claim:") and (wording := marked.text[mark.start : mark.end])
    ]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("file", FILES)
def test_every_phrase_of_every_symbol_can_be_filled(file: str, split: Split) -> None:
    rng = random.Random(0)
    subject = make_subject(rng, split)
    places = dict.fromkeys(("p", "p2", "q", "r"), "清河")
    given_by_callers = {
        "notice",
        "period",
        "parts",
        "count",
        "count_cn",
        "index",
        "docno",
        "upper_year",
    }
    words = {**dict.fromkeys((*given_by_callers, *SLOTS, "title"), "1"), **places}
    words |= hand_of(subject).words
    grammar = Grammar(file, split)
    for symbol in symbols_of(file):
        for phrase in grammar.phrases(symbol):
            assert not re.search("[{}]", grammar.fill(phrase, rng, words))


@pytest.mark.parametrize("file", FILES)
def test_no_wording_of_the_held_out_split_is_ever_trained_on(file: str) -> None:
    train, held_out = Grammar(file, "train"), Grammar(file, "held_out")
    for symbol in symbols_of(file):
        if len({*train.phrases(symbol), *held_out.phrases(symbol)}) >= 5:
            assert not {*train.phrases(symbol)} & {*held_out.phrases(symbol)}, symbol


@settings(deadline=None, max_examples=150)
@given(drawn())
def test_marks_fit_their_text_in_every_part(case: tuple[Subject, random.Random, Split]) -> None:
    for part in all_parts(*case):
        assert part.text.strip()
        assert not re.search("[{}\ue000-\ue002]|\\\\n", part.text)
        for span in part.spans():
            wording = part.text[span.start : span.end]
            assert wording == wording.strip()
            assert "\n" not in wording


@settings(deadline=None, max_examples=150)
@given(drawn())
def test_heads_of_section_one_open_their_line(
    case: tuple[Subject, random.Random, Split],
) -> None:
    body = narrative.section_one(*case)
    for span in body.spans():
        if span.label is Label.SUBSECTION:
            line_start = body.text.rfind("\n", 0, span.start) + 1
            assert not body.text[line_start : span.start].strip(" 　#*")
            assert 2 <= span.end - span.start <= 40


@settings(deadline=None, max_examples=200)
@given(drawn())
def test_quoted_figures_agree_with_the_tables_unless_the_hand_is_careless(
    case: tuple[Subject, random.Random, Split],
) -> None:
    subject, rng, split = case
    parts = all_parts(subject, rng, split)
    if not hand_of(subject).careless:
        for path, quoted in (claim for part in parts for claim in claims_of(part)):
            assert subject.values[path] == quoted


@pytest.mark.parametrize("seed", range(40))
def test_prose_denies_applications_and_lawsuits_only_where_the_tables_do(seed: int) -> None:
    rng = random.Random(seed)
    organ, self_name, kind = organs.sample_organ(rng, "train")
    busy = {path: 7 for path in form("2021").paths()}
    subject = Subject(organ, self_name, kind, 2022, "2021", busy)
    text = narrative.section_one(subject, rng, "train").text
    text += narrative.table_lead("t3", subject, rng, "train").text
    text += narrative.table_lead("t4", subject, rng, "train").text
    assert not re.search("未收到政府信息公开申请|申请0件|没有发生因政府信息公开|复议0件", text)


def test_figures_are_quoted_often_but_not_where_the_report_has_none() -> None:
    rng = random.Random(5)
    quoted = blank = 0
    for _ in range(60):
        subject = make_subject(rng, "train")
        quoted += bool(claims_of(narrative.section_one(subject, rng, "train")))
        empty = Subject(subject.organ, subject.self_name, subject.kind, 2022, "2021")
        blank += bool(claims_of(narrative.section_one(empty, rng, "train")))
    assert quoted > 30
    assert blank == 0


def test_a_preface_may_list_all_six_headings_and_marks_none_of_them() -> None:
    rng = random.Random(1)
    complete = 0
    for _ in range(80):
        preface = narrative.preface(make_subject(rng, "train"), rng, "train")
        assert preface.spans() == ()
        complete += all(s.short in preface.text for s in sections())
    assert complete > 10


@settings(deadline=None)
@given(drawn())
def test_a_preface_marks_the_notice_and_the_period_that_it_names(
    case: tuple[Subject, random.Random, Split],
) -> None:
    preface = narrative.preface(*case)
    wordings = {
        mark.key.split(":")[0]: preface.text[mark.start : mark.end] for mark in preface.marks
    }
    assert wordings.keys() <= {"cited_notice", "period"}
    assert ("国办公开办函" in preface.text) == ("cited_notice" in wordings)
    assert wordings.get("cited_notice", "国办公开办函").startswith("国办公开办函")
    assert re.search(r"\d.*31|\d.*30|三十一", wordings.get("period", "1-31"))


@settings(deadline=None)
@given(drawn())
def test_a_report_bears_one_title_and_one_number_wherever_they_stand(
    case: tuple[Subject, random.Random, Split],
) -> None:
    subject, rng, split = case
    pages = (furniture.page_top(subject, rng, split), titles.title(subject, rng, split))
    for page in pages:
        for mark in page.marks:
            wording = page.text[mark.start : mark.end]
            if mark.key == "document_number":
                assert wording == titles.document_number(subject, split).text
            elif mark.key == "title_field":
                assert wording == titles.title_wording(subject, split)
            elif mark.key == "organ_field":
                assert wording == subject.organ


@settings(deadline=None)
@given(drawn())
def test_every_line_of_a_title_but_a_letters_number_is_labelled(
    case: tuple[Subject, random.Random, Split],
) -> None:
    title = titles.title(*case)
    numbers = [m for m in title.marks if m.key == "document_number"]
    lines = [line for line in title.text.split("\n") if line.strip()]
    assert [s.label for s in title.spans()] == [Label.TITLE] * (len(lines) - len(numbers))
    assert any(mark.key == "title" for mark in title.marks)


@settings(deadline=None)
@given(drawn())
def test_a_signature_names_the_organ_or_a_date(case: tuple[Subject, random.Random, Split]) -> None:
    subject = case[0]
    signature = titles.signature(*case)
    wordings = {s.label: signature.text[s.start : s.end] for s in signature.spans()}
    assert wordings and wordings.keys() <= {Label.ISSUER, Label.DATE}
    assert wordings.get(Label.ISSUER, subject.organ) == subject.organ
    date = wordings.get(Label.DATE)
    years = [str(subject.year), str(subject.year + 1)]
    if date is not None:
        digits = re.sub("[○零O]", "〇", date)
        assert any(y in date or chinese_year(int(y)) in digits for y in years)


@settings(deadline=None, max_examples=150)
@given(drawn())
def test_no_word_of_the_page_furniture_is_left_unlabelled(
    case: tuple[Subject, random.Random, Split],
) -> None:
    for part in (furniture.page_top(*case), furniture.page_bottom(*case)):
        rest = list(part.text)
        for span in part.spans():
            assert span.label in (Label.NOISE, Label.ISSUER, Label.DATE)
            rest[span.start : span.end] = " " * (span.end - span.start)
        assert not any(sign.isalnum() for sign in rest)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from("123456"), st.integers(1, 8), st.integers(0, 2**32), st.sampled_from(SPLITS))
def test_a_heading_is_one_mark_without_bars_at_its_edges(
    section: str, position: int, seed: int, split: Split
) -> None:
    rng = random.Random(seed)
    style = headings.heading_style(rng)
    line = headings.heading_line(section, position, rng, split, style)
    (mark,) = line.marks
    wording = line.text[mark.start : mark.end]
    assert (mark.label, mark.key) == (Label.SECTION, f"heading:{section}")
    assert wording == wording.strip(" \t　|#*") != ""


def test_a_plain_style_mostly_writes_the_statutory_heading() -> None:
    rng = random.Random(0)
    plain = headings.HeadingStyle()
    lines = [headings.heading_line("3", 3, rng, "train", plain).text for _ in range(200)]
    assert lines.count("三、收到和处理政府信息公开申请情况") > 160


def test_a_split_section_five_has_headings_of_its_own_under_the_same_key() -> None:
    rng = random.Random(0)
    plain = headings.HeadingStyle()
    for section_id in ("5a", "5b"):
        line = headings.heading_line(section_id, 5, rng, "held_out", plain)
        assert line.marks[0].key == "heading:5"


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_places_of_one_split_never_occur_in_the_other(seed: int) -> None:
    rng = random.Random(seed)
    for split in SPLITS:
        assert split_of(organs.sample_place(rng, split)) == split


def test_organs_are_of_every_kind_and_of_many_trades() -> None:
    rng = random.Random(0)
    found = [organs.sample_organ(rng, "train") for _ in range(1500)]
    assert len({kind for _, _, kind in found}) == 6
    assert len({organ[-5:] for organ, _, _ in found}) > 120
    assert len({organ for organ, _, _ in found}) > 1400


def test_every_pattern_of_an_organ_knows_how_it_calls_itself() -> None:
    rng = random.Random(0)
    places = dict.fromkeys(("p", "p2", "q", "r"), "清河")
    for split in SPLITS:
        grammar = Grammar("organs", split)
        for kind in ("department", "township", "government", "office", "committee", "vertical"):
            for phrase in grammar.phrases(kind):
                assert organs.self_name(grammar.fill(phrase, rng, places), rng)
        for symbol in ("bureau", "provincial", "ministry"):
            for organ in grammar.phrases(symbol):
                assert organs.self_name(organ, rng)


@settings(deadline=None)
@given(drawn(), st.integers(0, 2**32))
def test_the_same_seed_writes_the_same_report(
    case: tuple[Subject, random.Random, Split], seed: int
) -> None:
    subject, _, split = case
    first = all_parts(subject, random.Random(seed), split)
    assert first == all_parts(subject, random.Random(seed), split)


@given(st.integers(20, 10**7), st.integers(0, 100))
def test_an_approximation_never_exceeds_the_figure(value: int, seed: int) -> None:
    text = approximate(value, random.Random(seed))
    number = float(re.sub("[约余万]", "", text)) * (10_000 if "万" in text else 1)
    assert value * 0.5 < number <= value


def test_chinese_numbers_and_years() -> None:
    assert [chinese_number(n) for n in (1, 10, 12, 20, 31)] == [
        "一",
        "十",
        "十二",
        "二十",
        "三十一",
    ]
    assert chinese_year(2023) == "二〇二三"
    with pytest.raises(ValueError):
        chinese_number(0)
