"""What people do with the page of a lesson: every selector of its tests is here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browser.conftest import Opener
from browser.hands import Hands

PICTURE = """
() => {
  const seen = (e) => [e.style.visibility, e.style.opacity, e.style.strokeDashoffset, e.style.fillOpacity, e.classList.contains("pointed")].join();
  const shown = (e) => [getComputedStyle(e).visibility, seen(e)].join();
  const shapes = (g) => [...g.children].map(seen).join(" ");
  const blocks = [...document.querySelectorAll("[data-block]")].map((b) => [b.dataset.block, shown(b), [...b.querySelectorAll("g[data-part]")].map((g) => `${g.dataset.part} ${shown(g)} ${shapes(g)}`)]);
  const words = [...document.querySelectorAll(".word.spoken")].map((w) => `${w.closest("[data-say]").dataset.say} ${w.dataset.word}`);
  const halos = [...document.querySelectorAll(".halo")].map((h) => h.outerHTML);
  const caption = document.querySelector(".player-caption");
  return JSON.stringify([blocks, words, halos, caption.hidden ? "" : caption.innerHTML]);
}
"""
"""All that depends on the time, as text."""

RECORD = f"() => {{ const picture = {PICTURE};" + """
  window.played = [];
  const frame = () => {
    window.played.push([document.getElementById("ll-player").dataset.at, picture()]);
    if (!window.enough) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
"""
"""Notes the time and the picture of every frame."""


class Lessons(Hands):
    """Drives the page of a lesson by roles, labels, and the data attributes that say what is shown."""

    def at(self) -> float:  # type: ignore[override]
        """The time of the lesson, in seconds."""
        return float(self.page.locator("#ll-player").get_attribute("data-at"))

    def player(self) -> Any:
        """The bar."""
        return self.page.get_by_role("region", name="Player")

    def play(self) -> None:
        """Click on the button."""
        self.page.locator(".player-play").click()

    def playing(self) -> bool:
        """Whether it plays."""
        return bool(self.page.evaluate("() => document.getElementById('ll-player').classList.contains('playing')"))

    def position(self) -> Any:
        """The slider of the time."""
        return self.page.get_by_role("slider", name="Position")

    def seek(self, seconds: float) -> None:
        """As a pointer on the slider does."""
        self.position().evaluate("(input, t) => { input.value = t; input.dispatchEvent(new Event('input', { bubbles: true })); }", seconds)

    def picture(self) -> str:
        """All that depends on the time."""
        return str(self.page.evaluate(PICTURE))

    def visible(self, block: str) -> bool:
        """Whether a block is seen by those who see, and read by those who hear."""
        return bool(self.page.evaluate("(id) => getComputedStyle(document.querySelector(`[data-block='${id}']`)).visibility === 'visible'", block))

    def live(self, block: str) -> Any:
        """A live part."""
        return self.page.locator(f"[data-block='{block}']")

    def drawn_at(self, block: str, drawn: str) -> None:
        """Until a live part shows a learning rate and an update: "0.1, 412"."""
        self.true("([id, wanted]) => document.querySelector(`[data-block='${id}']`).dataset.drawn === wanted", [block, drawn])

    def said(self) -> str:
        """What is spoken by whoever reads the page aloud."""
        return str(self.page.locator(".player-said").inner_text())


@pytest.fixture
def opened_lesson(opened: Opener, tmp_path: Path) -> Callable[..., Lessons]:
    """Opens the page of a lesson from the disk, without a network."""
    from lesson.pages import saved

    def open_lesson(lesson: Any, *, computes: bool = True, address: str = "", **options: Any) -> Lessons:
        return Lessons(opened(saved(lesson, tmp_path, computes=computes) + address, offline=True, **options))

    return open_lesson
