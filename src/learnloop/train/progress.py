"""What a person sees while it learns: a bar in a terminal, plain lines elsewhere, nothing on request."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO


class Silent:
    """Shows nothing."""

    def start(self, updates: int, per_epoch: int) -> None:
        """The run begins."""

    def show(self, update: int, loss: float, extra: dict[str, float]) -> None:
        """So many updates are done; the loss of late, and metrics of the last epoch."""

    def close(self) -> None:
        """The run is over."""


class Lines(Silent):
    """Plain lines, about ten for a run and never more than two a second."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def start(self, updates: int, per_epoch: int) -> None:
        """Remember how long the way is."""
        self.updates, self.per_epoch = updates, max(per_epoch, 1)
        self.next_update, self.next_time = updates / 10, time.monotonic() + 0.5

    def show(self, update: int, loss: float, extra: dict[str, float]) -> None:
        """A line, if it is time for one."""
        last = update >= self.updates
        if not last and (update < self.next_update or time.monotonic() < self.next_time):
            return
        self.next_update, self.next_time = update + self.updates / 10, time.monotonic() + 0.5
        epochs = -(-self.updates // self.per_epoch)
        print(f"epoch {update / self.per_epoch:.4g}/{epochs}  {describe(loss, extra)}", file=self.stream, flush=True)


class Bar(Silent):
    """A bar with the loss beside it."""

    def start(self, updates: int, per_epoch: int) -> None:
        """Draw the empty bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self.per_epoch = max(per_epoch, 1)
        columns = (
            TextColumn("epoch {task.fields[epoch]}"), BarColumn(bar_width=None), TextColumn("{task.fields[text]}"),
            TimeRemainingColumn(compact=True),
        )  # fmt: skip
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
        self.bar.start()
        self.task: Any = self.bar.add_task("", total=max(updates, 1), epoch=0, text="")

    def show(self, update: int, loss: float, extra: dict[str, float]) -> None:
        """Move it."""
        self.bar.update(self.task, completed=update, epoch=update // self.per_epoch, text=describe(loss, extra))
        self.bar.refresh()

    def close(self) -> None:
        """Take it away."""
        self.bar.stop()


def describe(loss: float, extra: dict[str, float]) -> str:
    """Loss and metrics in one phrase."""
    return "  ".join([f"loss {loss:.4g}", *(f"{k} {v:.4g}" for k, v in extra.items())])


def reporter(progress: bool | Silent) -> Silent:
    """The way to show progress: True for a bar or lines as the terminal has it, False for none, or one's own."""
    if isinstance(progress, Silent):
        return progress
    if not progress:
        return Silent()
    return Bar() if sys.stderr.isatty() else Lines(sys.stderr)
