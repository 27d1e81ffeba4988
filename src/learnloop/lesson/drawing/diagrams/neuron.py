"""One neuron: inputs times weights are added up, the sum is squashed, and comes out."""

from __future__ import annotations

from dataclasses import dataclass

from ..check import extent
from ..measure import fitted
from ..path import Box, Xy, circle, line, rectangle
from ..scene import WIDE, Drawing, Ink, Part, Shape, Stroke
from ..shapes import BASE, MARGIN, SMALL, TEXT, around, grown, words


@dataclass(frozen=True)
class Input:
    """One line of the sum.

    Attributes:
        name: of the input; "bias", or "59 more".
        value: what came in, or what is added: "0.52".
        factor: "× −0.53"; "" for the bias, and for what others come to together.
        product: what it adds to z.
    """

    name: str
    value: str
    factor: str
    product: float


@dataclass(frozen=True)
class NeuronPicture:
    """A neuron, for one row at one update.

    Attributes:
        title: "hidden layer 1, unit 3".
        when: "update 412, row 17".
        inputs: the strongest, those that are left out as one, and the bias.
        z, a: pre-activation and activation.
        shown_z, shown_a: as they are said.
        rule: the name of the activation.
        curve: points (z, a) of it, evenly spaced; empty for one that looks at other units, too.
    """

    title: str
    when: str
    inputs: tuple[Input, ...]
    z: float
    a: float
    shown_z: str
    shown_a: str
    rule: str
    curve: tuple[Xy, ...]


@dataclass(frozen=True)
class Places:
    """Where things are, for a width: x of columns, and middles of what is round."""

    chips: tuple[float, float]
    factors: tuple[float, float]
    mix: Xy
    squash: Box
    output: Xy


PITCH, CHIP, HEADER = 34.0, 26.0, 24.0
"""Pixels from line to line, of a line's box, and above all lines."""
MIX, OUT = 34.0, 30.0
"""Radii of the circles."""
CURVE_HIGH = 92.0


def neuron_drawing(neuron: NeuronPicture, width: float) -> Drawing:
    """The picture for a width."""
    high = max(len(neuron.inputs) * PITCH, 112.0)
    places = _wide(width, high) if width >= WIDE else _narrow(width, high)
    parts = (_inputs(neuron, places, high), _weights(neuron, places, high), _mix(neuron, places, width >= WIDE), _squash(neuron, places, width >= WIDE),
             _output(neuron, places, width >= WIDE))  # fmt: skip
    height = MARGIN + HEADER + high + 44 if width >= WIDE else places.squash[3] + 26
    return Drawing(width, height, f"A neuron: {neuron.title}, {neuron.when}", _described(neuron), parts)


def _described(neuron: NeuronPicture) -> str:
    terms = "; ".join(" ".join(filter(None, (x.name, x.value, x.factor))) for x in neuron.inputs)
    return f"Inputs and weights: {terms}. They add up to z = {neuron.shown_z}; then a = {_function(neuron)} = {neuron.shown_a}."


def _wide(width: float, high: float) -> Places:
    middle = MARGIN + HEADER + high / 2
    right = width - MARGIN
    output = (right - OUT - 4, middle)
    squash = (output[0] - OUT - 34 - 124, middle - CURVE_HIGH / 2, output[0] - OUT - 34, middle + CURVE_HIGH / 2)
    return Places((MARGIN, 150.0), (164.0, 240.0), (squash[0] - 34 - MIX, middle), squash, output)


def _narrow(width: float, high: float) -> Places:
    mix = (width - MARGIN - MIX, MARGIN + HEADER + high / 2)
    top = MARGIN + HEADER + high + 22
    squash = (width - MARGIN - 136, top, width - MARGIN, top + CURVE_HIGH)
    return Places((MARGIN, 108.0), (112.0, 194.0), mix, squash, (MARGIN + 52, top + CURVE_HIGH / 2))


def _middle(neuron: NeuronPicture, k: int, high: float) -> float:
    """Where a line of the sum is."""
    return MARGIN + HEADER + high / 2 + (k - (len(neuron.inputs) - 1) / 2) * PITCH


def _title(text: str, x: float, y: float = MARGIN + 13) -> Shape:
    return words(x, y, text, SMALL, "middle", bold=True)


def _inputs(neuron: NeuronPicture, places: Places, high: float) -> Part:
    left, right = places.chips
    shapes: list[Shape] = [_title("inputs", (left + right) / 2)]
    for k, given in enumerate(neuron.inputs):
        y = _middle(neuron, k, high)
        shapes.append(Stroke(rectangle((left, y - CHIP / 2, right, y + CHIP / 2), 7), "quiet", 1.2, "paper", dash=not given.factor))
        value = words(right - 8, y + (BASE - 0.5) * SMALL, fitted(given.value, SMALL, right - left - 40), SMALL, "end")
        shapes.append(words(left + 8, value.y, fitted(given.name, SMALL, right - left - 24 - value.length), SMALL, ink="quiet"))
        shapes.append(value)
    return Part("inputs", tuple(shapes), (left - 2, MARGIN, right + 2, MARGIN + HEADER + high))


def _weights(neuron: NeuronPicture, places: Places, high: float) -> Part:
    left, right = places.factors
    shapes: list[Shape] = [_title("weights", (left + right) / 2)]
    most = max((abs(x.product) for x in neuron.inputs), default=0.0) or 1.0
    for k, given in enumerate(neuron.inputs):
        y = _middle(neuron, k, high)
        if given.factor:
            shapes.append(words((left + right) / 2, y + (BASE - 0.5) * SMALL, fitted(given.factor, SMALL, right - left), SMALL, "middle"))
        start = right if given.factor else left
        ink: Ink = "positive" if given.product >= 0 else "negative"
        shapes.append(Stroke(line([(start, y), *([(right, y)] if not given.factor else []), _rim(places.mix, (right, y))]), ink, 0.9 + 2.4 * abs(given.product) / most, dash=given.product < 0))
    return Part("weights", tuple(shapes), (left - 2, MARGIN, places.mix[0] - MIX - 2, MARGIN + HEADER + high))


def _rim(middle: Xy, towards: Xy) -> Xy:
    """Where a line that comes in from the left meets the circle: spread along its left side."""
    share = max(-0.45, min(0.45, (towards[1] - middle[1]) / 220))
    return middle[0] - MIX - 4, middle[1] + share * MIX


def _mix(neuron: NeuronPicture, places: Places, wide: bool) -> Part:
    x, y = places.mix
    shapes: list[Shape] = [
        _title("mix", x, MARGIN + 13 if wide else y - MIX - 8),
        Stroke(circle(x, y, MIX), "accent", 1.8, "soft"),
        words(x, y - 1, "Σ", 20, "middle", bold=True),
        words(x, y + 17, neuron.shown_z, SMALL, "middle"),
    ]
    top, bottom = (MARGIN, y + MIX + 23) if wide else (y - MIX - 21, y + MIX + 2)
    if wide:
        shapes.append(words(x, y + MIX + 18, "z = w·x + b", SMALL, "middle", ink="quiet", italic=True))
    return Part("mix", tuple(shapes), (x - MIX - 2, top, x + MIX + 2, bottom))


def _squash(neuron: NeuronPicture, places: Places, wide: bool) -> Part:
    left, top, right, bottom = places.squash
    x = (left + right) / 2
    shapes: list[Shape] = []
    mx, my = places.mix
    start, end = ((mx + MIX + 4, my), (left - 4, my)) if wide else ((mx, my + MIX + 4), (mx, top - 4))
    shapes.append(Stroke(line([start, end]), "accent", 2.0, arrow=True))
    shapes.append(Stroke(rectangle(places.squash, 8), "quiet", 1.2, "paper"))
    shapes += _curve(neuron, places.squash)
    said = fitted(f"a = {_function(neuron)}", SMALL, right - left)
    if wide:
        shapes += [_title("squash", x), words(x, bottom + 18, said, SMALL, "middle", ink="quiet", italic=True)]
        return Part("squash", tuple(shapes), (left - 32, MARGIN, right + 2, bottom + 23))
    shapes.append(words(x, bottom + 18, fitted(f"squash: a = {_function(neuron)}", SMALL, right - left), SMALL, "middle"))
    return Part("squash", tuple(shapes), (left - 2, top - 18, right + 2, bottom + 23))


def _function(neuron: NeuronPicture) -> str:
    return "z" if neuron.rule in ("", "identity") else f"{neuron.rule}(z)"


def _curve(neuron: NeuronPicture, box: Box) -> list[Shape]:
    """The activation, with the point that this row has on it."""
    if not neuron.curve:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return [words(x, y + 4, fitted(neuron.rule, TEXT, box[2] - box[0] - 16), TEXT, "middle", italic=True)]
    left, top, right, bottom = grown(box, -12)
    zs, values = [z for z, _ in neuron.curve], [a for _, a in neuron.curve]
    low, high = min(*values, 0.0), max(*values, 0.0)
    span = (high - low) or 1.0

    def at(z: float, a: float) -> Xy:
        return left + (z - zs[0]) / (zs[-1] - zs[0]) * (right - left), bottom - (min(max(a, low), high) - low) / span * (bottom - top)

    dot = at(neuron.z, neuron.a)
    zero = at(0.0, 0.0)
    shapes: list[Shape] = [Stroke(line([(left, zero[1]), (right, zero[1])]), "neutral", 1.0), Stroke(line([(zero[0], bottom), (zero[0], top)]), "neutral", 1.0)]
    shapes += [Stroke(line([at(z, a) for z, a in neuron.curve]), "accent", 2.0)]
    guides = [line([(dot[0], zero[1]), dot]), line([dot, (zero[0], dot[1])])]
    shapes += [Stroke(d, "ink", 1.0, dash=True) for d in guides]
    return [*shapes, Stroke(circle(*dot, 4.0), "ink", 1.0, "ink")]


def _output(neuron: NeuronPicture, places: Places, wide: bool) -> Part:
    x, y = places.output
    left, _, right, _ = places.squash
    start, end = ((right + 4, y), (x - OUT - 5, y)) if wide else ((left - 5, y), (x + OUT + 5, y))
    shapes: list[Shape] = [
        Stroke(line([start, end]), "accent", 2.0, arrow=True),
        Stroke(circle(x, y, OUT), "accent", 1.8, "soft"),
        words(x, y + 5, neuron.shown_a, SMALL if len(neuron.shown_a) > 5 else TEXT, "middle", bold=True),
        _title("output", x, MARGIN + 13 if wide else y - OUT - 10),
        words(x, y + OUT + 18, "a", SMALL, "middle", ink="quiet", italic=True),
    ]
    return Part("output", tuple(shapes), around([extent(shape) for shape in shapes]))
