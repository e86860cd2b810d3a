"""Agreement and statistics as lines for people."""

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from ..inference.progress import printable, say
from ..models.labels import Label
from ..models.themes import theme_ids
from .agreement import together
from .checks import write_text
from .comparison import Comparison, Pair, Pairing, compare, pairs_of, table
from .documents import AnnotatedDocument
from .names import CHINESE, THEMES, label_of


def tell_agreement(
    documents: Sequence[AnnotatedDocument],
    output: Path | None,
    people: Collection[str] | None = None,
) -> bool:
    """Print the agreement of all pairs; whether all that two people labelled was compared, and
    there was something. What was not is told.

    output: for the differences, one JSON object a line. Raises NianbaoError E401.
    people: whose labels are compared; None: everybody's.
    """
    pairing = pairs_of(documents, people)
    for line in _complaints(pairing):
        say(printable(line))
    comparison = compare(pairing.pairs)
    for line in agreement_lines(comparison, _by_people(pairing.pairs)):
        print(line)
    sys.stdout.flush()
    if output is not None:
        lines = (
            json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in comparison.differences
        )
        write_text(output, "".join(lines))
    return bool(pairing.pairs) and not pairing.unlike and not pairing.twice


def _complaints(pairing: Pairing) -> Iterator[str]:
    for first, second in pairing.unlike:
        yield (
            f"{first.id}：{first.annotator}与{second.annotator}的文字不同，未比较"
            f" | the texts of {first.annotator} and {second.annotator} differ: not compared"
        )
    for id_, who in pairing.twice:
        yield (
            f"{id_}：{who}标了不止一次，或两人同名，未比较"
            f" | labelled by {who} more than once, or by two of that name: not compared"
        )
    if pairing.n_nobodys:
        yield (
            f"{pairing.n_nobodys} 份没有人逐处看过（模型标的，或只更正了几格），未比较"
            f" | {pairing.n_nobodys} that nobody labelled in full (the model did, or single cells"
            " were corrected): not compared"
        )
    if not pairing.pairs:
        yield "没有一份由两人标注：无从比较 | nothing to compare: no report was labelled by two"


def _by_people(pairs: Iterable[Pair]) -> dict[tuple[str, str], Comparison]:
    """Of every two people their agreement, since one figure over many hides who differs."""
    theirs: dict[tuple[str, str], list[Pair]] = {}
    for first, second in pairs:
        theirs.setdefault((str(first.annotator), str(second.annotator)), []).append((first, second))
    return {people: compare(found) for people, found in sorted(theirs.items())}


def agreement_lines(
    comparison: Comparison, by_people: Mapping[tuple[str, str], Comparison]
) -> Iterator[str]:
    """Tab-separated, so that a spreadsheet takes it."""
    yield f"对数 pairs\t{comparison.n_documents}"
    yield f"分歧 differences\t{len(comparison.differences)}"
    yield f"字的一致性 kappa over characters\t{_figure(comparison.kappa)}"
    yield f"片段 spans F1\t{_span_f1(comparison)}"
    yield f"都标了主题的条目 items with themes by both\t{comparison.n_items}"
    yield f"只有一人标了主题的条目 items with themes by one\t{comparison.n_lone}"
    yield ""
    yield "两人 two people\t对数 pairs\t片段 F1 (spans)\tkappa（字 characters）"
    for people, theirs in by_people.items():
        names = printable("、".join(people))
        yield f"{names}\t{theirs.n_documents}\t{_span_f1(theirs)}\t{_figure(theirs.kappa)}"
    yield ""
    yield "名称 name\t\t片段 F1 (spans)\tkappa\tF1（字、条目 characters, items)"
    for name, spans, cases in table(comparison):
        label = label_of(name)
        chinese = THEMES[name] if label is None else CHINESE[label]
        f1 = "" if spans is None else _figure(spans.f1)
        yield f"{name}\t{chinese}\t{f1}\t{_figure(cases.kappa)}\t{_figure(cases.f1)}"


def _span_f1(comparison: Comparison) -> str:
    return _figure(together(list(comparison.spans.values())).f1)


def _figure(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def tell_stats(documents: Sequence[AnnotatedDocument]) -> None:
    for line in stats_lines(documents):
        print(line)
    sys.stdout.flush()


def stats_lines(documents: Sequence[AnnotatedDocument]) -> Iterator[str]:
    """Counts, tab-separated."""
    people = Counter(document.annotator or "—" for document in documents)
    by_id: dict[str, set[str | None]] = {document.id: set() for document in documents}
    for document in documents:
        if document.in_full:
            by_id[document.id].add(document.annotator)
    spans = Counter(span.label for document in documents for span in document.spans)
    items = [item for document in documents for item in document.themes]
    themes = Counter(theme for item in items for theme in item.themes)
    yield f"报告 reports\t{len(by_id)}"
    yield f"两人以上标注 by two or more\t{sum(len(who) > 1 for who in by_id.values())}"
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
