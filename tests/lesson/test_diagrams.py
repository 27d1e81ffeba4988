"""Diagrams: what they say is what the run says, and nothing that is asked of them makes a bad picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.data import datasets, prepare
from learnloop.errors import Diverged
from learnloop.lesson.document.model import Block, Given
from learnloop.lesson.drawing import path
from learnloop.lesson.drawing.box_drawing import boxes_drawer
from learnloop.lesson.drawing.boxes import parse
from learnloop.lesson.drawing.check import contains, extent, overlap, problems
from learnloop.lesson.drawing.diagrams import diagram_of
from learnloop.lesson.drawing.scene import NARROW, WIDE, Drawing, Stroke, Words
from learnloop.lesson.drawing.svg import to_svg
from learnloop.lesson.facts.formats import written
from learnloop.lesson.model import LessonRun
from learnloop.lesson.problems import LessonError, Place
from lesson.drawn import drawers

HERE = Place(7, 1)
KINDS = [("diagram", kind) for kind in ("learning-loop", "training-dynamics", "neuron", "network", "data-flow")] + [("illustration", "network")]
PARTS = {
    "learning-loop": "data forward network answer target loss backward update again",
    "training-dynamics": "surface start step-1 step-2 step-3 step-4 end small right large",
    "neuron": "inputs weights mix squash output",
    "network": "input-layer links-1 hidden-1 links-2 output-layer loss",
    "data-flow": "data split train test batches updates epochs",
}


@cache
def run(name: str = "iris") -> ll.Run:
    """A small run with the names of its data."""
    ready = prepare(datasets.load(name))
    net = ll.mlp(ready.X.shape[1], 6, 3, activation="tanh")
    return ll.train(
        net, ready.X[ready.train], ready.y[ready.train], optimizer=ll.SGD(0.1), epochs=3, seed=2, notes=ready.notes, progress=False, record=False
    )


def lesson_run(of: ll.Run) -> LessonRun:
    return LessonRun("", of, None, b"")


def asked(kind: str, name: str = "diagram", raw: str | None = None, **options: str) -> Block:
    given = {option: Given(text, Place(9, 4)) for option, text in options.items()}
    return Block(name, kind, HERE, given, raw=None if raw is None else Given(raw, Place(12, 1)))


def drawn(kind: str, name: str = "diagram", of: ll.Run | None = None, width: float = WIDE, **options: str) -> Drawing:
    return diagram_of(asked(kind, name, **options), {"": lesson_run(of or run())})(width)


def said(drawing: Drawing) -> dict[str, str]:
    """The words of each part."""
    return {part.name: " ".join(s.text for s in part.shapes if isinstance(s, Words)) for part in drawing.parts}


def refused(block: Block, of: ll.Run | None = None) -> str:
    with pytest.raises(LessonError) as error:
        diagram_of(block, {"": lesson_run(of or run())}, "lesson.md")
    return str(error.value)


def test_five_hundred_diagrams_have_no_problem() -> None:
    found = []
    for name, drawer in drawers():
        wide, narrow = drawer(WIDE), drawer(NARROW)
        found += [f"{name} at {drawing.width}: {problem}" for drawing in (wide, narrow) for problem in problems(drawing)]
        if [p.name for p in wide.parts] != [p.name for p in narrow.parts]:
            found.append(f"{name} has other parts where it is narrow")
        if drawing_strays := [p.name for d in (wide, narrow) for p in d.parts if strays(p)]:
            found.append(f"{name}: {drawing_strays} draw outside of what they claim")
    assert found == []


def strays(part: Any) -> bool:
    """Whether a part draws outside of its box anything but its arrows."""
    return part.box is not None and not all(contains(part.box, extent(s)) for s in part.shapes if not getattr(s, "arrow", False))


def test_the_same_is_drawn_again() -> None:
    first = [to_svg(drawer(NARROW), prefix="p") for name, drawer in drawers() if int(name.split()[1]) < 48]
    again = [to_svg(drawer(NARROW), prefix="p") for name, drawer in drawers() if int(name.split()[1]) < 48]
    assert first == again


def test_arrows_go_around_boxes() -> None:
    for name, drawer in drawers():
        if name.startswith("boxes") and "by hand" not in name:
            assert crossed(drawer(WIDE)) + crossed(drawer(NARROW)) == [], name


def crossed(drawing: Drawing) -> list[tuple[str, str]]:
    """Arrows that pass through a box."""
    boxes = {part.name: part.box for part in drawing.parts if part.box}
    lines = [(part.name, points) for part in drawing.parts if not part.box for s in part.shapes if isinstance(s, Stroke) for points in path.flat(s.d)]
    return [(arrow, name) for arrow, points in lines for name, box in boxes.items() if any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points)]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_every_diagram_of_a_run_is_good_and_has_its_parts(name: str, kind: str) -> None:
    for width in (WIDE, NARROW):
        for hand in ("off", "7"):
            drawing = drawn(kind, name, width=width, hand=hand)
            assert problems(drawing) == []
            more = " neuron weight activation loss-said" if name == "illustration" else ""
            assert [part.name for part in drawing.parts] == (PARTS[kind] + more).split()
            assert drawing.title and drawing.description


def test_the_loop_says_the_numbers_of_its_update() -> None:
    moment = run().at(4)
    words = said(drawn("learning-loop", update="4"))
    assert written(float(moment.loss), "number") in words["loss"]
    assert f"{len(moment.rows)} rows of iris" in words["data"]
    assert "W ← W − 0.1 · ∂L/∂W" in words["update"]
    assert f"row {moment.rows[0]}" in words["answer"] and "4 → 6 → 3" in words["network"]
    names = datasets.load("iris").target_names
    assert names[run().examples.labels[moment.rows[0]]] in words["target"].replace("- ", "-")  # type: ignore[union-attr]


def test_the_loss_after_the_update_is_that_of_the_same_rows() -> None:
    moment = run().at(4)
    rows, examples = moment.rows, run().examples
    assert examples is not None and examples.labels is not None
    h = np.tanh(examples.X[rows].astype(np.float64) @ moment.layer("dense_1").weight_after + moment.layer("dense_1").bias_after)
    out = h @ moment.layer("dense_2").weight_after + moment.layer("dense_2").bias_after
    losses = np.log(np.exp(out).sum(1)) - out[np.arange(len(rows)), examples.labels[rows]]
    assert f"→ {written(float(losses.mean()), 'number')}" in said(drawn("learning-loop", update="4"))["update"]


def test_a_rule_that_is_no_plain_step_is_named() -> None:
    X, y = datasets.load("moons")
    other = ll.train(ll.mlp(2, 3, 1), X, y, optimizer=ll.Adam(0.01), epochs=1, progress=False, record=False)
    words = said(drawn("learning-loop", of=other))
    assert "by a step of Adam, learning rate 0.01" in words["update"]
    assert words["data"].endswith("32 rows")  # they have no name


def test_a_neuron_adds_up_to_what_the_run_has() -> None:
    found = run().at(3).neuron("dense_2", 1, 2)
    words = said(drawn("neuron", neuron="dense_2:1", update="3", row=str(found.row)))
    assert written(found.pre_activation, "number") in words["mix"]
    assert written(found.activation, "number") in words["output"]
    assert all(f"unit {k}" in words["inputs"] for k in range(6))
    assert all(written(weight, "number") in words["weights"] for weight in found.weights)


def test_many_inputs_are_told_as_one() -> None:
    X, y = datasets.load("digits")
    digits = ll.train(ll.mlp(64, 4, 10), X / 16, y, epochs=1, progress=False, record=False)
    words = said(drawn("neuron", of=digits, update="0"))
    found = digits.at(0).neuron("dense_1", 0)
    products = sorted((a * b for a, b in zip(found.inputs, found.weights, strict=True)), key=lambda p: -abs(p))
    assert "59 more" in words["inputs"]
    assert written(sum(products[5:]), "number") in words["inputs"]


def test_the_point_of_a_neuron_lies_on_its_curve() -> None:
    squash = next(part for part in drawn("neuron", update="3").parts if part.name == "squash")
    strokes = [s for s in squash.shapes if isinstance(s, Stroke)]
    curve = max((path.flat(s.d)[0] for s in strokes), key=len)
    left, top, right, bottom = path.bounds(strokes[-1].d)
    x, y = (left + right) / 2, (top + bottom) / 2
    assert min(abs(x - a) + abs(y - b) for a, b in curve) < 4


def test_a_network_says_its_layers_and_shows_signs_without_colour() -> None:
    drawing = drawn("network")
    words = said(drawing)
    assert "4 units" in words["input-layer"] and "6 units, tanh" in words["hidden-1"] and "3 units" in words["output-layer"]
    weight = run().weights["dense_1.weight"]
    links = next(part for part in drawing.parts if part.name == "links-1").shapes
    assert sum(isinstance(s, Stroke) and s.dash and s.ink == "negative" for s in links) == (weight < 0).sum()
    assert sum(isinstance(s, Stroke) and not s.dash and s.ink == "positive" for s in links) == (weight >= 0).sum()


def test_the_way_of_the_data_has_the_counts_of_the_run() -> None:
    words = said(drawn("data-flow"))
    assert "150 rows" in words["data"] and "120 rows" in words["train"] and "30 rows" in words["test"]
    assert "4 batches" in words["batches"] and "3 epochs: 12 updates in all" in words["epochs"]


def test_the_fall_of_the_loss_is_that_of_the_run() -> None:
    words = said(drawn("training-dynamics"))
    assert written(float(run().losses[0]), "number") in words["start"]
    last = run().losses[-run().updates_per_epoch :]
    assert f"loss {written(float(last.astype(np.float64).mean()), 'number')}" in words["end"]
    assert words["end"].split()[-1] in said(drawn("network"))["loss"]


def test_names_of_others_are_shown_and_harmless() -> None:
    notes = prepare(datasets.load("iris")).notes
    evil = "</title><script>alert(1)</script>" + "x" * 500
    notes["data"] |= {"name": evil, "columns": [evil] * 4, "targets": [evil, "\u202e", ""]}
    other = ll.Run(run().task, run().outcome, notes)
    for name, kind in KINDS:
        for width in (WIDE, NARROW):
            drawing = drawn(kind, name, of=other, width=width)
            assert problems(drawing) == []
            assert "<script" not in to_svg(drawing, prefix="p")


def test_deep_networks_are_cut_in_the_middle() -> None:
    X, y = datasets.load("moons")
    deep = ll.train(ll.mlp(2, *[3] * 30, 1), X, y, epochs=1, progress=False, record=False)
    for name in ("diagram", "illustration"):
        drawing = drawn("network", name, of=deep, width=NARROW)
        assert problems(drawing) == []
        assert "hidden layer\u00a030" in " ".join(said(drawing).values())
        assert len(drawing.parts) < 30


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (asked("learning-loop", update="999"), "lesson.md:9:4: learning-loop: update 999 is not in the run, which has the updates 0 to 11"),
        (asked("learning-loop", row="149"), "lesson.md:9:4: learning-loop: row 149 is not in the batch of update 0"),
        (asked("neuron", neuron="dense_9:1"), "expected one of dense_1:0 to dense_1:5, dense_2:0 to dense_2:2. Fix: dense_1:0"),
        (asked("neuron", neuron="dense_1:6"), "lesson.md:9:4"),
        (asked("network", run="hot"), "lesson.md:9:4: unknown run of the lesson 'hot'"),
        (asked("data-flow", update="3"), "lesson.md:9:4: data-flow takes no update. Fix: leave it out."),
        (asked("pie"), "lesson.md:7:1: unknown diagram 'pie'"),
        (asked("boxes"), "lesson.md:7:1: boxes are drawn from lines of text"),
        (asked("boxes", raw="a -> "), "lesson.md:12:3: this arrow leads nowhere"),
    ],
)
def test_what_cannot_be_drawn_is_said_at_its_place(block: Block, message: str) -> None:
    assert message in refused(block)


def test_a_run_without_its_data_is_refused_and_says_why() -> None:
    from dataclasses import replace

    bare = ll.Run(replace(run().task, examples=None), run().outcome)
    assert "lesson.md:7:1: learning-loop: the run does not hold its data" in refused(asked("learning-loop"), bare)


def read(text: str) -> list[str]:
    return [f"{p.place.line}:{p.place.column}: {p.text}" for p in parse(Given(text, Place(3, 1)))[1]]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a -> b\na -> ", "4:3", "this arrow leads nowhere"),
        ("a b", "3:3", "expected an arrow here"),
        ('a: "one" -> a: "two"', "3:13", "leads from 'a' to itself"),
        ('a: "one"\na: "two"', "4:2", "'a' has a label already"),
        ("-> a", "3:1", "expected a name here"),
        ('a: "no end', "3:2", "expected a name (letters, digits, hyphens)"),
        ("  a <- b", "3:5", "got '<- b'"),
        ("[a b]\na -> b", "4:6", "in one row and have an arrow between them"),
        ("a -> b\n[a b]", "3:6", "in one row and have an arrow between them"),
        ("[a]", "3:1", "this row cannot be read"),
        ("[a b\n", "3:1", "this row cannot be read"),
        ("[a b]\n[b c]", "4:1", "'b' is in two rows"),
        (f'a: "{"x" * 201}"', "3:2", "this label has 201 characters"),
        (f"{'n' * 30} -> b", "3:1", "has 30 characters"),
        ("\n".join(f"n{k}" for k in range(25)), "3:1", "25 boxes are too many"),
        (" -> ".join(str(k % 9) for k in range(25)) + "\n" + "\n".join(f"{a} -> {b}" for a in range(9) for b in range(9) if a != b), "3:1", "arrows are too many"),
        ("a -> b\n" * 9000, "3:1", "63000 characters are too many"),
        ("", "3:1", "there is no box"),
    ],
)
def test_every_fault_of_boxes_has_its_place(text: str, where: str, message: str) -> None:
    found = read(text)
    assert any(problem.startswith(f"{where}: ") and message in problem for problem in found), found
    assert all("Fix: " in problem for problem in found)


def test_all_faults_of_boxes_are_said_at_once() -> None:
    assert len(read('a ->\nb !\n[c]\nd -> d')) == 4


def test_boxes_are_what_was_written() -> None:
    boxes, wrong = parse(Given('data: "The data" -> net -"answers"-> loss\nloss -> net\n[other net]\n\nempty: ""\nodd: ": -> -"', Place(1, 1)))
    assert not wrong
    assert boxes.labels == {"data": "The data", "net": "net", "loss": "loss", "other": "other", "empty": "", "odd": ": -> -"}
    drawing = boxes_drawer(boxes)(WIDE)
    assert [part.name for part in drawing.parts] == ["data", "data-to-net", "net", "net-to-loss", "loss", "loss-to-net", "other", "empty", "odd"]
    assert said(drawing)["net-to-loss"] == "answers"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_rows_stand_beside_each_other(width: float) -> None:
    boxes, _ = parse(Given("all -> train -> fit -> score\nall -> test -> score\n[train test]", Place(1, 1)))
    places = {part.name: part.box for part in boxes_drawer(boxes)(width).parts if part.box}
    one, other = places["train"], places["test"]
    along = (0, 2) if width == WIDE else (1, 3)
    assert one[along[0]] < other[along[1]] and other[along[0]] < one[along[1]]
    assert not overlap(one, other)


def test_names_of_arrows_are_free() -> None:
    boxes, _ = parse(Given('a-to-b: "x"\na -> b', Place(1, 1)))
    assert [part.name for part in boxes_drawer(boxes)(WIDE).parts] == ["a-to-b", "a", "a-to-b-2", "b"]


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_by_hand_only_strokes_are_other(name: str, kind: str) -> None:
    plain, by_hand = drawn(kind, name), drawn(kind, name, hand="3")
    assert said(plain) == said(by_hand)
    assert to_svg(plain, prefix="p") != to_svg(by_hand, prefix="p") == to_svg(drawn(kind, name, hand="3"), prefix="p")


def test_svgs_hold_no_style_and_only_short_numbers() -> None:
    make: Callable[..., str] = to_svg
    for name, kind in KINDS:
        svg = make(drawn(kind, name, hand="1"), prefix="p")
        assert " style=" not in svg and "<style" not in svg
        assert not re.search(r"\bd=\"[^\"]*\d\.\d{3}", svg)
        assert len(svg) < 60_000


@pytest.mark.parametrize(("name", "kind"), KINDS)
def test_a_run_that_diverged_is_drawn_as_far_as_it_came(name: str, kind: str) -> None:
    wild = diverged()
    assert 0 < wild.updates < 200
    for options in ({}, {"update": "last"}):
        if not options or kind in ("learning-loop", "neuron", "network"):
            for width in (WIDE, NARROW):
                assert problems(drawn(kind, name, of=wild, width=width, **options)) == []


@cache
def diverged() -> ll.Run:
    """A run whose loss left the numbers."""
    X, y = datasets.load("diabetes").standardised()
    with pytest.raises(Diverged) as error:
        ll.train(ll.mlp(10, 8, 1), X, y, loss=ll.MeanSquaredError(), optimizer=ll.SGD(1e3), epochs=20, progress=False, record=False)
    found: ll.Run = error.value.run
    return found
