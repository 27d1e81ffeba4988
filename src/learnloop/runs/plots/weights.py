"""The weights of a layer as pictures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...errors import DescriptionError, UnknownName
from ..structure import Structure
from .canvas import DIVERGING, FAINT, INK, WIDTH, canvas, literal, plain

if TYPE_CHECKING:
    from ...run import Run

Array = np.ndarray[Any, np.dtype[Any]]
SMALLEST = 4
"""Rows of the smallest picture: fewer inputs are rather some columns of a table."""
MOST = 60
"""Units that are shown as pictures."""
NUMBERED = 12
"""Units and inputs up to which a map says each number."""

DARK = 0.65
"""The share of the scale beyond which blue is too dark for black numbers."""


def plot_weights(run: Run, layer: str | None, shape: tuple[int, int] | None) -> Figure:
    """See :func:`learnloop.runs.plots.plot_weights`."""
    known = weights_of(run)
    name = next(iter(known), None) if layer is None else layer
    if name not in known:
        raise UnknownName("layer with weights", name, known)
    weights = known[name]
    first = name == next(iter(known))
    fitting = _shape(len(weights), shape, first and len(weights) == run.network.inputs)
    return _map(weights, name) if fitting is None else _pictures(weights, fitting, name)


def weights_of(run: Run) -> dict[str, Array]:
    """The matrix of each layer with a pre-activation, (inputs, units)."""
    structure, found = Structure(run.program), {}
    for layer in structure.layers:
        z = structure.pre_activation(layer)
        own = {p.tensor: p.name for p in structure.parameters_of(layer).values() if len(p.dims) == 2}
        names = [own[f.tensor] for f in z.factors if f.tensor in own] if z is not None else []
        if names:
            found[layer] = run.weights[names[0]]
    return found


def _shape(inputs: int, shape: tuple[int, int] | None, first: bool) -> tuple[int, int] | None:
    if shape is None:
        side = math.isqrt(inputs)
        return (side, side) if first and side >= SMALLEST and side * side == inputs else None
    if math.prod(shape) != inputs or min(shape) < 1:
        raise DescriptionError(f"shape is {shape}; expected two numbers whose product is {inputs}, the inputs.")
    return shape


def _pictures(weights: Array, shape: tuple[int, int], name: str) -> Figure:
    """A grid of units on one scale."""
    sizes = np.linalg.norm(weights.astype(np.float64), axis=0)
    chosen = np.sort(np.argsort(-sizes, kind="stable")[:MOST])
    units = weights.shape[1]
    columns = min(len(chosen), min(range(7, 11), key=lambda c: (-len(chosen) % c, -c)))
    lines = -(-len(chosen) // columns)
    figure = canvas(0.7 + lines * (WIDTH - 1) / columns * shape[0] / shape[1] * 1.18 if columns > 3 else 3.2)
    grid = figure.subplots(lines, columns, squeeze=False).ravel()
    most = _most(weights)
    for axes in grid:
        axes.set_axis_off()
    for axes, unit in zip(grid, chosen.tolist(), strict=False):
        shown = axes.imshow(weights[:, unit].reshape(shape), cmap=DIVERGING, vmin=-most, vmax=most)
        axes.set_title(str(unit), fontsize=8, color=FAINT, pad=2)
    _legend(figure, shown, list(grid))
    kept = f"{units} units" if len(chosen) == units else f"the {len(chosen)} strongest of {units} units"
    figure.suptitle(f"{literal(name)}: the weights of {kept}, each a picture of {shape[0]} x {shape[1]} inputs",
                    x=0.01, ha="left", fontsize=11, color=INK)  # fmt: skip
    return figure


def _map(weights: Array, name: str) -> Figure:
    """Inputs from top to bottom, units from left to right."""
    inputs, units = weights.shape
    figure = canvas(min(7.0, max(2.4, 1.3 + 0.28 * inputs)))
    axes = figure.subplots()
    most = _most(weights)
    shown = axes.imshow(weights, cmap=DIVERGING, vmin=-most, vmax=most, aspect="auto", interpolation="nearest")
    axes.set_xlabel("unit")
    axes.set_ylabel("input")
    for count, set_ticks in ((units, axes.set_xticks), (inputs, axes.set_yticks)):
        if count <= 2 * NUMBERED:
            set_ticks(range(count))
    if max(inputs, units) <= NUMBERED:
        _numbers(axes, weights)
    _legend(figure, shown, [axes])
    plain(axes, f"{name}: the weights of {units} units from {inputs} inputs")
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _numbers(axes: Axes, weights: Array) -> None:
    most = _most(weights)
    for (i, j), value in np.ndenumerate(weights):
        ink = "white" if value > DARK * most else INK
        axes.text(j, i, f"{value:.2f}".replace("-0.00", "0.00"), ha="center", va="center", fontsize=8, color=ink)


def _most(weights: Array) -> float:
    """Where both ends of the scale are."""
    finite = np.abs(weights[np.isfinite(weights)])
    return float(finite.max()) if finite.size and finite.max() > 0 else 1.0


def _legend(figure: Figure, shown: Any, axes: list[Axes]) -> None:
    bar = figure.colorbar(shown, ax=axes, fraction=0.03, pad=0.02, label="weight")
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=8, colors=FAINT, labelcolor=INK)
