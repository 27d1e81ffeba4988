"""Diagrams: what a block asks for, read from its run, as a drawer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ....errors import LearnloopError, UnknownName
from ...document.model import Block
from ...facts.subject import Subject
from ...model import LessonRun
from ...problems import LessonError, Place, Problem
from ..box_drawing import boxes_drawer
from ..boxes import parse
from ..hand import hand_drawn
from ..scene import Drawer, Drawing
from . import values
from .callouts import illustration_drawing
from .dynamics import dynamics_drawing
from .flow import flow_drawing
from .loop import loop_drawing
from .network import network_drawing
from .neuron import neuron_drawing


@dataclass(frozen=True)
class _Kind:
    """How a diagram is made: what reads its values from a run, what draws them, and the options that it takes."""

    read: Callable[[Subject, values.Where], Any]
    draw: Callable[[Any, float], Drawing]
    takes: frozenset[str]


_KINDS: Mapping[tuple[str, str], _Kind] = {
    ("diagram", "learning-loop"): _Kind(values.loop_of, loop_drawing, frozenset({"update", "row"})),
    ("diagram", "training-dynamics"): _Kind(values.descent_of, dynamics_drawing, frozenset()),
    ("diagram", "neuron"): _Kind(values.neuron_of, neuron_drawing, frozenset({"neuron", "update", "row"})),
    ("diagram", "network"): _Kind(values.net_of, network_drawing, frozenset({"update"})),
    ("diagram", "data-flow"): _Kind(values.flow_of, flow_drawing, frozenset()),
    ("illustration", "network"): _Kind(values.illustration_of, illustration_drawing, frozenset({"update"})),
}
_ALWAYS = frozenset({"run", "hand", "id", "caption", "alt", "prompt"})


def diagram_of(block: Block, runs: Mapping[str, LessonRun], path: str = "the lesson") -> Drawer:
    """A diagram, or the illustration of a network, as its block asks for it; the run is asked once, and drawn for any width.

    Args:
        block: a ``diagram``, or an ``illustration`` of a network.
        runs: of the lesson, by name; "" for the first one.
        path: what messages call the document.

    Raises:
        LessonError: with all problems, each at its place.
    """
    if (block.name, block.argument) == ("diagram", "boxes"):
        drawer = _boxes(block, path)
    else:
        drawer = _of_run(block, runs, path)
    return _by_hand(drawer, block.options["hand"].text.strip() if "hand" in block.options else "off")


def _boxes(block: Block, path: str) -> Drawer:
    found = [Problem(block.options[name].place, f"boxes take no {name}. Fix: leave it out.") for name in block.options if name not in {*_ALWAYS} - {"run"}]
    if block.raw is None:
        raise LessonError(path, [*found, Problem(block.place, "boxes are drawn from lines of text. Fix: data -> network, below it.")])
    boxes, wrong = parse(block.raw)
    if found or wrong:
        raise LessonError(path, [*found, *wrong])
    return boxes_drawer(boxes)


def _of_run(block: Block, runs: Mapping[str, LessonRun], path: str) -> Drawer:
    kind = _KINDS.get((block.name, block.argument))
    if kind is None:
        raise LessonError(path, [Problem(block.place, str(UnknownName(block.name, block.argument, [name for _, name in _KINDS])))])
    found = [
        Problem(given.place, f"{block.argument} takes no {name}. Fix: leave it out.")
        for name, given in block.options.items()
        if name not in kind.takes | _ALWAYS
    ]
    name = block.options["run"].text.strip() if "run" in block.options else ""
    if name not in runs:
        found.append(Problem(_place(block, "run"), str(UnknownName("run of the lesson", name, [each for each in runs if each]))))
    if found:
        raise LessonError(path, found)
    read = _read(block, kind, Subject(runs[name]), path)
    return lambda width: kind.draw(read, width)


def _read(block: Block, kind: _Kind, subject: Subject, path: str) -> Any:
    options = {name: block.options[name].text.strip() for name in kind.takes if name in block.options}
    try:
        return kind.read(subject, values.Where.of(subject, options))
    except values.Unfit as unfit:
        raise LessonError(path, [Problem(_place(block, unfit.option), f"{block.argument}: {unfit}")]) from unfit
    except LearnloopError as error:
        raise LessonError(path, [Problem(block.place, f"{block.argument}: {' '.join(str(error).split())}")]) from error


def _place(block: Block, option: str) -> Place:
    return block.options[option].place if option in block.options else block.place


def _by_hand(drawer: Drawer, seed: str) -> Drawer:
    if not seed.isdigit():
        return drawer
    return lambda width: hand_drawn(drawer(width), int(seed))


__all__ = ["diagram_of"]
