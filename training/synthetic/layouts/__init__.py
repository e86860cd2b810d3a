"""How tables look as text. Start at presets.LAYOUTS; writer.write turns a grid into text."""

from .presets import LAYOUTS, Plan
from .writer import Style, write

__all__ = ["LAYOUTS", "Plan", "Style", "write"]
