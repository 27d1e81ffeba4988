"""What a person sees while it learns: a bar in a terminal, plain lines elsewhere, nothing on request."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

SPARE = 4
"""Columns that a bar leaves free on the right."""


class Silent:
    """Shows nothing."""

    def start(self, updates: int, per_epoch: int, unit: str = "epoch") -> None:
        """The run begins; ``unit`` is what ``per_epoch`` steps are called."""

    def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
        """So many updates are done; the loss of late, where there is one, and metrics of the last epoch."""

    def close(self) -> None:
        """The run is over."""


class Lines(Silent):
    """Plain lines, about ten for a run and never more than two a second."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def start(self, updates: int, per_epoch: int, unit: str = "epoch") -> None:
        """Remember how long the way is."""
        self.updates, self.per_epoch, self.unit = updates, max(per_epoch, 1), unit
        self.next_update, self.next_time = updates / 10, time.monotonic() + 0.5

    def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
        """A line, if it is time for one."""
        last = update >= self.updates
        if not last and (update < self.next_update or time.monotonic() < self.next_time):
            return
        self.next_update, self.next_time = update + self.updates / 10, time.monotonic() + 0.5
        epochs = -(-self.updates // self.per_epoch)
        at = update / self.per_epoch
        line = f"{self.unit} {f'{at:.4g}' if at < 1000 else f'{at:.0f}'}/{epochs}  {describe(loss, extra)}"
        print(line.rstrip(), file=self.stream, flush=True)


class Bar(Silent):
    """A bar with the loss beside it, narrower than the terminal: the ^C that a terminal shows stays on its line."""

    def start(self, updates: int, per_epoch: int, unit: str = "epoch") -> None:
        """Draw the empty bar."""
        from rich.console import Console, RenderableType
        from rich.constrain import Constrain
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column

        screen = Console(stderr=True)

        class Narrow(Progress):
            def get_renderable(self) -> RenderableType:
                return Constrain(super().get_renderable(), max(screen.width - SPARE, 1))

        def column() -> Column:
            return Column(no_wrap=True, overflow="crop")

        self.per_epoch = max(per_epoch, 1)
        self.epochs = -(-updates // self.per_epoch)
        columns = (
            TextColumn(f"{unit} {{task.fields[epoch]}}", table_column=column()), BarColumn(bar_width=None),
            TextColumn("{task.fields[text]}", table_column=column()),
            TimeRemainingColumn(compact=True, table_column=column()),
        )  # fmt: skip
        self.bar = Narrow(*columns, console=screen, transient=True, auto_refresh=False)
        self.bar.start()
        self.task: Any = self.bar.add_task("", total=max(updates, 1), epoch=self._epoch(0), text="")

    def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
        """Move it."""
        self.bar.update(self.task, completed=update, epoch=self._epoch(update), text=describe(loss, extra))
        self.bar.refresh()

    def close(self) -> None:
        """Take it away."""
        self.bar.stop()

    def _epoch(self, update: int) -> str:
        return f"{update // self.per_epoch}/{self.epochs}"


class Late(Silent):
    """A bar that waits: most ways are over before it would be worth drawing. Without a terminal, nothing.

    Args:
        patience: seconds before it appears.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.bar: Silent | None = None

    def start(self, updates: int, per_epoch: int, unit: str = "epoch") -> None:
        """The way begins."""
        self.size, self.begin = (updates, per_epoch, unit), time.monotonic()
        self.bar = None

    def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
        """So many updates are done."""
        late = time.monotonic() - self.begin > self.patience
        if self.bar is None and late and update < self.size[0] and sys.stderr.isatty():
            self.bar = Bar()
            self.bar.start(*self.size)
        if self.bar is not None:
            self.bar.show(update, loss, extra)

    def close(self) -> None:
        """The way is over."""
        if self.bar is not None:
            self.bar.close()


def describe(loss: float | None, extra: dict[str, float]) -> str:
    """Loss and metrics in one short phrase.

    >>> describe(0.0481, {"validation_loss": 0.07, "validation_accuracy": 0.986})
    'loss 0.0481  val 0.070 98.6%'
    """
    held = {name.removeprefix("validation_"): value for name, value in extra.items()}
    words = [_shortly(name, value) for name, value in held.items()]
    begin = "" if loss is None else f"loss {loss:.4g}"
    return begin + (f"  val {' '.join(words)}" if words else "")


def _shortly(name: str, value: float) -> str:
    if name == "accuracy":
        return f"{value:.1%}"
    number = f"{value:.3f}" if 1e-3 <= abs(value) < 1e3 else f"{value:.2g}"
    return number if name == "loss" else f"{name.replace('r2', 'R2')} {number}"


def reporter(progress: bool | Silent) -> Silent:
    """The way to show progress: True for a bar or lines as the terminal has it, False for none, or one's own."""
    if isinstance(progress, Silent):
        return progress
    if not progress:
        return Silent()
    return Bar() if sys.stderr.isatty() else Lines(sys.stderr)
