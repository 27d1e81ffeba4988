"""Colours of pictures made of cells. They are partly clear, so that zero is a shade of the paper, light or dark."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
CLASSES = ("#f59322", "#0877bd", "#1f9e77", "#cc6699")
"""Of classes, as the explorer has them (Okabe and Ito 2008); the first two are the ends of the scale for sign."""
GREY, FAINT = 128.0, 0.18
"""Zero: on white paper it is #e8eaeb, on dark paper #2b323a, as everywhere else."""
LEVELS = 64
"""Shades on each side of zero: more would make files larger, and nobody sees them."""


def _rgb(colour: str) -> Array:
    return np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)], np.float64)


ENDS = np.stack([_rgb(colour) for colour in CLASSES])


def diverging(values: Array, strongest: float = 1.0) -> Array:
    """Orange below zero, a shade of grey at zero, blue above.

    Args:
        values: of any shape, from -1 to 1; what is beyond is the end.
        strongest: how much of the paper the ends cover, 0 to 1.

    Returns:
        (..., 4) uint8: red, green, blue, and how much of the paper is covered.

    >>> diverging(np.array([-1.0, 0.0, 1.0])).tolist()
    [[245, 147, 34, 255], [128, 128, 128, 46], [8, 119, 189, 255]]
    """
    end = np.where(np.nan_to_num(values)[..., None] < 0, ENDS[0], ENDS[1])
    return _towards(end, np.abs(values), strongest)


def of_classes(shares: Array, strongest: float = 1.0) -> Array:
    """The colour of the likeliest class, paler where another one is as likely.

    Args:
        shares: (..., classes), at least two.
        strongest: how much of the paper a sure answer covers, 0 to 1.

    Returns:
        (..., 4) uint8.
    """
    ordered = np.sort(np.nan_to_num(shares), axis=-1)
    return _towards(ENDS[shares.argmax(axis=-1) % len(ENDS)], ordered[..., -1] - ordered[..., -2], strongest)


def ink(values: Array) -> Array:
    """Dark on white, for images: they are the same on any paper.

    Args:
        values: (..., ) from 0 to 1.

    Returns:
        (..., 4) uint8, which cover the paper.
    """
    shade = np.round(252 - 232 * np.clip(np.nan_to_num(values), 0, 1)).astype(np.uint8)
    return np.stack([shade, shade, shade, np.full_like(shade, 255)], axis=-1)


def shade(shares: Array, end: int, strongest: float) -> Array:
    """One colour, the more of it the larger a share is; nothing at all where there is none.

    Args:
        shares: from 0 to 1; NaN where the paper is left as it is.
        end: 0 for orange, 1 for blue.
        strongest: how much of the paper the whole covers.

    Returns:
        (..., 4) uint8.
    """
    much = np.clip(np.nan_to_num(shares), 0, 1)
    cover = np.where(much > 0, 0.18 + (strongest - 0.18) * much, 0.0)  # what is seldom is seen, too
    colour = np.broadcast_to(ENDS[end], (*shares.shape, 3))
    return np.concatenate([colour, np.round(255 * cover)[..., None]], axis=-1).astype(np.uint8)


def _towards(end: Array, share: Array, strongest: float) -> Array:
    """From grey to a colour; the cover grows with it. Mixed so that it looks the same on paper as if colours were mixed."""
    much = np.round(np.clip(np.nan_to_num(share), 0, 1) * LEVELS)[..., None] / LEVELS * strongest
    cover = FAINT + (1 - FAINT) * much
    colour = (GREY * FAINT * (1 - much) + end * much) / np.maximum(FAINT * (1 - much) + much, 1e-9)
    return np.concatenate([np.round(colour), np.round(255 * cover)], axis=-1).astype(np.uint8)
