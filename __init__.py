"""Parse annual reports on open government information.

>>> import nianbao
>>> report = nianbao.parse("report.html")  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .inference.pipeline import Result, parse, parse_many, parse_text

__version__ = "0.1.0"

__all__ = ["Result", "__version__", "parse", "parse_many", "parse_text"]


def __getattr__(name: str) -> Any:
    """Import the pipeline on first use: `import nianbao` alone loads no numpy and no model."""
    if name in __all__:
        from .inference import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
