"""Single files of runs: where one may be written, and whether one can be read."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import FileError
from .suggest import learnloop

SUFFIX = ".run"


def check_target(path: Path, example: str = "my.run") -> Path:
    """A file to write to, checked before anything is learnt.

    Args:
        path: the file.
        example: what one is called.

    Raises:
        FileError: if it is a folder, or lies in none that could be written to.
    """
    if path.is_dir():
        raise FileError(f"{path} is a folder. Fix: give the name of a file in it, such as {path / example}.")
    if not path.parent.is_dir():
        raise FileError(f"there is no folder {path.parent}. Fix: make it, or choose another place.")
    if not os.access(path.parent, os.W_OK):
        raise FileError(f"the folder {path.parent} cannot be written. Fix: choose another place.")
    return path


def readable(path: Path) -> Path:
    """The file, if it may be read and is not plainly something else; what is called a run is left to its reader.

    Raises:
        FileError: if it is missing, a folder or something else.
    """
    path = path.expanduser()
    if path.is_dir():
        raise FileError(f"{path} is a folder, and a run is one file. Fix: give a file in it.")
    try:
        with path.open("rb") as file:
            head = file.read(9)
    except FileNotFoundError as error:
        raise FileError(f"there is no file {path}. Fix: check the path; {learnloop('runs')} lists what is recorded.") from error
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}. Fix: chmod u+r, or ask its owner.") from error
    if path.suffix == SUFFIX or head[8:] == b"{":  # as safetensors begin: eight bytes of length, then JSON
        return path
    raise FileError(f"{path} is no run of learnloop. Fix: give a file that learnloop export or run.save wrote.")
