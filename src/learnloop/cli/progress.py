"""A bar that waits: most runs are over before a bar would be worth drawing."""

from __future__ import annotations

import sys
import time

from ..train.progress import Bar, Lines, Silent

PATIENCE = 0.3
"""Seconds before a bar appears."""


class Patient(Silent):
    """Lines where there is no terminal; a bar, once it is worth it, where there is one."""

    def start(self, updates: int, per_epoch: int, unit: str = "epoch") -> None:
        """The run begins."""
        self.size, self.begin = (updates, per_epoch, unit), time.monotonic()
        self.shown: Silent | None = None if sys.stderr.isatty() else Lines(sys.stderr)
        if self.shown is not None:
            self.shown.start(*self.size)

    def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
        """So many updates are done."""
        if self.shown is None and time.monotonic() - self.begin > PATIENCE and update < self.size[0]:
            self.shown = Bar()
            self.shown.start(*self.size)
        if self.shown is not None:
            self.shown.show(update, loss, extra)

    def close(self) -> None:
        """The run is over."""
        if self.shown is not None:
            self.shown.close()
