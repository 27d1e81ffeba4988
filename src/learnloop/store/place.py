"""Where the store lies, and folders that are there after a power cut."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from ..errors import DescriptionError, StoreError, short

VARIABLE = "LEARNLOOP_STORE"


def locate(given: str | os.PathLike[str] | None = None) -> Path:
    """The file of the store: the given one, or LEARNLOOP_STORE, or the user's own. Nothing is made."""
    if given is not None and (not isinstance(given, str | os.PathLike) or not os.fspath(given)):
        raise DescriptionError(f"the store is {short(given)}; expected the path of a file, or nothing for your own.")
    chosen = os.fspath(given) if given is not None else os.environ.get(VARIABLE, "")
    if chosen:
        path = Path(os.path.expanduser(chosen))  # noqa: PTH111  (pathlib's raises for users that do not exist)
    else:
        from platformdirs import user_data_path

        path = user_data_path("learnloop", appauthor=False) / "runs.sqlite"
    try:
        return path.resolve()  # one store, one lock, whatever links lead to it
    except (OSError, ValueError, RuntimeError) as error:
        raise StoreError(f"{chosen[:200]!r} can be no file: {error}. Fix: name another store.") from error


def make_folder(path: Path) -> None:
    """The folder of a store: the user's alone if it is made here."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def sync_folder(path: Path) -> None:
    """Make sure that the name of a new file, and of its new folder, outlives a power cut."""
    if os.name == "nt":
        return  # folders cannot be opened there
    for folder in (path.parent, path.parent.parent):
        with suppress(PermissionError):  # a folder above may be closed to us
            _sync(folder)


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems keep no folders to sync
            raise
    finally:
        os.close(number)
