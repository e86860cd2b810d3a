"""The closed list of findings, and how one is made."""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from .report import Finding


@cache
def finding_table() -> dict[str, dict[str, str]]:
    """code -> {"severity", "zh", "where"}, as kept in `data/findings.json`."""
    text = files(__package__).joinpath("data/findings.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, str]] = json.loads(text)
    return table


def finding(
    code: str,
    start: int | None = None,
    end: int | None = None,
    cells: Iterable[str] = (),
    **values: object,
) -> Finding:
    """A finding with the severity and the sentence of its code.

    values: fill the braces of the sentence.
    KeyError where the code is not listed, or where a brace has no value.
    """
    entry = finding_table()[code]
    return Finding.model_validate(
        {
            "code": code,
            "severity": entry["severity"],
            "message": entry["zh"].format(**values),
            "start": start,
            "end": end,
            "cells": tuple(cells),
        }
    )
