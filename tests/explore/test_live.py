"""Native training over a real socket: recorded, watched by several tabs, stopped with its tab, gone on with after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from explore.conftest import hear, say, tab, until
from explore.test_scenario import trained
from learnloop import Store
from learnloop.explore.desk import Desk
from learnloop.explore.live import AT_ONCE
from learnloop.explore.opening import first, suits
from learnloop.explore.serve import Explorer


def short() -> dict[str, Any]:
    return first().to_dict()


def long(updates: int = 2_000_000) -> dict[str, Any]:
    """A training that is stopped before its end."""
    given = first().to_dict()
    given["options"]["epochs"] = updates // 15
    return given


def losses(messages: list[tuple[dict[str, Any], dict[str, Any]]]) -> np.ndarray[Any, Any]:
    parts = [(header, arrays["losses"]) for header, arrays in messages if header["kind"] == "losses"]
    done = 0
    for header, part in parts:
        assert header["first"] == done and header["done"] == done + len(part)
        done += len(part)
    return np.concatenate([part for _, part in parts])


def settled(store: Store, id: str, status: str) -> None:
    """Wait until the store says so."""
    deadline = time.monotonic() + 20
    while store.entry(id).status != status:
        assert time.monotonic() < deadline, store.entry(id)
        time.sleep(0.02)


def test_a_training_is_streamed_and_recorded(server: Explorer, store: Store) -> None:
    expected = trained(short())
    with tab(server) as page:
        say(page, start=short())
        messages = until(page, "end")
    begin, end = messages[0][0], messages[-1][0]
    assert 0 <= begin.pop("done") <= 1005
    assert begin == {"kind": "started", "run": "spirals-1", "planned": 1005, "updates_per_epoch": 15,
                     "dtype": "float32", "first": 0}  # fmt: skip
    assert all(header["kept"] <= 1005 for header, _ in messages if header["kind"] == "losses")
    assert end["status"] == "finished" and end["digest"] == expected.digest and end["error"] is None
    assert losses(messages).tobytes() == expected.losses.tobytes()
    epochs = [header["record"] for header, _ in messages if header["kind"] == "epoch"]
    assert len(epochs) == 67 and epochs == list(expected.history)
    kept = store.load("spirals-1")
    assert kept.digest == expected.digest and kept.notes["data"]["name"] == "spirals"


def test_two_tabs_agree(server: Explorer) -> None:
    with tab(server) as one, tab(server) as other:
        say(one, start=long(60_000))
        id = hear(one)[0]["run"]
        say(other, watch=id)
        assert hear(other)[0]["kind"] == "watching"
        mine, others = until(one, "end"), until(other, "end")
        assert losses(mine).tobytes() == losses(others).tobytes()
        assert mine[-1] == others[-1] and mine[-1][0]["status"] == "finished"
        say(other, watch=id)
        assert losses(until(other, "end")).tobytes() == losses(mine).tobytes()


def test_at_most_twenty_messages_with_losses_a_second(server: Explorer) -> None:
    with tab(server) as page:
        say(page, start=long())
        hear(page)
        begin, count = time.monotonic(), 0
        while time.monotonic() < begin + 1:
            count += hear(page)[0]["kind"] == "losses"
        assert 3 <= count <= 21


def test_closing_the_tab_stops_what_it_began(server: Explorer, store: Store) -> None:
    with tab(server) as page, tab(server) as other:
        say(page, start=long())
        id = hear(page)[0]["run"]
        say(other, watch=id)
        hear(other)
        assert store.is_live(id)
        page.close()
        end = until(other, "end")[-1][0]
        assert end["status"] == "interrupted" and 0 < end["stand"] == end["done"] < 2_000_000
        settled(store, id, "interrupted")
        assert not store.is_live(id)


def test_stopped_and_gone_on_with(server: Explorer, store: Store) -> None:
    given = long(150_000)
    with tab(server) as page:
        say(page, start=given)
        id = hear(page)[0]["run"]
        until(page, "losses")
        say(page, stop=True)
        assert until(page, "end")[-1][0]["status"] == "interrupted"
        say(page, resume=id)
        messages = until(page, "end")
        assert messages[0][0]["kind"] == "started" and messages[0][0]["done"] > 0
        assert messages[-1][0]["status"] == "finished"
        assert len(losses(messages)) == messages[-1][0]["done"]
        expected = trained(given)
        assert messages[-1][0]["digest"] == expected.digest == store.load(id).digest
        say(page, resume=id)
        assert "nothing to go on with" in hear(page)[0]["error"]


def test_a_tab_may_not_stop_what_another_began(server: Explorer, store: Store) -> None:
    with tab(server) as one:
        say(one, start=long())
        id = hear(one)[0]["run"]
        with tab(server) as other:
            say(other, watch=id)
            say(other, stop=True)
            until(other, "losses")
        time.sleep(0.2)
        assert store.is_live(id)


def test_a_run_that_diverges_says_where(server: Explorer, store: Store) -> None:
    given = suits("diabetes").to_dict()
    given["optimizer"] = {"rule": "SGD", "learning_rate": 1e6}
    with tab(server) as page:
        say(page, start=given)
        end = until(page, "end")[-1][0]
        assert end["status"] == "diverged" and end["divergence"]["update"] == end["done"]
        assert end["divergence"]["layer"] and "not a finite number at update" in end["error"]
        assert store.entry("diabetes-1").status == "diverged"
        say(page, watch="diabetes-1")
        assert until(page, "end")[-1][0]["divergence"]["layer"] == end["divergence"]["layer"]


def test_a_run_of_the_store_is_watched(server: Explorer, store: Store) -> None:
    with tab(server) as page:
        say(page, watch="moons-1")
        messages = until(page, "end")
    assert messages[-1][0]["status"] == "finished"
    assert losses(messages).tobytes() == store.load("moons-1").losses.tobytes()


def test_a_run_that_another_process_trains_is_watched(server: Explorer, store: Store, tmp_path: Path) -> None:
    code = ("import sys, learnloop as ll; X, y = ll.datasets.load('xor'); print('go', flush=True);"
            "ll.train(ll.mlp(2, 8, 1), X, y, epochs=20000, record=sys.argv[1], name='far', progress=False)")  # fmt: skip
    with subprocess.Popen([sys.executable, "-c", code, str(store.path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        while not any(entry.name == "far" and entry.done for entry in store.entries()):
            time.sleep(0.05)
            assert process.poll() in (None, 0)
        with tab(server) as page:
            say(page, watch="far-1")
            end = until(page, "end")[-1][0]
    assert end["status"] == "finished" and end["digest"] == store.entry("far-1").digest


def test_a_run_that_is_deleted_while_it_is_watched(server: Explorer, store: Store) -> None:
    with tab(server) as page:
        say(page, watch="moons-9")
        assert "moons-9" in hear(page)[0]["error"]
        store.delete("moons-1")
        say(page, watch="moons-1")
        assert "unknown run 'moons-1'" in hear(page)[0]["error"]


@pytest.mark.parametrize(
    "text",
    ["", "no json", "[]", "{}", '{"start": 1}', '{"start": {}}', '{"watch": 1}', '{"watch": "../x"}', '{"eval": "1"}',
     '{"start": {}, "stop": 1}', '{"resume": "moons-1"}', '{"watch": "' + "x" * 5000 + '"}', "\u0000"],
)  # fmt: skip
def test_wishes_that_make_no_sense(server: Explorer, text: str) -> None:
    """Each gets one message, and the socket goes on."""
    with tab(server) as page:
        page.send(text)
        header, _ = hear(page)
        assert header["kind"] == "error" and header["error"] and "Traceback" not in header["error"]
        page.send(b"\x00\x01")
        assert hear(page)[0]["kind"] == "error"
        say(page, watch="moons-1")
        until(page, "end")


def test_a_message_that_is_too_long_ends_the_socket(server: Explorer) -> None:
    with tab(server) as page:
        page.send("x" * (2 << 20))
        with pytest.raises(ConnectionClosed, match="1009"):
            hear(page)


def test_only_some_trainings_at_once(server: Explorer) -> None:
    with tab(server) as page:
        for _ in range(AT_ONCE):
            say(page, start=long())
            until(page, "started")
        say(page, start=short())
        while (message := hear(page)[0])["kind"] != "error":
            pass
        assert "are being trained already" in message["error"]


def test_closing_the_server_records_what_was_learnt(desk: Desk, store: Store) -> None:
    with Explorer(desk, files={}) as server, tab(server) as page:
        say(page, start=long())
        id = hear(page)[0]["run"]
        until(page, "losses")
        server.close()
    assert store.entry(id).status == "interrupted" and store.load(id).updates > 0


def test_the_server_is_killed_and_nothing_is_lost(tmp_path: Path) -> None:
    """kill -9 in the middle: the store goes on to the digest of the training that nobody killed."""
    given, path = long(450_000), tmp_path / "runs.sqlite"
    words = [sys.executable, "-m", "learnloop", "explore", "--no-open", "--json", "--store", str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        with connect(url.replace("http", "ws") + "live", origin=url.rsplit("/", 2)[0], max_queue=None) as page:
            say(page, start=given)
            id = hear(page)[0]["run"]
            while Store(path).entry(id).done < 1000:
                hear(page)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            with pytest.raises(ConnectionClosed):
                while True:
                    hear(page)
    store = Store(path)
    assert store.entry(id).status == "interrupted" and 0 < store.entry(id).done < 450_000
    assert store.resume(id, progress=False).digest == trained(given).digest
    assert not store.check()


