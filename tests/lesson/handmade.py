"""A small lesson made by hand about a real run, for tests of what is made of lessons."""

from __future__ import annotations

from functools import cache
from typing import Any

from learnloop.carrying import carry_out
from learnloop.data.recipes import Recipe
from learnloop.errors import Diverged
from learnloop.explore.handover import data_pack
from learnloop.explore.holding import Holding
from learnloop.explore.opening import of_recipe
from learnloop.explore.rows import builtin
from learnloop.explore.scenario import Scenario, ready, to_task
from learnloop.lesson.document.model import FactRef, Front
from learnloop.lesson.drawing.scene import NARROW, WIDE, Drawing, Part, Stroke
from learnloop.lesson.events import Ask, Draw, Pause, Point, Say, Set
from learnloop.lesson.facts import FactBook
from learnloop.lesson.model import Answer, Beat, Lesson, LessonRun, Passage, Piece, Shown, Told
from learnloop.lesson.problems import Place
from learnloop.train.progress import Silent

EVIL = "<script>alert(1)</script> & *stars* [x](javascript:1) `tick` $2$ # no"
"""What somebody might write."""


def scenario(name: str = "xor", epochs: int = 2) -> Scenario:
    """A small scenario of a built-in data set."""
    return of_recipe(builtin(name), 2, 2, Recipe((4,), 0.05, epochs, 16))


@cache
def lesson_run(name: str = "", data: str = "xor", epochs: int = 2) -> LessonRun:
    """It, trained once."""
    return trained(name, scenario(data, epochs), f"learnloop train {data} --epochs {epochs}")


def trained(name: str, asked: Scenario, command: str = "") -> LessonRun:
    """A scenario, trained as far as it comes."""
    rows = ready(asked, Holding())
    try:
        run = carry_out(to_task(asked, rows), Silent(), notes=rows.notes)
    except Diverged as error:
        run = error.run
    return LessonRun(name, run, asked.to_dict(), data_pack(rows.table, asked.data), "", command)


def words(*texts: str) -> tuple[Piece, ...]:
    """A line that is spoken."""
    pieces: list[Piece] = []
    for number, text in enumerate(texts):
        pieces += [*([Piece(" ")] if number else []), Piece(text, word=number)]
    return tuple(pieces)


def drawing(width: float) -> Drawing:
    parts = (Part("data", (Stroke("M0 0L9 9"),), (0, 0, 10, 10)),)
    return Drawing(width, 100, "The learning loop", "Data go in; an answer comes out.", parts)


def paragraph(*pieces: Piece) -> Passage:
    return Passage("paragraph", (pieces,))


def shown() -> tuple[Shown, ...]:
    """One of each kind."""
    pair = (drawing(WIDE), drawing(NARROW))
    return (
        Shown("prose-1", "prose", passages=(
            Passage("heading", ((Piece("A closer look"),),), 2),
            paragraph(Piece("Loss "), Piece("0.69", fact="fact-1"), Piece(", "), Piece("bold", frozenset({"strong"})), Piece(" and "),
                      Piece("dense_1", frozenset({"code"})), Piece(" and "), Piece("x^2", mathml="<math/>"), Piece(" at "),
                      Piece("home", link="https://example.org/a b>c")),
            Passage("bullets", ((Piece("one"),), (Piece("- two"),))), Passage("numbers", ((Piece("first"),), (Piece("second"),))),
            Passage("quote", ((Piece("said"),),)),
        )),
        Shown("loop", "diagram", "learning-loop", sketch=pair, caption=(Piece("One update of "), Piece("10", fact="fact-2"))),
        Shown("note-1", "note", "idea", title="Core loop", passages=(paragraph(Piece(EVIL)),)),
        Shown("eq-1", "equation", mathml="<math/>", spoken="z is w times x plus b", label="neuron", code="z = w x + b\n"),
        Shown("ill-1", "illustration", "file", image=("image/png", b"png", "A cat")),
        Shown("plot-1", "plot", "loss", sketch=pair),
        Shown("code-1", "code", "python", code="x = '```'\n", language="python"),
        Shown("check-1", "check", "choice", passages=(paragraph(Piece("Did it fall?")),),
              answers=(Answer((Piece("It fell."),), True), Answer((Piece("It rose."),), False))),
        Shown("check-2", "check", "number", passages=(paragraph(Piece("How many updates?")),), number=(10.0, 0.5, "10")),
        Shown("live-1", "live", "network", sketch=pair, options={"update": 0}, ask="Move the learning rate."),
    )  # fmt: skip


def facts(*names: str, run: LessonRun | None = None) -> tuple[dict[str, Any], ...]:
    """A table of facts of a run."""
    book = FactBook({"": run or lesson_run()})
    for name in names:
        book.find(FactRef("", name, "", Place(1, 1)))
    return book.used()


def lesson(title: str = "A small lesson", **changes: Any) -> Lesson:
    """All of it; the same calls give equal lessons."""
    front = Front(title, "Of a small network", "Neural networks", "2026-11-25", "en", "beginner", "A. Teacher", learn=("What the loss says",))
    said = Passage("paragraph", (words("An", "example", "goes", "in."),))
    first = Beat("beat-1", shown(), (said,), 0.0, 6.0)
    last = Beat("beat-2", (), (Passage("paragraph", (words("That", "is", "all."),)),), 6.0, 9.0)
    given: dict[str, Any] = {
        "front": front, "chapters": (Told("start", (Piece("The Start"),), (first, last), 0.0, 9.0),),
        "events": (
            Set("update", 0, 0, 0.0, 0.0), Say("beat-1", 0.5, 3.0, (0.5, 1.0, 1.5, 2.0)), Draw("loop", 0.5, 1.0), Point("loop.data", 1.0, 2.0),
            Ask("live-1", 3.0, "Move the learning rate."), Pause(3.0, 6.0), Say("beat-2", 6.5, 8.0, (6.5, 7.0, 7.5)),
        ),
        "seconds": 9.0, "voice": "silent", "sound": None, "silence": "no voice was asked for.", "facts": facts("loss.start", "run.updates"),
        "runs": {"": lesson_run()}, "text": "---\ntitle: A small lesson\n---\n",
    }  # fmt: skip
    return Lesson(**given | changes)
