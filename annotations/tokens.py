"""Hugging Face's `tokens` and `ner_tags` in JSONL, one token for each code point.

Tags are written by name: `datasets` makes numbers of them, in an order that is its own business.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, StrictStr

from .bio import spans_of_tags, tags_of
from .carried import carried, document_with
from .checks import Outcome, json_lines, outcome_of, parsed, write_text
from .documents import AnnotatedDocument
from .misfit import Misfit, Trouble


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    tokens: list[StrictStr]
    ner_tags: list[int | str]


def write(documents: Iterable[AnnotatedDocument], path: Path) -> None:
    """Write the lines. Raises NianbaoError E401."""
    lines = (json.dumps(_line(document), ensure_ascii=False) + "\n" for document in documents)
    write_text(path, "".join(lines))


def _line(document: AnnotatedDocument) -> dict[str, Any]:
    words = {"tokens": list(document.text), "ner_tags": tags_of(document)}
    return {"id": document.id, **words, **carried(document)}


def read(path: Path) -> Iterator[Outcome]:
    """The documents, each checked, and what was refused. Raises NianbaoError E108."""
    for number, record in json_lines(path):
        yield from outcome_of(path, f"line {number}", _document, record)


def _document(record: Any) -> AnnotatedDocument:
    line = parsed(_Line, record)
    troubles = [
        Trouble.at(i, i + 1, f"{token!r} 不是一个字 | {token!r} is not one code point")
        for i, token in enumerate(line.tokens)
        if len(token) != 1
    ]
    if any(isinstance(tag, int) for tag in line.ner_tags):
        reason = (
            "标签是数字，次序不明，请写出名称 | tags are numbers of an unknown order; name them"
        )
        troubles.append(Trouble("ner_tags", reason))
    if len(line.tokens) != len(line.ner_tags):
        reason = f"字 {len(line.tokens)} 个，标签 {len(line.ner_tags)} 个 | not one tag a token"
        troubles.append(Trouble("ner_tags", reason))
    if troubles:
        raise Misfit(*troubles)
    return document_with("".join(line.tokens), spans_of_tags(line.ner_tags), record)
