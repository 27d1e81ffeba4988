"""Where runs lie: files in the user's data folder unless another place is given."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import FileError
from .wording import home_relative

SUFFIX = ".run"


def folder() -> Path:
    """The folder of saved runs; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path("learnloop", appauthor=False) / "runs"


def file_name(name: str, digest: str) -> str:
    """What the file of a run is called: its data and the beginning of its digest."""
    return f"{name}-{digest[:8]}{SUFFIX}"


def prepare_folder() -> Path:
    """The folder of saved runs, made if it is missing, before anything is learnt.

    Raises:
        FileError: if it cannot be made or written.
    """
    home = folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fix = "Fix: --out FILE saves elsewhere."
        raise FileError(f"the folder {home} cannot be made: {error.strerror}. {fix}") from error
    if not os.access(home, os.W_OK):
        raise FileError(f"the folder {home} cannot be written. Fix: --out FILE saves elsewhere.")
    return home


def check_target(path: Path) -> Path:
    """A file to write to, checked before anything is learnt.

    Raises:
        FileError: if it is a folder, or lies in none that could be written to.
    """
    if path.is_dir():
        raise FileError(f"{path} is a folder. Fix: --out {path / 'my.run'}")
    if not path.parent.is_dir():
        raise FileError(f"there is no folder {path.parent}. Fix: make it, or choose another with --out.")
    if not os.access(path.parent, os.W_OK):
        raise FileError(f"the folder {path.parent} cannot be written. Fix: choose another with --out.")
    return path


def find(given: str) -> Path:
    """The file of a run, given as a path or as its name in the data folder.

    Raises:
        FileError: if there is none, when near names are suggested, or if it cannot be read or is something else.
    """
    names = (Path(given), folder() / given, folder() / f"{given}{SUFFIX}")
    found = next((path for path in names if path.is_file()), None)
    if found is not None:
        return _readable(found)
    import difflib  # 8 ms, which only a mistake is worth

    known = sorted(path.stem for path in folder().glob(f"*{SUFFIX}"))
    near = [name for name in known if given and name.startswith(given)][:3]
    near = near or difflib.get_close_matches(given, known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Fix: learnloop train digits makes one."
    raise FileError(f"there is no run {given!r}, neither here nor in {home_relative(folder())}. {hint}")


def _readable(path: Path) -> Path:
    """The file, if it may be read and is not plainly something else; what is called a run is left to its reader."""
    try:
        with path.open("rb") as file:
            head = file.read(9)
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror}. Fix: chmod u+r, or ask its owner.") from error
    if path.suffix == SUFFIX or head[8:] == b"{":  # as safetensors begin: eight bytes of length, then JSON
        return path
    raise FileError(f"{path} is no run of learnloop. Fix: give a file that learnloop train or run.save wrote.")
