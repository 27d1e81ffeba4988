"""A lesson as one HTML file: an article for everybody, and what the page's script needs to play it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...web.assets import LESSON_SHEETS, WEB, WORKER, bundle, sheets
from ...web.export import THEME, enclosable, json_block, packed_block
from ..model import Lesson
from .address import Address
from .article import chapters, contents
from .data import event_list
from .ending import ending
from .front import front
from .head import head, resource, root
from .markup import Markup, element, joined

ENTRY = "js/lesson/main.js"
"""The module that plays a lesson."""


def write_page(lesson: Lesson, blocks: Mapping[str, bytes], session: Mapping[str, Any], *, name: str = "lesson") -> bytes:
    """The page of a lesson; the same lesson gives the same bytes.

    Args:
        lesson: what to write.
        blocks: what the page computes the run with, by name: "kit", "kit-emulated", "data"; none where it cannot.
        session: what the explorer's views open with; see ``explore.onefile``.
        name: of the file that it will be, without its ending: the page says it in a command, and in its public address.

    Raises:
        ValueError: for a block or an image that pages do not know.
    """
    address = Address(lesson.front.base_url, name)
    scripts = [enclosable((WEB / THEME).read_text("utf-8")), enclosable(bundle(ENTRY))]
    start = head(lesson, address, scripts, sheets(LESSON_SHEETS))
    play = element("script", {"type": "module"}, Markup(scripts[1]))
    body = element("body", {}, joined([*_body(lesson, address, blocks), *_inert(lesson, address, blocks, session), play], Markup("\n")))
    page = element("html", root(lesson), joined(["", start, body, ""], Markup("\n")))
    return f"<!doctype html>\n{page}\n".encode("utf-8", "replace")


def _body(lesson: Lesson, address: Address, blocks: Mapping[str, bytes]) -> list[Markup]:
    values = {str(fact["id"]): fact.get("value") for fact in lesson.facts}
    article = element("div", {"class": "lesson-chapters"}, chapters(lesson, values), ending(lesson, address, computes=bool(blocks)))
    main = element("main", {"id": "ll-main"}, front(lesson), element("div", {"class": "lesson-body"}, contents(lesson), article))
    skip = element("a", {"class": "lesson-skip", "href": "#ll-main"}, "Skip to the lesson")
    return [skip, main, element("div", {"id": "ll-player"})]


def _inert(lesson: Lesson, address: Address, blocks: Mapping[str, bytes], session: Mapping[str, Any]) -> list[Markup]:
    """Blocks that the browser does not run."""
    found = [
        json_block("about", resource(lesson, address), "application/ld+json"), json_block("lesson", event_list(lesson)),
        *([json_block("session", session)] if blocks else []),
    ]  # fmt: skip
    packs = {**blocks, "worker": bundle(WORKER).encode()} if blocks else {}
    return [Markup(part) for part in [*found, *(packed_block(name, data) for name, data in packs.items())]]
