"""The whole measurement: contenders, workload by workload, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import DescriptionError
from .measure import Contender, Measured, measure
from .ours import Trainer
from .workloads import Workload

THREADS = (1, 2)


@dataclass(frozen=True)
class Row:
    """One workload, measured.

    Attributes:
        workload: what was measured.
        found: one for each contender.
        share_of_peak: of what one core can do, reached by learnloop on one thread.
    """

    workload: Workload
    found: tuple[Measured, ...]
    share_of_peak: float

    def best(self, who: str) -> float | None:
        """The median of the fastest form of a contender, in microseconds; None if it was not measured."""
        return min((m.median for m in self.found if m.name.split()[0] == who), default=None)

    def ratio(self, who: str) -> float | None:
        """How many times as long as learnloop a peer takes, each in its fastest form."""
        theirs, ours = self.best(who), self.best("learnloop")
        return None if theirs is None or ours is None else theirs / ours

    def to_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        return {
            "workload": self.workload.name, "text": self.workload.text, "operations": self.workload.operations,
            "share_of_peak": self.share_of_peak,
            "contenders": {
                m.name: {"median_us": m.median, "min_us": min(m.micros), "max_us": max(m.micros),
                         "repeats_us": list(m.micros), "updates": m.updates}
                for m in self.found
            },
            "ratios": {who: ratio for who in ("torch", "jax") if (ratio := self.ratio(who)) is not None},
        }  # fmt: skip


def check(repeats: int, budget: float) -> None:
    """Refuse what makes no sense.

    Args:
        repeats: how often each contender is measured.
        budget: seconds of one measurement.

    Raises:
        DescriptionError: for repeats or a budget that make no sense.
    """
    problems = []
    if repeats < 1:
        problems.append(f"--repeats is {repeats}; expected at least 1.")
    if not 0 < budget <= 60:
        problems.append(f"--budget is {budget:g}; expected seconds above 0 and at most 60.")
    if problems:
        raise DescriptionError(problems)


def run(workload: Workload, repeats: int, budget: float, peak: float, peers: bool) -> Row:
    """Measure one workload.

    Args:
        workload: what to measure.
        repeats: how often each contender is measured.
        budget: seconds of one measurement.
        peak: operations per second of one core.
        peers: whether to measure others, too.
    """
    trainers = [Trainer(workload, threads) for threads in THREADS]
    contenders: list[Contender] = [trainer.contender() for trainer in trainers]
    if peers:
        from .peers import peers as others

        contenders += others(workload)
    try:
        found = tuple(measure(contenders, repeats, budget))
    finally:
        for trainer in trainers:
            trainer.engine.close()
    return Row(workload, found, workload.operations / (found[0].median * 1e-6) / peak)
