"""The server as a thread of this process: a port, a token, an address, a browser."""

from __future__ import annotations

import errno
import math
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from ..errors import DescriptionError, LearnloopError, short
from ..rules.registry import is_whole
from .desk import Desk
from .limits import REQUEST
from .static import Asset, assets

if TYPE_CHECKING:
    import uvicorn

    from .guard import App

HOST = "127.0.0.1"
TERMINALS = ("www-browser", "links", "elinks", "lynx", "w3m")
"""Browsers that would take over the terminal, and could show nothing of the page."""
BROWSER = 3.0
"""Seconds in which a browser says that it is there."""
PATIENCE = 5.0
"""Seconds in which a server starts."""


class Host:
    """A server that runs in a thread of its own, behind the guard.

    Args:
        app: what is served.
        port: where it listens; 0 for any free port.
        policies: content security policies of paths that have another one than the rest; see :class:`.guard.Guard`.

    Attributes:
        url: the address, with the token: whoever knows it may use the server.

    Raises:
        DescriptionError: for a port that cannot be had.
    """

    def __init__(self, app: App, port: int = 0, policies: Mapping[str, str] | None = None) -> None:
        self._socket = listen(port)
        token, number = secrets.token_urlsafe(24), self._socket.getsockname()[1]
        self.url = f"http://{HOST}:{number}/{token}/"
        self._server = _server(app, token, number, policies or {})
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="learnloop-explore", daemon=True)
        self._thread.start()
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise LearnloopError("the server did not start. Fix: try again; another --port may help.")
            time.sleep(0.005)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the server ends, until Ctrl-C, or for so long."""
        end = math.inf if seconds is None else time.monotonic() + seconds
        with suppress(KeyboardInterrupt):
            while self._thread.is_alive() and time.monotonic() < end:
                self._thread.join(0.2)  # a wait without an end could not be interrupted on Windows

    def close(self) -> None:
        """End the server."""
        self._server.should_exit = True
        self._thread.join(PATIENCE)
        self._socket.close()


class Explorer:
    """A running server of the explorer.

    Args:
        desk: what it works with.
        port: where it listens; 0 for any free port.
        files: the page; None for the one that is installed.

    Attributes:
        url: the address of the page, with the token: whoever knows it may use the server.

    Raises:
        DescriptionError: for a port that cannot be had.
    """

    def __init__(self, desk: Desk, port: int = 0, files: dict[str, Asset] | None = None) -> None:
        from .routes import application

        self.desk = desk
        self._host = Host(application(desk, assets() if files is None else files), port)
        self.url = self._host.url

    def warm(self) -> None:
        """Compile the program of the first picture while the browser opens."""
        first = self.desk.first
        if first is not None:
            threading.Thread(target=_quietly, args=(lambda: self.desk.kits.kit(first.structure),), daemon=True).start()

    def show(self) -> bool:
        """Open the page in a browser; whether there is one."""
        return open_browser(self.url)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until the server ends, until Ctrl-C ends it, or for so long; then close it."""
        self._host.wait(seconds)
        self.close()

    def close(self) -> None:
        """End the server. What it trains is stopped and recorded, and can be gone on with."""
        self.desk.close()
        self._host.close()

    def __enter__(self) -> Explorer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Explorer {self.url}>"


def _server(app: App, token: str, port: int, policies: Mapping[str, str]) -> uvicorn.Server:
    import uvicorn

    from .guard import Guard

    config = uvicorn.Config(
        Guard(app, token, port, policies), http="h11", ws="websockets-sansio", loop="asyncio", lifespan="off",
        log_config=None, access_log=False, server_header=False, date_header=False, ws_max_size=REQUEST,
        ws_per_message_deflate=False, timeout_graceful_shutdown=1, timeout_keep_alive=30, proxy_headers=False,
    )  # fmt: skip
    return uvicorn.Server(config)


def listen(port: int) -> socket.socket:
    """A socket on the loopback interface.

    Raises:
        DescriptionError: for a port that is none, is taken, or may not be had.
    """
    if not is_whole(port) or not 0 <= port < 65536:
        raise DescriptionError(f"port is {short(port)}; expected a whole number from 0 to 65535, 0 for any free port.")
    # with its protocol named: asyncio switches Nagle's algorithm off, which costs 40 ms an answer, only where it is
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share a port
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((HOST, port))
        found.listen(128)
    except OSError as error:
        found.close()
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
        raise DescriptionError(f"the port {port} {why}. Fix: another --port, or none for any free one.") from error
    return found


def open_browser(url: str) -> bool:
    """Open an address in the browser of the desktop; whether there is one."""
    import webbrowser

    try:
        name = getattr(webbrowser.get(), "name", "")
    except webbrowser.Error:
        return False
    if os.path.basename(str(name)) in TERMINALS:  # noqa: PTH119  (a command, not a path)
        return False
    opened = threading.Event()

    def work() -> None:
        if webbrowser.open(url):
            opened.set()

    threading.Thread(target=work, daemon=True).start()  # some browsers return when they are closed
    return opened.wait(BROWSER)


def _quietly(work: Callable[[], object]) -> None:
    """Work ahead; who really asks hears what goes wrong."""
    with suppress(Exception):
        work()
