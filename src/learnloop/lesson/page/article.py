"""The article: chapters, in them beats, in a beat its board and its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model import Beat, Lesson, Passage, Shown, Told
from .blocks import block
from .markup import Markup, element, joined
from .text import Values, anchor, inline, passages, plain
from .words import clock


def chapters(lesson: Lesson, values: Values) -> Markup:
    """All chapters, in order."""
    return joined(_chapter(number, told, values) for number, told in enumerate(lesson.chapters, 1))


def contents(lesson: Lesson) -> Markup:
    """Links to the chapters, with the times at which they begin."""
    lines = (element("li", {}, element("a", {"href": f"#{anchor(told.id)}", "data-to": told.id}, *_line(told))) for told in lesson.chapters)
    head = element("p", {"class": "contents-head", "aria-hidden": "true"}, "Chapters")
    return element("nav", {"id": "ll-chapters", "aria-label": "Chapters"}, head, element("ol", {}, *lines))


def _line(told: Told) -> list[Markup]:
    return [element("span", {"class": "contents-title"}, plain(told.title)), Markup(" "), element("span", {"class": "contents-time"}, clock(told.start))]


def _chapter(number: int, told: Told, values: Values) -> Markup:
    head = element("p", {"class": "chapter-number"}, f"Chapter {number}")
    title = element("h2", {}, inline(told.title, values))
    attributes = {"class": "chapter", "id": anchor(told.id), "data-chapter": told.id}
    return element("section", attributes, head, title, *(_beat(beat, values) for beat in told.beats))


def _beat(beat: Beat, values: Values) -> Markup:
    """The board holds what is looked at, the text what is read; a heading stands over both."""
    head, shown = _headed(beat.shown)
    board = [block(one, values) for one in shown if one.kind != "prose"]
    prose = [block(one, values) for one in shown if one.kind == "prose"]
    parts = [element("div", {"class": "beat-head"}, passages(head, values))] if head else []
    parts += [element("div", {"class": "beat-board"}, *board)] if board else []
    text = [*prose, *_said(beat, values)]
    parts += [element("div", {"class": "beat-text"}, *text)] if text else []
    attributes = {"class": f"beat {_layout(beat, bool(board), bool(text))}", "id": f"ll-{beat.id}", "data-beat": beat.id}
    return element("div", attributes, *parts)


def _headed(shown: tuple[Shown, ...]) -> tuple[tuple[Passage, ...], Sequence[Shown]]:
    """The headings with which a beat begins, and the blocks without them: in a narrow page the board comes before the text."""
    if not shown or shown[0].kind != "prose" or all(one.kind == "prose" for one in shown):
        return (), shown
    first = shown[0].passages
    count = next((k for k, passage in enumerate(first) if passage.kind != "heading"), len(first))
    return first[:count], (replace(shown[0], passages=first[count:]), *shown[1:])


def _layout(beat: Beat, board: bool, text: bool) -> str:
    if not board or not text:
        return "beat-alone"
    wide = any(shown.kind == "live" and shown.variant in ("network", "neuron") for shown in beat.shown)
    return "beat-wide" if wide else "beat-pair"


def _said(beat: Beat, values: Values) -> list[Markup]:
    return [element("div", {"class": "say", "data-say": beat.id}, passages(beat.said, values))] if beat.said else []
