"""What the losses alone tell, without visiting an update: jumps, standstill, overfitting."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .alarm import Alarm, Limit, onsets
from .insight import NOTE, WARNING, Insight
from .wording import number

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]
MOST_BLOCKS = 60
FEWEST_BLOCKS = 10
FALL = 0.01
"""Below this share of itself between two halves of a window, a loss has stopped falling."""
STUCK = 0.9
"""A loss that stands still above this share of its start never came down."""
RISE = 0.1
"""By so much of itself the validation loss has to rise above its lowest value."""
LIMITS = {
    "plateau": Limit(-FALL, -10 * FALL, patience=2),
    "overfitting": Limit(RISE, RISE / 4, patience=5),
}
"""When a course is worth a word."""
START_ROWS, SHORT_BLOCKS, WINDOW = 128, 30, 6
"""Rows whose losses are the start; means of a run of few epochs; the share of them that a stretch has, one in so many."""


def growth(losses: Array, per_epoch: int) -> Array:
    """How many times larger each loss is than where the run came from.

    The measure is the first loss or the mean of as many updates before as an epoch has, whichever is lower; a loss
    below the first one counts 0, since at the end of a run single batches differ by large factors.

    Args:
        losses: one for each update.
        per_epoch: updates of an epoch.

    >>> growth(np.array([2.0, 1.0, 300.0, 1.0]), 10).tolist()
    [0.0, 0.0, 200.0, 0.0]
    """
    values = losses.astype(np.float64)
    if not len(values):
        return values
    total = np.concatenate([[0.0], np.cumsum(values)])
    here = np.arange(len(values))
    begin = np.maximum(here - per_epoch, 0)
    mean = (total[here] - total[begin]) / np.maximum(here - begin, 1)
    mean[0] = values[0]
    low = np.minimum(mean, values[0])
    counts = (values > values[0]) & (low > 0)
    return np.where(counts, values / np.where(counts, low, 1), 0.0)


def start_of(run: Run) -> float:
    """The loss that the run started from: what is usual for about the first :data:`START_ROWS` rows, even if it jumped among them."""
    count = max(1, min(run.updates_per_epoch, -(-START_ROWS // run.options.batch_size)))
    return float(min(run.losses[0], np.median(run.losses[:count])))


def recent(run: Run, update: int) -> float:
    """The mean loss of as many updates as an epoch has, up to one of them."""
    return float(run.losses[max(0, update + 1 - run.updates_per_epoch) : update + 1].mean(dtype=np.float64))


def blocks(losses: Array, per_epoch: int) -> tuple[int, Array]:
    """The losses as at most some dozens of means over equally many updates: whole epochs, where there are enough.

    Args:
        losses: one for each update.
        per_epoch: updates of an epoch.

    Returns:
        How many updates a block has, and the means; an incomplete last block is left out.
    """
    updates = len(losses)
    epochs = updates // per_epoch
    size = per_epoch * -(-epochs // MOST_BLOCKS) if epochs >= FEWEST_BLOCKS else max(1, -(-updates // SHORT_BLOCKS))
    count = updates // size
    return size, losses[: count * size].reshape(count, size).mean(axis=1, dtype=np.float64)


def plateau(run: Run) -> Iterator[Insight]:
    """Where the loss stops falling."""
    size, means = blocks(run.losses, run.updates_per_epoch)
    half = max(2, len(means) // WINDOW)
    pairs = [(float(means[k : k + half].mean()), float(means[k + half : k + 2 * half].mean()))
             for k in range(len(means) - 2 * half + 1)]  # fmt: skip
    if len(means) < FEWEST_BLOCKS:
        return
    rises = [(b - a) / a if a > 0 else math.nan for a, b in pairs]
    for k in onsets(rises, Alarm(*LIMITS["plateau"])):
        yield _plateau(run, k * size, half * size, pairs[k])


def _plateau(run: Run, update: int, length: int, pair: tuple[float, float]) -> Insight:
    before, after = pair
    start = start_of(run)
    stuck = after > STUCK * start
    last = update + 2 * length - 1
    what = "rises" if after > (1 + FALL) * before else "has stopped falling"
    said = (
        f"The loss {what}: its mean is {number(before)} in updates {update} to {update + length - 1}, and "
        f"{number(after)} from there to update {last}. "
    )
    advice = (
        f"It never came down from {number(start)}: another learning rate, scaled inputs or a larger network may help."
        if stuck
        else f"It has come down from {number(start)}: this may be all that can be learnt, or the rate has to be lower now."
    )
    evidence = {"before": before, "after": after, "start": start, "from": update, "to": last}
    epoch = update // run.updates_per_epoch
    return Insight("plateau", update, epoch, None, said + advice, evidence, WARNING if stuck else NOTE)


def overfitting(run: Run) -> Iterator[Insight]:
    """Where the validation loss rises although the training loss falls."""
    known = [h for h in run.history if "validation_loss" in h]
    train, held = [h["loss"] for h in known], [h["validation_loss"] for h in known]
    alarm = Alarm(*LIMITS["overfitting"])
    for place in onsets(rises_above_best(train, held), alarm):
        best, last = int(np.argmin(held[: place + 1])), place + alarm.patience - 1
        epoch = round(known[best]["epoch"]) - 1
        evidence = {
            "validation_before": held[best], "validation_after": held[last], "train_before": train[best],
            "train_after": train[last], "until_epoch": round(known[last]["epoch"]) - 1,
        }  # fmt: skip
        sentence = (
            f"After epoch {epoch} the validation loss rises, from {number(held[best])} to {number(held[last])} in "
            f"epoch {evidence['until_epoch']}, while the training loss falls from {number(train[best])} to "
            f"{number(train[last])}: the network learns its rows by heart. Stop here, or try more data, fewer units, "
            "Dropout or weight_decay."
        )
        update = (epoch + 1) * run.updates_per_epoch - 1
        yield Insight("overfitting", update, epoch, None, sentence, evidence, WARNING)


def rises_above_best(train: Sequence[float], held: Sequence[float]) -> list[float]:
    """How far each validation loss is above the lowest one before, as a share of it; 0 where the training loss rose, too.

    >>> rises_above_best([3.0, 2.0, 1.0], [4.0, 2.0, 3.0])
    [0.0, 0.0, 0.5]
    """
    found = []
    best = 0
    for k, value in enumerate(held):
        best = k if value <= held[best] else best
        apart = train[k] < train[best] and held[best] > 0
        found.append((value - held[best]) / held[best] if apart else 0.0)
    return found
