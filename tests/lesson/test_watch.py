"""A lesson in the making: built again when a file changes, served to nobody else, and what is wrong is told."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from learnloop.errors import FileError
from learnloop.lesson.document.model import Block, Chapter, Document, Front
from learnloop.lesson.problems import LessonError, Place, Problem
from learnloop.lesson.watch import Watch, check_document, with_place
from learnloop.lesson.workshop import Made, Trouble, Use, Workshop, files_of, stamp

PAGE = b"""<html><meta content="default-src 'none'; script-src 'sha256-x'"><body>%b</body></html>"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.md"
    path.write_text("one")
    return path


def write(path: Path, text: str) -> None:
    """Write, and be seen: some file systems count time in coarse steps."""
    path.write_text(text)
    known = path.stat()
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns + 1_000_000_000 + int(time.monotonic_ns() % 1000)))


def make(path: Path, use: Use) -> bytes:
    """A document that is its page; "use NAME" uses a file, and "wrong" is wrong."""
    text = path.read_text()
    use(tuple(path.parent / name for name in text.split()[1:] if text.startswith("use")))
    if text == "wrong":
        raise LessonError(path.name, [Problem(Place(3, 7), "this is wrong. Fix: make it right."), Problem(Place(1, 1), "so is this.")])
    if text == "broken":
        raise ZeroDivisionError
    return PAGE % text.encode()


def test_it_is_built_when_something_changed(file: Path) -> None:
    shop = Workshop(file, make)
    assert shop.state()["version"] == 0 and shop.page == b""
    assert shop.look() and not shop.look() and shop.page == PAGE % b"one"
    write(file, "two")
    assert shop.look() and not shop.look() and shop.page == PAGE % b"two" and shop.made.version == 2
    assert not shop.made.building and shop.made.problems == ()


def test_files_that_it_uses_are_looked_at_too(file: Path) -> None:
    other = file.parent / "data.csv"
    write(file, "use data.csv missing.png")
    shop = Workshop(file, make)
    assert shop.look() and not shop.look()
    for change in (lambda: write(other, "a"), lambda: write(other, "bb"), other.unlink, lambda: write(file.parent / "missing.png", "x")):
        change()
        assert shop.look() and not shop.look()
    write(file, "one")
    assert shop.look()
    write(other, "nobody looks")
    assert not shop.look()


def test_a_change_during_a_build_is_not_missed(file: Path) -> None:
    def slow(path: Path, use: Use) -> bytes:
        page = make(path, use)
        if page == PAGE % b"one":
            write(path, "two")
        return page

    shop = Workshop(file, slow)
    assert shop.look() and shop.look() and not shop.look() and shop.page == PAGE % b"two"


def test_problems_keep_the_last_good_page(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop = Workshop(file, make)
    shop.look()
    write(file, "wrong")
    assert shop.look() and shop.page == PAGE % b"one" and shop.made.version == 1
    assert shop.made.problems == (Trouble(1, 1, "so is this."), Trouble(3, 7, "this is wrong. Fix: make it right."))
    write(file, "broken")
    assert shop.look() and shop.made.problems[0].line is None
    assert shop.made.problems[0].text.startswith("the build failed (ZeroDivisionError). Fix: ") and "ZeroDivisionError" in capsys.readouterr().err
    file.unlink()
    assert shop.look() and shop.made.version == 1 and len(shop.made.problems) == 1
    write(file, "three")
    assert shop.look() and shop.made.problems == () and shop.made.version == 2


def test_which_files_a_document_uses(tmp_path: Path) -> None:
    at = Place(1, 1)
    blocks = (Block("illustration", "cat.png", at), Block("illustration", "network", at), Block("plot", "loss", at), Block("illustration", "\0", at))
    document = Document(Front("t"), (Block("run", "houses.csv", at),), (Chapter((), "a", blocks, at),), "", str(tmp_path / "lesson.md"))
    assert files_of(document) == tuple(tmp_path / name for name in ("houses.csv", "cat.png", "network", "\0"))
    assert stamp(tmp_path / "\0") is None and stamp(tmp_path / ("x" * 5000)) is None


def test_the_script_that_tells_the_place_may_run() -> None:
    page = with_place(PAGE % b"x")
    assert page.count(b"<script>") == 1 and page.index(b"</script>") < page.index(b"</body>")
    assert page.count(b"script-src 'sha256-") == 1 and b"' 'sha256-x'" in page
    assert with_place(b"<p>no page of ours</body>") == b"<p>no page of ours</body>"


@pytest.fixture
def watch(file: Path) -> Iterator[Watch]:
    with Watch(Workshop(file, make)) as running:
        yield running


def until(true: Callable[[], Any], seconds: float = 30) -> Any:
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)
    return found


def state(watch: Watch) -> dict[str, Any]:
    return httpx.get(f"{watch.url}state").json()


def test_a_server_rebuilds(watch: Watch, file: Path) -> None:
    until(lambda: state(watch)["version"] == 1)
    answer = httpx.get(f"{watch.url}lesson?1")
    assert b"one" in answer.content and answer.headers["content-security-policy"].startswith("sandbox allow-scripts ")
    assert "allow-same-origin" not in answer.headers["content-security-policy"]
    write(file, "wrong")
    found = until(lambda: state(watch)["problems"] and state(watch))
    assert found["version"] == 1 and found["name"] == "lesson.md" and not found["building"]
    assert found["problems"][1] == {"line": 3, "column": 7, "text": "this is wrong. Fix: make it right."}
    write(file, "two")
    until(lambda: state(watch)["version"] == 2)
    assert b"two" in httpx.get(f"{watch.url}lesson?2").content


def test_only_who_has_the_token_is_answered(watch: Watch) -> None:
    until(lambda: state(watch)["version"] == 1)
    base = watch.url.rsplit("/", 2)[0]
    for path in ("/", "/state", "/lesson", "/x/state"):
        assert httpx.get(base + path).status_code == 403
    for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert httpx.get(f"{watch.url}lesson", headers=headers).status_code == 403
    assert httpx.post(f"{watch.url}state", headers={"origin": base}).status_code == 405
    for path in ("", "js/watch/shell.js", "css/watch.css", "js/theme.js", "css/base.css"):
        answer = httpx.get(watch.url + path)
        assert answer.status_code == 200 and answer.headers["x-content-type-options"] == "nosniff"
    for path in ("js/main.js", "js/watch/place.js", "../pyproject.toml", "lesson.md"):
        assert httpx.get(watch.url + path).status_code in (403, 404)


def test_it_tells_until_it_ends(file: Path) -> None:
    heard: list[Made] = []
    going = threading.Event()

    def slow(path: Path, use: Use) -> bytes:
        if heard:
            going.wait(30)
        return make(path, use)

    shop = Workshop(file, slow)
    watch = Watch(shop, told=heard.append)
    until(lambda: heard)
    write(file, "two")
    until(lambda: shop.made.building)
    watch.wait(0)
    going.set()
    until(lambda: shop.made.version == 2)
    with pytest.raises(httpx.ConnectError):
        httpx.get(watch.url)
    assert [made.version for made in heard] == [1]


def test_documents_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"is a folder, and a lesson is one file\. Fix: "):
        check_document(tmp_path)
    with pytest.raises(FileError, match=r"there is no file .*\. Fix: "):
        check_document(tmp_path / "a.md")
