"""Blocks as they are shown: each kind of directive in one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import LearnloopError
from .code import c_of, program_of, python_of
from .document.model import Block, FactRef
from .drawing.check import problems as misdrawn
from .drawing.diagrams import diagram_of
from .drawing.plots import plot_of, still_of
from .drawing.scene import NARROW, WIDE, Drawer, Drawing
from .fill import Filler
from .model import Answer, LessonRun, Shown
from .pictures import read_picture
from .problems import LessonError, wrong

MAKERS = {"python": lambda run, part: python_of(run), "program": program_of, "c": c_of}
"""Code that is made of a run."""


@dataclass(frozen=True)
class Shower:
    """Makes blocks of a document into blocks of a lesson; what cannot be is noted by the filler.

    Attributes:
        filler: fills facts in, and collects problems.
        runs: by name.
        folder: where files are.
    """

    filler: Filler
    runs: Mapping[str, LessonRun]
    folder: Path

    def show(self, block: Block) -> Shown:
        """A block with its facts, its picture, its code."""
        try:
            return _KINDS[block.name](self, block)
        except LessonError as error:
            self.filler.take(error)
        except LearnloopError as error:
            self.filler.problem(block.place, str(error))
        return Shown(block.id, block.name)

    def run_of(self, block: Block) -> LessonRun:
        """The run that a block is about.

        Raises:
            LessonError: if there is none of that name.
        """
        given = block.options.get("run")
        name = given.text if given is not None else ""
        if name in self.runs:
            return self.runs[name]
        known = ", ".join(repr(run) for run in self.runs if run) or "none; the run block before the first chapter makes one"
        place = block.place if given is None else given.place
        raise wrong(place, f"no run is called {name!r}; there are: {known}. Fix: give a run block :name: {name or 'main'}.")

    def option(self, block: Block, name: str) -> str:
        """An option as it was written; "" for none."""
        given = block.options.get(name)
        return given.text if given is not None else ""

    def sketch(self, block: Block, drawer: Drawer) -> tuple[Drawing, Drawing]:
        """The pictures of both widths; one that our layout got wrong is no picture.

        Raises:
            LessonError: if something in it would overlap, or be outside.
        """
        drawn = (drawer(WIDE), drawer(NARROW))
        faults = [problem for drawing in drawn for problem in misdrawn(drawing)]
        if faults:
            raise wrong(block.place, f"this picture cannot be drawn: {faults[0]}. Fix: fewer or shorter names in it.")
        return drawn


def _prose(shower: Shower, block: Block) -> Shown:
    return Shown(block.id, "prose", passages=shower.filler.passages(block.prose))


def _note(shower: Shower, block: Block) -> Shown:
    kind = shower.option(block, "kind") or "idea"
    return Shown(block.id, "note", kind, title=block.argument, passages=shower.filler.passages(block.prose))


def _equation(shower: Shower, block: Block) -> Shown:
    assert block.raw is not None
    mathml = shower.filler.formula(block.raw.text, block.raw.place)
    return Shown(
        block.id, "equation", mathml=mathml, code=block.raw.text.strip(), spoken=shower.filler.plain(block.texts.get("spoken", ())),
        label=shower.filler.plain(block.texts.get("label", ())), caption=shower.filler.text(block.texts.get("caption", ())),
    )  # fmt: skip


def _diagram(shower: Shower, block: Block) -> Shown:
    if block.argument != "boxes":
        shower.run_of(block)
    return _drawn(shower, block, diagram_of(block, shower.runs))


def _plot(shower: Shower, block: Block) -> Shown:
    shower.run_of(block)
    return _drawn(shower, block, plot_of(block, shower.runs))


def _drawn(shower: Shower, block: Block, drawer: Drawer) -> Shown:
    return Shown(
        block.id, block.name, block.argument, sketch=shower.sketch(block, drawer), caption=shower.filler.text(block.texts.get("caption", ()))
    )


def _illustration(shower: Shower, block: Block) -> Shown:
    if block.argument == "network":
        return _diagram(shower, block)
    alt = shower.option(block, "alt") or shower.option(block, "prompt")
    image = (*read_picture(shower.folder, block.argument, block.place), alt)
    return Shown(block.id, "illustration", "file", image=image, caption=shower.filler.text(block.texts.get("caption", ())))


def _code(shower: Shower, block: Block) -> Shown:
    caption = shower.filler.text(block.texts.get("caption", ()))
    if block.argument in MAKERS:
        text = MAKERS[block.argument](shower.run_of(block), shower.option(block, "part"))
        language = {"program": "text"}.get(block.argument, block.argument)
        return Shown(block.id, "code", block.argument, code=text, language=language, caption=caption)
    assert block.raw is not None
    return Shown(block.id, "code", code=block.raw.text, language=shower.option(block, "language") or "text", caption=caption)


def _check(shower: Shower, block: Block) -> Shown:
    filler = shower.filler
    passages = filler.passages(block.prose)
    ask = "Answer the question, or go on."
    if block.answer is not None:
        value, shown = _number(shower, block.answer)
        tolerance = float(shower.option(block, "tolerance") or abs(value) * 0.05)
        return Shown(block.id, "check", "number", passages=passages, number=(value, tolerance, shown), ask=ask)
    answers = tuple(Answer(filler.text(choice.spans), filler.judge(choice.condition)) for choice in block.choices)
    right = sum(answer.right for answer in answers)
    if right != 1:
        filler.problem(block.place, f"{right} of the {len(answers)} answers are right by the facts of the run; expected one. Fix: other conditions.")
    return Shown(block.id, "check", "choice", passages=passages, answers=answers, ask=ask)


def _number(shower: Shower, ref: FactRef) -> tuple[float, str]:
    fact = shower.filler.book.find(ref)
    if isinstance(fact.value, str):
        raise wrong(ref.place, f"the answer {ref.name} is a text, {fact.value!r}; expected a number. Fix: a question with choices.")
    return float(fact.value), fact.shown(ref.format)


def _live(shower: Shower, block: Block) -> Shown:
    run = shower.run_of(block)
    options: dict[str, object] = {}
    if "neuron" in block.options:
        options["neuron"] = shower.option(block, "neuron")
    if "update" in block.options:
        given = shower.option(block, "update")
        options["update"] = run.run.updates if given == "last" else int(given)
    still = shower.sketch(block, still_of(block.argument, run.run, options))
    return Shown(
        block.id, "live", block.argument, sketch=still, options=options, ask=shower.filler.plain(block.texts.get("ask", ())),
        caption=shower.filler.text(block.texts.get("caption", ())),
    )  # fmt: skip


_KINDS: Mapping[str, Callable[[Shower, Block], Shown]] = {
    "prose": _prose, "note": _note, "equation": _equation, "diagram": _diagram, "plot": _plot, "illustration": _illustration,
    "code": _code, "check": _check, "live": _live,
}  # fmt: skip
