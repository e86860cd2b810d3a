"""Agreement and statistics as lines for people."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from ..inference.progress import printable, say
from ..models.labels import Label
from ..models.themes import theme_ids
from .agreement import together
from .checks import write_text
from .comparison import Comparison, compare, pairs_of, table
from .documents import AnnotatedDocument
from .names import CHINESE, THEMES, label_of


def tell_agreement(documents: Sequence[AnnotatedDocument], output: Path | None) -> int:
    """Print the agreement of all pairs; the number of pairs whose texts differ, which are told.

    output: for the differences, one JSON object a line. Raises NianbaoError E401.
    """
    pairs, unlike = pairs_of(documents)
    for first, second in unlike:
        say(
            printable(
                f"{first.id}：{first.annotator}与{second.annotator}的文字不同，未比较"
                f" | the texts of {first.annotator} and {second.annotator} differ: not compared"
            )
        )
    comparison = compare(pairs)
    for line in agreement_lines(comparison):
        print(line)
    sys.stdout.flush()
    if output is not None:
        lines = (
            json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in comparison.differences
        )
        write_text(output, "".join(lines))
    return len(unlike)


def agreement_lines(comparison: Comparison) -> Iterator[str]:
    """Tab-separated, so that a spreadsheet takes it."""
    n = comparison.n_documents
    yield f"对数 pairs\t{n}"
    yield f"分歧 differences\t{len(comparison.differences)}"
    yield f"字的一致性 kappa over characters\t{_figure(comparison.kappa)}"
    yield f"片段 spans F1\t{_figure(together(list(comparison.spans.values())).f1)}"
    yield f"都标了主题的条目 items with themes by both\t{comparison.n_items}"
    yield ""
    yield "名称 name\t\t片段 F1 (spans)\tkappa\tF1（字、条目 characters, items)"
    for name, spans, cases in table(comparison):
        label = label_of(name)
        chinese = THEMES[name] if label is None else CHINESE[label]
        f1 = "" if spans is None else _figure(spans.f1)
        yield f"{name}\t{chinese}\t{f1}\t{_figure(cases.kappa)}\t{_figure(cases.f1)}"


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def tell_stats(documents: Sequence[AnnotatedDocument]) -> None:
    for line in stats_lines(documents):
        print(line)
    sys.stdout.flush()


def stats_lines(documents: Sequence[AnnotatedDocument]) -> Iterator[str]:
    """Counts, tab-separated."""
    people = Counter(document.annotator or "—" for document in documents)
    by_id = Counter(document.id for document in documents)
    spans = Counter(span.label for document in documents for span in document.spans)
    items = [item for document in documents for item in document.themes]
    themes = Counter(theme for item in items for theme in item.themes)
    yield f"报告 reports\t{len(by_id)}"
    yield f"两人以上标注 by two or more\t{sum(count > 1 for count in by_id.values())}"
    yield f"字 characters\t{sum(len(document.text) for document in documents)}"
    for name, count in sorted(people.items()):
        yield printable(f"标注者 annotator {name}") + f"\t{count}"
    for reason, count in sorted(Counter(d.chosen for d in documents if d.chosen).items()):
        yield printable(f"选取理由 chosen for {reason}") + f"\t{count}"
    for label in Label:
        yield f"{label} {CHINESE[label]}\t{spans[label]}"
    yield f"有主题的条目 items with themes\t{len(items)}"
    for theme in theme_ids():
        yield f"{theme} {THEMES[theme]}\t{themes[theme]}"
