"""A copy of the text, of the same length, in which every way to part cells is one we know.

Box drawing, CSV and the escapes of Markdown part cells as `|` and blanks do; offsets stay.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

BARS: Mapping[str, str] = dict.fromkeys("│┃║┆┇┊┋╎╏｜￨", "|")
#: Lines, corners and crossings of a frame.
FRAMES: Mapping[str, str] = {
    chr(code): " " for code in range(0x2500, 0x2580) if chr(code) not in BARS
}
_SIGNS = str.maketrans({**FRAMES, **BARS})
_SIGN = re.compile(f"[{''.join(map(re.escape, (*FRAMES, *BARS)))}]")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+\-.!|~>])")
#: A row of a table in CSV: words, then nothing but figures, signs for none and blanks.
_ROWS = {
    sign: re.compile(rf'(?m)^[^{sign}。\n]{{0,80}}(?:{sign}\s*"?[\d.+\-/—]*"?\s*){{1,20}}$')
    for sign in ",;"
}
#: 12,345: its commas part no cells, in however many lines it stands.
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")
#: So many rows of one sign are a table in CSV and no prose.
LEAST_ROWS = 10
_QUOTED = re.compile(r'"[^"\n]*"')


@lru_cache(maxsize=1)  # tagger and alignment ask for the same text in turn
def legible(text: str) -> str:
    """`text` with bars, blanks and nothing else put for foreign signs between cells.

    >>> legible("│ 规章 │ 0 │"), legible("1\\\\.属于国家秘密 \\\\- ")
    ('| 规章 | 0 |', '1 .属于国家秘密  - ')
    """
    if _SIGN.search(text):  # in few texts, and the translation is slow
        text = text.translate(_SIGNS)
    plain = _ESCAPE.sub(" ", text)
    for sign, row in _ROWS.items():
        if plain.count(sign) < LEAST_ROWS:
            continue
        rows = [one for one in row.finditer(plain) if sign in _THOUSANDS.sub("", one[0])]
        if len(rows) >= LEAST_ROWS:
            start, end = rows[0].start(), rows[-1].end()
            return _without_csv(plain, start, end, sign)
    return plain


def _without_csv(text: str, start: int, end: int, sign: str) -> str:
    """The lines from the first row to the last with bars between their fields; prose stays."""
    begin = text.rfind("\n", 0, max(0, start - 1)) + 1  # the headers stand above the first row
    lines = (line if "。" in line else _barred(line, sign) for line in text[begin:end].split("\n"))
    return text[:begin] + "\n".join(lines) + text[end:]


def _barred(line: str, sign: str) -> str:
    """A line of CSV: signs outside quotes become bars, quotes blanks."""
    hidden = _QUOTED.sub(lambda match: match[0].replace(sign, "\0"), line)
    return hidden.replace(sign, "|").replace('"', " ").replace("\0", sign)
