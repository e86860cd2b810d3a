"""Two long proofs of `nianbao batch`: killed at random moments, and fed with poison.

python -m benchmarks.soak kills  --reports 300 --trials 30
python -m benchmarks.soak poison --reports 5000 --poisoned 200

Exit status 0 where the proof holds. Both take a while: the first about two runs of its reports for
each trial, the second two runs of all reports and the time limits of the poisoned ones.
"""

import argparse
import ctypes
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow.parquet as parquet

from benchmarks.corpus import corpus
from benchmarks.processes import environment
from nianbao.inference.batch.options import Options, Parser
from nianbao.inference.batch.run import batch
from nianbao.inference.batch.worker import load_parser
from nianbao.models.document import Document
from nianbao.models.report import Report

_SHARD_SIZE = 8  # small, so that a kill may fall anywhere
_TIMEOUT = 5.0  # seconds for a document
_MEMORY = 1024  # MB of a worker
_HARD = 2.0  # seconds more, where a document heeds no signal
_RESTART = 6.0  # seconds to start a worker, with room for a loaded machine
_SLACK = 1.3  # of the calm run's time: noise of the machine, shards that are begun again


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("proof", choices=("kills", "poison"))
    parser.add_argument("--reports", type=int, default=300)
    parser.add_argument("--trials", type=int, default=30)
    parser.add_argument("--poisoned", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=Path("out/soak"))
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    held = kills(given) if given.proof == "kills" else poison(given)
    print("holds" if held else "FAILS")
    return 0 if held else 1


def kills(given: argparse.Namespace) -> bool:
    """Whether every trial, killed twice at random moments, ends with the files of a calm run."""
    source = _reports(given.folder, given.reports)
    calm = given.folder / "calm"
    shutil.rmtree(calm, ignore_errors=True)
    started = time.monotonic()
    _command(source, calm, given.workers).wait()
    seconds = time.monotonic() - started
    expected = _contents(calm)
    print(f"{given.reports} reports in {seconds:.1f} s undisturbed")
    rng = random.Random(given.seed)
    return all(
        [_trial(number, source, given, rng, seconds, expected) for number in range(given.trials)]
    )


def _trial(
    number: int,
    source: Path,
    given: argparse.Namespace,
    rng: random.Random,
    seconds: float,
    expected: dict[str, bytes],
) -> bool:
    out = given.folder / "killed"
    shutil.rmtree(out, ignore_errors=True)
    moments = [rng.uniform(0, seconds), rng.uniform(0, seconds / 2)]
    for moment in moments:
        process = _command(source, out, given.workers)
        time.sleep(moment)
        process.kill()
        process.wait()
    left = len(list((out / ".batch/done").glob("*.json")))
    _command(source, out, given.workers).wait()
    same = _contents(out) == expected
    told = ", ".join(f"{moment:.1f}" for moment in moments)
    print(f"trial {number}: killed after {told} s, {left} shards done then, same: {same}")
    return same and _each_once(out, given.reports)


def _each_once(out: Path, n_sources: int) -> bool:
    """Whether every source gave one report or one failure."""
    rows = parquet.read_table(out / "reports", columns=["report", "path"])
    failed = len((out / "failed.jsonl").read_text("utf-8").splitlines())
    n_rows: int = rows.num_rows
    return len(set(rows["report"].to_pylist())) == n_rows and n_rows + failed == n_sources


def _command(source: Path, out: Path, workers: int) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "nianbao", "batch", str(source), "-o", str(out), "-q"]
    words += ["--workers", str(workers), "--shard-size", str(_SHARD_SIZE)]
    words += ["--to", "json", "--to", "csv"]
    return subprocess.Popen(words, env=environment())


def _contents(out: Path) -> dict[str, bytes]:
    """All files but the log, which holds times and processes."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name != "run.log"
    }


def _reports(folder: Path, size: int) -> Path:
    """A folder with so many reports of the benchmark's mix, and nothing else."""
    made = corpus(folder, size, os.cpu_count() or 1)
    source = folder / f"reports-{size}"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    for entry in made.entries:
        shutil.copy(made.folder / entry.path, source)
    return source


def poison(given: argparse.Namespace) -> bool:
    """Whether all good reports are parsed beside poison, and none costs more than its limits."""
    n_good = given.reports - given.poisoned
    source = _reports(given.folder, n_good)
    calm = _timed(source, given.folder / "calm", given.workers)
    (source / "poison").mkdir()
    for number in range(given.poisoned):
        _, write, _, _ = KINDS[number % len(KINDS)]
        write(source / "poison", number)
    out = given.folder / "poisoned"
    seconds = _timed(source, out, given.workers)
    costs = sum(KINDS[number % len(KINDS)][3] for number in range(given.poisoned))
    bound = _SLACK * calm + costs / given.workers
    print(
        f"{n_good} good ones alone {calm:.1f} s, with poison {seconds:.1f} s, bound {bound:.1f} s"
    )
    return _is_accounted(out, n_good, given.poisoned) and seconds <= bound


def _is_accounted(out: Path, n_good: int, n_poisoned: int) -> bool:
    lines = [json.loads(line) for line in (out / "failed.jsonl").read_text("utf-8").splitlines()]
    parsed = parquet.read_table(out / "reports", columns=["path"])["path"].to_pylist()
    print(f"{len(parsed)} parsed, {len(lines)} failed: {Counter(line['code'] for line in lines)}")
    held = len(parsed) == n_good and len(lines) == n_poisoned
    for line in lines:
        name, _, code, _ = KINDS[int(re.findall(r"\d+", line["path"])[-1]) % len(KINDS)]
        if line["code"] not in code:
            print(f"{line['path']}: {name} gave {line['code']}, not one of {code}")
            held = False
    return held


def _timed(source: Path, out: Path, workers: int) -> float:
    shutil.rmtree(out, ignore_errors=True)
    options = Options(workers=workers, timeout=_TIMEOUT, max_memory=_MEMORY, load=load_poisoned)
    started = time.monotonic()
    batch([str(source)], out, options)
    return time.monotonic() - started


def load_poisoned(options: Options) -> Parser:
    """The shipped pipeline, but for documents that ask for the worst: no file we know of makes it
    hang or crash, and one that did would be mended."""
    parse = load_parser(options)

    def parse_or_suffer(doc: Document) -> Report:
        for word, deed in DEEDS.items():
            if doc.text.startswith(word):
                deed()
        return parse(doc)

    return parse_or_suffer


def _sleep() -> None:
    time.sleep(3600)


def _get_stuck() -> None:
    re.match(r"(a+)+$", "a" * 64 + "b")


def _fill_memory() -> None:
    held = []
    while True:
        held.append(bytearray(64 << 20))


def _crash() -> None:
    ctypes.string_at(0)


DEEDS: dict[str, Callable[[], None]] = {
    "SLEEP": _sleep,
    "STUCK": _get_stuck,
    "FILL": _fill_memory,
    "CRASH": _crash,
}

Write = Callable[[Path, int], None]


def _asking(word: str) -> Write:
    def write(folder: Path, number: int) -> None:
        (folder / f"{number}.txt").write_text(f"{word} {number}", encoding="utf-8")

    return write


def _bytes(suffix: str, content: Callable[[int], bytes]) -> Write:
    def write(folder: Path, number: int) -> None:
        (folder / f"{number}.{suffix}").write_bytes(content(number))

    return write


def _bomb(folder: Path, number: int) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{number}.txt", bytes(40_000_000 + number))


def _junk(number: int) -> bytes:
    return random.Random(number).randbytes(20_000)


def _picture(number: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + _junk(number)


def _deep(number: int) -> bytes:
    return b"<div>" * (20_000 + number)


#: What it is, how it is written, the codes it may get, seconds of one worker that it may cost.
KINDS: tuple[tuple[str, Write, frozenset[str], float], ...] = (
    ("sleeps", _asking("SLEEP"), frozenset(("E501",)), _TIMEOUT + 1),
    ("heeds no signal", _asking("STUCK"), frozenset(("E501",)), _TIMEOUT + _HARD + _RESTART),
    ("fills memory", _asking("FILL"), frozenset(("E502",)), 3 * _RESTART),
    ("crashes", _asking("CRASH"), frozenset(("E503",)), 3 * _RESTART),
    ("junk", _bytes("txt", _junk), frozenset(("E104", "E105", "E201")), 1),
    (
        "a picture",
        _bytes("png", lambda n: b"\x89PNG\r\n\x1a\n" + _junk(n)),
        frozenset(("E116",)),
        1,
    ),
    ("cut PDF", _bytes("html", lambda n: b"%%PDF-1.7 %d" % n), frozenset(("E113",)), 1),
    ("deep HTML", _bytes("html", _deep), frozenset(("E102", "E103", "E201")), _TIMEOUT + 1),
    ("huge text", _bytes("txt", lambda n: b"x" * (20_000_000 + n)), frozenset(("E106",)), 1),
    ("zip bomb", _bomb, frozenset(("E106",)), 2),
)

if __name__ == "__main__":
    sys.exit(main())
