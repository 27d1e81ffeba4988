"""What stands behind the last chapter: how to pass the lesson on, and how to go on with its run."""

from __future__ import annotations

import shlex

from ..model import Lesson, LessonRun
from .address import Address
from .markup import Attributes, Markup, element, joined

_ALONE = "This page has no public address yet: send the file, or publish it and build with base-url."


def ending(lesson: Lesson, address: Address, *, computes: bool) -> Markup:
    """Both sections.

    Args:
        lesson: the lesson.
        address: where the page is to be.
        computes: whether the page holds the program and the rows of the run.
    """
    ours: Attributes = {"lang": None if lesson.front.language.split("-")[0] == "en" else "en"}
    return element("div", {"class": "lesson-end", **ours}, _more(lesson, address, computes), _share(lesson, address))


def _section(id: str, title: str, *children: Markup) -> Markup:
    return element("section", {"id": id, "aria-labelledby": f"{id}-title"}, element("h2", {"id": f"{id}-title"}, title), *children)


def _share(lesson: Lesson, address: Address) -> Markup:
    if not address.public:
        return _section("ll-share", "Share", element("p", {"class": "share-none"}, _ALONE))
    links = (
        element("li", {}, element("a", {"href": link, "rel": "noopener noreferrer", "data-service": name}, name))
        for name, link in address.intents(lesson.front.title).items()
    )
    where = element("p", {"class": "share-where"}, element("a", {"href": address.page, "id": "ll-address"}, address.page))
    return _section("ll-share", "Share", where, element("ul", {"class": "share-links"}, *links))


def _more(lesson: Lesson, address: Address, computes: bool) -> Markup:
    opened = f"learnloop lesson open {shlex.quote(f'{address.name}.html')}"
    first = lesson.runs.get("")
    inside = element("p", {"class": "more-inside"}, _inside(first, computes, "The words, the sound" if lesson.sound else "The words"))
    steps = [_step("Open the run of this page in the explorer, with its data:", opened)] if computes else []
    steps += [_step(joined(_again(name)), run.command) for name, run in lesson.runs.items() if run.command]
    return _section("ll-more", "Keep going", inside, *steps)


def _inside(first: LessonRun | None, computes: bool, told: str) -> str:
    if computes:
        return f"{told}, the data and the program of the run lie in this file: nothing is fetched, and nothing is sent."
    why = first.refusal if first and first.refusal else "The lesson was built without them."
    return f"{told} and the pictures lie in this file; the data and the program of the run do not. {why}"


def _again(name: str) -> list[str]:
    return ["Train it again on the command line:"] if not name else ["Train the run ", element("b", {}, name), " again on the command line:"]


def _step(what: str, command: str) -> Markup:
    """A command to copy; the page's script adds the button."""
    shown = element("pre", {"class": "command"}, element("code", {"translate": "no"}, command))
    return element("div", {"class": "more-step"}, element("p", {}, what), shown)
