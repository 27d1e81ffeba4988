"""``learnloop neuron``: what a unit computed for one row."""

from __future__ import annotations

import json as encoder
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DescriptionError, UnknownName
from ..run import Run
from .console import Console, console, plain, say, show, table
from .entry import OK
from .outcome import finite
from .rowwords import Rows
from .shelf import find, title, with_data
from .sums import fitting
from .wording import count, plural
from .words import check_count, unit_place

if TYPE_CHECKING:
    from ..runs import Moment, Neuron

_AT = re.compile(r"at\(update=(\d+)\)")
"""How Python goes to an update."""

@dataclass(frozen=True)
class Place:
    """Which unit, when, and for which row.

    Attributes:
        unit: "dense_1[7]".
        update: the update.
        row: a place in its batch, or None.
        data_row: a row of the data in its batch, or None.
    """

    unit: str
    update: int
    row: int | None = None
    data_row: int | None = None

    def neuron(self, moment: Moment, layer: str, unit: int) -> Neuron:
        """What the unit computed for the row.

        Raises:
            DescriptionError: if the row is not there, or two were given.
        """
        if self.row is not None and self.data_row is not None:
            raise DescriptionError("--row and --data-row were both given. Fix: leave one out.")
        if self.data_row is None:
            return moment.neuron(layer, unit, row=self._row(len(moment.rows)))
        try:
            return moment.neuron(layer, unit, data_row=self.data_row)
        except DescriptionError as error:
            raise DescriptionError(_AT.sub(r"--update \1", str(error)).replace("data_row", "--data-row")) from error

    def _row(self, rows: int) -> int:
        row = self.row or 0
        if not 0 <= row < rows:
            raise DescriptionError(f"--row is {row}; expected a place in the batch, from 0 to {rows - 1}.")
        return row


def neuron(given: str, place: Place, most: int, data: str | None, store: str | None, *, json: bool) -> int:
    """Show the inputs, weights, sum and activation of one unit."""
    check_count("--inputs", most)
    run = find(given, store)
    layer, unit = unit_place(run, place.unit)
    run = with_data(run, given, data)
    moment, rows = run.at(update=place.update), Rows(run)
    _check_unit(run, moment, layer, unit)
    found = place.neuron(moment, layer, unit)
    if json:
        facts = {"command": "neuron", "run": title(run, given), **found.to_dict(), **rows.to_dict(found.row)}
        print(encoder.dumps(finite(facts)))
        return OK
    out = console()
    _tell(out, found, moment, rows)
    _strongest(out, run, found, rows, most)
    return OK


def _check_unit(run: Run, moment: Moment, layer: str, unit: int) -> None:
    """Refuse a unit that is not there, and a layer that only passes on what others computed."""
    try:
        units = moment.layer(layer).pre_activation.shape[1]
    except UnknownName:
        own = {p.name.rpartition(".")[0] for p in run.program.parameters if p.name.endswith(".weight")}
        if layer not in moment.layers or layer in own:
            raise
        others = " or ".join(name for name in moment.layers if name in own)
        raise DescriptionError(f"{layer} has no units of its own; {others} {'has' if len(own) == 1 else 'have'}.") from None
    if not 0 <= unit < units:
        raise DescriptionError(f"{layer}[{unit}] is not there. Fix: a unit in {layer}[0..{units - 1}].")


def _tell(out: Console, found: Neuron, moment: Moment, rows: Rows) -> None:
    for line in fitting(str(found), out.width):
        out.print(plain(line), soft_wrap=True)
    out.print()
    there = "" if rows.source is None else f", row {rows.source.data_row(found.row)} of {rows.data_name}"
    place = int(np.flatnonzero(moment.rows == found.row)[0])
    say(out, "row", plain(f"{found.row} of the run (batch row {place}){there}, target {rows.target(found.row)}"))


def _names(run: Run, found: Neuron, rows: Rows) -> list[str]:
    """What the inputs are called: the columns of the data for the first layer."""
    first = found.layer == run.network.names[0] and rows.source is not None
    if first and rows.source is not None and len(rows.source.columns) == len(found.inputs):
        return list(rows.source.columns)
    return [f"input {k}" for k in range(len(found.inputs))]


def _strongest(out: Console, run: Run, found: Neuron, rows: Rows, most: int) -> None:
    products = np.array(found.inputs) * np.array(found.weights)
    order: list[Any] = np.argsort(-np.abs(products), kind="stable")[:most].tolist()
    if not order:
        return
    names = _names(run, found, rows)
    say(out, "inputs", f"the strongest {count(len(order))} of {plural(len(names), 'input')}")
    body = table("", "input", "weight", "product", right=(1, 2, 3))
    for k in order:
        body.add_row(plain(names[k]), *(f"{v:.6g}" for v in (found.inputs[k], found.weights[k], products[k])))
    out.print()
    show(out, body, indent=2)
