"""What is shown while a command trains."""

from __future__ import annotations

import sys

from ..train.progress import Late, Lines

PATIENCE = 0.3
"""Seconds before a bar appears."""


class Patient(Late):
    """Lines where there is no terminal; a bar, once it is worth it, where there is one."""

    def __init__(self) -> None:
        super().__init__(PATIENCE)

    def start(self, updates: int, per_epoch: int, unit: str = "epoch") -> None:
        """The run begins."""
        super().start(updates, per_epoch, unit)
        if not sys.stderr.isatty():
            self.bar = Lines(sys.stderr)
            self.bar.start(*self.size)
