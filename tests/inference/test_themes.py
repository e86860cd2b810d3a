import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.ngrams import kept, plain
from nianbao.inference.pipeline import parse
from nianbao.inference.rules import RuleTagger
from nianbao.inference.themes import (
    NEEDED,
    SETTINGS,
    WEIGHTS,
    ThemeClassifier,
    assigned,
    load_classifier,
    shipped,
    with_themes,
)
from nianbao.models.errors import BadModel
from nianbao.models.sums import write_sums
from nianbao.models.themes import MOST_THEMES, theme_ids

EXAMPLES = Path(__file__).parents[2] / "examples"
texts = st.text(alphabet="公开栏目更新不够及时，加强培训解读 \n。𠮷３3Ａa", max_size=60)


@pytest.fixture(scope="module")
def classifier() -> ThemeClassifier:
    return load_classifier()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder, to spoil."""
    return Path(shutil.copytree(shipped(), tmp_path / "themes"))


@given(text=texts)
def test_scores_are_probabilities_of_all_themes(classifier: ThemeClassifier, text: str) -> None:
    scores = classifier.scores([text])
    assert scores.shape == (1, len(theme_ids()))
    assert scores.dtype == np.float64
    assert ((scores > 0) & (scores < 1)).all()


@given(many=st.lists(texts, max_size=5))
def test_a_text_scores_the_same_whatever_stands_beside_it(
    classifier: ThemeClassifier, many: list[str]
) -> None:
    alone = [classifier.scores([text])[0] for text in many]
    np.testing.assert_array_equal(
        classifier.scores(many), np.reshape(alone, (-1, len(theme_ids())))
    )
    assert classifier.assign(many) == [classifier.assign([text])[0] for text in many]


@given(text=texts)
def test_a_text_gets_one_to_three_themes_the_likeliest_first(
    classifier: ThemeClassifier, text: str
) -> None:
    [found] = classifier.assign([text])
    assert 1 <= len(found) <= MOST_THEMES
    assert len({theme.id for theme in found}) == len(found)
    assert [theme.score for theme in found] == sorted((t.score for t in found), reverse=True)
    assert found[0].id == theme_ids()[int(classifier.scores([text])[0].argmax())]


def test_no_text_at_all_gives_no_scores(classifier: ThemeClassifier) -> None:
    assert classifier.scores([]).shape == (0, len(theme_ids()))
    assert classifier.assign([]) == []


def test_themes_over_their_thresholds_are_assigned_and_of_many_the_first_three() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.7, 0.8, *[0.0] * 11])
    thresholds = np.array([0.5, 0.95, *[0.5] * 14])
    assert [t.id for t in assigned(scores, thresholds)] == [theme_ids()[i] for i in (4, 3, 2)]


def test_where_no_theme_is_over_its_threshold_the_likeliest_is_told_with_its_low_score() -> None:
    scores = np.array([0.1, 0.3, 0.25, *[0.0] * 13])
    [theme] = assigned(scores, np.full(16, 0.5))
    assert (theme.id, theme.score) == (theme_ids()[1], 0.3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("政策解读形式较为单一", {"interpretation"}),
        ("栏目长期不更新", {"platform", "timeliness"}),
        ("专职人员不足，业务培训偏少", {"capacity"}),
        ("依申请公开答复超期", {"on_request"}),
    ],
)
def test_plain_cases_get_their_themes(
    classifier: ThemeClassifier, text: str, expected: set[str]
) -> None:
    assert {theme.id for theme in classifier.assign([text])[0]} == expected


@pytest.mark.parametrize(
    "variant",
    ["更新不够及时。", " 更新不够及时", "更新不夠及時", "更新不够\n及时", "更新不够及时；"],
)
def test_marks_blanks_and_the_form_of_letters_change_no_score(
    classifier: ThemeClassifier, variant: str
) -> None:
    np.testing.assert_array_equal(classifier.scores([variant]), classifier.scores(["更新不够及时"]))


@given(text=texts)
def test_the_places_that_are_kept_are_those_of_the_plain_text(text: str) -> None:
    assert len(plain(text)) == len(kept(text))
    assert not [char for char in plain(text) if char.isspace()]


@given(text=texts, theme=st.sampled_from(theme_ids()), limit=st.integers(1, 4))
def test_the_words_that_tell_why_stand_in_the_text_and_weigh_less_and_less(
    classifier: ThemeClassifier, text: str, theme: str, limit: int
) -> None:
    words = classifier.why(text, theme, limit)
    assert len(words) <= limit
    assert all(word in text and weight > 0 for word, weight in words)
    assert [weight for _, weight in words] == sorted((w for _, w in words), reverse=True)


def test_the_weightiest_word_is_the_one_that_names_the_theme(classifier: ThemeClassifier) -> None:
    assert classifier.why("网站上的政策解读偏少", "interpretation")[0][0] == "政策解读"


def test_an_unknown_theme_has_no_reason(classifier: ThemeClassifier) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        classifier.why("更新不及时", "weather")


def refusal(folder: Path) -> str:
    with pytest.raises(BadModel) as caught:
        load_classifier(folder)
    assert caught.value.code == "E301"
    return caught.value.english


def test_the_shipped_folder_says_what_it_is(classifier: ThemeClassifier) -> None:
    assert classifier.info.name == "nianbao-themes"
    assert len(classifier.info.sha256) == 64
    assert classifier.thresholds.shape == (len(theme_ids()),)


def test_the_shipped_folder_is_small_and_holds_no_pickle() -> None:
    files = [file for file in shipped().rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 10_000_000
    assert {file.suffix for file in files} <= {".md", "", ".json", ".txt", ".npy"}


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"{name} is missing" in refusal(folder)


@pytest.mark.parametrize("name", NEEDED)
def test_a_changed_file_is_refused(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b" ")
    assert f"{name} has changed" in refusal(folder)


def test_themes_in_another_order_are_refused(folder: Path) -> None:
    file = folder / SETTINGS
    text = file.read_text(encoding="utf-8")
    swapped = text.replace('"coverage"', '"?"').replace('"timeliness"', '"coverage"')
    file.write_text(swapped.replace('"?"', '"timeliness"'), encoding="utf-8")
    write_sums(folder)
    assert "themes are not those" in refusal(folder)


def test_weights_that_score_otherwise_are_refused(folder: Path) -> None:
    weights = np.load(folder / WEIGHTS)
    np.save(folder / WEIGHTS, weights[::-1], allow_pickle=False)
    write_sums(folder)
    assert "golden" in refusal(folder)


def test_arrays_of_another_shape_are_refused(folder: Path) -> None:
    np.save(folder / WEIGHTS, np.zeros((3, 16), np.float16), allow_pickle=False)
    write_sums(folder)
    assert "odd shapes" in refusal(folder)


@pytest.mark.parametrize("name", [SETTINGS, WEIGHTS])
def test_a_malformed_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"{}")
    write_sums(folder)
    assert "malformed" in refusal(folder)


@pytest.mark.parametrize("example", sorted(EXAMPLES.iterdir()), ids=lambda file: file.name)
def test_every_item_of_a_parsed_report_has_themes_unless_it_is_generic(example: Path) -> None:
    report = parse(example, tagger=RuleTagger())
    assert all(bool(item.themes) != item.generic for item in report.items)


def test_themes_change_nothing_else_of_a_report(classifier: ThemeClassifier) -> None:
    report = parse(sorted(EXAMPLES.iterdir())[0], tagger=RuleTagger())
    bare = report.model_copy(
        update={"items": tuple(i.model_copy(update={"themes": ()}) for i in report.items)}
    )
    assert with_themes(bare, classifier) == report
