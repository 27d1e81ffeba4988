"""Bytes of a file, bounded: of a path, or as they came, unpacked where they are packed with gzip."""

from __future__ import annotations

import hashlib
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import DataError, DataTypeError, FileError, short
from .limits import Limits

__all__ = ["Opened", "opened", "stem"]

Source = str | os.PathLike[str] | bytes
GZIP: Final = b"\x1f\x8b"
_ENDINGS: Final = frozenset({".csv", ".tsv", ".txt", ".parquet", ".pq", ".gz", ".idx", ".data"})
_UBYTE: Final = re.compile(r"[-.]idx\d-\w+$")
_STEP: Final = 1 << 20  # bytes unpacked at a time


@dataclass(frozen=True)
class Opened:
    """What is in a file.

    Attributes:
        name: of the file, for messages.
        data: its bytes, unpacked.
        sha256: of its bytes as they lie.
        path: absolute; None where the bytes came without a file.
    """

    name: str
    data: bytes
    sha256: str
    path: Path | None = None


def opened(source: Source, name: str | None, limits: Limits) -> Opened:
    """The bytes of a file.

    Args:
        source: a path, or the bytes themselves.
        name: what to call bytes; of a path its last part.
        limits: its `bytes` bounds the file, and what it unpacks to.

    Raises:
        FileError: for a path that is no file, or cannot be read.
        DataError: for too many bytes, or damaged ones.
        DataTypeError: for something that is neither path nor bytes.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        data, path, title = bytes(source), None, name or "the file"
        limits.check("bytes", len(data), title)
    elif isinstance(source, str | os.PathLike):
        path = Path(source)
        title = name or path.name
        data = _read(path, title, limits)
    else:
        raise DataTypeError(f"the file is {short(source)}, expected a path or bytes. Fix: 'houses.csv', for example.")
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(GZIP):
        data = _unpacked(data, title, limits)
    return Opened(title, data, sha256, None if path is None else path.absolute())


def _read(path: Path, name: str, limits: Limits) -> bytes:
    try:
        if not path.is_file():  # no pipe and no device is waited for
            there = "is no plain file" if path.exists() else "is not there"
            raise FileError(f"{path} {there}. Fix: the path of a CSV, Parquet or IDX file, or of a folder of images.")
        limits.check("bytes", path.stat().st_size, name)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, FileError | DataError):
            raise
        raise FileError(f"{path} cannot be read ({error}). Fix: check the path and its permissions.") from error


def _unpacked(data: bytes, name: str, limits: Limits) -> bytes:
    """What gzip packed, a step at a time: a small file can unpack to more than any memory holds."""
    parts, size, rest = list[bytes](), 0, data
    try:
        while rest.startswith(GZIP):  # a file may hold several parts, one after the other
            unpack: Any = zlib.decompressobj(wbits=31)
            while not unpack.eof:
                part = unpack.decompress(rest, _STEP)
                rest = unpack.unconsumed_tail or (unpack.unused_data if unpack.eof else b"")
                size += len(part)
                limits.check("bytes", size, f"{name}, unpacked,")
                parts.append(part)
                if not part and not rest and not unpack.eof:
                    raise DataError(f"{name} ends before its data do. Fix: get the file again.")
    except zlib.error as error:
        raise DataError(f"{name} is damaged: {error}. Fix: get the file again.") from error
    return b"".join(parts)


def stem(name: str) -> str:
    """The name of a file without the endings that say what it is.

    >>> stem("houses.csv.gz"), stem("train-images-idx3-ubyte.gz"), stem("v1.2")
    ('houses', 'train-images', 'v1.2')
    """
    path = Path(name)
    while path.suffix.lower() in _ENDINGS and path.stem:
        path = Path(path.stem)
    return _UBYTE.sub("", path.name) or "data"
