"""The head of the page: what browsers, search engines and other sites are told about the lesson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...web.export import policy
from ..model import Lesson
from .address import Address
from .markup import Attributes, Markup, element, joined
from .text import plain
from .words import counted, lasting, period

_RIGHT_TO_LEFT = ("ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi")


def root(lesson: Lesson) -> Attributes:
    """What the root element says: the language, and the direction in which it is written."""
    language = lesson.front.language or "en"
    return {"lang": language, "dir": "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else None, "data-lesson": True}


def description(lesson: Lesson) -> str:
    """One sentence about the lesson."""
    front = lesson.front
    return front.subtitle or f"A lesson of {counted(len(lesson.chapters), 'chapter')} and {lasting(lesson.seconds)}, made from a real run."


def head(lesson: Lesson, address: Address, scripts: Sequence[str], sheet: str) -> Markup:
    """Policy, names, style, and the script that chooses the colours before anything is drawn.

    Args:
        lesson: the lesson.
        address: where the page is to be.
        scripts: all scripts of the page; the first one is for its head.
        sheet: its style sheet.
    """
    title = lesson.front.title
    lines = [
        element("meta", {"charset": "utf-8"}),
        element("meta", {"http-equiv": "Content-Security-Policy", "content": policy([*scripts], [sheet], media=True)}),
        element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        element("meta", {"name": "color-scheme", "content": "light dark"}),
        element("meta", {"name": "referrer", "content": "no-referrer"}),
        element("title", {}, title), element("meta", {"name": "description", "content": description(lesson)}),
        *([element("meta", {"name": "author", "content": lesson.front.author})] if lesson.front.author else []),
        *(_card(lesson, address) if address.public else []),
        element("link", {"rel": "icon", "href": "data:,"}),
        element("style", {}, Markup(sheet)), element("script", {}, Markup(scripts[0])),
    ]  # fmt: skip
    return element("head", {}, Markup("\n"), joined(lines, Markup("\n")), Markup("\n"))


def _card(lesson: Lesson, address: Address) -> list[Markup]:
    """How other sites show a link to the page; they ask for addresses, which a page from disk has not."""
    told = {"title": lesson.front.title, "description": description(lesson), "image": address.card}
    graph = {**told, "type": "article", "url": address.page, "site_name": "learnloop", "image:width": "1200", "image:height": "630"}
    return [
        element("link", {"rel": "canonical", "href": address.page}),
        *(element("meta", {"property": f"og:{name}", "content": value}) for name, value in graph.items()),
        *(element("meta", {"name": f"twitter:{name}", "content": value}) for name, value in {"card": "summary_large_image", **told}.items()),
    ]


def resource(lesson: Lesson, address: Address) -> dict[str, Any]:
    """The lesson as a LearningResource of schema.org."""
    front = lesson.front
    found: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "LearningResource", "name": front.title, "description": description(lesson),
        "inLanguage": front.language, "learningResourceType": "lesson", "educationalLevel": front.level, "about": front.category,
        "author": {"@type": "Person", "name": front.author} if front.author else None, "datePublished": front.date,
        "teaches": list(front.learn), "timeRequired": period(lesson.seconds), "isAccessibleForFree": True,
        "accessMode": ["textual", "visual", *(["auditory"] if lesson.sound else [])],
        "accessibilityFeature": ["alternativeText", "MathML", "structuralNavigation", *(["transcript"] if lesson.sound else [])],
        "url": address.page if address.public else None,
        "hasPart": [
            {"@type": "LearningResource", "position": number, "name": plain(told.title)} for number, told in enumerate(lesson.chapters, 1)
        ],
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
