"""Damages of the finished text, character by character; values are spared."""

import random
import re
from collections.abc import Callable, Mapping

from ....models.labels import Label
from ..edits import Edit, covered, edit, inside, substitute, with_lines
from ..marked import Marked
from . import variants

TextDamage = Callable[[Marked, random.Random], Marked]
_HAN = "\u4e00-\u9fff"


def dates_broken(marked: Marked, rng: random.Random) -> Marked:
    """D1: 年, 月, 日, 〔, 〕, 件, 条 beside digits are lost with the run they stood in."""
    lost = rng.choice(["年", "月", "年月", "〕", "件条", "年月日", "〔〕"])
    share = rng.choice([1.0, 0.4])
    pattern = rf"(?<=\d)[{lost}]|[{lost}](?=\d)"
    return substitute(marked, pattern, lambda _: "" if rng.random() < share else None)


def _translated(
    marked: Marked, table: Mapping[str, str], share: float, rng: random.Random
) -> Marked:
    """Characters replaced one by one, so that all marks keep their place."""
    text = "".join(
        table.get(char, char) if share == 1.0 or rng.random() < share else char
        for char in marked.text
    )
    return Marked(text, marked.marks)


def traditional(marked: Marked, rng: random.Random) -> Marked:
    """D6: converted to traditional characters, at times with Taiwan's words."""
    table = variants.traditional()
    if rng.random() < 0.4:
        marked = substitute(
            marked, "|".join(variants.TAIWAN_WORDS), lambda m: variants.TAIWAN_WORDS[m[0]]
        )
    return _translated(marked, table, 1.0, rng)


def pinyin(marked: Marked, rng: random.Random) -> Marked:
    """D5: traditional characters with their reading in brackets: 主動(dòng)公開(kāi)."""
    readings = variants.readings()
    left, right = rng.choice([("(", ")"), ("（", "）"), ("(", ")")])
    marked = _translated(marked, variants.traditional(), 1.0, rng)
    pattern = "[" + "".join(readings) + "]"
    return substitute(marked, pattern, lambda m: f"{m[0]}{left}{readings[m[0]]}{right}")


def radicals(marked: Marked, rng: random.Random) -> Marked:
    """D9: characters of the radical block that look the same: ⼯作⼈员, ⻓期."""
    return _translated(marked, variants.RADICALS, rng.choice([1.0, 0.5]), rng)


def shifted_bytes(marked: Marked, rng: random.Random) -> Marked:
    """D7: a paragraph's first characters decoded one byte late: ?。ㄒ唬┲鲃…."""
    places = [
        m
        for m in re.finditer(r"(?m)^[\u3000 ]*（[一二三四五]）[^\s：。，,|0-9]{2,16}", marked.text)
    ]
    chosen = rng.sample(places, k=min(len(places), rng.randint(1, 4)))
    barred = covered(marked, (Label.VALUE, Label.ROW, Label.GROUP, Label.PROBLEM, Label.MEASURE))
    edits: list[Edit] = []
    for match in chosen:
        if not inside(match.end() - 1, barred):
            late = ("\u3000" + match[0].strip()).encode("gb18030")[1:-1]
            garbled = late.decode("gb18030", "ignore").replace("\n", "").strip()
            start = match.end() - len(match[0].lstrip("\u3000 "))
            edits.append((start, match.end(), "?" + garbled))
    return edit(marked, edits)


def keyword_replaced(marked: Marked, rng: random.Random) -> Marked:
    """D10: hijackers replaced a word everywhere, or here and there, even in headings."""
    word = rng.choice(["政府信息公开", "信息公开", "政务公开", "政府网站"])
    new = rng.choice(
        ["某某直播", "彩票导航网:", "在线游戏平台", "体育投注", "娱乐365cc", "电竞官网\n"]
    )
    share = rng.choice([1.0, 0.5, 0.2])
    return substitute(marked, word, lambda _: new if rng.random() < share else None)


def words_masked(marked: Marked, rng: random.Random) -> Marked:
    """D11: a filter put *** over words."""
    pattern = rng.choice(["公开政府信", "政府信", "工作人", "申请公", "有关部"])
    return substitute(
        marked, pattern, lambda _: "***" if rng.random() < 0.4 else None, never=_TABLE
    )


_TABLE = (Label.VALUE, Label.ROW, Label.GROUP, Label.COLUMN)


def angle_text_lost(marked: Marked, rng: random.Random) -> Marked:
    """D12: what stood in angle brackets was taken for a tag."""
    return substitute(
        marked, "《[^》\n]{2,40}》", lambda m: f"{m[0][-4:-1]}>" if rng.random() < 0.5 else None
    )


def link_text_lost(marked: Marked, rng: random.Random) -> Marked:
    """D13: the wording of links is gone."""
    pattern = rng.choice(
        [r"《中华人民共和国政府信息公开条例》", r"（?(?:https?://|www\.)[\w./]+）?", "条例"]
    )
    return substitute(marked, pattern, lambda _: "" if rng.random() < 0.7 else None, never=_TABLE)


def typing_slips(marked: Marked, rng: random.Random) -> Marked:
    """D14: misread characters; at times others that are missing or stand twice."""
    misread = rng.choice([0.05, 0.3])
    mistyped = rng.choice([0.0, 0.003, 0.01])

    def slip(match: re.Match[str]) -> str | None:
        if match[0] in variants.LOOK_ALIKES and rng.random() < misread:
            return variants.LOOK_ALIKES[match[0]]
        if rng.random() < mistyped:
            return rng.choice(["", match[0] * 2])
        return None

    return substitute(marked, f"[{_HAN}]", slip)


def mojibake_lines(marked: Marked, rng: random.Random) -> Marked:
    """D8: lines of wrongly decoded bytes, as a block that nobody can read."""
    words = "欢迎访问本站首页机构概况通知公告政策文件互动交流专题专栏"
    lines = []
    for _ in range(rng.randint(1, 4)):
        word = "".join(rng.sample(words, k=rng.randint(4, 12)))
        lines.append(word.encode().decode("gb18030", "ignore"))
    garbled = Marked()
    for line in lines:
        garbled = garbled + Marked.of(line.strip(), Label.NOISE) + "\n"
    return garbled + marked if rng.random() < 0.7 else marked + "\n" + garbled


def half_width_brackets(marked: Marked, rng: random.Random) -> Marked:
    """(一) for （一）, or the marks of a third kind."""
    pair = rng.choice(["()", "()", "()", "﹙﹚"])
    return _translated(marked, {"（": pair[0], "）": pair[1]}, rng.choice([1.0, 1.0, 0.5]), rng)


def punctuation(marked: Marked, rng: random.Random) -> Marked:
    """Commas and stops of half width; quotation marks of another kind."""
    tables = [
        {"，": ",", "：": ":", "；": ";"}, {"“": '"', "”": '"'}, {"“": "「", "”": "」"},
        {"，": ",", "：": ":", "；": ";", "（": "(", "）": ")", "“": '"', "”": '"'},
        {"、": "，"}, {"〔": "[", "〕": "]"}, {"〔": "（", "〕": "）"}, {"〔": "【", "〕": "】"},
    ]  # fmt: skip
    return _translated(marked, rng.choice(tables), 1.0, rng)


def odd_blanks(marked: Marked, rng: random.Random) -> Marked:
    """Blanks of other kinds for blanks, and signs of no width between characters."""
    if rng.random() < 0.5:
        return _translated(marked, {" ": "\xa0"}, rng.choice([1.0, 0.3]), rng)
    sign = rng.choice(["\u200b", "\ufeff", "\u200d", "\xad"])
    pattern = f"(?<=[{_HAN}])(?=[{_HAN}])"
    return substitute(marked, pattern, lambda _: sign if rng.random() < 0.02 else None)


def figures_spaced(marked: Marked, rng: random.Random) -> Marked:
    """Blanks round figures in the prose: 2023 年, 共 12 条."""
    space = rng.choice([" ", " ", "  "])
    where = rf"(?<=[{_HAN}])(?=\d)|(?<=\d)(?=[{_HAN}])"
    return substitute(marked, where, lambda _: space, never=(*_TABLE, Label.NOISE))


def hard_wraps(marked: Marked, rng: random.Random) -> Marked:
    """E10, E9: lines of PDF text broken after so many characters, in words too."""
    broken = wrapped(marked, rng.randint(24, 40))
    return page_numbers(broken, rng) if rng.random() < 0.6 else broken


def wrapped(marked: Marked, width: int) -> Marked:
    """Lines of prose broken after `width` characters."""
    barred = covered(marked, (*_TABLE, Label.CAPTION, Label.TITLE, Label.SECTION, Label.NOISE))
    edits: list[Edit] = []
    start = 0
    for line in marked.text.split("\n"):
        if "|" not in line and "\t" not in line and not inside(start, barred):
            places = range(start + width, start + len(line) - 1, width)
            edits += ((at, at, "\n") for at in places if not inside(at, barred))
        start += len(line) + 1
    return edit(marked, edits)


def page_numbers(marked: Marked, rng: random.Random) -> Marked:
    """E10: page numbers on lines of their own, in the prose; the first may open the text."""
    style = rng.choice(["{}", "- {} -", "— {} —", "第{}页", "P. {}", "{}/9"])
    tables = [(m.start, m.end) for m in marked.marks if m.key in ("body:2", "body:3", "body:4")]
    barred = sorted(tables + covered(marked, tuple(Label)))
    ends = {end for _, end in covered(marked, (Label.SECTION,))}
    step = rng.randint(300, 1200)
    lines: list[tuple[int, str]] = [(0, style.format(1))] if rng.random() < 0.4 else []
    wanted = step
    for match in re.finditer(r"\n", marked.text):
        place = match.end()
        if place >= wanted and match.start() not in ends and not inside(place, barred):
            lines.append((place, style.format(len(lines) + 1)))
            wanted = place + step
    return with_lines(marked, lines, Label.NOISE)


#: Name -> (how often, what it does); these can be done to HTML sources too.
TEXTS: Mapping[str, tuple[float, TextDamage]] = {
    "D1_dates_broken": (3, dates_broken),
    "D5_pinyin": (1.5, pinyin),
    "D6_traditional": (1.5, traditional),
    "D7_shifted_bytes": (0.7, shifted_bytes),
    "D9_radicals": (1, radicals),
    "D10_keyword_replaced": (1, keyword_replaced),
    "D11_words_masked": (0.5, words_masked),
    "D13_link_text_lost": (1, link_text_lost),
    "D14_typing_slips": (2, typing_slips),
    "H_half_width_brackets": (6, half_width_brackets),
    "H_punctuation": (3, punctuation),
    "H_figures_spaced": (1, figures_spaced),
}

#: These would break tags, or are undone by a browser.
TEXTS_OF_PLAIN_FILES: Mapping[str, tuple[float, TextDamage]] = {
    "D8_mojibake_lines": (0.5, mojibake_lines),
    "D12_angle_text_lost": (0.5, angle_text_lost),
    "E10_hard_wraps": (2, hard_wraps),
    "E10_page_numbers": (1, page_numbers),
    "H_odd_blanks": (1, odd_blanks),
}
