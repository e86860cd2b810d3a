"""Train the theme classifiers, compare them on the test split, ship the best per second.

`python -m nianbao.training.themes.compare --run FOLDER --json notebooks/results/themes.json --ship
models/weights/themes` trains the linear ones, scores them beside the finished runs of
`training.themes.encoder` and beside both together, prints the tables, and writes what it found.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from transformers.utils import logging

from .candidates import Candidate, combination, linear, network, of_all
from .corpus import Part, split
from .extra import phrases
from .linear import characters, jieba_words, linear_model
from .results import Classifier, Cost, SplitName, comparison, scored, write
from .ship import ship
from .tables import card, classifier_table, theme_table
from .words import counted_words

SHIPPED = "characters"
LINEAR = "字 1-3 元 n-grams of characters"
WITH_WORDS = "字 1-3 元加结巴词 n-grams and jieba's words"
TOGETHER = "与字 1-3 元合用 with n-grams"
STARTS = 3  # of a fresh process, the median counts
ROOT = Path(__file__).parents[3]  # where a fresh process finds the package


def classifier(candidate: Candidate, splits: dict[SplitName, Part]) -> Classifier:
    """Score a candidate, the test split once, and measure what it costs."""
    logits = {name: of_all(candidate.logits, part.texts) for name, part in splits.items()}
    texts = splits["test"].texts
    begin = time.perf_counter()
    of_all(candidate.logits, texts)  # the second time: everything is warm
    milliseconds = (time.perf_counter() - begin) / len(texts) * 1000
    return Classifier(
        name=candidate.name,
        what=candidate.what,
        thresholds=tuple(candidate.decision.thresholds.tolist()),
        cost=Cost(
            round(milliseconds, 4), round(candidate.megabytes, 2), cold_start(candidate.start)
        ),
        splits={
            name: scored(part, logits[name], candidate.decision) for name, part in splits.items()
        },
    )


def cold_start(program: str) -> float:
    """Seconds that a fresh process needs for `program`, Python's own start included."""
    seconds = []
    for _ in range(STARTS):
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", program],
            check=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        seconds.append(time.perf_counter() - begin)
    return round(statistics.median(seconds), 2)


def compare(options: argparse.Namespace, scratch: Path) -> None:
    train = split("train")
    splits: dict[SplitName, Part] = {"dev": split("dev"), "test": split("test")}
    dev = splits["dev"]
    more = phrases([text for part in (train, *splits.values()) for text in part.texts])
    folder = scratch / "shipped"
    start = (
        "from pathlib import Path; from nianbao.inference.themes import load_classifier; "
        f"load_classifier(Path({str(folder)!r})).scores(['公开'])"
    )
    words = f"{start}; from nianbao.training.themes.words import words; words('公开')"
    plain, model = linear(SHIPPED, LINEAR, (characters,), start, train, more, dev)
    wordy, _ = linear("words", WITH_WORDS, (characters, jieba_words), words, train, more, dev)
    seen = counted_words(train.texts)
    ship(folder, linear_model(model), plain.decision, seen, options.version, "")
    candidates = [plain, wordy]
    for run in options.run:
        alone = network(run.name, run.name, run, scratch, dev)
        together = combination(f"{run.name}+", f"{run.name} {TOGETHER}", plain, alone, dev)
        candidates += [alone, together]
    found = comparison(splits, tuple(classifier(one, splits) for one in candidates))
    print(classifier_table(found), theme_table(found, SHIPPED), sep="\n\n")
    if options.json is not None:
        write(options.json, found)
    if options.ship is not None:
        text = card(found, SHIPPED, options.version)
        ship(options.ship, linear_model(model), plain.decision, seen, options.version, text)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nianbao.training.themes.compare", description=__doc__)
    parser.add_argument("--run", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--ship", type=Path, metavar="FOLDER", help="write the best per second")
    parser.add_argument("--version", default="1", help="of what is shipped")
    options = parser.parse_args(argv)
    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as scratch:
        compare(options, Path(scratch))


if __name__ == "__main__":
    main()
