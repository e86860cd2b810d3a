"""The reports of a run, written once into a folder: files of the stated mix, and their texts."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import drafts
from benchmarks.mix import Format, format_of, length_of
from nianbao.inference.legible import legible
from nianbao.inference.read import read_bytes
from nianbao.training import synthetic

#: The corpus' first 100, 1,000, 10,000 reports lie in folders of their own, so that each of these
#: corpora is some of the folders.
SIZES = (100, 1_000, 10_000)
#: Of so many the text as the tagger sees it is kept beside the files.
N_TEXTS = 1_000
_INDEX = "entries.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One report. path, text: in the corpus' folder; text is None behind the first N_TEXTS.

    characters: of the text as it is read; n_bytes: of the file.
    """

    path: str
    text: str | None
    format: Format
    characters: int
    n_bytes: int


@dataclass(frozen=True, slots=True)
class Corpus:
    folder: Path
    entries: tuple[Entry, ...]

    def inputs(self, size: int) -> list[Path]:
        """The folders that hold the first `size` reports. ValueError where there is no such cut."""
        if size not in self.sizes:
            raise ValueError(f"a corpus of {size} reports is not among {self.sizes}")
        return [self.folder / _part(end) for end in self.sizes if end <= size]

    @property
    def sizes(self) -> tuple[int, ...]:
        return _ends(len(self.entries))

    def text(self, number: int) -> str:
        name = self.entries[number].text
        if name is None:
            raise ValueError(f"the text of report {number} is not kept")
        return (self.folder / name).read_text(encoding="utf-8")


def corpus(folder: Path, size: int, jobs: int) -> Corpus:
    """The corpus of `size` reports under `folder`; written where it is not there yet.

    It is written anew where the generator has changed since: its name tells.
    """
    home = folder / f"corpus-{_fingerprint()}-{size}"
    if not (home / _INDEX).is_file():
        for former in folder.glob(f"corpus-*-{size}"):  # of another generator, or not finished
            shutil.rmtree(former)
        for end in _ends(size):
            (home / _part(end)).mkdir(parents=True)
        (home / "texts").mkdir()
        with ProcessPoolExecutor(jobs) as pool:
            places = [str(home)] * size
            entries = list(pool.map(_write, places, range(size), [size] * size, chunksize=20))
        index = json.dumps([asdict(entry) for entry in entries], ensure_ascii=False)
        (home / _INDEX).write_text(index, encoding="utf-8")
    return opened(home)


def of_length(found: Corpus, number: int, length: int) -> Path:
    """A text of exactly so many characters beside the corpus."""
    file = found.folder / "lengths" / f"{length:06}-{number:02}.txt"
    if not file.is_file():
        file.parent.mkdir(exist_ok=True)
        file.write_text(drafts.exactly(number, length), encoding="utf-8")
    return file


def opened(home: Path) -> Corpus:
    rows = json.loads((home / _INDEX).read_text(encoding="utf-8"))
    return Corpus(home, tuple(Entry(**row) for row in rows))


def _write(home: str, number: int, size: int) -> Entry:
    """Write report `number` of a corpus of `size`, and its text."""
    kind = format_of(number)
    length = length_of(number)
    if kind == "html":
        data = drafts.page(number, length)
    else:
        data = drafts.plain(number, length).encode()
    end = next(end for end in _ends(size) if number < end)
    path = f"{_part(end)}/{number:06}.{'html' if kind == 'html' else 'txt'}"
    (Path(home) / path).write_bytes(data)
    document = read_bytes(data, path)
    text = None
    if number < N_TEXTS:
        text = f"texts/{number:06}.txt"
        (Path(home) / text).write_text(legible(document.text), encoding="utf-8")
    return Entry(path, text, kind, len(document.text), len(data))


def _ends(size: int) -> tuple[int, ...]:
    return (*(end for end in SIZES if end < size), size)


def _part(end: int) -> str:
    return f"to-{end:06}"


def _fingerprint() -> str:
    """Of the modules and grammars that the reports come from."""
    digest = hashlib.sha256()
    for file in _sources():
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _sources() -> Iterator[Path]:
    here = Path(__file__).parent
    yield from (here / name for name in ("corpus.py", "drafts.py", "mix.py", "site.py"))
    home = Path(next(iter(synthetic.__path__)))
    yield from sorted(f for f in home.rglob("*") if f.is_file() and f.suffix != ".pyc")


def shares(weights: Sequence[int], n: int) -> list[list[int]]:
    """The indices of `weights` in `n` groups of about equal weight, heaviest first."""
    groups: list[list[int]] = [[] for _ in range(n)]
    loads = [0] * n
    for index in sorted(range(len(weights)), key=lambda i: -weights[i]):
        lightest = loads.index(min(loads))
        groups[lightest].append(index)
        loads[lightest] += weights[index]
    return groups
