"""What a block asks of a run, and how numbers and names are said in diagrams."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ....errors import LearnloopError, short
from ...facts.formats import written
from ...facts.subject import Subject

LONGEST = 120
"""Characters of a name that somebody gave, at most."""


class Unfit(Exception):
    """A diagram that cannot be: what is wrong, and how to fix it.

    Attributes:
        option: the option of the block that it is about.
    """

    def __init__(self, option: str, text: str) -> None:
        super().__init__(text)
        self.option = option


@dataclass(frozen=True)
class Where:
    """What of a run is shown.

    Attributes:
        update: which update; None for what suits the diagram.
        neuron: a layer and one of its units, or None.
        row: a row of the data, or None for the first one of the batch.
    """

    update: int | None = None
    neuron: tuple[str, int] | None = None
    row: int | None = None

    @classmethod
    def of(cls, subject: Subject, options: Mapping[str, str]) -> Where:
        """What the options of a block say.

        Raises:
            Unfit: for a value that the run does not have.
        """
        try:
            update = subject.update(_whole("update", options["update"], "last")) if "update" in options else None
        except LearnloopError as error:
            raise Unfit("update", str(error)) from error
        neuron = _neuron(subject, options["neuron"]) if "neuron" in options else None
        row = int(_whole("row", options["row"])) if "row" in options else None
        return cls(update, neuron, row)


def _whole(option: str, given: str, word: str = "") -> str:
    if given != word and not (given.isascii() and given.isdigit() and len(given) < 12):
        raise Unfit(option, f"{option} is {short(given)}; expected a whole number{f', or {word}' if word else ''}. Fix: {option}: 0")
    return given


def _neuron(subject: Subject, given: str) -> tuple[str, int]:
    layer, _, unit = given.rpartition(":")
    known = dict(weights_of(subject))
    if layer not in known or not (unit.isascii() and unit.isdigit() and len(unit) < 12) or int(unit) >= known[layer][1]:
        names = ", ".join(f"{name}:0 to {name}:{units - 1}" for name, (_, units) in list(known.items())[:6])
        raise Unfit("neuron", f"neuron is {short(given)}; expected one of {names}. Fix: {next(iter(known))}:0")
    return layer, int(unit)


def weights_of(subject: Subject) -> list[tuple[str, tuple[int, int]]]:
    """Layers with a table of weights, in order: (name, (inputs, units))."""
    found = [(p.layer, p.dims) for p in subject.program.parameters if len(p.dims) == 2 and p.name.endswith(".weight")]
    if not found:
        raise Unfit("", "the network has no layer with weights from unit to unit. Fix: a network with dense layers.")
    return [(layer, (int(dims[0]), int(dims[1]))) for layer, dims in found]


def number(value: float) -> str:
    """A number as a picture has it."""
    return written(float(value), "number")


def compact(value: float, most: int = 9) -> str:
    """A number in little room: with an exponent where it would have more characters than that."""
    text = number(value)
    if len(text) <= most and "×" not in text:
        return text
    if math.isnan(value):
        return "NaN"
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}".replace("-", "−")


def named(text: str) -> str:
    """A name that somebody gave, cut where it is very long."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def count(many: int, one: str, more: str = "") -> str:
    """So many of something."""
    return f"{written(many, 'count')} {one if many == 1 else more or one + 's'}"
