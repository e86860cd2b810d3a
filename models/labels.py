"""The thirteen labels of the tagger, and the spans that carry them."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """What a stretch of text is. The definitions bind generator, tagger and annotators alike."""

    TITLE = "TITLE"  # a line of the report's title; the organ's line above it too
    ISSUER = "ISSUER"  # the organ in the signature, or as a value in the page's metadata block
    DATE = "DATE"  # the date of the signature, or of publication in the page's metadata
    SECTION = "SECTION"  # the heading of one of the six true sections
    SUBSECTION = "SUBSECTION"  # any other heading inside a section, run-in heads too
    CAPTION = "CAPTION"  # 勾稽关系 note, table captions, repeated table titles, units
    COLUMN = "COLUMN"  # a header cell of a table: 信息内容, 自然人, 申请人情况, 结果维持, 行政复议
    GROUP = "GROUP"  # a label that heads rows and has no values: 第二十条第（一）项, （三）不予公开
    ROW = "ROW"  # a label that has values: 规章, （一）予以公开, 1.属于国家秘密, （七）总计
    VALUE = "VALUE"  # what stands in a value cell: number, sign for none, words
    PROBLEM = "PROBLEM"  # one problem of section 5, without its marker
    MEASURE = "MEASURE"  # one measure of section 5, without its marker
    NOISE = "NOISE"  # page furniture: navigation, footers, page numbers, image names

    __hash__ = str.__hash__  # that of Enum is Python, and labels are looked up by the thousand


#: Tag names by id: O, then B- and I- of each label in the order above.
TAGS: tuple[str, ...] = ("O", *(f"{prefix}-{label}" for label in Label for prefix in "BI"))
TAG_IDS: dict[str, int] = {tag: index for index, tag in enumerate(TAGS)}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled stretch: `text[start:end]`, half open, in code points; never empty.

    score: the tagger's probability, the least over the span's characters; 1.0 for gold.
    """

    start: int
    end: int
    label: Label
    score: float = 1.0
