"""Problems and measures that name no object: 距上级要求还有差距 (contract: flag `generic_only`)."""

import re

import numpy as np
from numpy.typing import NDArray

#: A statement that some theme is this likely for names what it is about.
NAMED = 0.2
_BETTER = r"(?:努力|改进|提[升高]|加强|完善|发力|解决|整改)"
_GAP = re.compile(
    r"[距离与同和对较比照按].{2,45}(?:差距|距离|一段路|落差|差一截|差得远|适应|努力|发力|空间|不足|欠缺)"
    r"|离.{0,6}差得远"
)
_SHORT = re.compile(
    rf"[尚还仍].{{0,4}}[需须有存].{{0,12}}(?:{_BETTER}|空间|余地|薄弱环节|短[板处]|弱项|欠缺|地方|不足|问题)(?:和{_BETTER})?"
    rf"|(?:工作|水平)(?:有待|需要?|须).{{0,8}}{_BETTER}|存在(?:一些|不少|许多|一定)?.{{0,8}}(?:不足|问题|短板|之处)$|缺少抓手"
)
_PROMISE = re.compile(
    rf"(?:[上前]述|以上|这些|存在的?).{{0,3}}(?:问题|不足).{{0,20}}{_BETTER}|扬长避短|做得更好|继续努力"
    rf"|(?:认真|切实|着力).{{0,4}}{_BETTER}|[再迈跃]上.{{0,3}}台阶|新局面|新成效|新贡献|更上一层|人民满意的"
)


def sounds_generic(text: str) -> bool:
    """Whether the words are those of statements without an object; some have one beside them."""
    return any(pattern.search(text) for pattern in (_GAP, _SHORT, _PROMISE))


def is_generic(text: str, scores: NDArray[np.float64]) -> bool:
    """Whether a statement names no object. scores: [themes] its probabilities."""
    return float(scores.max()) < NAMED and sounds_generic(text)
