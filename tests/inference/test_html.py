"""Pages to text: lines, main content, what the head says, hostile sources."""

import html
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.read import read_bytes
from nianbao.models.document import Document
from nianbao.models.errors import UnreadableFile

TABLE = (
    '<table><tr><td colspan="4">第二十条第（一）项</td></tr>'
    "<tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>"
    "<tr><td>规章</td><td>0</td><td>0</td><td>2</td></tr>"
    '<tr><td>行政许可</td><td colspan="3">7</td></tr></table>'
)
TABLE_TEXT = (
    "第二十条第（一）项\t\t\t\n信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n"
    "规章\t0\t0\t2\n行政许可\t7\t\t"
)
SECTIONS = (
    "<p>一、总体情况</p><p>我局公开信息12条。</p><p>二、主动公开政府信息情况</p>"
    f"{TABLE}<p>三、收到和处理政府信息公开申请情况</p>"
    "<p>四、政府信息公开行政复议、行政诉讼情况</p><p>五、存在的主要问题及改进情况</p>"
    "<p>一是更新慢。</p><p>六、其他需要报告的事项</p><p>无。</p>"
)
SECTIONS_TEXT = (
    f"一、总体情况\n我局公开信息12条。\n二、主动公开政府信息情况\n{TABLE_TEXT}\n"
    "三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
    "五、存在的主要问题及改进情况\n一是更新慢。\n六、其他需要报告的事项\n无。"
)
TITLE = "某县水务局2022年政府信息公开工作年度报告"
NAV = '<div class="top-nav"><a href="/">首页</a><a href="/a">政务公开</a></div>'
FOOTER = '<div id="footer">版权所有 网站地图</div>'


def read_page(body: str, head: str = "") -> Document:
    page = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    )
    return read_bytes(page.encode(), "x.html")


def text_of(body: str, head: str = "") -> str:
    return read_page(body, head).text


# Lines ----------------------------------------------------------------------------------------


@given(st.lists(st.text("甲乙a1，。", min_size=1), min_size=1))
def test_each_paragraph_is_a_line(paragraphs: list[str]) -> None:
    body = "".join(f"<p>{paragraph}</p>\n  " for paragraph in paragraphs)
    assert text_of(body) == "\n".join(paragraphs)


@given(st.text("甲a<>&\"' \u3000\xa0", min_size=1).filter(lambda text: text.strip(" ")))
def test_entities_are_decoded_and_wide_blanks_are_kept(text: str) -> None:
    expected = " ".join(part for part in ("甲" + text + "乙").split(" ") if part)
    assert text_of(f"<p>甲{html.escape(text)}乙</p>") == expected


def test_white_space_collapses_as_a_browser_has_it() -> None:
    assert text_of("<p>  a \n\t b  </p>") == "a b"
    assert text_of("<p>我局\n      公开，\n 信息</p>") == "我局公开，信息"
    assert text_of("<p>我局 <b>公\n开</b>\n12 条</p>") == "我局 公开 12 条"
    assert text_of("<p>&nbsp;甲&#12288;乙</p>") == "\xa0甲\u3000乙"


def test_breaks_and_empty_paragraphs_leave_at_most_one_blank_line() -> None:
    assert text_of("甲<br>乙<div>丙</div>丁<p></p>戊") == "甲\n乙\n丙\n丁\n戊"
    assert text_of("<p>甲</p><p>&nbsp;</p><p><br></p><p>乙<br><br><br>丙</p>") == "甲\n\n乙\n\n丙"


def test_preformatted_text_keeps_its_blanks() -> None:
    assert text_of("<pre>规章   0\n许可\t1\n</pre>") == "规章   0\n许可\t1"


def test_what_a_browser_does_not_show_is_dropped() -> None:
    body = (
        "甲<script>a<b</script><style>p{}</style><noscript>n</noscript><template>t</template>"
        "<!-- c --><i style='DISPLAY : none'>h</i><b hidden>h</b>乙"
    )
    assert text_of(body) == "甲乙"


def test_angle_brackets_around_words_are_wording() -> None:
    assert text_of("<p>印发<某某格式>的通知</某某>，1<2</p>") == "印发<某某格式>的通知</某某>，1<2"


def test_word_marks_go_and_their_content_stays() -> None:
    assert (
        text_of("<p><![if !supportLists]>一、<![endif]><o:p>甲</o:p><?xml:x y /></p>") == "一、甲"
    )


# Sources that are not quite HTML --------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        TABLE,
        html.escape(TABLE),
        html.escape(html.escape(TABLE)),
        TABLE.replace('"', '\\"').replace("</", "<\\/"),
        json.dumps({"id": 7, "code": "x", "content": TABLE}),
        json.dumps(TABLE.replace("<tr>", "\r\n<tr>")),
        f"<html><body><textarea>{html.escape(TABLE)}</textarea></body></html>",
    ],
)
def test_escaped_sources_are_read_as_the_table_they_hold(source: str) -> None:
    doc = read_bytes(source.encode(), "x.txt")
    assert (doc.text, doc.format) == (TABLE_TEXT, "html")
    assert [doc.text[cell.start : cell.end] for cell in doc.grid][-1] == "7"


def test_cells_of_a_table_that_lost_its_beginning_are_read() -> None:
    source = '<td colspan=\\"2\\" rowspan=\\"1\\"><p align=\\"center\\">规章</p></td><td>3</td>'
    assert read_bytes(source.encode(), "x.txt").text == "规章\t\t3"


def test_line_ends_of_plain_text_around_a_table_are_kept() -> None:
    source = f"# 年报\n\n一、总体情况\n甲\n\n<html><body>{TABLE}</body></html>\n\n三、乙\n丙\n"
    assert read_bytes(source.encode(), "x.md").text == (
        f"# 年报\n\n一、总体情况\n甲\n\n{TABLE_TEXT}\n\n三、乙\n丙"
    )


# Main content ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ['id="zoom"', 'class="TRS_Editor x"', 'id="vsb_content_12"', ""])
def test_the_report_is_cut_out_of_its_page(name: str) -> None:
    body = f"{NAV}<div><div {name}>{SECTIONS}</div></div><div>相关链接 网站地图</div>{FOOTER}"
    assert text_of(body) == SECTIONS_TEXT


def test_an_empty_container_of_a_known_name_is_not_preferred() -> None:
    body = f'{NAV}<div id="zoom">首页导读</div><div class="x">{SECTIONS}</div>{FOOTER}'
    assert text_of(body) == SECTIONS_TEXT


def test_a_container_without_the_tables_is_not_preferred() -> None:
    before, after = SECTIONS.split(TABLE)
    headings = before + after
    body = f'{NAV}<div><div class="content">{headings}</div><div>{TABLE}</div></div>{FOOTER}'
    assert TABLE_TEXT in text_of(body)


def test_a_list_of_links_to_the_sections_is_not_the_report() -> None:
    toc = "".join(
        f'<li><a href="#{i}">{h}</a></li>' for i, h in enumerate(SECTIONS_TEXT.split("\n"))
    )
    body = f"{NAV}<ul>{toc}</ul><div>首页</div><div>{SECTIONS}</div>{FOOTER}"
    assert text_of(body) == SECTIONS_TEXT


def test_words_around_the_report_are_kept_where_no_container_is_known() -> None:
    links = '<ul><li><a href="/1">甲县水务局要闻</a></li></ul>'
    body = f"<p>当前位置：年报</p><p>{TITLE}</p><div>{SECTIONS}</div><p>某县水务局</p>{links}"
    assert text_of(body) == f"{TITLE}\n{SECTIONS_TEXT}\n某县水务局"


def test_a_page_that_shows_no_report_is_kept_whole() -> None:
    assert text_of("<div>首页</div><div id='zoom'>甲</div><p>网站地图</p>") == "首页\n甲\n网站地图"


def test_furniture_that_holds_the_report_is_kept() -> None:
    assert text_of(f'<div class="print share">{SECTIONS}</div>') == SECTIONS_TEXT
    assert text_of(f"<nav>a</nav><footer>b</footer>{SECTIONS}") == SECTIONS_TEXT


def test_a_hidden_report_is_shown_by_a_script_and_a_hidden_copy_is_not() -> None:
    hidden = f'<div style="display:none">{SECTIONS}</div>'
    assert text_of(f"<p>请稍候</p>{hidden}") == f"请稍候\n{SECTIONS_TEXT}"
    assert text_of(f"<div>{SECTIONS}</div>{hidden}") == SECTIONS_TEXT


@pytest.mark.parametrize(
    ("shown", "head", "first"),
    [
        (f"<h1>{TITLE}</h1>", "<title>别的年度报告</title>", TITLE),
        (f'<div class="article-title">{TITLE}</div>', "", TITLE),
        ("<h1>某某政府网</h1>", f"<title>{TITLE} - 某某政府网</title>", TITLE),
        ("", f"<title>{TITLE}_年度报告栏目_某县人民政府</title>", TITLE),
        ("", f"<title>某县人民政府 | {TITLE}</title>", TITLE),
        ("", f'<meta name="ArticleTitle" content="{TITLE}"><title>网</title>', TITLE),
        ("", "<title>某县人民政府</title>", "一、总体情况"),
    ],
)
def test_a_title_outside_the_content_is_put_before_it(shown: str, head: str, first: str) -> None:
    doc = read_page(f'{NAV}<div>首页{shown}</div><div id="zoom">{SECTIONS}</div>{FOOTER}', head)
    title = "" if first == "一、总体情况" else f"{first}\n"
    assert doc.text == title + SECTIONS_TEXT
    assert [doc.text[cell.start : cell.end] for cell in doc.grid][-2:] == ["行政许可", "7"]


def test_a_title_within_the_content_is_not_repeated() -> None:
    broken = TITLE.replace("2022年", "<br>2022 年")
    body = f'<h1>{TITLE}</h1>首页<div id="zoom"><p>{broken}</p>{SECTIONS}</div>'
    assert text_of(body).count("水务局") == 1
    head = "<title>某县水务局二〇二二年政府信息公开年报</title>"
    assert text_of(f'首页<div id="zoom"><p>{TITLE}</p>{SECTIONS}</div>', head).count("水务局") == 1


def test_the_block_about_the_document_beside_the_content_is_kept() -> None:
    about = "<ul><li>索引号：1/2023-1</li><li>发布机构：某县水务局</li></ul>"
    body = f'{NAV}<div>当前位置：年报</div>{about}<div id="zoom">{SECTIONS}</div>{FOOTER}'
    assert text_of(body) == f"索引号：1/2023-1\n发布机构：某县水务局\n{SECTIONS_TEXT}"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta name="PubDate" content="2023-01-20 10:22">', (("publication_date", "2023-01-20"),)),
        ('<meta name="publishdate" content="2023年1月5日">', (("publication_date", "2023-01-05"),)),
        ('<meta name="PubDate" content="2023-02-30">', ()),
        ('<meta name="ContentSource" content="某县水务局">', (("issuer", "某县水务局"),)),
        ('<meta name="ContentSource" content="某县政府网">', ()),
        ('<meta name="ContentSource" content="本站">', ()),
        ('<meta name="SiteName" content="某县人民政府">', ()),
        ('<meta name="PubDate">', ()),
    ],
)
def test_metadata_is_taken_where_it_is_clearly_given(
    head: str, expected: tuple[tuple[str, str], ...]
) -> None:
    assert read_page("<p>甲</p>", head).metadata == expected


# Hostile sources ------------------------------------------------------------------------------


def test_formatting_nested_beyond_measure_is_taken_off() -> None:
    assert text_of("<font><span>" * 2000 + "<p>甲</p>") == "甲"


@pytest.mark.parametrize("tags", ["<div>", "<table><tr><td>", "<ul><li>", "<br>" * 100])
def test_nesting_beyond_measure_is_refused(tags: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        text_of(tags * 5000 + "甲")
    assert caught.value.code == "E103"


@pytest.mark.parametrize(
    "piece",
    [
        "<!---->",
        " ",
        "<p",
        "<td>",
        "</div>",
        "&lt;td",
        '\\"<a =',
        "<b hidden>h</b>t",
        "<!DOCTYPE html>",
    ],
)
def test_a_flood_of_anything_does_not_hang(piece: str) -> None:
    begin = time.process_time()  # not the clock: other programs may be at work
    source = "<html><body>甲" + piece * (400_000 // len(piece))
    try:
        assert "甲" in read_bytes(source.encode(), "x.html").text
    except UnreadableFile as error:
        assert error.code in ("E103", "E106")
    assert time.process_time() - begin < 30  # what hangs takes hours


@given(st.lists(st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<p>", "</p>", "<div>", "</div>",
     "<br>", "<pre>", "<th colspan=2>", "<caption>", "甲", "规章", "\n", "<b hidden>", "</b>"]
), max_size=30))  # fmt: skip
def test_no_soup_of_tags_breaks_the_offsets(pieces: list[str]) -> None:
    doc = read_bytes(("<html>始" + "".join(pieces)).encode(), "x.html")
    cells = [doc.text[cell.start : cell.end] for cell in doc.grid]
    assert all(cell == cell.strip() and "\n" not in cell and "\t" not in cell for cell in cells)
    assert doc.text.count("始") == 1
