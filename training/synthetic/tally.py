"""Long counts in section 1: how much was published, and of what kinds or through what channels."""

import random
from collections.abc import Mapping

from .grammar import Grammar, Split

_MOST = 15
#: How a member of the count is written, and what stands between two.
_MEMBERS = (
    "{name}{n}条",
    "{name}{n}条",
    "{name}信息{n}条",
    "{name} {n} 条",
    "{name}：{n}条",
    "{name}{n}",
)
_GAPS = ("、", "，", "，", "；", ",", "; ", " ")


def tally(split: Split, rng: random.Random, words: Mapping[str, object]) -> str:
    """共 N 条，其中：… n 条、… n 条。 The members add up to N, unless their author slipped."""
    grammar = Grammar("tally", split)
    by_kind = rng.random() < 0.6
    names = grammar.phrases("kind" if by_kind else "channel")
    count = min(len(names), rng.choices([3, 5, 8, 11, _MOST], [3, 4, 4, 2, 1])[0])
    most = rng.choice([9, 60, 400, 3000])
    numbers = [rng.randint(0 if rng.random() < 0.2 else 1, most) for _ in range(count)]
    member, gap = rng.choice(_MEMBERS), rng.choice(_GAPS)
    members = [
        member.format(name=name, n=n)
        for name, n in zip(rng.sample(names, count), numbers, strict=True)
    ]
    rest = 0
    if rng.random() < 0.5:
        rest = rng.randint(1, most)
        members.append(grammar.expand("other", rng, {"rest": rest}))
    whole = sum(numbers) + rest + (rng.randint(1, 20) if rng.random() < 0.15 else 0)
    start = grammar.expand("whole_count", rng, {**words, "whole": whole})
    bracket = "）" if "（其中" in start else ""
    return start + gap.join(members) + bracket + "。"
