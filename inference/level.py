"""The level of government that an organ's name tells, and whether the organ is a government."""

import re
from typing import Literal

from .wording import plain

Level = Literal["national", "province", "city", "county", "township"]
Body = Literal["government", "department"]

# 市场, 城乡, 乡村, … are words of departments and no divisions; their characters are masked.
_NO_DIVISION = re.compile(
    "市场|城市|市政|市容|市民|城乡|乡村|城镇|乡镇|社区|区划|区域|县域|库区|灾区|校区|辖区|片区|返乡|国旗"
)
# Zones: their rank is not in the name. 浦东新区 and 滨海新区 are districts.
_ZONE = re.compile(
    "(?:开发|高新|(?<!浦东)(?<!滨海)新|园|保税|示范|试验|实验|合作|度假|风景|景|保护|管理|工业|产业|集聚|功能|物流)区"
    "|(?<!监督)管(?:理)?委(?:员)?会"
)
_MUNICIPALITIES = "北京市|上海市|天津市|重庆市"
# The units of each level from the highest down; a unit's character directly before another one
# is part of the name: 沙市区, 津市市.
_NAME = re.compile(
    rf"(?P<province>{_MUNICIPALITIES}|.{{0,16}}?(?:省|自治区))?"
    r"(?P<city>.{0,16}?(?:自治州|地区(?!办事处)|盟|市)(?![市区县镇乡]))?"
    r"(?P<county>.{0,16}?(?:县|旗|区|市)(?![市区县镇乡旗]))?"
    r"(?P<township>.{0,12}?(?:街道|地区(?=办事处)|镇|乡|苏木)(?=$|人民政府|政府|办事处|党))?"
    r"(?P<rest>.*)"
)
_LEVELS: tuple[Level, ...] = ("township", "county", "city", "province")
_GOVERNMENT = re.compile("(?:人民)?政府|办事处|行政公署|")
_MINISTRIES = (
    "外交|国防|教育|科学技术|工业和信息化|公安|国家安全|民政|司法|财政|人力资源和社会保障|自然资源"
    "|生态环境|住房和城乡建设|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|应急管理"
)
_NATIONAL = re.compile(
    rf"(?:中华人民共和国)?(?:{_MINISTRIES})部(?:办公厅)?|国务院.*|国家[^局委]{{2,10}}(?:局|委员会)"
    "|中国人民银行|审计署|海关总署"
)
_PROVINCIAL = re.compile("[^局部市县区]{2,12}厅")


def level_of(issuer: str | None) -> Level | None:
    """The level of the lowest division in an organ's name; None where the name does not tell.

    `city` is any 市 below the province that stands alone: whether it is one of prefecture or of
    county rank its name does not say; a 市 below another is `county`. So are districts.
    """
    name = plain(issuer or "")
    if _NATIONAL.fullmatch(name):
        return "national"
    found = _divided(name)
    if found["township"] is None and _ZONE.search(f"{found['county'] or ''}{found['rest'] or ''}"):
        return None
    for level in _LEVELS:
        if found[level] is not None:
            return level
    return "province" if _PROVINCIAL.fullmatch(name) else None  # only provinces have a 厅


def body_of(issuer: str | None) -> Body | None:
    """Whether a government itself (or its 街道办事处) reports, or one of its departments."""
    if not issuer:
        return None
    name = plain(issuer)
    found = _divided(name)
    divided = any(found[level] is not None for level in _LEVELS)
    whole = divided and _GOVERNMENT.fullmatch(found["rest"] or "") is not None
    return "government" if whole else "department"


def _divided(name: str) -> dict[str, str | None]:
    """The divisions in `name`, and the rest of it."""
    match = _NAME.fullmatch(_NO_DIVISION.sub(lambda word: "#" * len(word[0]), name))
    return match.groupdict() if match else dict.fromkeys((*_LEVELS, "rest"))
