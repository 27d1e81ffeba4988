"""Runs to put into a store."""

from __future__ import annotations

import struct
from typing import Any

from learnloop.store import Claim, Data, Store

SOURCE = "/* a program */\n" + "float weight[8];\n" * 200
PARTS = {"X": bytes(range(256)) * 40, "y": b"\0\1" * 500}


def data(**changes: Any) -> Data:
    return Data(**{"digest": "d" * 64, "parts": PARTS, "about": {"X": [40, 64, "float32"]}, **changes})


def create(store: Store, name: str = "digits", **changes: Any) -> Claim:
    usual: dict[str, Any] = {"planned": 1000, "itemsize": 4, "data": data(), "source": SOURCE}
    return store.create(name, {"layers": [64, 32, 10], "rate": 0.1}, **{**usual, **changes})


def losses(start: int, stop: int) -> bytes:
    """Losses that say which update they are of."""
    return struct.pack(f"<{stop - start}I", *range(start, stop))


def state(update: int, size: int = 5000) -> bytes:
    """A state that says which update it is of."""
    return (struct.pack("<Q", update) * (size // 8 + 1))[:size]
