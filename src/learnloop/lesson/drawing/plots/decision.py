"""The decision map: what the network answers over the plane, with the points that it learnt from and was tested on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....run import Run
from ..measure import clean, fitted
from ..path import Xy, line
from ..png import png
from ..scene import WIDE, Drawer, Drawing, Image, Ink, Part, Shape, Stroke
from ..shapes import words
from .chart import Field
from .curves import predictor_at
from .key import Entry, flowing, ramp
from .material import Material, Sample, material_of
from .pen import LINE, SMALL, class_ink, class_shape, points, rings, rule, widest
from .plane import Plane, plane_of
from .scales import diverging
from .ticks import Ticks, round_ticks
from .words import listed, number, percent, plural

MOST_POINTS = 300
"""Of the training rows, and of the test rows."""
LISTED = 10
"""Classes that the key names."""
Kind = tuple[str, Ink]


@dataclass(frozen=True, eq=False)
class DecisionMap:
    """What is drawn.

    Attributes:
        material: the run and its rows.
        plane: the answers.
        when: "before update 412", "after 1 005 updates".
        right: how many of the points that it is judged by lie where their class is answered; None for numbers.
    """

    material: Material
    plane: Plane
    when: str
    right: float | None

    @property
    def axis_names(self) -> tuple[str, str]:
        """Of the two inputs."""
        return self.material.columns[0], self.material.columns[1]


def decision_map(run: Run, update: int | None = None) -> Drawer:
    """The answers over the plane at the end of the run, or with the weights before an update.

    Raises:
        Unfit: for a network that has no plane.
        DataError: for a run without its data.
    """
    material, predictor = material_of(run), predictor_at(run, update)
    plane = plane_of(material, predictor)
    judged = material.judged
    right = float((predictor.predict(judged.X) == judged.truth).mean()) if material.has_classes else None
    found = DecisionMap(material, plane, when_said(run, update), right)
    return lambda width: _draw(found, width)


def when_said(run: Run, update: int | None) -> str:
    """At which moment of a run."""
    if update is None or update == run.updates:
        return f"after {plural(run.updates, 'update')}"
    return "before the first update" if update == 0 else f"before update {update}"


def _draw(found: DecisionMap, width: float) -> Drawing:
    wide, plane = width >= WIDE, found.plane
    y = round_ticks(*plane.y, 6 if wide else 5)
    left, top = widest(y.texts()) + 10, 2 * LINE - 8
    side = 384.0 if wide else width - left - 16
    field = Field(left, top, left + side, top + side, plane.x, plane.y)
    below = field.bottom + 19 + LINE + 8
    key, end = _key(found, field.right + 28, width - 1, top) if wide else _key(found, 1, width - 1, below)
    parts = (
        Part("map", tuple(_map(plane, field)), (field.left, field.top, field.right, field.bottom)),
        Part("points", tuple(_points(found.material, field))),
        Part("axes", tuple(_axes(found, field, y))),
        Part("labels", tuple(key)),
    )  # fmt: skip
    return Drawing(width, max(below, end), f"What the network answers over the plane, {found.when}", _described(found), parts)


def _map(plane: Plane, field: Field) -> list[Shape]:
    wide, high = field.right - field.left, field.bottom - field.top
    edges = "".join(line([(field.left + x * wide, field.top + y * high) for x, y in edge]) for edge in plane.edges)
    found: list[Shape] = [Image(field.left, field.top, wide, high, png(plane.pixels))]
    return [*found, Stroke(edges, "ink", 1.25)] if edges else found


def _points(material: Material, field: Field) -> list[Shape]:
    found: list[Shape] = []
    for sample in (material.train, material.test):
        if sample is None:
            continue
        rows = shown_rows(sample)
        places = [field.place(x, y) for x, y in material.in_units(sample.X[rows]).tolist()]
        kinds = _kinds(material, sample, rows)
        for kind in dict.fromkeys(sorted(kinds)):
            found += points(kind[0], [place for place, its in zip(places, kinds, strict=True) if its == kind], 3.5, kind[1])
        if sample is material.test:
            found += rings(places, 5.5)
    return found


def shown_rows(sample: Sample) -> list[int]:
    """Evenly spread where there are more rows than can be told apart."""
    count = len(sample.X)
    return list(map(int, np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(int))))


def _kinds(material: Material, sample: Sample, rows: list[int]) -> list[Kind]:
    """Shape and colour of each point: its class, or whether its number is above the middle."""
    if material.has_classes:
        return [(class_shape(int(k)), class_ink(int(k))) for k in sample.truth[rows]]
    middle = 0.0 if material.target is not None else float(material.train.truth.mean())
    return [("triangle", "positive") if value > middle else ("down", "negative") for value in sample.truth[rows].tolist()]


def _axes(found: DecisionMap, field: Field, y: Ticks) -> list[Shape]:
    x, (name_x, name_y) = _fitting(field), found.axis_names
    corners: list[Xy] = [(field.left, field.top), (field.left, field.bottom), (field.right, field.bottom)]
    shapes: list[Shape] = [rule(corners, "quiet", 1.25)]
    for value, text in zip(x.values, x.texts(), strict=True):
        shapes += [rule([(field.across(value), field.bottom), (field.across(value), field.bottom + 5)], "quiet"),
                   words(field.across(value), field.bottom + 19, text, SMALL, "middle", ink="quiet")]  # fmt: skip
    for value, text in zip(y.values, y.texts(), strict=True):
        shapes += [rule([(field.left - 5, field.up(value)), (field.left, field.up(value))], "quiet"),
                   words(field.left - 8, field.up(value) + 4, text, SMALL, "end", ink="quiet")]  # fmt: skip
    side = field.right - field.left
    shapes.append(words((field.left + field.right) / 2, field.bottom + 19 + LINE, fitted(name_x, SMALL, side), SMALL, "middle", ink="quiet"))
    shapes.append(words(1, 13, fitted(name_y, SMALL, side), SMALL, ink="quiet"))
    return shapes


def _fitting(field: Field) -> Ticks:
    for most in (6, 5, 4, 3):
        ticks = round_ticks(*field.x, most)
        if widest(ticks.texts()) + 8 <= field.across(ticks.step) - field.across(0):
            return ticks
    return round_ticks(*field.x, 2)


def _key(found: DecisionMap, left: float, right: float, top: float) -> tuple[list[Shape], float]:
    material = found.material
    first, end = flowing([Entry(found.when, bold=True)], left, right, top)
    entries = _class_entries(material) if material.has_classes else [
        Entry("above the mean", "triangle", "positive"), Entry("below the mean", "down", "negative")
    ]  # fmt: skip
    if material.test is not None:
        entries.append(Entry("test row", "ring"))
    column = right - left < 250 and len(entries) <= LISTED + 2
    shapes: list[Shape] = [*first]
    for part in [[entry] for entry in entries] if column else [entries]:
        more, end = flowing(part, left, right, end + 2)
        shapes += more
    if found.plane.span is not None:
        low, high = found.plane.span
        strip = png(diverging(np.linspace(-1, 1, 65)[None], 0.62))
        shapes += ramp(strip, left, end + 8, min(220.0, right - left), (number(low), number((low + high) / 2), number(high)))
        end += 42
    else:
        more, end = flowing([Entry("stronger colour: surer")], left, right, end + 2)
        shapes += more
    return shapes, end + 4


def _class_entries(material: Material) -> list[Entry]:
    entries = [Entry(name, class_shape(k), class_ink(k)) for k, name in enumerate(material.targets[:LISTED])]
    hidden = len(material.targets) - LISTED
    return [*entries, Entry(f"and {hidden} more")] if hidden > 0 else entries


def _described(found: DecisionMap) -> str:
    material, plane = found.material, found.plane
    name_x, name_y = (clean(name)[:80] for name in found.axis_names)
    said = f"A map of the answers {found.when}: {name_x} from {number(plane.x[0])} to {number(plane.x[1])} across, {name_y} from {number(plane.y[0])} to {number(plane.y[1])} up."
    if plane.span is None:
        order = sorted(range(len(plane.shares)), key=lambda k: -plane.shares[k])
        shares = [f"{clean(material.targets[k])[:80]} on {percent(plane.shares[k])}" for k in order[:LISTED] if plane.shares[k]]
        said += f" The network answers {listed(shares)} of the plane."
    else:
        said += f" Answers are coloured from {number(plane.span[0])} to {number(plane.span[1])}."
    return f"{said} {_counted(found)}"


def _counted(found: DecisionMap) -> str:
    material, judged = found.material, found.material.judged
    tested = f" and {plural(len(material.test.X), 'test row')}, which are ringed" if material.test is not None else ""
    said = f"On it are {plural(len(material.train.X), 'training row')}{tested}."
    left_out = [sample for sample in (material.train, material.test) if sample is not None and len(sample.X) > MOST_POINTS]
    said += f" Of the {listed([sample.name for sample in left_out])} rows {MOST_POINTS} are drawn." if left_out else ""
    if found.right is not None:
        said += f" {percent(found.right)} of the {judged.name} rows lie where their own class is answered."
    return said
