"""What a page does when something is missing, too large, gone or broken; native runs survive it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

import learnloop as ll
from browser.conftest import Opener, Served, serving, until
from browser.hands import Hands
from learnloop.errors import Diverged

HEAVY = {"epochs": 160, "batch_size": 512}
"""So many multiply-adds in an update that the server trains it, for some seconds."""


def heading(page: Any) -> str:
    page.get_by_role("heading", level=1).first.wait_for()
    return str(page.get_by_role("heading", level=1).first.inner_text())


@pytest.mark.parametrize("hide", ["delete window.WebAssembly;", "WebAssembly.validate = () => false;"], ids=["none", "no SIMD"])
def test_without_webassembly(opened: Opener, served: Served, hide: str) -> None:
    page = opened(served.url, before=hide, wait=False)
    assert heading(page) == "This browser cannot train here"
    assert "SIMD" in page.locator("main").inner_text()


def test_a_worker_that_crashes_at_the_start(opened: Opener, served: Served) -> None:
    broken = "const real = Worker; window.Worker = class extends real { constructor(url, how) { super(new URL('../no/worker.js', url), how); } };"
    page = opened(served.url, before=broken, wait=False, expected=("no/worker.js", "404", "MIME", "Worker"))
    page.get_by_text("could not be started").first.wait_for()


def test_a_worker_that_crashes_later(opened: Opener, served: Served) -> None:
    """Everything that was shown stays, and the page says what to do."""
    keep = "const real = Worker; window.Worker = class extends real { constructor(...given) { super(...given); window.worker = this; } };"
    hands = Hands(opened(served.url, before=keep))
    hands.page.evaluate("() => { window.worker.dispatchEvent(new ErrorEvent('error', { message: 'out of memory' })); }")
    hands.page.get_by_text("The engine stopped: out of memory").wait_for()
    assert "Reload the page" in hands.trouble()
    assert hands.drawn() == (1, 0)


def test_data_that_are_too_large(opened: Opener, served: Served) -> None:
    """What the server says is what the page says."""
    said = "the data have 99 MiB, and a page takes up to 64. Fix: train natively."
    script = f"const ask = fetch; window.fetch = async (path, how) => path === 'data' ? new Response(JSON.stringify({{ error: {said!r} }}), {{ status: 413 }}) : ask(path, how);"
    page = opened(served.url, before=script, wait=False)
    page.get_by_text(said).first.wait_for()


def test_a_server_that_is_gone(opened: Opener, tmp_path: Path) -> None:
    """What is in the page goes on: other numbers, time, cards; what needs the server says so."""
    with serving(tmp_path / "runs.sqlite") as server:
        hands = Hands(opened(server.url, expected=("ERR_CONNECTION_REFUSED",)))
        hands.true("() => /bits/.test(document.querySelector('.status').textContent)")
        hands.neuron("dense_1", 0).click()  # what cards need is fetched with the first
        hands.wait("data-kind", "neuron", inside=".card")
        hands.press("Escape")
        server.kill()
        hands.turn("seed", hands.knob("seed").evaluate("(k) => String(Number(k.max) * 0.4)"))
        hands.go(300)
        hands.neuron("dense_1", 1).click()
        hands.wait("data-kind", "neuron", inside=".card")
        assert hands.trouble() == ""
        hands.knob("weight decay").evaluate("(input) => { input.value = input.max; input.dispatchEvent(new Event('input', { bubbles: true })); }")
        hands.page.get_by_text("learnloop explore").first.wait_for()
        assert "does not answer" in hands.trouble()
        hands.page.close()


def test_a_server_that_is_gone_before_the_first_card(opened: Opener, tmp_path: Path) -> None:
    """What was not fetched yet cannot be shown: the page says so."""
    with serving(tmp_path / "runs.sqlite") as server:
        hands = Hands(opened(server.url, expected=("ERR_CONNECTION_REFUSED",)))
        server.kill()
        hands.neuron("dense_1", 1).click()
        hands.page.get_by_text("does not answer").first.wait_for()
        hands.page.close()


def test_a_server_that_was_never_there(opened: Opener, served: Served) -> None:
    page = opened(served.url, before="window.fetch = () => Promise.reject(new TypeError('failed'));", wait=False)
    assert heading(page) == "This page could not be opened"
    assert "learnloop explore" in page.locator("main").inner_text()


def diverging(store: ll.Store) -> None:
    X, y = ll.datasets.load("diabetes")
    with pytest.raises(Diverged):
        ll.train(ll.mlp(10, 8, 1), X * 100, y, optimizer=ll.SGD(10.0), epochs=5, progress=False, record=store, name="wild")


def test_a_run_that_diverges(opened: Opener, tmp_path: Path) -> None:
    """It is shown up to where it broke, and the page says where."""
    store = ll.Store(tmp_path / "runs.sqlite")
    diverging(store)
    native = store.load("wild-1")
    with serving(store.path, "wild-1") as server:
        hands = Hands(opened(server.url))
        assert hands.last() <= native.updates + 1
        hands.press("End")
        hands.time().focus()
        hands.press("End")
        hands.true("() => document.querySelector('[data-drawn]') !== null")
        hands.page.wait_for_timeout(300)
        assert hands.trouble() == "" or "no number" in hands.trouble()
        text = hands.page.locator("body").inner_text() + hands.page.content()
        assert "NaN" not in hands.page.locator("main").inner_text()
        assert "no number" in text or "diverged" in text
        hands.turn("learning rate", "0")
        hands.true("() => document.querySelector('.status').textContent.includes('updates in')")
        assert hands.trouble() == ""
        hands.page.close()


def heavy_run(store: ll.Store) -> None:
    """A run of one update that is recorded, with a network too large for pages."""
    X, y = ll.datasets.load("digits")
    ll.train(ll.mlp(64, 256, 256, 10), X, y, optimizer=ll.SGD(0.01), progress=False, record=store, name="heavy", **HEAVY)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with a run that pages do not train themselves, and its digest."""
    store = ll.Store(tmp_path_factory.mktemp("heavy") / "runs.sqlite")
    heavy_run(store)
    return store.path, store.load("heavy-1").digest


def begun(store: Path) -> Any:
    """The run that a page started."""
    return next((entry for entry in ll.Store(store).entries() if entry.id != "heavy-1" and entry.done > 3), None)


def test_a_killed_server_loses_nothing(opened: Opener, heavy: tuple[Path, str]) -> None:
    """Trained by the server for a page, killed in the middle, gone on with: the digest of the run that nobody disturbed."""
    store, digest = heavy
    with serving(store, "heavy-1") as server:
        hands = Hands(opened(server.url, expected=("ERR_CONNECTION_REFUSED", "WebSocket", "closed")))
        entry = until(lambda: begun(store))
        server.kill()
        hands.page.get_by_text("The connection was lost").first.wait_for()
        hands.page.close()
    left = ll.Store(store).load(entry.id)
    assert 0 < left.updates < left.task.updates
    assert ll.Store(store).resume(entry.id, progress=False).digest == digest


def test_closing_the_tab_stops_what_it_started(opened: Opener, heavy: tuple[Path, str]) -> None:
    store, _ = heavy
    known = {entry.id for entry in ll.Store(store).entries()}
    with serving(store, "heavy-1") as server:
        page = opened(f"{server.url}#v=1&options.epochs=2000", expected=("WebSocket",))
        found = until(lambda: next((e for e in ll.Store(store).entries() if e.id not in known and e.done > 3), None))
        page.close()
        entry = until(lambda: next((e for e in ll.Store(store).entries() if e.id == found.id and e.status != "running"), None))
        assert entry.status == "stopped" or entry.status == "interrupted", entry.status
        assert entry.done < entry.planned


def test_a_run_deleted_while_it_is_open(opened: Opener, tmp_path: Path) -> None:
    """The page has all it needs; opened again, it says that the run is gone."""
    store = ll.Store(tmp_path / "runs.sqlite")
    X, y = ll.datasets.load("moons", rows=80).standardised()
    ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=4, progress=False, record=store, name="moons")
    with serving(store.path, "moons-1") as server:
        hands = Hands(opened(server.url, expected=("404", "ERR_ABORTED")))
        store.delete("moons-1")
        hands.go(3)
        assert hands.trouble() == ""
        hands.page.reload()
        assert heading(hands.page) == "This page could not be opened"
        assert "moons-1" in hands.page.locator("main").inner_text()
        hands.page.close()


def test_the_session_is_asked_once(opened: Opener, served: Served) -> None:
    """A page costs a handful of calls, and none while it is at rest."""
    count = "window.asked = []; const ask = fetch; window.fetch = (path, how) => (window.asked.push(path), ask(path, how));"
    hands = Hands(opened(served.url, before=count))
    hands.true("() => /bits/.test(document.querySelector('.status').textContent)")
    asked = hands.page.evaluate("window.asked")
    assert sorted(asked) == ["data", "export", "kit", "session"]
    time.sleep(0.5)
    assert hands.page.evaluate("window.asked.length") == len(asked)
    assert json.dumps(asked)
