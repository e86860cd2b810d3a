"""The configs of Label Studio say what the converter reads."""

import re

import pytest
from lxml import etree

from nianbao.annotations.label_studio import CONFIGS, LABEL, TEXT, THEMES
from nianbao.annotations.names import CHINESE, GENERIC, label_of, theme_of
from nianbao.annotations.names import THEMES as THEME_NAMES
from nianbao.models.labels import Label

NAMES = ("labels", "themes")


def config(name: str) -> etree._Element:
    return etree.parse(CONFIGS / f"{name}.xml").getroot()


def attributes(element: etree._Element, path: str, key: str) -> list[str | None]:
    return [found.get(key) for found in element.iterfind(path)]


@pytest.mark.parametrize("name", NAMES)
def test_every_label_stands_there_with_its_chinese_name(name: str) -> None:
    labels = config(name).iterfind(".//Label")
    shown = {label.get("alias"): label.get("value") for label in labels}
    assert shown == {str(label): CHINESE[label] for label in Label}


@pytest.mark.parametrize("name", NAMES)
def test_every_label_has_a_colour_a_key_and_a_hint_of_its_own(name: str) -> None:
    for key in ("background", "hotkey", "hint"):
        values = attributes(config(name), ".//Label", key)
        assert len(set(values)) == len(Label) and None not in values
    for colour in attributes(config(name), ".//Label", "background"):
        assert re.fullmatch("#[0-9a-f]{6}", colour or "")


@pytest.mark.parametrize("name", NAMES)
def test_the_controls_have_the_names_of_our_results(name: str) -> None:
    [labels] = config(name).iterfind(".//Labels")
    [text] = config(name).iterfind(".//Text")
    assert (labels.get("name"), labels.get("toName"), text.get("name")) == (LABEL, TEXT, TEXT)
    assert (text.get("value"), text.get("saveTextResult")) == ("$shown", "yes")
    assert text.get("granularity") == "symbol"


def test_three_themes_can_be_chosen_for_an_item_and_one_may_be_generic() -> None:
    choices = list(config("themes").iterfind(".//Choices"))
    assert [one.get("name") for one in choices] == list(THEMES)
    for one in choices:
        assert (one.get("perRegion"), one.get("toName"), one.get("choice")) == (
            "true", TEXT, "single",
        )  # fmt: skip
        shown = {choice.get("alias"): choice.get("value") for choice in one}
        assert shown == {
            theme: name
            for theme, name in THEME_NAMES.items()
            if theme != GENERIC or one.get("name") == THEMES[0]
        }
    [panel] = config("themes").iterfind("View[@whenTagName]")
    assert panel.get("whenTagName") == LABEL
    assert panel.get("whenLabelValue") == "PROBLEM,MEASURE"  # by alias, as results hold it


def test_names_lead_back_to_labels_and_themes() -> None:
    assert all(label_of(CHINESE[label]) is label_of(str(label)) is label for label in Label)
    assert all(theme_of(name) == theme_of(theme) == theme for theme, name in THEME_NAMES.items())
    assert label_of("HEADING") is label_of(3) is None
    assert theme_of("天气") is theme_of(["platform"]) is None
