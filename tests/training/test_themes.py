"""Theme classifiers: what they learn from, how they decide, how they are measured and shipped."""

import importlib
import sys
import warnings
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from nianbao.annotations.alike import alike
from nianbao.inference.ngrams import LinearModel
from nianbao.inference.themes import assigned, load_classifier, shipped
from nianbao.models.themes import MOST_THEMES, theme_ids
from nianbao.training.themes import results
from nianbao.training.themes.corpus import Part, folds, split, themed
from nianbao.training.themes.decide import Decision, chosen, decide, thresholds
from nianbao.training.themes.extra import Examples, completed, joined, phrases
from nianbao.training.themes.linear import characters, fit, jieba_words, linear_model
from nianbao.training.themes.measure import calibration_error, f1, intervals
from nianbao.training.themes.ship import ship
from nianbao.training.themes.tables import card, classifier_table, theme_table
from nianbao.training.themes.words import counted_words, words

RESULTS = Path(__file__).parents[2] / "notebooks" / "results" / "themes.json"
N = len(theme_ids())


@pytest.fixture(scope="module")
def dev() -> Part:
    return split("dev")


def toy(texts: dict[str, int], n: int) -> Examples:
    """Each text with the one theme of its number; as many themes as `n`."""
    gold = np.array([[theme == own for theme in range(n)] for own in texts.values()])
    return Examples(tuple(texts), gold)


def random_case(seed: int, n: int = 40) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Logits that tell something of their gold."""
    rng = np.random.default_rng(seed)
    gold = rng.random((n, N)) < 0.3
    return rng.normal(size=(n, N)) + 3 * gold - 1.5, gold


def test_folds_part_every_statement_once_and_no_group(dev: Part) -> None:
    seen: list[int] = []
    for others, inside in folds(dev):
        assert set(dev.groups[others]).isdisjoint(dev.groups[inside])
        assert len(others) + len(inside) == len(dev.statements)
        seen += inside.tolist()
    assert sorted(seen) == list(range(len(dev.statements)))


# What is learnt from ------------------------------------------------------------------------


def test_no_phrase_is_nearly_a_statement_of_the_corpus() -> None:
    known = [text for name in ("train", "dev", "test") for text in split(name).texts]
    found = phrases(known)
    assert len(found.texts) > 1500
    assert not list(alike(found.texts, known))
    assert (found.gold.sum(1) == 1).all()
    assert not [text for text in found.texts if "{" in text]


def test_phrases_get_the_themes_of_which_a_model_is_sure_beside_their_own() -> None:
    given = toy({"更新慢": 1, "解读少": 0}, 3)
    scores = np.array([[0.9, 0.1, 0.7], [0.1, 0.1, 0.1]])
    assert completed(given, lambda _: scores).gold.tolist() == [
        [True, True, False],
        [True, False, False],
    ]


def test_joined_texts_have_the_themes_of_both(dev: Part) -> None:
    found = joined(dev.examples)
    assert len(found.texts) == len(found.gold) >= len(dev.texts) // 2
    assert set(found.gold.sum(1).tolist()) <= {2, MOST_THEMES}
    gold = dict(zip(dev.texts, dev.gold, strict=True))
    one, other = next(
        (text[:place], text[place + 1 :])
        for text in found.texts[:1]
        for place in range(len(text))
        if text[:place] in gold and text[place + 1 :] in gold
    )
    np.testing.assert_array_equal(found.gold[0], gold[one] | gold[other])


# Words --------------------------------------------------------------------------------------


def test_the_words_of_the_field_are_cut_whole() -> None:
    listed = files("nianbao.models").joinpath("data/jieba.txt").read_text("utf-8").splitlines()
    assert len(listed) == len(set(listed)) >= 100
    assert all(word and word.isalnum() for word in listed)
    assert words("依申请公开答复书说理不足") == ["依申请公开", "答复书", "说理", "不足"]
    assert words("三审三校未落实") == ["三审三校", "未", "落实"]


def test_words_are_counted_once_a_text_and_rare_ones_and_signs_are_left_out() -> None:
    texts = ["栏目和栏目更新慢", "栏目空", "解读少"]
    assert counted_words(texts) == {"栏目": 2}


def test_jieba_loads_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "jieba"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        importlib.reload(sys.modules[words.__module__])


# The regression -----------------------------------------------------------------------------

TOY = toy({"栏目更新慢": 0, "栏目内容空": 0, "政策解读少": 1, "政策解读浅": 1}, 2)


def test_a_regression_learns_what_tells_the_themes_apart() -> None:
    model = fit((characters,), TOY)
    assert model.logits("栏目").argmax() == 0
    assert model.logits("解读").argmax() == 1


def test_what_ships_gives_the_logits_of_the_regression() -> None:
    model = fit((characters,), TOY)
    for text in ("栏目更新慢", "解读", "", "完全无关"):
        np.testing.assert_array_equal(linear_model(model).logits(text), model.logits(text))


def test_a_text_without_a_known_term_has_the_intercepts_for_logits() -> None:
    model = fit((characters, jieba_words), TOY)
    np.testing.assert_array_equal(model.logits("天"), model.intercepts)


def test_what_the_characters_add_sums_up_to_the_logit() -> None:
    model = load()
    for text in ("栏目更新不够及时，栏目内容空", "加强　业务\n培训。"):
        for theme in range(N):
            total = model.contributions(text, theme).sum() + model.intercepts[theme]
            assert total == pytest.approx(model.logits(text)[theme], abs=2e-3)  # float16 products


def load() -> LinearModel:
    part = split("dev")
    return linear_model(fit((characters,), part.examples))


def test_only_a_model_of_characters_can_ship() -> None:
    with pytest.raises(ValueError, match="characters alone"):
        linear_model(fit((jieba_words,), TOY))


# Decisions ----------------------------------------------------------------------------------


@given(st.integers(0, 10**6))
def test_what_is_chosen_at_once_is_what_is_assigned_one_by_one(seed: int) -> None:
    scores = np.random.default_rng(seed).random((7, N))
    cuts = np.random.default_rng(seed + 1).uniform(0.3, 1.0, N)
    picked = chosen(scores, cuts, np.arange(7) != 3)
    for row in range(7):
        given = {theme.id for theme in assigned(scores[row], cuts)} if row != 3 else set()
        assert {theme_ids()[i] for i in np.flatnonzero(picked[row])} == given


def test_calibration_brings_the_error_down_and_keeps_the_order() -> None:
    logits, gold = random_case(1, 600)
    decision = decide(4 * logits, gold)
    before = calibration_error(1 / (1 + np.exp(-4 * logits)), gold)
    assert calibration_error(decision.probabilities(4 * logits), gold) < before / 2
    assert (decision.slopes > 0).all()


def test_thresholds_are_no_worse_than_the_best_common_one_by_more_than_their_pull() -> None:
    logits, gold = random_case(2, 200)
    scores = 1 / (1 + np.exp(-logits))
    found = thresholds(scores, gold)

    def value(cuts: NDArray[np.float64]) -> float:
        micro, macro = f1(gold, chosen(scores, cuts, themed(gold)))
        return micro + macro

    assert value(found) >= max(value(np.full(N, cut)) for cut in (0.3, 0.5, 0.7))
    assert ((found >= 0.2) & (found <= 0.8)).all()


# Measures -----------------------------------------------------------------------------------


@given(st.integers(0, 10**6))
def test_f1_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gold, given = rng.random((2, 12, 5)) < 0.4
    micro, macro = f1(gold, given)
    assert micro == pytest.approx(f1_score(gold, given, average="micro", zero_division=0))
    assert macro == pytest.approx(f1_score(gold, given, average="macro", zero_division=0))


def test_an_interval_holds_the_score_and_is_wider_where_groups_are_fewer() -> None:
    logits, gold = random_case(3, 300)
    given = logits > 0
    micro, _ = f1(gold, given)
    narrow, _ = intervals(gold, given, np.arange(300))
    wide, _ = intervals(gold, given, np.arange(300) // 100)
    assert narrow.low < micro < narrow.high
    assert wide.low <= micro <= wide.high


def test_probabilities_that_come_true_have_no_calibration_error() -> None:
    gold = np.array([[True], [True], [True], [False]])
    assert calibration_error(np.full((4, 1), 0.75), gold) == 0.0
    assert calibration_error(np.full((4, 1), 0.25), gold) == 0.5
    assert calibration_error(np.ones((4, 1)), gold) == 0.25


# What is shipped ----------------------------------------------------------------------------


def test_a_shipped_folder_opens_and_scores_as_it_was_trained(tmp_path: Path) -> None:
    model = load()
    decision = Decision(np.full(N, 1.5), np.zeros(N), np.full(N, 0.4))
    ship(tmp_path, model, decision, {"栏目": 3}, "7", "# card")
    classifier = load_classifier(tmp_path)
    assert (classifier.info.name, classifier.info.version) == ("nianbao-themes", "7")
    text = "栏目更新不够及时"
    expected = decision.probabilities(model.logits(text))
    np.testing.assert_allclose(classifier.scores([text])[0], expected, atol=1e-6)
    assert (tmp_path / "README.md").read_text("utf-8") == "# card\n"


@pytest.fixture(scope="module")
def comparison() -> results.Comparison:
    return results.load(RESULTS)


def test_the_comparison_is_of_the_classifier_that_ships(comparison: results.Comparison) -> None:
    part = split("test")
    scores, gold = comparison.arrays("characters", "test")
    assert comparison.gold["test"].ids == tuple(one.id for one in part.statements)
    np.testing.assert_array_equal(gold, part.gold)
    np.testing.assert_allclose(load_classifier().scores(part.texts), scores, atol=1e-3)


def test_what_ships_meets_what_was_asked_of_it(comparison: results.Comparison) -> None:
    test = comparison.classifier("characters").splits["test"]
    assert test.micro >= 0.9
    assert test.macro >= 0.85
    assert test.calibration_error <= 0.03


def test_the_tables_tell_what_the_comparison_holds(comparison: results.Comparison) -> None:
    test = comparison.classifier("characters").splits["test"]
    assert f"{test.micro:.3f} (" in classifier_table(comparison)
    assert len(theme_table(comparison, "characters").splitlines()) == 2 + N
    text = (shipped() / "README.md").read_text("utf-8")
    assert text == card(comparison, "characters", load_classifier().info.version)


def test_a_classifier_that_was_not_compared_is_not_found(comparison: results.Comparison) -> None:
    with pytest.raises(KeyError, match="oracle"):
        comparison.classifier("oracle")
