"""One update of a run, with everything that was computed in it."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import DescriptionError, UnknownName
from ..rules import Parameter
from ..train.examples import Examples
from ..train.memory import Memory
from .change import Change
from .check import TOLERANCE, Check, batch_loss, central_difference
from .expansion import Expansion
from .explain import explain, neuron
from .layer import LayerMoment, ParameterMoment
from .neuron import Neuron
from .numbers import Exact
from .structure import Structure
from .window import Window, checked_place

Array = np.ndarray[Any, np.dtype[Any]]
MOST_ROWS = 40
"""Rows of a batch that a message lists."""


class Moment:
    """One update of a run; made by :class:`~learnloop.runs.Traveller`, and free of it: nothing changes it later.

    Attributes:
        update: which one, from 0.
        epoch: the epoch it lies in.
        rows: the rows of the data in its batch, in order.
        loss: of the batch, the bits of ``run.losses[update]``.
        seed: what keyed its random numbers.
    """

    def __init__(
        self, structure: Structure, memory: Memory, before: Mapping[str, Array], examples: Examples, *,
        update: int, epoch: int, order: Array, batch_size: int, seed: int,
    ) -> None:  # fmt: skip
        self.update, self.epoch, self.seed = update, epoch, seed
        per_epoch = -(-len(order) // batch_size)
        self._batches = [order[k * batch_size : (k + 1) * batch_size] for k in range(per_epoch)]
        self.rows = self._batches[update % per_epoch]
        self._structure, self._before, self._examples = structure, dict(before), examples
        self._memory = copy.copy(memory)
        self._memory.arena = memory.arena.copy()
        for values in (*self._before.values(), self._memory.arena, *self._batches):
            values.flags.writeable = False
        self.loss = self.tensor("loss")[()]

    @property
    def dtype(self) -> np.dtype[Any]:
        """What the run computed in."""
        return np.dtype(self._memory.artefact.source.dtype)

    @property
    def memory(self) -> Memory:
        """The arena with every tensor of the update, which pages read through its layout; nothing may be written to it."""
        return self._memory

    @property
    def before(self) -> Mapping[str, Array]:
        """Parameters and states before the update, by tensor, read-only."""
        return self._before

    @property
    def learning_rate(self) -> float:
        """The rate that the schedule gave, before it was rounded to the run's type."""
        return float(self.tensor(self._structure.rate))

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of all layers."""
        return self._structure.layers

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters."""
        return tuple(p.name for p in self._structure.program.parameters)

    def tensor(self, name: str) -> Array:
        """Any tensor of the update by its name in the program, read-only; parameters and states as they were before.

        Raises:
            UnknownName: for a name that the update does not have.
        """
        if name in self._before:
            return self._before[name]
        given = {"X": self._examples.X, "labels": self._examples.labels, "Y": self._examples.Y}
        found = {**given, "weights": self._examples.weights}.get(name)
        if found is not None:
            return found
        known = self._structure.train.tensors
        if name not in known:
            raise UnknownName("tensor", name, known)
        return self._memory.view(self._structure.state_of.get(name, name), len(self.rows))

    def layer(self, name: str) -> LayerMoment:
        """What one layer computed.

        Args:
            name: "dense_1", or "residual_1.dense_1" for a layer inside another.

        Raises:
            UnknownName: for a layer that the network does not have.
        """
        structure = self._structure
        structure.check_layer(name)
        sources = {"activation": structure.activation(name)}
        z = structure.pre_activation(name)
        if z is not None:
            sources["pre_activation"] = z.out
            if z.out in structure.gradient_of:
                sources["delta"] = structure.gradient_of[z.out]
        arrays = {what: self.tensor(tensor) for what, tensor in sources.items()}
        parameters = {label: self._parameter(p) for label, p in structure.parameters_of(name).items()}
        return LayerMoment(name, arrays, parameters)

    def _parameter(self, p: Parameter) -> ParameterMoment:
        structure = self._structure
        terms = {name: self.tensor(name) for name in structure.terms(p.tensor)}
        after = self.tensor(structure.value_of[p.tensor])
        return ParameterMoment(
            p.name, self.tensor(p.tensor), after, self.tensor(structure.program.gradients[p.tensor]), terms
        )

    def change(self, name: str, *place: int) -> Change:
        """Why one number of a parameter changed.

        Args:
            name: "dense_1.weight".
            *place: where in it: input and unit for a weight, the unit for a bias.

        Raises:
            UnknownName: for a parameter that the network does not have.
            DescriptionError: for a place outside it.
        """
        p = self._structure.parameter(name)
        return explain(self._expansion, p, checked_place(name, place, p.dims), self.update, self.rows)

    def changes(self, name: str) -> Iterator[Change]:
        """The changes of all numbers of a parameter, in order."""
        for place in np.ndindex(self._structure.parameter(name).dims):
            yield self.change(name, *place)

    @cached_property
    def _expansion(self) -> Expansion:
        window = Window(self.update, np.array([len(self.rows)]), lambda name: self.tensor(name)[np.newaxis])
        return Expansion(self._structure, window, Exact(), self.dtype)

    def neuron(self, layer: str, unit: int, row: int | None = None, *, data_row: int | None = None) -> Neuron:
        """What one unit computed for one row.

        Args:
            layer: a layer with a pre-activation.
            unit: which of its units.
            row: which row of the batch: a position in ``rows``; the first one unless given.
            data_row: a row of the data in place of a position; it must be in the batch.

        Raises:
            UnknownName: for a layer that the network does not have, or one without a pre-activation.
            DescriptionError: for a unit or row outside it.
        """
        found = self.layer(layer)
        if row is not None and data_row is not None:
            raise DescriptionError("expected row or data_row, got both. Fix: row for a place in the batch, data_row for X.")
        rows, units = found.pre_activation.shape
        (unit,) = checked_place(f'unit of layer "{layer}"', (unit,), (units,))
        (position,) = checked_place("row of the batch", ((row or 0) if data_row is None else self._position(data_row),), (rows,))
        return neuron(self._expansion, found, (position, unit), self.update, int(self.rows[position]))

    def _position(self, data_row: int) -> int:
        """Where in the batch a row of the data is; each is in one batch of the epoch."""
        (data_row,) = checked_place("data_row", (data_row,), (self._examples.rows,))
        homes = [(k, np.flatnonzero(rows == data_row)) for k, rows in enumerate(self._batches)]
        batch, places = next(((k, p) for k, p in homes if len(p)), (-1, np.empty(0)))
        own = self.update % len(self._batches)
        if batch == own:
            return int(places[0])
        update = self.update - own + batch
        other = f"epoch {self.epoch} has it at update {update}" if batch >= 0 else "the run does not learn from it"
        shown = ", ".join(map(str, self.rows[:MOST_ROWS].tolist())) + (", ..." if len(self.rows) > MOST_ROWS else "")
        fix = f"at(update={update})" if batch >= 0 else "one of these"
        raise DescriptionError(
            f"row {data_row} is not in the batch of update {self.update}, which has the rows {shown}; {other}. Fix: {fix}."
        )

    def check(self, name: str, *place: int) -> Check:
        """Backpropagation against a central finite difference of the batch loss.

        The difference comes from the interpreter of the statements, in float64, with the same batch and the same
        random numbers; it shares no code with the compiler.

        Args:
            name: "dense_1.weight".
            *place: as in :meth:`change`.
        """
        structure = self._structure
        p = structure.parameter(name)
        place = checked_place(name, place, p.dims)
        needed = [t.name for t in structure.train.tensors.values() if t.role != "value" and self._given(t.name)]
        values = {n: np.asarray(self.tensor(n)) for n in needed} | {"row": self.rows}
        difference, step = central_difference(batch_loss(structure.train), values, p.tensor, place, self.seed)
        gradient = structure.program.gradients[p.tensor]
        tolerance = TOLERANCE[self.dtype.name] * (float(self._expansion.size(gradient, place).item()) + 1e-3)
        found = float(self.tensor(gradient)[place])
        return Check(f"{name}[{','.join(map(str, place))}]", self.update, found, difference, step, tolerance)

    def _given(self, name: str) -> bool:
        return name not in ("labels", "Y") or getattr(self._examples, name) is not None

    def __repr__(self) -> str:
        return f"<Moment update {self.update}, epoch {self.epoch}, {len(self.rows)} rows, loss {float(self.loss):.6g}>"
