"""Who may talk to the server: one guard around everything, sockets included, and the headers of every answer.

The token is the first part of every path, so that relative addresses carry it and no cookie is needed. A page of
another site can neither guess it nor read an answer; the checks of Host, Origin and Sec-Fetch-Site hold even where a
token has leaked.
"""

from __future__ import annotations

import secrets
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from .answers import problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

READING = ("GET", "HEAD")
"""Methods that browsers send without an Origin."""
REFUSED = b"Forbidden\n"
"""What everything is told that is refused: the same, whatever is wrong."""
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self' ws://{host}; font-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
}


class Guard:
    """Lets through what has the token and comes from the page itself.

    Args:
        app: what is guarded; it sees paths without the token.
        token: the secret.
        port: where the server listens.
        policies: by path without the token, the content security policy where it is another one than :data:`POLICY`.
    """

    def __init__(self, app: App, token: str, port: int, policies: Mapping[str, str] | None = None) -> None:
        self.app, self._token, self._policies = app, token.encode(), policies or {}
        self._hosts = tuple(f"{name}:{port}".encode() for name in ("127.0.0.1", "localhost", "[::1]"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or let through with a path that has no token any more."""
        if scope["type"] not in ("http", "websocket"):
            return
        host = _only(scope["headers"], b"host")
        path = self._path(scope["path"])
        if path is None or host not in self._hosts or not _is_own(scope, host):
            await _refuse(scope, _dressed(send, self._hosts[0].decode()))
            return
        inner = dict(scope, path=path, raw_path=path.encode(), root_path="")
        await self._answer(inner, receive, _dressed(send, host.decode(), self._policies.get(path, POLICY)))

    def _path(self, path: str) -> str | None:
        """The path behind the token; None where that is another one."""
        _, _, whole = path.partition("/")
        given, slash, rest = whole.partition("/")
        same = secrets.compare_digest(given.encode("utf-8", "surrogateescape"), self._token)
        return f"/{rest}" if same and slash and path[:1] == "/" else None

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whatever goes wrong in the server, no traceback leaves it."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] in ("http.response.start", "websocket.accept")
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            traceback.print_exception(error, file=sys.stderr)
            if scope["type"] == "http" and not begun:
                await problem(error)(scope, receive, send)


def _is_own(scope: Scope, host: bytes) -> bool:
    """Whether a request comes from the page, or from the person who opens it, and from no other site."""
    headers = scope["headers"]
    origins, site = _all(headers, b"origin"), _all(headers, b"sec-fetch-site")
    reads = scope["type"] == "http" and scope["method"] in READING
    if origins != [b"http://" + host] and not (reads and not origins):
        return False
    return site in ([], [b"same-origin"], [b"none"])


def _all(headers: Headers, name: bytes) -> list[bytes]:
    return [value for key, value in headers if key.lower() == name]


def _only(headers: Headers, name: bytes) -> bytes:
    found = _all(headers, name)
    return found[0].lower() if len(found) == 1 else b""


def _dressed(send: Send, host: str, policy: str = POLICY) -> Send:
    """A way to send with the headers that every answer has."""
    own = [(k.encode(), v.encode()) for k, v in ALWAYS.items()]
    own.append((b"content-security-policy", policy.format(host=host).encode()))

    async def dressed(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            given = [(key, value) for key, value in message.get("headers", ()) if key.lower() not in dict(own)]
            kept = [] if _all(given, b"cache-control") else [(b"cache-control", b"no-store")]
            message = {**message, "headers": [*given, *own, *kept]}
        await send(message)

    return dressed


async def _refuse(scope: Scope, send: Send) -> None:
    """No, and nothing more."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before it was accepted: 403
        return
    length = str(len(REFUSED)).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else REFUSED})
