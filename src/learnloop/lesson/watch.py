"""A page that shows a lesson again whenever its document changes, served on this machine only.

The lesson lies in a frame without an origin: it can run its own scripts and nothing else, and its page asks nobody for
anything. What is around it asks whether there is a new one.
"""

from __future__ import annotations

import hashlib
import threading
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from ..explore.serve import Host, open_browser
from ..explore.static import WEB, Asset, assets
from .workshop import Made, Workshop

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

EVERY: Final = 0.3
"""Seconds between two looks at the files."""
SHELL, PLACE = "watch.html", "js/watch/place.js"
SERVED: Final = ("css/base.css", "css/watch.css", "js/theme.js", "js/watch/shell.js")
POLICIES: Final = {
    "/": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "/lesson": (
        "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads; frame-ancestors http://{host}"
    ),
}
"""The lesson brings a policy of its own, which allows less; this one sees that it has no origin."""
_SCRIPTS: Final = b"script-src "


class Watch:
    """A running server around a workshop.

    Args:
        workshop: what builds.
        port: where to listen; 0 for any free port.
        told: is told of every build; nothing any more once the server was closed.

    Attributes:
        url: the address of the page, with the token.

    Raises:
        DescriptionError: for a port that cannot be had.
    """

    def __init__(self, workshop: Workshop, port: int = 0, told: Callable[[Made], None] = lambda made: None) -> None:
        self._workshop, self._told, self._over = workshop, told, threading.Event()
        self._host = Host(application(workshop), port, POLICIES)
        self.url = self._host.url
        self._thread = threading.Thread(target=self._work, name="learnloop-watch", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._over.is_set():
            if self._workshop.look() and not self._over.is_set():
                self._told(self._workshop.made)
            self._over.wait(EVERY)

    def show(self) -> bool:
        """Open the page in a browser; whether there is one."""
        return open_browser(self.url)

    def wait(self, seconds: float | None = None) -> None:
        """Wait until Ctrl-C, or for so long; then end."""
        self._host.wait(seconds)
        self.close()

    def close(self) -> None:
        """End the server; a build that is under way is not waited for."""
        self._over.set()
        self._host.close()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def application(workshop: Workshop) -> Starlette:
    """The server without its guard: the page around the lesson, the lesson, and what is known of it."""
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    from ..explore.answers import answer

    async def state(_: Request) -> Response:
        return answer(workshop.state())

    async def lesson(_: Request) -> Response:
        if not workshop.page:
            return Response("There is no page yet.\n", 404, media_type="text/plain")
        return Response(with_place(workshop.page), media_type="text/html; charset=utf-8")

    return Starlette(routes=[*_files(), Route("/state", state), Route("/lesson", lesson)])


def _files() -> list[Route]:
    """The files of the page around the lesson, as they are."""
    known = assets()
    return [_file("/", known[SHELL]), *(_file(f"/{path}", known[path]) for path in SERVED)]


def _file(path: str, asset: Asset) -> Route:
    from starlette.responses import Response
    from starlette.routing import Route

    async def serve(_: Request) -> Response:
        return Response(asset.content, media_type=asset.kind)

    return Route(path, serve)


def with_place(page: bytes) -> bytes:
    """The page with a script that tells where it is being read, which its policy is told to let run.

    Args:
        page: as it was built; one without a policy of ours stays as it is.
    """
    script = (WEB / PLACE).read_bytes().strip()
    head, rule, tail = page.partition(_SCRIPTS)
    body, end, rest = tail.rpartition(b"</body>")
    if not rule or not end:
        return page
    known = b64encode(hashlib.sha256(script).digest())
    return b"".join([head, rule, b"'sha256-", known, b"' ", body, b"<script>", script, b"</script>\n", end, rest])


def check_document(path: Path) -> Path:
    """The document to watch, if it is there.

    Raises:
        FileError: if it is not, or is a folder.
    """
    from ..errors import FileError

    if path.is_dir():
        raise FileError(f"{path} is a folder, and a lesson is one file. Fix: give a Markdown file in it.")
    if not path.is_file():
        raise FileError(f"there is no file {path}. Fix: check the path, or learnloop lesson new RUN -o {path}.")
    return path
