"""Nobody but the page is answered: every route and socket, every method, everything that can be wrong."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Route, WebSocketRoute
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from explore.conftest import origin
from learnloop.explore.desk import Desk
from learnloop.explore.guard import ALWAYS, REFUSED
from learnloop.explore.opening import first
from learnloop.explore.routes import routes
from learnloop.explore.serve import Explorer
from learnloop.explore.static import assets

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY")
SCENARIO = first().to_dict()
PARTS = {name: SCENARIO[name] for name in ("network", "loss", "optimizer")}
CASES: dict[str, tuple[str, Any]] = {
    "/": ("", None),
    "/session": ("session", None),
    "/kit": ("kit", PARTS),
    "/data": ("data", {"data": SCENARIO["data"]}),
    "/upload": ("upload?name=a.csv", {}),
    "/points": ("points", {"x": [[0, 1], [1, 0]], "y": [0, 1], "task": "classification"}),
    "/runs": ("runs", None),
    "/runs/{id}": ("runs/moons-1", None),
    "/runs/{id}/moment/{update:int}": ("runs/moons-1/moment/3", None),
    "/runs/{id}/predictions/{update:int}": ("runs/moons-1/predictions/3", None),
    "/export": ("export", {"kind": "digest", "scenario": SCENARIO}),
    "/js/main.js": ("js/main.js", None),
    "/css/page.css": ("css/page.css", None),
}
"""A right request to every route: its path, and what is posted. A route without one fails the tests."""
REFUSABLE = {**CASES, "/nothing": ("nothing", None)}


def wrong(server: Explorer, path: str) -> list[tuple[str, str, dict[str, str]]]:
    """What can be wrong with a request: a name, the address, the headers."""
    home, right = origin(server), server.url + path
    port, token = home.rsplit(":", 1)[1], server.url.rsplit("/", 2)[1]
    own = {"origin": home}
    return [
        ("no token", f"{home}/{path}", own),
        ("an empty token", f"{home}//{path}", own),
        ("another token", f"{home}/{'x' * len(token)}/{path}", own),
        ("half a token", f"{home}/{token[:-1]}/{path}", own),
        ("more than the token", f"{home}/{token}x/{path}", own),
        ("the token elsewhere", f"{home}/{path.split('?')[0]}?token={token}", own),
        ("another host", right, {**own, "host": f"evil.example:{port}"}),
        ("a host without a port", right, {**own, "host": "127.0.0.1"}),
        ("another port", right, {**own, "host": "127.0.0.1:1"}),
        ("another host and its origin", right, {"host": f"evil.example:{port}", "origin": f"http://evil.example:{port}"}),
        ("another origin", right, {"origin": "http://evil.example"}),
        ("another local origin", right, {"origin": "http://127.0.0.1:1"}),
        ("a secure origin", right, {"origin": home.replace("http", "https")}),
        ("a hidden origin", right, {"origin": "null"}),
        ("another site", right, {**own, "sec-fetch-site": "cross-site"}),
        ("the same site", right, {**own, "sec-fetch-site": "same-site"}),
    ]


def table(desk: Desk, files: Path) -> list[Any]:
    return routes(desk, assets(files))


def test_every_route_has_a_case(desk: Desk, files: Path) -> None:
    known = {route.path for route in table(desk, files) if isinstance(route, Route)}
    assert known == set(CASES)
    assert [route.path for route in table(desk, files) if isinstance(route, WebSocketRoute)] == ["/live"]
    assert all(isinstance(route, Route | WebSocketRoute) for route in table(desk, files))


def check_headers(response: httpx.Response) -> None:
    """What every answer has."""
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';")
    assert "unsafe-inline" not in policy and f"ws://127.0.0.1:{response.url.port};" in policy
    assert response.headers["cache-control"] in ("no-store", "no-cache")
    assert "server" not in response.headers and "set-cookie" not in response.headers
    assert not any(name.startswith("access-control") for name in response.headers)


@pytest.mark.parametrize("path", REFUSABLE)
def test_what_is_wrong_is_refused(server: Explorer, path: str) -> None:
    place, given = REFUSABLE[path]
    with httpx.Client() as anybody:
        for method in METHODS:
            for what, url, headers in wrong(server, place):
                response = anybody.request(method, url, headers=headers, json=given)
                assert response.status_code == 403, (what, method, path)
                assert response.content == (b"" if method == "HEAD" else REFUSED), (what, method, path)
                check_headers(response)
            if method not in ("GET", "HEAD"):
                assert anybody.request(method, server.url + place, json=given).status_code == 403, "without an origin"


@pytest.mark.parametrize("path", CASES)
def test_what_is_right_is_answered(server: Explorer, desk: Desk, files: Path, path: str) -> None:
    place, given = CASES[path]
    route = next(r for r in table(desk, files) if r.path == path)
    with httpx.Client(headers={"origin": origin(server)}, timeout=60) as page:
        for method in METHODS:
            response = page.request(method, server.url + place, json=given)
            check_headers(response)
            if method in route.methods:
                expected = 400 if path == "/upload" else 200  # these bytes are no table, and the reader says so
                assert response.status_code == expected, (method, response.text)
            else:
                assert response.status_code == 405, (method, path)


def test_the_browser_may_open_the_page_by_its_address(server: Explorer) -> None:
    for headers in ({}, {"sec-fetch-site": "none"}, {"sec-fetch-site": "same-origin"}):
        assert httpx.get(server.url, headers=headers).status_code == 200
    port = origin(server).rsplit(":", 1)[1]
    assert httpx.get(server.url, headers={"host": f"localhost:{port}"}).status_code == 200
    assert f"ws://localhost:{port};" in httpx.get(server.url, headers={"host": f"localhost:{port}"}).headers["content-security-policy"]


def test_unknown_addresses_tell_nothing(client: httpx.Client) -> None:
    for path in ("x", "../x", "js/package.json", "js/../../secret", "%2e%2e/x", "js//main.js", "page.html", "static/etc/passwd"):
        response = client.get(path)
        assert response.status_code in (403, 404), path
        assert "learnloop" not in response.text and "/" not in response.text.replace("/live", "")
        check_headers(response)


def test_the_socket_refuses_what_is_wrong(server: Explorer) -> None:
    for what, url, headers in wrong(server, "live"):
        with pytest.raises(InvalidStatus) as refused:
            _connect(url, headers)
        assert refused.value.response.status_code == 403, what
    with pytest.raises(InvalidStatus):
        _connect(server.url + "live", {})
    with pytest.raises(InvalidStatus):
        _connect(server.url + "session", {"origin": origin(server)})
    _connect(server.url + "live", {"origin": origin(server)})


def _connect(url: str, headers: dict[str, str]) -> None:
    given = dict(headers)
    host, sender = given.pop("host", None), given.pop("origin", None)
    more = {"sock": _socket(url)} if host else {}
    address = url.replace("http", "ws", 1)
    if host:
        address = address.replace(address.split("/")[2], host)
    with connect(address, origin=sender, additional_headers=given, **more):
        pass


def _socket(url: str) -> socket.socket:
    host, port = url.split("/")[2].split(":")
    return socket.create_connection((host, int(port)))


def test_a_failure_inside_shows_no_traceback(desk: Desk, client: httpx.Client, capsys: pytest.CaptureFixture[str]) -> None:
    desk.session = lambda: 1 / 0  # type: ignore[method-assign]
    response = client.get("session")
    assert response.status_code == 500
    assert "ZeroDivisionError" in response.json()["error"] and "Traceback" not in response.text
    check_headers(response)
