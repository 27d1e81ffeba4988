"""What the server answers: packs, plain data, and errors as the product words them; and what it reads of a request."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import (
    CacheError,
    CompileError,
    DataError,
    DataTypeError,
    DescriptionError,
    FileError,
    LearnloopError,
    StoreError,
    UnknownName,
    UnknownRun,
)

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

PACK = "application/octet-stream"
CODES: tuple[tuple[type[Exception], int], ...] = (
    (UnknownRun, 404),
    (DescriptionError, 400),
    (DataError, 400),
    (DataTypeError, 400),
    (UnknownName, 400),
    (FileError, 400),
    (StoreError, 500),
    (CompileError, 500),
    (CacheError, 500),
    (LearnloopError, 500),
    (MemoryError, 507),
)
"""The status of each error; the first that fits."""
_PATIENCE = 8
"""So many times a limit is read, and thrown away, before an upload is cut off: a browser hears no answer before that."""


class TooLarge(LearnloopError, ValueError):
    """A request with more bytes, or for more bytes, than is allowed."""


class Busy(LearnloopError, RuntimeError):
    """As much is being done as may be done at once."""


class Gone(LearnloopError, KeyError):
    """Something that the server held is held no longer."""

    def __str__(self) -> str:  # KeyError would show the repr of the message
        return str(self.args[0])


def status_of(error: Exception) -> int:
    """The HTTP status that says what kind of error it is."""
    own = ((TooLarge, 413), (Busy, 503), (Gone, 404))
    return next((code for kind, code in (*own, *CODES) if isinstance(error, kind)), 500)


def message_of(error: Exception) -> str:
    """What people are told: the error's own message where it was written for them."""
    if isinstance(error, LearnloopError):
        return str(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory. Fix: fewer units, fewer rows, or a smaller batch."
    return f"the server failed ({type(error).__name__}). Fix: try again; what it printed in its terminal is worth a report."


def problem(error: Exception) -> Response:
    """An error as an answer."""
    return answer({"error": message_of(error)}, status_of(error))


def answer(data: Any, status: int = 200) -> Response:
    """Plain data as an answer; a number that is not finite becomes null."""
    from starlette.responses import Response

    return Response(encoded(data), status, media_type="application/json")


def encoded(data: Any) -> str:
    """Plain data as JSON."""
    return json.dumps(finite(data), allow_nan=False, separators=(",", ":"))


def packed(content: bytes) -> Response:
    """A pack as an answer."""
    from starlette.responses import Response

    return Response(content, media_type=PACK)


def finite(value: Any) -> Any:
    """Plain data in which everything is JSON: None for numbers that are not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value


async def body(request: Request, most: int) -> bytes:
    """The bytes of a request.

    Args:
        request: the request.
        most: bytes that it may have; what is beyond that is read and thrown away, for a while.

    Raises:
        TooLarge: if it has more.
    """
    kept, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= most:
            kept += chunk
        elif size > _PATIENCE * most:
            break
    if size > most:
        raise TooLarge(f"this has more than {_bytes(most)}, the most that is taken here. Fix: send less, or use Python.")
    return bytes(kept)


def _bytes(size: int) -> str:
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size >> 10} KiB"


async def table(request: Request, most: int) -> dict[str, Any]:
    """The JSON object of a request.

    Raises:
        TooLarge: if it is longer than allowed.
        DescriptionError: if it is something else.
    """
    return decoded(await body(request, most))


def decoded(text: bytes | str) -> dict[str, Any]:
    """A JSON object.

    Raises:
        DescriptionError: for anything else, NaN and infinity included.
    """
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise DescriptionError("this is no JSON. Fix: send an object as docs/explorer.md describes it.") from error
    if not isinstance(data, dict):
        raise DescriptionError("this is no JSON object. Fix: send an object as docs/explorer.md describes it.")
    return data


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
