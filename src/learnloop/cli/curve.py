"""The loss over a run as one line of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .wording import count

Array = np.ndarray[Any, np.dtype[Any]]
BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.-=*#"


def curve(
    losses: Array, width: int, blocks: bool, per_epoch: int = 1, scale: tuple[float, float] | None = None
) -> str:  # fmt: skip
    """The first loss, a curve on a logarithmic scale, the mean loss of the last epoch.

    Args:
        losses: one number for each update; finite.
        width: how many characters the curve has at most: each stands for the mean of its part.
        blocks: whether block characters can be shown.
        per_epoch: updates of an epoch.
        scale: what :func:`scale_of` gives for all curves that shall be compared; None for a scale of its own.

    >>> import numpy as np
    >>> curve(np.array([4.0, 2.0, 1.0]), 3, blocks=True)
    'loss 4 █▅▁ 1'
    """
    marks = BLOCKS if blocks else ASCII
    low, high = scale or scale_of([losses], width)
    heights = _heights(losses, width)
    share = (heights - low) / (high - low) if high > low else np.zeros_like(heights)
    picture = "".join(marks[round(float(s) * (len(marks) - 1))] for s in share)
    return f"loss {losses[0]:.3g} {picture} {losses[-per_epoch:].astype(np.float64).mean():.3g}"


def scale_of(series: Sequence[Array], width: int) -> tuple[float, float]:
    """The lowest and the highest logarithm in any of the curves."""
    whole = np.concatenate([_heights(losses, width) for losses in series])
    return float(whole.min()), float(whole.max())


def legend(updates: int, width: int) -> str:
    """What stands on a curve of so many updates.

    >>> legend(100, 40), legend(20, 40)
    ('first update, means of 2 to 3 updates, last epoch', 'first update, each update, last epoch')
    """
    return f"first update, {averaged(updates, width) or 'each update'}, last epoch"


def averaged(updates: int, width: int) -> str:
    """Of how many updates a character is the mean; nothing where it is none."""
    least, more = divmod(updates, min(width, updates))
    if (least, more) == (1, 0):
        return ""
    return f"means of {count(least)}{f' to {count(least + 1)}' if more else ''} updates"


def _heights(losses: Array, width: int) -> Array:
    parts = [float(part.mean()) for part in np.array_split(losses.astype(np.float64), min(width, len(losses)))]
    heights: Array = np.log(np.maximum(parts, 1e-12))
    return heights
