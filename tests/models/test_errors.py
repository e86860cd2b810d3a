from nianbao.models.errors import NianbaoError, error_table


def test_every_code_speaks_chinese_and_english_and_gives_a_hint() -> None:
    for entry in error_table().values():
        assert entry["en"].isascii() and not entry["zh"].isascii()
        assert entry["hint"]


def test_a_value_in_two_languages_gives_each_sentence_its_half() -> None:
    error = NianbaoError("E201", reason="这是通知 | a notice")
    assert error.message.endswith("：这是通知")
    assert error.english.endswith(": a notice")


def test_a_value_in_one_language_stands_in_both_sentences() -> None:
    error = NianbaoError("E106", size=7, limit=5)
    assert "7" in error.message and "7" in error.english
