"""The table of routes: what can be asked of the server, each with what it reads and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from ..errors import DescriptionError, short
from ..rules.registry import is_whole
from . import scenario as scenarios
from .answers import answer, body, packed, problem, table
from .desk import Desk
from .export import export
from .handover import data_pack
from .holding import Table
from .limits import REQUEST, ROWS, UPLOAD, check_shape
from .opening import suits_table
from .points import points_table
from .reading import columns_of, read_file
from .rows import read_part, read_table
from .sockets import Tab
from .static import Asset

Endpoint = Callable[[Request], Awaitable[Response]]
PAGE = "page.html"


def application(desk: Desk, files: dict[str, Asset]) -> Starlette:
    """The server without its guard; paths have no token any more.

    Args:
        desk: what it works with.
        files: the page, by path.
    """
    handlers = {HTTPException: _missing, Exception: _failed}
    return Starlette(routes=routes(desk, files), exception_handlers=handlers)


def routes(desk: Desk, files: dict[str, Asset]) -> list[BaseRoute]:
    """All of them."""
    calls = Calls(desk)
    paths = {path: asset for path, asset in files.items() if path != PAGE}
    return [
        Route("/", _told(partial(_serve, files.get(PAGE)))),
        *(Route(f"/{path}", _told(partial(_serve, asset))) for path, asset in paths.items()),
        Route("/session", _told(calls.session)),
        Route("/kit", _told(calls.kit), methods=["POST"]),
        Route("/data", _told(calls.data), methods=["POST"]),
        Route("/upload", _told(calls.upload), methods=["POST"]),
        Route("/points", _told(calls.points), methods=["POST"]),
        Route("/runs", _told(calls.runs)),
        Route("/runs/{id}", _told(calls.run)),
        Route("/runs/{id}/moment/{update:int}", _told(calls.moment)),
        Route("/runs/{id}/predictions/{update:int}", _told(calls.predictions)),
        Route("/export", _told(calls.export), methods=["POST"]),
        WebSocketRoute("/live", calls.live),
    ]


def _told(endpoint: Endpoint) -> Endpoint:
    """An endpoint whose errors are answers."""

    async def told(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException:
            raise
        except Exception as error:
            return problem(error)

    return told


async def _missing(_: Request, error: Exception) -> Response:
    code = getattr(error, "status_code", 500)
    said = {404: "there is nothing here.", 405: "this cannot be done here."}.get(code, "the request failed.")
    return answer({"error": f"{said} Fix: reload the page."}, code)


async def _failed(_: Request, error: Exception) -> Response:
    return problem(error)


async def _serve(asset: Asset | None, request: Request) -> Response:
    """A file of the page; a browser that has it already is told so."""
    if asset is None:
        return answer({"error": "the page is missing from this installation. Fix: install learnloop again."}, 500)
    headers = {"etag": asset.tag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == asset.tag:
        return Response(status_code=304, headers=headers)
    return Response(asset.content, headers=headers, media_type=asset.kind)


class Calls:
    """The endpoints that compute.

    Args:
        desk: what they work with.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def session(self, _: Request) -> Response:
        """What a page asks first."""
        return answer(await run_in_threadpool(self.desk.session))

    async def kit(self, request: Request) -> Response:
        """{"network", "loss", "optimizer", "dtype", "emulated"} -> the compiled program."""
        given = await table(request, REQUEST)
        emulated = given.get("emulated", False)
        if not isinstance(emulated, bool):
            raise DescriptionError(f"emulated is {short(emulated)}; expected true or false.")
        structure = scenarios.read_structure(given)
        return packed(await run_in_threadpool(self.desk.kits.kit, structure, emulated))

    async def data(self, request: Request) -> Response:
        """{"data": the data part of a scenario, "sample": null or a number of rows} -> the rows."""
        given = await table(request, REQUEST)
        check_shape(given)
        part, sample = read_part(given.get("data")), given.get("sample")
        if sample is not None and (not is_whole(sample) or not 1 <= sample <= ROWS):
            raise DescriptionError(f"sample is {short(sample)}; expected a whole number from 1 to {ROWS}, or null.")

        def make() -> bytes:
            return data_pack(read_table(part, self.desk.held), part, sample)

        return packed(await run_in_threadpool(make))

    async def upload(self, request: Request) -> Response:
        """The bytes of a file, its name and its target in the query -> a handle; without a target the columns to choose from."""
        name, target = request.query_params.get("name", "data.csv"), request.query_params.get("target")
        content = await body(request, UPLOAD)
        if not target:
            return answer({"choose": await run_in_threadpool(columns_of, name, content)})
        return answer(self._kept(await run_in_threadpool(read_file, name, content, target), "file"))

    async def points(self, request: Request) -> Response:
        """{"x": [[...]], "y": [...], "task"} -> a handle and what is in it."""
        return answer(self._kept(points_table(await table(request, REQUEST)), "points"))

    def _kept(self, data: Any, origin: str) -> dict[str, Any]:
        table = Table(data, origin)
        handle = self.desk.hold(table)
        return {
            "data": {"kind": "kept", "id": handle}, "name": data.name, "task": data.task, "rows": len(data.X),
            "columns": list(data.feature_names), "targets": list(data.target_names), "description": data.description,
            "scenario": suits_table(table, handle).to_dict(), "said": list(data.notes),
        }  # fmt: skip

    async def runs(self, request: Request) -> Response:
        """Recorded runs, newest first: ?offset=0&limit=50."""
        offset, limit = (_count(request, name, usual) for name, usual in (("offset", 0), ("limit", 50)))
        return answer(await run_in_threadpool(self.desk.books.entries, offset, min(limit, 500)))

    async def run(self, request: Request) -> Response:
        """A run: scenario, losses, history, digests, notes."""
        return packed(await run_in_threadpool(self.desk.books.described, request.path_params["id"]))

    async def moment(self, request: Request) -> Response:
        """One update of a run, computed here."""
        given = request.path_params
        return packed(await run_in_threadpool(self.desk.books.moment, given["id"], given["update"]))

    async def predictions(self, request: Request) -> Response:
        """What the network says of every row, with the weights before an update."""
        given = request.path_params
        return packed(await run_in_threadpool(self.desk.books.predictions, given["id"], given["update"]))

    async def export(self, request: Request) -> Response:
        """{"kind", and "scenario" or "run"} -> a file."""
        given = await table(request, REQUEST)
        made = await run_in_threadpool(export, self.desk, given)
        disposition = f'attachment; filename="{made.name}"'  # a name that is ours
        return Response(made.content, headers={"content-disposition": disposition}, media_type=made.kind)

    async def live(self, socket: WebSocket) -> None:
        """A tab."""
        await Tab(socket, self.desk).serve()


def _count(request: Request, name: str, usual: int) -> int:
    text = request.query_params.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise DescriptionError(f"{name} is {short(text)}; expected a whole number.")
    return int(text)
