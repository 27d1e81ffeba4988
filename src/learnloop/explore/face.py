"""``learnloop.explore`` and ``Run.explore``: the explorer from Python."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from ..api import make_task
from ..network import Network
from ..rules import Loss, Optimizer
from ..rules.schedules import Schedule
from ..run import Run
from ..store import Store as AnyStore
from ..stored import Store
from .desk import Desk
from .holding import Table
from .opening import of_task, table_of_task
from .scenario import Structure
from .serve import Explorer


def explore(
    network: Network | None = None,
    X: Any = None,
    y: Any = None,
    *,
    loss: Loss | str | None = None,
    optimizer: Optimizer | str | None = None,
    learning_rate: float | Schedule | None = None,
    batch_size: int = 32,
    epochs: int = 20,
    seed: int = 0,
    validation: float | tuple[Any, Any] | None = None,
    sample_weight: Any = None,
    dtype: str = "float32",
    columns: Sequence[str] = (),
    classes: Sequence[str] = (),
    store: str | AnyStore | None = None,
    port: int = 0,
    open_browser: bool = True,
    block: bool = True,
) -> Explorer:
    """Open the explorer: a page in which the program of a network runs, with the bits that :func:`learnloop.train` gives.

    Args:
        network: what to train; None for the explorer's own first picture.
        X, y: what to learn from, as for :func:`learnloop.train`; they are used as they are.
        loss, optimizer, learning_rate, batch_size, epochs, seed, validation, sample_weight, dtype: as for
            :func:`learnloop.train`.
        columns: names of the columns of X.
        classes: names of the classes, or of the numbers to predict.
        store: where runs are recorded: a store or its path; None for the user's own.
        port: where to listen on this machine; 0 for any free port.
        open_browser: whether to open a browser.
        block: True to wait until Ctrl-C; False to go on, and end the server with ``close()``.

    Returns:
        The server: its ``url``, and ``close()``.

    Raises:
        DescriptionError: for a network, data or a port that make no sense.
        DataError: for data that cannot be learnt from.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> with ll.explore(ll.mlp(2, 4, 1, activation="tanh"), X, y, open_browser=False, block=False) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """
    desk = Desk(_store(store))
    if network is not None:
        task = make_task(
            network, X, y, loss=loss, optimizer=optimizer, learning_rate=learning_rate, batch_size=batch_size,
            epochs=epochs, seed=seed, validation=validation, sample_weight=sample_weight, dtype=dtype,
        )  # fmt: skip
        table = table_of_task(task, "your data", columns, classes)
        structure = Structure(task.network, task.loss, task.optimizer, dtype)
        desk.open_scenario(of_task(task, desk.hold(Table(table.data, "arrays", table.given)), structure))
    return launch(desk, port, open_browser=open_browser, block=block)


def explore_run(run: Run, *, port: int = 0, open_browser: bool = True, block: bool = True) -> Explorer:
    """Open the explorer on a run; see :meth:`learnloop.Run.explore`."""
    desk = Desk(_store(None if run.record is None else run.record[0]))
    desk.open_run(run)
    return launch(desk, port, open_browser=open_browser, block=block)


def launch(desk: Desk, port: int, *, open_browser: bool, block: bool) -> Explorer:
    """Start, say where, open a browser, and wait where that is asked for."""
    server = Explorer(desk, port)
    server.warm()
    tell(server, open_browser=open_browser, block=block)
    if block:
        server.wait()
    return server


def tell(server: Explorer, *, open_browser: bool, block: bool) -> None:
    """Say where the page is, and open it."""
    print(f"explorer  {server.url}", file=sys.stderr, flush=True)
    if open_browser and not server.show():
        print("no browser could be opened here. Fix: open the address above in one on this machine.", file=sys.stderr)
    if block:
        print("Ctrl-C ends it.", file=sys.stderr, flush=True)


def _store(given: str | AnyStore | None) -> Store:
    if isinstance(given, Store):
        return given
    return Store(given.path if isinstance(given, AnyStore) else given)
