"""The loss plot: how wrong the network was, update by update."""

from __future__ import annotations

import numpy as np

from ....run import Run
from ..scene import Drawer
from .curves import Curve, batch_curve, limit, stretch, tail_mean, tested_loss
from .problem import Unfit
from .series import Line, Plot
from .ticks import nice_top
from .words import number, plural

POINTS = (240, 110)
"""Of the line in wide and in narrow places."""


def loss_plot(run: Run, other: tuple[str, Run] | None = None) -> Drawer:
    """The batch loss of every update, or means of stretches; the test loss of each epoch, where it was measured.

    Args:
        run: the run.
        other: the name of another run and the run, which is drawn in grey.

    Raises:
        Unfit: for a run without updates.
    """
    runs = [("", run), *([other] if other else [])]
    for name, each in runs:
        if not each.updates:
            raise Unfit(f"the run{f' {name!r}' if name else ''} has no updates, so there is no loss to draw. Fix: `:epochs:` of 1 or more.", "with" if name else "")
    lines = _lines(run, other)
    top = max(_limit(lines[:-1], run), _limit(lines[-1:], other[1])) if other else _limit(lines, run)
    low = min(0.0, *(float(line.curve[0].finite.min(initial=0.0)) for line in lines))
    notes = tuple(note for name, each in runs for note in _notes(each, name, top))
    described = " ".join([*(_described(name, each) for name, each in runs), *(f"{note}." for note in notes)])
    last = max(each.updates for _, each in runs)
    return Plot("Loss over the updates", described, ("update", "loss"), (0, last), (low, nice_top(top, 5)), lines, notes).drawer()


def _limit(lines: tuple[Line, ...], run: Run) -> float:
    return limit(float(run.losses[0]), *(line.curve[0] for line in lines))


def _lines(run: Run, other: tuple[str, Run] | None) -> tuple[Line, ...]:
    batch = _batch(run)
    lines = [Line("batch", batch, ("batch loss", number(tail_mean(run))), "accent", 1.75)]
    tested = tested_loss(run)
    if tested is not None:
        lines.append(Line("test", (tested, tested), ("test loss", number(float(tested.y[-1]))), "negative", 2, dash=True))
    if other is not None:
        lines.append(Line("other", _batch(other[1]), (other[0] or "first run", number(tail_mean(other[1]))), "quiet", 1.5))
    return tuple(lines)


def _batch(run: Run) -> tuple[Curve, Curve]:
    wide, narrow = (batch_curve(run.losses, most) for most in POINTS)
    return wide, narrow


def _described(name: str, run: Run) -> str:
    """The curve in words."""
    losses, per_epoch = run.losses, min(run.updates_per_epoch, run.updates)
    called = f"The batch loss of the run {name}" if name else "The batch loss"
    begun = f"{called} begins at {number(float(losses[0]))}"
    quarters = [q for q in (run.updates // 4, run.updates // 2, 3 * run.updates // 4) if 0 < q < run.updates - 1]
    between = "".join(f", is {number(float(losses[q]))} at update {q}" for q in dict.fromkeys(quarters))
    mean = f", the mean of the last {plural(per_epoch, 'update')}" if per_epoch > 1 else ""
    said = f"{begun}{between}, and ends after {plural(run.updates, 'update')} at {number(tail_mean(run))}{mean}."
    length = stretch(run.updates, POINTS[0])
    said += f" Each point of the line is the mean of {length} updates." if length > 1 else ""
    return said + _tested(run)


def _tested(run: Run) -> str:
    tested = tested_loss(run)
    if tested is None:
        return ""
    if len(tested.y) == 1:
        return f" The test loss after the one epoch is {number(float(tested.y[0]))}."
    least = int(np.nanargmin(tested.y)) if np.isfinite(tested.y).any() else 0
    ends = f" The test loss is {number(float(tested.y[0]))} after the first epoch and {number(float(tested.y[-1]))} after the last"
    return f"{ends}; it was lowest after epoch {least + 1}, with {number(float(tested.y[least]))}."


def _notes(run: Run, name: str, top: float) -> list[str]:
    """What the line cannot show: losses above the picture, and the end of a run that diverged."""
    finite, called = np.isfinite(run.losses), name or "batch loss"
    found = []
    if finite.any() and float(run.losses[finite].max()) > 1.2 * nice_top(top, 5):
        most = int(np.where(finite, run.losses, -np.inf).argmax())
        found.append(f"{called} leaves the picture: {number(float(run.losses[most]))} at update {most}")
    if run.outcome.divergence is not None or not finite.all():
        update = run.outcome.divergence.update if run.outcome.divergence is not None else int(finite.argmin())
        found.append(f"{'' if found else f'{called}: '}no finite number at update {update}")
    return ["; ".join(found)] if found else []
