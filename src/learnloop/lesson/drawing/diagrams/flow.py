"""The way of the data: rows are split, learnt from in batches, again and again."""

from __future__ import annotations

from dataclasses import dataclass

from ..path import Box, Xy, line, rectangle, turning
from ..scene import WIDE, Drawing, Ink, Part, Shape, Stroke
from ..shapes import MARGIN, PAD, SMALL, Text, grown


@dataclass(frozen=True)
class Flow:
    """The counts of a run.

    Attributes:
        name: of the data, or "".
        columns: numbers in a row.
        train, test: rows that it learns from, and rows that it is measured on.
        batch: rows of a batch; the last one of an epoch may have fewer.
        per_epoch: updates of an epoch.
        updates: in all.
    """

    name: str
    columns: int
    train: int
    test: int
    batch: int
    per_epoch: int
    updates: int


BAR, LANE = 13.0, 36.0
"""Pixels of the bar that stands for all rows, and beside the narrow column."""
CUTS = 12
"""Batches that a bar is cut into, at most."""


def flow_drawing(flow: Flow, width: float) -> Drawing:
    """The picture for a width."""
    parts, height = _wide(flow, width) if width >= WIDE else _narrow(flow, width)
    return Drawing(width, height, f"How the rows of {flow.name or 'the data'} are learnt from", _described(flow), tuple(parts))


def _described(flow: Flow) -> str:
    return (
        f"{_many(flow.train + flow.test, 'row')} are split: {flow.train} to learn from, {flow.test} to test on. "
        f"An epoch has {_many(flow.per_epoch, 'batch', 'batches')}, each with an update. {_epochs(flow)}."
    )


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def _epochs(flow: Flow) -> str:
    whole, rest = divmod(flow.updates, flow.per_epoch)
    over = _many(whole, "epoch") if not rest else f"{_many(whole, 'epoch')} and {_many(rest, 'update')}"
    return f"{over}: {_many(flow.updates, 'update')} in all"


def _texts(flow: Flow, most: dict[str, float]) -> dict[str, Text]:
    test = "measured, never learnt from" if flow.test else "none are held back"
    fewer = "" if flow.train % flow.batch == 0 else ", the last one fewer"
    columns = _many(flow.columns, "column")
    said = {
        "data": ("data", _many(flow.train + flow.test, "row"), f"{flow.name}, {columns}" if flow.name else columns),
        "train": ("train", _many(flow.train, "row"), "to learn from"),
        "test": ("test", _many(flow.test, "row"), test),
        "batches": ("batches", _many(flow.per_epoch, "batch", "batches"), f"of {_many(flow.batch, 'row')}{fewer}"),
        "updates": ("updates", _many(flow.per_epoch, "update"), "an epoch: one for each batch"),
    }
    return {
        name: Text(most[name] - 2 * PAD).say(title, bold=True).say(count, SMALL).say(detail, SMALL, ink="quiet", lines=3)
        for name, (title, count, detail) in said.items()
    }


def _high(text: Text) -> float:
    return text.height + BAR + 8 + 2 * PAD


def _wide(flow: Flow, width: float) -> tuple[list[Part], float]:
    gaps = (44.0, 32.0, 32.0)
    wide = (width - 2 * MARGIN - sum(gaps)) / 4
    texts = _texts(flow, dict.fromkeys(("data", "train", "test", "batches", "updates"), wide))
    lefts = [MARGIN + k * wide + sum(gaps[:k]) for k in range(4)]
    above = max(_high(texts[name]) for name in ("data", "train", "batches", "updates"))
    below, top = _high(texts["test"]), MARGIN
    boxes = {name: (left, top, left + wide, top + above) for name, left in zip(("data", "train", "batches", "updates"), lefts, strict=True)}
    boxes["test"] = (lefts[1], top + above + 18, lefts[1] + wide, top + above + 18 + below)
    y, low = top + above / 2, top + above + 18 + below / 2
    fork = boxes["data"][2] + 20
    epochs = Text(boxes["updates"][2] - boxes["batches"][0]).say("epochs", bold=True).say(_epochs(flow), SMALL).say("every row again, in a new order", SMALL, ink="quiet")
    a, b = (boxes["updates"][0] + boxes["updates"][2]) / 2, (boxes["batches"][0] + boxes["batches"][2]) / 2
    turn = top + above + 26
    loop = [(a, top + above + 5), (a, turn), (b, turn), (b, top + above + 5)]
    arrows = {
        "split": [[(boxes["data"][2] + 4, y), (boxes["train"][0] - 4, y)], [(boxes["data"][2] + 4, y), (fork, y), (fork, low), (boxes["test"][0] - 4, low)]],
        "batches": [[(boxes["train"][2] + 4, y), (boxes["batches"][0] - 4, y)]],
        "updates": [[(boxes["batches"][2] + 4, y), (boxes["updates"][0] - 4, y)]],
    }
    shown = epochs.at((a + b) / 2, turn + 8)
    claim = (boxes["batches"][0], top + above + 3, boxes["updates"][2], turn + 8 + epochs.height)
    return _parts(flow, texts, boxes, arrows, (loop, shown, claim)), max(boxes["test"][3], claim[3]) + MARGIN


def _narrow(flow: Flow, width: float) -> tuple[list[Part], float]:
    column = width - 2 * MARGIN - LANE
    half = (width - 2 * MARGIN - 16) / 2
    texts = _texts(flow, dict.fromkeys(("data", "batches", "updates"), column) | dict.fromkeys(("train", "test"), half))
    right, top, step = width - MARGIN, MARGIN, 32.0
    boxes: dict[str, Box] = {"data": (MARGIN, top, MARGIN + column, top + _high(texts["data"]))}
    top = boxes["data"][3] + step
    beside = max(_high(texts["train"]), _high(texts["test"]))
    boxes |= {"train": (MARGIN, top, MARGIN + half, top + beside), "test": (right - half, top, right, top + beside)}
    boxes["batches"] = (MARGIN, top + beside + step, MARGIN + column, top + beside + step + _high(texts["batches"]))
    top = boxes["batches"][3] + step
    boxes["updates"] = (MARGIN, top, MARGIN + column, top + _high(texts["updates"]))
    x, other = MARGIN + half / 2, right - half / 2
    split, out, back = boxes["data"][3] + 4, (boxes["updates"][1] + boxes["updates"][3]) / 2, (boxes["batches"][1] + boxes["batches"][3]) / 2
    arrows: dict[str, list[list[Xy]]] = {
        "split": [[(a, split), (a, boxes["train"][1] - 4)] for a in (x, other)],
        "batches": [[(x, boxes["train"][3] + 4), (x, boxes["batches"][1] - 4)]],
        "updates": [[(x, boxes["batches"][3] + 4), (x, boxes["updates"][1] - 4)]],
    }
    edge = MARGIN + column
    loop = [(edge + 4, out), (edge + LANE - 10, out), (edge + LANE - 10, back), (edge + 4, back)]
    epochs = Text(column).say("epochs", bold=True).say(_epochs(flow), SMALL).say("every row again, in a new order", SMALL, ink="quiet")
    shown = epochs.at(MARGIN + column / 2, boxes["updates"][3] + 10)
    height = boxes["updates"][3] + 10 + epochs.height + MARGIN
    return _parts(flow, texts, boxes, arrows, (loop, shown, None)), height


def _parts(
    flow: Flow, texts: dict[str, Text], boxes: dict[str, Box], arrows: dict[str, list[list[Xy]]],
    epochs: tuple[list[Xy], list[Shape], Box | None],
) -> list[Part]:  # fmt: skip
    def card(name: str) -> Part:
        shapes = [_arrow(points) for points in arrows.get(name, [])]
        return Part(name, (*shapes, *_card(boxes[name], texts[name], _bar(flow, name))), grown(boxes[name], 1.5))

    loop, shown, claim = epochs
    split = Part("split", tuple(_arrow(points) for points in arrows["split"]))
    repeated = Part("epochs", (Stroke(turning(loop, 10), "accent", 2.0, arrow=True), *shown), claim)
    return [card("data"), split, card("train"), card("test"), card("batches"), card("updates"), repeated]


def _arrow(points: list[Xy]) -> Stroke:
    return Stroke(turning(points, 10) if len(points) > 2 else line(points), "accent", 2.0, arrow=True)


def _bar(flow: Flow, name: str) -> list[tuple[float, float, Ink]]:
    """Which shares of all rows a card is about: (from, to, fill)."""
    share = flow.train / max(flow.train + flow.test, 1)
    if name == "data":
        return [(0.0, 1.0, "soft")]
    if name == "train":
        return [(0.0, share, "soft")]
    if name == "test":
        return [(share, 1.0, "neutral")] if flow.test else []
    cuts = min(flow.per_epoch, CUTS)
    pieces = [(share * k / cuts, share * (k + 1) / cuts) for k in range(cuts)]
    fills: list[Ink] = ["accent" if name == "updates" and k == 0 else "soft" for k in range(cuts)]
    return [(a, b, fill) for (a, b), fill in zip(pieces, fills, strict=True)]


def _card(box: Box, text: Text, bar: list[tuple[float, float, Ink]]) -> list[Shape]:
    left, top, right, bottom = box
    a, wide = left + PAD + 2, right - left - 2 * PAD - 4
    first = top + PAD
    shapes: list[Shape] = [Stroke(rectangle(box, 8), "quiet", 1.5, "paper"), Stroke(rectangle((a, first, a + wide, first + BAR), 2), "neutral", 1.0)]
    for start, end, fill in bar:
        shapes.append(Stroke(rectangle((a + start * wide, first, a + end * wide, first + BAR), 0), "accent" if fill != "neutral" else "neutral", 1.0, fill))
    middle = (first + BAR + 8 + bottom - PAD - text.height) / 2
    return [*shapes, *text.at((left + right) / 2, middle)]


