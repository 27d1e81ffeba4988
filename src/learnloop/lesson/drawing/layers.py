"""Which layer each box stands in, and where in it: arrows lead from layer to layer, and pass the layers between on lanes of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from .boxes import Boxes

SWEEPS = 6


@dataclass(frozen=True)
class Slot:
    """A place in a layer.

    Attributes:
        kind: "box", "label" (of an arrow), or "lane" (of an arrow that passes).
        name: of the box; of the others, one of their own.
        arrow: whose it is; -1 for a box.
    """

    kind: str
    name: str
    arrow: int = -1


@dataclass(frozen=True)
class Layers:
    """The slots of each layer in order, and the way of each arrow: slots from layer to layer, and whether it runs against them."""

    slots: tuple[tuple[Slot, ...], ...]
    ways: tuple[tuple[tuple[Slot, ...], bool], ...]


def layered(boxes: Boxes, most: int) -> Layers:
    """Put boxes into layers.

    Args:
        boxes: what to place.
        most: boxes and labels that a layer may hold.
    """
    groups = _groups(boxes, most)
    turned = _turned(boxes, groups)
    chains = [_chain(boxes, k, turned[k]) for k in range(len(boxes.arrows))]
    home = _homes(boxes, groups, chains, most)
    ways = [_with_lanes(chain, home, k) for k, chain in enumerate(chains)]
    slots: list[list[Slot]] = [[] for _ in range(max(home.values()) + 1)]
    everything = [Slot("box", name) for name in boxes.labels]
    everything += [slot for way in ways for slot in way[0] if slot.kind != "box"]
    for slot in everything:
        slots[ways_layer(slot, home)].append(slot)
    ordered = _ordered(slots, [way for way, _ in ways], lambda slot: ways_layer(slot, home))
    return Layers(tuple(map(tuple, ordered)), tuple((way, turned[k]) for k, (way, _) in enumerate(ways)))


def ways_layer(slot: Slot, home: dict[str, int]) -> int:
    """The layer of a slot."""
    return home[slot.name] if slot.kind != "lane" else int(slot.name.rpartition("/")[2])


def _groups(boxes: Boxes, most: int) -> dict[str, str]:
    """What stands in one layer: by name the first of those beside it."""
    found = {name: name for name in boxes.labels}
    for row in boxes.rows:
        for k, name in enumerate(row):
            found[name] = row[k - k % most]
    return found


def _turned(boxes: Boxes, groups: dict[str, str]) -> list[bool]:
    """Which arrows run against the layers: those that close a circle, as they are met in the order of the document."""
    after: dict[str, set[str]] = {group: set() for group in groups.values()}

    def leads(start: str, end: str) -> bool:
        waiting, seen = [start], {start}
        while waiting:
            here = waiting.pop()
            if here == end:
                return True
            waiting += sorted(after[here] - seen)
            seen |= after[here]
        return False

    found = []
    for arrow in boxes.arrows:
        start, end = groups[arrow.start], groups[arrow.end]
        against = leads(end, start)
        found.append(against)
        after[end if against else start].add(start if against else end)
    return found


def _chain(boxes: Boxes, k: int, turned: bool) -> tuple[Slot, ...]:
    """The slots of an arrow along the layers: its boxes, and its label between them."""
    arrow = boxes.arrows[k]
    ends = (Slot("box", arrow.start), Slot("box", arrow.end))
    first, last = reversed(ends) if turned else ends
    return (first, Slot("label", f"/{k}", k), last) if arrow.label else (first, last)


def _homes(boxes: Boxes, groups: dict[str, str], chains: list[tuple[Slot, ...]], most: int) -> dict[str, int]:
    """The layer of each box and label: behind all that lead to it, and where there is room."""
    whole = groups | {slot.name: slot.name for chain in chains for slot in chain if slot.kind == "label"}
    sizes: dict[str, int] = {}
    for group in whole.values():
        sizes[group] = sizes.get(group, 0) + 1
    before: dict[str, set[str]] = {group: set() for group in sizes}
    for chain in chains:
        for one, other in pairwise(chain):
            before[whole[other.name]].add(whole[one.name])
    home: dict[str, int] = {}
    taken: dict[int, int] = {}
    while len(home) < len(sizes):
        group = next(g for g in sizes if g not in home and before[g] <= home.keys())
        layer = max((home[g] + 1 for g in before[group]), default=0)
        while taken.get(layer, 0) + sizes[group] > most:
            layer += 1
        home[group] = layer
        taken[layer] = taken.get(layer, 0) + sizes[group]
    return {name: home[group] for name, group in whole.items()}


def _with_lanes(chain: tuple[Slot, ...], home: dict[str, int], k: int) -> tuple[tuple[Slot, ...], int]:
    """The way of an arrow, with a lane in each layer that it passes."""
    found = [chain[0]]
    for slot in chain[1:]:
        last = home[found[-1].name]
        found += [Slot("lane", f"{k}/{layer}", k) for layer in range(last + 1, home[slot.name])]
        found.append(slot)
    return tuple(found), k


def _ordered(slots: list[list[Slot]], ways: list[tuple[Slot, ...]], layer: Callable[[Slot], int]) -> list[list[Slot]]:
    """Slots near those that they lead to, layer by layer, down and up again: fewer arrows cross."""
    beside: dict[Slot, list[Slot]] = {slot: [] for row in slots for slot in row}
    for way in ways:
        for one, other in pairwise(way):
            beside[one].append(other)
            beside[other].append(one)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for k in range(1, len(slots)) if down else range(len(slots) - 2, -1, -1):
            fixed = k - 1 if down else k + 1
            places = {slot: place / max(len(slots[fixed]) - 1, 1) for place, slot in enumerate(slots[fixed])}
            own = {slot: place / max(len(slots[k]) - 1, 1) for place, slot in enumerate(slots[k])}
            means = {s: fmean([places[b] for b in beside[s] if layer(b) == fixed] or [own[s]]) for s in slots[k]}
            slots[k] = sorted(slots[k], key=lambda s, means=means: means[s])  # type: ignore[misc]  # stable: ties keep their order
    return slots
