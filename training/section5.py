"""Score items in texts of section 5 alone: `python -m nianbao.training.section5 FOLDER`.

FOLDER holds NN.txt, a section 5 from its heading on, and NN.json beside it: {"style", "items":
[{"role", "text", "start", "end"}], "none_stated"}, offsets into the text. Each is read in the
place of {section} in FOLDER/frame.txt, a whole report, since a section alone is none.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..inference.pipeline import parse_text
from ..inference.tagger import Tagger, load_tagger
from .scoring import Score, items_right
from .synthetic.gold import Item


@dataclass(frozen=True, slots=True)
class Section5:
    """A text of section 5 with its gold. items: (role, start, end), offsets into the text.

    before, after: what stands around it in the report.
    """

    name: str
    style: str
    before: str
    text: str
    after: str
    items: tuple[Item, ...]
    none_stated: bool


def read_sections(folder: Path) -> tuple[Section5, ...]:
    """The texts of a folder, sorted. Raises ValueError where an offset misses its wording."""
    before, _, after = (folder / "frame.txt").read_text(encoding="utf-8").partition("{section}")
    texts = sorted(folder.glob("[0-9]*.txt"))
    return tuple(_read(path, before, after) for path in texts)


def _read(path: Path, before: str, after: str) -> Section5:
    text = path.read_text(encoding="utf-8")
    gold = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    for item in gold["items"]:
        if text[item["start"] : item["end"]] != item["text"]:
            raise ValueError(
                f"{path.name}: {item['text']!r} 不在所注位置 | is not where it is said"
            )
    items = tuple((item["role"], item["start"], item["end"]) for item in gold["items"])
    return Section5(path.stem, gold["style"], before, text, after, items, gold["none_stated"])


def score(section: Section5, tagger: Tagger) -> tuple[Score, bool]:
    """Counts of items, and whether 'no problems' was told rightly."""
    report = parse_text(section.before + section.text + section.after, tagger=tagger)
    shift = len(section.before)
    gold = [(role, start + shift, end + shift) for role, start, end in section.items]
    found = Score(reports=1, items_given=len(report.items), items_gold=len(gold))
    found.items_right = items_right(report.items, gold, report.source.text)
    return found, report.narrative.none_stated == section.none_stated


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="nianbao.training.section5", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(argv).folder
    if not (folder / "frame.txt").is_file():
        parser.error(f"没有 frame.txt | no frame.txt: {folder}")
    tagger = load_tagger()
    scores: dict[str, Score] = defaultdict(Score)
    none_right = 0
    for section in read_sections(folder):
        found, told = score(section, tagger)
        none_right += told
        scores[section.style] += found
    scores["全部 all"] = sum(scores.values(), Score())
    print("写法 style | 文本 texts | 找对 right | 给出 given | 标准 gold | F1")
    for style, total in scores.items():
        counts = (total.reports, total.items_right, total.items_given, total.items_gold)
        print(style, *counts, f"{total.item_f1:.3f}", sep=" | ")
    print(f"none_stated: {none_right} / {scores['全部 all'].reports}")


if __name__ == "__main__":
    main()
