"""`nianbao annotate export`: from reports to tasks, or from gold to another format."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..inference.corrections import Layer, load_corrections
from ..inference.inputs import find_inputs
from ..inference.progress import complaint, printable, say
from ..inference.tagger import NetworkTagger, load_tagger
from ..models.errors import NianbaoError
from ..models.report import Report
from .corrected import amended
from .documents import AnnotatedDocument
from .formats import Exchange, converter
from .gold import read_gold
from .label_studio import write as write_tasks
from .preannotated import model_version, preannotated
from .queue import Candidate, choose, failures, layout_of, least_confidence

_GOLD = ".jsonl"
_Parsed = tuple[AnnotatedDocument, Report]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the command was asked for."""

    inputs: Sequence[str]
    output: Path
    to: Exchange
    number: int | None
    random_share: float
    seed: int
    known: tuple[Path, ...]
    themes: bool
    model: Path | None
    corrections: Path | None = None


def is_gold(path: str) -> bool:
    """Whether an input is taken for annotations; it is a report otherwise."""
    return path.endswith(_GOLD)


def run(plan: Plan, *, quiet: bool = False) -> int:
    """Write the file; the number of inputs that could not be parsed, which are told.

    Raises NianbaoError: E108 for gold, E109 for corrections, E301 for the model, E401 where it
    cannot be written.
    """
    gold = [path for path in plan.inputs if is_gold(path)]
    documents = [document for path in gold for document in read_gold(Path(path))]
    paths = list(find_inputs(path for path in plan.inputs if path not in gold))
    failed, version = 0, ""
    if paths:
        tagger = load_tagger(plan.model)
        version = model_version(tagger)
        parsed, failed = _parsed(paths, tagger, plan)
        if plan.corrections is None:
            documents += _chosen(parsed, tagger, plan)
        else:
            documents += _amended(parsed, load_corrections(plan.corrections))
    if plan.to is Exchange.LABEL_STUDIO:
        write_tasks(documents, plan.output, version)
    else:
        converter(plan.to).write(documents, plan.output)
    if not quiet:
        say(
            f"写出 {len(documents)} 份，未能解析 {failed} 份：{plan.output}"
            f" | {len(documents)} written, {failed} could not be parsed"
        )
    return failed


def _parsed(paths: Iterable[str], tagger: NetworkTagger, plan: Plan) -> tuple[list[_Parsed], int]:
    """Each content once, without those that are annotated already; and the number of failures."""
    known = {document.id for path in plan.known for document in read_gold(path)}
    found: dict[str, _Parsed] = {}
    failed = 0
    for path in paths:
        try:
            document, report = preannotated(path, tagger, with_themes=plan.themes)
        except NianbaoError as error:
            failed += 1
            say(complaint(error, path))
        else:
            if document.id not in known:
                found.setdefault(document.id, (document, report))
    return list(found.values()), failed


def _chosen(
    parsed: Iterable[_Parsed], tagger: NetworkTagger, plan: Plan
) -> Iterable[AnnotatedDocument]:
    if plan.number is None:
        return [document for document, _ in parsed]
    candidates = [
        Candidate(
            document, least_confidence(report), failures(report), layout_of(document.text, tagger)
        )
        for document, report in parsed
    ]
    texts = {document.text for path in plan.known for document in read_gold(path)}
    known = [layout_of(text, tagger) for text in sorted(texts) if text]
    return choose(
        candidates, plan.number, random_share=plan.random_share, seed=plan.seed, known=known
    )


def _amended(parsed: Iterable[_Parsed], layer: Layer) -> Iterator[AnnotatedDocument]:
    """The reports that were corrected; what has no place in the text is told."""
    for document, report in parsed:
        if document.sha256 in layer:
            done, troubles = amended(document, report, layer[document.sha256])
            for trouble in troubles:
                say(printable(f"{document.source}: {trouble.place}: {trouble.reason}"))
            yield done
