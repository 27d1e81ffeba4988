"""The text of a document: bytes of a file, then lines, within bounds and without characters that deceive."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from ...errors import FileError, short
from ..problems import LessonError, Place, Problem
from .findings import Findings

MOST_BYTES = 1 << 19
MOST_MARKS = 30_000
"""Signs that could be marks: each of them is looked at by itself."""
MOST_LINES = 20_000
MOST_IN_LINE = 20_000
"""Characters; a paragraph that is written on one line fits."""
_LISTED = 20
_TWO = "Fix: make two lessons of it."
_MARKS = re.compile(r"[\[\]{}*_`$<&\\!]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffc\ufffe\uffff]"
)
_TURNS = range(0x2066, 0x206A), range(0x202A, 0x202F)


def load(path: str | os.PathLike[str]) -> str:
    """The text of a file.

    Args:
        path: of a plain file of at most 512 KiB, in UTF-8.

    Raises:
        FileError: if it is no plain file, cannot be read, or is too large.
        LessonError: if it is no UTF-8; with the place of the first wrong byte.
    """
    name = os.fspath(path)
    data = _bytes(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        why = f"byte 0x{data[error.start]:02x} is no UTF-8. Fix: save the file as UTF-8."
        raise LessonError(name, [Problem(Place(before.count(b"\n") + 1, column), why)]) from None


def _bytes(name: str) -> bytes:
    try:
        # a pipe that nobody writes to would be waited for
        with os.fdopen(os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FileError(f"{short(name)} is no plain file. Fix: the path of a Markdown document.")
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        why = "is a folder" if Path(name).is_dir() else f"cannot be read ({_why(error)})"
        raise FileError(f"{short(name)} {why}. Fix: the path of a Markdown document.") from error
    if len(data) > MOST_BYTES:
        raise FileError(f"{short(name)} has more than {MOST_BYTES} bytes. {_TWO}")
    return data


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def lines_of(text: str, findings: Findings) -> list[str]:
    """The lines of a text, however its lines end; what cannot be seen becomes a space, and a problem.

    Raises:
        LessonError: at once, if the text is larger than anybody writes.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _bounds(text, lines, findings)
    found = 0
    for number, line in enumerate(lines):
        for match in _UNSEEN.finditer(line):
            found += 1
            if found <= _LISTED:
                findings.add(Place(number + 1, match.start() + 1), _unseen(match[0]))
        lines[number] = _UNSEEN.sub(" ", line)
    return lines


def _bounds(text: str, lines: list[str], findings: Findings) -> None:
    if len(text) > MOST_BYTES:
        findings.add(Place(1, 1), f"more than {MOST_BYTES} characters. {_TWO}")
    if len(lines) > MOST_LINES:
        findings.add(Place(MOST_LINES + 1, 1), f"more than {MOST_LINES} lines. {_TWO}")
    if (marks := len(_MARKS.findall(text))) > MOST_MARKS:
        findings.add(
            Place(1, 1), f"{marks} brackets, braces, stars and the like, at most {MOST_MARKS} are expected. {_TWO}"
        )
    for number, line in enumerate(lines[:MOST_LINES], 1):
        if len(line) > MOST_IN_LINE:
            findings.add(Place(number, MOST_IN_LINE + 1), f"a line of {len(line)} characters, at most {MOST_IN_LINE} are "
                         "expected. Fix: begin a new paragraph.")  # fmt: skip
    findings.settle()


def _unseen(character: str) -> str:
    code = ord(character)
    what = "turns the direction of the text" if any(code in turn for turn in _TURNS) else "cannot be shown"
    return f"the character U+{code:04X} {what}. Fix: delete it."
