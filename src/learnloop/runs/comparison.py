"""Where two runs part: the first update, layer and weight that differ, found by halving, not by walking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DescriptionError, short
from ..rules.schedules import Schedule
from ..train.task import Task
from .wording import grouped

if TYPE_CHECKING:
    from ..network import Network
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side.

    Attributes:
        differences: what differs in their descriptions, a sentence each.
        updates: the updates of each.
        first_loss: the first update whose losses differ; None if none does as long as both last.
        update: the update that first gave different weights; -1 if their first weights differ; None if none did.
        weight: the first weight that differs after it, in order of declaration: "dense_1.weight[3,7]".
        values: what it is in each.
        count: how many numbers differ after it, of how many.
        final: the largest difference of any weight at their ends; None where their shapes differ.
    """

    differences: tuple[str, ...]
    updates: tuple[int, int]
    first_loss: int | None
    update: int | None
    weight: str | None = None
    values: tuple[float, float] | None = None
    count: tuple[int, int] = (0, 0)
    final: float | None = None

    @property
    def same(self) -> bool:
        """Whether both have the same weights all the way."""
        return self.update is None and self.updates[0] == self.updates[1]

    @property
    def layer(self) -> str | None:
        """The layer of the first weight that differs."""
        return None if self.weight is None else self.weight.split("[")[0].rpartition(".")[0]

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {f.name: getattr(self, f.name) for f in fields(self)} | {"same": self.same, "layer": self.layer}

    def __str__(self) -> str:
        lines = [f"differs: {text}" for text in self.differences] or ["the descriptions are the same"]
        return "\n".join([*lines, *self._verdict()])

    def _verdict(self) -> list[str]:
        if self.update is None:
            longer = "" if self.updates[0] == self.updates[1] else f", as far as both go (updates {min(self.updates)})"
            return [f"the same weights to the last bit{longer}"]
        if self.weight is None or self.values is None:
            return ["the networks have different parameters (names, shapes or precision), so they differ from the beginning"]
        where = "their first weights differ" if self.update < 0 else f"they part at update {self.update}"
        lines = [
            f"{where}: {self.weight} is {self.values[0]:.9g} in one and {self.values[1]:.9g} in the other",
            f"{grouped(self.count[0])} of {grouped(self.count[1])} numbers differ after it",
        ]
        if self.first_loss is not None:
            lines.append(f"the first loss that differs is that of update {self.first_loss}")
        if self.final is not None:
            lines.append(f"at their ends no weight differs by more than {self.final:.4g}")
        return lines

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def compare(a: Run, b: Run) -> Comparison:
    """Find where two runs part.

    Recorded digests and the losses narrow the search; then it is halved by going there. It is taken for granted that
    runs that have parted do not meet again.

    Args:
        a, b: runs; to find an update that no digest tells, their data must be at hand.

    Returns:
        The first update, layer and weight that differ, and what differs in the descriptions.
    """
    for name, run in (("a", a), ("b", b)):
        if not isinstance(getattr(run, "task", None), Task):
            raise DescriptionError(f"{name} is {short(run)}; expected a run, such as train and load give.")
    differences = tuple(_described(a, b))
    shapes = [[(p.tensor, p.dims) for p in run.program.parameters] for run in (a, b)]
    lengths = (a.updates, b.updates)
    if shapes[0] != shapes[1] or a.options.dtype != b.options.dtype:
        return Comparison(differences, lengths, _first_loss(a, b), -1)
    final = _largest(a, b)
    update = _parting(a, b)
    if update is None:
        return Comparison(differences, lengths, _first_loss(a, b), None, final=final)
    name, values, count = _weight(a, b, update + 1)
    return Comparison(differences, lengths, _first_loss(a, b), update, name, values, count, final)


def _described(a: Run, b: Run) -> list[str]:
    found = [*_networks(a.network, b.network), *_parted("loss", a.loss, b.loss)]
    found += _parted("optimizer", a.optimizer, b.optimizer)
    found += [text for text in _parted("", a.options, b.options) if not text.startswith("threads")]
    if a.data_digest != b.data_digest:
        found.append(f"data: SHA-256 {a.data_digest[:12]} | {b.data_digest[:12]} (inputs, targets or row weights)")
    found += _rows(a, b)
    begin = [run.task.first for run in (a, b)]
    if begin[0] != begin[1]:
        return [*found, f"branched at update: {begin[0] or 'no'} | {begin[1] or 'no'}"]
    if a.parent is None or b.parent is None:
        return found
    return [*found, *(f"before the branch, {text}" for text in _described(a.parent, b.parent) if text not in found)]


def _rows(a: Run, b: Run) -> list[str]:
    """Which of the data they learn from; how many says nothing where the data differ."""
    if a.data_digest != b.data_digest or np.array_equal(_learnt(a), _learnt(b)):
        return []
    return [f"rows to learn from: {a.task.count} | {b.task.count}" + (", others" if a.task.count == b.task.count else "")]


def _learnt(run: Run) -> Array:
    return np.arange(run.task.count) if run.rows is None else run.rows


def _networks(a: Network, b: Network) -> list[str]:
    """Two networks by their layers' sizes where these differ, else by what they are made of."""
    one, other = _sizes(a), _sizes(b)
    return _parted("network", a, b) if one == other else [f"network: {one} | {other}"]


def _sizes(network: Network) -> str:
    """Units of the input and of each layer that has weights: "64-64-10"."""
    units, found = network.inputs, [network.inputs]
    own = {parameter.name.split(".")[0] for parameter in network.parameters()}
    for layer, name in zip(network.layers, network.names, strict=True):
        units = layer.units_after(units)
        found += [units] if name in own else []
    return "-".join(map(str, found))


def _parted(what: str, a: Any, b: Any) -> list[str]:
    """The fields of two descriptions that differ; the descriptions themselves where they are of two kinds."""
    if type(a) is not type(b):
        return [f"{what}: {type(a).__name__} | {type(b).__name__}"]
    pairs = [(f.name, getattr(a, f.name), getattr(b, f.name)) for f in fields(a)]
    return [f"{_name(what, name)}: {_short(x)} | {_short(y)}" for name, x, y in pairs if x != y]


def _name(what: str, field: str) -> str:
    return f"{what} {field}".strip().replace("_", " ")


def _short(value: Any) -> str:
    text = str(value.text() if isinstance(value, Schedule) else value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _first_loss(a: Run, b: Run) -> int | None:
    count = min(a.updates, b.updates)
    one, other = a.losses[:count], b.losses[:count]
    if one.dtype != other.dtype:
        return 0 if count else None
    where = np.flatnonzero(_bits(one) != _bits(other))
    return int(where[0]) if len(where) else None


def _bits(values: Array) -> Array:
    return values.view(f"u{values.dtype.itemsize}")


def _largest(a: Run, b: Run) -> float:
    return max((float(np.abs(a.weights[n].astype(float) - w).max()) for n, w in zip(a.weights, b.weights.values(), strict=True)),
               default=0.0)  # fmt: skip


def _parting(a: Run, b: Run) -> int | None:
    """The last update before which their weights are the same, if they differ behind it."""
    low, high = -1, min(a.outcome.stand, b.outcome.stand)
    same = _same(a, b)
    known = sorted(a.digests.keys() & b.digests.keys())
    for update in (u for u in known if u <= high):
        if a.digests[update] == b.digests[update]:
            low = update
        else:
            high = update
            break
    loss = _first_loss(a, b)
    if loss is not None and low < loss + 1 < high and not same(loss + 1):
        high = loss + 1
    if same(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if same(middle):
            low = middle
        else:
            high = middle
    return high - 1


def _same(a: Run, b: Run) -> Callable[[int], bool]:
    tensors = [p.tensor for p in a.program.parameters]

    def same(update: int) -> bool:
        one, other = (_state(run, update) for run in (a, b))
        return all(one[t].tobytes() == other[t].tobytes() for t in tensors)

    return same


def _state(run: Run, update: int) -> dict[str, Array]:
    if update == run.outcome.stand:
        return {p.tensor: run.weights[p.name] for p in run.program.parameters}
    return run.state_before(update)


def _weight(a: Run, b: Run, update: int) -> tuple[str, tuple[float, float], tuple[int, int]]:
    one, other = (_state(run, update) for run in (a, b))
    found: tuple[str, tuple[float, float]] | None = None
    count = total = 0
    for p in a.program.parameters:
        differ = np.argwhere(_bits(one[p.tensor]) != _bits(other[p.tensor]))
        count, total = count + len(differ), total + one[p.tensor].size
        if len(differ) and found is None:
            place = tuple(int(k) for k in differ[0])
            name = f"{p.name}[{','.join(map(str, place))}]"
            found = name, (float(one[p.tensor][place]), float(other[p.tensor][place]))
    if found is None:
        raise DescriptionError("the runs part in nothing that can be seen. Fix: replay both with verify.")
    return *found, (count, total)
