"""Statements in, the same lines with themes out; a small classifier by words stands in."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nianbao.inference.pipeline import parse_text
from nianbao.inference.theme_lines import (
    BATCH,
    LONGEST,
    BadLine,
    classified,
    convert,
    open_source,
    statements,
)
from nianbao.inference.themes import load_classifier
from nianbao.models.errors import NianbaoError, UnreadableFile
from nianbao.models.themes import theme_ids

WORDS = {"更新": "timeliness", "培训": "capacity", "栏目": "platform", "保密": "review_security"}


class ByWords:
    """Has the interface of ThemeClassifier: 0.9 for a theme whose word stands there."""

    thresholds = np.full(16, 0.5)

    def scores(self, texts: Sequence[str]) -> NDArray[np.float64]:
        rows = np.full((len(texts), 16), 0.1)
        for row, text in zip(rows, texts, strict=True):
            for word, theme in WORDS.items():
                if word in text:
                    row[theme_ids().index(theme)] = 0.9
        return rows

    def why(self, text: str, theme: str, limit: int = 5) -> list[tuple[str, float]]:
        return [(word, 2.5) for word, name in WORDS.items() if name == theme and word in text]


def run(
    data: bytes, path: str = "a.txt", why: bool = False
) -> tuple[list[dict[str, Any]], list[BadLine]]:
    bad: list[BadLine] = []
    source = open_source(io.BytesIO(data), path)
    lines = classified(statements(source), ByWords(), bad.append, why=why)
    return [json.loads(line) for line in lines], bad


def told(bad: BadLine) -> None:
    """Where no line is bad."""
    raise AssertionError(bad)


def ids(line: dict[str, Any]) -> list[str]:
    return [theme["id"] for theme in line["themes"]]


signs = st.characters(codec="utf-8", exclude_characters="\x7f")  # JSON leaves it unescaped
keys = st.text(signs, max_size=6)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(signs, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
objects = st.dictionaries(keys, values, max_size=4).map(lambda d: {**d, "text": "更新不及时"})


@given(st.lists(objects, max_size=5))
def test_every_key_of_a_line_is_carried_through(lines: list[dict[str, Any]]) -> None:
    data = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    found, bad = run(data.encode("utf-8", "surrogatepass"), "a.jsonl")
    assert bad == []
    ours = {"generic", "themes", "scores"}
    for line, result in zip(lines, found, strict=True):
        assert {key: result[key] for key in line.keys() - ours} == {
            key: line[key] for key in line.keys() - ours
        }


printed = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)


@given(st.lists(printed, max_size=12))
def test_each_line_is_done_or_blank_whatever_stands_in_it(texts: list[str]) -> None:
    found, bad = run("\n".join(("开头", *texts)).encode())
    expected = [text.strip() for text in ("开头", *texts) if text.strip()]
    assert [line["text"] for line in found] == expected and not bad


@given(st.lists(st.sampled_from(["更新", "培训", "", "栏目更新"]), max_size=20), st.integers(1, 5))
def test_a_line_does_not_depend_on_its_neighbours(texts: list[str], repeat: int) -> None:
    whole, _ = run("\n".join(texts * repeat).encode(), "a.txt")
    single = [line for text in texts * repeat for line in run(text.encode(), "a.txt")[0]]
    assert whole == single


def test_themes_are_those_over_the_threshold_with_all_scores_beside() -> None:
    [line], _ = run("栏目更新慢".encode())
    assert ids(line) == ["timeliness", "platform"]
    assert line["themes"][0] == {"id": "timeliness", "score": 0.9}
    assert list(line["scores"]) == list(theme_ids())
    assert "why" not in line


def test_a_statement_without_an_object_has_no_theme() -> None:
    generic, other = run("与上级要求相比还有差距\n经费紧张".encode())[0]
    assert generic["generic"] is True and generic["themes"] == []
    assert other["generic"] is False and len(other["themes"]) == 1


def test_why_names_the_words_of_each_theme() -> None:
    [line], _ = run("栏目更新慢".encode(), why=True)
    assert line["why"] == {
        "timeliness": [{"word": "更新", "weight": 2.5}],
        "platform": [{"word": "栏目", "weight": 2.5}],
    }


def test_keys_of_our_names_move_aside_and_the_first_ones_stay() -> None:
    first, _ = run('{"text": "更新", "themes": ["gold"]}'.encode())
    assert first[0]["input_themes"] == ["gold"] and ids(first[0]) == ["timeliness"]
    again, _ = run(json.dumps(first[0]).encode())
    assert again[0]["input_themes"] == ["gold"] and ids(again[0]) == ["timeliness"]
    assert again[0]["input_scores"] == first[0]["scores"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"text": "更新"', "not JSON"),
        ('{"text": "更新", "x": NaN}', "not JSON"),
        ('{"text": "更新", "x": 1e999}', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('["更新"]', "not a JSON object"),
        ('"更新"', "not a JSON object"),
        ('{"txt": "更新"}', "no key text"),
        ('{"text": null}', "no key text"),
        ('{"text": 3}', "no key text"),
        ('{"text": " "}', "empty"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_stops_no_other(line: str, words: str) -> None:
    data = f'\n{{"text": "更新"}}\n{line}\n\n{{"text": "培训"}}'.encode()
    found, [bad] = run(data, "a.jsonl")
    assert [one["text"] for one in found] == ["更新", "培训"]
    assert (bad.number, bad.line) == (3, line)
    assert words in bad.reason and " | " in bad.reason


def test_a_line_that_is_too_long_is_bad_and_costs_itself_alone() -> None:
    data = "更新\n" + "长" * (3 * LONGEST) + "\n培训"
    found, [bad] = run(data.encode())
    assert [one["text"] for one in found] == ["更新", "培训"]
    assert bad.number == 2 and len(bad.line) < 2 * LONGEST


def test_broken_bytes_spoil_their_line_alone() -> None:
    good = "政府信息公开工作的信息更新不及时，公开内容不多".encode()
    found, [bad] = run(b"\n".join([good] * 9 + [good[:-1]] + [good]))
    assert len(found) == 10 and bad.number == 10 and "utf-8" in bad.reason


def test_a_replacement_sign_of_the_source_is_no_broken_byte() -> None:
    found, bad = run("更新\ufffd不及时".encode())
    assert [one["text"] for one in found] == ["更新\ufffd不及时"] and not bad


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_are_those_that_reports_have(encoding: str, end: str) -> None:
    words = "政府公開工作中信息更新不及時，公開內容有待加強" if encoding == "big5" else (
        "政府信息公开工作中信息更新不及时，公开内容有待加强"
    )  # fmt: skip
    texts = [f"{words}{number}" for number in range(12)]
    found, bad = run(end.join((*texts, "")).encode(encoding))
    assert [one["text"] for one in found] == texts and not bad


def test_lines_are_json_by_the_name_or_by_the_first_sign() -> None:
    data = '\n {"text": "更新"}'.encode()
    assert [one["text"] for name in ("a.jsonl", "a.txt", "-") for one in run(data, name)[0]] == [
        "更新"
    ] * 3
    assert run("更新".encode(), "a.jsonl")[1][0].number == 1


def test_half_of_a_surrogate_pair_is_written_as_it_came() -> None:
    [line], bad = run(rb'{"text": "\ud842 \u66f4\u65b0"}')
    assert line["text"] == "\ud842 更新" and not bad


def test_nothing_in_is_nothing_out() -> None:
    assert run(b"") == run(b"\n \n\t\n") == ([], [])


def test_foreign_files_are_refused_by_their_kind() -> None:
    with pytest.raises(UnreadableFile) as told:
        run(b"%PDF-1.7\n", "a.txt")
    assert told.value.code == "E113"


def test_a_stream_is_read_as_lines_are_asked_for() -> None:
    line = "公开信息更新不及时\n".encode()

    class Endless(io.BytesIO):
        """The same line for ever."""

        asked = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None and size > 0
            self.asked += size
            return line * (size // len(line) + 1)

    stream = Endless()
    lines = classified(statements(open_source(stream, "-")), ByWords(), told)
    for _ in range(2 * BATCH):
        assert ids(json.loads(next(lines))) == ["timeliness"]
    assert stream.asked < 2_000_000


def test_a_file_is_converted_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # one control sign in so many others is no binary file
    lines = '{"text": "更新", "id": 7}\n{"x": "\x1b[2J' + "普通的汉字" * 30 + '"}\n'
    (tmp_path / "in.jsonl").write_text(lines, "utf-8")
    out = tmp_path / "out.jsonl"
    tally = convert(str(tmp_path / "in.jsonl"), str(out), ByWords())
    assert (tally.done, tally.bad) == (1, 1)
    [line] = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert line["id"] == 7 and ids(line) == ["timeliness"]
    told = capsys.readouterr().err
    assert "第 2 行：不是 JSON | line 2: not JSON" in told and "\x1b" not in told
    assert "已标 1 条" in told


@pytest.mark.parametrize("name", ["no-such-file", "a.pdf"])
def test_an_input_that_cannot_be_read_leaves_the_output_alone(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n")
    out = tmp_path / "out.jsonl"
    out.write_text("kept")
    assert convert(str(tmp_path / name), str(out), ByWords(), quiet=True).bad == 1
    assert out.read_text() == "kept"
    assert "E1" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_an_error_with_a_code(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("更新", "utf-8")
    with pytest.raises(NianbaoError) as told:
        convert(str(tmp_path / "in.txt"), str(tmp_path / "no" / "out"), ByWords())
    assert told.value.code == "E401"


def test_a_line_has_the_same_themes_as_the_item_of_a_report() -> None:
    text = (Path(__file__).parents[2] / "examples" / "01-county-bureau.txt").read_text("utf-8")
    items = parse_text(text).items
    data = "\n".join(json.dumps({"text": item.text}) for item in items).encode()
    source = open_source(io.BytesIO(data), "a.jsonl")
    lines = [
        json.loads(x) for x in classified(statements(source), load_classifier(), told, why=True)
    ]
    assert len(lines) == len(items) > 3
    for line, item in zip(lines, items, strict=True):
        assert line["themes"] == [theme.model_dump() for theme in item.themes]
        assert line["generic"] == item.generic
        assert list(line["why"]) == ids(line)
        for words in line["why"].values():
            assert all(word["word"] in item.text and word["weight"] > 0 for word in words)
