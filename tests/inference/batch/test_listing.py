"""What inputs name: folders, patterns, archives, manifests, addresses."""

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.batch.content import hash_of, read_content
from nianbao.inference.batch.listing import list_entries
from nianbao.inference.batch.manifest import read_manifest
from nianbao.models.errors import NianbaoError

Write = Callable[..., Path]


def paths(*inputs: object) -> list[str]:
    return [entry.path for entry in list_entries([str(each) for each in inputs])]


def test_folders_are_searched_for_known_kinds_and_sorted(write: Write, tmp_path: Path) -> None:
    for name in ("b/2.html", "b/1.txt", "a.md", ".hidden/x.txt", "b/data.csv", "Z.TXT"):
        write(f"in/{name}")
    assert paths(tmp_path / "in") == ["in/Z.TXT", "in/a.md", "in/b/1.txt", "in/b/2.html"]


def test_paths_stand_below_the_folder_that_holds_all_inputs(write: Write, tmp_path: Path) -> None:
    write("data/2022/a.txt")
    write("data/2023/a.txt")
    both = ["2022/a.txt", "2023/a.txt"]
    assert paths(tmp_path / "data/2022", tmp_path / "data/2023") == both
    assert paths(tmp_path / "data/2022/a.txt", tmp_path / "data/2023") == both
    assert paths(tmp_path / "data/2022") == both[:1]


def test_where_one_stands_makes_no_difference(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("data/in/a.txt")
    monkeypatch.chdir(tmp_path)
    assert paths("data/in") == paths(tmp_path / "data/in") == ["in/a.txt"]
    monkeypatch.chdir(tmp_path / "data/in")
    assert paths(".") == paths("../in") == ["in/a.txt"]


def test_patterns_reach_into_folders(write: Write, tmp_path: Path) -> None:
    for name in ("a/x.html", "a/b/y.html", "a/z.txt"):
        write(f"in/{name}")
    assert paths(tmp_path / "in/**/*.html") == ["a/b/y.html", "a/x.html"]
    with pytest.raises(NianbaoError) as caught:
        paths(tmp_path / "in/*.docx")
    assert caught.value.code == "E405"


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(write: Write, tmp_path: Path) -> None:
    write("in/[1].txt")
    write("in/1.txt")
    assert paths(tmp_path / "in/[1].txt") == ["[1].txt"]


def test_what_is_named_twice_is_listed_once(write: Write, tmp_path: Path) -> None:
    path = write("in/a.txt")
    assert paths(tmp_path / "in", path, tmp_path / "in") == ["in/a.txt"]


def test_a_missing_file_is_listed_for_the_reader_to_complain(tmp_path: Path) -> None:
    entries = list_entries([str(tmp_path / "nothing.txt")])
    assert [entry.path for entry in entries] == ["nothing.txt"]
    assert hash_of(entries[0], 100) is None
    with pytest.raises(NianbaoError) as caught:
        read_content(entries[0], 100)
    assert caught.value.code == "E101"


def test_members_of_archives_are_sources(write: Write, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in/a.zip", "w") as archive:
        archive.writestr("县/报告.txt", "报告")
        archive.writestr("__MACOSX/县/._报告.txt", "")
        archive.writestr("图.csv", "1")
        archive.writestr("县/.x.txt", "")
    (entry,) = list_entries([str(tmp_path / "in")])
    assert entry.path == "in/a.zip/县/报告.txt"
    assert read_content(entry, 100).decode() == "报告"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_names_of_members_in_chinese_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x" * len("青山县.txt".encode(encoding)), "报告")
    data = (tmp_path / "a.zip").read_bytes()
    name = "青山县.txt".encode(encoding)
    (tmp_path / "a.zip").write_bytes(data.replace(b"x" * len(name), name))
    (entry,) = list_entries([str(tmp_path / "a.zip")])
    assert entry.path == "a.zip/青山县.txt"
    assert read_content(entry, 100).decode() == "报告"


def test_an_archive_with_a_password_is_unreadable(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.txt", "报告")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[6] |= 1  # the local header's flag
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    (entry,) = list_entries([str(tmp_path / "a.zip")])
    with pytest.raises(NianbaoError) as caught:
        read_content(entry, 100)
    assert caught.value.code == "E103"


ROWS = [
    {"path": "html/a.txt", "省份": "青海", "code": "010"},
    {"path": "html/b.txt", "省份": None, "code": "2"},
]


def a_manifest(write: Write, kind: str) -> Path:
    if kind == "csv":
        return write("m.csv", "path,省份,code\nhtml/a.txt,青海,010\nhtml/b.txt,,2\n")
    if kind == "gb.csv":
        return write("m.csv", "path,省份,code\nhtml/a.txt,青海,010\n".encode("gb18030"))
    if kind == "jsonl":
        return write("m.jsonl", "\n".join(json.dumps(row) for row in ROWS) + "\n\n")
    path = write("m.parquet")
    pq.write_table(pa.Table.from_pylist(ROWS), path)
    return path


@pytest.mark.parametrize("kind", ["csv", "gb.csv", "jsonl", "parquet"])
def test_a_manifest_brings_its_columns_as_text(write: Write, kind: str) -> None:
    write("html/a.txt")
    write("html/b.txt", "乙")
    entries = list_entries([str(a_manifest(write, kind))])
    assert entries[0].path == "html/a.txt"
    assert entries[0].carried == (("省份", "青海"), ("code", "010"))
    if kind in ("jsonl", "parquet"):
        assert entries[1].carried == (("省份", None), ("code", "2"))


def test_a_manifest_may_name_folders_archives_and_absolute_paths(
    write: Write, tmp_path: Path
) -> None:
    write("lists/县/a.txt")
    far = write("far/b.txt")
    manifest = write("lists/m.csv", f"path,n\n县,1\n{far},2\n")
    entries = list_entries([str(manifest)])
    found = [(entry.path, dict(entry.carried)) for entry in entries]
    assert found == [("far/b.txt", {"n": "2"}), ("lists/县/a.txt", {"n": "1"})]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.csv", "file,x\na,1\n"),
        ("m.csv", "path,x\n,1\n"),
        ("m.csv", "path,x\na,1,2\n"),
        ("m.csv", b"\xff\xff\xff"),
        ("m.jsonl", "[1]"),
        ("m.jsonl", '{"path": 3}'),
        ("m.jsonl", "{"),
        ("m.parquet", "no parquet"),
    ],
)
def test_a_manifest_that_is_none_is_refused(write: Write, name: str, content: str | bytes) -> None:
    path = write(name, content)
    with pytest.raises(NianbaoError) as caught:
        list(read_manifest(path))
    assert caught.value.code == "E404" and name in caught.value.message


def test_addresses_are_listed_and_read() -> None:
    import fsspec

    system = fsspec.filesystem("memory")
    system.pipe({"/in/b.txt": "乙".encode(), "/in/a.html": b"a", "/in/c.csv": b"c"})
    try:
        entries = list_entries(["memory://in"])
        assert [entry.path for entry in entries] == ["memory://in/a.html", "memory://in/b.txt"]
        assert read_content(entries[1], 100).decode() == "乙"
        assert list_entries(["memory://in/*.txt"]) == entries[1:]
        assert list_entries(["memory://in/c.csv"])[0].place == "memory://in/c.csv"
    finally:
        system.rm("/in", recursive=True)


def test_paths_do_not_hold_passwords() -> None:
    (entry,) = list_entries(["memory://name:secret@host/a.txt"])
    assert entry.path == "memory://host/a.txt" and "secret" in entry.place


@given(st.lists(st.sampled_from(["a", "b", "c/d", "c/e"]), unique=True))
def test_the_order_of_inputs_makes_no_difference(names: list[str]) -> None:
    inputs = [os.path.join(os.sep, "root", f"{name}.txt") for name in names]
    assert list_entries(inputs) == list_entries(inputs[::-1])
