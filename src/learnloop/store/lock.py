"""Locks of the operating system: one process at a time, queued fairly, and freed by the kernel when a process dies.

Every lock is taken on a file that is opened for it, so threads exclude each other just as processes do.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

UNFORKED = RLock()
"""Held while a file or a connection is in use: no fork may happen then, for the child would inherit half of it."""
_open: set[int] = set()
_SHORTEST, _LONGEST = 0.0002, 0.005
"""Seconds between two looks at a lock that another holds."""

if sys.platform == "win32":
    import msvcrt

    _BYTE = 1 << 30  # what is locked there cannot be read by others: a byte that no file has

    def _take(number: int, shared: bool) -> None:
        os.lseek(number, _BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error

    def _free(number: int) -> None:
        os.lseek(number, _BYTE, os.SEEK_SET)
        msvcrt.locking(number, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(number: int, shared: bool) -> None:
        fcntl.flock(number, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def _free(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_UN)


def open_file(path: Path, *, make: bool) -> int:
    """Open a file to lock it, or, where it may only be read, to share its lock."""
    with UNFORKED:
        number = _opened(path, os.O_RDWR | (os.O_CREAT if make else 0))
        _open.add(number)
        return number


def _opened(path: Path, how: int) -> int:
    try:
        return os.open(path, how, 0o644)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise
        with suppress(FileNotFoundError):
            return os.open(path, os.O_RDONLY)
        raise


def close_file(number: int) -> None:
    """Unlock and close. Unlocking counts for copies of the file in other processes too; closing alone would not."""
    with UNFORKED:
        with suppress(OSError):
            _free(number)
        _open.discard(number)
        os.close(number)


def try_lock(number: int, *, shared: bool = False) -> bool:
    """Lock at once or not at all."""
    try:
        _take(number, shared)
    except BlockingIOError:
        return False
    return True


def _wait(number: int, shared: bool, deadline: float) -> bool:
    pause = _SHORTEST
    while not try_lock(number, shared=shared):
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(2 * pause, _LONGEST)
    return True


@contextmanager
def turn(path: Path, *, shared: bool, patience: float) -> Iterator[bool]:
    """Wait for a lock, alone or shared with others that read.

    Whoever waits first takes a second lock, the gate, and keeps it until it has the lock. So one that has just had its
    turn cannot come again before those that wait, and readers that follow each other cannot keep a writer out.

    Args:
        path: what the lock protects; the files of both locks lie beside it.
        shared: whether others may hold it too.
        patience: for how many seconds to wait.

    Yields:
        Whether it is locked; False when the time was up.
    """
    deadline = time.monotonic() + patience
    lock = open_file(path.with_name(f"{path.name}.lock"), make=True)
    try:
        gate = open_file(path.with_name(f"{path.name}.gate"), make=True)
        try:
            ours = _wait(gate, False, deadline) and _wait(lock, shared, deadline)
        finally:
            close_file(gate)
        yield ours
    finally:
        close_file(lock)


def _close_in_child() -> None:
    """What the parent locks is not the child's: its copies would keep the locks after the parent's death."""
    for number in list(_open):
        with suppress(OSError):
            os.close(number)
    _open.clear()
    UNFORKED.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=UNFORKED.acquire, after_in_parent=UNFORKED.release, after_in_child=_close_in_child)
