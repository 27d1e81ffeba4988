"""Five hundred diagrams, of all kinds and of everything that people give: seeded, so that every machine draws the same."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from random import Random

import numpy as np

from learnloop.lesson.document.model import Given
from learnloop.lesson.drawing.box_drawing import boxes_drawer
from learnloop.lesson.drawing.boxes import parse
from learnloop.lesson.drawing.diagrams.asked import compact, named, number
from learnloop.lesson.drawing.diagrams.callouts import Illustration, illustration_drawing
from learnloop.lesson.drawing.diagrams.dynamics import Descent, dynamics_drawing
from learnloop.lesson.drawing.diagrams.flow import Flow, flow_drawing
from learnloop.lesson.drawing.diagrams.loop import Loop, loop_drawing
from learnloop.lesson.drawing.diagrams.network import network_drawing
from learnloop.lesson.drawing.diagrams.neuron import Input, NeuronPicture, neuron_drawing
from learnloop.lesson.drawing.diagrams.units import Layer, Net
from learnloop.lesson.drawing.hand import hand_drawn
from learnloop.lesson.drawing.scene import Drawer, Drawing
from learnloop.lesson.problems import Place

COUNT = 500
NAMES = (
    "", "x", "inner", "petal length (cm)", "a name of several words that goes on", "a" * 500, "W" * 60, "long " * 100, "مرحبا بالعالم",
    "שלום עולם", "数据集的名称", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷🇯🇵", "</title><script>alert(1)</script>", "\"' onload=alert(1)", "a\u202eb\u202dc", "z" + "\u0301" * 90,
    "\x00\x1b[31m", "tab\tand\nline", "&amp;&lt;", "\u200b\u200d", "ﷺ" * 9, "i" * 300, "ＷＩＤＥ", "-", "{loss.start}",
)  # fmt: skip
FORMS = {
    "chain": lambda n, r: [(k, k + 1) for k in range(n - 1)],
    "ring": lambda n, r: [(k, (k + 1) % n) for k in range(n)] if n > 1 else [],
    "star": lambda n, r: [(0, k) for k in range(1, n)],
    "meeting": lambda n, r: [(k, n - 1) for k in range(n - 1)],
    "any": lambda n, r: [(a, b) for a, b in ((r.randrange(n), r.randrange(n)) for _ in range(r.randrange(1, 32))) if a != b],
    "dense": lambda n, r: [(a, b) for a in range(n) for b in range(a + 1, n)][:32],
    "alone": lambda n, r: [],
}  # fmt: skip


def text(random: Random) -> str:
    """A name that somebody gave, as readers of runs pass it on."""
    return named(random.choice(NAMES))


def value(random: Random) -> float:
    """A number of any size."""
    return random.choice((0.0, 1.0, random.gauss(0, 1), random.gauss(0, 1) * 10.0 ** random.randint(-40, 38), math.inf, math.nan))


def loop(random: Random) -> Drawer:
    """One update."""
    sizes = " → ".join(str(random.randint(1, 4096)) for _ in range(random.randint(2, 6)))
    after = number(value(random)) if random.random() < 0.7 else ""
    step = random.choice(("W ← W − 0.1 · ∂L/∂W", "by a step of AdamW, learning rate 0.00075"))
    made = Loop(f"32 rows of {text(random)}", sizes, f"row 17: {text(random)}, 62 %", text(random), number(value(random)), after, step, 3)
    return lambda width: loop_drawing(made, width)


def descent(random: Random) -> Drawer:
    """The losses of a run."""
    many = random.randint(1, 72)
    points = tuple((k * 14.0, random.choice((0.0, math.exp(-k / 9), abs(random.gauss(0, 1)), 1e30 * k, -k * 1e-3))) for k in range(many))
    made = Descent(points, number(value(random)), number(value(random)), 14 * (many - 1), number(0.1))
    return lambda width: dynamics_drawing(made, width)


def neuron(random: Random) -> Drawer:
    """A neuron with one input or many."""
    many = random.randint(1, 7)
    inputs = [Input(text(random), compact(value(random), 7), f"× {compact(value(random))}", random.gauss(0, 1)) for _ in range(many)]
    inputs += [Input("193 more", compact(value(random), 7), "", value(random))] if many == 5 else []
    inputs += [Input("bias", compact(value(random), 7), "", value(random))] if random.random() < 0.8 else []
    z = random.gauss(0, 3)
    span = max(4.0, 1.15 * abs(z))
    curve = tuple((span * (k - 32) / 32, math.tanh(span * (k - 32) / 32)) for k in range(65)) if random.random() < 0.8 else ()
    made = NeuronPicture(
        f"hidden layer 1, unit {many}", "update 412, row 17", tuple(inputs), z, math.tanh(z), compact(value(random), 7), compact(value(random), 7),
        random.choice(("tanh", "", "identity", "softmax", "my own rule of many words " * 2)), curve,
    )  # fmt: skip
    return lambda width: neuron_drawing(made, width)


def net(random: Random) -> Net:
    """1 to 200 units in 1 to 8 layers behind the inputs, and at times a gap in a deep one."""
    units = [random.randint(1, random.choice((3, 9, 200))) for _ in range(random.randint(2, 9))]
    draws = np.random.default_rng(random.randrange(1 << 30))
    last = len(units) - 1
    layers = []
    for k, many in enumerate(units):
        title = "input layer" if k == 0 else "output layer" if k == last else f"hidden layer\u00a0{k}"
        names = tuple(text(random) for _ in range(many)) if k in (0, last) and random.random() < 0.7 else ()
        layers.append(Layer(title, f"{many} units, {random.choice(('tanh', 'relu', text(random)))}", many, names))
    weights: list[np.ndarray | None] = [draws.normal(size=(a, b)) * draws.choice([0, 1, 1, 1e9]) for a, b in pairwise(units)]
    if random.random() < 0.1:
        weights[random.randrange(len(weights))] = None
    if random.random() < 0.1 and weights[0] is not None:
        weights[0][0, 0] = random.choice((math.nan, math.inf))
    return Net(tuple(layers), tuple(weights), number(value(random)), "before update 412")


def network(random: Random) -> Drawer:
    """A network."""
    made = net(random)
    return lambda width: network_drawing(made, width)


def illustration(random: Random) -> Drawer:
    """A network with its call-outs."""
    made = Illustration(net(random), number(value(random)))
    return lambda width: illustration_drawing(made, width)


def flow(random: Random) -> Drawer:
    """The counts of a run."""
    train, batch = random.randint(1, random.choice((3, 500, 10**7))), random.randint(1, 512)
    per_epoch = -(-train // batch)
    made = Flow(text(random), random.randint(1, 4096), train, random.choice((0, 1, train // 4)), min(batch, train), per_epoch, per_epoch * random.randint(0, 99) + 3)
    return lambda width: flow_drawing(made, width)


def boxes(random: Random) -> Drawer:
    """Boxes and arrows of all forms, with and without labels and rows."""
    many = random.randint(1, 24)
    arrows = FORMS[random.choice(list(FORMS))](many, random)
    labels = [text(random).replace('"', "")[:200].split("\n")[0] for _ in range(many)]
    lines = [f'b{k}: "{label}"' for k, label in enumerate(labels) if random.random() < 0.8]
    if many > 6 and random.random() < 0.3:
        row = random.sample(range(many), random.randint(2, 5))
        lines.append(f"[{' '.join(f'b{k}' for k in row)}]")
        arrows = [(a, b) for a, b in arrows if not (a in row and b in row)]
    for a, b in dict.fromkeys(arrows):
        said = random.choice(("a label", "answers", "a longer label of some words", "goes")) if random.random() < 0.3 else ""
        lines.append(f'b{a} -"{said}"-> b{b}' if said else f"b{a} -> b{b}")
    given, wrong = parse(Given("\n".join(lines or ["b0"]), Place(1, 1)))
    assert not wrong, (lines, wrong)
    return boxes_drawer(given)


KINDS = (loop, descent, neuron, network, illustration, flow, boxes, boxes)


def drawers() -> Iterator[tuple[str, Drawer]]:
    """All of them, each with its name; every other one is drawn by hand."""
    for k in range(COUNT):
        random, kind = Random(k), KINDS[k % len(KINDS)]
        drawer = kind(random)
        by_hand = k % 16 >= 8
        yield f"{kind.__name__} {k}{' by hand' if by_hand else ''}", _drawn(drawer, k, by_hand)


def _drawn(drawer: Drawer, seed: int, by_hand: bool) -> Drawer:
    def draw(width: float) -> Drawing:
        drawing = drawer(width)
        return hand_drawn(drawing, seed) if by_hand else drawing

    return draw
