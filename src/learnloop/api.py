"""The public face: train a network, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from .compile import compile_program, find_toolchain, native_target
from .data import split
from .errors import DescriptionError
from .network import Network
from .program import build
from .recording import record_run
from .rules import LOSSES, Loss, Optimizer, lookup
from .rules.optimizers import Adam, as_optimizer
from .rules.registry import plain, short
from .rules.schedules import Schedule
from .run import WITH_DATA, Run
from .store import Store
from .train.examples import Examples, check_examples, own
from .train.options import Options
from .train.progress import Silent
from .train.task import Held, Task

Array = np.ndarray[Any, np.dtype[Any]]


def train(
    network: Network,
    X: Any,
    y: Any,
    *,
    loss: Loss | str | None = None,
    optimizer: Optimizer | str | None = None,
    learning_rate: float | Schedule | None = None,
    batch_size: int = 32,
    epochs: int = 20,
    seed: int = 0,
    validation: float | tuple[Any, Any] | None = None,
    sample_weight: Any = None,
    threads: int | None = None,
    dtype: str = "float32",
    record: bool | str | Path | Store = False,
    name: str | None = None,
    notes: dict[str, Any] | None = None,
    progress: bool | Silent = True,
    target: str | None = None,
    compiler: str | None = None,
) -> Run:
    """Train a network.

    The result is a pure function of the network, the data, the seed and the options: the same bits on every machine,
    for any number of threads.

    Args:
        network: what to train; its inputs are the columns of X.
        X: inputs, (rows, inputs).
        y: class indices (rows,) as integers, or numbers (rows,) or (rows, outputs).
        loss: a name or a loss; None for cross_entropy or binary_cross_entropy (integer y), or mse (any other y).
        optimizer: a name or an optimizer; None for ``Adam(learning_rate=1e-3)``.
        learning_rate: a number or a schedule in place of the optimizer's own.
        batch_size: rows of an update; the last batch of an epoch may be shorter.
        epochs: how often to go through the rows; 0 gives the first weights.
        seed: 0 to 2**64 - 1.
        validation: a share of the rows to hold out, or (X, y); measured after every epoch.
        sample_weight: (rows,) weights of at least 0; None for 1 each.
        threads: how many threads; None to choose by measured cost.
        dtype: "float32" or "float64".
        record: True to keep the run in the user's own store while it is trained, or a store or the path of one.
        name: what its id in the store begins with, "run" unless given.
        notes: plain data to keep with the run.
        progress: True for a bar (plain lines where there is no terminal), False for none.
        target: "avx512", "avx2", "baseline" or "aarch64"; None for the best that the machine has.
        compiler: "zig", or the name or path of a gcc or clang; None for zig.

    Returns:
        The run. After Ctrl-C, what was learnt until then, with ``run.interrupted``.

    Raises:
        DescriptionError: for options that make no sense, all at once.
        DataError: for data that cannot be learnt from.
        Diverged: if the loss stops being a finite number; its ``run`` holds what came before.
        StoreError: if a store cannot be written; where that happens later, the error's ``run`` holds the whole run.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 8, 1, activation="tanh"), X, y, epochs=50, progress=False)
    >>> run.evaluate(X, y)["accuracy"] > 0.5
    True
    """
    task = make_task(
        network, X, y, loss=loss, optimizer=optimizer, learning_rate=learning_rate, batch_size=batch_size, epochs=epochs,
        seed=seed, validation=validation, sample_weight=sample_weight, threads=threads, dtype=dtype,
    )  # fmt: skip
    artefact = compile_program(task.program, dtype, "fast", native_target(target), find_toolchain(compiler))
    return record_run(task, record=record, name=name, progress=progress, notes=notes, artefact=artefact)


def make_task(
    network: Network, X: Any, y: Any, *, loss: Loss | str | None = None, optimizer: Optimizer | str | None = None,
    learning_rate: float | Schedule | None = None, batch_size: int = 32, epochs: int = 20, seed: int = 0,
    validation: float | tuple[Any, Any] | None = None, sample_weight: Any = None, threads: int | None = None,
    dtype: str = "float32",
) -> Task:  # fmt: skip
    """Everything that a run is a pure function of, checked; the arguments are those of :func:`train`.

    Raises:
        DescriptionError, DataError: as :func:`train`.
    """
    options, validation = Options(batch_size, epochs, seed, threads, dtype), plain(validation)
    _check_options(network, options, validation)
    chosen_loss = lookup("loss", LOSSES, _default_loss(network, y) if loss is None else loss, Loss)
    chosen_optimizer = _optimizer(optimizer, learning_rate)
    program = build(network, chosen_loss, chosen_optimizer)  # first: what the loss asks of the network explains more
    examples = own(check_examples(network, chosen_loss, X, y, sample_weight, options.dtype), WITH_DATA)
    rows, held = _held(network, chosen_loss, options, examples, validation)
    return Task.of(network, chosen_loss, chosen_optimizer, options, examples, rows, held, program)


def _optimizer(given: Optimizer | str | None, rate: float | Schedule | None) -> Optimizer:
    chosen = Adam(1e-3) if given is None else as_optimizer(given)
    return chosen if rate is None else replace(chosen, learning_rate=rate)


def _default_loss(network: Network, y: Any) -> str:
    kind = np.asarray(y).dtype.kind
    if kind in "iub":
        return "binary_cross_entropy" if network.outputs == 1 else "cross_entropy"
    return "mse"


def _check_options(network: Any, options: Options, validation: Any) -> None:
    problems = [] if isinstance(network, Network) else [
        f"network is {short(network)}; expected a Network such as mlp(64, 32, 10)."
    ]  # fmt: skip
    problems += options.problems()
    share = isinstance(validation, int | float) and not isinstance(validation, bool)
    if share and not 0 < validation < 1:
        problems.append(f"validation is {short(validation)}; expected a share between 0 and 1, or (X, y).")
    if not (share or validation is None or (isinstance(validation, tuple | list) and len(validation) == 2)):
        problems.append(f"validation is {short(validation)}; expected None, a share between 0 and 1, or (X, y).")
    if problems:
        raise DescriptionError(problems)


def _held(
    network: Network, loss: Loss, options: Options, data: Examples, validation: Any
) -> tuple[Array | None, Held | None]:
    """The rows to learn from, and what is measured after every epoch."""
    if validation is None:
        return None, None
    if isinstance(validation, tuple | list):
        X, y = validation
        examples = own(check_examples(network, loss, X, y, None, options.dtype, "validation "), WITH_DATA)
        return None, Held.apart(examples)
    labels = data.labels
    rows, held = split(data.rows, validation, options.seed, labels, stratify=labels is not None)
    return rows, Held(None, held)
