"""Boxes and arrows, drawn: from left to right where there is room for it, else from top to bottom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .boxes import Boxes
from .layers import Layers, Slot, layered
from .path import Box, Command, Xy, write
from .scene import WIDE, Drawer, Drawing, Part, Stroke
from .shapes import MARGIN, PAD, SMALL, Text, boxed, grown

GAP, ASIDE, LANE = 40.0, 20.0, 12.0
"""Pixels between layers, between boxes of a layer, and of a lane, where there is room."""
NARROWEST, WIDEST, LEAST = 92.0, 190.0, 56.0
"""Pixels of a box, from left to right: in a picture from top to bottom, and in one from left to right."""


@dataclass(frozen=True)
class Plan:
    """Where slots are, along the layers and across them.

    Attributes:
        layers: the slots.
        texts: what boxes and labels say, by name.
        along: (from, to) of each layer.
        across: (middle, size) of each slot.
        level: whether layers follow each other from left to right.
    """

    layers: Layers
    texts: dict[str, Text]
    along: tuple[tuple[float, float], ...]
    across: dict[Slot, tuple[float, float]]
    level: bool

    def layer(self, slot: Slot) -> int:
        """The layer of a slot."""
        return next(k for k, row in enumerate(self.layers.slots) if slot in row)

    def box(self, slot: Slot) -> Box:
        """What a slot takes, in pixels: of a label its text."""
        start, end = self.along[self.layer(slot)]
        middle, size = self.across[slot]
        if slot.kind == "label":
            text, half = self.texts[slot.name], (start + end) / 2
            long = (text.width if self.level else text.height) / 2
            start, end = half - long - 3, half + long + 3
        low, high = middle - size / 2, middle + size / 2
        return (start, low, end, high) if self.level else (low, start, high, end)


def boxes_drawer(boxes: Boxes, title: str = "Boxes and arrows") -> Drawer:
    """A drawer of boxes that were read without a problem."""

    def draw(width: float) -> Drawing:
        plan = (_level(boxes, width) if width >= WIDE else None) or _upright(boxes, width)
        height = _height(plan) + MARGIN
        said = "; ".join(f"{boxes.labels[a.start]} → {boxes.labels[a.end]}" + (f" ({a.label})" if a.label else "") for a in boxes.arrows)
        return Drawing(width, height, title, said or ", ".join(boxes.labels.values()), tuple(_parts(boxes, plan)))

    return draw


def _height(plan: Plan) -> float:
    if not plan.level:
        return plan.along[-1][1]
    return max(middle + size / 2 for middle, size in plan.across.values())


def _level(boxes: Boxes, width: float) -> Plan | None:
    """From left to right; None where the layers do not fit."""
    layers = layered(boxes, 6)
    for most in (130.0, 104.0, 84.0):
        texts = _texts(boxes, layers, lambda slot, most=most: most)  # type: ignore[misc]
        wides = [max(LEAST, *(texts[s.name].width + (2 * PAD + 4 if s.kind == "box" else 8) for s in row if s.kind != "lane")) for row in layers.slots]
        free = width - 2 * MARGIN - sum(wides)
        gap = min(free / max(len(wides) - 1, 1), 64.0)
        if gap >= 30:
            first = MARGIN + (free - gap * (len(wides) - 1)) / 2
            along = _along(wides, first, gap)
            sizes = {s: _size(s, texts, level=True) for row in layers.slots for s in row}
            whole = max(_needed(row, sizes, 1.0) for row in layers.slots)
            return Plan(layers, texts, along, _across(layers, sizes, MARGIN, MARGIN + whole, 1.0), True)
    return None


def _upright(boxes: Boxes, width: float) -> Plan:
    """From top to bottom, with as many boxes beside each other as fit."""
    room = width - 2 * MARGIN
    for most in (4, 3, 2, 1):
        layers = layered(boxes, most)
        widths = [_share(row, room) for row in layers.slots]
        if min(widths) >= (NARROWEST if most > 1 else 0):
            break
    each = {slot: wide for row, wide in zip(layers.slots, widths, strict=True) for slot in row}
    texts = _texts(boxes, layers, lambda slot: each[slot] - 2 * PAD)
    sizes = {s: LANE if s.kind == "lane" else each[s] for s in each}
    tight = min(1.0, *(room / _needed(row, sizes, 1.0) for row in layers.slots))
    highs = [max((_size(s, texts, level=False) for s in row if s.kind != "lane"), default=LANE) for row in layers.slots]
    along = _along(highs, MARGIN, GAP)
    sizes = {s: size * (tight if s.kind == "lane" else 1.0) for s, size in sizes.items()}
    return Plan(layers, texts, along, _across(layers, sizes, MARGIN, width - MARGIN, tight), False)


def _share(row: Sequence[Slot], room: float) -> float:
    """Pixels for each box of a layer."""
    boxes = sum(slot.kind != "lane" for slot in row)
    lanes = len(row) - boxes
    free = room - lanes * (LANE + 4) - ASIDE * max(boxes - 1, 0) - (ASIDE / 2 if lanes and boxes else 0)
    return min(WIDEST, max(free / max(boxes, 1), NARROWEST if boxes == 1 else 0.0))


def _texts(boxes: Boxes, layers: Layers, most: Callable[[Slot], float]) -> dict[str, Text]:
    found = {}
    for row in layers.slots:
        for slot in row:
            if slot.kind == "box":
                found[slot.name] = Text(most(slot)).say(boxes.labels[slot.name])
            elif slot.kind == "label":
                found[slot.name] = Text(most(slot)).say(boxes.arrows[slot.arrow].label, SMALL, ink="quiet", italic=True)
    return found


def _size(slot: Slot, texts: dict[str, Text], level: bool) -> float:
    """Pixels of a slot from top to bottom."""
    if slot.kind == "lane":
        return LANE
    return max(texts[slot.name].height + 2 * PAD, 40.0) if slot.kind == "box" else texts[slot.name].height + (4 if level else 0)


def _along(sizes: Sequence[float], first: float, gap: float) -> tuple[tuple[float, float], ...]:
    found = []
    for size in sizes:
        found.append((first, first + size))
        first += size + gap
    return tuple(found)


def _apart(one: Slot, other: Slot, tight: float) -> float:
    """Pixels between two slots of a layer."""
    return (4.0 if "lane" in (one.kind, other.kind) else ASIDE) * (tight if tight < 1 else 1.0)


def _needed(row: Sequence[Slot], sizes: dict[Slot, float], tight: float) -> float:
    return sum(sizes[s] for s in row) + sum(_apart(a, b, tight) for a, b in pairwise(row))


def _across(layers: Layers, sizes: dict[Slot, float], low: float, high: float, tight: float) -> dict[Slot, tuple[float, float]]:
    """Slots across their layers: near those before them, without overlap, and all within."""
    found: dict[Slot, tuple[float, float]] = {}
    before: dict[Slot, list[Slot]] = {}
    for way, _ in layers.ways:
        for one, other in pairwise(way):
            before.setdefault(other, []).append(one)
    for row in layers.slots:
        whole = _needed(row, sizes, tight)
        at, wanted = (low + high - whole) / 2, []
        for k, slot in enumerate(row):
            at += _apart(row[k - 1], slot, tight) if k else 0.0
            known = [found[b][0] for b in before.get(slot, []) if b in found]
            wanted.append(sum(known) / len(known) if known else at + sizes[slot] / 2)
            at += sizes[slot]
        found |= {slot: (middle, sizes[slot]) for slot, middle in zip(row, _settled(row, wanted, sizes, low, high, tight), strict=True)}
    return found


def _settled(row: Sequence[Slot], wanted: list[float], sizes: dict[Slot, float], low: float, high: float, tight: float) -> list[float]:
    """The middles that are wanted, moved apart: halfway between pushing all to the right and all to the left."""
    steps = [(sizes[a] + sizes[b]) / 2 + _apart(a, b, tight) for a, b in pairwise(row)]
    first, last = low + sizes[row[0]] / 2, high - sizes[row[-1]] / 2
    right = [max(wanted[0], first)]
    for want, step in zip(wanted[1:], steps, strict=True):
        right.append(max(want, right[-1] + step))
    left = [min(wanted[-1], last)]
    for want, step in zip(reversed(wanted[:-1]), reversed(steps), strict=True):
        left.append(min(want, left[-1] - step))
    middles = [(a + b) / 2 for a, b in zip(right, reversed(left), strict=True)]
    over = max(middles[-1] - last, 0.0)
    under = max(first - middles[0], 0.0)
    return [m - over + under for m in middles] if not (over and under) else middles


def _parts(boxes: Boxes, plan: Plan) -> list[Part]:
    ports = _ports(plan)
    names = _names(boxes)
    parts = []
    for what in boxes.order:
        if isinstance(what, str):
            box, text = plan.box(Slot("box", what)), plan.texts[what]
            parts.append(Part(what, tuple(boxed(box, text)), grown(box, 1.5)))
        else:
            parts.append(_arrow(plan, what, names[what], ports))
    return parts


def _names(boxes: Boxes) -> list[str]:
    """A name for each arrow that no box and no other arrow has."""
    taken, found = set(boxes.labels), []
    for arrow in boxes.arrows:
        name = base = f"{arrow.start}-to-{arrow.end}"
        k = 2
        while name in taken:
            name, k = f"{base}-{k}", k + 1
        taken.add(name)
        found.append(name)
    return found


def _ports(plan: Plan) -> dict[tuple[int, int, bool], float]:
    """Where arrows leave and reach a slot, across: by arrow, place in its way, and whether it is the far side."""
    sides: dict[tuple[Slot, bool], list[tuple[float, int, int]]] = {}
    for k, (way, _) in enumerate(plan.layers.ways):
        for place, (one, other) in enumerate(pairwise(way)):
            sides.setdefault((one, True), []).append((plan.across[other][0], k, place))
            sides.setdefault((other, False), []).append((plan.across[one][0], k, place + 1))
    found = {}
    for (slot, far), all_ in sides.items():
        middle, size = plan.across[slot]
        for n, (_, k, place) in enumerate(sorted(all_), 1):
            found[k, place, far] = middle - size / 2 + n / (len(all_) + 1) * size if slot.kind == "box" else middle
    return found


def _arrow(plan: Plan, k: int, name: str, ports: dict[tuple[int, int, bool], float]) -> Part:
    """An arrow: a curve in each gap, straight on each lane; its label interrupts it."""
    way, turned = plan.layers.ways[k]
    pieces: list[list[Command]] = [[]]
    shapes: list[Stroke] = []
    said = []
    for place, (one, other) in enumerate(pairwise(way)):
        pieces[-1] += _step(plan, one, other, ports[k, place, True], ports[k, place + 1, False], begin=not pieces[-1])
        if other.kind == "label":
            pieces.append([])
            box, text = plan.box(other), plan.texts[other.name]
            said = text.at((box[0] + box[2]) / 2, (box[1] + box[3] - text.height) / 2)
    for n, piece in enumerate(pieces):
        tip = n == 0 if turned else n == len(pieces) - 1
        shapes.append(Stroke(write(_backward(piece) if turned else piece), "accent", 1.8, arrow=tip))
    return Part(name, (*(reversed(shapes) if turned else shapes), *said))


def _step(plan: Plan, one: Slot, other: Slot, start: float, end: float, begin: bool) -> list[Command]:
    """From a slot to one of the next layer, in coordinates of the picture."""
    edge, next_edge = plan.along[plan.layer(one)][1], plan.along[plan.layer(other)][0]
    at, middle = (0, 2) if plan.level else (1, 3)
    first, last = plan.box(one)[middle], plan.box(other)[at]

    def xy(along: float, across: float) -> Xy:
        return (along, across) if plan.level else (across, along)

    air = 4.0
    begun = xy(first + (air if one.kind == "box" else 0), start)
    found: list[Command] = [("M" if begin else "L", begun)]
    a = max(edge, first) + (air if one.kind == "box" else 0)
    b = min(next_edge, last) - (air if other.kind == "box" else 0)
    if a > first + air:
        found.append(("L", xy(a, start)))
    half = (a + b) / 2
    found.append(("C", (*xy(half, start), *xy(half, end), *xy(b, end))))
    if last - b > air + 0.01:
        found.append(("L", xy(last, end)))
    return found


def _backward(commands: list[Command]) -> list[Command]:
    """The same path from its end to its beginning."""
    ends = [(values[-2], values[-1]) for _, values in commands]
    found: list[Command] = [("M", ends[-1])]
    for (name, values), before in zip(reversed(commands[1:]), reversed(ends[:-1]), strict=True):
        found.append(("C", (*values[2:4], *values[0:2], *before)) if name == "C" else ("L", before))
    return found
