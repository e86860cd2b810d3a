"""Parse annual reports on open government information.

>>> import nianbao
>>> report = nianbao.parse("report.html")  # doctest: +SKIP

With the values that `nianbao correct` keeps:

>>> layer = nianbao.load_corrections("out/corrections.jsonl")  # doctest: +SKIP
>>> report = nianbao.with_corrections(report, layer)  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inference.corrections import load_corrections, with_corrections
    from .inference.pipeline import Result, parse, parse_many, parse_text

__version__ = "0.1.0"

__all__ = [
    "Result",
    "__version__",
    "load_corrections",
    "parse",
    "parse_many",
    "parse_text",
    "with_corrections",
]


def __getattr__(name: str) -> Any:
    """Import the pipeline on first use: `import nianbao` alone loads no numpy and no model."""
    if name in __all__:
        home = "corrections" if name.endswith("_corrections") else "pipeline"
        return getattr(import_module(f"{__name__}.inference.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
