"""Why a plot cannot be drawn."""

from __future__ import annotations


class Unfit(Exception):
    """A plot that cannot be: what is wrong, and how to fix it.

    Attributes:
        option: the option of the block that it is about, or "" for the block itself.
    """

    def __init__(self, text: str, option: str = "") -> None:
        super().__init__(text)
        self.option = option
