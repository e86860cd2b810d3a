"""Versions of the model: what is one, which is current, and the way back."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.models import registry
from nianbao.models.errors import BadModel, NianbaoError
from nianbao.models.registry import CURRENT, HISTORY, TRAINING
from nianbao.models.sums import SUMS, write_sums
from tests.models.conftest import FILES, code_of, finished, here


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three versions, for the many examples of a property."""
    folder = tmp_path_factory.mktemp("stocked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANBAO_HOME", str(folder))
        for _ in range(3):
            registry.add(finished(folder / "scratch"))
    return folder


@contextmanager
def anew(home: Path) -> Iterator[None]:
    """In this home, in which nothing was ever promoted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NIANBAO_HOME", str(home))
        patch.setattr(os, "fsync", lambda handle: None)  # the disk is not what is tested
        for name in (CURRENT, HISTORY):
            (home / "models" / name).unlink(missing_ok=True)
        yield


# The home ------------------------------------------------------------------------------------


def test_home_is_where_the_variable_says(home: Path) -> None:
    assert registry.home() == home


@pytest.mark.parametrize("value", [None, ""])
def test_without_the_variable_it_is_the_folder_for_the_data_of_users(
    value: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("NIANBAO_HOME")
    if value is not None:
        monkeypatch.setenv("NIANBAO_HOME", value)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda name, **_: str(tmp_path / name))
    assert registry.home() == tmp_path / "nianbao"


def test_reading_creates_nothing_and_finds_the_shipped_version(home: Path) -> None:
    assert (registry.current(), registry.versions(), registry.previous()) == (0, (0,), None)
    for part in ("tagger", "themes"):
        with registry.opening(part) as folder:
            assert folder.parts[-3:] == ("models", "weights", part)
    registry.check(0)
    assert not home.exists()


def test_a_home_that_can_never_be_is_as_good_for_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NIANBAO_HOME", str(tmp_path / "file" / "home"))
    assert (registry.current(), registry.versions()) == (0, (0,))


def test_the_home_of_another_user_is_as_if_there_was_none_unless_it_was_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_text = Path.read_text

    def refused(file: Path, **given: str) -> str:
        if file.name == CURRENT:
            raise PermissionError(13, "Permission denied")
        return read_text(file, **given)

    monkeypatch.setattr(Path, "read_text", refused)
    assert code_of(registry.current) == "E301"
    monkeypatch.delenv("NIANBAO_HOME")
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: str(home))
    assert registry.current() == 0
    (home / "models").mkdir(parents=True)
    assert code_of(registry.current) == "E301"


def test_a_home_that_cannot_be_written_is_told_in_both_languages(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NIANBAO_HOME", str(tmp_path / "file"))
    with pytest.raises(NianbaoError) as caught:
        registry.add(scratch)
    assert caught.value.code == "E409" and "NIANBAO_HOME" in caught.value.hint
    assert "无法写入" in caught.value.message and str(tmp_path / "file") in caught.value.english
    assert code_of(registry.promote, 0) == "E409"


def test_of_many_files_that_cannot_be_copied_the_first_is_told(
    home: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(NianbaoError, match="No space left on device") as caught:
        registry.add(scratch)
    told = caught.value.english
    assert caught.value.code == "E409" and told.count("No space left") == 1 and "[(" not in told


# Versions ------------------------------------------------------------------------------------


def test_numbers_rise_and_what_is_added_is_not_current(home: Path, scratch: Path) -> None:
    assert [registry.add(scratch) for _ in range(3)] == [1, 2, 3]
    assert (registry.versions(), registry.current()) == ((0, 1, 2, 3), 0)
    assert here() == ["1", "2", "3"]


def test_a_version_is_a_sealed_copy(home: Path, scratch: Path) -> None:
    folder = registry.version_folder(registry.add(scratch))
    sealed = (folder / SUMS).read_text(encoding="ascii")
    for name in (*(f"{part}/{SUMS}" for part in FILES), TRAINING, "tagger/onnx/model_int8.onnx"):
        assert f"  {name}\n" in sealed
        assert (folder / name).read_bytes() == (scratch / name).read_bytes()
    registry.check(1)
    assert registry.tagger_folder(1) == folder / "tagger"
    assert registry.themes_folder(1) == folder / "themes"


@pytest.mark.parametrize(
    "name", ["notes", "-1", "01", "1.5", "²", "１", "2.tmp", ".new-1", "9999999999", "4", "5"]
)
def test_names_that_are_no_versions_are_passed_over(home: Path, scratch: Path, name: str) -> None:
    registry.add(scratch)
    odd = home / "models" / name
    if name == "4":
        odd.touch()  # a file
    elif name == "5":
        shutil.copytree(scratch, odd)  # without its seal: half written
    else:
        shutil.copytree(registry.version_folder(1), odd)
    assert registry.versions() == (0, 1)


def test_no_number_comes_twice_even_after_its_folder_is_gone(home: Path, scratch: Path) -> None:
    for version in (registry.add(scratch), registry.add(scratch)):
        registry.promote(version)
    shutil.rmtree(registry.version_folder(2))
    assert registry.add(scratch) == 3  # what is current must not come to mean another
    registry.promote(3)
    shutil.rmtree(registry.version_folder(3))
    registry.promote(0)
    assert registry.add(scratch) == 4
    (home / "models/9").mkdir()
    assert registry.next_number() == 10 == registry.add(scratch)


def test_a_stray_folder_of_the_highest_number_is_in_nobodys_way(home: Path, scratch: Path) -> None:
    (home / "models/999999999").mkdir(parents=True)
    version = registry.add(scratch)
    registry.promote(version)
    assert registry.versions() == (0, 1) and version == registry.current() == 1


def test_a_read_only_folder_becomes_a_version_that_can_be_removed(
    home: Path, scratch: Path
) -> None:
    folders = [scratch, *(path for path in scratch.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    version = registry.version_folder(registry.add(scratch))
    for folder in folders:
        folder.chmod(0o755)
    assert all((version / f.relative_to(scratch)).stat().st_mode & 0o200 for f in folders)


@pytest.mark.parametrize("name", [TRAINING, f"tagger/{SUMS}", f"themes/{SUMS}", "themes"])
def test_an_unfinished_folder_is_not_taken_in(home: Path, scratch: Path, name: str) -> None:
    gone = scratch / name
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    assert code_of(registry.add, scratch) == "E301"
    assert registry.versions() == (0,)


def test_a_spoiled_folder_is_not_taken_in_and_leaves_nothing(home: Path, scratch: Path) -> None:
    (scratch / "themes/classifier.json").write_text("{}", encoding="utf-8")
    assert code_of(registry.add, scratch) == "E301"
    assert here() == []


# Promoting -----------------------------------------------------------------------------------


def test_what_was_current_comes_back(home: Path, scratch: Path) -> None:
    registry.add(scratch), registry.add(scratch)
    registry.promote(1)
    registry.promote(2)
    assert (registry.current(), registry.previous()) == (2, 1)
    assert registry.rollback() == 1 == registry.current()
    assert registry.rollback() == 0 == registry.current()
    assert code_of(registry.rollback) == "E304"
    assert here() == ["1", "2", CURRENT, HISTORY]


@given(st.lists(st.integers(-1, 3), max_size=12))
@settings(max_examples=40)
def test_rolling_back_undoes_promotions_one_by_one(stocked: Path, steps: list[int]) -> None:
    """-1: roll back. Compared with a list, of which the last is current."""
    with anew(stocked):
        expected = [0]
        for step in steps:
            if step >= 0:
                registry.promote(step)
                expected += [step] if step != expected[-1] else []
            elif len(expected) > 1:
                expected.pop()
                assert registry.rollback() == expected[-1]
            else:
                assert code_of(registry.rollback) == "E304"
            assert registry.current() == expected[-1]
            assert registry.previous() == (expected[-2] if len(expected) > 1 else None)


def test_a_lost_history_leads_back_to_the_shipped(home: Path, scratch: Path) -> None:
    registry.promote(registry.add(scratch))
    (home / "models" / HISTORY).unlink()
    assert registry.rollback() == 0


@pytest.mark.parametrize("version", [1, 7, -1])
def test_a_version_that_is_not_there_cannot_be_promoted(home: Path, version: int) -> None:
    assert code_of(registry.promote, version) == "E303"
    assert not home.exists()


def test_versions_that_were_thrown_away_are_passed_over_on_the_way_back(
    home: Path, scratch: Path
) -> None:
    for _ in range(3):
        registry.add(scratch)
    for version in (1, 2, 1, 3):
        registry.promote(version)
    shutil.rmtree(registry.version_folder(2))
    assert registry.previous() == 1 == registry.rollback()
    assert registry.previous() == 0 == registry.rollback()
    assert code_of(registry.rollback) == "E304"


def test_a_current_that_was_thrown_away_is_left_for_the_one_before(
    home: Path, scratch: Path
) -> None:
    for version in (registry.add(scratch), registry.add(scratch)):
        registry.promote(version)
    shutil.rmtree(registry.version_folder(2))
    assert registry.rollback() == 1 == registry.current()


@pytest.mark.parametrize(
    "content", ["", "\n", "one", "-1", "1 2", "１", "1.0", "01", "9" * 5000, "\x00", "é"]
)
def test_a_spoiled_current_is_an_error_that_rolling_back_mends(
    home: Path, scratch: Path, content: str
) -> None:
    registry.promote(registry.add(scratch))
    registry.promote(registry.add(scratch))
    (home / "models" / CURRENT).write_text(content, encoding="utf-8")
    with pytest.raises(BadModel, match="E301") as caught:
        registry.current()
    assert "rollback" in caught.value.hint
    for look in (registry.tagger_folder, registry.themes_folder):
        assert code_of(look) == "E301"
    assert registry.versions() == (0, 1, 2)
    assert registry.rollback() == 1 == registry.current()


@pytest.mark.parametrize("content", ["1", "1\n", "1\r\n", " 1 "])
def test_a_current_that_a_person_typed_is_understood(
    home: Path, scratch: Path, content: str
) -> None:
    registry.add(scratch)
    (home / "models" / CURRENT).write_text(content, encoding="ascii", newline="")
    assert registry.current() == 1


@given(data=st.data())
def test_a_version_with_one_byte_changed_is_refused(stocked: Path, data: st.DataObject) -> None:
    with anew(stocked):
        registry.promote(1)
        folder = registry.version_folder(2)
        files = sorted(file for file in folder.rglob("*") if file.is_file())
        file = data.draw(st.sampled_from(files), label="file")
        content = file.read_bytes()
        # An end of line in the seal may be written in several ways, all with one meaning.
        places = [i for i, byte in enumerate(content) if byte != 10 or file != folder / SUMS]
        place = data.draw(st.sampled_from(places), label="place")
        other = content[place] ^ data.draw(st.integers(1, 255), label="bits")
        file.write_bytes(content[:place] + bytes([other]) + content[place + 1 :])
        try:
            assert code_of(registry.promote, 2) == "E301"
        finally:
            file.write_bytes(content)
        assert registry.current() == 1
        registry.promote(2)


@pytest.mark.parametrize("part", FILES)
def test_what_is_opened_must_be_what_was_sealed(home: Path, scratch: Path, part: str) -> None:
    """Another part with sums of its own is no part of this version."""
    registry.promote(registry.add(scratch))
    folder = registry.version_folder(1)
    with registry.opening(part) as opened:  # type: ignore[arg-type]
        assert opened == folder / part
    (folder / part / "new").touch()
    write_sums(folder / part)
    with (
        pytest.raises(BadModel, match=f"version 1: {part}/{SUMS} has changed") as caught,
        registry.opening(part),  # type: ignore[arg-type]
    ):
        pass
    assert "版本 1：" in caught.value.message and "nianbao models rollback" in caught.value.hint


@pytest.mark.parametrize("name", [TRAINING, SUMS])
def test_nothing_is_opened_where_the_record_or_the_seal_is_gone(
    home: Path, scratch: Path, name: str
) -> None:
    registry.promote(registry.add(scratch))
    (registry.version_folder(1) / name).unlink()
    with pytest.raises(BadModel, match="version 1: "), registry.opening("tagger"):
        pass


def test_a_current_that_is_gone_is_no_reason_to_take_the_shipped(home: Path, scratch: Path) -> None:
    registry.promote(registry.add(scratch))
    shutil.rmtree(registry.version_folder(1))
    with pytest.raises(BadModel, match="version 1: "), registry.opening("themes"):
        pass


def test_a_folder_that_is_named_goes_before_the_current(home: Path, tmp_path: Path) -> None:
    (home / "models").mkdir(parents=True)
    (home / "models" / CURRENT).write_text("?", encoding="ascii")
    with registry.opening("tagger", tmp_path) as folder:
        assert folder == tmp_path
    reason = "坏了 | broken"
    with pytest.raises(BadModel) as caught, registry.opening("tagger", tmp_path):
        raise BadModel("E301", reason=reason)
    assert caught.value.values["reason"] == reason
