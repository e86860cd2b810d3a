"""`nianbao annotate import`: from what a tool exported to gold; what does not fit is listed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from ..inference.progress import printable, say
from .checks import Refusal, write_text
from .documents import AnnotatedDocument
from .formats import Exchange, converter, format_of
from .gold import merged, read_gold, write


def run(
    inputs: Sequence[Path],
    output: Path,
    format_: Exchange | None,
    annotator: str | None,
    *,
    quiet: bool = False,
) -> int:
    """Merge the annotations of `inputs` into the gold file `output`; the number of refusals.

    Each refusal is told with its place, and written to `<output>.refused.jsonl`, which a run
    without any removes. Documents without an annotator are nobody's work and stay out.
    Raises NianbaoError: E108 where a file cannot be used at all, E401.
    """
    before = read_gold(output) if output.exists() else ()
    taken: list[AnnotatedDocument] = []
    refused: list[Refusal] = []
    nobodys = 0
    for path in inputs:
        for outcome in converter(format_ or format_of(path)).read(path):
            if isinstance(outcome, Refusal):
                refused.append(outcome)
                say(printable(outcome.words))
            elif (who := outcome.annotator or annotator) is None:
                nobodys += 1
            else:
                taken.append(_by(outcome, who))
    write(merged(before, taken), output)
    _list(refused, output.with_name(f"{output.name}.refused.jsonl"))
    if not quiet:
        _tell(output, len(taken), len({(one.file, one.task) for one in refused}), nobodys)
    return len(refused)


def _by(document: AnnotatedDocument, who: str) -> AnnotatedDocument:
    """The person's own: what the model's scores were does not count any more."""
    spans = tuple(replace(span, score=1.0) for span in document.spans)
    return replace(document, annotator=who, spans=spans)


def _list(refused: Sequence[Refusal], path: Path) -> None:
    if refused:
        lines = (json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in refused)
        write_text(path, "".join(lines))
    else:
        path.unlink(missing_ok=True)


def _tell(output: Path, n_taken: int, n_refused: int, nobodys: int) -> None:
    say(
        f"导入 {n_taken} 份，拒绝 {n_refused} 份：{output}"
        f" | {n_taken} taken, {n_refused} refused: {output}"
    )
    if nobodys:
        say(
            f"{nobodys} 份没有标注者，未导入；以 --annotator 指明"
            f" | {nobodys} without an annotator were left out; name one with --annotator"
        )
