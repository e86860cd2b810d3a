"""The ML backend answers what Label Studio 1.23.2 asked, and survives what it did not."""

import http.client
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from nianbao.annotations import label_studio
from nianbao.annotations.documents import AnnotatedDocument
from nianbao.annotations.serve import LARGEST, Backend, server
from nianbao.inference.legible import legible
from nianbao.inference.rules import RuleTagger
from nianbao.models.labels import Span

RECORDED = json.loads((Path(__file__).parent / "recorded/exchange.json").read_text("utf-8"))
SETUP = RECORDED["setup"]["body"]
TEXT: str = RECORDED["predict"]["body"]["tasks"][0]["data"]["text"]


def asked(text: str = TEXT, request: str = "predict") -> dict[str, Any]:
    """The body of a recorded /predict, its text replaced."""
    body: dict[str, Any] = deepcopy(RECORDED[request]["body"])
    body["tasks"][0]["data"]["text"] = text
    return body


class Client:
    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, Any]:
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def post(self, path: str, body: Any) -> tuple[int, Any]:
        return self.ask("POST", path, json.dumps(body).encode())

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def client() -> Iterator[Client]:
    with server(Backend(RuleTagger()), "127.0.0.1", 0) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        found = Client(running.server_address[1])
        yield found
        found.close()
        running.shutdown()
        thread.join()


def test_health_and_setup_are_answered(client: Client) -> None:
    assert client.ask("GET", "/health") == (200, {"status": "UP", "model_class": "nianbao"})
    status, answer = client.post("/setup", SETUP)
    assert status == 200 and answer["model_version"].startswith(RuleTagger().info.name)


def test_a_task_gets_the_spans_of_the_tagger(client: Client, tmp_path: Path) -> None:
    status, answer = client.post("/predict", asked())
    [result] = answer["results"]
    assert status == 200
    export = {"data": asked()["tasks"][0]["data"], "predictions": [result]}
    (tmp_path / "a.json").write_text(json.dumps([export]), encoding="utf-8")
    [document] = label_studio.read(tmp_path / "a.json")
    spans = RuleTagger().tag(legible(TEXT))
    assert isinstance(document, AnnotatedDocument)
    assert (document.text, document.spans) == (TEXT, spans)
    assert result["score"] == min(span.score for span in spans)


def test_a_selection_gets_the_spans_that_it_touches(client: Client) -> None:
    body = asked(request="select")
    wanted: Span = RuleTagger().tag(legible(TEXT))[3]
    [region] = body["params"]["context"]["result"]
    region["value"].update(start=wanted.start, end=wanted.start + 1)
    _, answer = client.post("/predict", body)
    [found] = answer["results"][0]["result"]
    assert (found["value"]["start"], found["value"]["end"]) == (wanted.start, wanted.end)


def test_an_empty_text_has_an_empty_prediction(client: Client) -> None:
    _, answer = client.post("/predict", asked(""))
    assert answer["results"][0]["result"] == []


def test_half_a_surrogate_pair_is_answered_too(client: Client) -> None:
    assert client.post("/predict", asked("\ud800\n一、总体情况"))[0] == 200


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"tasks": [{"data": {"text": 1}}]}', b""])
def test_a_request_that_makes_no_sense_is_told_so(client: Client, body: bytes) -> None:
    status, answer = client.ask("POST", "/predict", body)
    assert status == 400 and " | " in answer["detail"]
    assert client.ask("GET", "/health")[0] == 200


def test_a_request_without_end_is_not_read(client: Client) -> None:
    headers = {"Content-Length": str(LARGEST + 1)}
    assert client.ask("POST", "/predict", b"", **headers)[0] == 400
    assert client.ask("GET", "/health")[0] == 200


def test_other_addresses_are_not_there(client: Client) -> None:
    assert client.ask("GET", "/no")[0] == client.post("/train", {})[0] == 404
    assert client.post("/webhook", {"action": "ANNOTATION_CREATED"}) == (200, {"status": "ignored"})


def test_what_is_recorded_is_told_to_nobody(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    client.post("/setup", SETUP)
    client.ask("GET", "/health", Authorization="Token 0123456789abcdef")
    told = capsys.readouterr()
    assert told.out == told.err == ""
