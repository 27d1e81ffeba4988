"""A first document: it says what the run has facts for, and nothing that would not build."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.errors import Diverged
from learnloop.explore.opening import suits
from learnloop.lesson.document.reader import read
from learnloop.lesson.first import first_document
from learnloop.lesson.model import LessonRun
from learnloop.lesson.runs import of_run
from lesson.handmade import lesson_run, trained


def small(X: Any, y: Any, network: ll.Network, **how: Any) -> ll.Run:
    return ll.train(network, X, y, epochs=3, batch_size=8, progress=False, **how)


def text_of(found: LessonRun, argument: str | None = "a-1") -> str:
    """The document, read: whatever is wrong with it is an error."""
    text = first_document(found, argument)
    assert text == first_document(found, argument)
    document = read(text, "lesson.md")
    assert len(document.runs) == (0 if argument is None else 1)
    return text


def blocks(text: str) -> list[str]:
    return re.findall(r"^:::\{(.*)$", text, re.MULTILINE)


def test_two_inputs_and_classes() -> None:
    text = text_of(lesson_run())
    assert {"diagram} data-flow", "illustration} network", "diagram} learning-loop", "live} network", "plot} loss", "plot} decision-map",
            "plot} confusion", "live} knobs"} <= set(blocks(text))  # fmt: skip
    assert "plot} mistakes" not in text and "{accuracy.test}" in text and "{r2" not in text and "learns from {data.name}" in text


def test_images() -> None:
    text = text_of(trained("", replace(suits("digits"), options=replace(suits("digits").options, epochs=1))))
    assert "plot} mistakes" in text and "decision-map" not in text and "{mistakes[0].answer}" in text


def test_numbers() -> None:
    X = np.linspace(-1, 1, 40)[:, None]
    for how, fact in (({"validation": 0.25}, "{r2.test}"), ({}, "{r2.train}")):
        text = text_of(of_run(small(X, X[:, 0] ** 2, ll.mlp(1, 4, 1), **how)))
        assert fact in text and "confusion" not in text and "accuracy" not in text and "predict {data.target}" in text


def test_two_inputs_without_rows_held_out() -> None:
    X, y = ll.datasets.load("moons", rows=40).standardised()
    text = text_of(of_run(small(X, y, ll.mlp(2, 4, 1))))
    assert "decision-map" in text and "confusion" not in text and "kept aside" not in text
    assert "data.name" not in text and "data-flow" in text  # rows of Python have no name


def test_a_run_that_a_page_cannot_compute_has_no_live_part() -> None:
    X, y = ll.datasets.load("moons", rows=40).standardised()
    found = of_run(small(X, y, ll.mlp(2, 4, 1)).branch(4, learning_rate=0.5))
    assert found.scenario is None and "live}" not in text_of(found) and "plot} loss" in text_of(found)


def test_a_run_that_diverged_says_when() -> None:
    with pytest.raises(Diverged) as caught:
        small(np.ones((40, 3)) * 9, np.ones(40), ll.mlp(3, 4, 1, activation="relu"), optimizer=ll.SGD(1e30))
    text = text_of(of_run(caught.value.run))
    assert "{run.diverged_at}" in text and "plot} loss" not in text and "{loss.end}" not in text


@pytest.mark.parametrize("name", ["a: b # c", 'quote " and \\', "mnist 2", "x" * 300, "<script>", "\u202eevil", "{loss.end}", "---", "日本", "a dozen"])
def test_names_that_mean_something_to_yaml_or_markdown(name: str) -> None:
    X, y = ll.datasets.load("moons", rows=40).standardised()
    run = small(X, y, ll.mlp(2, 4, 1))
    source = lesson_run().run.notes["data"]
    run.notes["data"] = {**source, "name": name, "rows": list(range(40)), "test": []}
    text = text_of(of_run(run))
    front = read(text, "lesson.md").front
    assert front.title == (f"How a Network Learned {name}" if name.isprintable() and len(name) < 99 and name not in ("mnist 2", "a dozen") else "How a Network Learned")


def test_without_a_block_for_the_run() -> None:
    assert "{run}" not in text_of(lesson_run(), None)
