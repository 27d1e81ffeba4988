"""Reading the page of a lesson back: the blocks that a browser does not run, taken as if anybody had written them.

Nothing else of the page is looked at. Blocks are found by the tags that we write, in one pass: a parser of HTML would
understand more than is needed, and a page that was made to be slow would be slow in it.
"""

from __future__ import annotations

import binascii
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import FileError, LearnloopError
from ..explore.onefile import DATA
from .eventlist import EventList, read_event_list

LARGEST: Final = 96 << 20
"""Bytes of a page or an event list that is read."""
LIMITS: Final = {"lesson": 16 << 20, "session": 1 << 20, "data": DATA + (1 << 20)}
"""Bytes that a block has at most once it is unzipped."""
_OPEN: Final = re.compile(rb'<script type="(application/[a-z;/0-9]{1,40})" id="block-([a-z-]{1,40})">')
_CLOSE: Final = b"</script>"


@dataclass(frozen=True)
class KeptLesson:
    """What a page, or an event list, keeps of its lesson.

    Attributes:
        events: the event list.
        rows: the rows of its first run, packed; empty where they are not kept with it.
        digest: what the page promises that the live run ends with; "" for none.
    """

    events: EventList
    rows: bytes = b""
    digest: str = ""


def read_kept(path: Path) -> KeptLesson:
    """A lesson from its page, or from the event list beside it.

    Args:
        path: of a page (HTML) or an event list (JSON).

    Raises:
        FileError: if it cannot be read, was cut off, or is something else; the message says what.
        DescriptionError: for an event list of another version, or one that makes no sense.
    """
    content = _content(path)
    if content.lstrip()[:1] == b"{":
        return KeptLesson(read_event_list(_json(content, path, "the event list")))
    blocks = _blocks(content, path)
    if "lesson" not in blocks:
        raise _no_lesson(path, is_explorer="session" in blocks)
    opening = _json(blocks.get("session", b"{}"), path, "what the page opens with")
    return KeptLesson(read_event_list(_json(blocks["lesson"], path, "the event list")), blocks.get("data", b""), _promised(opening))


def _content(path: Path) -> bytes:
    """The bytes of a file of moderate size.

    Raises:
        FileError: if it cannot be read, or is too large.
    """
    try:
        if path.is_dir():
            raise FileError(f"{path} is a folder, and a page is one file. Fix: give a file in it.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise FileError(f"there is no file {path}. Fix: check the path.") from error
    except (OSError, ValueError) as error:
        if isinstance(error, LearnloopError):
            raise
        raise FileError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}. Fix: check the path and who may read it.") from error
    if len(content) > LARGEST:
        raise FileError(f"{path} has more than {LARGEST >> 20} MiB, which no lesson has. Fix: check that it is the page of a lesson.")
    return content


def _no_lesson(path: Path, *, is_explorer: bool) -> FileError:
    if is_explorer:
        return FileError(
            f"{path} is a page of the explorer, not of a lesson. Fix: open it in a browser, where it can do everything by itself."
        )
    return FileError(f"{path} is no page of a lesson: it holds no lesson. Fix: give a page that learnloop lesson build wrote.")


def _blocks(content: bytes, path: Path) -> dict[str, bytes]:
    """The blocks that matter, by name, unzipped.

    Raises:
        FileError: for a page that ends before one of its blocks does, and for a block that is too large or damaged.
    """
    found: dict[str, bytes] = {}
    at = 0
    while (opening := _OPEN.search(content, at)) is not None:
        at = content.find(_CLOSE, opening.end())
        name = opening[2].decode()
        if at < 0:
            raise _cut_off(path)
        if name in LIMITS and name not in found:
            found[name] = _block(content[opening.end() : at], name, path, zipped=b"gzip" in opening[1])
    if found and not content.rstrip().endswith(b"</html>"):
        raise _cut_off(path)
    return found


def _cut_off(path: Path) -> FileError:
    return FileError(f"{path} is not whole: it ends before the page does. Fix: copy or download it again.")


def _block(text: bytes, name: str, path: Path, *, zipped: bool) -> bytes:
    most = LIMITS[name]
    try:
        content = _unzipped(text, most) if zipped else text
    except (binascii.Error, ValueError, zlib.error) as error:
        raise FileError(f"the block {name} of {path} is damaged: {error}. Fix: copy or download the page again.") from error
    if len(content) > most:
        raise FileError(f"the block {name} of {path} has more than {most >> 20} MiB. Fix: build the lesson again.")
    return content


def _unzipped(text: bytes, most: int) -> bytes:
    """What was zipped, or a little more than the most: no more than that is ever made of it."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content = stream.decompress(binascii.a2b_base64(text, strict_mode=True), most + 1)
    if len(content) <= most and not stream.eof:
        raise ValueError("it ends too early")
    return content


def _json(text: bytes, path: Path, what: str) -> Any:
    """Plain JSON without NaN.

    Raises:
        FileError: for anything else.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        why = "it nests too deep" if isinstance(error, RecursionError) else str(error)
        raise FileError(f"{what} of {path} is damaged: {why}. Fix: copy or download it again, or build the lesson again.") from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _promised(opening: Any) -> str:
    """The digest that the page tells its reader to expect."""
    known = opening.get("opening") if isinstance(opening, Mapping) else None
    digest = known.get("digest") if isinstance(known, Mapping) else None
    return digest if isinstance(digest, str) else ""
