"""What may be said of a run: facts with values, units and updates, and how they are written and said."""

from .book import KINDS, FactBook
from .conditions import ConditionError
from .fact import Fact
from .formats import FORMATS

__all__ = ["FORMATS", "KINDS", "ConditionError", "Fact", "FactBook"]
