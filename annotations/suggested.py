"""What to suggest for a stretch that an annotator has just drawn a region round.

With Auto-Annotation on, Label Studio 1.23 asks each time a region was drawn, relabelled or deleted.
It sends all regions of that label, in the order in which they came to be, and takes the answer
without asking: a suggestion replaces the region that has its id, and else is added.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict


class Region(BaseModel):
    """A labelled stretch; or a choice, a relation, a text, which are passed over."""

    model_config = ConfigDict(extra="ignore")

    id: Any = None
    type: Any = None
    origin: Any = "manual"
    value: Any = None

    def is_labelled(self) -> bool:
        value = self.value if isinstance(self.value, dict) else {}
        places = (value.get("start"), value.get("end"))
        return self.type == "labels" and all(isinstance(place, int) for place in places)

    def touches(self, result: Mapping[str, Any]) -> bool:
        ours, other = self.value, result["value"]
        return bool(other["start"] < ours["end"] and ours["start"] < other["end"])

    def is_labelled_like(self, result: Mapping[str, Any]) -> bool:
        return bool(self.value.get("labels") == result["value"].get("labels"))


@dataclass(frozen=True, slots=True)
class Frame:
    """A region that was drawn just now. others: all of the same label, of whomever."""

    drawn: Region
    others: Sequence[Region]

    def suggestions(self, results: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Of a prediction what touches the frame, and none of the others.

        One takes the frame's id, and so its place: where there is one, a result of the same
        label, for it certainly stands nowhere yet.
        """
        free = (one for one in results if not any(other.touches(one) for other in self.others))
        found = [one for one in free if self.drawn.touches(one)]
        alike = [one for one in found if self.drawn.is_labelled_like(one)]
        ids = {one["id"]: self.drawn.id for one in (alike or found)[:1]}
        return [_suggestion(one, ids.get(one["id"], one["id"])) for one in found]


def _suggestion(result: Mapping[str, Any], id_: str) -> dict[str, Any]:
    """globalOffsets: without them Label Studio shows a region that is replaced where it was."""
    value = result["value"]
    place = {"start": value["start"], "end": value["end"]}
    return {**result, "id": id_, "origin": "prediction", "value": {**value, "globalOffsets": place}}


def frame_of(context: Iterable[Region], saved: Iterable[Region]) -> Frame | None:
    """The last region of a context, where it was drawn just now.

    Where one was relabelled or deleted, the last has come from a prediction or was saved before:
    what a person has made of it is not to be touched. saved: of the task's annotations; a draft
    may have been saved since it was drawn.
    """
    regions = [one for one in context if one.is_labelled()]
    if not regions:
        return None
    *others, last = regions
    is_new = last.origin == "manual" and last.id not in [one.id for one in saved]
    return Frame(last, others) if is_new else None
