"""The versions of the model on this machine, and which of them is current.

HOME/models/1/ 2/ …   a version: tagger/  themes/  training.json  SHA256SUMS of them all
HOME/models/current   one line, the version in use; no such file: 0, the one that is shipped
HOME/models/history   the versions that were current before, one a line, the last at the end

A version is written under another name and renamed, so that a folder with a number is whole; the
two files are swapped by rename, the history first: whenever a program is stopped, `current` names
the version of before or the new one. Reading creates nothing.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Literal

from .durable import copy, flush_all, flush_folder, swap
from .errors import BadModel, NianbaoError
from .sums import SUMS, bad_model, check_files, verified, write_sums

Part = Literal["tagger", "themes"]

HOME = "NIANBAO_HOME"
SHIPPED = 0
TRAINING = "training.json"
CURRENT, HISTORY = "current", "history"
_PARTS: tuple[Part, ...] = ("tagger", "themes")
_NEEDED = (*(f"{part}/{SUMS}" for part in _PARTS), TRAINING)
_NUMBER = re.compile("0|[1-9][0-9]{0,8}")
_LAST = 10**9 - 1


def home() -> Path:
    """$NIANBAO_HOME, else the user's folder for data, as the system has it. It may not exist."""
    given = os.environ.get(HOME)
    if not given:
        from platformdirs import user_data_dir

        given = user_data_dir("nianbao", appauthor=False)
    return Path(os.path.abspath(os.path.expanduser(given)))


def versions() -> tuple[int, ...]:
    """All that there are, rising, 0 among them."""
    found = (number for number in _numbers() if (version_folder(number) / SUMS).is_file())
    return (SHIPPED, *sorted(found))


def current() -> int:
    """The version in use. BadModel where the file that tells it holds something else."""
    content = _read(_models() / CURRENT)
    if content is None:
        return SHIPPED
    number = _number(content.strip())
    if number is None:
        raise bad_model(f"{CURRENT} 里不是版本号", f"{CURRENT} holds no version number")
    return number


def version_folder(version: int) -> Path:
    """Where a version lies, or would; 0: in the package."""
    return Path(__file__).parent / "weights" if version == SHIPPED else _models() / str(version)


def tagger_folder(version: int | None = None) -> Path:
    """The tagger's folder of a version, None: of the current one, as it stands, unchecked."""
    return version_folder(current() if version is None else version) / "tagger"


def themes_folder(version: int | None = None) -> Path:
    """The same for the classifier of themes."""
    return version_folder(current() if version is None else version) / "themes"


@contextmanager
def opening(part: Part, given: Path | None = None, version: int | None = None) -> Iterator[Path]:
    """The folder to be opened: `given`, else that of a version, None: of the current one.

    The folder of a version has to be the one that the version was sealed with. A BadModel that is
    raised in the body names the version.
    """
    if given is not None:
        yield given
        return
    number = current() if version is None else version
    folder = version_folder(number)
    try:
        if number != SHIPPED:
            check_files(folder, (f"{part}/{SUMS}", TRAINING))
        yield folder / part
    except BadModel as error:
        if number == SHIPPED:
            raise
        chinese, _, english = str(error.values["reason"]).partition(" | ")
        raise bad_model(f"版本 {number}：{chinese}", f"version {number}: {english}") from error


def check(version: int) -> None:
    """Read all of a version. NianbaoError E303 where there is none, BadModel where it changed."""
    if version not in versions():
        raise NianbaoError("E303", version=version)
    folder = version_folder(version)
    if version != SHIPPED:
        verified(folder, _NEEDED)
    for part in _PARTS:
        verified(folder / part)


def add(folder: Path) -> int:
    """Take a copy of a finished folder in as a new version; its number. It is not current yet.

    folder: with tagger/, themes/ and training.json. BadModel where one of them is missing or
    changed, E409 where it cannot be written.
    """
    for name in _NEEDED:
        if not (folder / name).is_file():
            raise bad_model(f"缺少 {name}", f"{name} is missing")
    with _writing() as models:
        new = models / f".new-{token_hex(8)}"
        try:
            copy(folder, new)
            for part in _PARTS:
                verified(new / part)
            write_sums(new)
            flush_all(new)
            return _named(new, models)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def next_number() -> int:
    """The one that the next version will have: after all that anything here has meant."""
    meant = (*_numbers(), *_history(), _current() or 0)
    return 1 + max((number for number in meant if number < _LAST), default=0)


def _named(new: Path, models: Path) -> int:
    """Rename a whole folder to its number."""
    number = next_number()
    while True:
        try:
            os.rename(new, models / str(number))
        except OSError:
            if not os.path.lexists(models / str(number)):
                raise
            number += 1  # another process was faster
        else:
            flush_folder(models)
            return number


def promote(version: int) -> None:
    """Make a version the current one, if all its sums are right.

    Whether its models open is for `inference.versions` to see. Raises as `check`, and E409.
    """
    check(version)
    before = _current()
    with _writing() as models:
        if before is not None and before != version:
            _write_history((*_trail(before), before), models)
        swap(models / CURRENT, f"{version}\n")


def previous() -> int | None:
    """What `rollback` goes back to; None where nothing was before."""
    now = _current()
    trail = _trail(now)
    if trail:
        return trail[-1]
    return None if now == SHIPPED else SHIPPED


def rollback() -> int:
    """Make the version current that was so before, and return it.

    Raises as `promote`, and E304 where nothing was before.
    """
    version = previous()
    if version is None:
        raise NianbaoError("E304")
    check(version)
    trail = _trail(_current())
    with _writing() as models:
        swap(models / CURRENT, f"{version}\n")
        _write_history(trail[:-1], models)
    return version


def _models() -> Path:
    return home() / "models"


def _numbers() -> Iterator[int]:
    """The numbers that names in the folder are, whole or not."""
    try:
        names = os.listdir(_models())
    except OSError:
        return
    for name in names:
        number = _number(name)
        if number:
            yield number


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _current() -> int | None:
    """The current version; None where the file is spoiled: promoting and rolling back mend it."""
    try:
        return current()
    except BadModel:
        return None


def _history() -> tuple[int, ...]:
    lines = (_read(_models() / HISTORY) or "").split()
    return tuple(number for line in lines if (number := _number(line)) is not None)


def _trail(now: int | None) -> tuple[int, ...]:
    """The history to go back on, without versions that are gone.

    Nor has it the present at its end: a program may stop between the two files.
    """
    there = versions()
    trail = tuple(number for number in _history() if number in there)
    while trail and trail[-1] == now:
        trail = trail[:-1]
    return trail


def _write_history(numbers: tuple[int, ...], models: Path) -> None:
    swap(models / HISTORY, "".join(f"{number}\n" for number in numbers))


def _read(file: Path) -> str | None:
    """None where there is no such file. BadModel where it cannot be read."""
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if not os.environ.get(HOME) and not os.path.exists(file.parent):
            return None  # the home of another user, into which we may not look
        raise bad_model(f"读不到 {file}", f"{file} cannot be read") from error


@contextmanager
def _writing() -> Iterator[Path]:
    """The folder of the models, made if need be. An OSError in the body becomes E409."""
    models = _models()
    try:
        models.mkdir(parents=True, exist_ok=True)
        yield models
    except OSError as error:
        raise unwritable(models, error) from error


def unwritable(folder: Path, error: OSError) -> NianbaoError:
    """E409, with the cause that the system gives; where there are several, the first."""
    several = isinstance(error, shutil.Error) and isinstance(error.args[0], list)
    cause = error.args[0][0][2] if several else error.strerror or error
    return NianbaoError("E409", reason=f"{error.filename or folder}: {cause}")
