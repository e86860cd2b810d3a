"""Items in sixty texts of section 5 that were written by hand, apart from the generator."""

from pathlib import Path

import pytest

from nianbao.inference.tagger import load_tagger
from nianbao.training.scoring import Score
from nianbao.training.section5 import Section5, main, read_sections, score

FOLDER = Path(__file__).parent.parent / "section5"


@pytest.fixture(scope="module")
def sections() -> tuple[Section5, ...]:
    return read_sections(FOLDER)


def test_every_style_of_the_catalogue_is_there(sections: tuple[Section5, ...]) -> None:
    assert len(sections) == 60
    assert {section.style.split()[0] for section in sections} == {f"F{i}" for i in range(1, 14)}


def test_items_stand_in_order_and_apart(sections: tuple[Section5, ...]) -> None:
    for section in sections:
        ends = [0, *(end for _, _, end in section.items)]
        starts = [start for _, start, _ in section.items]
        assert all(end <= start for end, start in zip(ends, starts, strict=False)), section.name


def test_items_are_found_in_every_style(sections: tuple[Section5, ...]) -> None:
    tagger = load_tagger()
    scores = [score(section, tagger) for section in sections]
    assert sum((found for found, _ in scores), Score()).item_f1 >= 0.96
    assert sum(told for _, told in scores) >= 57


def test_an_offset_that_misses_its_wording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "frame.txt").write_text("{section}", encoding="utf-8")
    (tmp_path / "01.txt").write_text("五、改进情况\n一是更新慢。", encoding="utf-8")
    gold = '{"style": "F1", "none_stated": false, "items": [%s]}'
    item = '{"role": "problem", "text": "更新慢", "start": 8, "end": 11}'
    (tmp_path / "01.json").write_text(gold % item, encoding="utf-8")
    with pytest.raises(ValueError, match="01.txt"):
        read_sections(tmp_path)


def test_a_folder_without_a_frame_is_an_error_of_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "frame.txt" in capsys.readouterr().err
