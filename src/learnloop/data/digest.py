"""SHA-256 of arrays: the one fingerprint for weights and data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataTypeError

__all__ = ["digest", "digest_many"]

_CHUNK: Final = 1 << 16  # elements hashed at a time: bounds the temporary memory
_NAN: Final = {2: 0x7E00, 4: 0x7FC00000, 8: 0x7FF8000000000000}  # bytes of an element -> the quiet NaN


def digest(array: npt.ArrayLike) -> str:
    """The SHA-256 of an array's dtype, shape and values.

    Neither byte order nor memory order nor the kind of a NaN matters; -0.0 and 0.0 differ.

    Args:
        array: booleans, whole numbers or floats of at most 64 bits, any shape; never copied as a whole.

    Returns:
        64 hexadecimal digits, the same on every machine.

    Raises:
        DataTypeError: an array of anything else.

    >>> digest(np.zeros(3, dtype=np.float32))[:16]
    '9af1c08fce67cbcb'
    """
    values = np.asarray(array)
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind not in "biuf" or size > 8:
        raise DataTypeError(f"cannot digest an array of {values.dtype}. Fix: convert it to numbers of at most 64 bits.")
    hashed = hashlib.sha256(f"{kind}{size} {list(values.shape)}\n".encode())
    for chunk in _chunks(values):
        hashed.update(_canonical(chunk).data)
    return hashed.hexdigest()


def digest_many(arrays: Mapping[str, npt.ArrayLike] | Sequence[npt.ArrayLike]) -> str:
    """The SHA-256 of several arrays in their order, with their names if they have some.

    Args:
        arrays: name -> array, or a sequence of arrays.

    Returns:
        64 hexadecimal digits.

    Raises:
        DataTypeError: as in `digest`.

    >>> digest_many({"W": [[1.0]], "b": [0.0]}) == digest_many({"b": [0.0], "W": [[1.0]]})
    False
    """
    named = isinstance(arrays, Mapping)
    pairs: list[tuple[Any, Any]] = list(arrays.items()) if isinstance(arrays, Mapping) else list(enumerate(arrays))
    hashed = hashlib.sha256(f"{'named' if named else 'numbered'} {len(pairs)}\n".encode())
    for name, array in pairs:
        hashed.update(json.dumps([name, digest(array)]).encode() + b"\n")
    return hashed.hexdigest()


def _chunks(values: npt.NDArray[Any]) -> Iterator[npt.NDArray[Any]]:
    """The elements in C order, a bounded number at a time."""
    # flat copies only the slice that is asked for; reshape(-1) would copy all of an array in another order
    source = values.reshape(-1) if values.flags.c_contiguous else values.flat
    for start in range(0, values.size, _CHUNK):
        yield source[start : start + _CHUNK]


def _canonical(chunk: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The chunk in little-endian bytes with one bit pattern for NaN."""
    little = np.ascontiguousarray(chunk, dtype=chunk.dtype.newbyteorder("<"))
    if little.dtype.kind != "f":
        return little
    missing = np.isnan(little)
    if not missing.any():
        return little
    bits = little.view(f"<u{little.dtype.itemsize}").copy()
    bits[missing] = _NAN[little.dtype.itemsize]
    return bits
