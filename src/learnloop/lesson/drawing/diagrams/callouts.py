"""A network with call-outs: what a weight, a neuron, an activation and the loss are, each with an arrow to one."""

from __future__ import annotations

from dataclasses import dataclass

from ...facts.formats import written
from ..path import Box, Xy, turning
from ..scene import WIDE, Drawing, Part, Shape, Stroke
from ..shapes import MARGIN, SMALL, Text, grown
from .network import bottom, described, links_between, loss_box, network_parts
from .units import Net, Placed


@dataclass(frozen=True, eq=False)
class Illustration:
    """A network, and the numbers of what is called out.

    Attributes:
        net: the network.
        activation: of the last hidden unit that is drawn, for one row: "0.83"; of an output, where no layer is hidden.
    """

    net: Net
    activation: str


@dataclass(frozen=True)
class Call:
    """Something that is called out: the name of its part, its title, what is said, and where its arrow ends."""

    name: str
    title: str
    said: str
    at: Xy


AIR, BAND = 12.0, 20.0
"""Pixels between call-outs, and of the band in which their arrows find their way."""
ASIDE, LABELS = 86.0, 84.0
"""Pixels of call-outs beside rows, and of what is said of the rows."""


def illustration_drawing(picture: Illustration, width: float) -> Drawing:
    """The picture for a width."""
    placed = Placed(picture.net, width)
    if not placed.columns:
        placed = Placed(picture.net, width, ASIDE + BAND, LABELS if width < WIDE else ASIDE + BAND)
    calls = sorted(_calls(picture, placed), key=lambda call: call.at[0 if placed.columns else 1])
    parts, height = _below(placed, calls) if placed.columns else _beside(placed, calls)
    names = ("neuron", "weight", "activation", "loss-said")
    ordered = sorted(parts, key=lambda part: names.index(part.name))
    return Drawing(width, height, "A neural network, and what its parts are called", described(picture.net), (*network_parts(placed), *ordered))


def _calls(picture: Illustration, placed: Placed) -> list[Call]:
    net, last = picture.net, len(picture.net.layers) - 1
    hidden = max(last - 1, min(last, 1))
    calls = [
        Call("neuron", "neuron", "adds up what comes in, and answers", _edge(placed, 1)),
        Call("activation", "activation", f"what a neuron says: {picture.activation}", _edge(placed, hidden if hidden > 1 else last)),
        Call("loss-said", "loss", f"how wrong the answer is: {net.loss}", _loss_edge(placed)),
    ]
    link = _outer_link(placed)
    weight = f"how much one counts for the next: {link[1]}" if link[1] else "how much one counts for the next"
    return [Call("weight", "weight", weight, link[0]), *calls]


def _edge(placed: Placed, layer: int) -> Xy:
    """The outer edge of the last unit of a layer."""
    x, y = placed.unit(layer, placed.shown(layer)[-1])
    reach = placed.form.radius + 4
    return (x, y + reach) if placed.columns else (x + reach, y)


def _loss_edge(placed: Placed) -> Xy:
    left, top, right, low = loss_box(placed)
    return ((left + right) / 2, low + 5) if placed.columns else (right + 5, (top + low) / 2)


def _outer_link(placed: Placed) -> tuple[Xy, str]:
    """Just outside the middle of the link below all others of the first layer, or to the right of them; and its weight."""
    across = 1 if placed.columns else 0
    links = links_between(placed, 0)
    if not links:
        box = placed.units_box
        return ((box[0], box[3]) if placed.columns else (box[2], box[1])), ""
    start, end, weight = max(links, key=lambda link: (link[0][across] + link[1][across], link[0], link[1]))
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return ((x, y + 3) if placed.columns else (x + 3, y)), written(weight, "number")


def _below(placed: Placed, calls: list[Call]) -> tuple[list[Part], float]:
    """Call-outs in a row below columns."""
    wide = (placed.width - 2 * MARGIN - (len(calls) - 1) * AIR) / len(calls)
    texts = [_text(call, wide) for call in calls]
    lowest = max([bottom(placed), *(call.at[1] + 12 for call in calls)])
    top = lowest + BAND
    parts = []
    for k, (call, text) in enumerate(zip(calls, texts, strict=True)):
        x = MARGIN + k * (wide + AIR) + wide / 2
        parts.append(_part(call, text, [(x, top - 2), (call.at[0], lowest), call.at], text.at(x, top), (x - wide / 2, top, x + wide / 2, top + text.height)))
    return parts, top + max(text.height for text in texts) + MARGIN


def _beside(placed: Placed, calls: list[Call]) -> tuple[list[Part], float]:
    """Call-outs in a column beside rows, each near what it speaks of, and below the one before."""
    left = placed.width - MARGIN - ASIDE
    parts, top = [], MARGIN
    turn = left - BAND
    for call in calls:
        text = _text(call, ASIDE)
        top = max(top, call.at[1] - text.height / 2)
        y = top + text.height / 2
        box = (left, top, left + ASIDE, top + text.height)
        parts.append(_part(call, text, [(left - 4, y), (max(turn, call.at[0] + 9), call.at[1]), call.at], text.at(left, top, "start"), box))
        top += text.height + AIR
    return parts, max(top - AIR, bottom(placed)) + MARGIN


def _text(call: Call, most: float) -> Text:
    return Text(most).say(call.title, bold=True, ink="accent").say(call.said, SMALL, ink="quiet", lines=5)


def _part(call: Call, text: Text, points: list[Xy], said: list[Shape], box: Box) -> Part:
    return Part(call.name, (*said, Stroke(turning(points, 5), "accent", 1.25, arrow=True)), grown(box, 1.0))



