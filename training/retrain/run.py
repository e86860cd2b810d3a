"""One retraining from end to end: learn, write the model, measure it, let the gate decide.

HOME/retraining/            while one is under way; it goes on from what stands there
  settings.json             what it was started with
  training/ -> trained/     the run, and the run when it is over
  tagger/  themes/          the finished models
  training.json             the record

A folder gets its name when it is whole, so that a stop at any moment loses at most what was being
made, and of the training what came after the last checkpoint.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ...annotations.gold import as_document
from ...inference.versions import promote
from ...models import registry
from ...models.errors import NianbaoError
from ...models.folder import Preprocess, load_folder
from ..calibrate import FIRST_SEED, calibrate
from ..export import export
from .frozen import N_REPORTS, scores
from .gate import Verdict, judge
from .labelled import Labelled, read_labelled
from .record import record_of
from .themes import retrain as retrain_themes
from .tuning import Tuning, tune

FOLDER = "retraining"
N_CALIBRATION = 1200  # reports; fitting to 3000, as for what is shipped, takes twice the time
JOBS = min(8, os.cpu_count() or 1)

Tell = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """gold: files. steps, minutes, seed, encoder: see `Tuning`.

    force: promote whatever the gate says. promote: whether to, if it passes. fresh: throw away
    what an unfinished retraining left.
    """

    gold: tuple[Path, ...]
    steps: int | None = None
    minutes: float | None = None
    seed: int = 0
    encoder: str | None = None
    force: bool = False
    promote: bool = True
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of it. version: its number in the registry."""

    version: int
    verdict: Verdict
    promoted: bool


def retrain(plan: Plan, tell: Tell) -> Ending:
    """Make a new version, and the current one if the gate lets it pass.

    NianbaoError E108, E601: the gold; E602: an unfinished retraining has other settings; E603:
    another one runs; E604: the encoder; E409: the home cannot be written. BadModel: the base.
    """
    labelled = read_labelled(plan.gold)
    base = registry.current()
    opened = load_folder(registry.tagger_folder(base))
    tuning = Tuning(
        base=opened.path,
        encoder=plan.encoder,
        steps=plan.steps,
        minutes=plan.minutes,
        seed=plan.seed,
    )
    _account(labelled, base, tell)
    with _alone(registry.home()) as work:
        _settle(work, _settings(plan, labelled, opened.sha256), plan.fresh, tell)
        _learn(work, base, tuning, labelled, tell)
        verdict = _verdict(work, base, labelled, tell)
        promoted = plan.promote and (verdict.passed or plan.force)
        forced = promoted and not verdict.passed
        record_of(work / "trained", labelled, base, plan.seed, verdict, forced).write(work)
        version = registry.add(_version_of(work))
        _clear(work)
    if promoted:
        promote(version)
    return Ending(version, verdict, promoted)


def _account(labelled: Labelled, base: int, tell: Tell) -> None:
    n, n_held_out = len(labelled.to_learn), len(labelled.held_out)
    tell(
        f"从版本 {base} 起，学 {n} 份，留出 {n_held_out} 份测量；"
        f"没有人看过的 {labelled.n_unseen} 份、他人重复标注的 {labelled.n_other} 份不用"
        f" | from version {base}: {n} reports to learn from, {n_held_out} held out;"
        f" {labelled.n_unseen} that nobody has looked at and {labelled.n_other} second opinions"
        " are left aside"
    )


@contextmanager
def _alone(home: Path) -> Iterator[Path]:
    """The folder of the work, held against another retraining."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        held = FileLock(home / f"{FOLDER}.lock", timeout=0).acquire()
    except Timeout as error:
        raise NianbaoError("E603", folder=home) from error
    except OSError as error:
        raise NianbaoError("E409", reason=f"{home}: {error.strerror or error}") from error
    with held:
        yield home / FOLDER


def _settings(plan: Plan, labelled: Labelled, base: str) -> dict[str, object]:
    """All that the new model depends on. base: the sum of the model to start from."""
    return {
        "gold": [asdict(file) for file in labelled.files],
        "base": base,
        "steps": plan.steps,
        "minutes": plan.minutes,
        "seed": plan.seed,
        "encoder": plan.encoder,
    }


def _settle(work: Path, settings: dict[str, object], fresh: bool, tell: Tell) -> None:
    """Go on with the work that stands there, or begin anew. NianbaoError E602."""
    file = work / "settings.json"
    if fresh or not file.is_file():
        _clear(work)
        work.mkdir()
        new = work / "settings.new"
        new.write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", "utf-8")
        os.replace(new, file)
        return
    found = json.loads(file.read_text("utf-8"))
    unlike = [name for name, value in settings.items() if found.get(name) != value]
    if unlike:
        raise NianbaoError("E602", reason="、".join(unlike) + " | " + ", ".join(unlike))
    tell("接着上次没有完成的再训练 | going on with an unfinished retraining")


def _clear(work: Path) -> None:
    """Remove the folder; one that was only half removed never has its name."""
    old = work.with_name(f"{work.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if work.exists():
        os.replace(work, old)
        shutil.rmtree(old)


def _made(folder: Path, make: Callable[[Path], None]) -> None:
    """Have `make` write the folder, unless it stands already."""
    if folder.exists():
        return
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    make(new)
    os.replace(new, folder)


def _learn(work: Path, base: int, tuning: Tuning, labelled: Labelled, tell: Tell) -> None:
    """Make both models, or what is lacking of them."""
    trained = work / "trained"
    if not trained.exists():
        tell("训练标注模型 | training the tagger")
        gold = [as_document(document) for document in labelled.to_learn]
        tune(tuning, gold, work / "training", tell)
        os.replace(work / "training", trained)

    def make_tagger(folder: Path) -> None:
        tell("导出并校准置信度 | exporting, and calibrating the confidences")
        export(trained, folder, _name(tuning.base))
        calibrate(folder, FIRST_SEED, N_CALIBRATION, JOBS)

    def make_themes(folder: Path) -> None:
        tell("训练主题模型 | training the themes")
        tell(retrain_themes(labelled.to_learn, folder, base=registry.themes_folder(base)))

    _made(work / "tagger", make_tagger)
    _made(work / "themes", make_themes)


def _name(base: Path) -> str:
    """The version that the model tells of itself: that of the shipped one, and its number here."""
    raw = (base / "preprocess.json").read_bytes()
    shipped = Preprocess.model_validate_json(raw).version.partition("+")[0]
    return f"{shipped}+{max(registry.versions()) + 1}"


def _verdict(work: Path, base: int, labelled: Labelled, tell: Tell) -> Verdict:
    tell("新旧模型同卷评测 | measuring the old model and the new on the same reports")
    old, new = (
        scores(
            tagger,
            themes,
            labelled.held_out,
            labelled.to_learn,
            jobs=JOBS,
            n_reports=N_REPORTS,
        )
        for tagger, themes in (
            (registry.tagger_folder(base), registry.themes_folder(base)),
            (work / "tagger", work / "themes"),
        )
    )
    return judge(old, new)


def _version_of(work: Path) -> Path:
    """The folder that becomes a version: the finished parts without the run."""
    folder = work / "version"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for part in ("tagger", "themes"):
        shutil.copytree(work / part, folder / part)
    shutil.copy(work / registry.TRAINING, folder)
    return folder
