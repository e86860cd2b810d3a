"""From bytes to text: the encoding in which most words of the statutory form appear."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from ..models.errors import UnreadableFile

#: Words of every report, simplified and traditional. Big5 bytes pass strict GB18030 without an
#: error (and the other way round), as garbage: only the words tell which reading is the true one.
FORM_WORDS = (
    *("政府信息公开", "政府信息公開", "政府資訊公開", "年度报告", "年度報告", "年报", "年報"),
    *("主动公开", "主動公開", "依申请", "依申請", "申请", "申請", "行政", "机关", "機關"),
    *("规章", "規章", "规范性", "規範性", "信息内容", "信息內容", "自然人", "法人", "总计", "總計"),
    *("总体情况", "總體情況", "办理", "辦理", "处理", "處理", "公开", "公開", "数量", "數量"),
    *("复议", "復議", "複議", "诉讼", "訴訟", "结果", "結果", "本年", "其他", "问题", "問題"),
    *("信息", "工作"),
)
#: So many words prove a report, even where some bytes of it are broken.
ABUNDANT = 20
REPLACEMENT = "\ufffd"
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ASCII = bytes(range(128))
_HEAD = 1_000_000

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,300}?(?:charset|encoding)\s*=\s*[\"'\\]*([\w.:-]{2,40})", re.I
)
_DECLARATION_REACH = 8192  # bytes; browsers look at 1,024, but head sections have grown
# gb18030 holds gbk and gb2312, which pages declare when they mean it.
_SYNONYMS = {"gb2312": "gb18030", "gbk": "gb18030", "utf_8": "utf-8", "utf-8-sig": "utf-8"}
# latin-1 and its kin accept any byte and would always "succeed".
_CHINESE = ("utf-8", "gb18030", "big5", "big5hkscs", "cp950", "utf-16-le", "utf-16-be", "hz")


@dataclass(frozen=True)
class Decoded:
    """Text of a byte string. words: how many words of the form it holds."""

    text: str
    encoding: str

    @cached_property
    def words(self) -> int:
        return count_form_words(self.text)

    @cached_property
    def abounds(self) -> bool:
        """Whether words of the form abound; in a report the first few of them tell."""
        return any(n_words >= ABUNDANT for n_words in accumulate(_counts(self.text)))


def count_form_words(text: str) -> int:
    return sum(_counts(text))


def _counts(text: str) -> Iterator[int]:
    """Count on the text without ASCII: tags and floods of pipes go, broken words join up."""
    wide = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    words = wide.decode("utf-8", "surrogatepass")
    return (words.count(word) for word in FORM_WORDS)


def is_binary(text: str) -> bool:
    """Does it hold a NUL, or in its beginning one control character in a hundred?"""
    head = text[:_HEAD]
    return "\0" in text or len(_CONTROLS.findall(head)) * 100 > len(head)


def declared_encoding(data: bytes) -> str | None:
    """The charset that an HTML meta tag or an XML declaration names, if we read it at all."""
    match = _DECLARATION.search(data[:_DECLARATION_REACH])
    if match is None:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii", "ignore")).name
    except LookupError:
        return None
    name = _SYNONYMS.get(name, name)
    return name if name in _CHINESE else None


def _names(data: bytes) -> Iterator[str]:
    """Encodings to try, in the order that decides ties."""
    declared = declared_encoding(data)
    names = ["utf-8", *([declared] if declared else []), "gb18030", "big5"]
    if b"\0" in data:  # the digits and line ends of utf-16
        names += ["utf-16-le", "utf-16-be"]
    return iter(dict.fromkeys(names))


def _attempt(data: bytes, encoding: str, errors: str) -> Decoded | None:
    try:
        text = data.decode(encoding, errors)
    except UnicodeDecodeError:
        return None
    return Decoded(text, encoding)


def _best(data: bytes, errors: str) -> Decoded | None:
    attempts = [_attempt(data, name, errors) for name in _names(data)]
    readable = [
        attempt
        for attempt in attempts
        # nearly any bytes pass as utf-16: without a mark it must prove itself
        if attempt is not None and (not attempt.encoding.startswith("utf-16") or attempt.abounds)
    ]
    return max(readable, key=lambda attempt: attempt.words, default=None)  # the first of equals


def decode(data: bytes) -> Decoded:
    """Decode with the encoding that yields most words of the form.

    A byte order mark is believed if all bytes agree with it. A file with a few broken bytes is
    read with U+FFFD in their place if the words of the form abound: one bad byte must not lose
    a report. Raises UnreadableFile E105 where nothing can be told, E104 for binary content.
    """
    found = _marked(data) or _unmarked(data)
    if found is not None and (found.abounds or not is_binary(found.text)):
        return found
    if is_binary(data[:_HEAD].decode("latin-1")):
        raise UnreadableFile("E104", kind="二进制数据 | binary data")
    raise UnreadableFile("E105")


def _marked(data: bytes) -> Decoded | None:
    """Read as the byte order mark says, if that holds; the mark is off."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _attempt(data[len(mark) :], encoding, "strict")
    return None


def _unmarked(data: bytes) -> Decoded | None:
    """Read as the words of the form say; utf-8 needs none, a text may simply be no report."""
    for mark, _ in _MARKS:
        data = data.removeprefix(mark)
    if data.isascii() and b"\0" not in data:
        return Decoded(data.decode("ascii"), "utf-8")
    found = _attempt(data, "utf-8", "strict")
    if found is not None and found.abounds:
        return found  # so many words in bytes of another encoding: never by chance
    found = _best(data, "strict")
    if found is None or not found.abounds:
        mended = _best(data, "replace")
        if mended is not None and mended.abounds and _mostly_sound(mended.text):
            return mended
    if found is not None and found.words == 0 and found.encoding != "utf-8":
        return None
    return found


def _mostly_sound(text: str) -> bool:
    """At most one replacement in a hundred characters: a handful, not another encoding."""
    return text.count(REPLACEMENT) * 100 <= len(text)
