"""How much a browser may ask for: everything is bounded before anything is allocated."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..data.limits import UPLOAD as FILES
from ..errors import DescriptionError
from ..network import Network
from ..rules import Dense, Layer, Residual
from ..train.options import Options

REQUEST = 1 << 20
"""Bytes of a request that is JSON."""
UPLOAD = FILES.bytes
"""Bytes of a file."""
PAGE = 64 << 20
"""Bytes of data up to which a page takes all of them."""
ARENA = 256 << 20
"""Bytes of an arena that a page is sent."""
WORK = 20_000_000
"""Multiply-adds of an update beyond which the server trains instead of the page."""
EXPORT_WORK = 2_000_000_000_000
"""Multiply-adds that are trained again for an export."""
ROWS = 1_000_000
COLUMNS = 65_536
LAYERS = 32
UNITS = 8192
PARAMETERS = 50_000_000
BATCH_NUMBERS = 1 << 27
"""Rows of a batch times units of all layers."""
UPDATES = 20_000_000
POINTS = 5000
CLASSES = 100
NODES, DEPTH, TEXT = 20_000, 16, 200
"""Values of a description, how deep they nest, and characters of a text."""


def described() -> dict[str, int]:
    """The limits that pages tell people about."""
    return {
        "request": REQUEST, "upload": UPLOAD, "page": PAGE, "work": WORK, "rows": ROWS, "columns": COLUMNS,
        "layers": LAYERS, "units": UNITS, "parameters": PARAMETERS, "updates": UPDATES, "points": POINTS,
        "classes": CLASSES,
    }  # fmt: skip


def check_shape(data: Any) -> None:
    """Refuse plain data that is larger than any description is.

    Raises:
        DescriptionError: for too much, too deep or too long.
    """
    nodes, waiting = 0, [(data, 0)]
    while waiting:
        value, depth = waiting.pop()
        nodes += 1
        if isinstance(value, str) and len(value) > TEXT:
            raise DescriptionError(f"a text has {len(value)} characters; expected at most {TEXT}.")
        children = _children(value)
        if nodes + len(children) > NODES or depth > DEPTH:
            raise DescriptionError(f"this is longer than {NODES} values, or nests deeper than {DEPTH}. Fix: describe less.")
        waiting += [(child, depth + 1) for child in children]


def _children(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    return list(value) if isinstance(value, list | tuple) else []


def check_network(network: Network, batch: int) -> None:
    """Refuse a network that is larger than the explorer takes.

    Raises:
        DescriptionError: with every limit that it exceeds.
    """
    layers = list(_layers(network.layers))
    units = [layer.units for layer in layers if isinstance(layer, Dense)]
    problems = []
    if len(layers) > LAYERS:
        problems.append(f"the network has {len(layers)} layers; the explorer takes up to {LAYERS}.")
    if max(units, default=0) > UNITS:
        problems.append(f"a layer has {max(units)} units; the explorer takes up to {UNITS}.")
    if network.inputs > COLUMNS:
        problems.append(f"the network has {network.inputs} inputs; the explorer takes up to {COLUMNS}.")
    if not problems:
        problems += _sizes(network, len(layers), max([network.inputs, *units]), batch)
    if problems:
        raise DescriptionError(problems)


def _sizes(network: Network, layers: int, widest: int, batch: int) -> Iterator[str]:
    """What is known once no single number is out of range."""
    count = sum(math.prod(p.dims) for p in network.parameters())
    if count > PARAMETERS:
        yield f"the network has {count} parameters; the explorer takes up to {PARAMETERS}. Fix: fewer units."
    if batch * (layers + 1) * widest > BATCH_NUMBERS:
        yield f"a batch of {batch} rows is too much for a network of this size. Fix: batch_size of at most {max(1, BATCH_NUMBERS // ((layers + 1) * widest))}."


def _layers(layers: tuple[Layer, ...]) -> Iterator[Layer]:
    for layer in layers:
        yield layer
        if isinstance(layer, Residual):
            yield from _layers(layer.layers)


def check_updates(options: Options, rows: int) -> None:
    """Refuse a training of more updates than are kept.

    Raises:
        DescriptionError: for too many.
    """
    each = -(-rows // min(options.batch_size, rows))
    if each * options.epochs > UPDATES:
        raise DescriptionError(
            f"this is {each * options.epochs} updates; the explorer takes up to {UPDATES}. Fix: fewer epochs, or a larger batch."
        )
