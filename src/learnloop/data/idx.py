"""IDX: the arrays of MNIST and its like.

Source of the format: Y. LeCun, C. Cortes and C. Burges, The MNIST database, "File formats for the MNIST database".
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import DataError
from .limits import Limits

__all__ = ["is_idx", "labels_beside", "read_idx"]

_TYPES: Final = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def is_idx(data: bytes) -> bool:
    """Whether bytes begin as such a file does."""
    return len(data) >= 4 and data[:2] == b"\0\0" and data[2] in _TYPES and data[3] > 0


def read_idx(data: bytes, name: str, limits: Limits) -> npt.NDArray[Any]:
    """The array in a file.

    Args:
        data: unpacked.
        name: of the file, for messages.
        limits: bounds.

    Returns:
        An array in the byte order of this machine, of the type and the shape that the file says.

    Raises:
        DataError: for something else, a file that is too short or too long, and one beyond the limits.

    >>> from learnloop.data.limits import OWN
    >>> read_idx(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]), "labels", OWN)
    array([7, 9], dtype=uint8)
    """
    if not is_idx(data):
        raise DataError(f"{name} is no IDX file. Fix: the file as it was published, such as train-images-idx3-ubyte.gz.")
    kind, dimensions = np.dtype(_TYPES[data[2]]), data[3]
    start = 4 + 4 * dimensions
    shape = tuple(int.from_bytes(data[k : k + 4], "big") for k in range(4, start, 4))
    needed = start + math.prod(shape) * kind.itemsize
    if len(data) != needed:
        raise DataError(f"{name} has {len(data)} bytes, its header says {needed}. Fix: get the file again.")
    limits.check("rows", shape[0], name)
    limits.check("cells", math.prod(shape), name)
    return np.frombuffer(data, kind, offset=start).reshape(shape).astype(kind.newbyteorder("="))


def labels_beside(images: Path) -> Path | None:
    """The file of labels that belongs to a file of images, by its name; None where there is none.

    >>> labels_beside(Path("nowhere/train-images-idx3-ubyte")) is None
    True
    """
    plain = images.name.removesuffix(".gz").replace("images", "labels").replace("idx3", "idx1")
    found = [images.with_name(name) for name in (plain, f"{plain}.gz") if name != images.name]
    return next((path for path in found if path.is_file()), None)
