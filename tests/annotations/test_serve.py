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


def drawn_over(start: int, end: int) -> dict[str, Any]:
    """The body of the recorded request of somebody who drew a region, over another stretch."""
    body = asked(request="drawn")
    body["params"]["context"]["result"][-1]["value"].update(start=start, end=end)
    return body


def test_what_is_drawn_gives_way_to_the_span_that_it_touches(client: Client) -> None:
    wanted: Span = RuleTagger().tag(legible(TEXT))[3]
    body = drawn_over(wanted.start, wanted.start + 1)
    _, answer = client.post("/predict", body)
    [found] = answer["results"][0]["result"]
    assert (found["value"]["start"], found["value"]["end"]) == (wanted.start, wanted.end)
    assert found["id"] == body["params"]["context"]["result"][-1]["id"]


def test_where_it_touches_several_the_others_have_the_ids_of_the_first_prediction(
    client: Client,
) -> None:
    whole = client.post("/predict", asked())[1]["results"][0]["result"]
    row = [one for one in whole if TEXT.index("规章") <= one["value"]["start"] < TEXT.index("三、")]
    body = drawn_over(row[0]["value"]["start"], row[-1]["value"]["end"])
    found = client.post("/predict", body)[1]["results"][0]["result"]
    drawn = body["params"]["context"]["result"][-1]["id"]
    assert [one["id"] for one in found] == [drawn, *(one["id"] for one in row[1:])]
    assert {one["origin"] for one in found} == {"prediction"}


@pytest.mark.parametrize("request_", ["relabelled", "submitted"])
def test_what_a_person_has_made_of_a_region_is_left_alone(client: Client, request_: str) -> None:
    """Label Studio asks then, too, and would put the answer in place of the person's work."""
    status, answer = client.post("/predict", asked(request=request_))
    assert (status, answer["results"][0]["result"]) == (200, [])


def test_relations_and_texts_of_a_context_are_passed_over(client: Client) -> None:
    body = drawn_over(TEXT.index("规章"), TEXT.index("规章") + 1)
    others = [
        {"type": "relation", "from_id": "120-125", "to_id": "x", "direction": "right"},
        {"type": "textarea", "id": "t", "from_name": "note", "value": {"text": ["?"]}},
        {"type": "labels", "id": "v", "value": None},
    ]
    _, expected = client.post("/predict", body)
    body["params"]["context"]["result"] += others
    assert client.post("/predict", body) == (200, expected)
    assert expected["results"][0]["result"]


def test_a_task_without_text_leaves_the_others_theirs(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    body = asked()
    [task] = body["tasks"]
    body["tasks"] = [{**task, "id": 7, "data": {"image": "a.png"}}, task]
    status, answer = client.post("/predict", body)
    assert status == 200
    assert [bool(one["result"]) for one in answer["results"]] == [False, True]
    assert "task 7 has no text" in capsys.readouterr().err


def themes_of(result: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return [
        (one["from_name"], one["value"]["choices"]) for one in result if "theme" in one["from_name"]
    ]


def test_a_project_with_themes_gets_those_of_the_items(client: Client) -> None:
    [labels, themes] = [
        client.post("/predict", asked(request=name))[1]["results"][0]["result"]
        for name in ("predict", "themes")
    ]
    assert themes_of(labels) == []
    assert themes_of(themes) == [("theme1", ["timeliness"])]
    assert [one for one in themes if one["type"] == "labels"] == labels


def test_an_item_that_is_drawn_over_gets_its_themes(client: Client) -> None:
    place = TEXT.index("更新不及时")
    body = drawn_over(place, place + 1)
    del body["params"]["context"]["result"][:-1]  # nobody has labelled it yet
    found = client.post("/predict", body)[1]["results"][0]["result"]
    assert [one["type"] for one in found] == ["labels", "choices"]
    assert len({one["id"] for one in found}) == 1


@pytest.mark.parametrize("config", ["", "<View", "<View/>", '<View><Choices name="theme"/></View>'])
def test_a_config_without_our_themes_gets_labels_alone(client: Client, config: str) -> None:
    expected = client.post("/predict", asked())
    assert client.post("/predict", {**asked(), "label_config": config}) == expected


def test_what_is_no_report_has_no_themes(client: Client) -> None:
    status, answer = client.post("/predict", asked("天气预报", "themes"))
    assert (status, answer["results"][0]["result"]) == (200, [])


def test_an_empty_text_has_an_empty_prediction(client: Client) -> None:
    _, answer = client.post("/predict", asked(""))
    assert answer["results"][0]["result"] == []


@pytest.mark.parametrize("request_", ["predict", "themes"])
def test_signs_that_no_file_has_are_answered_too(client: Client, request_: str) -> None:
    status, answer = client.post("/predict", asked("\ud800\r\n" + TEXT, request_))
    _, plain = client.post("/predict", asked("?\n\n" + TEXT, request_))
    places = [
        [one["value"]["start"] for one in each["results"][0]["result"]] for each in (answer, plain)
    ]
    assert status == 200 and places[0] == places[1] != []


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"tasks": [1]}', b""])
def test_a_request_that_makes_no_sense_is_told_so(client: Client, body: bytes) -> None:
    status, answer = client.ask("POST", "/predict", body)
    assert status == 400 and " | " in answer["detail"]
    assert client.ask("GET", "/health")[0] == 200


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 5000, "-1", ""])
def test_a_request_without_end_is_not_read(client: Client, length: str) -> None:
    assert client.ask("POST", "/predict", b"", **{"Content-Length": length})[0] == 400
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
