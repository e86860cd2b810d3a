"""Exceptions of nianbao.

* NianbaoError            carries `code`, `message` (Chinese), `english` and `hint`
  + UnreadableFile        the bytes are no report that we can open
  + NotAReport            the text is of another kind (a web-site work report, a notice, …)
  + BadModel              a model folder is missing, spoiled, or was trained for other labels
  + MissingExtra          an optional library or program is not installed

What is merely odd about a report is no exception but a `Finding` (see `report`).
The codes are a closed list, `data/errors.json`.
"""

import json
from collections.abc import Mapping
from functools import cache, partial
from importlib.resources import files


@cache
def error_table() -> dict[str, dict[str, str]]:
    """code -> {"zh", "en", "hint"}, as kept in `data/errors.json`."""
    text = files(__package__).joinpath("data/errors.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = json.loads(text)
    return table


def _halves(values: Mapping[str, object], side: int) -> dict[str, object]:
    """Side 0 is Chinese, side 1 English; a value in one language serves both."""
    found = {name: str(value).split(" | ") for name, value in values.items()}
    return {name: parts[side] if len(parts) == 2 else values[name] for name, parts in found.items()}


class NianbaoError(Exception):
    """A failure that has a code of `data/errors.json`. KeyError where the code is not listed.

    values: fill the braces of the table's sentences. One in two languages, `中文 | English`,
    gives each sentence its half.
    """

    def __init__(self, code: str, **values: object) -> None:
        entry = error_table()[code]
        self.code, self.values = code, values
        self.message = entry["zh"].format(**_halves(values, 0))
        self.english = entry["en"].format(**_halves(values, 1))
        self.hint = entry["hint"].format(**values)
        super().__init__(f"{code} {self.message} | {self.english}")

    def __reduce__(self) -> tuple[object, ...]:
        """A worker's error reaches its parent whole; values go as text, whatever they were."""
        values = {name: str(value) for name, value in self.values.items()}
        return partial(type(self), self.code, **values), ()


class UnreadableFile(NianbaoError):
    """The bytes are no text, markdown or HTML that we can open."""


class NotAReport(NianbaoError):
    """The text was read, but is no annual report."""


class BadModel(NianbaoError):
    """A model folder is missing or spoiled, or was trained for other labels."""


class MissingExtra(NianbaoError):
    """An optional library is needed and absent."""
