"""A lesson made by hand, with a real run: three chapters, every kind of block, and names that attack."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

import learnloop as ll
from learnloop.lesson.document.model import Front
from learnloop.lesson.drawing.measure import width as measure
from learnloop.lesson.drawing.scene import NARROW, WIDE, Drawing, Part, Stroke, Words
from learnloop.lesson.events import Ask, Draw, Event, Pause, Point, Say, Set
from learnloop.lesson.model import Answer, Beat, Lesson, LessonRun, Passage, Piece, Shown, Text, Told

ATTACK = "</script><img src=x onerror=window.hacked=1>\"'&<b onload=hacked=1>"
WORD, BREATH = 0.36, 0.7
"""Seconds that a word takes, and the silence behind a beat."""
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 160" width="320" height="160"><style>.a{fill:#2f9fe6}</style>'
    '<script>alert(1)</script><circle class="a" cx="80" cy="80" r="48"/><path d="M140 80h120" stroke="#c2660a" stroke-width="8"/></svg>'
)
FORMULA = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow><mover accent="true"><mi>y</mi><mo>^</mo></mover><mo>=</mo>'
    '<mi>f</mi><mo stretchy="false">(</mo><mi>x</mi><mo>;</mo><mi>W</mi><mo>,</mo><mi>b</mi><mo stretchy="false">)</mo></mrow></math>'
)
MIX = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow><mi>z</mi><mo>=</mo><munder><mo>&#x2211;</mo><mi>i</mi></munder>'
    "<msub><mi>w</mi><mi>i</mi></msub><msub><mi>x</mi><mi>i</mi></msub><mo>+</mo><mi>b</mi></mrow></math>"
)
POWERS = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow><msub><mi>p</mi><mi>k</mi></msub><mo>=</mo><mfrac>'
    "<msup><mi>e</mi><msub><mi>z</mi><mi>k</mi></msub></msup><mrow><munder><mo>&#x2211;</mo><mi>j</mi></munder><msup><mi>e</mi><msub>"
    "<mi>z</mi><mi>j</mi></msub></msup></mrow></mfrac><mspace width=\"2em\"/><mrow><mi>E</mi><mo>=</mo><mn>0.123456789012345</mn></mrow></mrow></math>"
)
INLINE = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mi>&#x3B7;</mi></math>'


@cache
def run() -> ll.Run:
    """A small network that learns two moons; trained once."""
    X, y = ll.datasets.load("moons", rows=160).standardised()
    how: dict[str, Any] = {"optimizer": ll.SGD(0.1, momentum=0.9), "validation": 0.25, "progress": False}
    return ll.train(ll.mlp(2, 6, 1, activation="tanh"), X, y, epochs=40, batch_size=8, **how)


@cache
def enclosed() -> tuple[Mapping[str, bytes], Mapping[str, Any]]:
    """The blocks and the session with which a page computes the run."""
    from learnloop.explore import limits
    from learnloop.explore.handover import data_pack
    from learnloop.explore.kits import compiled
    from learnloop.explore.opening import of_task, structure_of, table_of

    it = run()
    structure = structure_of(it)
    scenario = of_task(it.task, f"run-{it.data_digest[:16]}", structure)
    kits = {
        name: compiled(structure.network, structure.loss, structure.optimizer, structure.dtype, emulated)
        for name, emulated in (("kit", False), ("kit-emulated", True))
    }
    opening = {"scenario": scenario.to_dict(), "run": None, "digest": it.digest, "end": it.outcome.stand}
    return {**kits, "data": data_pack(table_of(it), scenario.data)}, {"opening": opening, "limits": limits.described()}


@cache
def facts() -> dict[str, dict[str, Any]]:
    """Facts of the run, by id."""
    losses, last = run().losses, run().history[-1]
    found = [
        ("loss.start", float(losses[0]), "", 1, f"{losses[0]:.3g}"),
        ("loss.end", float(losses[-1]), "", len(losses), f"{losses[-1]:.2g}"),
        ("updates", run().updates, "updates", None, str(run().updates)),
        ("epochs", 40, "epochs", None, "40"),
        ("accuracy.test", float(last["validation_accuracy"]), "", None, f"{100 * last['validation_accuracy']:.1f} %"),
    ]
    names = ("id", "run", "name", "value", "unit", "update", "format", "text")
    return {fact: dict(zip(names, (fact, "", fact, value, unit, update, "", text), strict=True)) for fact, value, unit, update, text in found}


ATOM = re.compile(r"\[([^\]]*)\]\(([^)]*)\)|\*([^*]+)\*|`([^`]+)`|\{([^}]+)\}|([^{*`\[]+)")


def text(source: str, *, first: int | None = None) -> Text:
    """Pieces from ``plain {fact} *strong* `code` [a link](https://..)``; numbered as spoken words from ``first`` on."""
    pieces: list[Piece] = []
    word = first
    for atom in _atoms(source):
        for part in re.findall(r"\s+|\S+", atom.text) if atom.fact is None else [atom.text]:
            space = part.isspace()
            if word is not None and space:
                word += 1
            pieces.append(replace(atom, text=part, word=None if space else word))
    return tuple(pieces)


def _atoms(source: str) -> Iterable[Piece]:
    for link, target, strong, code, fact, plain in ATOM.findall(source):
        if link:
            yield Piece(link, link=target)
        elif fact:
            yield Piece(facts()[fact]["text"], fact=fact)
        else:
            yield Piece(strong or code or plain, frozenset({"strong"} if strong else {"code"} if code else ()))


def prose(id: str, *passages: Passage) -> Shown:
    return Shown(id, "prose", passages=passages)


def paragraph(source: str) -> Passage:
    return Passage("paragraph", (text(source),))


def loop(width: float) -> Drawing:
    """Boxes with arrows between them: side by side where there is room, else one below the other."""
    names = ("data", "network", "answer", "loss")
    wide = width >= WIDE
    size = 112.0
    parts = []
    for k, name in enumerate(names):
        x, y = (20 + k * 160.0, 30.0) if wide else ((width - size) / 2, 16 + k * 96.0)
        shapes = [Stroke(f"M{x} {y}h{size}v56h-{size}z", fill="paper"), Words(x + size / 2, y + 33, name, 15, measure(name, 15), "middle")]
        if k:
            arrow = f"M{x - 46} {y + 28}h42m-7 -5l7 5l-7 5" if wide else f"M{x + size / 2} {y - 38}v34m-5 -7l5 7l5 -7"
            shapes.insert(0, Stroke(arrow, ink="accent"))
        parts.append(Part(name, tuple(shapes), (x, y, x + size, y + 56)))
    return Drawing(width, 116 if wide else 376, "The learning loop", "Data go into the network; its answer is compared, which gives the loss.", tuple(parts))


def curve(width: float) -> Drawing:
    """The losses of the run."""
    values = run().losses[:: max(1, len(run().losses) // 40)]
    x = 40 + np.arange(len(values)) / len(values) * (width - 60)
    y = 190 - values / values.max() * 150
    d = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))
    axes = Part("axes", (Stroke(f"M40 20V190H{width - 20:.0f}", ink="quiet"), Words(44, 32, "loss", 14, 28, ink="quiet")))
    return Drawing(width, 214, "The loss", "It falls, quickly at first.", (axes, Part("curve", (Stroke(d, ink="accent", width=2.5),))))


@dataclass
class Making:
    """A lesson in the making: time goes on with each beat."""

    now: float = 0.0
    beats: int = 0
    events: tuple[Event, ...] = ()

    def beat(self, shown: Iterable[Shown], said: str = "", *, cues: Iterable[tuple[str, str, float]] = (), pause: float = 0.0) -> Beat:
        """A beat; cues are (verb, target, at which word)."""
        self.beats += 1
        name, start = f"beat-{self.beats}", self.now
        narrated = text(said, first=0)
        words = len({piece.word for piece in narrated} - {None})
        if said:
            starts = tuple(round(start + k * WORD, 3) for k in range(words))
            self._add(Say(name, start, round(start + words * WORD, 3), starts))
        for verb, target, at in cues:
            kind = Draw if verb == "draw" else Point
            self._add(kind(target, round(start + at * WORD, 3), round(start + (at + 3) * WORD, 3)))
        self.now = round(start + words * WORD + (BREATH if said else 0.0), 3)
        if pause:
            self._add(Pause(self.now, round(self.now + pause, 3)))
            self.now = round(self.now + pause, 3)
        passages = (Passage("paragraph", (narrated,)),) if said else ()
        return Beat(name, tuple(shown), passages, start, self.now)

    def _add(self, event: Event) -> None:
        self.events = (*self.events, event)

    def set(self, name: str, value: Any, before: Any, start: float, end: float) -> None:
        self._add(Set(name, value, before, start, end))

    def ask(self, target: str, what: str) -> None:
        self._add(Ask(target, self.now, what))


def _loop_chapter(making: Making) -> tuple[Beat, ...]:
    sketch = (loop(WIDE), loop(NARROW))
    first = making.beat(
        [
            prose("prose-1", paragraph("A network begins with *random numbers*, and is wrong. What makes it less wrong is a [loop](#training-dynamics).")),
            Shown("loop", "diagram", "learning-loop", sketch=sketch, caption=text("One update of the run")),
        ],
        "An example goes in, and an answer comes out. At first the loss is {loss.start}.",
        cues=[("draw", "loop.data", 1), ("draw", "loop.network", 2), ("draw", "loop.answer", 6), ("draw", "loop.loss", 11), ("point", "loop.loss", 12)],
    )
    second = making.beat(
        [
            Shown("forward", "equation", mathml=FORMULA, spoken="y hat is f of x, with the weights W and the biases b", label="The answer", caption=text("In one line")),
            Shown("core", "note", "idea", title="The core loop", passages=(paragraph("Answer, compare, change: `updates` times."),)),
        ],
        "Everything that the network knows is in its weights.", cues=[("draw", "core", 3)],
    )
    return first, second


def _training_chapter(making: Making) -> tuple[Beat, ...]:
    sketch = (curve(WIDE), curve(NARROW))
    start = making.now
    first = making.beat(
        [Shown("losses", "plot", "loss", sketch=sketch, caption=text("The loss of each batch, over {updates} updates"))],
        "After {updates} updates the loss is {loss.end}, and {accuracy.test} of the held-out points are right.",
        cues=[("draw", "losses.curve", 0)],
    )
    making.set("update", run().updates, 0, start, making.now)
    second = making.beat(
        [
            prose("prose-2", Passage("heading", (text("What you can change"),), 2), Passage("bullets", (text("the learning rate"), text("the seed")))),
            Shown("try", "live", "knobs", sketch=sketch, ask="Turn the learning rate up, and watch the loss.", caption=text("The run itself")),
        ],
        "Now it is your turn.",
    )
    making.ask("try", "Turn the learning rate up, and watch the loss.")
    third = making.beat(
        [
            Shown("fell", "check", passages=(paragraph("What did the loss do?"),), answers=(Answer(text("It fell."), True), Answer(text("It rose."), False))),
            Shown("end", "check", passages=(paragraph("How large is the loss at the end?"),), number=(float(run().losses[-1]), 0.05, facts()["loss.end"]["text"])),
        ],
        "Two questions.", pause=2.0,
    )
    return first, second, third


def _neuron_chapter(making: Making) -> tuple[Beat, ...]:
    start = making.now
    first = making.beat(
        [
            Shown("mix", "equation", mathml=MIX, spoken="z is the sum of the weighted inputs, plus b"),
            Shown("powers", "equation", mathml=POWERS, spoken="p k is e to the z k, divided by the sum over all j of e to the z j"),
            Shown("net", "live", "network", sketch=(loop(WIDE), loop(NARROW)), options={"neuron": "dense_1:2", "update": 3}),
        ],
        "One neuron mixes its inputs, and squashes what comes out.",
    )
    making.set("neuron", "dense_1:2", "dense_1:2", start + WORD, start + WORD)
    second = making.beat(
        [
            prose("prose-3", Passage("quote", (text("A slope is a promise for a small step."),)), Passage("numbers", (text("Mix."), text("Squash."))),
                  Passage("paragraph", ((Piece("The step is "), Piece("η", mathml=INLINE), Piece(" times the slope.")),))),
            Shown("drawn", "illustration", "drawing.svg", image=("image/svg+xml", SVG.encode(), f"A circle and a line {ATTACK}"), caption=text("Drawn by hand")),
            Shown("photo", "illustration", "pixel.png", image=("image/png", PIXEL, "A pixel")),
            Shown("careful", "note", "careful", title="Careful", passages=(paragraph("It is a picture, not a brain."),)),
            Shown("python", "code", "python", code='import learnloop as ll\n\nX, y = ll.datasets.load("moons").standardised()\nprint(ll.train(ll.mlp(2, 6, 1), X, y))\n', language="python", caption=text("It trains in a second.")),
        ],
        "That is all: read more at [the home](https://example.org/a?b=1&c=2) of this lesson.",
    )
    last = making.beat([Shown("time", "live", "timeline", sketch=(curve(WIDE), curve(NARROW))), prose("prose-4", paragraph("Play it again."))])
    return first, second, last


@cache
def sample(*, sound: bool = True, base_url: str = "") -> Lesson:
    """The lesson; with or without sound, with or without a public address."""
    making = Making()
    chapters = []
    for id, title, beats in (
        ("the-learning-loop", "The learning loop", _loop_chapter), ("training-dynamics", "Training dynamics", _training_chapter),
        ("the-anatomy-of-a-neuron", "The anatomy of a neuron", _neuron_chapter),
    ):  # fmt: skip
        start = making.now
        made = beats(making)
        chapters.append(Told(id, text(title), made, start, making.now))
    front = Front(
        "How a small network parts two moons", "One hidden layer, and what each of its numbers does", "Neural networks", "2026-11-25", "en",
        "beginner", "A. Teacher", base_url, ("What the loss says", "How an update changes a weight", "What one neuron computes"),
    )  # fmt: skip
    events = tuple(sorted(making.events, key=lambda event: event.start))
    blocks, session = enclosed()
    trained = LessonRun("", run(), session["opening"]["scenario"], blocks["data"], command="learnloop train moons --rows 160 --hidden 6")
    silence = "" if sound else "Nothing is read aloud: no voice is installed. Times are estimated."
    return Lesson(
        front, tuple(chapters), events, making.now, "espeak-ng" if sound else "silent", spoken(making.events, making.now) if sound else None,
        silence, tuple(facts().values()), {"": trained}, "---\ntitle: How a small network parts two moons\n---\n",
    )  # fmt: skip


def hostile() -> Lesson:
    """The same lesson; every text that somebody wrote attacks."""
    lesson = sample(sound=False)
    piece = (Piece(ATTACK), Piece(ATTACK, link="javascript:alert(1)"), Piece(ATTACK, frozenset({"code", "em"})))
    passage = Passage("paragraph", (piece,))
    bad = [
        prose("bad-prose", passage, replace(passage, kind="heading"), replace(passage, kind="quote"), replace(passage, kind="bullets")),
        Shown("bad-note", "note", ATTACK, title=ATTACK, passages=(passage,)),
        Shown("bad-equation", "equation", mathml=f"<math><mtext>{ATTACK}</mtext><mi onclick='x' style='y' href='javascript:z'>x</mi></math>", spoken=ATTACK, label=ATTACK),
        Shown("bad-code", "code", ATTACK, code=ATTACK, language=ATTACK),
        Shown("bad-check", "check", passages=(passage,), answers=(Answer(piece, True),)),
        Shown("bad-number", "check", passages=(passage,), number=(1.0, 0.1, ATTACK)),
        Shown("bad-picture", "plot", ATTACK, sketch=(named(WIDE), named(NARROW)), caption=piece),
        Shown("bad-live", "live", "network", sketch=(named(WIDE), named(NARROW)), caption=piece, ask=ATTACK, options={ATTACK: ATTACK}),
    ]
    beat = Beat("beat-99", tuple(bad), (), lesson.seconds, lesson.seconds)
    chapter = Told("block-session", piece, (beat,), lesson.seconds, lesson.seconds)
    front = Front(*[ATTACK] * 3, "2026-11-25", "en", ATTACK, ATTACK, "", (ATTACK,))
    trained = {ATTACK: replace(lesson.runs[""], name=ATTACK, command=ATTACK)}
    attacked = tuple({**fact, "text": ATTACK} for fact in lesson.facts)
    return replace(lesson, front=front, chapters=(*lesson.chapters, chapter), runs={**lesson.runs, **trained}, text=ATTACK, silence=ATTACK, voice=ATTACK, facts=attacked)


def named(width: float) -> Drawing:
    return Drawing(width, 60, ATTACK, ATTACK, (Part("x", (Words(10, 40, ATTACK[:20], 14, 200),)),))


def spoken(events: Iterable[Event], seconds: float, rate: int = 22_050) -> bytes:
    """An MP3 in which every word is a short tone: what is heard can be held against the event list."""
    import soundfile

    samples = np.zeros(int(seconds * rate), np.float32)
    for start in (word for event in events if isinstance(event, Say) for word in event.words):
        at = int(start * rate)
        count = min(int(0.2 * rate), len(samples) - at)
        ramp = np.hanning(count)
        samples[at : at + count] = 0.3 * ramp * np.sin(2 * np.pi * 220 * np.arange(count) / rate)
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="MP3")
    return file.getvalue()
