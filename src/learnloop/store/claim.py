"""The right to train a run: held by one living process, and given back by the kernel when it dies."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from ..errors import StoreError
from .lock import close_file, open_file, try_lock

_PATIENCE = 0.5
"""Seconds in which a lock that is only being looked at is let go."""


class Claim:
    """A run is this process's to train, until this is released or the process ends.

    Attributes:
        id: the run.
    """

    def __init__(self, id: str, path: Path, number: int) -> None:
        self.id = id
        self._path, self._number, self._owner = path, number, os.getpid()

    def release(self) -> None:
        """Let others train the run. A forked child has nothing to release."""
        if self._number < 0 or self._owner != os.getpid():
            return
        number, self._number = self._number, -1
        with suppress(OSError):  # Windows keeps a file that is open; it is taken again as it is
            self._path.unlink()  # while it is still locked, so nobody's new file is removed
        close_file(number)

    def __enter__(self) -> Claim:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


def take(path: Path, id: str) -> Claim:
    """Claim a run.

    Raises:
        StoreError: if a living process has it.
        OSError: if the file cannot be made.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    deadline = time.monotonic() + _PATIENCE
    while True:
        number = open_file(path, make=True)
        if try_lock(number) and _is_same(number, path):
            break
        close_file(number)
        if time.monotonic() > deadline:
            raise StoreError(
                f"the run {id} is being trained by {_holder(path)}. Fix: wait for it, or end it, then try again."
            )
        time.sleep(0.005)
    with suppress(OSError):  # only a note, for the message above
        os.truncate(number, 0)
        os.write(number, f"{os.getpid()} {id}\n".encode())
    return Claim(id, path, number)


def is_held(path: Path) -> bool:
    """Whether a living process has claimed the run whose file this is."""
    try:
        number = open_file(path, make=False)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # somebody else's: it is not ours to resume
    free = try_lock(number, shared=True)
    close_file(number)
    return not free


def _is_same(number: int, path: Path) -> bool:
    """Whether the file that is locked still has its name: the one before us may have removed it."""
    try:
        return os.path.samestat(os.fstat(number), path.stat())
    except OSError:
        return False


def _holder(path: Path) -> str:
    with suppress(OSError, ValueError):
        number = int(path.read_text().split()[0])
        return "this process" if number == os.getpid() else f"process {number}"
    return "another process"
