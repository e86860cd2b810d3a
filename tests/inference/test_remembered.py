"""What is remembered, and what is not."""

from nianbao.inference.remembered import LONGEST, SIZE, remembered


def test_a_short_text_is_computed_once_and_a_long_one_every_time() -> None:
    asked: list[str] = []

    @remembered
    def length(text: str) -> int:
        asked.append(text)
        return len(text)

    short, long = "规章", "规" * (LONGEST + 1)
    assert [length(text) for text in (short, short, long, long)] == [2, 2, LONGEST + 1, LONGEST + 1]
    assert asked == [short, long, long]


def test_no_more_is_kept_than_the_size_of_the_memory() -> None:
    asked: list[str] = []

    @remembered
    def told(text: str, number: int) -> int:
        asked.append(text)
        return number

    for number in range(SIZE + 1):
        told("件", number)
    told("件", 0)  # the first was forgotten for the last
    assert len(asked) == SIZE + 2
