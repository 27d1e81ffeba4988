"""A network: its layers as columns or rows of units, its weights as links whose colour and dashes say their sign."""

from __future__ import annotations

import numpy as np

from ..check import extent
from ..measure import fitted
from ..path import Box, Xy, circle, line
from ..scene import Drawing, Ink, Part, Shape, Stroke
from ..shapes import BASE, MARGIN, SMALL, Text, around, boxed, grown, words
from .units import LOSS, NAMES, Net, Placed

LINKS = 72
"""So many links are drawn between two layers: the strongest."""
THIN, THICK = 0.7, 3.0
"""Pixels of the weakest and the strongest link."""


def network_drawing(net: Net, width: float) -> Drawing:
    """The picture for a width."""
    placed = Placed(net, width)
    parts = network_parts(placed)
    return Drawing(width, bottom(placed), f"The network {net.when}", described(net), tuple(parts))


def described(net: Net) -> str:
    """The network in words."""
    layers = "; ".join(f"{layer.title}, {layer.detail}" for layer in net.layers)
    return f"{layers}. Links are weights: blue and solid above zero, orange and dashed below; thicker ones are stronger." + (
        f" The loss is {net.loss}." if net.loss else ""
    )


def network_parts(placed: Placed) -> list[Part]:
    """All parts, in the order in which information flows."""
    last = len(placed.net.layers) - 1
    parts = [_layer(placed, 0, "input-layer")]
    for k in range(1, last + 1):
        parts += [_links(placed, k - 1), _layer(placed, k, "output-layer" if k == last else f"hidden-{k}")]
    return [*parts, _loss(placed)]


def bottom(placed: Placed) -> float:
    """How high the picture is."""
    return max(loss_box(placed)[3], placed.end) + MARGIN


def loss_box(placed: Placed) -> Box:
    """Where the loss stands: to the right of columns, below rows."""
    high = _loss_text(placed).height + 14
    if placed.columns:
        middle = placed.header + placed.length / 2
        return placed.width - MARGIN - LOSS, middle - high / 2, placed.width - MARGIN, middle + high / 2
    middle = (placed.units_box[0] + placed.units_box[2]) / 2
    wide = max(_loss_text(placed).width + 20, LOSS)
    return middle - wide / 2, placed.end + 34, middle + wide / 2, placed.end + 34 + high


def links_between(placed: Placed, layer: int) -> list[tuple[Xy, Xy, float]]:
    """The strongest links between units that are drawn, weakest first: (from, to, weight)."""
    weights = placed.net.weights[layer]
    if weights is None:
        return []
    pairs = [(u, v) for u in placed.shown(layer) for v in placed.shown(layer + 1)]
    values = [float(np.nan_to_num(weights[u, v], posinf=1e30, neginf=-1e30)) for u, v in pairs]
    strongest = sorted(range(len(pairs)), key=lambda k: (-abs(values[k]), k))[:LINKS]
    found = []
    for k in reversed(strongest):
        u, v = pairs[k]
        found.append((*_between(placed, placed.unit(layer, u), placed.unit(layer + 1, v)), values[k]))
    return found


def _links(placed: Placed, layer: int) -> Part:
    links = links_between(placed, layer)
    if not links:
        middle = [placed.place(k, 0)[0 if placed.columns else 1] for k in (layer, layer + 1)]
        return Part(f"links-{layer + 1}", (_gap(placed, middle[0], middle[1]),))
    most = max(abs(weight) for _, _, weight in links) or 1.0
    strokes = [
        Stroke(line([start, end]), "positive" if weight >= 0 else "negative", THIN + (THICK - THIN) * abs(weight) / most, dash=weight < 0)
        for start, end, weight in links
    ]
    return Part(f"links-{layer + 1}", tuple(strokes))


def _gap(placed: Placed, start: float, end: float) -> Stroke:
    """An arrow in place of layers that are left out."""
    box, air = placed.units_box, placed.form.radius + 8
    points = [(start + air, (box[1] + box[3]) / 2), (end - air, (box[1] + box[3]) / 2)]
    if not placed.columns:
        points = [((box[0] + box[2]) / 2, start + air), ((box[0] + box[2]) / 2, end - air)]
    return Stroke(line(points), "quiet", dash=True, arrow=True)


def _between(placed: Placed, start: Xy, end: Xy) -> tuple[Xy, Xy]:
    """A link from edge to edge of two units."""
    reach = placed.form.radius + 2
    x, y = end[0] - start[0], end[1] - start[1]
    far = (x * x + y * y) ** 0.5
    u, v = x / far * reach, y / far * reach
    return (start[0] + u, start[1] + v), (end[0] - u, end[1] - v)


def _layer(placed: Placed, layer: int, name: str) -> Part:
    ink: Ink = "accent" if layer else "quiet"
    places = [placed.unit(layer, unit) for unit in placed.shown(layer)]
    shapes: list[Shape] = [Stroke(circle(x, y, placed.form.radius), ink, 1.5, "soft" if layer else "paper") for x, y in places]
    boxes = placed.circle(layer)
    if len(placed.shown(layer)) < placed.slots(layer):
        shapes += _dots(placed, layer)
    told = _said(placed, layer)
    shapes += told
    return Part(name, tuple(shapes), grown(around([*boxes, *map(extent, told)]), 1.0))


def _dots(placed: Placed, layer: int) -> list[Shape]:
    """Three dots for the units that are left out."""
    x, y = placed.place(layer, placed.slots(layer) - 2)
    steps = [(0, -6), (0, 0), (0, 6)] if placed.columns else [(-6, 0), (0, 0), (6, 0)]
    return [Stroke(circle(x + a, y + b, 1.4), "quiet", 1.0, "quiet") for a, b in steps]


def _said(placed: Placed, layer: int) -> list[Shape]:
    """Title and detail, and beside columns the names of units."""
    text = placed.texts[layer]
    if not placed.columns:
        return [*text.at(MARGIN + 1, placed.mains[layer] - text.height / 2, "start")]
    found: list[Shape] = [*text.at(placed.mains[layer], placed.header - 10 - text.height)]
    names = placed.net.layers[layer].names
    for unit in placed.shown(layer) if names else []:
        x, y = placed.unit(layer, unit)
        far = placed.form.radius + 6
        said = fitted(names[unit], SMALL, NAMES - 8)
        first = layer == 0
        found.append(words(x - far if first else x + far, y + (BASE - 0.5) * SMALL, said, SMALL, "end" if first else "start"))
    return found


def _loss_text(placed: Placed) -> Text:
    most = LOSS - 8 if placed.columns else placed.width - placed.margin - 120
    return Text(most).say("loss", SMALL, bold=True).say(placed.net.loss, SMALL, lines=2)


def _loss(placed: Placed) -> Part:
    box = loss_box(placed)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if placed.columns:
        start, end = (placed.mains[-1] + placed.reach + 4, y), (box[0] - 4, y)
    else:
        start, end = (x, placed.end + 5), (x, box[1] - 4)
    shapes = [Stroke(line([start, end]), "ink", 2.0, arrow=True), *boxed(box, _loss_text(placed), "ink")]
    return Part("loss", tuple(shapes), grown(around([box, (*start, *start)]), 2.0))



