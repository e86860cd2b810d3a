"""Theme classifiers as Markdown tables, and their mistakes in the text as HTML, for notebooks."""

from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType

from ...annotations.agreement import Agreement, together
from ...inference.themes import ThemeClassifier
from ...models.report import ModelInfo
from ...models.themes import Statement, theme_ids, themes
from ..faults import Mark
from ..show import marked, table
from .corpus import Part
from .faults import NOTHING, Case, Fault, Kind, Pairs, agreements, confused, given
from .measure import calibration_error
from .results import Comparison, SplitName

NAMES: Mapping[str, str] = MappingProxyType({e.id: f"{e.zh} {e.id}" for e in themes()})
#: Rows and columns of the confusion: the themes, and none.
SIDES: Mapping[str, str] = MappingProxyType({**NAMES, NOTHING: "没有 none"})
SPLITS: Mapping[SplitName, str] = MappingProxyType({"dev": "开发集 dev", "test": "测试集 test"})
KINDS: Mapping[Kind, str] = MappingProxyType({"missed": "漏掉 missed", "invented": "多出 invented"})
ROLES: Mapping[str, str] = MappingProxyType({"problem": "问题 problem", "measure": "措施 measure"})

WORDS = 3  # of each theme of a mistake


def about(comparison: Comparison, model: ModelInfo) -> str:
    """What was scored, and the classifier that ships."""
    rows = [
        ("随软件发布的分类器 shipped classifier", f"{model.name} {model.version}"),
        ("sha256", model.sha256[:12]),
        ("分类器 classifiers", f"{len(comparison.classifiers)}"),
    ]
    for split, gold in comparison.gold.items():
        none = sum(not own for own in gold.themes)
        rows.append((f"{SPLITS[split]}，条 statements", f"{len(gold.ids):,}"))
        rows.append(("其中没有主题 of which without a theme", f"{none}"))
        rows.append(("主题 themes", f"{sum(map(len, gold.themes)):,}"))
    return table(("", ""), rows)


def calibration(comparison: Comparison, split: SplitName) -> str:
    """Calibration errors over all pairs, and over the themes that were given alone.

    Most pairs are near 0 and true to it: the second is the harder measure.
    """
    header = (
        "分类器 classifier",
        "ECE，全部 all pairs",
        "给出的主题 given",
        "其平均概率 mean probability",
        "其中属实 of which true",
        "ECE，给出的 given",
    )
    rows = []
    for one in comparison.classifiers:
        scores, gold = comparison.arrays(one.name, split)
        picked = given(comparison, one.name, split)
        row = (
            f"{picked.sum():,}",
            f"{scores[picked].mean():.3f}",
            f"{gold[picked].mean():.3f}",
            f"{calibration_error(scores[picked], gold[picked]):.3f}",
        )
        rows.append((one.what, f"{one.splits[split].calibration_error:.3f}", *row))
    return table(header, rows)


def agreement(labellings: Mapping[str, Pairs]) -> str:
    """How often each theme was given by either side, with kappa and F1."""
    columns = ("各给 each gave", "kappa", "F1")
    header = ("主题 theme", *(f"{name}：{column}" for name in labellings for column in columns))
    found = [agreements(pairs) for pairs in labellings.values()]
    rows = [
        (NAMES[theme], *(cell for own in found for cell in _agreed(own[theme])))
        for theme in theme_ids()
    ]
    total = (cell for own in found for cell in _agreed(together(list(own.values()))))
    return table(header, [*rows, ("全部 all", *total)])


def _agreed(one: Agreement) -> tuple[str, str, str]:
    first, second = one.both + one.only_first, one.both + one.only_second
    return f"{first}, {second}", _fraction(one.kappa), _fraction(one.f1)


def _fraction(share: float | None) -> str:
    return "—" if share is None else f"{share:.3f}"


def confused_pairs(labellings: Mapping[str, Pairs], most: int) -> str:
    """The pairs of themes that stand most often in each other's place, over all labellings."""
    found = [confused(pairs) for pairs in labellings.values()]
    totals = {_both(pair): [own[pair] for own in found] for pair in set().union(*found)}
    ranked = sorted(totals.items(), key=lambda one: (-sum(one[1]), one[0]))[:most]
    rows = [(pair, *map(str, counts)) for pair, counts in ranked]
    return table(("两个主题 pair of themes", *labellings), rows)


def _both(pair: Iterable[str]) -> str:
    return " ↔ ".join(name for theme, name in NAMES.items() if theme in pair)


def cases(found: Iterable[Case], part: Part, classifier: ThemeClassifier) -> str:
    """Statements as HTML, each with its gold, what was missed or invented, and why.

    The words that speak most for a theme in question are marked where they first stand, the theme
    behind them; below the text their weights in the theme's log odds.
    """
    statements = {statement.id: statement for statement in part.statements}
    return "\n".join(_case(one, statements[one.id], classifier) for one in found)


def _case(case: Case, statement: Statement, classifier: ThemeClassifier) -> str:
    words = {f.theme: classifier.why(statement.text, f.theme, WORDS) for f in case.faults}
    by_weight = sorted((pair[1], pair[0], theme) for theme in words for pair in words[theme])
    heaviest = {word: theme for _, word, theme in by_weight}  # of the themes that share a word
    marks = [
        Mark(place, place + len(word), NAMES[theme].split()[0])
        for word, theme in heaviest.items()
        for place in (statement.text.find(word),)
    ]
    lines = "".join(f"<li>{_fault(one, words[one.theme])}</li>" for one in case.faults)
    return (
        f"<blockquote>{marked(statement.text, marks)}</blockquote>"
        f"<p><small>{escape(statement.id)}，{ROLES[statement.role]}</small><br>"
        f"标准 gold：{_listed(case.gold)}<br>所得 given：{_listed(case.given)}</p><ul>{lines}</ul>"
    )


def _listed(themes_: Iterable[str]) -> str:
    return "、".join(NAMES[theme] for theme in themes_) or SIDES[NOTHING]


def _fault(fault: Fault, words: Iterable[tuple[str, float]]) -> str:
    over = fault.score >= fault.threshold
    told = "，".join(f"{escape(word)} {weight:+.1f}" for word, weight in words)
    guess = "（没有主题过阈值，取最高 none over its threshold: the likeliest）"
    return (
        f"{KINDS[fault.kind]} <b>{NAMES[fault.theme]}</b>：{fault.score:.2f} "
        f"{'≥' if over else '&lt;'} {fault.threshold:.2f}"
        f"{guess if fault.kind == 'invented' and not over else ''}；"
        f"{told or '没有词支持它 no word speaks for it'}"
    )
