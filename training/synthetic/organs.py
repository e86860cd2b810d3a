"""Invented organs of every level and kind, those of one split unknown to the other."""

import random
import re
from functools import cache

from .grammar import Grammar, Split, split_of
from .subject import Kind

#: How often each kind publishes, roughly (facts 6.1); governments more often than in life,
#: for their reports hold the large figures.
_KINDS: dict[Kind, int] = {
    "department": 46,
    "township": 20,
    "government": 12,
    "vertical": 9,
    "committee": 7,
    "office": 6,
}

#: End of the organ's name -> how its report may call it; the first that fits counts.
_SELF_NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("街道办事处", ("我街道", "本街道", "街道", "街道办事处", "我办事处")),
    ("地区办事处", ("我地区", "本地区", "办事处")),
    ("镇人民政府", ("我镇", "本镇", "镇政府", "全镇", "镇党委、政府")),
    ("苏木人民政府", ("我苏木", "本苏木", "苏木政府")),
    ("乡人民政府", ("我乡", "本乡", "乡政府", "全乡")),
    ("省人民政府", ("我省", "全省", "省政府")),
    ("区人民政府", ("我区", "全区", "区政府", "本区")),
    ("县人民政府", ("我县", "全县", "县政府", "本县")),
    ("旗人民政府", ("我旗", "全旗", "旗政府")),
    ("州人民政府", ("我州", "全州", "州政府")),
    ("市人民政府", ("我市", "全市", "市政府", "本市")),
    ("人民政府", ("我区", "全区", "自治区政府")),
    ("行政公署", ("行署", "我署", "本地区")),
    ("监督管理委员会", ("我委", "本委")),
    ("管理委员会", ("管委会", "我委", "本委", "我区")),
    ("管委会", ("管委会", "我委", "本区")),
    ("委员会", ("我委", "本委", "委机关")),
    ("办公厅", ("我厅", "办公厅", "本厅")),
    ("办公室", ("我办", "本办", "办公室")),
    ("办事处", ("办事处", "我办")),
    ("政府办", ("我办", "区政府办")),
    ("管理处", ("管理处", "我处")),
    ("联合会", ("我会", "本会")),
    ("红十字会", ("我会", "本会")),
    ("联合社", ("我社", "本社")),
    ("分局", ("分局", "我分局", "本分局", "我局")),
    ("派出所", ("我所", "派出所")),
    ("中心", ("中心", "我中心", "本中心")),
    ("海关", ("我关", "本关", "关区")),
    ("支队", ("支队", "我支队")),
    ("大队", ("大队", "我大队")),
    ("调查队", ("我队", "本队", "调查队")),
    ("研究室", ("我室", "研究室")),
    ("管理区", ("管理区", "我区")),
    ("处", ("我处", "本处")),
    ("站", ("我站", "本站")),
    ("厅", ("我厅", "本厅", "厅机关")),
    ("部", ("我部", "本部", "部机关")),
    ("局", ("我局", "本局", "局机关")),
    ("镇", ("我镇", "本镇")),
    ("乡", ("我乡", "本乡")),
    ("县", ("我县", "全县")),
    ("区", ("我区", "全区")),
    ("市", ("我市", "全市")),
)

#: 直辖市 have districts below them and no cities: 天津市某市某区 -> 天津市某区.
_CITY_BELOW = re.compile("^(北京市|上海市|天津市|重庆市)[^市]{2,3}市(?=[^市]{2,3}[区县])")
_CITY_OF = re.compile("^(北京市|上海市|天津市|重庆市)([^市]{2,3})市(?=.)")


@cache
def _characters() -> tuple[str, str, str]:
    """What place names are made of; shared by both splits, for the names themselves are split."""
    grammar = Grammar("organs", "train")
    first, second, third = ("".join(grammar.phrases(s)) for s in ("first", "second", "third"))
    return first, second, third


def sample_place(rng: random.Random, split: Split) -> str:
    """A place name of two or three characters, made up; each belongs to one split for ever."""
    first, second, third = _characters()
    while True:
        name = rng.choice(first) + rng.choice(second)
        if rng.random() < 0.06:
            name += rng.choice(third)
        if len(set(name)) == len(name) and split_of(name) == split:
            return name


def self_name(organ: str, rng: random.Random) -> str:
    """How the organ's report calls it: 我局, 本镇, 县政府 … KeyError where no ending is known."""
    for ending, names in _SELF_NAMES:
        if organ.endswith(ending):
            return rng.choice(names)
    raise KeyError(organ)


def sample_organ(rng: random.Random, split: Split) -> tuple[str, str, Kind]:
    """Full name, the name it gives itself, and its kind."""
    kind: Kind = rng.choices(list(_KINDS), weights=list(_KINDS.values()))[0]
    places = {slot: sample_place(rng, split) for slot in ("p", "p2", "q", "r")}
    organ = Grammar("organs", split).expand(kind, rng, places)
    organ = _CITY_OF.sub(r"\1\2区", _CITY_BELOW.sub(r"\1", organ))
    return organ, self_name(organ, rng), kind
