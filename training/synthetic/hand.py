"""The hand that writes a report: habits kept from its first line to its last."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .marked import Marked, join
from .subject import Kind, Subject

_HALF_WIDTH = str.maketrans("，：；（）？！", ",:;()?!")
_HALF_BRACKETS = str.maketrans("（）", "()")
_LEVEL = re.compile("[省市县区旗州盟镇乡]|街道|苏木")

#: kind -> slot -> what the prose may write there. One choice per report.
_WORDS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    "government": {
        "subs": ("各乡镇、各部门", "各乡镇（街道）和县直部门", "各区县和市直部门", "各地各部门"),
        "upper": ("省政府", "省政府办公厅", "市政府", "国务院办公厅", "上级政府"),
        "lead": ("政务公开领导小组", "政府信息与政务公开领导小组", "政务公开工作领导小组"),
        "office": ("政府办公室", "政府办公厅政务公开处", "政务公开办公室", "政务公开科"),
    },
    "office": {
        "subs": ("各科室", "各处室", "各科（室、中心）", "机关各股室"),
        "upper": ("市政府", "省政府办公厅", "上级政务公开主管部门", "县委、县政府"),
        "lead": ("政务公开领导小组", "政府信息公开工作专班", "政务公开工作领导小组"),
        "office": ("政务公开科", "政务公开股", "综合科", "信息公开处"),
    },
    "department": {
        "subs": ("各科室", "各股室", "各处室", "各科室、下属单位", "机关各科室和直属单位"),
        "upper": ("市政务公开办", "县政府办公室", "市政府办公室", "县委、县政府", "省厅", "区政府"),
        "lead": ("政务公开领导小组", "政府信息公开工作领导小组", "信息公开领导小组"),
        "office": ("办公室", "局办公室", "综合科", "政策法规科", "秘书科"),
    },
    "township": {
        "subs": ("各村（社区）", "各站所", "各办（中心）", "各村居和镇直部门", "各内设机构"),
        "upper": ("县政府办公室", "区政务公开办", "县委、县政府", "区政府", "市政务公开办"),
        "lead": ("政务公开工作领导小组", "信息公开领导小组", "党务政务公开领导小组"),
        "office": ("党政办", "党政综合办公室", "党政办公室", "综合办"),
    },
    "committee": {
        "subs": ("各局办", "各内设机构", "各部门、各国有公司", "各局（室）"),
        "upper": ("市政府办公室", "市政务公开办", "省商务厅", "市委、市政府"),
        "lead": ("政务公开领导小组", "政府信息公开工作领导小组"),
        "office": ("党政办公室", "综合办公室", "党群工作部", "行政审批局"),
    },
    "vertical": {
        "subs": ("各科室、各派出机构", "各分局、各股室", "机关各部门", "各业务科室"),
        "upper": ("省局", "市局", "总局", "上级主管部门", "上级局"),
        "lead": ("政务公开领导小组", "政府信息公开工作领导小组"),
        "office": ("办公室", "纳税服务科", "法制科", "综合科"),
    },
}


@dataclass(frozen=True, slots=True)
class Hand:
    """Habits of one report.

    words: slot -> wording, for the phrase files.
    careless: some figures of the prose differ from the tables.
    """

    indent: str
    punctuation: dict[int, int]
    grouped: bool  # 1,024 rather than 1024
    careless: bool
    words: Mapping[str, str]

    def paragraphs(self, parts: list[Marked]) -> Marked:
        """The parts, one a line, indented and punctuated by habit. Every mark keeps its place."""
        return self.punctuated(join("\n", [Marked(self.indent) + part for part in parts]))

    def punctuated(self, marked: Marked) -> Marked:
        return Marked(marked.text.translate(self.punctuation), marked.marks)


def hand_of(subject: Subject) -> Hand:
    """The same for every part of the report: it is drawn from organ and year alone."""
    rng = random.Random(f"{subject.organ} {subject.year}")
    indent = rng.choices(["", "　　", "    ", "　"], weights=[45, 42, 9, 4])[0]
    punctuation: dict[int, int] = rng.choices(
        [{}, _HALF_WIDTH, _HALF_BRACKETS], weights=[72, 18, 10]
    )[0]
    return Hand(
        indent=indent,
        punctuation=punctuation,
        grouped=rng.random() < 0.12,
        careless=rng.random() < 0.04,
        words=_words(subject, rng),
    )


def _words(subject: Subject, rng: random.Random) -> dict[str, str]:
    chosen = {slot: rng.choice(options) for slot, options in _WORDS[subject.kind].items()}
    return chosen | {
        "self": subject.self_name,
        "organ": subject.organ,
        "all": _whole(subject),
        "year": str(subject.year),
        "last_year": str(subject.year - 1),
        "next_year": str(subject.year + 1),
    }


def _whole(subject: Subject) -> str:
    """全县, 全镇, 全局 …: the area of a government, the house of any other organ."""
    if subject.kind in ("government", "office", "township"):
        levels = _LEVEL.findall(subject.organ)
        return f"全{levels[-1]}" if levels else "全域"
    last = "委" if subject.organ.endswith("委员会") else subject.organ[-1]
    return f"全{last}" if last in "局厅委队" else "全系统"
