"""What a lesson is besides a page: the event list, there and back, and Markdown."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from markdown_it import MarkdownIt

from learnloop.errors import DescriptionError
from learnloop.lesson.eventlist import PARTS, read_event_list
from learnloop.lesson.events import VERSION
from learnloop.lesson.model import Piece, Told
from learnloop.lesson.outputs import captions, event_list, markdown, safe
from lesson.handmade import EVIL, lesson, lesson_run


def journey(data: Any) -> Any:
    """Through a file."""
    return json.loads(json.dumps(data, allow_nan=False))


def test_an_event_list_is_plain_json_and_can_be_read_again() -> None:
    made = lesson()
    data = event_list(made)
    assert json.dumps(data, allow_nan=False) == json.dumps(event_list(lesson()), allow_nan=False)
    found = read_event_list(journey(data))
    assert found.title == "A small lesson" and found.events == made.events and found.seconds == made.seconds
    assert [dict(fact) for fact in found.facts] == [dict(fact) for fact in made.facts] and found.text == made.text
    (run,) = found.runs
    assert run.name == "" and run.digest == lesson_run().run.digest and run.scenario == journey(lesson_run().scenario)
    assert data["checks"] == {"check-1": {"choices": [True, False]}, "check-2": {"value": 10.0, "tolerance": 0.5, "text": "10"}}
    assert data["chapters"] == [{"id": "start", "title": "The Start", "start": 0.0, "end": 9.0}]
    assert [beat["chapter"] for beat in data["beats"]] == ["start", "start"]


def test_a_number_that_is_none_is_null() -> None:
    data = event_list(lesson(facts=({"id": "f", "run": "", "name": "loss.end", "value": float("nan"), "text": "not a number"},)))
    assert data["facts"][0]["value"] is None and read_event_list(journey(data)).facts[0]["value"] is None


@pytest.mark.parametrize(("version", "text"), [
    (VERSION + 1, "Fix: a newer learnloop opens it."), (VERSION - 1, "Fix: build the lesson again."), pytest.param(10**5000, "Fix: a newer", id="huge"),
    (True, "it has no version"), ("1", "it has no version"), (None, "it has no version"), (1.0, "it has no version"),
])  # fmt: skip
def test_other_versions_are_refused(version: Any, text: str) -> None:
    with pytest.raises(DescriptionError) as caught:
        read_event_list({**event_list(lesson()), "version": version})
    assert text in str(caught.value)


CHANGES = [
    ("title", 3), ("seconds", "9"), ("seconds", -1), ("seconds", True), pytest.param("seconds", 10**400, id="huge"), ("voice", None), ("text", ["a"]), ("chapters", {}),
    ("chapters", [{"id": "a", "start": 2, "end": 1}]), ("beats", [3]), ("events", None), ("events", [{}]), ("events", [{"kind": "run"}]),
    ("events", [{"kind": "say", "beat": "b", "start": 0, "end": 1, "words": ["x"]}]), ("events", [{"kind": "draw", "start": 0, "end": 1}]),
    ("events", [{"kind": "pause", "start": 1, "end": 0}]), ("events", [{"kind": ["say"]}]), ("facts", [{"id": 1}]), ("runs", []), ("runs", [3]),
    ("events", [{"kind": "set", "name": "update", "value": [1], "before": 0, "start": 0, "end": 0}]),
    ("runs", [{"name": "", "digest": "a", "updates": 1, "scenario": [1]}]), ("runs", [{"name": "", "digest": "a", "updates": 1, "scenario": None}] * 2), ("runs", [{"name": "", "digest": "a", "updates": 1.5, "scenario": None}]), ("runs", "run"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "value"), CHANGES)
def test_wrong_types_are_refused(part: str, value: Any) -> None:
    with pytest.raises(DescriptionError, match=r"this is no event list of a lesson: .*Fix: "):
        read_event_list({**event_list(lesson()), part: value})


@pytest.mark.parametrize("part", PARTS[1:])
def test_every_part_is_needed(part: str) -> None:
    data = copy.deepcopy(event_list(lesson()))
    del data[part]
    with pytest.raises(DescriptionError, match=f"it has no {part}"):
        read_event_list(data)


@pytest.mark.parametrize("data", [None, [], 3, "x", {}, {"version": []}])
def test_anything_else_is_refused(data: Any) -> None:
    with pytest.raises(DescriptionError, match="it has no version"):
        read_event_list(data)


def test_markdown_has_everything_in_order() -> None:
    text = markdown(lesson())
    assert text == markdown(lesson())
    wanted = [
        "# A small lesson", "*Of a small network*", "By A. Teacher · 2026-11-25 · beginner · 0 min 9 s · 1 chapter", "- What the loss says",
        "## The Start", "### A closer look", "Loss 0.69, **bold** and `dense_1` and $x^2$ at [home](<https://example.org/a%20b%3Ec>)",
        "- one\n- \\- two", "1. first\n2. second", "> said", "> **The learning loop.** Data go in; an answer comes out.", "*One update of 10*",
        "> **Core loop**", "$$\nz = w x + b\n$$", "*In words (neuron): z is w times x plus b*", "> **Picture.** A cat",
        "````python\nx = '```'\n````", "Did it fall?", "- It fell.\n- It rose.", "Answer: It fell.", "How many updates?", "Answer: 10",
        "*Your turn, in the page: Move the learning rate.*", "An example goes in.", "That is all.", lesson_run().run.digest,
    ]  # fmt: skip
    places = [text.index(part) for part in wanted]
    assert places == sorted(places)


def test_markdown_shows_hostile_text_as_text() -> None:
    made = lesson(EVIL, chapters=(Told("a", (Piece(EVIL),), lesson().chapters[0].beats, 0.0, 9.0),))
    html = MarkdownIt("commonmark", {"html": True}).render(markdown(made))
    assert "<script" not in html and 'href="javascript' not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; *stars* [x](javascript:1) `tick` $2$ # no") == 3


@pytest.mark.parametrize("text", ["# a", "1. a", "12) a", "+ a", "- a", "> a", "===", "---", "a\n# b", "    code?", "_x_ dense_1", "*", "\\", "~~~"])
def test_safe_text_stays_text(text: str) -> None:
    html = MarkdownIt("commonmark").render(f"before\n\n{safe(text).strip()}\n")
    assert html.count("<p>") == 2 and html.count("<") == 4, html


def test_captions_have_the_times_of_the_words() -> None:
    assert captions(lesson()).split("\n\n") == [
        "WEBVTT", "00:00:00.500 --> 00:00:03.000\nAn example goes in.", "00:00:06.500 --> 00:00:08.000\nThat is all.\n",
    ]  # fmt: skip
