"""One retraining from end to end: learn, write the model, measure it, let the gate decide.

HOME/retraining/            while one is under way; it goes on from what stands there
  settings.json             what it was started with, and its mark, which its version bears
  training/ -> trained/     the run, and the run when it is over
  tagger/  themes/          the finished models
  training.json             the record

A folder gets its name when it is whole, and all of it goes only when the version is added and in
use, so that a stop at any moment loses at most what was being made, and of the training what came
after the last checkpoint.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex

from filelock import FileLock, Timeout

from ...annotations.gold import as_document
from ...inference.versions import promote
from ...models import registry
from ...models.durable import become, swap
from ...models.errors import NianbaoError
from ...models.folder import Preprocess, load_folder
from ...models.training_record import version_of
from ..calibrate import FIRST_SEED, calibrate
from ..export import export
from ..loop import CHECKPOINT
from .frozen import N_REPORTS, scores
from .gate import Verdict, judge
from .labelled import Labelled, read_labelled
from .record import record_of
from .themes import retrain as retrain_themes
from .tuning import Tuning, tune

FOLDER, SETTINGS = "retraining", "settings.json"
N_CALIBRATION = 1200  # reports; fitting to 3000, as for what is shipped, takes twice the time
JOBS = min(8, os.cpu_count() or 1)
#: What the user calls those settings that are no options.
_BASE = "起点的版本 | the version to start from"
NAMES = {"gold": "标注 | the gold", "base": _BASE, "sha256": _BASE}

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
    """What came of it. version: its number in the registry.

    rival: the version that somebody promoted meanwhile, and which therefore stays; None: nobody.
    """

    version: int
    verdict: Verdict
    promoted: bool
    rival: int | None = None


def retrain(plan: Plan, tell: Tell) -> Ending:
    """Make a new version, and the current one if the gate lets it pass.

    NianbaoError E108, E601: the gold; E602: an unfinished retraining has other settings; E603:
    another one runs; E604: the encoder; E409: the home cannot be written. BadModel: the base.
    """
    labelled = read_labelled(plan.gold)
    with _alone(registry.home()) as work:
        begun = {} if plan.fresh else _begun(work)
        base = _base(begun)
        opened = load_folder(registry.tagger_folder(base))
        tuning = Tuning(
            base=opened.path,
            encoder=plan.encoder,
            steps=plan.steps,
            minutes=plan.minutes,
            seed=plan.seed,
        )
        _account(labelled, base, tell)
        run = _settle(work, begun, _settings(plan, labelled, base, opened.sha256), tell)
        _learn(work, base, tuning, labelled, tell)
        verdict = _verdict(work, base, labelled, tell)
        ending = _add(work, run, base, plan, labelled, verdict)
        if ending.promoted:
            promote(ending.version)
        _clear(work)
    return ending


def _add(
    work: Path, run: str, base: int, plan: Plan, labelled: Labelled, verdict: Verdict
) -> Ending:
    """Make the version, unless it stands already, and decide whether it is to be the current one.

    It takes the place of its base alone: what somebody promoted meanwhile is not to be undone.
    """
    version, current = version_of(run), registry.current()
    wanted = plan.promote and (verdict.passed or plan.force)
    promoted = wanted and current in (base, version)
    if version is None:
        forced = promoted and not verdict.passed
        record_of(work / "trained", run, labelled, base, plan.seed, verdict, forced).write(work)
        version = registry.add(_version_of(work))
    return Ending(version, verdict, promoted, current if wanted and not promoted else None)


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
    """The folder of the work, held against another retraining. What the disk refuses is E409."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / f"{FOLDER}.lock", timeout=0):
            (home / FOLDER).mkdir(exist_ok=True)
            yield home / FOLDER
    except Timeout as error:
        raise NianbaoError("E603", folder=home) from error
    except BrokenPipeError:  # nobody listens any more: no fault of the disk
        raise
    except OSError as error:
        raise registry.unwritable(home, error) from error


def _begun(work: Path) -> Mapping[str, object]:
    """The settings of the work that stands there; empty where there is nothing to go on with.

    What has no checkpoint yet is nothing.
    """
    if not any((work / name).exists() for name in ("trained", f"training/{CHECKPOINT}")):
        return {}
    try:
        found = json.loads((work / SETTINGS).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _base(begun: Mapping[str, object]) -> int:
    """The version to start from: the one that the work started from, else the current one."""
    base = begun.get("base")
    return base if isinstance(base, int) and base in registry.versions() else registry.current()


def _settings(plan: Plan, labelled: Labelled, base: int, sha256: str) -> dict[str, object]:
    """All that the new model depends on. base: the version to start from, sha256: its sum."""
    return {
        "gold": [asdict(file) for file in labelled.files],
        "base": base,
        "sha256": sha256,
        "steps": plan.steps,
        "minutes": plan.minutes,
        "seed": plan.seed,
        "encoder": plan.encoder,
    }


def _settle(
    work: Path, begun: Mapping[str, object], settings: dict[str, object], tell: Tell
) -> str:
    """Go on with the work that was begun, or begin anew; its mark. NianbaoError E602."""
    if not begun:
        run = token_hex(8)
        _clear(work)
        work.mkdir()
        swap(work / SETTINGS, json.dumps({"run": run, **settings}, ensure_ascii=False, indent=1))
        return run
    unlike = [name for name, value in settings.items() if begun.get(name) != value]
    if unlike:
        raise NianbaoError("E602", reason=_named(unlike))
    tell("接着上次没有完成的再训练 | going on with an unfinished retraining")
    return str(begun["run"])


def _named(settings: list[str]) -> str:
    """`中文 | English`"""
    names = dict.fromkeys(NAMES.get(name, f"--{name} | --{name}") for name in settings)
    chinese, english = zip(*(name.split(" | ") for name in names), strict=True)
    return "、".join(chinese) + " | " + ", ".join(english)


def _clear(work: Path) -> None:
    """Remove the folder; one that was only half removed never has its name.

    What cannot be removed stays and is in nobody's way.
    """
    if work.exists():
        os.replace(work, work.with_name(f"{work.name}.old-{token_hex(8)}"))
    for old in work.parent.glob(f"{work.name}.old*"):
        shutil.rmtree(old, ignore_errors=True)


def _made(folder: Path, make: Callable[[Path], None]) -> None:
    """Have `make` write the folder, unless it stands already."""
    if folder.exists():
        return
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    make(new)
    become(new, folder)


def _learn(work: Path, base: int, tuning: Tuning, labelled: Labelled, tell: Tell) -> None:
    """Make both models, or what is lacking of them."""
    trained = work / "trained"
    if not trained.exists():
        tell("训练标注模型 | training the tagger")
        gold = [as_document(document) for document in labelled.to_learn]
        tune(tuning, gold, work / "training", tell)
        become(work / "training", trained)

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
    return f"{shipped}+{registry.next_number()}"


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
