"""The command and the two calls of Python: ports, browsers, ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from pathlib import Path
from typing import Any

import httpx
import pytest

import learnloop as ll
from explore.conftest import small
from explore.test_scenario import trained
from learnloop.cli import main
from learnloop.errors import DataError, DescriptionError
from learnloop.explore import serve
from learnloop.explore.opening import suits


def opening(url: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{url}session").json()["opening"]
    return found


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNLOOP_STORE", str(tmp_path / "own.sqlite"))
    return tmp_path / "own.sqlite"


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A browser that notes what it is asked to open."""
    seen: list[str] = []

    class Desktop:
        name = "firefox"

    monkeypatch.setattr(webbrowser, "get", lambda: Desktop())
    monkeypatch.setattr(webbrowser, "open", lambda url: seen.append(url) or True)  # type: ignore[func-returns-value]
    return seen


def test_python_opens_a_browser(browser: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with ll.explore(block=False) as server:
        assert browser == [server.url] and server.url in capsys.readouterr().err
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_two_servers_have_different_ports_and_tokens() -> None:
    with ll.explore(block=False, open_browser=False) as one, ll.explore(block=False, open_browser=False) as other:
        assert one.url.split("/")[2:4] != other.url.split("/")[2:4]
        stolen = other.url.rsplit("/", 2)[0] + "/" + one.url.rsplit("/", 2)[1] + "/"
        assert httpx.get(stolen).status_code == 403
        assert len(one.url.rsplit("/", 2)[1]) >= 32


def test_arrays_of_python_are_learnt_from_as_they_are() -> None:
    X, y = ll.datasets.load("iris")
    network = ll.mlp(4, 6, 3)
    how: dict[str, Any] = {"epochs": 3, "seed": 5, "optimizer": ll.SGD(0.01), "validation": 0.2}
    with ll.explore(network, X, y, **how, block=False, open_browser=False, columns=list("abcd")) as server:
        scenario = opening(server.url)["scenario"]
        assert trained(scenario, server.desk.held).digest == ll.train(network, X, y, **how, progress=False).digest
        assert server.desk.held.table(scenario["data"]["id"]).data.feature_names == ("a", "b", "c", "d")
        assert X.flags.writeable is ll.datasets.load("iris").X.flags.writeable
    own = X.copy()
    with ll.explore(network, own, y, block=False, open_browser=False):
        own[0] = 0  # the caller's arrays stay the caller's
    with pytest.raises(DataError, match="4 columns, expected 5"):
        ll.explore(ll.mlp(5, 3), X, y, block=False)


def test_a_run_is_opened(tmp_path: Path) -> None:
    run = small()
    with run.explore(block=False, open_browser=False) as server:
        handle = opening(server.url)["run"]
        assert handle.startswith("@") and httpx.get(f"{server.url}runs/{handle}").status_code == 200
    recorded = small(record=ll.Store(tmp_path / "other.sqlite"), name="here")
    with recorded.explore(block=False, open_browser=False) as server:
        assert opening(server.url)["run"] == "here-1"
        assert httpx.get(f"{server.url}runs/here-1").status_code == 200


def test_a_port_that_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DescriptionError, match=f"the port {port} is taken by another program. Fix: another --port"):
            ll.explore(port=port, block=False)
        assert main(["explore", "--port", str(port), "--no-open"]) == 2
        assert "is taken by another program" in capsys.readouterr().err
    with ll.explore(port=port, block=False, open_browser=False) as server:
        assert f":{port}/" in server.url
    for wrong in (-1, 65536, True, "80"):
        with pytest.raises(DescriptionError, match="port is"):
            ll.explore(port=wrong, block=False)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["none", "lynx", "fails"])
def test_without_a_browser_the_address_is_told(kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Terminal:
        name = "/usr/bin/lynx"

    def get() -> Any:
        if kind == "none":
            raise webbrowser.Error("no browser")
        return Terminal() if kind == "lynx" else object()

    monkeypatch.setattr(serve, "BROWSER", 0.1)
    monkeypatch.setattr(webbrowser, "get", get)
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    assert main(["explore", "--end-after", "0"]) == 0
    out = capsys.readouterr().out
    assert "http://127.0.0.1:" in out and "none could be opened here" in " ".join(out.split())


@pytest.mark.parametrize("name", ["iris", "spirals"])
def test_the_command_opens_a_data_set(name: str, browser: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(serve.Explorer, "wait", lambda self, seconds=None: (seen.append(opening(self.url)), self.close()))
    assert main(["explore", name, "--json"]) == 0
    assert seen == [{"scenario": suits(name).to_dict(), "run": None}]
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["command"] == "explore" and browser == [answer["url"]]


def test_the_command_opens_a_run_or_a_file_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(serve.Explorer, "wait", lambda self, seconds=None: (seen.append(opening(self.url)["run"]), self.close()))
    small(record=True, name="mine").save(tmp_path / "saved.run")
    for given in ("mine-1", "last", "mi", str(tmp_path / "saved.run")):
        assert main(["explore", given, "--no-open"]) == 0, capsys.readouterr().err
    assert seen[:3] == ["mine-1"] * 3 and seen[3].startswith("@")
    assert main(["explore", "nothing", "--no-open"]) == 2
    assert "unknown run 'nothing'" in capsys.readouterr().err
    assert main(["explore", "missing/file.csv", "--no-open"]) == 5
    assert "there is no file missing/file.csv" in capsys.readouterr().err
    (tmp_path / "houses.csv").write_text("size,rooms,price\n" + "\n".join(f"{k},{k % 3},{2 * k + 0.5}" for k in range(30)))
    monkeypatch.setattr(serve.Explorer, "wait", lambda self, seconds=None: (seen.append(opening(self.url)["scenario"]), self.close()))
    assert main(["explore", str(tmp_path / "houses.csv"), "--target", "rooms", "--no-open"]) == 0
    assert seen[-1]["network"]["inputs"] == 2 and seen[-1]["loss"]["rule"] == "CrossEntropy"
    assert main(["explore", str(tmp_path / "houses.csv"), "--target", "nothing", "--no-open"]) == 2
    assert main(["explore", "iris", "--target", "x", "--no-open"]) == 2


def test_ctrl_c_ends_the_command_cleanly(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "learnloop", "explore", "--no-open", "--json", "--store", str(tmp_path / "runs.sqlite")]
    begin = time.monotonic()
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        assert httpx.get(f"{url}session").status_code == 200
        assert time.monotonic() - begin < 10
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 0 and "Traceback" not in err
    assert not (tmp_path / "runs.sqlite").exists()  # looking writes nothing


def test_the_server_is_imported_only_when_it_is_needed() -> None:
    code = "import sys, learnloop.api, learnloop.cli.app; print([m for m in ('starlette', 'uvicorn', 'websockets') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
