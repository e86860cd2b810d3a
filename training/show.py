"""Surveys as Markdown tables, and mistakes in their text as HTML, for notebooks."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from types import MappingProxyType

from ..inference.flat import STATE
from ..models.form import places
from ..models.labels import Label
from .compare import HEADER, Variant, row
from .faults import Example, Mark
from .metrics import SpanScore
from .metrics import total as all_spans
from .scoring import Score
from .survey import Aligned, Survey, Tally
from .synthetic.coverage import UNRECOVERABLE

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "wrong": "读错 wrong",
        "invented": "多出 invented",
        "missed": "漏掉 missed",
        "edges": "边界不对 edges",
    }
)
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "O": "无标签 O",
        Label.TITLE: "标题 TITLE",
        Label.ISSUER: "机关 ISSUER",
        Label.DATE: "日期 DATE",
        Label.SECTION: "章 SECTION",
        Label.SUBSECTION: "小标题 SUBSECTION",
        Label.CAPTION: "表注 CAPTION",
        Label.COLUMN: "表头 COLUMN",
        Label.GROUP: "行组 GROUP",
        Label.ROW: "行名 ROW",
        Label.VALUE: "数值 VALUE",
        Label.PROBLEM: "问题 PROBLEM",
        Label.MEASURE: "措施 MEASURE",
        Label.NOISE: "杂项 NOISE",
    }
)
STATES: Mapping[str, str] = MappingProxyType(
    {state: f"{name} {state}" for state, name in STATE.items()}
)
ALIGNMENTS: Mapping[str, str] = MappingProxyType(
    {
        "proved": "勾稽证实 proved",
        "unverifiable": "无从证实 unverifiable",
        "partial": "不完整 partial",
    }
)
THINGS: Mapping[str, str] = MappingProxyType(
    {"cells": "单元格 cells", "sections": "章节 sections", "items": "条目 items"}
)
STATUSES: Mapping[str, str] = MappingProxyType(
    {"ok": "通过 ok", "review": "需复核 review", "refused": "拒收 refused"}
)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table: the first column left, the others right."""
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def percent(part: int, whole: int, digits: int = 1) -> str:
    return f"{100 * part / whole:.{digits}f}" if whole else "—"


def about(big: Survey, sample: Survey) -> str:
    """What was parsed, and with which model."""
    header = ("", "大样本 large sample", "小样本 small sample")
    both = (big, sample)
    rows = (
        ("模型 model", *(f"{one.model.name} {one.model.version}" for one in both)),
        ("sha256", *(one.model.sha256[:12] for one in both)),
        ("报告 reports", *(f"{one.reports:,}" for one in both)),
        ("首个种子 first seed", *(f"{one.first_seed}" for one in both)),
        ("单元格 cells", *(f"{one.total.cells:,}" for one in both)),
        ("单元格正确 right %", *(percent(s.total.right, s.total.cells, 3) for s in both)),
        ("报告全对 perfect %", *(percent(s.total.perfect, s.total.reports) for s in both)),
    )
    return table(header, rows)


def labels(big: Survey, sample: Survey) -> str:
    """Precision, recall and F1 of every label's exact spans; the sample's F1 beside them."""
    header = ("标签 label", "标准 gold", "查准 P", "查全 R", "F1", "小样本 sample gold", "F1")

    def line(name: str, score: SpanScore, small: SpanScore) -> tuple[str, ...]:
        shares = (score.precision, score.recall, score.f1)
        return (
            LABELS.get(name, name),
            f"{score.gold:,}",
            *map(_fraction, shares),
            f"{small.gold:,}",
            _fraction(small.f1),
        )

    nothing = SpanScore(0, 0, 0)
    rows = [line(name, s, sample.spans.get(name, nothing)) for name, s in big.spans.items()]
    both = [all_spans(one.spans.values()) for one in (big, sample)]
    return table(header, [*rows, line("全部 all", both[0], both[1])])


def _fraction(share: float | None) -> str:
    return "—" if share is None else f"{share:.4f}"


def loss(score: Score) -> tuple[float, float, float]:
    """Shares of cells and of sections that are not right, and 1 - F1 of items; 0 of nothing."""
    faults = score.wrong + score.invented + score.missed
    cells = faults / score.cells if score.cells else 0.0
    sections = 1 - score.sections_right / score.sections if score.sections else 0.0
    return cells, sections, 1 - score.item_f1


def by_loss(scores: Mapping[str, Score]) -> dict[str, Score]:
    """The patterns from the worst to the best, cells first."""
    return dict(sorted(scores.items(), key=lambda pair: loss(pair[1]), reverse=True))


def patterns(scores: Mapping[str, Score], most: int | None = None) -> str:
    """The scores of layouts, damages or tiers in the order given. u: figures are gone for good."""
    header = (
        "样式 pattern",
        "报告 reports",
        "全对 perfect %",
        "单元格 cells",
        "正确 right %",
        *KINDS.values(),
        "章节 sections %",
        "条目 item F1",
    )
    rows = [
        (
            f"{name} u" if name in UNRECOVERABLE else name,
            f"{s.reports}",
            percent(s.perfect, s.reports),
            f"{s.cells:,}",
            percent(s.right, s.cells, 2),
            *(f"{n}" for n in (s.wrong, s.invented, s.missed)),
            percent(s.sections_right, s.sections),
            f"{s.item_f1:.3f}",
        )
        for name, s in list(scores.items())[:most]
    ]
    return table([name for name in header if name != KINDS["edges"]], rows)


def tallies(found: Mapping[str, Tally], first: str) -> str:
    """Cells by anything; first: the head of the first column."""
    header = (first, "单元格 cells", *(KINDS[kind] for kind in ("wrong", "invented", "missed")))
    rows = [
        (name, f"{t.cells:,}", f"{t.wrong}", f"{t.invented}", f"{t.missed}")
        for name, t in sorted(found.items(), key=lambda pair: -pair[1].not_right)
    ]
    return table(header, rows)


def worst_cells(survey: Survey, most: int) -> str:
    """The cells of which most readings are not right, by their place in the form."""
    faulty = {path: t for path, t in survey.cells.items() if t.not_right}
    ranked = sorted(faulty, key=lambda path: (-faulty[path].not_right, path))[:most]
    return tallies({f"{places()[path]}": faulty[path] for path in ranked}, "单元格 cell")


def calibration(big: Survey, sample: Survey) -> str:
    """The expected calibration errors; what is right of the most confident."""
    shares = [f"{kept.coverage:.0%}" for kept in big.confidence["cells"].kept]
    header = ("", "个数 count", "ECE", "小样本 sample ECE", *(f"保留 keep {s}, %" for s in shares))
    rows = [
        (
            title,
            f"{big.confidence[kind].count:,}",
            _fraction(big.confidence[kind].ece),
            _fraction(sample.confidence[kind].ece),
            *(f"{100 * kept.right:.3f}" for kept in big.confidence[kind].kept),
        )
        for kind, title in THINGS.items()
    ]
    return table(header, rows)


def alignments(survey: Survey) -> str:
    """Whether what the sums are said to prove is right."""
    header = (
        "表 table",
        "对齐 alignment",
        "张 tables",
        "全对 perfect %",
        "单元格正确 cells right %",
    )

    def line(name: str, kind: str, one: Aligned) -> tuple[str, ...]:
        shares = (percent(one.perfect, one.tables), percent(one.right, one.cells, 3))
        return name, ALIGNMENTS[kind], f"{one.tables}", *shares

    rows = [
        line(name, kind, own[kind])
        for name, own in sorted(survey.aligned.items())
        for kind in ALIGNMENTS
        if kind in own
    ]
    return table(header, rows)


def statuses(survey: Survey) -> str:
    """Whether the reports that a person is sent to are those with a cell that is not right."""
    header = ("结论 status", "各格全对 perfect", "有错 imperfect", "全对 perfect %")
    rows = [
        (STATUSES[name], f"{good}", f"{bad}", percent(good, good + bad))
        for name, (good, bad) in survey.statuses.items()
    ]
    return table(header, rows)


def metadata(big: Survey, sample: Survey) -> str:
    """Right in how many reports, by field; given where the text does not say it."""
    header = ("字段 field", "正确 right %", "多出 invented", "小样本 sample right %")
    rows = [
        (
            name,
            percent(count, big.total.reports),
            f"{big.total.meta_guessed[name]}",
            percent(sample.total.meta[name], sample.total.reports),
        )
        for name, count in sorted(big.total.meta.items(), key=lambda pair: (pair[1], pair[0]))
    ]
    return table(header, rows)


def variants(found: Iterable[Variant]) -> str:
    return "\n".join([HEADER, *map(row, found)])


def mistakes(examples: Iterable[Example], of: Iterable[str] | None = None) -> str:
    """Examples as HTML: the text twice, marked as gold has it and as the parser has it.

    Readable without styles too, for GitHub shows none: each mark is followed by its name.
    """
    wanted = None if of is None else set(of)
    parts = [_mistake(one) for one in examples if wanted is None or one.of in wanted]
    return "\n".join([_STYLE, *parts]) if parts else "<p>无 none</p>"


_OF = {**LABELS, "cell": "单元格 cell", "section": "章节 section", "item": "条目 item"}


def _mistake(one: Example) -> str:
    where = ", ".join((f"seed {one.seed}", one.layout, *one.damages))
    return (
        f"<h4>{_OF[one.of]}：{KINDS[one.kind]}</h4><p>{escape(one.what)}<br><small>{escape(where)}"
        f"</small></p><blockquote>标准 gold<br>{marked(one.text, one.gold)}</blockquote>"
        f"<blockquote>所得 given<br>{marked(one.text, one.given)}</blockquote>"
    )


_COLOURS: Mapping[str, str] = MappingProxyType(
    {
        Label.TITLE: "#fde2a7",
        Label.ISSUER: "#e3c9a8",
        Label.DATE: "#f3d1e6",
        Label.SECTION: "#b8e0d2",
        Label.SUBSECTION: "#dfe3b4",
        Label.CAPTION: "#dcdcdc",
        Label.COLUMN: "#d6cdea",
        Label.GROUP: "#b5c7d3",
        Label.ROW: "#c3dcf5",
        Label.VALUE: "#fff3a3",
        Label.PROBLEM: "#f7c6c7",
        Label.MEASURE: "#c9e8b5",
        Label.NOISE: "#cfc5bb",
    }
)
_RULES = (f".{name} {{background: {colour}}}" for name, colour in _COLOURS.items())
_STYLE = f"<style>{' '.join(_RULES)}</style>"


def marked(text: str, marks: Iterable[Mark]) -> str:
    """`text` as HTML with every mark named, labels and roles coloured.

    Of marks that overlap the first is drawn.
    """
    parts: list[str] = []
    end = 0
    for mark in sorted(marks):
        if mark.start < end:
            continue
        parts.append(_visible(text[end : mark.start]))
        parts.append(
            f'<mark class="{escape(mark.name.upper())}">{_visible(text[mark.start : mark.end])}'
            f"<sub>{escape(mark.name)}</sub></mark>"
        )
        end = mark.end
    return "".join([*parts, _visible(text[end:])])


def _visible(text: str) -> str:
    """Line breaks and tabs, which HTML would swallow, as signs."""
    return escape(text).replace("\t", "⇥").replace("\n", "⏎<br>")
