"""The result of parsing one report: the contract, version 1, as pydantic models.

Keys may be added; none may change its meaning. Offsets are half open, in code points, into
`source.text`.
"""

from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

SCHEMA_VERSION = "1"

State = Literal["found", "blank", "not_applicable", "text", "missing", "unreadable"]
Severity = Literal["error", "warning", "info"]
Role = Literal["problem", "measure"]
SectionId = Literal["1", "2", "3", "4", "5", "6"]


class Part(BaseModel):
    """What all parts of a report share: immutable, and no unknown key."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_Part = TypeVar("_Part", bound=Part)


def changed(part: _Part, **values: object) -> _Part:
    """`part` with other values, which are checked; quicker than `model_copy`, which checks none."""
    result: _Part = part.__pydantic_validator__.validate_python({**part.__dict__, **values})
    return result


def as_text(path: str) -> str:
    r"""A file's name that is no UTF-8 with escapes, `\udcc4`: JSON cannot hold it otherwise."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


class Source(Part):
    path: Annotated[str, AfterValidator(as_text)]
    sha256: str
    format: Literal["txt", "md", "html", "docx", "doc", "pdf", "image"]
    encoding: str
    text: str


class Meta(Part):
    """Null where the report does not say it; never guessed."""

    title: str | None = None
    issuer: str | None = None
    year: int | None = None
    signed_date: date | None = None
    publication_date: date | None = None
    period_start: date | None = None
    period_end: date | None = None
    form_version: Literal["2019", "2021"] | None = None
    document_number: str | None = None
    cited_notice: str | None = None
    scope: Literal["own", "aggregated"] | None = None
    kind: Literal["annual_report"] = "annual_report"


class Section(Part):
    """One of the six sections. A heading that is absent is null, with null offsets."""

    id: SectionId
    heading: str | None
    heading_start: int | None
    heading_end: int | None
    body_start: int
    body_end: int
    confidence: float


class Table(Part):
    """proved: the form's sums admit this alignment alone; unverifiable: others too."""

    id: Literal["t2", "t3", "t4"]
    version: Literal["2019", "2021"] | None
    alignment: Literal["proved", "unverifiable", "partial"]


class Correction(Part):
    """What the parser had read in a cell before a person corrected it, and why.

    given: the correction as it was written: a number, `/`, nothing, words, `missing`.
    """

    given: str
    value: int | float | None
    state: State
    method: str
    confidence: float
    why: str
    by: str = ""


class MetaCorrection(Part):
    """A value of `meta` that a person corrected. path: `meta.issuer`; the rest as `Correction`."""

    path: str
    given: str
    value: str | int | None
    why: str
    by: str = ""


class Cell(Part):
    """correction: null where no person changed it; else the method is `corrected`."""

    path: str
    value: int | float | None = None
    raw: str | None = None
    unit: str | None = None
    state: State = "missing"
    confidence: float = 1.0
    method: str = "absent"
    start: int | None = None
    end: int | None = None
    correction: Correction | None = None


class Theme(Part):
    id: str
    score: float


class Answer(Part):
    """A measure that answers a problem. item: its place in the report's items, from 0.

    score: how probably it does.
    """

    item: int
    score: float


class Repeat(Part):
    """The item of the organ's last report whose wording an item takes over. score: 0 to 1."""

    text: str
    score: float


class Item(Part):
    """answers: of a problem, the measures that answer it, the likeliest first.

    repeated: null where the item is new, or no last report was given (`narrative.previous`).
    """

    role: Role
    text: str
    start: int
    end: int
    generic: bool
    confidence: float
    themes: tuple[Theme, ...] = ()
    answers: tuple[Answer, ...] = ()
    repeated: Repeat | None = None


class Previous(Part):
    """The organ's last report that items were compared with. sha256: of its source."""

    year: int
    sha256: str


class Narrative(Part):
    none_stated: bool = False
    previous: Previous | None = None


class Claim(Part):
    """A figure that the prose states about a cell; it never fills the cell."""

    path: str
    value: int | float
    start: int
    end: int


class Check(Part):
    id: str
    state: Literal["pass", "fail", "not_assessable"]
    left: int | float | None
    right: int | float | None
    cells: tuple[str, ...]
    message: str


class Finding(Part):
    code: str
    severity: Severity
    message: str
    start: int | None = None
    end: int | None = None
    cells: tuple[str, ...] = ()


class ModelInfo(Part):
    name: str
    version: str
    sha256: str


class Report(Part):
    schema_version: Literal["1"] = "1"
    status: Literal["ok", "review"]
    reasons: tuple[str, ...] = ()
    source: Source
    meta: Meta
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    cells: tuple[Cell, ...]
    items: tuple[Item, ...]
    narrative: Narrative
    claims: tuple[Claim, ...]
    checks: tuple[Check, ...]
    findings: tuple[Finding, ...]
    model: ModelInfo
    corrections: tuple[MetaCorrection, ...] = ()  # a cell carries its own

    def cell(self, path: str) -> Cell:
        """The cell at `path`. Raises KeyError where the report's form has none of that name."""
        for cell in self.cells:
            if cell.path == path:
                return cell
        raise KeyError(path)
