"""A server of the explorer on the loopback interface, a store with a few runs, and clients that the page would be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import ClientConnection, connect

import learnloop as ll
from learnloop import Store
from learnloop.explore.desk import Desk
from learnloop.explore.serve import Explorer
from learnloop.explore.static import assets
from learnloop.web.pack import unpack

PAGE = {"page.html": "<!doctype html><title>x</title>", "js/main.js": "export {};", "css/page.css": "body {}", "js/package.json": "{}"}


def small(**more: Any) -> ll.Run:
    """Some updates of a small network."""
    X, y = ll.datasets.load("moons", rows=60).standardised()
    network = ll.mlp(2, 4, 1, activation="tanh")
    return ll.train(network, X, y, epochs=4, batch_size=8, optimizer=ll.SGD(0.1, momentum=0.9), progress=False, **more)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with one run, moons-1, that has rows held out."""
    found = Store(tmp_path / "runs.sqlite")
    small(record=found, name="moons", validation=0.2)
    return found


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A page of a few files."""
    for name, text in PAGE.items():
        path = tmp_path / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "web"


@pytest.fixture
def server(desk: Desk, files: Path) -> Iterator[Explorer]:
    with Explorer(desk, files=assets(files)) as running:
        yield running


def origin(server: Explorer) -> str:
    return server.url.rsplit("/", 2)[0]


@pytest.fixture
def client(server: Explorer) -> Iterator[httpx.Client]:
    """What the page is: it has the token and the right origin."""
    with httpx.Client(base_url=server.url, headers={"origin": origin(server)}, timeout=60) as page:
        yield page


def tab(server: Explorer, **how: Any) -> Any:
    """A socket of the page, for a with statement."""
    return connect(server.url.replace("http", "ws") + "live", origin=origin(server), max_size=None, max_queue=None, **how)  # one that does not listen could not close


def say(socket: ClientConnection, **wish: Any) -> None:
    socket.send(json.dumps(wish))


def hear(socket: ClientConnection, timeout: float = 60) -> tuple[dict[str, Any], dict[str, Any]]:
    """The next message: its header, and its arrays."""
    message = socket.recv(timeout)
    return unpack(message) if isinstance(message, bytes) else (json.loads(message), {})


def until(socket: ClientConnection, kind: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """All messages up to the first of a kind."""
    found = [hear(socket)]
    while found[-1][0]["kind"] != kind:
        assert found[-1][0]["kind"] != "error", found[-1]
        found.append(hear(socket))
    return found
