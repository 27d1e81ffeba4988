"""What a block asks a plot for, checked against the runs of the lesson."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ....errors import UnknownName, short
from ....run import Run
from ...document.model import Block
from ...model import LessonRun
from .problem import Unfit
from .words import listed

NAMED = frozenset({"run", "with", "update", "neuron"})
"""Options that say what is drawn; others say how the block looks."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What to draw.

    Attributes:
        run: the run.
        other: the name of another run, and the run; None for none.
        update: the weights before it; None for those at the end.
        neuron: the name of a layer and the number of a unit; None for none.
    """

    run: Run
    other: tuple[str, Run] | None = None
    update: int | None = None
    neuron: tuple[str, int] | None = None

    @classmethod
    def of(cls, block: Block, runs: Mapping[str, LessonRun], takes: frozenset[str]) -> Asked:
        """What the options of a block say.

        Args:
            block: the block.
            runs: of the lesson, by name.
            takes: the options that its plot takes, beside ``run``.

        Raises:
            Unfit: for an option that it does not take, or that names what is not there.
        """
        given = {name: option.text.strip() for name, option in block.options.items() if name in NAMED}
        for name in given:
            if name not in takes | {"run"}:
                raise Unfit(f"`:{name}:` means nothing here; it takes {listed([f'`:{each}:`' for each in sorted(takes | {'run'})])}. Fix: leave it out.", name)
        run = _run(given.get("run", ""), runs, "run")
        other = (given["with"], _run(given["with"], runs, "with")) if "with" in given else None
        update = read_update(given["update"], run) if "update" in given else None
        return cls(run, other, update, read_neuron(given["neuron"], run) if "neuron" in given else None)

    def needed_neuron(self) -> tuple[str, int]:
        """The neuron.

        Raises:
            Unfit: where none is named.
        """
        if self.neuron is None:
            raise Unfit(f"no neuron is named. Fix: `:neuron: {next(iter(units_of(self.run)), 'dense_1')}:0`, or another one.")
        return self.neuron


def _run(name: str, runs: Mapping[str, LessonRun], option: str) -> Run:
    if name not in runs:
        raise Unfit(str(UnknownName("run of the lesson", name, [each for each in runs if each])), option)
    return runs[name].run


def read_update(given: str, run: Run) -> int:
    """The number of an update, or of the end.

    Raises:
        Unfit: for anything else.
    """
    if not (given.isascii() and given.isdigit() and len(given) < 12) or int(given) > run.updates:
        raise Unfit(f"update is {short(given)}; expected a whole number from 0 to {run.updates}, which is the end of the run.", "update")
    return int(given)


def read_neuron(given: str, run: Run) -> tuple[str, int]:
    """A layer with weights and one of its units, from "dense_1:7".

    Raises:
        Unfit: for anything else.
    """
    units = units_of(run)
    layer, _, unit = given.rpartition(":")
    known = listed([f"{name}:0 to {name}:{count - 1}" for name, count in list(units.items())[:8]])
    if layer not in units:
        raise Unfit(f"neuron is {short(given)}; expected one of {known}.", "neuron")
    if not (unit.isascii() and unit.isdigit() and len(unit) < 10) or int(unit) >= units[layer]:
        raise Unfit(f"neuron is {short(given)}; {layer} has the neurons {layer}:0 to {layer}:{units[layer] - 1}.", "neuron")
    return layer, int(unit)


def units_of(run: Run) -> dict[str, int]:
    """How many neurons each layer with weights of its own has."""
    return {name.rpartition(".")[0]: values.shape[1] for name, values in run.weights.items() if name.endswith(".weight") and values.ndim == 2}
