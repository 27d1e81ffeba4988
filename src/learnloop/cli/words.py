"""What people write for a number of a run, and what a run is made of, in a few words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from ..errors import DescriptionError, UnknownName
from ..rules import OPTIMIZERS, Optimizer
from ..run import Run
from .wording import count, plural

_PLACE = re.compile(r"([^\[\]]+)\[\s*(-?\d{1,18}(?:\s*,\s*-?\d{1,18})*)\s*\]")
_SPAN = re.compile(r"(\d{1,18})(?:\s*-\s*(\d{1,18}))?")


def weight_place(run: Run, given: str) -> tuple[str, tuple[int, ...]]:
    """A number of a parameter, as in ``dense_1.weight[3,7]``.

    Raises:
        DescriptionError: for anything else, or a place outside; the message says the range.
        UnknownName: for a parameter that the run does not have.
    """
    known = {p.name: p.dims for p in run.program.parameters}
    name, place = _split(given, _example(next(iter(known.items()))))
    name = {p.tensor: p.name for p in run.program.parameters}.get(name, name)  # as the printed program calls it
    if name not in known:
        raise UnknownName("parameter", name, known)
    _check(name, place, known[name])
    return name, place


def unit_place(run: Run, given: str) -> tuple[str, int]:
    """A unit of a layer, as in ``dense_1[7]``.

    Raises:
        DescriptionError: for anything else.
    """
    name, place = _split(given, f"{run.network.names[0]}[0]")
    if len(place) != 1:
        raise DescriptionError(f"{given!r} has {len(place)} numbers; a unit has one. Fix: '{name}[{place[0]}]'.")
    return name, place[0]


def _split(given: str, example: str) -> tuple[str, tuple[int, ...]]:
    found = _PLACE.fullmatch(given.strip())
    if found is None:
        raise DescriptionError(
            f"{given!r} names no number; expected a name with whole numbers in brackets. Fix: '{example}', in quotes."
        )
    return found[1].strip(), tuple(int(part) for part in found[2].split(","))


def _example(parameter: tuple[str, tuple[int, ...]]) -> str:
    name, dims = parameter
    return f"{name}[{','.join('0' * len(dims))}]"


def _check(name: str, place: tuple[int, ...], dims: tuple[int, ...]) -> None:
    """Whether the place is there: all that is wrong with it at once."""
    spans = ",".join(f"0..{size - 1}" for size in dims)
    if len(place) != len(dims) or not all(0 <= k < size for k, size in zip(place, dims, strict=True)):
        written = ",".join(map(str, place))
        raise DescriptionError(f"{name}[{written}] is not there. Fix: a place in {name}[{spans}].")


def row_list(given: str, flag: str = "--rows") -> list[int]:
    """Row numbers, as in ``17,18`` or ``20-29``.

    Raises:
        DescriptionError: for anything else.
    """
    rows: list[int] = []
    for part in given.split(","):
        found = _SPAN.fullmatch(part.strip())
        first, last = (0, -1) if found is None else (int(found[1]), int(found[2] or found[1]))
        if not first <= last < first + 1_000_000:
            raise DescriptionError(f"{flag} is {given!r}; expected row numbers, as in 17,18 or 20-29.")
        rows += range(first, last + 1)
    return rows


def optimizer_words(optimizer: Optimizer) -> str:
    """An optimizer with the numbers that matter."""
    given = {f.name: getattr(optimizer, f.name) for f in fields(optimizer)}
    more = [f"{name.replace('_', ' ')} {given[name]:g}" for name in ("momentum", "weight_decay", "clip_norm") if given.get(name)]
    return ", ".join([f"{optimizer_name(optimizer)} with learning rate {optimizer.schedule.text()}", *more])


def optimizer_name(optimizer: Optimizer) -> str:
    """What ``--optimizer`` calls it; its class for one of one's own."""
    named: dict[str, Any] = dict(OPTIMIZERS)
    return next((name for name, known in named.items() if known is type(optimizer)), type(optimizer).__name__)


def change_words(run: Run, changed: Sequence[str]) -> str:
    """What was changed for a training again.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> change_words(ll.train(ll.mlp(2, 1), X, y, epochs=12, progress=False), ["epochs", "learning_rate"])
    '12 epochs, another learning rate'
    """
    told = {
        "epochs": plural(run.options.epochs, "epoch"), "seed": f"seed {run.options.seed}",
        "batch_size": f"batches of {run.options.batch_size}", "optimizer": f"the optimizer {optimizer_name(run.optimizer)}",
    }  # fmt: skip
    return ", ".join(told.get(name) or f"another {name.replace('_', ' ')}" for name in sorted(changed, key=lambda n: n != "optimizer"))


def options_words(run: Run) -> str:
    """How a run goes."""
    options = run.options
    return f"{count(options.epochs)} epochs in batches of {options.batch_size}, seed {options.seed}, {options.dtype}"


def check_count(flag: str, given: int) -> None:
    """Refuse a negative number of lines.

    Raises:
        DescriptionError: for one.
    """
    if given < 0:
        raise DescriptionError(f"{flag} is {given}; expected a whole number of at least 0.")
