"""Characters and words that stand for others: traditional, radicals, look-alikes, readings."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

#: Radicals of U+2E80 to U+2FDF that look like common characters.
RADICALS: Mapping[str, str] = MappingProxyType(
    dict(
        zip(
            "工人力长面一二子大小文方日月水用行见门页风车生示立自至走里金高食网口土山心手又比",
            "⼯⼈⼒⻓⾯⼀⼆⼦⼤⼩⽂⽅⽇⽉⽔⽤⾏⻅⻔⻚⻛⻋⽣⽰⽴⾃⾄⾛⾥⾦⾼⾷⽹⼝⼟⼭⼼⼿⼜⽐",
            strict=True,
        )
    )
)

#: Misread by OCR or mistyped.
LOOK_ALIKES: Mapping[str, str] = MappingProxyType(
    dict(zip("一未己日入勾末已曰人间问土士于干", "—末已曰人勺未己日入问间士土干于", strict=True))
)

#: Words that a conversion to Taiwan's usage swaps, before the characters.
TAIWAN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "规范性文件": "规范性档案", "门户网站": "入口网站", "信息": "资讯", "网络": "网路",
        "数据": "资料", "微信公众号": "微信公众号", "视频": "影片", "项目": "专案",
    }
)  # fmt: skip


def _pairs(name: str) -> list[str]:
    text = files("nianbao.training.synthetic").joinpath(f"phrases/{name}.txt").read_text("utf-8")
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]


@cache
def traditional() -> Mapping[str, str]:
    """Simplified character -> traditional one, for the characters that reports use."""
    return MappingProxyType({pair[0]: pair[1] for pair in _pairs("traditional")})


@cache
def readings() -> Mapping[str, str]:
    """Traditional character -> its reading with tone marks."""
    return MappingProxyType({entry[0]: entry[1:] for entry in _pairs("readings")})
