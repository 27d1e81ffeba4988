"""The page of a lesson."""

from .card import card
from .write import write_page

__all__ = ["card", "write_page"]
