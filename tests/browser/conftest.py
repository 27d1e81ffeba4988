"""A browser, the real server, and pages that fail a test by any sign of trouble."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from browser.tools import browser_path, missing

SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run")
READY = 20_000
"""Milliseconds in which a page is ready, on a machine that does much else."""


@dataclass
class Served:
    """A server in a process of its own.

    Attributes:
        url: the address of the page.
        store: where it records.
        process: the command.
    """

    url: str
    store: Path
    process: subprocess.Popen[str]

    def kill(self) -> None:
        """Without any warning."""
        self.process.kill()
        self.process.wait(20)


@contextmanager
def serving(store: Path, *words: str, port: int = 0) -> Iterator[Served]:
    """``learnloop explore``, as people start it."""
    command = [sys.executable, "-m", "learnloop", "explore", *words, "--no-open", "--json", "--store", str(store), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield Served(json.loads(line)["url"], store, process)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
        finally:
            process.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for all tests of a process."""
    path = browser_path()
    try:
        from playwright import sync_api as playwright
    except ImportError:
        missing("playwright")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that all tests share which leave it as it was."""
    with serving(tmp_path_factory.mktemp("served") / "runs.sqlite") as server:
        yield server


@dataclass
class Watch:
    """What a page does that it should not.

    Attributes:
        troubles: errors of the console, of scripts, of requests; refusals by the policy; other hosts.
        hosts: that were asked anything.
        expected: parts of troubles that a test is about.
    """

    troubles: list[str]
    hosts: set[str]
    expected: tuple[str, ...] = ()

    def unexpected(self) -> list[str]:
        """What must fail a test."""
        return [trouble for trouble in self.troubles if not any(part in trouble for part in self.expected)]


Opener = Callable[..., Any]


@pytest.fixture
def opened(chromium: Any) -> Iterator[Opener]:
    """Opens pages: ``opened(url, wait=True, expected=(), **context options)``; the test fails if one complains."""
    contexts: list[Any] = []
    watches: list[Watch] = []

    def open_page(url: str, *, wait: bool = True, expected: tuple[str, ...] = (), before: str = "", context: Any = None, **options: Any) -> Any:
        if context is None:
            options = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 860}} | options
            context = chromium.new_context(**options)
            contexts.append(context)
        page = context.new_page()
        watch = Watch([], set(), expected)
        watches.append(watch)
        listen(page, watch, url)
        if before:
            page.add_init_script(before)
        page.goto(url)
        if wait:
            page.wait_for_selector("html[data-ready]", state="attached", timeout=READY)
        page.watch = watch
        return page

    yield open_page
    for context in contexts:
        context.close()
    for watch in watches:
        assert watch.unexpected() == []


def listen(page: Any, watch: Watch, url: str) -> None:
    """Note all that goes wrong."""
    origin = url.split("/")[2]

    def request(asked: Any) -> None:
        if asked.url.split(":")[0] in ("blob", "data"):
            return
        host = asked.url.split("/")[2]
        watch.hosts.add(host)
        if host != origin:
            watch.troubles.append(f"another host was asked: {asked.url}")

    page.on("request", request)
    page.on("websocket", lambda socket: watch.hosts.add(socket.url.split("/")[2]))
    page.on("console", lambda said: watch.troubles.append(f"console: {said.text}") if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: watch.troubles.append(f"script: {error}"))
    page.on("requestfailed", lambda failed: watch.troubles.append(f"failed: {failed.url} {failed.failure}"))
    page.on("response", lambda answer: watch.troubles.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None)


@pytest.fixture
def page(opened: Opener, served: Served) -> Any:
    """The explorer's first picture, ready and at rest."""
    return opened(served.url)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose store holds the reference runs, each by its name."""
    import learnloop as ll
    from exactness.reference_runs import RUNS

    store = ll.Store(tmp_path_factory.mktemp("reference") / "runs.sqlite")
    for name, train in RUNS.items():
        train(progress=False, record=store, name=name)
    with serving(store.path) as server:
        yield server


def until(true: Callable[[], object], seconds: float = 20) -> Any:
    """Wait for something outside of the page."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


