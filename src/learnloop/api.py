"""The public face: train a network, and what comes of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .compile import compile_program, find_toolchain, native_target
from .data import split
from .errors import DataError, DescriptionError, Diverged
from .network import Network
from .program import build
from .rules import LOSSES, OPTIMIZERS, Loss, Optimizer, lookup
from .rules.optimizers import Adam
from .rules.registry import plain, short
from .run import WITH_DATA, Options, Run
from .train.diagnose import first_layer_not_finite
from .train.engine import Engine, evaluate
from .train.examples import Examples, check_examples, digest_examples, own
from .train.memory import Memory
from .train.metrics import metrics
from .train.progress import Silent, reporter

if TYPE_CHECKING:
    from .compile.artefact import Artefact
    from .program import Program

Array = np.ndarray[Any, np.dtype[Any]]


def train(
    network: Network,
    X: Any,
    y: Any,
    *,
    loss: Loss | str | None = None,
    optimizer: Optimizer | str | None = None,
    batch_size: int = 32,
    epochs: int = 20,
    seed: int = 0,
    validation: float | tuple[Any, Any] | None = None,
    sample_weight: Any = None,
    threads: int | None = None,
    dtype: str = "float32",
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
        batch_size: rows of an update; the last batch of an epoch may be shorter.
        epochs: how often to go through the rows; 0 gives the first weights.
        seed: 0 to 2**64 - 1.
        validation: a share of the rows to hold out, or (X, y); measured after every epoch.
        sample_weight: (rows,) weights of at least 0; None for 1 each.
        threads: how many threads; None to choose by measured cost.
        dtype: "float32" or "float64".
        progress: True for a bar (plain lines where there is no terminal), False for none.
        target: "avx512", "avx2", "baseline" or "aarch64"; None for the best that the machine has.
        compiler: "zig", or the name or path of a gcc or clang; None for zig.

    Returns:
        The run. After Ctrl-C, what was learnt until then, with ``run.interrupted``.

    Raises:
        DescriptionError: for options that make no sense, all at once.
        DataError: for data that cannot be learnt from.
        Diverged: if the loss stops being a finite number; its ``run`` holds what came before.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("xor")
    >>> run = ll.train(ll.mlp(2, 8, 1, activation="tanh"), X, y, epochs=50, progress=False)
    >>> run.evaluate(X, y)["accuracy"] > 0.5
    True
    """
    options, validation = Options(batch_size, epochs, seed, threads, dtype), plain(validation)
    _check_options(network, options, validation)
    chosen_loss = lookup("loss", LOSSES, _default_loss(network, y) if loss is None else loss, Loss)
    chosen_optimizer = _optimizer(optimizer)
    program = build(network, chosen_loss, chosen_optimizer)  # first: what the loss asks of the network explains more
    examples = own(check_examples(network, chosen_loss, X, y, sample_weight, options.dtype), WITH_DATA)
    session = _Session(network, chosen_loss, chosen_optimizer, program, options, examples, validation)
    artefact = compile_program(program, options.dtype, "fast", native_target(target), find_toolchain(compiler))
    return session.run(artefact, reporter(progress))


def _optimizer(given: Optimizer | str | None) -> Optimizer:
    if given is None:
        return Adam(1e-3)
    named: dict[str, Any] = dict(OPTIMIZERS)
    found: Any = lookup("optimizer", named, given, Optimizer)
    chosen: Optimizer = found() if isinstance(found, type) else found
    return chosen


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


@dataclass
class _Held:
    """Rows that are measured after every epoch, not learnt from."""

    examples: Examples
    rows: Array | None

    @property
    def weights(self) -> Array:
        """The weights of these rows."""
        return self.examples.weights if self.rows is None else self.examples.weights[self.rows]


class _Session:
    """One call of :func:`train`."""

    def __init__(
        self, network: Network, loss: Loss, optimizer: Optimizer, program: Program, options: Options,
        examples: Examples, validation: Any,
    ) -> None:  # fmt: skip
        self.network, self.loss, self.optimizer, self.program = network, loss, optimizer, program
        self.examples, self.rows, self.held = examples, None, None
        if isinstance(validation, tuple | list):
            X, y = validation
            self.held = _Held(check_examples(network, loss, X, y, None, options.dtype, "validation "), None)
        elif validation is not None:
            labels = examples.labels
            self.rows, held = split(examples.rows, validation, options.seed, labels, stratify=labels is not None)
            self.held = _Held(examples, held)
        count = examples.rows if self.rows is None else len(self.rows)
        if not np.any(examples.weights[slice(None) if self.rows is None else self.rows] > 0):
            raise DataError("sample_weight is 0 for every row to learn from. Fix: give some row a weight above 0.")
        if self.held is not None and not np.any(self.held.weights > 0):
            raise DataError("sample_weight is 0 for every row held out. Fix: give (X, y) as validation.")
        self.options = replace(options, batch_size=min(options.batch_size, count))
        self.per_epoch = -(-count // self.options.batch_size)
        self.history: list[dict[str, float]] = []

    def run(self, artefact: Artefact, shown: Silent) -> Run:
        updates = self.options.epochs * self.per_epoch
        self.engine = self._engine(artefact, updates)
        begin, interrupted = time.perf_counter(), False
        try:
            shown.start(updates, self.per_epoch)
            self._loop(updates, shown)
            seconds = time.perf_counter() - begin
            if self.engine.diverged:
                raise self._diverged(artefact)
        except KeyboardInterrupt:
            interrupted, seconds = True, time.perf_counter() - begin
        finally:
            shown.close()
            self.engine.close()
        return self._result(artefact, self.engine.update, interrupted, seconds)

    def _engine(self, artefact: Artefact, updates: int) -> Engine:
        numbers = dict(self.program.options) | {"total_updates": float(updates)}
        options = self.options
        return Engine(
            self.program, artefact, self.examples, self.rows, options.batch_size, updates, options.seed, numbers,
            options.threads,
        )  # fmt: skip

    def _loop(self, updates: int, shown: Silent) -> None:
        engine = self.engine
        while engine.update < updates:
            stop = updates
            if self.held is not None:
                stop = (engine.update // self.per_epoch + 1) * self.per_epoch
            for done in engine.advance(stop):
                if self.held is None or done < stop:  # at its end an epoch is shown once, with what was measured
                    shown.show(done, self._recent(done), self._last_metrics())
            if engine.diverged:
                return
            if self.held is not None:
                self.history.append(self._measure(stop // self.per_epoch, engine.memory, self.held))
                shown.show(stop, self._recent(stop), self._last_metrics())

    def _recent(self, done: int) -> float:
        """The mean loss of as many updates as an epoch has."""
        return float(self.engine.losses[max(0, done - self.per_epoch) : done].mean())

    def _last_metrics(self) -> dict[str, float]:
        return {k: v for k, v in self.history[-1].items() if k.startswith("validation")} if self.history else {}

    def _measure(self, epoch: int, memory: Memory, held: _Held) -> dict[str, float]:
        names = self.program.functions["evaluate"].outputs
        outputs, losses = evaluate(memory, held.examples, names, held.rows)
        found = metrics(self.loss, outputs, losses, held.examples, held.rows)
        losses_of_epoch = self.engine.losses[(epoch - 1) * self.per_epoch : epoch * self.per_epoch]
        begin = {"epoch": float(epoch), "loss": float(losses_of_epoch.mean())}
        return begin | {f"validation_{k}": v for k, v in found.items()}

    def _result(self, artefact: Artefact, updates: int, interrupted: bool, seconds: float) -> Run:
        memory = self.engine.memory
        return Run(
            network=self.network, loss=self.loss, optimizer=self.optimizer, options=self.options,
            losses=self.engine.losses[:updates].copy(), weights=memory.weights(), state=self._state(memory),
            history=tuple(self.history), interrupted=interrupted, seconds=seconds, updates_per_epoch=self.per_epoch,
            held_out=self.held.rows if self.held is not None else None,
            target=artefact.target.name, compiler=artefact.toolchain.kind,
            data_digest=digest_examples(self.examples),
            threads_used=self.engine.threads, examples=self.examples, rows=self.rows,
        ).with_engine(self.program, artefact, memory)  # fmt: skip

    def _state(self, memory: Memory) -> dict[str, Array]:
        names = [t.name for t in self.program.fixed.values() if t.role == "state"]
        return {name: memory.view(name).copy() for name in names}

    def _diverged(self, artefact: Artefact) -> Diverged:
        engine = self.engine
        update = engine.update
        layer, tensor = first_layer_not_finite(engine)
        last = engine.rewind_to_last_finite()
        run = self._result(artefact, max(last, 0), False, 0.0)
        run.losses = engine.losses[: last + 1].copy()
        epoch = update // self.per_epoch
        place = "in the loss itself" if layer == "loss" else f'in layer "{layer}" ({tensor})'
        return Diverged(
            f"the loss is not a finite number at update {update} (epoch {epoch}); the first value that is none is "
            f"{place}. Learning rate: {self.optimizer.schedule.text()}. Fix: a smaller learning rate, clip_norm=1.0, "
            "or inputs of moderate size. The error's .run holds everything up to the last finite loss.",
            update=update, layer=layer, run=run,
        )  # fmt: skip
