"""Reports of six sections with their labels, and the sections that are found in them."""

from nianbao.inference.sections import lay_out
from nianbao.inference.tables import align
from nianbao.inference.tokens import tokens_of
from nianbao.models.document import Document
from nianbao.models.form import sections as statutory
from nianbao.models.labels import Label
from nianbao.models.report import Finding, Section
from nianbao.training.synthetic.marked import Marked

NUMERALS = "一二三四五六"
SHORT = {entry.id: entry.short for entry in statutory()}
LONG = {entry.id: entry.long for entry in statutory()}
#: Words that fill a body; none of them is like a heading.
BODIES = {
    "1": Marked("县里的二十个村都换了新的公开栏，字比从前大。"),
    "5": Marked.of("乡里的网页打不开", Label.PROBLEM) + "。\n"
    + Marked.of("请人修好并按月查看", Label.MEASURE) + "。",
    "6": Marked("没有收取任何费用，也没有别的话要讲。"),
}  # fmt: skip


def line(text: str, label: Label | None = None) -> Marked:
    return Marked.of(text, label) + "\n"


def heading(id_: str, wording: str | None = None, ordinal: str | None = None) -> Marked:
    """The heading of a section as a line of its own; by default the statutory one."""
    ordinal = NUMERALS[int(id_) - 1] + "、" if ordinal is None else ordinal
    return line(ordinal + (SHORT[id_] if wording is None else wording), Label.SECTION)


def row(label: str, *values: int) -> Marked:
    marked = Marked.of(label, Label.ROW)
    for value in values:
        marked = marked + " | " + Marked.of(str(value), Label.VALUE)
    return marked + " |\n"


def columns(*labels: str) -> Marked:
    marked = Marked.of(labels[0], Label.COLUMN)
    for label in labels[1:]:
        marked = marked + " | " + Marked.of(label, Label.COLUMN)
    return marked + " |\n"


RESULTS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
TABLES = {
    "2": columns("信息内容", "本年制发件数", "本年废止件数", "现行有效件数") + row("规章", 0, 0, 3),
    "3": columns("自然人", "总计")
    + row("一、本年新收政府信息公开申请数量", 2, 0, 0, 0, 0, 0, 2)
    + row("四、结转下年度继续办理", 1, 0, 0, 0, 0, 0, 1),
    "4": columns(*RESULTS * 3) + row("", *range(15)),
}
PARTS = BODIES | TABLES


def report(headings: dict[str, Marked], tail: Marked | str = "") -> Marked:
    """Six bodies under the headings given; a heading that is not given is left out."""
    marked = Marked()
    for id_ in "123456":
        marked = marked + headings.get(id_, "") + PARTS[id_] + "\n"
    return marked + tail


def laid_out(marked: Marked) -> tuple[Document, dict[str, Section], list[Finding]]:
    doc = Document("-", marked.text, "txt", "", "utf-8", spans=marked.spans())
    found, findings = lay_out(doc, tokens_of(doc), align(doc).extents)
    assert len({section.id for section in found}) == len(found)
    return doc, {section.id: section for section in found}, list(findings)


def body(doc: Document, section: Section) -> str:
    return doc.text[section.body_start : section.body_end]


def bare(text: str) -> str:
    return text.strip(" \n|")


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def all_headings() -> dict[str, Marked]:
    return {id_: heading(id_) for id_ in "123456"}
