"""The level that an organ's name tells, on invented and on tricky names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.inference.level import body_of, level_of

LEVELS = {
    "province": "青海省水利厅 内蒙古自治区教育厅 重庆市市场监督管理局 省教育厅 教育厅",
    "city": "青禾市人民政府 新乡市教育局 镇江市人民政府 津市市水务局 市水务局 锡林郭勒盟行政公署"
    " 大兴安岭地区行政公署 青禾市公安局望川分局 市国有资产监督管理委员会 梅嶺(lǐng)市商務(wù)局",
    "county": "青山县水务局 沙市区人民政府 北京市海淀区人民政府 青禾市白石市财政局 平乡县人民政府"
    " 恩施土家族苗族自治州恩施市人民政府 枣庄市市中区人民政府 青山县市场监督管理局 新城区教育局"
    " 青山县住房和城乡建设局 国家税务总局青禾市云溪区税务局 神农架林区人民政府 红旗区人民政府"
    " 莫力达瓦达斡尔族自治旗人民政府 上海市浦东新区教育局 青山县乡村振兴局 青山县返乡创业中心",
    "township": "桐花镇 赤岩乡人民政府 白塔街道办事处 青山县南关镇人民政府 镇平县城郊乡人民政府"
    " 红旗镇人民政府 红旗街道办事处 高新区梧桐街道办事处 云溪区南关地区办事处",
    "national": "国家税务总局 教育部 国务院办公厅 国家发展和改革委员会",
}
# Zones have a rank that their name does not tell; the last ones name no division at all.
UNTOLD = (
    "青山县经济开发区管理委员会 青禾市麓湖大学城管理委员会 青禾高新区财政局 雄安新区教育局"
    " 国家统计局青禾调查队 青禾大学 我局"
)


@pytest.mark.parametrize(
    ("level", "name"), [(level, name) for level, names in LEVELS.items() for name in names.split()]
)
def test_a_name_tells_its_level(level: str, name: str) -> None:
    assert level_of(name) == level


@pytest.mark.parametrize("name", [None, "", *UNTOLD.split()])
def test_what_a_name_does_not_tell_is_null(name: str | None) -> None:
    assert level_of(name) is None


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("青山县", "government"),
        ("青山县人民政府", "government"),
        ("白塔街道办事处", "government"),
        ("锡林郭勒盟行政公署", "government"),
        ("青山县人民政府办公室", "department"),
        ("青山县水务局", "department"),
        ("教育部", "department"),
        (None, None),
        ("", None),
    ],
)
def test_a_government_is_told_from_its_departments(name: str | None, body: str | None) -> None:
    assert body_of(name) == body


@given(st.text(alphabet="青山省市县区镇乡旗盟街道地政府局场城 (", max_size=24))
def test_any_name_has_a_level_or_none(name: str) -> None:
    assert level_of(name) in {*LEVELS, None}
    assert body_of(name) in {"government", "department", None}


@given(st.sampled_from(["水务局", "教育局", "市场监督管理局", "住房和城乡建设局"]))
def test_a_department_has_the_level_of_its_place(department: str) -> None:
    for place, level in (("青海省", "province"), ("青禾市", "city"), ("青山县", "county")):
        assert level_of(place + department) == level_of(place) == level
