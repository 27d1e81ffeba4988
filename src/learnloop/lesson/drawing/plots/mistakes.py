"""The surest mistakes: images with what they were and what was said, or a list of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ....run import Run
from ..measure import clean, fitted, width
from ..path import Box, rectangle
from ..png import png
from ..scene import WIDE, Drawer, Drawing, Image, Part, Shape, Stroke
from ..shapes import words
from .answers import answers_of
from .curves import predictor_at
from .decision import when_said
from .material import Material, material_of
from .pen import LINE, SMALL, headed
from .problem import Unfit
from .scales import ink
from .words import number, percent, plural, signed

Array = np.ndarray[Any, np.dtype[Any]]
SHOWN = 8
"""Mistakes that are drawn."""
TOLD = 3
"""Inputs of a row that are told."""


@dataclass(frozen=True, eq=False)
class Mistake:
    """A row that was answered wrongly.

    Attributes:
        row: what pages call it.
        was, said: the truth, and the answer.
        how: how sure it was: "97.4 %"; of numbers, how far off: "+83.1".
        values: of its inputs, in the units of the data set.
    """

    row: int
    was: str
    said: str
    how: str
    values: Array


@dataclass(frozen=True, eq=False)
class Mistakes:
    """What is drawn.

    Attributes:
        material: the run and its rows.
        found: the mistakes, the surest first.
        count: how many there are in all; None for numbers, which are never quite right.
        when: "after 1 005 updates".
    """

    material: Material
    found: list[Mistake]
    count: int | None
    when: str

    @property
    def head(self) -> str:
        """What is listed."""
        rows = plural(len(self.material.judged.X), f"{self.material.judged.name} row")
        if self.count is None:
            return f"the farthest off of {rows}, {self.when}"
        if not self.count:
            return f"no mistake in {rows}, {self.when}"
        return f"{plural(self.count, 'mistake')} in {rows}, {self.when}"


def mistakes_plot(run: Run, update: int | None = None) -> Drawer:
    """The wrong answers of which the network was surest; of numbers those that are farthest off.

    Raises:
        Unfit: for a network that gives several numbers at once.
        DataError: for a run without its data.
    """
    material = material_of(run)
    mistakes = (_of_classes if material.has_classes else _of_numbers)(material, update)
    draw = _images if material.image_shape is not None and material.has_classes else _list
    return lambda wide: draw(mistakes, wide)


def _of_classes(material: Material, update: int | None) -> Mistakes:
    answers = answers_of(material, predictor_at(material.run, update))
    wrong, sample = answers.wrong, answers.sample
    values = material.in_units(sample.X[wrong[:SHOWN]])
    found = [
        Mistake(int(sample.rows[k]), _name(material, sample.truth[k]), _name(material, answers.said[k]), percent(float(answers.sure[k])), row)
        for k, row in zip(wrong[:SHOWN], values, strict=True)
    ]  # fmt: skip
    return Mistakes(material, found, len(wrong), when_said(material.run, update))


def _name(material: Material, label: Any) -> str:
    return clean(material.targets[int(label)]) or f"class {int(label)}"


def _of_numbers(material: Material, update: int | None) -> Mistakes:
    sample = material.judged
    if sample.truth.ndim > 1:
        raise Unfit(f"the network gives {sample.truth.shape[1]} numbers for each row, and one is needed. Fix: plot `loss` or `accuracy` instead.")
    said = material.answer_in_units(np.asarray(predictor_at(material.run, update).predict(sample.X)))
    was = material.answer_in_units(sample.truth)
    off = said - was
    order = np.argsort(-np.abs(np.nan_to_num(off)), kind="stable")[:SHOWN].tolist()
    found = [
        Mistake(int(sample.rows[k]), number(float(was[k])), number(float(said[k])), signed(float(off[k])), row)
        for k, row in zip(order, material.in_units(sample.X[order]), strict=True)
    ]  # fmt: skip
    return Mistakes(material, found, None, when_said(material.run, update))


def _drawing(mistakes: Mistakes, wide: float, head: list[Shape], parts: list[Part], bottom: float) -> Drawing:
    title = f"{mistakes.head[0].upper()}{mistakes.head[1:]}"
    return Drawing(wide, bottom, title, _described(mistakes), (Part("labels", tuple(head)), *parts))


def _images(mistakes: Mistakes, wide: float) -> Drawing:
    """Thumbnails in lines of four, or of two."""
    assert mistakes.material.image_shape is not None
    across = 4 if wide >= WIDE else 2
    room = wide / across
    high, broad = mistakes.material.image_shape
    head, start = headed(mistakes.head, wide)
    side = min(112.0, room - 24) / max(high, broad)
    step = side * high + 2 * LINE + 20
    brightest = float(np.abs(mistakes.material.in_units(mistakes.material.judged.X)).max(initial=1e-12))
    parts = []
    for k, mistake in enumerate(mistakes.found):
        left, top = (k % across) * room, start + 10 + (k // across) * step
        place: Box = (left + 1, top, left + 1 + side * broad, top + side * high)
        pixels = png(ink(mistake.values.reshape(high, broad) / brightest))
        parts.append(Part(f"mistake-{k + 1}", tuple(_thumbnail(mistake, pixels, place, room - 8)), (left, top - 1, left + room - 2, top + step - 8)))
    return _drawing(mistakes, wide, head, parts, start + 10 + -(-len(parts) // across) * step)


def _thumbnail(mistake: Mistake, pixels: bytes, place: Box, room: float) -> list[Shape]:
    left, top, right, bottom = place
    return [
        Image(left, top, right - left, bottom - top, pixels), Stroke(rectangle(place), "neutral", 1),
        words(left, bottom + LINE, _told(mistake, room), SMALL),
        words(left, bottom + 2 * LINE, f"{mistake.how} sure", SMALL, ink="quiet"),
    ]  # fmt: skip


def _list(mistakes: Mistakes, wide: float) -> Drawing:
    """A line for what was said of each row, and one for its inputs that are most unusual."""
    parts, (head, start) = [], headed(mistakes.head, wide)
    step = 2 * LINE + 12
    for k, mistake in enumerate(mistakes.found):
        top = start + 8 + k * step
        sure = f"{mistake.how} sure" if mistakes.count is not None else f"{mistake.how} off"
        end = width(sure, SMALL)
        shapes: list[Shape] = [
            Stroke(rectangle((1, top + 2, 4, top + step - 8)), "negative", 1, "negative"),
            words(12, top + 14, _told(mistake, wide - 24 - end, bold=True), SMALL, bold=True),
            words(wide - 1, top + 14, sure, SMALL, "end"),
            words(12, top + 14 + LINE, fitted(_inputs(mistakes.material, mistake), SMALL, wide - 14), SMALL, ink="quiet"),
        ]
        parts.append(Part(f"mistake-{k + 1}", tuple(shapes), (0, top, wide, top + step - 4)))
    return _drawing(mistakes, wide, head, parts, start + 8 + len(parts) * step)



def _told(mistake: Mistake, room: float, *, bold: bool = False) -> str:
    """What it was and what was said; where there is not room for both names, each has half of it."""
    left = room - width("was , said ", SMALL, bold)
    was, said = (width(name, SMALL, bold) for name in (mistake.was, mistake.said))
    first = left - min(said, max(left / 2, left - was))
    return f"was {fitted(mistake.was, SMALL, first, bold)}, said {fitted(mistake.said, SMALL, left - min(was, first), bold)}"


def _inputs(material: Material, mistake: Mistake) -> str:
    """The row, and its inputs that are farthest from their mean."""
    usual = material.in_units(material.train.X)
    spread = usual.std(axis=0)
    far = np.abs(mistake.values - usual.mean(axis=0)) / np.where(spread > 0, spread, np.inf)
    order = np.argsort(-far, kind="stable")[:TOLD].tolist()
    told = ", ".join(f"{clean(material.columns[k])[:80]} {number(float(mistake.values[k]))}" for k in order)
    return f"row {mistake.row}: {told}"


def _described(mistakes: Mistakes) -> str:
    said = f"{mistakes.head[0].upper()}{mistakes.head[1:]}."
    if not mistakes.found:
        return said
    unit = "sure" if mistakes.count is not None else "off"
    rows = [f"row {m.row} was {m.was[:60]} and the network said {m.said[:60]}, {m.how} {unit}" for m in mistakes.found]
    return f"{said} {'The surest' if mistakes.count is not None else 'The farthest first'}: {'; '.join(rows)}."
