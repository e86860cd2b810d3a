"""Label Studio's pages in headless Chromium: what an annotator does there with the mouse."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import sync_playwright

from nianbao.annotations.studio import Login

TEXT = ".lsf-htx-richtext"
LINE = ".lsf-richtext__line"
REGION = ".htx-highlight"
_PAINTED = 400  # milliseconds, for what has no sign of its being done

#: Where the mouse goes to select words: the middle of their first sign, and of their last.
#: Lines lie in elements of their own, with no line feed in the page's text.
_PLACES = """words => {
  const walker = document.createTreeWalker(
    document.querySelector('.lsf-htx-richtext'), NodeFilter.SHOW_TEXT);
  const nodes = [];
  let all = '';
  while (walker.nextNode()) {
    nodes.push([walker.currentNode, all.length]);
    all += walker.currentNode.data;
  }
  const sought = words.replaceAll('\\n', '');
  const start = all.indexOf(sought), last = start + sought.length - 1;
  if (start < 0) throw new Error('not on the page: ' + words);
  const box = place => {
    const [node, first] = nodes.findLast(([_, first]) => first <= place);
    const range = document.createRange();
    range.setStart(node, place - first);
    range.setEnd(node, place - first + 1);
    const boxes = range.getClientRects();
    return boxes[boxes.length - 1];
  };
  nodes.findLast(([_, first]) => first <= start)[0].parentElement
    .scrollIntoView({block: 'center'});
  const from = box(start), to = box(last);
  return [from.left + 1, from.top + from.height / 2, to.right - 1, to.top + to.height / 2];
}"""


def chromium() -> str | None:
    """Where the system's browser is; None where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Annotator:
    """Somebody at the browser. `page` is Playwright's."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self._url = page, url

    def sign_in(self, login: Login) -> None:
        self.page.goto(f"{self._url}/user/login/")
        self.page.fill("#email", login.email)
        self.page.fill("#password", login.password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda url: "login" not in url)

    def open(self, project: int, task: int) -> None:
        self.page.goto(f"{self._url}/projects/{project}/data?task={task}")
        self.page.wait_for_selector(TEXT)
        self.page.wait_for_load_state("networkidle")

    def text(self) -> str:
        """What is shown, line for line."""
        return "\n".join(self.page.locator(LINE).all_text_contents())

    def style(self, name: str) -> str:
        """Of the text's lines, as the browser applies it."""
        found = self.page.locator(LINE).first.evaluate(
            "(line, name) => getComputedStyle(line)[name]", name
        )
        return str(found)

    def choose(self, label: str) -> None:
        """By its name in the bar above the text."""
        exact = re.compile(rf"^{label}\s*\w?$")
        self.page.locator(".lsf-labels .lsf-label").filter(has_text=exact).click()

    def drag(self, words: str) -> None:
        """Over words as they are shown, where they stand first."""
        x, y, to_x, to_y = self.page.evaluate(_PLACES, words)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(to_x, to_y, steps=4)
        mouse.up()
        self.page.wait_for_timeout(_PAINTED)

    def switch_suggestions_on(self) -> None:
        """Auto-Annotation: from now on the backend is asked for what is drawn over."""
        self.page.get_by_test_id("bottombar-auto-annotation-toggle").click(force=True)

    def drag_for_suggestions(self, words: str) -> None:
        with self.page.expect_response(lambda answer: "interactive-annotating" in answer.url):
            self.drag(words)
        self.page.wait_for_timeout(_PAINTED)

    def show(self, words: str) -> None:
        """Scrolls until they stand in the middle."""
        self.page.evaluate(_PLACES, words)

    def click(self, words: str) -> None:
        """Selects the region that begins with them, once the regions are shown."""
        self.page.wait_for_selector(REGION)
        x, y, *_ = self.page.evaluate(_PLACES, words)
        self.page.mouse.click(x + 2, y)
        self.page.wait_for_timeout(_PAINTED)

    def choose_theme(self, place: int, theme: str) -> None:
        """In the first, second or third list under the text; what was chosen there is replaced."""
        self.page.locator(".nianbao-themes [role=combobox], .nianbao-themes button").nth(
            place
        ).click()
        self.page.get_by_role("option", name=theme, exact=True).click()
        self.page.wait_for_timeout(_PAINTED)

    def submit(self) -> None:
        with self.page.expect_response(
            lambda answer: "/annotations" in answer.url and answer.request.method == "POST"
        ):
            self.page.get_by_test_id("bottombar-submit-button").click()


@contextmanager
def annotator(url: str, login: Login, *, width: int = 1280, height: int = 800) -> Iterator[Any]:
    """Signed in, in a browser of its own. `chromium` must be there."""
    with sync_playwright() as playwright:
        # without the sandbox, for it cannot be had as root in a container; the pages are ours
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
        found = Annotator(page, url)
        found.sign_in(login)
        yield found
        browser.close()
