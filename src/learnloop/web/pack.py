"""Arrays and plain data in one piece of bytes: what pages are handed, over the wire and inside a file.

Eight bytes ``LLPACK01``, the length of a JSON text (uint32, little-endian), the text, zeros up to a multiple of 16, then
the arrays, little-endian in C order, each at a multiple of 16 from where the first begins.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import FileError

Array = np.ndarray[Any, np.dtype[Any]]
MAGIC = b"LLPACK01"
STEP = 16
"""JavaScript's typed arrays begin at multiples of their element."""
DTYPES = ("float32", "float64", "int32", "int64", "uint8")


def pack(header: Mapping[str, Any], arrays: Mapping[str, Array | bytes]) -> bytes:
    """One piece of bytes.

    Args:
        header: plain data without NaN, which JSON does not have.
        arrays: by name; bytes count as uint8.

    >>> unpack(pack({"kind": "answer"}, {"x": np.array([1.0, 2.0])}))
    ({'kind': 'answer'}, {'x': array([1., 2.])})
    """
    table: dict[str, Any] = {}
    parts: list[bytes] = []
    place = 0
    for name, given in arrays.items():
        values = np.frombuffer(given, np.uint8) if isinstance(given, bytes) else given
        if values.dtype.name not in DTYPES:
            raise ValueError(f"{name} has the type {values.dtype}; expected one of {', '.join(DTYPES)}")
        table[name] = {"dtype": values.dtype.name, "shape": list(values.shape), "offset": place}
        raw = np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()
        parts.append(raw + bytes(-len(raw) % STEP))
        place += len(parts[-1])
    text = json.dumps({"header": header, "arrays": table}, separators=(",", ":"), allow_nan=False).encode()
    head = MAGIC + struct.pack("<I", len(text)) + text
    return b"".join([head, bytes(-len(head) % STEP), *parts])


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """What :func:`pack` was given; the arrays are views of the bytes, read-only.

    Raises:
        FileError: for bytes that are no pack.
    """
    try:
        if data[: len(MAGIC)] != MAGIC:
            raise ValueError("it does not begin as one")
        (size,) = struct.unpack_from("<I", data, len(MAGIC))
        start = len(MAGIC) + 4
        text = json.loads(data[start : start + size])
        body = start + size + -(start + size) % STEP
        return dict(text["header"]), {name: _array(data, body, at) for name, at in text["arrays"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise FileError(f"these {len(data)} bytes are no pack: {error}. Fix: fetch them again.") from error


def _array(data: bytes, body: int, at: Mapping[str, Any]) -> Array:
    if at["dtype"] not in DTYPES:
        raise ValueError(f"an array has the type {at['dtype']!r}")
    shape = tuple(int(n) for n in at["shape"])
    return np.ndarray(shape, np.dtype(at["dtype"]).newbyteorder("<"), data, body + int(at["offset"]))
