"""One request to an endpoint: no redirects, no waiting without end, no more bytes than sound has."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .model import VoiceError

PATIENCE, ALTOGETHER = 30.0, 120.0
"""Seconds without a byte, and seconds for a whole answer."""
MOST = 64 * 1024 * 1024
"""Bytes of an answer: a quarter of an hour of WAV."""
_CHUNK = 65_536


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes:
        url: of the endpoint.
        content: sent as JSON.
        key: for the header Authorization; "" for none.
        patience, altogether: seconds without a byte, and in all.
        most: bytes of the answer.
    """

    url: str
    content: Mapping[str, Any]
    key: str = field(default="", repr=False)
    patience: float = PATIENCE
    altogether: float = ALTOGETHER
    most: int = MOST


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other, and no sound: the key goes to nobody else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def post(request: Request) -> bytes:
    """Ask, and return the body of the answer.

    Raises:
        VoiceError: if there is no answer, or one that is no sound; it does not hold the key.
    """
    try:
        with _opener(request.url).open(_prepared(request), timeout=request.patience) as answer:
            body = _body(answer, request)
            _check_type(answer.headers.get_content_type(), body, request.key)
            return body
    except urllib.error.HTTPError as error:
        with error:
            raise VoiceError(_status(error, request)) from None
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, VoiceError):
            raise
        reason = getattr(error, "reason", None) or error
        if isinstance(reason, TimeoutError):
            raise VoiceError(f"it did not answer within {request.patience:g} seconds.") from None
        raise VoiceError(f"it cannot be reached ({_clean(str(reason) or type(reason).__name__, request.key)}).") from None


def _opener(url: str) -> urllib.request.OpenerDirector:
    handlers: list[Any] = [_NoRedirect]
    if urlsplit(url).scheme == "http":  # this machine: no proxy is between
        handlers.append(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener(*handlers)


def _prepared(request: Request) -> urllib.request.Request:
    headers = {"Content-Type": "application/json", "Accept": "audio/wav, audio/*;q=0.9", "User-Agent": "learnloop"}
    if request.key:
        headers["Authorization"] = f"Bearer {request.key}"
    data = json.dumps(request.content).encode()
    return urllib.request.Request(request.url, data, headers, method="POST")  # noqa: S310  (endpoint.py checks the scheme)


def _body(answer: Any, request: Request) -> bytes:
    until = time.monotonic() + request.altogether
    body = bytearray()
    while chunk := answer.read1(_CHUNK):
        body += chunk
        if len(body) > request.most:
            raise VoiceError(f"it sent more than {request.most} bytes.")
        if time.monotonic() > until:
            raise VoiceError(f"its answer was not complete after {request.altogether:g} seconds.")
    promised = answer.headers.get("Content-Length", "")
    if promised.isdigit() and int(promised) != len(body):
        raise VoiceError(f"its answer broke off: {promised} bytes were promised, and {len(body)} came.")
    return bytes(body)


def _check_type(kind: str, body: bytes, key: str) -> None:
    if kind.startswith("text/") or kind == "application/json":
        raise VoiceError(f"it answered with {_clean(kind, key)}, and no sound: {_clean(body[:400].decode(errors='replace'), key)!r}.")


def _status(error: urllib.error.HTTPError, request: Request) -> str:
    code = error.code
    if code in (401, 403):  # nothing of the answer: such answers repeat parts of the key
        return f"it refused the key ({code}). Fix: set LEARNLOOP_VOICE_KEY."
    if 300 <= code < 400:
        return f"it redirects to another address ({code}), which is not followed. Fix: use that address as --voice."
    if code == 404:
        return "it has no /audio/speech at this address (404). Fix: check --voice, and LEARNLOOP_VOICE_MODEL."
    try:
        said = error.read(400).decode(errors="replace")
    except (OSError, http.client.HTTPException):
        said = ""
    return f"it answered with status {code}{': ' if said else ''}{_clean(said, request.key)}."


def _clean(text: str, key: str) -> str:
    """A stranger's words on one line, without the key."""
    if key:
        text = text.replace(key, "***")
    return re.sub(r"[^\x21-\x7e]+", " ", text).strip()[:200]
