"""What a value cell says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.numbers import parse_numeral, parse_value, spell_numeral

FULL_WIDTH = str.maketrans("0123456789,.-+", "０１２３４５６７８９，．－＋")
counts = st.integers(0, 10**12)


@given(st.text())
def test_no_cell_makes_it_raise(raw: str) -> None:
    reading = parse_value(raw)
    assert (reading.value is not None) == (reading.state == "found")


@given(
    counts,
    st.sampled_from(["", "+", "-", "增", "增加", "减", "减少"]),
    st.sampled_from(["{}", "{:,}", "  {}　", " {} ", "{}\u200b"]),
    st.sampled_from(["", "件", "项", "个", "条", "元", "万元", "亿元", " 件", "（件）"]),
    st.booleans(),
)
def test_every_way_to_print_a_count_reads_back(
    count: int, sign: str, layout: str, unit: str, wide: bool
) -> None:
    printed = sign + layout.format(count).strip() + unit
    reading = parse_value(printed.translate(FULL_WIDTH) if wide else printed)
    assert reading.state == "found"
    assert reading.value == (-count if sign and sign[0] in "-减" else count)
    assert isinstance(reading.value, int)
    assert reading.unit == (unit.strip(" （）") or None)
    assert not reading.in_words


@given(st.integers(1000, 10**9))
def test_exact_groups_of_three_with_blanks_are_one_number(count: int) -> None:
    assert parse_value(f"{count:,}".replace(",", " ")).value == count


@given(st.decimals(0, 10**6, places=4))
def test_decimals_read_back(amount: object) -> None:
    assert parse_value(f"{amount}万元").value == float(str(amount))


@given(st.integers(0, 10**12 - 1))
def test_numerals_read_back(count: int) -> None:
    assert parse_numeral(spell_numeral(count)) == count


@given(st.integers(2, 10**12 - 1))
def test_a_numeral_in_a_cell_is_found_in_words(count: int) -> None:
    reading = parse_value(spell_numeral(count))
    assert (reading.value, reading.in_words) == (count, True)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10), ("十二", 12), ("百", 100), ("一百零五", 105), ("两千", 2000), ("〇", 0),
        ("一百一十", 110), ("一百十", 110), ("两万零三十", 20030), ("二〇二三", 2023),
        ("二○二三", 2023), ("一千零一十万零五百", 10100500), ("一亿零五", 100000005),
    ],
)  # fmt: skip
def test_numerals_of_every_build_are_read(numeral: str, value: int) -> None:
    assert parse_numeral(numeral) == value


@pytest.mark.parametrize("numeral", ["一百五", "三五十", "百千", "十百", "零十"])
def test_a_malformed_numeral_has_no_value(numeral: str) -> None:
    assert parse_numeral(numeral) is None


@pytest.mark.parametrize("raw", ["零零", "零零零零零零零", "零五", "〇〇"])
def test_a_numeral_that_begins_with_zero_is_cells_run_together(raw: str) -> None:
    assert (parse_value(raw).state, parse_value(raw).value) == ("unreadable", None)


@pytest.mark.parametrize("raw", ["无", "零", "〇", "零件"])
def test_words_for_none_are_a_found_zero(raw: str) -> None:
    reading = parse_value(raw)
    assert (reading.state, reading.value, reading.in_words) == ("found", 0, True)


@pytest.mark.parametrize("raw", ["/", "／", "-", "—", "－", "\\", "——", "--", "- -", "N/A", "―"])
def test_a_sign_for_none_is_not_applicable(raw: str) -> None:
    assert parse_value(raw).state == "not_applicable"


@pytest.mark.parametrize("raw", ["", " ", "\n\t", "\u3000", "\xa0"])
def test_nothing_printed_is_blank(raw: str) -> None:
    assert parse_value(raw).state == "blank"


@pytest.mark.parametrize("raw", ["详见附件", "无此项", "未增未减", "见附件1", "2023年"])
def test_words_are_text(raw: str) -> None:
    reading = parse_value(raw)
    assert (reading.state, reading.approximate) == ("text", False)


@pytest.mark.parametrize(
    "raw", ["100余件", "约20", "近50条", "30以上", "十余件", "数百件", "1.3万", "12件左右", ">5"]
)
def test_about_how_many_is_text_and_approximate(raw: str) -> None:
    reading = parse_value(raw)
    assert (reading.state, reading.approximate) == ("text", True)


@pytest.mark.parametrize(
    "raw",
    ["1***", "1×", "?", "1 02", "1,02", "12,34,567", "00", "007", "O", "l", "|", "一", "3-5",
     "一百五", "万元", "千元", "百", "亿", "1" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_for_sure_is_unreadable(raw: str) -> None:
    assert parse_value(raw).state == "unreadable"


@pytest.mark.parametrize(("raw", "value"), [("1O", 10), ("l2", 12), ("3O1件", 301)])
def test_letters_among_digits_are_digits(raw: str, value: int) -> None:
    assert parse_value(raw).value == value


@pytest.mark.parametrize("raw", ["—3", "–3", "-3", "－3件"])
def test_every_dash_before_a_number_is_a_minus(raw: str) -> None:
    assert parse_value(raw).value == -3
