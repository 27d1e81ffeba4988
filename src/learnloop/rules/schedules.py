"""Learning rates over updates: rank-0 float64 statements of the update counter, computed by the program itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from ..errors import DescriptionError
from ..language import DOUBLE
from .registry import Checked, between, is_number, plain, positive_int, short
from .writer import Writer


@dataclass(frozen=True)
class Schedule(Checked):
    """A learning rate for each update."""

    def write(self, writer: Writer, time: str, total: str) -> str:
        """The statements that compute the rate; returns a rank-0 float64 tensor.

        Args:
            writer: where to write.
            time: a rank-0 float64 tensor, updates since the schedule began.
            total: a rank-0 float64 tensor, updates that the schedule has.
        """
        raise NotImplementedError

    def text(self) -> str:
        """One phrase for tables."""
        raise NotImplementedError

    def at_rate(self, rate: float) -> Schedule:
        """The same shape at another rate."""
        return replace(self, learning_rate=rate)  # type: ignore[call-arg]


@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate for every update.

    Args:
        learning_rate: the rate.
    """

    learning_rate: float = 0.01

    def problems(self) -> list[str]:
        """A rate that is no number of at least 0."""
        return between(self, 0, math.inf, "learning_rate")

    def write(self, writer: Writer, time: str, total: str) -> str:
        """The option itself."""
        return writer.option("learning_rate", self.learning_rate)

    def text(self) -> str:
        """The rate."""
        return f"{self.learning_rate:g}"


@dataclass(frozen=True)
class Cosine(Schedule):
    """From the rate down to a floor along half a cosine (Loshchilov and Hutter 2017; PyTorch's CosineAnnealingLR).

    Args:
        learning_rate: the rate at the first update.
        floor: the rate at the end.
        updates: how many updates the way takes; None for all updates of the run. It stays at the floor after.
    """

    learning_rate: float = 0.01
    floor: float = field(default=0.0, kw_only=True)
    updates: int | None = field(default=None, kw_only=True)

    def problems(self) -> list[str]:
        """Rates that are no numbers of at least 0, updates that are no whole number."""
        length = [] if self.updates is None else positive_int(self, "updates")
        return [*between(self, 0, math.inf, "learning_rate", "floor"), *length]

    def write(self, writer: Writer, time: str, total: str) -> str:
        """floor + (rate - floor)*(1 + cos(pi*share))/2, share = updates gone / updates in all."""
        top = writer.option("learning_rate", self.learning_rate)
        low = writer.option("learning_rate_floor", self.floor)
        if self.updates is not None:
            total = writer.option("cosine_updates", self.updates)
        block = writer.block
        share = block.write(
            "c = where(t < total, t/where(total > 1, total, 1), 1)", None, DOUBLE, c="share", t=time, total=total
        )
        return block.write(
            "r = low + (top - low)*(0.5*(1 + cos(pi*c)))", {"pi": math.pi}, DOUBLE, r="cosine_rate", c=share, top=top, low=low
        )  # fmt: skip

    def text(self) -> str:
        """Where it starts and ends."""
        return f"cosine {self.learning_rate:g} to {self.floor:g}"


@dataclass(frozen=True)
class Warmup(Schedule):
    """A linear rise over the first updates, in front of any schedule: (t + 1)/updates times its first rate.

    Args:
        updates: how many updates the rise takes.
        then: the schedule that follows; a number is a constant rate.
    """

    updates: int
    then: Schedule | float = 0.01

    def __post_init__(self) -> None:
        object.__setattr__(self, "then", as_schedule(self.then))
        super().__post_init__()

    def problems(self) -> list[str]:
        """Updates that are no whole number; two rises in a row."""
        nested = ["then is a Warmup itself; expected a schedule to follow it."] if isinstance(self.then, Warmup) else []
        return [*positive_int(self, "updates"), *nested]

    def write(self, writer: Writer, time: str, total: str) -> str:
        """where(t < updates, first rate*(t + 1)/updates, the schedule at t - updates)."""
        assert isinstance(self.then, Schedule)
        rise = writer.option("warmup_updates", self.updates)
        block = writer.block
        later = block.write("s = where(t > w, t - w, 0)", None, DOUBLE, s="time_after_warmup", t=time, w=rise)
        left = block.write("s = total - w", None, DOUBLE, s="total_after_warmup", total=total, w=rise)
        after = self.then.write(writer, later, left)
        first = writer.option("learning_rate", 0.0)
        text = "r = where(t < w, top*((t + 1)/w), after)"
        return block.write(text, None, DOUBLE, r="warm_rate", t=time, w=rise, top=first, after=after)

    def at_rate(self, rate: float) -> Schedule:
        """The same rise, in front of what follows at another rate."""
        assert isinstance(self.then, Schedule)
        return replace(self, then=self.then.at_rate(rate))

    def text(self) -> str:
        """The rise and what follows."""
        assert isinstance(self.then, Schedule)
        return f"{self.then.text()}, after {self.updates} updates of warm-up"


def as_schedule(rate: Schedule | float) -> Schedule:
    """A schedule as it is, a number as a constant rate.

    Raises:
        DescriptionError: for anything else.
    """
    if isinstance(rate, Schedule):
        return rate
    number = plain(rate)
    if not is_number(number):
        raise DescriptionError(f"learning_rate is {short(rate)}; expected a number of at least 0, or a schedule.")
    return Constant(number)


SCHEDULES: dict[str, type[Schedule]] = {"constant": Constant, "cosine": Cosine, "warmup": Warmup}
"""Schedules by name."""
