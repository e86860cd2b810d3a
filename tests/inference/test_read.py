"""Bytes to text: encodings, refusals, limits."""

import codecs
import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.encoding import ABUNDANT, count_form_words
from nianbao.inference.read import read, read_bytes, read_text
from nianbao.models.errors import UnreadableFile

SIMPLIFIED = (
    "某县水务局政府信息公开工作年度报告\n一、总体情况\n本年收到申请3件，均已办理。\n"
    "规章\t0\t0\t2\n行政许可\t7\n总计\t3\n行政复议、行政诉讼\n结果维持\t0\n其他结果\t1\n"
)
TRADITIONAL = (
    "某縣水務局政府信息公開工作年度報告\n一、總體情況\n本年收到申請3件，均已辦理。\n"
    "規章\t0\t0\t2\n行政許可\t7\n總計\t3\n行政復議、行政訴訟\n結果維持\t0\n其他結果\t1\n"
)
LONG = SIMPLIFIED * 4

# Any text but the signs that reading changes by contract, and NUL, which no text has.
plain_texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\0\ufeff<&", exclude_categories=("Cs", "Cc"))
    | st.sampled_from("\n\t"),
    max_size=60,
)


def code_of(data: bytes, path: str = "x.txt", **limits: int) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_bytes(data, path, **limits)
    assert caught.value.hint
    return caught.value.code


@given(plain_texts)
def test_any_report_comes_back_from_utf_8_unchanged(extra: str) -> None:
    text = SIMPLIFIED + extra
    assert read_bytes(text.encode(), "x.txt").text == text


@given(plain_texts)
def test_any_report_comes_back_from_gb18030_unchanged(extra: str) -> None:
    text = LONG + extra
    doc = read_bytes(text.encode("gb18030"), "x.txt")
    assert (doc.text, doc.encoding) == (text, "gb18030")


@given(plain_texts)
def test_any_traditional_report_comes_back_from_big5_unchanged(extra: str) -> None:
    text = TRADITIONAL + extra.encode("big5", "ignore").decode("big5")
    doc = read_bytes(text.encode("big5"), "x.txt")
    assert (doc.text, doc.encoding) == (text, "big5")


@given(plain_texts, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_a_byte_order_mark_is_believed_and_taken_off(extra: str, encoding: str) -> None:
    mark = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE}.get(
        encoding, codecs.BOM_UTF16_BE
    )
    doc = read_bytes(mark + ("局" + extra).encode(encoding), "x.txt")
    assert (doc.text, doc.encoding) == ("局" + extra, encoding)


@given(st.text("一 \r\n\t甲", max_size=30))
def test_only_line_ends_change_in_plain_text(text: str) -> None:
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert read_bytes(("总" + text).encode(), "x.txt").text == "总" + expected
    assert read_text("总" + text).text == "总" + expected


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_its_words(encoding: str) -> None:
    doc = read_bytes(LONG.encode(encoding), "x.txt")
    assert (doc.text, doc.encoding) == (LONG, encoding)


@given(st.integers(0, len(LONG.encode()) - 1))
def test_one_broken_byte_in_utf_8_does_not_lose_the_report(place: int) -> None:
    data = bytearray(LONG.encode())
    data[place] = 0xFF
    doc = read_bytes(bytes(data), "x.txt")
    assert doc.encoding == "utf-8"
    assert "\ufffd" in doc.text
    assert count_form_words(doc.text) >= ABUNDANT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_character_cut_at_the_end_does_not_lose_the_report(encoding: str) -> None:
    doc = read_bytes((LONG + "局").encode(encoding)[:-1], "x.txt")
    assert doc.text == LONG + "\ufffd"
    assert doc.encoding == encoding


def test_broken_bytes_without_words_of_the_form_are_refused() -> None:
    assert code_of("今天天气很好".encode() + b"\xff\xfe\xfd") == "E105"
    assert code_of("今天天气很好".encode("gb18030")) == "E105"


def test_latin_1_is_never_tried() -> None:
    assert code_of("déjà vu, où".encode("latin-1")) == "E105"


def test_a_text_without_words_of_the_form_is_read_if_it_is_utf_8() -> None:
    assert read_bytes("今天天气很好".encode(), "x.txt").encoding == "utf-8"


def test_a_wrongly_declared_charset_does_not_matter() -> None:
    page = f'<html><head><meta charset="gb2312"></head><body><p>{SIMPLIFIED}</p></body></html>'
    assert read_bytes(page.encode(), "x.html").encoding == "utf-8"
    page = page.replace("gb2312", "utf-8")
    assert read_bytes(page.encode("gb18030"), "x.html").encoding == "gb18030"


def test_the_format_follows_suffix_and_content() -> None:
    assert read_bytes(b"# a", "x.md").format == "md"
    assert read_bytes(b"# a", "X.MARKDOWN").format == "md"
    assert read_bytes(b"# a", "x").format == "txt"
    assert read_bytes(b"<html><body><p>a</p></body></html>", "x.doc").format == "html"
    assert read_bytes("《<某某格式>》<br>的| a<br>b |".encode(), "x.md").format == "md"


def test_a_document_knows_its_bytes_and_its_path(tmp_path: Path) -> None:
    file = tmp_path / "年报.txt"
    file.write_bytes(SIMPLIFIED.encode("gb18030"))
    doc = read(file)
    assert doc.path == str(file)
    assert doc.grid == ()
    assert doc.sha256 == read_bytes(file.read_bytes(), "y").sha256 != read_text(SIMPLIFIED).sha256


def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path / "none.txt")
    assert caught.value.code == "E101"
    with pytest.raises(UnreadableFile) as caught:
        read(tmp_path)
    assert caught.value.code == "E103"


@pytest.mark.parametrize(
    "data", [b"", b" \n\t", codecs.BOM_UTF8, "\u3000\xa0\n".encode(), b"<html><body></body></html>"]
)
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert code_of(data) == "E102"


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return buffer.getvalue()


def ole2(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + stream.encode("utf-16-le") + bytes(64)


MHT = b"From: <Saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html><td>"
WORD_XML = b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>'


@pytest.mark.parametrize(
    ("data", "path", "code"),
    [
        (zipped("[Content_Types].xml", "word/document.xml"), "x.txt", "E111"),
        (zipped("[Content_Types].xml", "word/document.xml")[:150], "x.html", "E111"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "x.ofd", "E114"),
        (zipped("xl/workbook.xml"), "x.docx", "E117"),
        (zipped("ppt/presentation.xml"), "x.pptx", "E117"),
        (zipped("a.txt"), "x.docx", "E117"),
        (ole2("WordDocument"), "x.doc", "E112"),
        (ole2("WordDocument"), "x.wps", "E115"),
        (ole2("Workbook"), "x.doc", "E117"),
        (ole2(""), "x.doc", "E112"),
        (ole2(""), "x", "E117"),
        (WORD_XML, "x.xml", "E112"),
        (b"%PDF-1.7\n%\xe2\xe3", "x.txt", "E113"),
        (b"\x89PNG\r\n\x1a\n\0\0", "x.txt", "E116"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "x.html", "E116"),
        (b"GIF89a\0\0", "x", "E116"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0", "x.bmp", "E116"),
        (b"II*\0\x08\0\0\0", "x.tif", "E116"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "x.webp", "E116"),
        (b"{\\rtf1\\ansi }", "x.doc", "E117"),
        (b"\x1f\x8b\x08\0", "x.gz", "E117"),
        (b"Rar!\x1a\x07\0", "x.rar", "E117"),
        (b"7z\xbc\xaf\x27\x1c\0", "x.7z", "E117"),
        (MHT, "x.mht", "E117"),
        (MHT, "x.html", "E117"),
        (b"abc\0\0\0def" * 9, "x.txt", "E104"),
        (b"\x01\x02\x03\x04\x05abc", "x.txt", "E104"),
        (b"\x01\0\0\0wps", "x.wps", "E115"),
    ],
)
def test_foreign_formats_are_named_whatever_the_suffix(data: bytes, path: str, code: str) -> None:
    assert code_of(data, path) == code


def test_a_text_that_begins_like_a_bitmap_is_a_text() -> None:
    assert read_bytes("BM公司的申请".encode(), "x.txt").text == "BM公司的申请"


def test_one_stray_nul_does_not_lose_a_report() -> None:
    assert read_bytes((LONG + "\0").encode(), "x.txt").text == LONG + "\0"


def test_large_files_are_refused_at_once(tmp_path: Path) -> None:
    flood = tmp_path / "flood.txt"
    flood.write_bytes(b"|" * 50_000_000)
    begin = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        read(flood)
    assert caught.value.code == "E106"
    assert "50000000" in caught.value.message
    assert time.process_time() - begin < 10
    assert code_of(SIMPLIFIED.encode() * 9, max_bytes=1000) == "E106"


def test_markup_may_be_larger_than_its_text() -> None:
    page = "<html><body>" + f"<p style='{'x' * 80}'>字</p>" * 50 + "</body></html>"
    assert len(read_bytes(page.encode(), "x.html", max_bytes=1000).text) == 99
    assert code_of(page.encode(), "x.html", max_bytes=100) == "E106"
    assert code_of(page.replace("字", "字" * 50).encode(), "x.html", max_bytes=2000) == "E106"
