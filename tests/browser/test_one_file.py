"""A page that is one file, from disk and without a network: it trains, with the bits of the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import learnloop as ll
from browser.conftest import Opener, until

FRAGMENT = "#v=1&optimizer.momentum=0.5&pin=1&at=7&neuron=dense_1:2&links=change"


@pytest.fixture(scope="module")
def run() -> ll.Run:
    X, y = ll.datasets.load("moons", rows=120).standardised()
    optimizer = ll.SGD(0.1, momentum=0.9)
    return ll.train(ll.mlp(2, 6, 1, activation="tanh"), X, y, epochs=4, batch_size=8, optimizer=optimizer, validation=0.2, progress=False)


@pytest.fixture(scope="module")
def file(run: ll.Run, tmp_path_factory: pytest.TempPathFactory) -> str:
    return run.export_page(tmp_path_factory.mktemp("pages") / "page.html").as_uri()


def test_it_computes_the_bits_of_python(opened: Opener, file: str) -> None:
    page = opened(file, offline=True)
    page.get_by_text("same bits as Python").first.wait_for()
    assert page.watch.hosts <= {""}


def test_the_address_holds_the_state(opened: Opener, file: str) -> None:
    page = opened(file + FRAGMENT, offline=True)
    other = opened(file + FRAGMENT, offline=True)
    shown = "document.querySelector('.stage-links').outerHTML.replace(/title-\\d+|description-\\d+/g, '')"
    until(lambda: "chosen" in page.inner_html(".stage-neurons") and page.evaluate(shown) == other.evaluate(shown))
    page.keyboard.press("ArrowRight")
    until(lambda: page.evaluate("location.hash") == FRAGMENT.replace("at=7", "at=8"))


def test_a_knob_trains_again_and_another_program_is_refused(opened: Opener, file: str) -> None:
    page = opened(file + "#v=1&options.epochs=2", offline=True)
    page.get_by_text("24 updates").first.wait_for()
    page.evaluate("location.hash = '#v=1&network.layers.0.units=9'")
    page.get_by_text("needs another program").first.wait_for()


def test_broken_addresses_are_said_to_be(opened: Opener, file: str) -> None:
    page = opened(file + "#v=1&at=x", offline=True)
    page.get_by_text("make no sense").first.wait_for()


def saved(page: Any, label: str, folder: Path) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    download.value.save_as(folder / "saved")
    return (folder / "saved").read_bytes()


def test_everything_can_be_taken_away(opened: Opener, run: ll.Run, file: str, tmp_path: Path) -> None:
    page = opened(file, offline=True)
    page.get_by_role("button", name="Share").press("Enter")
    for view in ("The network", "The large view", "The curves"):
        assert saved(page, f"{view} (SVG)", tmp_path).startswith(b"<svg")
        assert saved(page, f"{view} (PNG)", tmp_path).startswith(b"\x89PNG")
    assert saved(page, "The curves (CSV)", tmp_path).decode().count("\n") == run.updates + 2
    assert saved(page, "The weights here (CSV)", tmp_path).startswith(b"parameter,place,value")
    assert saved(page, "The C source", tmp_path).decode() == run.source
    script = tmp_path / "run.py"
    script.write_bytes(saved(page, "Python that makes this run", tmp_path))
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == run.digest
    assert page.get_by_role("button", name="The run file").is_disabled()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "false"


def test_a_notebook_frame_computes_it_too(opened: Opener, run: ll.Run, tmp_path: Path) -> None:
    from html import escape

    from learnloop.explore.onefile import page_of_run

    inner = escape(page_of_run(run, compact=True).decode())
    holder = tmp_path / "notebook.html"
    holder.write_text(f'<!doctype html><iframe sandbox="allow-scripts allow-downloads" width="900" height="600" srcdoc="{inner}"></iframe>')
    page = opened(holder.as_uri(), wait=False, offline=True)
    frame = page.frames[1]
    frame.get_by_text("same bits as Python").first.wait_for()


def test_light_and_dark_follow_the_system_and_the_switch(opened: Opener, file: str) -> None:
    page = opened(file, offline=True, color_scheme="dark")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="Light colours").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_it_says_what_it_is_without_scripts(opened: Opener, run: ll.Run, file: str) -> None:
    page = opened(file, wait=False, offline=True, java_script_enabled=False)
    assert run.digest[:16] in page.inner_text("body")
