"""The folding table, made once from Unicode, OpenCC and a list of our own.

`python -m nianbao.training.foldtable` writes `models/data/fold.json`. The table is committed, so
that running nianbao needs no OpenCC; a test makes it afresh and compares.
"""

import json
import sys
import unicodedata
from pathlib import Path

import opencc

from ..models.characters import ALPHABET

# Unicode gives the radicals of U+2E80-2EFF no decomposition, yet copies of PDF pages write whole
# words with them (⻓期, ⻅面). Pairs of radical and the ideograph that looks like it.
RADICALS = (
    "⺁厂⺄乙⺈刀⺊卜⺌小⺎兀⺒巳⺓幺⺛旡⺜日⺝月⺟母⺠民⺧牛⺩王⺬示⺫目⺮竹⺶羊⺷羊⺼月⺽臼"
    "⻁虎⻃西⻄西⻅见⻆角⻇角⻉贝⻊足⻋车⻏邑⻑长⻓长⻔门⻖阜⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食"
    "⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻭齿⻮齿⻰龙⻱龟⻲龟⻳龟"
)
# Signs that stand for one another in reports and that NFKC keeps apart.
SIGNS = "‐-‑-‒-−-–—―—•·‧·∙·⋅·・·∶:￥¥"
ZERO_WIDTH = "\u00ad\u200c\u200d\u200e\u200f\u2060\ufeff"


def compatible(char: str) -> str:
    """The NFKC form where it is one sign of another writing, else `char`.

    Enclosed numbers and the like (①, ², Ⅳ) stay: they are marks of lists, not figures.
    U+3000 stays: it is indentation, and structure.
    """
    if char == "\u3000" or unicodedata.category(char) in ("No", "Nl"):
        return char
    form = unicodedata.normalize("NFKC", char)
    return form if len(form) == 1 else char


def table() -> dict[str, str]:
    """sign -> folded sign, for every sign that changes into one of the alphabet."""
    simplify = opencc.OpenCC("t2s").convert
    own = dict(zip((RADICALS + SIGNS)[::2], (RADICALS + SIGNS)[1::2], strict=True))
    own |= dict.fromkeys(ZERO_WIDTH, "\u200b")
    folded = {}
    for point in range(0x80, sys.maxunicode + 1):
        char = chr(point)
        if unicodedata.category(char) in ("Cn", "Co", "Cs"):
            continue
        form = own.get(char) or compatible(char)
        if unicodedata.name(form, "").startswith("CJK"):
            form = simplify(form)
        if form != char and form in ALPHABET:
            folded[char] = form
    return folded


def main() -> None:
    pairs = table()
    path = Path(__file__).parents[1] / "models" / "data" / "fold.json"
    content = {"from": "".join(pairs), "to": "".join(pairs.values())}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(pairs)} pairs -> {path.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
