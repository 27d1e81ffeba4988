"""The page around a lesson that is being written: in a browser, with a real lesson in its frame."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Opener, until
from browser.tools import axe

FRONT = "---\ntitle: {title}\n---\n\n:::{{run}} xor\n:hidden: 4\n:epochs: 2\n:::\n"
PART = "# Part {name}\n\nSome prose.\n\n:::{{say}}\nThe loss of this part is {{loss.start}}, and this is said of it, again and again.\n:::\n"


def text(title: str = "The First", parts: str = "abcdefghijklmnop", more: str = "") -> str:
    return "\n".join([FRONT.format(title=title), *(PART.format(name=name) for name in parts), more])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lesson.md"
    path.write_text(text())
    return path


@pytest.fixture
def url(file: Path) -> Iterator[str]:
    """``learnloop lesson watch``, as people start it."""
    command = [sys.executable, "-m", "learnloop", "lesson", "watch", str(file), "--no-open", "--json", "--voice", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())["url"]
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)
            assert process.returncode == 0 and "Traceback" not in said, said
        finally:
            process.kill()


def frame_of(page: Any, title: str) -> Any:
    """The frame, once it shows a lesson of that title."""
    page.frame_locator("#lesson").locator("h1", has_text=title).wait_for(timeout=60_000)
    return next(frame for frame in page.frames if frame.parent_frame is not None)


def settled(page: Any, text: str) -> None:
    page.locator("#status", has_text=text).wait_for(timeout=60_000)


def test_it_shows_what_was_written_last_where_it_was_read(url: str, opened: Opener, file: Path) -> None:
    page = opened(url)
    frame = frame_of(page, "The First")
    settled(page, "Built in ")
    frame.locator("section.chapter", has_text="Part h").first.evaluate("(e) => e.scrollIntoView()")
    until(lambda: frame.evaluate("scrollY") > 500)
    page.wait_for_timeout(500)  # longer than a reader must rest to be noticed
    before = frame.locator("section.chapter", has_text="Part h").first.bounding_box()["y"]
    file.write_text(text("The Second", "abcdefghijklmnopq").replace("Some prose.", "Some prose of more words.", 3))
    frame = frame_of(page, "The Second")
    settled(page, "Built in ")
    until(lambda: abs(frame.locator("section.chapter", has_text="Part h").first.bounding_box()["y"] - before) < 4)


def test_problems_are_told_and_the_last_page_stays(url: str, opened: Opener, file: Path) -> None:
    page = opened(url)
    frame_of(page, "The First")
    file.write_text(text("The Second", more="{loss.strat} <b>bold</b>\n"))
    settled(page, "problem")
    items = page.locator("#problems li").all_text_contents()
    assert items and items[0].startswith("line ") and "column" in items[0] and page.locator("#problems b b").count() == 0
    assert "below is the last page without one" in page.locator("#status").text_content()
    assert frame_of(page, "The First") and page.title().startswith("Problems: lesson.md")
    file.write_text(text("The Third"))
    frame_of(page, "The Third")
    settled(page, "Built in ")
    assert page.locator("#problems li").count() == 0


def test_the_lesson_cannot_reach_the_page_around_it(url: str, opened: Opener) -> None:
    page = opened(url)
    frame = frame_of(page, "The First")
    assert frame.evaluate("origin") == "null"
    assert frame.evaluate("(() => { try { return String(parent.document); } catch { return 'refused'; } })()") == "refused"
    assert set(page.watch.hosts) == {url.split("/")[2]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_for_anybody(url: str, opened: Opener, file: Path, scheme: str) -> None:
    file.write_text(text(more="{loss.strat}\n"))
    page = opened(url, color_scheme=scheme, viewport={"width": 320, "height": 640}, bypass_csp=True)
    settled(page, "problem")
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, { iframes: false })")
    assert [violation["id"] for violation in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_end_of_the_watch_is_told(opened: Opener, tmp_path: Path, file: Path) -> None:
    command = [sys.executable, "-m", "learnloop", "lesson", "watch", str(file), "--no-open", "--json", "--voice", "none"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            page = opened(json.loads(process.stdout.readline())["url"], expected=("ERR_CONNECTION", "failed: "))
            frame_of(page, "The First")
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
        finally:
            process.kill()
        settled(page, "has ended")
