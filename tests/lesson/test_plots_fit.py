"""Plots fit their place whatever the run is like, and what cannot be drawn is told at its place."""

from __future__ import annotations

import math
import re

import pytest

import learnloop as ll
from learnloop.errors import UnknownName
from learnloop.lesson.document.model import Given
from learnloop.lesson.drawing.check import problems
from learnloop.lesson.drawing.plots import plot_of, still_of
from learnloop.lesson.drawing.scene import NARROW, WIDE, Drawer
from learnloop.lesson.drawing.svg import to_svg
from learnloop.lesson.problems import LessonError, Place
from learnloop.run import Run
from lesson.plots_runs import KINDS, ODD_LOSSES, block, builtin, extremes, lesson, plot, train, with_losses

LIVE = ("network", "neuron", "timeline", "knobs")


def check(drawer: Drawer) -> None:
    """It is good at both widths, with the same parts, and says in words what is seen."""
    wide, narrow = drawer(WIDE), drawer(NARROW)
    for drawing, width in ((wide, WIDE), (narrow, NARROW)):
        assert problems(drawing) == []
        assert drawing.width == width
        assert 20 < drawing.height < 1200
        assert drawing.title and re.search(r"\d", drawing.description) and drawing.description.endswith(".")
        svg = to_svg(drawing, prefix="p")
        assert "<script" not in svg and "nan" not in re.sub(r'href="[^"]*"|<text.*?</text>|<desc.*?</desc>', "", svg)
    assert [part.name for part in wide.parts] == [part.name for part in narrow.parts]
    assert wide.description == narrow.description


def fits(kind: str, run: Run) -> bool:
    """Whether there is such a plot of a run, by what is known of runs in general."""
    several = run.network.outputs > 1 and not run.loss.labels
    if kind == "decision-map":
        return run.network.inputs == 2 and not several
    if kind == "confusion":
        return run.loss.name != "mse"
    return kind != "mistakes" or not several


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ll.datasets.names())
def test_built_in(name: str, kind: str) -> None:
    run = builtin(name)
    if fits(kind, run):
        check(plot(kind, run))
    else:
        with pytest.raises(LessonError, match="Fix: ") as refused:
            plot(kind, run)
        assert [p.place for p in refused.value.found] == [Place(7, 1)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(extremes()))
def test_extreme(name: str, kind: str) -> None:
    run = extremes()[name]
    if fits(kind, run):
        check(plot(kind, run))
        if kind != "loss" and kind != "accuracy":
            check(plot(kind, run, update="0"))
    else:
        with pytest.raises(LessonError):
            plot(kind, run)


@pytest.mark.parametrize("name", list(ODD_LOSSES))
def test_odd_losses(name: str) -> None:
    run = with_losses(ODD_LOSSES[name])
    check(plot("loss", run))
    check(plot("loss", builtin("moons"), run, **{"with": "hot"}))
    if not all(map(math.isfinite, ODD_LOSSES[name])):
        assert "no finite number at update" in plot("loss", run)(WIDE).description


@pytest.mark.parametrize("kind", ["loss", "accuracy"])
def test_two_runs(kind: str) -> None:
    calm, wild = train("diabetes", rate=0.003), extremes()["diverged"]
    drawer = plot(kind, calm, wild, **{"with": "hot"})
    check(drawer)
    assert "hot" in drawer(WIDE).description
    assert "other" in [part.name for part in drawer(WIDE).parts]


@pytest.mark.parametrize("kind", LIVE)
@pytest.mark.parametrize("name", ["spirals", "digits", "diabetes"])
def test_stills(name: str, kind: str) -> None:
    check(still_of(kind, builtin(name), {}))


def test_stills_of_hostile_and_untrained_runs() -> None:
    for run in (extremes()["hostile names"], extremes()["diverged"], train("moons", epochs=0)):
        check(still_of("knobs", run, {}))
    with pytest.raises(UnknownName, match="live block"):
        still_of("nothing", builtin("iris"), {})


def test_the_neuron_at_rest_is_the_one_that_is_named() -> None:
    run = builtin("iris")
    named, first = (still_of("neuron", run, options)(WIDE) for options in ({"neuron": "dense_2:1", "update": 3}, {"row": 5}))
    assert named.description != first.description
    with pytest.raises(LessonError):
        still_of("neuron", run, {"neuron": Given("dense_9:0", Place(4, 2))})


def test_the_same_bytes() -> None:
    for kind in KINDS:
        one, other = (to_svg(plot(kind, train("moons"))(NARROW), prefix="p") for _ in range(2))
        assert one == other


@pytest.mark.parametrize(
    ("kind", "options", "line", "said"),
    [
        ("loss", {"run": "cold"}, 8, "unknown run of the lesson 'cold'"),
        ("loss", {"with": "cold"}, 8, "unknown run of the lesson 'cold'"),
        ("loss", {"update": "3"}, 8, "`:update:` means nothing here"),
        ("confusion", {"run": "hot", "neuron": "dense_1:0"}, 9, "`:neuron:` means nothing here"),
        ("decision-map", {"update": "1000000"}, 8, "expected a whole number from 0 to"),
        ("decision-map", {"update": "-1"}, 8, "expected a whole number from 0 to"),
        ("weights", {}, 7, "no neuron is named. Fix: `:neuron: dense_1:0`"),
        ("weights", {"neuron": "dense_9:0"}, 8, "expected one of dense_1:0 to dense_1:5"),
        ("weights", {"neuron": "dense_1:6"}, 8, "dense_1 has the neurons dense_1:0 to dense_1:5"),
        ("weights", {"neuron": "dense_1"}, 8, "neuron is 'dense_1'"),
        ("pie", {}, 7, "unknown plot 'pie'"),
    ],
)  # fmt: skip
def test_problems_are_told_at_their_place(kind: str, options: dict[str, str], line: int, said: str) -> None:
    with pytest.raises(LessonError) as refused:
        plot_of(block(kind, **options), lesson(builtin("moons"), builtin("spirals")), "talk.md")
    [problem] = refused.value.found
    assert problem.place.line == line
    assert said in problem.text and "\n" not in problem.text
    assert str(refused.value).startswith(f"talk.md:{line}:")


def test_a_run_without_updates_has_no_losses() -> None:
    run = train("moons", epochs=0)
    with pytest.raises(LessonError, match="no updates"):
        plot("loss", run)
    with pytest.raises(LessonError, match="no updates") as refused:
        plot("loss", builtin("moons"), run, **{"with": "hot"})
    assert refused.value.found[0].place == Place(8, 3)


def test_runs_that_are_measured_by_other_things_are_not_compared() -> None:
    with pytest.raises(LessonError, match="is measured by r2"):
        plot("accuracy", builtin("moons"), builtin("diabetes"), **{"with": "hot"})


def test_a_run_without_its_data_says_so() -> None:
    from dataclasses import replace

    run = builtin("moons")
    bare = Run(replace(run.task, examples=None), run.outcome, run.notes)
    with pytest.raises(LessonError, match="does not hold its data"):
        plot("confusion", bare)
