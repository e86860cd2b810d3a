"""Label Studio's ML backend protocol over our tagger: /health, /setup, /predict.

Recorded from Label Studio 1.23: `/predict` brings tasks, the project's config and, where the page
of an annotator asks for suggestions, regions in `params.context`. Label Studio sends its token with
every request; it is neither read nor kept.
"""

import json
import sys
from collections.abc import Collection, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from lxml import etree
from pydantic import BaseModel, ConfigDict, ValidationError

from ..inference.legible import legible
from ..inference.progress import printable, say
from ..inference.tagger import Tagger
from .label_studio import LABEL, THEMES, prediction, results_of
from .preannotated import model_version, themes_in
from .suggested import Region, frame_of

LARGEST = 64_000_000  # bytes of a request: a batch of the longest reports
_DIGITS = len(str(LARGEST))
_IDLE = 60.0  # seconds after which a connection that says nothing is closed

#: Signs that no file has: a report's text ends lines with LF, and has no half a surrogate pair.
_SOUND = {**dict.fromkeys(range(0xD800, 0xE000), "\ufffd"), ord("\r"): "\n"}
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class _Foreign(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Results(_Foreign):
    """Of a context or an annotation."""

    result: list[Region] = []


class _Task(_Foreign):
    id: Any = None
    data: dict[str, Any] = {}
    annotations: list[_Results] = []


class _Params(_Foreign):
    context: _Results | None = None


class _Predict(_Foreign):
    tasks: list[_Task]
    label_config: str = ""
    params: _Params = _Params()


class Backend:
    """Answers requests. One prediction at a time: a model's session is not shared by threads."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger, self._lock = tagger, Lock()
        self.version = model_version(tagger)

    def get(self, path: str) -> tuple[HTTPStatus, dict[str, Any]]:
        if path in ("/", "/health"):
            return HTTPStatus.OK, {"status": "UP", "model_class": "nianbao"}
        return _NOT_FOUND

    def post(self, path: str, body: Any) -> tuple[HTTPStatus, dict[str, Any]]:
        """body: the JSON of the request."""
        if path == "/setup":
            return HTTPStatus.OK, {"model_version": self.version}
        if path == "/predict":
            try:
                asked = _Predict.model_validate(body)
            except ValidationError as error:
                words = error.errors()[0]
                where = ".".join(map(str, words["loc"]))
                return _complaint(f"格式不符：{where} | {words['msg']}")
            return HTTPStatus.OK, {"results": [self._predict(one, asked) for one in asked.tasks]}
        if path == "/webhook":  # training is the command's business
            return HTTPStatus.OK, {"status": "ignored"}
        return _NOT_FOUND

    def _predict(self, task: _Task, asked: _Predict) -> Mapping[str, Any]:
        text = task.data.get("text")
        if not isinstance(text, str):
            say(printable(f"任务 {task.id} 没有 text，不标 | task {task.id} has no text"))
            return prediction((), self.version)
        context, controls = asked.params.context, _theme_controls(asked.label_config)
        if context is None:
            return prediction(self._results(text, controls), self.version)
        saved = [one for kept in task.annotations for one in kept.result]
        frame = frame_of(context.result, saved)
        found = frame.suggestions(self._results(text, controls)) if frame else []
        return prediction(found, self.version)

    def _results(self, text: str, controls: Collection[str]) -> list[dict[str, Any]]:
        """Labels, and themes where there are controls for them."""
        sound = text.translate(_SOUND)
        with self._lock:
            spans = self._tagger.tag(legible(sound))
            themes = themes_in(sound, spans, self._tagger) if controls else ()
        results = results_of(text, spans, themes)
        return [one for one in results if one["from_name"] in (LABEL, *controls)]


def _theme_controls(config: str) -> set[str]:
    """Those of our controls of themes that a project's config has."""
    try:
        root = etree.fromstring(config.encode("utf-8", "replace"), _PARSER)
    except etree.XMLSyntaxError:
        return set()
    return {str(one.get("name")) for one in root.iter("Choices")}.intersection(THEMES)


def _complaint(words: str) -> tuple[HTTPStatus, dict[str, Any]]:
    return HTTPStatus.BAD_REQUEST, {"detail": words}


_NOT_FOUND = HTTPStatus.NOT_FOUND, {"detail": "没有这个地址 | no such address"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # Ctrl-C waits for no client

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One line: a client that went away is no news, and no mistake of ours ends the server."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            say(printable(f"内部错误 | internal error: {type(error).__name__}: {error}"))


def server(backend: Backend, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens already; `serve_forever` runs it. OSError where the port is taken."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE

        def do_GET(self) -> None:
            self._answer(*backend.get(_path(self.path)))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            # int() itself refuses thousands of digits
            if not length.isdecimal() or len(length) > _DIGITS or int(length) > LARGEST:
                self.close_connection = True  # what was sent is left unread
                self._answer(*_complaint("请求过大或没有长度 | too large, or without a length"))
                return
            try:
                body = json.loads(self.rfile.read(int(length)))
            except (ValueError, RecursionError):
                self._answer(*_complaint("不是 JSON | not JSON"))
                return
            self._answer(*backend.post(_path(self.path), body))

        def _answer(self, status: HTTPStatus, body: Mapping[str, Any]) -> None:
            data = json.dumps(body).encode("ascii")  # escapes carry half a surrogate pair, too
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if self.close_connection:
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: headers carry the token of Label Studio."""

    return _Server((host, port), Handler)


def _path(target: str) -> str:
    path = target.partition("?")[0]
    return path.rstrip("/") or "/"
