"""Whatever is done to a report's text, it is parsed or refused, and every offset holds."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.inference.pipeline import parse_text
from nianbao.inference.rules import RuleTagger
from nianbao.models.errors import NianbaoError, error_table
from nianbao.models.report import Report
from nianbao.training.synthetic.report import sample

RULES = RuleTagger()
STRAY = "|\t\n 0129一、（）。.-/—\u3000\u200b\ufffd\U00020bb7是"

Edit = Callable[[str], str]
shares = st.floats(0, 1)


def _between(text: str, first: float, second: float) -> tuple[int, int]:
    start, end = sorted((int(first * len(text)), int(second * len(text))))
    return start, end


@st.composite
def _cut(draw: st.DrawFn) -> Edit:
    """Leave out, double or move to the end a stretch of the text."""
    first, second, kind = draw(shares), draw(shares), draw(st.sampled_from(("out", "twice", "end")))

    def edit(text: str) -> str:
        start, end = _between(text, first, second)
        before, middle, after = text[:start], text[start:end], text[end:]
        return {
            "out": before + after,
            "twice": before + middle * 2 + after,
            "end": before + after + middle,
        }[kind]

    return edit


@st.composite
def _strays(draw: st.DrawFn) -> Edit:
    """Put signs, digits and numerals in anywhere."""
    inserted = draw(
        st.lists(st.tuples(shares, st.text(STRAY, min_size=1, max_size=30)), max_size=6)
    )

    def edit(text: str) -> str:
        for share, stray in inserted:
            at = int(share * len(text))
            text = text[:at] + stray + text[at:]
        return text

    return edit


@st.composite
def _lines(draw: st.DrawFn) -> Edit:
    """Shuffle, drop or double lines, or run them together."""
    rng = draw(st.randoms(use_true_random=False))
    kind = draw(st.sampled_from(("shuffle", "drop", "double", "join")))
    sign = draw(st.sampled_from((" ", "|", "\t", "\n\n", "", " |\n")))

    def edit(text: str) -> str:
        lines = text.split("\n")
        if kind == "shuffle":
            rng.shuffle(lines)
        elif kind == "drop":
            lines = [line for line in lines if rng.random() < 0.8]
        elif kind == "double":
            lines = [again for line in lines for again in [line] * rng.choice((1, 1, 2))]
        return (sign if kind == "join" else "\n").join(lines)

    return edit


edits = st.lists(st.one_of(_cut(), _strays(), _lines()), min_size=1, max_size=4)


def assert_offsets_hold(report: Report) -> None:
    text = report.source.text
    for cell in report.cells:
        assert (cell.raw is None) == (cell.start is None)
        assert cell.start is None or text[cell.start : cell.end] == cell.raw
        assert (cell.value is not None) == (cell.state == "found")
    for section in report.sections:
        if section.heading is not None:
            assert text[section.heading_start : section.heading_end] == section.heading
        assert 0 <= section.body_start <= section.body_end <= len(text)
    for item in report.items:
        assert item.text and text[item.start : item.end] == item.text
    for claim in report.claims:
        assert 0 <= claim.start < claim.end <= len(text)
    for finding in report.findings:
        assert finding.start is None or 0 <= finding.start <= (finding.end or 0) <= len(text)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 100_000), edits)
def test_a_damaged_report_is_parsed_or_refused_and_its_offsets_hold(
    seed: int, damages: list[Edit]
) -> None:
    text = sample(seed, "train", n_damages=(0, 3)).document.text
    for damage in damages:
        text = damage(text)
    try:
        report = parse_text(text, tagger=RULES)
    except NianbaoError as error:
        assert error.code in error_table()
    else:
        assert_offsets_hold(report)
