"""Two annotators whose disagreements are known, and the reports that they label."""

import http.cookiejar
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from nianbao.annotations.label_studio import results_of
from nianbao.annotations.studio import Studio
from nianbao.models.labels import Label, Span
from nianbao.training.synthetic.layouts.presets import LAYOUTS
from nianbao.training.synthetic.report import sample

FIRST_SEED = 6_100_000  # of no evaluation and no training
N_REPORTS = 12

#: Everything that offsets have been lost by: signs beyond U+FFFF, doubled and wide spaces, tabs.
ODD = """青禾县𠮷塘镇人民政府2023年政府信息公开工作年度报告

一、总体情况
　　本年😀受理  两处空格   三处的信访件\t9件，𠮷塘镇另有说明。
办理情况见专栏。
二、主动公开政府信息情况
规章\t0\t0\t0
行政规范性文件\t2\t0\t5
三、收到和处理政府信息公开申请情况
四、政府信息公开行政复议、行政诉讼情况
五、存在的主要问题及改进情况
一是栏目更新不及时；二是解读形式单一。
六、其他需要报告的事项
无
"""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A report as the first annotator labels it (by the generator's gold), and the second."""

    text: str
    first: tuple[Span, ...]
    second: tuple[Span, ...]


def write_reports(folder: Path) -> dict[str, Labelled]:
    """Files for `annotate export`, and by their names what the annotators will say."""
    found = {}
    for seed in range(FIRST_SEED, FIRST_SEED + N_REPORTS):
        made = sample(seed, "train", layouts=sorted(LAYOUTS), n_damages=(0, 0))
        document = made.document
        (folder / document.path).write_bytes(made.source)
        found[document.path] = Labelled(document.text, document.spans, careless(document.spans))
    return found


def careless(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The first value forgotten, the second one called a row, the first problem's end cut off."""
    found = list(spans)
    first, second = [span for span in found if span.label is Label.VALUE][:2]
    found.remove(first)
    found[found.index(second)] = Span(second.start, second.end, Label.ROW)
    for place, span in enumerate(found):
        if span.label is Label.PROBLEM and span.end - span.start > 1:
            found[place] = Span(span.start, span.end - 1, span.label)
            break
    return tuple(found)


def annotate(studio: Studio, task: int, text: str, spans: Iterable[Span]) -> None:
    """Complete a task, as the page does it."""
    body = {"result": results_of(text, spans), "lead_time": 1.0}
    studio.ask("POST", f"/api/tasks/{task}/annotations/", body)


def sign_up(studio: Studio, email: str, password: str) -> Studio:
    """A second user, who registers on the page."""
    cookies = HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = build_opener(ProxyHandler({}), cookies)
    page = f"{studio.url}/user/signup/"
    with opener.open(page) as answer:
        found = re.search(r'csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
    assert found is not None
    fields = {
        "csrfmiddlewaretoken": found[1],
        "email": email,
        "password": password,
        "allow_newsletters": "false",
    }
    opener.addheaders = [("Referer", page)]
    opener.open(page, urlencode(fields).encode()).close()
    with opener.open(f"{studio.url}/api/current-user/token") as answer:
        told: dict[str, Any] = json.loads(answer.read())
    return Studio(studio.url, told["token"])
