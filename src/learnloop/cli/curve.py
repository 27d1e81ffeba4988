"""The loss over a run as one line of text."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_.-=*#"


def curve(losses: Array, width: int, blocks: bool) -> str:
    """First loss, a curve on a logarithmic scale, last loss.

    Args:
        losses: one number for each update; finite.
        width: how many characters the curve has at most.
        blocks: whether block characters can be shown.

    >>> import numpy as np
    >>> curve(np.array([4.0, 2.0, 1.0]), 3, blocks=True)
    'loss 4 █▅▁ 1'
    """
    marks = BLOCKS if blocks else ASCII
    parts = [float(part.mean()) for part in np.array_split(losses.astype(np.float64), min(width, len(losses)))]
    heights = np.log(np.maximum(parts, 1e-12))
    low, high = float(heights.min()), float(heights.max())
    share = (heights - low) / (high - low) if high > low else np.zeros_like(heights)
    picture = "".join(marks[round(float(s) * (len(marks) - 1))] for s in share)
    return f"loss {parts[0]:.3g} {picture} {parts[-1]:.3g}"
