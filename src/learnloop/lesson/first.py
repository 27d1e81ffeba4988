"""A first document about a run: it builds as it is, and what it says is what the run has facts for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..data import Source
from ..errors import LearnloopError
from ..train.metrics import is_classifier
from .document.model import FactRef
from .document.numbers import typed_numbers
from .facts import FactBook
from .model import LessonRun
from .problems import Place

_FACT = re.compile(r"(?<!:::)\{([^{}?:]+)(?::(\w+))?\}")
_NOWHERE = Place(1, 1)
LONGEST = 60
"""Characters of a name that a title has room for."""
Sentence = str | tuple[str, ...]
"""What is said if the run has the facts in it; of several the first of these."""


@dataclass(frozen=True)
class Beat:
    """A block with what is said of it.

    Attributes:
        block: a directive with its options, or "" for none; it is left out if a fact of it is not there.
        said: sentences; the beat is left out without any.
        suits: "" for every run, or a property of :class:`Subject` that a run must have.
    """

    block: str
    said: tuple[Sentence, ...]
    suits: str = ""


@dataclass(frozen=True)
class Subject:
    """What a document would be about.

    Attributes:
        found: the run.
        book: its facts.
    """

    found: LessonRun
    book: FactBook = field(repr=False)

    def knows(self, text: str) -> bool:
        """Whether the run has every fact that a text names; data without a name are called something, but by us."""
        if "{data.name}" in text and Source.of(self.found.run) is None:
            return False
        try:
            for name, format in _FACT.findall(text):
                value = self.book.find(FactRef("", name, format, _NOWHERE)).value
                if name == "data.test" and not value:  # nobody speaks of no rows
                    return False
        except LearnloopError:
            return False
        return True

    @property
    def alive(self) -> bool:
        """Whether a page can compute it."""
        return self.found.scenario is not None

    @property
    def ended(self) -> bool:
        """Whether it went as far as it should."""
        return self.found.run.status == "finished"

    @property
    def flat(self) -> bool:
        """Whether there are two inputs and classes: it can be drawn as a map."""
        run = self.found.run
        return run.network.inputs == 2 and is_classifier(run.loss)

    @property
    def classifies(self) -> bool:
        """Whether there are classes, and rows held out that were answered."""
        return is_classifier(self.found.run.loss) and self.knows("{accuracy.test}")

    @property
    def images(self) -> bool:
        """Whether it reads images, and takes some of those held out for others."""
        source = Source.of(self.found.run)
        return source is not None and source.image_shape is not None and self.classifies and self.knows("{mistakes[0].answer}")


CHAPTERS: tuple[tuple[str, tuple[Beat, ...]], ...] = (
    ("What It Learns From", (
        Beat(":::{diagram} data-flow\n:id: flow\n:caption: What is done with the rows.\n:::", (
            "This network learns from {data.name}.",
            ("Of {data.rows} rows it learns from {data.train}; {data.test} are kept aside, to be honest in the end.", "The number of rows is {data.train}."),
            "The number of inputs is {data.columns}.", ("The number of classes is {data.classes}.", "It learns to predict {data.target}."),
        )),
        Beat(":::{illustration} network\n:id: net\n:caption: The network, with the weights that it has at the end.\n:::", (
            "This is the network.", "All that it learns lies in {network.parameters} numbers, its weights and biases.",
        )),
    )),
    ("How It Learns", (
        Beat(":::{diagram} learning-loop\n:id: loop\n:caption: One update of this run.\n:::", (
            "[Rows go in](draw:loop.data), [answers come out](draw:loop.answer), and [the loss says how wrong they are](draw:loop.loss).",
            "[The error flows back](draw:loop.backward), [and every weight moves a little](draw:loop.update).",
        )),
        Beat(":::{live} network\n:id: stage\n:caption: The run, in this page.\n:::", (
            "Watch it learn, [from the first update to the last](set:update=0..last).", "The number of updates is {run.updates}.",
        ), "alive"),
        Beat(":::{plot} loss\n:id: course\n:caption: The loss of the run.\n:::", (
            "[At first the loss is {loss.start}](point:course).", "In the last epoch it is {loss.end}.",
        ), "ended"),
        Beat("", ("The loss stopped being a finite number at update {run.diverged_at}.",)),
    )),
    ("What Came of It", (
        Beat(":::{plot} decision-map\n:id: map\n:caption: What the network answers everywhere.\n:::", ("This is what it answers, wherever a row may lie.",), "flat"),
        Beat(":::{plot} confusion\n:id: confusion\n:caption: Which class is taken for which, among the rows kept aside.\n:::", (
            "On rows that it has never seen, it is right in {accuracy.test} of all cases.", "The number of mistakes is {mistakes.count}.",
            "The most frequent one is to take {confusion.worst.truth} for {confusion.worst.answer}.",
        ), "classifies"),
        Beat(":::{plot} mistakes\n:id: mistakes\n:caption: The mistakes of which the network is most sure.\n:::", (
            "Of this one it is {mistakes[0].sure} sure: it says {mistakes[0].answer}, and the truth is {mistakes[0].truth}.",
        ), "images"),
        Beat("", (("Of rows that it has never seen, it explains {r2.test} of the variance.", "Of its own rows, it explains {r2.train} of the variance."),)),
        Beat(":::{live} knobs\n:id: knobs\n:caption: What can be changed.\n:ask: Change something, and see what comes of it.\n:::", ("Now it is your turn.",), "alive"),
    )),
)  # fmt: skip
"""What there is to say of any run, in the order in which it is said."""


def first_document(found: LessonRun, argument: str | None) -> str:
    """A document about a run.

    Args:
        found: the run.
        argument: what its ``run`` block names: an id, or a path from the document's folder; None for no such block.

    Returns:
        Markdown that builds as it is.
    """
    subject = Subject(found, FactBook({"": found}))
    parts = [_front(subject), *([] if argument is None else [f":::{{run}} {argument}\n:::"])]
    for title, beats in CHAPTERS:
        told = [part for beat in beats for part in _told(beat, subject)]
        parts += [f"# {title}", *told] if told else []
    return "\n\n".join(parts) + "\n"


def _front(subject: Subject) -> str:
    return "\n".join([
        "---", f"title: {json.dumps(_title(subject), ensure_ascii=False)}", "subtitle: One run, from its first guess to its last",
        "category: Neural networks", "language: en", "level: beginner", "learn:", "  - what the network learns from",
        "  - how it learns, update by update", "  - what came of it", "---",
    ])  # fmt: skip


def _title(subject: Subject) -> str:
    """With the name of the data, where a title may hold it: a number in it would be no fact."""
    name = str(subject.book.find(FactRef("", "data.name", "", _NOWHERE)).value) if subject.knows("{data.name}") else ""
    title = f"How a Network Learned {' '.join(name.split())}"
    fits = name and name.isprintable() and len(name) <= LONGEST and not any(typed_numbers(title))
    return title if fits else "How a Network Learned"


def _told(beat: Beat, subject: Subject) -> Iterator[str]:
    """A beat as Markdown, or nothing where it does not suit the run."""
    said = [sentence for each in beat.said if (sentence := _sentence(each, subject))]
    if not said or (beat.suits and not getattr(subject, beat.suits)):
        return
    if beat.block and subject.knows(beat.block):
        yield beat.block
    yield ":::{say}\n" + "\n".join(said) + "\n:::"


def _sentence(given: Sentence, subject: Subject) -> str:
    choices = (given,) if isinstance(given, str) else given
    return next((text for text in choices if subject.knows(text)), "")
