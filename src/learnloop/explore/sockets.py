"""The socket of a tab: it starts, watches and stops trainings, and is told how they go, at most twenty times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..errors import DescriptionError, LearnloopError, UnknownName, short
from ..web.pack import pack
from . import scenario as scenarios
from .answers import Gone, decoded, encoded, message_of
from .live import Live
from .watching import Course, Elsewhere, Here

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from .desk import Desk

WISHES = ("start", "watch", "resume", "stop")


class Tab:
    """One socket. What it began ends with it; it watches one run at a time.

    Args:
        socket: to the page.
        desk: what the server has.
    """

    def __init__(self, socket: WebSocket, desk: Desk) -> None:
        self._socket, self._desk = socket, desk
        self._own: list[Live] = []
        self._watching: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Do what the page wishes, until it is gone; what it began is stopped then."""
        from starlette.websockets import WebSocketDisconnect

        await self._socket.accept()
        try:
            with suppress(WebSocketDisconnect):
                while (message := await self._socket.receive())["type"] != "websocket.disconnect":
                    await self._hear(message.get("text") or "")
        finally:
            for live in self._own:
                live.stop()
            await self._leave()

    async def _hear(self, text: str) -> None:
        try:
            await self._obey(decoded(text))
        except Exception as error:  # a wish that fails ends no socket
            await self._say({"kind": "error", "error": message_of(error)})

    async def _obey(self, wish: dict[str, Any]) -> None:
        kind, given = next(iter(wish.items()), ("", None))
        if kind not in WISHES or len(wish) != 1:
            raise UnknownName("wish", kind, WISHES)
        if kind == "stop":
            for live in self._own:
                live.stop()
        elif kind == "start":
            await self._follow(self._here(await asyncio.to_thread(self._start, given)), "started")
        elif not isinstance(given, str):
            raise DescriptionError(f"{kind} is {short(given)}; expected the id of a run.")
        elif kind == "resume":
            await self._follow(self._here(await asyncio.to_thread(self._resume, given)), "started")
        else:
            await self._follow(await asyncio.to_thread(self._find, given), "watching")

    def _start(self, given: Any) -> Live:
        """Train a scenario; the training is this tab's before anything else can go wrong."""
        desk, scenario = self._desk, scenarios.read(given)
        rows = scenarios.ready(scenario, desk.held)
        live = desk.hub.start(scenarios.to_task(scenario, rows), rows.table.data.name, rows.notes)
        self._own.append(live)
        return live

    def _resume(self, id: str) -> Live:
        live = self._desk.hub.resume(id)
        self._own.append(live)
        return live

    def _here(self, live: Live) -> Course:
        return Here(live, self._desk.hub.store)

    def _find(self, id: str) -> Course:
        try:
            return self._here(self._desk.hub.live(id))
        except Gone:  # it ended before this server began, or another process trains it
            if self._desk.books.entry(id) is None:
                raise DescriptionError(f"the run {id} is in no store, and nobody trains it.") from None
            return Elsewhere(self._desk.books.store, id)

    async def _follow(self, course: Course, kind: str) -> None:
        await self._leave()
        await self._say({"kind": kind, **await asyncio.to_thread(course.facts)})
        self._watching = asyncio.create_task(self._tell(self._stream(course)))

    async def _leave(self) -> None:
        task, self._watching = self._watching, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _tell(self, sending: Awaitable[None]) -> None:
        """Send; a run that is gone is told, a socket that is gone is no error: who receives hears of it."""
        from starlette.websockets import WebSocketDisconnect

        with suppress(WebSocketDisconnect, RuntimeError):
            try:
                await sending
            except LearnloopError as error:
                await self._say({"kind": "error", "error": message_of(error)})

    async def _stream(self, course: Course) -> None:
        """Losses and epochs as they come, then the end."""
        sent, epochs, run = 0, 0, (await asyncio.to_thread(course.facts))["run"]
        while True:
            news = await asyncio.to_thread(course.news, sent, epochs)
            if len(news.losses):
                header = {"kind": "losses", "run": run, "first": sent, "done": sent + len(news.losses), "kept": news.kept}
                await self._socket.send_bytes(pack(header, {"losses": news.losses}))
            for record in news.records:
                await self._say({"kind": "epoch", "run": run, "record": record})
            sent, epochs = sent + len(news.losses), epochs + len(news.records)
            if news.end is not None:
                await self._say({"kind": "end", "run": run, "done": sent, "divergence": None, **news.end})
                return
            await asyncio.sleep(course.pace)

    async def _say(self, message: dict[str, Any]) -> None:
        await self._socket.send_text(encoded(message))
