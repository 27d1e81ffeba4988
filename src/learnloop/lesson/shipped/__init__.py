"""The lessons that come along: documents like anybody's, in this folder."""

from __future__ import annotations

from pathlib import Path

from ...errors import UnknownName

FOLDER = Path(__file__).parent
SUFFIX = ".md"


def names() -> list[str]:
    """What they are called, in alphabetical order.

    >>> "how-neural-networks-work" in names()
    True
    """
    return sorted(path.stem for path in FOLDER.glob(f"*{SUFFIX}"))


def find(name: str) -> Path:
    """The document of a lesson that comes along.

    Raises:
        UnknownName: for any other name; the nearest ones are suggested.
    """
    if name not in names():
        raise UnknownName("lesson", name, names(), "Fix: learnloop lesson list shows those that come along; or the path of a document.")
    return FOLDER / f"{name}{SUFFIX}"
