"""Bytes of any length, in pieces that are sealed one by one: a part of them is read, and checked, without the rest.

A blob is a number and a size; both are kept by the row that it belongs to. Piece ``i`` of blob ``b`` has the key
``b << 20 | i``, so a blob lies in the file in order, and a new one at the end.
"""

from __future__ import annotations

import sqlite3
from itertools import count
from typing import NamedTuple

from .table import Table, Unsealed

PIECE = 1 << 18
"""Bytes of a piece."""
_BITS = 20
_MOST = 1 << _BITS


class Piece(NamedTuple):
    """A part of a blob."""

    key: int
    content: bytes


PIECES = Table("piece", Piece)


def put(db: sqlite3.Connection, content: bytes | memoryview) -> tuple[int, int]:
    """Keep bytes.

    Returns:
        The number of the new blob and its size.
    """
    view = memoryview(content).cast("B")
    last = db.execute("SELECT max(key) FROM piece").fetchone()[0] or 0
    number = (last >> _BITS) + 1
    for place, start in zip(count(), range(0, max(len(view), 1), PIECE), strict=False):
        PIECES.insert_raw(db, (number << _BITS | place, view[start : start + PIECE]))
    return number, len(view)


def get(db: sqlite3.Connection, number: int, size: int, start: int = 0, stop: int | None = None) -> bytes:
    """Bytes ``start`` to ``stop`` of a blob.

    Raises:
        Unsealed: if they are not what was kept.
    """
    stop = size if stop is None else stop
    first, last = start // PIECE, max(stop - 1, start) // PIECE
    keys = number << _BITS | first, number << _BITS | last
    found = PIECES.select(db, "WHERE key BETWEEN ? AND ? ORDER BY key", *keys)
    whole = b"".join(piece.content for piece in found)
    if [piece.key for piece in found] != [*range(keys[0], keys[1] + 1)] or len(whole) < stop - first * PIECE:
        raise Unsealed("a piece of what was recorded is missing")
    return whole[start - first * PIECE : stop - first * PIECE]


def drop(db: sqlite3.Connection, number: int, most: int = _MOST) -> int:
    """Forget a blob, or only its last pieces.

    Args:
        most: how many pieces to forget.

    Returns:
        How many there were to forget.
    """
    last = "SELECT key FROM piece WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT ?"
    keys = number << _BITS, number << _BITS | (_MOST - 1)
    return db.execute(f"DELETE FROM piece WHERE key IN ({last})", (*keys, most)).rowcount  # noqa: S608
