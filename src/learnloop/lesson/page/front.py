"""What stands before the first chapter: what the lesson is, what one learns, and its sound."""

from __future__ import annotations

from base64 import b64encode

from ..model import Lesson
from .markup import Attributes, Markup, element, joined
from .words import counted, day, lasting


def front(lesson: Lesson) -> Markup:
    """The head of the article."""
    given = lesson.front
    lines = [
        element("p", {"class": "lesson-category"}, given.category or "Lesson"),
        element("h1", {"id": "ll-title"}, given.title),
        *([element("p", {"class": "lesson-subtitle"}, given.subtitle)] if given.subtitle else []),
        element("p", {"class": "lesson-about"}, joined(_about(lesson), Markup(' <span aria-hidden="true">·</span> '))),
    ]
    told = element("div", {"class": "lesson-told"}, *lines, element("div", {"class": "lesson-sound"}, *_sound(lesson)))
    return element("header", {"class": "lesson-head"}, told, *_learn(lesson))


def _about(lesson: Lesson) -> list[Markup]:
    given = lesson.front
    what = "to listen" if lesson.sound else "to play"
    parts = [
        element("span", {}, "By ", given.author) if given.author else None,
        element("time", {"datetime": given.date}, day(given.date)) if given.date else None,
        element("span", {}, f"{lasting(lesson.seconds)} {what}"),
        element("span", {}, counted(len(lesson.chapters), "chapter")),
        element("span", {}, given.level) if given.level else None,
    ]
    return [part for part in parts if part is not None]


def _learn(lesson: Lesson) -> list[Markup]:
    if not lesson.front.learn:
        return []
    items = (element("li", {}, item) for item in lesson.front.learn)
    return [element("div", {"class": "lesson-learn"}, element("h2", {}, "What you’ll learn"), element("ul", {}, *items))]


def _sound(lesson: Lesson) -> list[Markup]:
    """The whole narration; the page's script plays it, and takes the browser's own controls away."""
    quiet = [element("p", {"class": "lesson-silence", "id": "ll-silence"}, lesson.silence)] if lesson.silence else []
    if lesson.sound is None:
        return quiet
    source = f"data:audio/mpeg;base64,{b64encode(lesson.sound).decode()}"
    attributes: Attributes = {"id": "ll-audio", "preload": "metadata", "controls": True, "aria-label": "The lesson, read aloud", "src": source}
    return [element("audio", attributes), *quiet]
