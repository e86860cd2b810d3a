"""Row labels and the rows of the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.rows import MASTER, column_version, is_group, match_rows
from nianbao.inference.tokens import PROSE, Token
from nianbao.models.form import VERSIONS, Version, form
from nianbao.models.labels import Label

subsets = st.sets(st.integers(0, len(MASTER) - 1), min_size=1)
LABELS = tuple(entry.row.label for entry in MASTER)


def tokens(*labels: tuple[str, Label | None]) -> list[Token]:
    """Tokens a line each."""
    found, place = [], 0
    for text, label in labels:
        found.append(Token(place, place + len(text), label, text, 1.0))
        place += len(text) + 1
    return found


def rows(*labels: str, label: Label | None = Label.ROW) -> list[str]:
    """table.row of each label that is matched, in order."""
    found = match_rows(tokens(*((text, label) for text in labels)))
    return [f"{MASTER[match.row].table}.{MASTER[match.row].row.id}" for match in found]


def ids(version: Version) -> list[str]:
    shape = form(version)
    return [f"{block.table}.{row.id}" for block in (*shape.t2, shape.t3) for row in block.rows]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_rows_of_a_whole_report_are_matched_each_to_its_own(version: Version) -> None:
    shape = form(version)
    labels = [row.label for block in (*shape.t2, shape.t3) for row in block.rows]
    assert rows(*labels) == ids(version)


@pytest.mark.parametrize("version", VERSIONS)
def test_short_labels_are_rows_without_the_taggers_word(version: Version) -> None:
    shape = form(version)
    labels = {
        f"{block.table}.{row.id}": row.label
        for block in (*shape.t2, shape.t3)
        for row in block.rows
    }
    short = {id_: label for id_, label in labels.items() if len(label) < PROSE}
    assert rows(*short.values(), label=None) == list(short)


@given(subsets, st.data())
def test_any_rows_may_be_lost_and_the_rest_keep_their_order(
    kept: set[int], data: st.DataObject
) -> None:
    labels = [LABELS[index] for index in sorted(kept)]
    noise = data.draw(st.integers(0, len(labels)))
    labels.insert(noise, "本村的大喇叭")
    matches = match_rows(tokens(*((text, Label.ROW) for text in labels)))
    assert all(a.token < b.token and a.row < b.row
               for a, b in zip(matches, matches[1:], strict=False))  # fmt: skip
    assert {match.token for match in matches} == set(range(len(labels))) - {noise}
    for match in matches:
        assert MASTER[match.row].row.label == labels[match.token]


@pytest.mark.parametrize(
    ("damaged", "row"),
    [
        ("规 章", "t2.regulations"),
        ("規(guī)章", "t2.regulations"),
        ("规范性文件（决定、公告、“办法”等）", "t2.normative"),
        ("政许可", "t2.licensing"),
        ("行政 处罚", "t2.penalty"),
        ("行政性事业收费", "t2.fees"),
        ("2.其他法律法规禁止公开", "t3.deny.law_forbidden"),
        ("3.危及三安全一稳定", "t3.deny.safety_stability"),
        ("(二)部分公开", "t3.partial"),
        ("四、结转下年度继续办理", "t3.carried_out"),
        (
            "1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请",
            "t3.other.no_correction_overdue",
        ),
    ],
)
def test_a_damaged_label_is_known_among_its_neighbours(damaged: str, row: str) -> None:
    place = ids("2021").index(row)
    shape = form("2021")
    labels = [one.label for block in (*shape.t2, shape.t3) for one in block.rows]
    labels[place] = damaged
    assert rows(*labels)[place] == row


def test_the_column_and_the_row_named_other_are_told_apart_by_their_place() -> None:
    shape = form("2021").t3
    labels = ["其他", *(row.label for row in shape.rows)]
    assert rows(*labels, label=None).count("t3.other.misc") == 1
    assert rows(*labels, label=None)[-3:] == ["t3.other.misc", "t3.total_handled", "t3.carried_out"]


def test_a_row_that_the_form_does_not_have_takes_no_other_rows_place() -> None:
    assert rows("规章", "海关总署令", "行政规范性文件", "行政许可", "行政检查", "行政处罚") == [
        "t2.regulations", "t2.normative", "t2.licensing", "t2.penalty",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "group", ["三、本年度办理结果", "（三）不予公开", "(四) 无法提供", "（五）不予处理"]
)
def test_a_group_is_no_row(group: str) -> None:
    assert is_group(tokens((group, Label.ROW))[0])
    assert rows(group) == []


@pytest.mark.parametrize("label", [row.label for row in form("2021").t3.rows])
def test_a_row_is_no_group(label: str) -> None:
    assert not is_group(tokens((label, Label.ROW))[0])


@pytest.mark.parametrize(
    "text", ["35", "/", "（章）", "本年度的行政许可工作由各科室分头办理，年底统一汇总。"]
)
def test_values_remarks_and_prose_are_never_rows(text: str) -> None:
    assert rows(text, label=None) == []


@pytest.mark.parametrize("version", VERSIONS)
@given(data=st.data())
def test_every_block_tells_its_version_by_its_columns(
    version: Version, data: st.DataObject
) -> None:
    block = data.draw(st.sampled_from(form(version).t2))
    assert column_version(["信息内容", *(column.label for column in block.columns)]) == version


@pytest.mark.parametrize(
    ("headers", "version"),
    [
        (["本年新", "本年新", "对外公开总数量"], "2019"),
        (["本年发件", "本年废止件数", "现行有效件"], "2021"),
        (["本年(2024)制发件数"], "2021"),
        (["本年收费金额"], "2021"),
        (["信息内容"], None),
        ([], None),
    ],
)
def test_damaged_columns_tell_the_version_or_nothing(
    headers: list[str], version: str | None
) -> None:
    assert column_version(headers) == version


def test_a_label_that_is_certainly_one_row_is_never_taken_for_another() -> None:
    labels = ["（五）不予处理", "（六）其他处理", "（七）总计", "（六）其他处理", "（七）总计"]
    assert "t3.other.misc" not in rows(*labels)
    assert rows("（六）其他处理", "3.其他") == ["t3.other", "t3.other.misc"]


def test_rows_of_2019_that_are_printed_twice_stay_rows_of_2019() -> None:
    labels = [row.label for row in form("2019").t3.rows]
    assert rows(*labels, *labels) == [id_ for id_ in ids("2019") if id_.startswith("t3")]
