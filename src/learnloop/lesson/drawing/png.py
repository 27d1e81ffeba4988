"""PNG files, as small as they come."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
KINDS = {1: 0, 3: 2, 4: 6}
"""The colour type that PNG has for so many channels."""


def png(pixels: Array) -> bytes:
    """An image as a PNG.

    Args:
        pixels: uint8, (rows, columns) for grey, or (rows, columns, 3 or 4) for red, green, blue and how opaque.

    Raises:
        ValueError: for another type or shape.

    >>> png(np.zeros((2, 3), np.uint8))[:4]
    b'\\x89PNG'
    """
    cube = pixels[..., np.newaxis] if pixels.ndim == 2 else pixels
    if pixels.dtype != np.uint8 or cube.ndim != 3 or cube.shape[2] not in KINDS or 0 in cube.shape:
        raise ValueError(f"pixels are {pixels.dtype} {pixels.shape}; expected uint8 (rows, columns), or with 3 or 4 channels")
    rows, columns, channels = cube.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, KINDS[channels], 0, 0, 0)
    lines = np.zeros((rows, 1 + columns * channels), np.uint8)  # a line begins with its filter: 0, none
    lines[:, 1:] = cube.reshape(rows, -1)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
