"""Suggestions never lie over what stands there already, whatever is drawn over whatever."""

from hypothesis import given
from hypothesis import strategies as st

from nianbao.annotations.label_studio import results_of
from nianbao.annotations.suggested import Region, frame_of
from nianbao.models.labels import Label, Span

TEXT = "0123456789" * 4
PLACES = st.integers(0, len(TEXT))
STRETCHES = st.lists(PLACES, min_size=2, max_size=2, unique=True).map(sorted)
LABELS = st.sampled_from([Label.ROW, Label.VALUE])


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    """Sorted and without overlap."""
    edges = sorted(draw(st.sets(PLACES, max_size=12)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [Span(start, end, draw(LABELS)) for start, end in pairs]


def region(place: list[int], label: Label, id_: str, origin: str = "manual") -> Region:
    value = {"start": place[0], "end": place[1], "labels": [str(label)]}
    return Region(id=id_, type="labels", origin=origin, value=value)


@given(spans(), st.lists(STRETCHES, max_size=4), STRETCHES, LABELS)
def test_suggestions_lie_in_the_frame_and_over_nothing_that_stands_there(
    predicted: list[Span], there: list[list[int]], frame: list[int], label: Label
) -> None:
    others = [region(place, label, f"o{number}") for number, place in enumerate(there)]
    drawn = region(frame, label, "drawn")
    found = frame_of([*others, drawn], ())
    assert found is not None
    made = found.suggestions(results_of(TEXT, predicted))
    assert all(drawn.touches(one) for one in made)
    assert not any(other.touches(one) for other in others for one in made)
    assert [one["id"] for one in made].count("drawn") == bool(made)
    assert len({one["id"] for one in made}) == len(made)
    alike = [one for one in made if one["value"]["labels"] == [label]]
    assert not alike or alike[0]["id"] == "drawn"


def test_what_a_model_or_an_earlier_day_has_put_there_is_no_frame() -> None:
    one = region([0, 5], Label.ROW, "a")
    assert frame_of([one], ()) is not None
    assert frame_of([one], [one]) is None
    assert frame_of([region([0, 5], Label.ROW, "a", "prediction-changed")], ()) is None
    assert frame_of((), ()) is None
