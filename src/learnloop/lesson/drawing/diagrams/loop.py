"""The learning loop: data, network, answer, loss, and the error that comes back and changes the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..path import Box, Xy, line, turning
from ..scene import WIDE, Drawing, Ink, Part, Stroke, Words
from ..shapes import MARGIN, PAD, SMALL, Text, boxed, grown, words


@dataclass(frozen=True)
class Loop:
    """One update, as it is said in the picture.

    Attributes:
        data: what goes in: "64 rows of spirals".
        network: how it is made: "2 → 8 → 8 → 1".
        answer: to one row: "row 17: 62 % inner".
        target: what it should be: "outer".
        loss: of the batch: "0.7035".
        after: of the same rows after the update, or "".
        step: how weights change: "W ← W − 0.1 · ∂L/∂W".
        update: which one.
    """

    data: str
    network: str
    answer: str
    target: str
    loss: str
    after: str
    step: str
    update: int


GAP = 42.0
"""Pixels between boxes of the wide picture: room for an arrow."""
STEP = 30.0
"""Pixels between boxes of the narrow one."""
LANE = 34.0
"""Pixels beside the narrow column: the way back up."""


def loop_drawing(loop: Loop, width: float) -> Drawing:
    """The picture for a width."""
    parts, height = _wide(loop, width) if width >= WIDE else _narrow(loop, width)
    said = (
        f"{loop.data} go into the network, {loop.network}. It answers, for {loop.answer}; the target is {loop.target}. "
        f"The loss is {loop.loss}. The error goes back, and the weights change by {loop.step}"
        + (f", after which the loss of the same rows is {loop.after}." if loop.after else ".")
    )
    return Drawing(width, height, f"The learning loop, update {loop.update}", said, tuple(parts))


def _texts(loop: Loop, most: dict[str, float]) -> dict[str, Text]:
    """What the boxes say, wrapped to what each may take."""
    said = {
        "data": ("Data", "x", loop.data),
        "network": ("Network", "f(x; W, b)", loop.network),
        "answer": ("Answer", "ŷ", loop.answer),
        "target": ("Target", "y", loop.target),
        "loss": ("Loss", "L(ŷ, y)", loop.loss),
        "update": ("Weights change", "", loop.step),
    }
    texts = {name: _text(most[name] - 2 * PAD, *words) for name, words in said.items()}
    if loop.after:
        texts["update"].say(f"loss {loop.loss} → {loop.after}", SMALL)
    return texts


def _text(most: float, title: str, symbol: str, text: str) -> Text:
    return Text(most).say(title, bold=True).say(symbol, italic=True).say(text, SMALL, ink="quiet", lines=4)


def _wide(loop: Loop, width: float) -> tuple[list[Part], float]:
    most = {"data": 118.0, "network": 150.0, "answer": 118.0, "loss": width - 2 * MARGIN - 386 - 3 * GAP, "update": 192.0, "target": 92.0}
    texts = _texts(loop, most)
    high = max(texts[name].height for name in ("data", "network", "answer", "loss")) + 2 * PAD
    low = max(texts[name].height for name in ("update", "target")) + 2 * PAD
    boxes: dict[str, Box] = {}
    left = MARGIN
    for name in ("data", "network", "answer", "loss"):
        boxes[name] = (left, MARGIN, left + most[name], MARGIN + high)
        left += most[name] + GAP
    top = MARGIN + high + 52
    middle = (boxes["network"][0] + boxes["network"][2]) / 2
    boxes["update"] = (middle - most["update"] / 2, top, middle + most["update"] / 2, top + low)
    boxes["target"] = (boxes["loss"][2] - most["target"], top, boxes["loss"][2], top + low)
    y = MARGIN + high / 2
    error, level = boxes["loss"][0] + 16, top + low / 2
    arrows = {
        "forward": _arrow([(boxes["data"][2], y), (boxes["network"][0], y)]),
        "answer": _arrow([(boxes["network"][2], y), (boxes["answer"][0], y)]),
        "loss": _arrow([(boxes["answer"][2], y), (boxes["loss"][0], y)]),
        "target": _arrow([_up(boxes["target"], top), _up(boxes["target"], MARGIN + high)]),
        "backward": _arrow([(error, MARGIN + high), (error, level), (boxes["update"][2], level)], back=True),
        "again": _arrow([(middle, top), (middle, MARGIN + high)], back=True),
    }
    x = (boxes["update"][2] + error) / 2
    said = [_said("error goes back", x, level - 8), _said("∂L/∂W", x, level + 18)]
    return _parts(texts, boxes, arrows, said), top + low + MARGIN


def _narrow(loop: Loop, width: float) -> tuple[list[Part], float]:
    column = width - 2 * MARGIN - LANE
    most = dict.fromkeys(("data", "network", "answer", "update"), column) | {"loss": column * 0.52, "target": column * 0.48 - 28}
    texts = _texts(loop, most)
    boxes: dict[str, Box] = {}
    top = MARGIN
    for name in ("data", "network", "answer", "loss", "update"):
        beside = texts["target"].height if name == "loss" else 0.0
        high = max(texts[name].height, beside) + 2 * PAD
        boxes[name] = (MARGIN, top, MARGIN + most[name], top + high)
        top += high + (2 * STEP if name == "loss" else STEP)
    boxes["target"] = (MARGIN + column - most["target"], boxes["loss"][1], MARGIN + column, boxes["loss"][3])
    x = MARGIN + most["loss"] / 2
    y = (boxes["loss"][1] + boxes["loss"][3]) / 2
    lane, entry = MARGIN + column + LANE - 10, (boxes["network"][1] + boxes["network"][3]) / 2
    out = (boxes["update"][1] + boxes["update"][3]) / 2
    arrows = {
        "forward": _arrow([(x, boxes["data"][3]), (x, boxes["network"][1])]),
        "answer": _arrow([(x, boxes["network"][3]), (x, boxes["answer"][1])]),
        "loss": _arrow([(x, boxes["answer"][3]), (x, boxes["loss"][1])]),
        "target": _arrow([(boxes["target"][0], y), (boxes["loss"][2], y)]),
        "backward": _arrow([(x, boxes["loss"][3]), (x, boxes["update"][1])], back=True),
        "again": _arrow([(boxes["update"][2], out), (lane, out), (lane, entry), (boxes["network"][2], entry)], back=True),
    }
    return _parts(texts, boxes, arrows, [_said("error goes back, ∂L/∂W", x + 12, boxes["loss"][3] + STEP + 4, "start")]), boxes["update"][3] + MARGIN


def _up(box: Box, y: float) -> Xy:
    return (box[0] + box[2]) / 2, y


def _arrow(points: list[Xy], back: bool = False) -> Stroke:
    """An arrow that leaves a little air at both ends."""
    air = 4.0
    ends = [_inward(points[0], points[1], air), *points[1:-1], _inward(points[-1], points[-2], air)]
    return Stroke(turning(ends, 12) if len(ends) > 2 else line(ends), "negative" if back else "accent", 2.0, arrow=True)


def _inward(end: Xy, other: Xy, by: float) -> Xy:
    (x, y), (a, b) = end, other
    return x + ((a > x) - (a < x)) * by, y + ((b > y) - (b < y)) * by


def _said(text: str, x: float, y: float, anchor: Literal["start", "middle"] = "middle") -> Words:
    return words(x, y, text, SMALL, anchor, ink="negative")


def _parts(texts: dict[str, Text], boxes: dict[str, Box], arrows: dict[str, Stroke], error: list[Words]) -> list[Part]:
    def box(name: str, ink: Ink = "quiet", fill: Ink = "paper") -> Part:
        arrow = [arrows[name]] if name in arrows else []
        return Part(name, (*arrow, *boxed(boxes[name], texts[name], ink, fill)), grown(boxes[name], 2.0))

    return [
        box("data"), Part("forward", (arrows["forward"],)), box("network", "accent", "soft"), box("answer"), box("target"),
        box("loss"), Part("backward", (arrows["backward"], *error)), box("update"), Part("again", (arrows["again"],)),
    ]  # fmt: skip
