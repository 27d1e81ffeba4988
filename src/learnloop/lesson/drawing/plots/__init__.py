"""Plots of runs: losses, accuracy, what is answered where, weights, and what was mistaken for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ....errors import LearnloopError, UnknownName
from ...document.model import Block
from ...model import LessonRun
from ...problems import LessonError, Place, Problem
from ..scene import Drawer
from .asked import Asked
from .confusion import confusion_plot
from .decision import decision_map
from .loss import loss_plot
from .mistakes import mistakes_plot
from .problem import Unfit
from .quality import quality_plot
from .stills import still_of
from .weights import weights_plot

_PLOTS: Mapping[str, tuple[Callable[[Asked], Drawer], frozenset[str]]] = {
    "loss": (lambda asked: loss_plot(asked.run, asked.other), frozenset({"with"})),
    "accuracy": (lambda asked: quality_plot(asked.run, asked.other), frozenset({"with"})),
    "decision-map": (lambda asked: decision_map(asked.run, asked.update), frozenset({"update"})),
    "weights": (lambda asked: weights_plot(asked.run, asked.needed_neuron(), asked.update), frozenset({"neuron", "update"})),
    "confusion": (lambda asked: confusion_plot(asked.run, asked.update), frozenset({"update"})),
    "mistakes": (lambda asked: mistakes_plot(asked.run, asked.update), frozenset({"update"})),
}
"""How each plot is made, and which options it takes beside ``run``."""


def plot_of(block: Block, runs: Mapping[str, LessonRun], path: str = "the lesson") -> Drawer:
    """A plot as its block asks for it; the run is asked once, and drawn for any width.

    Args:
        block: a ``plot``.
        runs: of the lesson, by name; "" for the first one.
        path: what messages call the document.

    Raises:
        LessonError: at the place of the option, or of the block, if the run has nothing such to show.
    """
    try:
        return _drawer(block, runs)
    except Unfit as unfit:
        raise LessonError(path, [Problem(_place(block, unfit.option), f"{block.argument}: {unfit}")]) from unfit
    except LearnloopError as error:
        raise LessonError(path, [Problem(block.place, f"{block.argument}: {' '.join(str(error).split())}")]) from error


def _drawer(block: Block, runs: Mapping[str, LessonRun]) -> Drawer:
    if block.argument not in _PLOTS:
        raise UnknownName("plot", block.argument, list(_PLOTS))
    make, takes = _PLOTS[block.argument]
    return make(Asked.of(block, runs, takes))


def _place(block: Block, option: str) -> Place:
    return block.options[option].place if option in block.options else block.place


__all__ = ["plot_of", "still_of"]
