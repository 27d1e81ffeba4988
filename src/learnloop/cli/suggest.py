"""Commands to copy: they are about the store that was asked about."""

from __future__ import annotations

import shlex
from contextvars import ContextVar

STORE: ContextVar[str | None] = ContextVar("STORE", default=None)
"""What ``--store`` named; None where a command has none, for then others find the same store."""


def learnloop(*words: str) -> str:
    """A command line, with the store that was named.

    >>> learnloop("life", "digits-1", "dense_1.bias[0]")
    "learnloop life digits-1 'dense_1.bias[0]'"
    """
    named = STORE.get()
    return shlex.join(["learnloop", *words, *([] if named is None else ["--store", named])])
