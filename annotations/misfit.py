"""What of a foreign annotation does not fit, told with its place."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Trouble:
    """place: offsets `12-15`, or a line of the file. reason: `中文 | English`."""

    place: str
    reason: str

    @classmethod
    def at(cls, start: object, end: object, reason: str) -> Self:
        return cls(f"{start}-{end}", reason)


class Misfit(Exception):
    """An annotation that is not taken. Carries everything that is wrong, not the first alone."""

    def __init__(self, *troubles: Trouble) -> None:
        self.troubles = troubles
        super().__init__("; ".join(f"{one.place}: {one.reason}" for one in troubles))
