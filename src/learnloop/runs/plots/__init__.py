"""Figures of runs, changes and weights with Matplotlib, which is imported when the first one is drawn.

Every function gives a figure that belongs to nobody else: no global state, no window. A notebook shows it;
``figure.savefig("run.png")`` keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ...errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...run import Run
    from ..change import Change
    from ..insight import Insights


def _drawn(module: str, function: str, *given: Any, **options: Any) -> Any:
    try:
        import_module("matplotlib.figure")
    except ImportError as error:
        raise MissingExtra(
            "figures need Matplotlib, which is not installed. Fix: pip install 'learnloop[plot]'"
        ) from error
    return getattr(import_module(f".{module}", __name__), function)(*given, **options)


def plot_run(run: Run, insights: Insights | bool = True) -> Figure:
    """How a run went: the loss of every update and its running mean, what was measured per epoch, and insights.

    Args:
        run: the run.
        insights: what is marked; True to find out, False for nothing.

    Returns:
        The figure: the loss, and below it what was measured of the validation rows, if there were some.

    Raises:
        DescriptionError: for a run without updates.
        MissingExtra: if Matplotlib is missing.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1), X, y, epochs=5, validation=0.2, progress=False)
    >>> [axes.get_ylabel() for axes in plot_run(run, insights=False).axes]
    ['loss', 'accuracy']
    """
    figure: Figure = _drawn("course", "plot_run", run, insights)
    return figure


def plot_compare(a: Run, b: Run, names: tuple[str, str] = ("a", "b")) -> Figure:
    """The losses of two runs, and the first update where they part.

    Args:
        a: one run.
        b: the other one.
        names: what the legend calls them.

    Raises:
        DescriptionError: for a run without updates.
        MissingExtra: if Matplotlib is missing.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> runs = [ll.train(ll.mlp(2, 4, 1), X, y, epochs=5, seed=k, progress=False) for k in (0, 1)]
    >>> plot_compare(*runs, names=("seed 0", "seed 1")).axes[0].get_title(loc="left")
    'The losses part at update 0'
    """
    figure: Figure = _drawn("course", "plot_compare", a, b, names)
    return figure


def plot_change(change: Change, rows: int = 8) -> Figure:
    """Why a weight moved, as a waterfall: each part begins where the one above it ends; the last bar is the change.

    Args:
        change: what ``moment.change(...)`` gave.
        rows: how many rows of the batch have a bar of their own, the strongest first; the others share one.

    Raises:
        DescriptionError: for a number of rows that makes no sense.
        MissingExtra: if Matplotlib is missing.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1), X, y, epochs=1, progress=False)
    >>> change = run.at(0).change("dense_1.weight", 0, 2)
    >>> len(plot_change(change, rows=3).axes[0].patches)  # 3 rows, the others, Adam's mean, rounding, the change
    7
    """
    figure: Figure = _drawn("change", "plot_change", change, rows)
    return figure


def plot_life(values: Sequence[float], *, updates: Sequence[int] | None = None, name: str = "weight") -> Figure:
    """The life of one weight.

    Args:
        values: its value at each update.
        updates: the updates; None for 0, 1, 2 ...
        name: what it is called, "dense_1.weight[3,7]".

    Raises:
        DescriptionError: for no values, or as many updates as there are not values.
        MissingExtra: if Matplotlib is missing.

    >>> plot_life([0.1, 0.12, 0.09], name="dense_1.weight[3,7]").axes[0].get_xlabel()
    'update'
    """
    figure: Figure = _drawn("change", "plot_life", values, updates, name)
    return figure


def plot_weights(run: Run, layer: str | None = None, *, shape: tuple[int, int] | None = None) -> Figure:
    """The final weights of a layer: a small picture for each unit, or one map of inputs and units.

    Args:
        run: the run.
        layer: a layer with weights; None for the first one.
        shape: rows and columns of the picture that the inputs form; None for a square one, if this is the first layer
            and its inputs form one, and else for a map.

    Raises:
        UnknownName: for a layer without weights.
        DescriptionError: for a shape that does not fit the inputs.
        MissingExtra: if Matplotlib is missing.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 4, 1), X, y, epochs=1, progress=False)
    >>> plot_weights(run, "dense_1").axes[0].get_xlabel()
    'unit'
    """
    figure: Figure = _drawn("weights", "plot_weights", run, layer, shape)
    return figure


__all__ = ["plot_change", "plot_compare", "plot_life", "plot_run", "plot_weights"]
