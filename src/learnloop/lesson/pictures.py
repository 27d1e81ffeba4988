"""Picture files of a lesson: looked at by how they begin, bounded, and only ever shown as images, in which nothing runs."""

from __future__ import annotations

from pathlib import Path

from .problems import Place, wrong

MOST = 1 << 20
"""Bytes of a picture."""
_BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def read_picture(folder: Path, name: str, place: Place) -> tuple[str, bytes]:
    """A picture: its type and its bytes.

    Args:
        folder: of the document; the file is in it or below.
        name: as it was written.
        place: where it was written.

    Raises:
        LessonError: if there is no such file, or it is no picture.
    """
    path = contained(folder, name, place)
    try:
        if path.stat().st_size > MOST:
            raise wrong(place, f"the picture {name} has more than {MOST >> 20} MiB. Fix: a smaller one.")
        content = path.read_bytes()
    except OSError as error:
        raise wrong(place, f"the picture {name} cannot be read: {error.strerror}. Fix: its path from the document on.") from error
    return _type(content, name, place), content


def contained(folder: Path, name: str, place: Place) -> Path:
    """A file in the folder of the document, or below it.

    Raises:
        LessonError: for a path that leads elsewhere.
    """
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve())
    except (OSError, ValueError) as error:
        raise wrong(place, f"{name!r} is no path. Fix: the name of a file beside the document.") from error
    if not inside or not path.is_file():
        raise wrong(place, f"there is no file {name} in the folder of the document. Fix: put it there; the path is from the document on.")
    return path


def _type(content: bytes, name: str, place: Place) -> str:
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg")) and b"<svg" in content[:4000]:
        return "image/svg+xml"
    raise wrong(place, f"{name} is no SVG, PNG or JPEG. Fix: a picture of one of these kinds.")
