"""The stated mix: how long report number n is, and whether it is a page or plain text.

80 % pages, 20 % text; 4,000 characters on average, the longest near 15,000. Every BLOCK reports
have the same mix, so that a slow configuration may be given fewer blocks than a fast one.
"""

import math
import random
from statistics import NormalDist
from typing import Literal

Format = Literal["html", "text"]

BLOCK = 20  # reports
TEXTS = 4  # of a block are plain text
# A report is its form and a little prose, and beyond that as much prose as its office likes: few
# have much. Layout and furniture add about a twentieth, so that reports as they are read have a
# mean of 4,000 characters.
LONGEST = 13_900  # characters
SHORTEST = 2_300
MEDIAN_BEYOND = 890
SPREAD = 1.02  # of the logarithm
_GOLDEN = (math.sqrt(5) - 1) / 2  # multiples of it fill the unit interval evenly


def format_of(number: int) -> Format:
    return "text" if _place(number) % (BLOCK // TEXTS) == 0 else "html"


def length_of(number: int) -> int:
    """The characters that report `number` gets before it is laid out.

    In every block there is one report of each twentieth of the lengths.
    """
    within = (number // BLOCK + 1) * _GOLDEN % 1
    share = (_rank(number) + within) / BLOCK
    beyond = math.exp(math.log(MEDIAN_BEYOND) + SPREAD * NormalDist().inv_cdf(share))
    return min(LONGEST, round(SHORTEST + beyond))


def _place(number: int) -> int:
    return number % BLOCK


def _rank(number: int) -> int:
    """Which twentieth of the lengths is number's: a random order in every block."""
    order = list(range(BLOCK))
    random.Random(f"length:{number // BLOCK}").shuffle(order)
    return order[_place(number)]
