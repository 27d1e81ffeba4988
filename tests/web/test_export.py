"""A page that is one file: what it holds, what it may do, and that no name gets out of its place."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
from base64 import b64decode, b64encode
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from installed import need
from learnloop.errors import DescriptionError, FileError, LearnloopError, MissingExtra
from learnloop.explore import notebook, onefile
from learnloop.web import assets
from learnloop.web.assets import WEB, bundle, imports, modules
from learnloop.web.export import Page, one_file
from learnloop.web.pack import unpack

HOSTILE = "</script><script>alert(1)</script><!--<b onload='x'>\u2028\"&"


class Parts(HTMLParser):
    """Elements with their attributes and what stands in them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))
        self.inside = True

    def handle_endtag(self, tag: str) -> None:
        self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            tag, attrs, text = self.found[-1]
            self.found[-1] = (tag, attrs, text + data)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attrs, text) for name, attrs, text in self.found if name == tag]

    def block(self, name: str) -> str:
        (text,) = [text for attrs, text in self.all("script") if attrs.get("id") == f"block-{name}"]
        return text


def small(**more: Any) -> ll.Run:
    X, y = ll.datasets.load("moons", rows=60).standardised()
    return ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=3, batch_size=8, progress=False, **more)


@pytest.fixture(scope="module")
def run() -> ll.Run:
    return small()


@pytest.fixture(scope="module")
def page(run: ll.Run) -> Parts:
    return Parts(onefile.page_of_run(run).decode())


def test_it_is_the_same_twice(run: ll.Run) -> None:
    assert onefile.page_of_run(run) == onefile.page_of_run(small())


def test_the_policy_knows_what_runs_and_nothing_else(page: Parts) -> None:
    (policy,) = [attrs["content"] or "" for attrs, _ in page.all("meta") if attrs.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    run = [text for attrs, text in page.all("script") if attrs.get("type") in (None, "module")]
    hashes = [f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in run]
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == [*hashes, "'wasm-unsafe-eval'"]
    assert rules["worker-src"] == "blob:"
    assert rules["img-src"] == "data:"
    (style,) = [text for _, text in page.all("style")]
    assert rules["style-src"] == f"'sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
    assert set(rules) == {"default-src", "script-src", "worker-src", "style-src", "img-src", "base-uri", "form-action"}


def test_it_asks_nobody(page: Parts) -> None:
    for tag, attrs, _ in page.found:
        assert "style" not in attrs and not any(name.startswith("on") for name in attrs), (tag, attrs)
        assert (attrs.get("src") or attrs.get("href") or "data:").startswith("data:"), (tag, attrs)


def test_it_holds_the_run(run: ll.Run, page: Parts) -> None:
    session = json.loads(page.block("session"))
    assert session["opening"]["digest"] == run.digest
    header, arrays = unpack(gzip.decompress(b64decode(page.block("data"))))
    assert header["id"] == session["opening"]["scenario"]["data"]["id"]
    assert run.examples is not None
    np.testing.assert_array_equal(arrays["X"], run.examples.X)
    for name in ("kit", "kit-emulated"):
        assert unpack(gzip.decompress(b64decode(page.block(name))))[0]["digest"] == run.program.digest
    assert gzip.decompress(b64decode(page.block("source"))).decode() == run.source


def test_names_stay_names() -> None:
    given = Page(HOSTILE, HOSTILE, {"name": HOSTILE}, {})
    page = Parts(one_file(given).decode())
    assert [text.strip() for _, text in page.all("title")] == [HOSTILE]
    assert json.loads(page.block("session"))["name"] == HOSTILE
    assert len(page.all("script")) == len(Parts(one_file(replace(given, title="", description="", session={})).decode()).all("script"))
    assert not page.all("b")


def test_it_is_no_larger_than_it_needs_to_be(run: ll.Run) -> None:
    assert len(onefile.page_of_run(run)) < 520_000


def test_an_existing_file_is_replaced_and_a_missing_folder_is_said(run: ll.Run, tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    place.write_text("old")
    assert run.export_page(place).read_bytes() == onefile.page_of_run(run)
    assert list(tmp_path.iterdir()) == [place]
    with pytest.raises(FileError, match="cannot be written"):
        run.export_page(tmp_path / "missing" / "page.html")


def test_what_no_page_can_hold_is_refused(run: ll.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DescriptionError, match="branched"):
        onefile.page_of_run(run.branch(3, learning_rate=0.5, progress=False))
    monkeypatch.setattr(onefile, "WORK", 1)
    with pytest.raises(LearnloopError, match="multiply-adds"):
        onefile.page_of_run(run)
    monkeypatch.setattr(onefile, "WORK", 1e12)
    monkeypatch.setattr(onefile, "DATA", 10)
    with pytest.raises(LearnloopError, match="the rows have"):
        onefile.page_of_run(run)


def test_modules_come_after_what_they_import() -> None:
    found = modules("js/main.js", assets.WORKER)
    order = list(found)
    assert all(order.index(needed) < order.index(path) for path, text in found.items() for needed in imports(path, text))
    unused = {path.relative_to(WEB).as_posix() for path in WEB.glob("js/**/*.js")} - set(found)
    assert {"js/enclosed.js", "js/theme.js"} <= unused  # of pages that are files; a classic script


@pytest.mark.parametrize("entry", ["js/enclosed.js", assets.WORKER])
def test_a_bundle_is_one_script(entry: str, tmp_path: Path) -> None:
    file = tmp_path / "bundle.mjs"
    file.write_text(bundle(entry))
    done = subprocess.run([need("node"), "--check", file], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"^\s*(import|export)\b", file.read_text(), re.MULTILINE)


def test_modules_that_cannot_be_bundled_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text('import { b } from "./b.js";\nexport const a = b;\n')
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = a;\n')
    with pytest.raises(ValueError, match="circle"):
        bundle("a.js", tmp_path)
    (tmp_path / "c.js").write_text("export default 1;\n")
    with pytest.raises(ValueError, match="export default"):
        bundle("c.js", tmp_path)


def test_a_notebook_shows_the_run(run: ll.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    still = run._repr_mimebundle_()
    assert set(still) == {"text/plain", "text/html"}
    assert "<svg" in still["text/html"] and "<script" not in still["text/html"]
    monkeypatch.setattr(notebook, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match="notebook"):
        run.widget()


def test_a_live_view_holds_the_page(run: ll.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("anywidget")
    view = run.widget()
    assert "<html" in view.page and " data-compact>" in view.page
    monkeypatch.setattr(notebook, "_is_live", lambda: True)
    live = run._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in live and live["text/plain"] == repr(run)
    monkeypatch.setattr(notebook, "page_of_run", lambda *_, **__: 1 / 0)
    assert set(run._repr_mimebundle_()) == {"text/plain", "text/html"}
