"""A run: the description, what came of it, and everything that can be asked of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .compile import Artefact, compile_program, find_toolchain, generate, native_target, target_named
from .data.check import check_inputs
from .errors import DescriptionError, FileError
from .files import read, write
from .network import Network
from .program import Program, build
from .rules import Loss, Optimizer, from_data, to_data
from .rules.registry import is_whole, make_plain, short
from .train.engine import CHUNK, evaluate, predict
from .train.examples import Examples, check_examples
from .train.memory import Memory, weights_digest
from .train.metrics import classes, is_classifier, metrics

if TYPE_CHECKING:
    from .runs import Moment, Traveller

Array = np.ndarray[Any, np.dtype[Any]]
WITH_DATA = 16 << 20
"""Bytes of data up to which a file holds them."""
MOST_THREADS = 256
DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Options:
    """How a run goes: what :func:`learnloop.train` was told besides network, loss and optimizer."""

    batch_size: int = 32
    epochs: int = 20
    seed: int = 0
    threads: int | None = None
    dtype: str = "float32"

    def __post_init__(self) -> None:
        make_plain(self)

    def problems(self) -> list[str]:
        """One sentence for each option that makes no sense."""
        found = []
        for name, low in (("batch_size", 1), ("epochs", 0), ("threads", 1)):
            value = getattr(self, name)
            if name == "threads" and value is None:
                continue
            most = MOST_THREADS if name == "threads" else 2**31 - 1
            if not is_whole(value) or not low <= value <= most:
                span = f"from {low} to {most}" if name == "threads" else f"of at least {low}"
                found.append(f"{name} is {short(value)}; expected a whole number {span}.")
        if not is_whole(self.seed) or not 0 <= self.seed < 2**64:
            found.append(f"seed is {short(self.seed)}; expected a whole number from 0 to 2**64 - 1.")
        if self.dtype not in DTYPES:
            found.append(f"dtype is {short(self.dtype)}; expected 'float32' or 'float64'.")
        return found


class Run:
    """What training gave.

    Attributes:
        network: the description.
        loss: the loss.
        optimizer: the optimizer.
        options: batch size, epochs, seed, threads, dtype.
        losses: one number for each update: the mean over its actual rows, penalties not included.
        weights: {"dense_1.weight": (inputs, units), "dense_1.bias": (units,), ...}.
        history: for each epoch its loss and the metrics of the validation rows, where there are some.
        interrupted: whether Ctrl-C ended it.
        seconds: how long training took, without compiling.
        data_digest: SHA-256 of the data that it learnt from.
        held_out: the rows that ``validation`` as a share held out, or None.
        examples: what it learnt from, or None for a run that was read from a file without its data.
        rows: the rows it learnt from, or None for all.
    """

    def __init__(
        self, *, network: Network, loss: Loss, optimizer: Optimizer, options: Options, losses: Array,
        weights: dict[str, Array], state: dict[str, Array], history: tuple[dict[str, float], ...] = (),
        interrupted: bool = False, seconds: float = 0.0, updates_per_epoch: int = 1, held_out: Array | None = None,
        target: str = "", compiler: str = "", data_digest: str = "", threads_used: int = 1,
        examples: Examples | None = None, rows: Array | None = None,
    ) -> None:  # fmt: skip
        self.network, self.loss, self.optimizer, self.options = network, loss, optimizer, options
        self.losses, self.weights, self.state, self.history = losses, weights, state, history
        self.interrupted, self.seconds, self.updates_per_epoch = interrupted, seconds, updates_per_epoch
        self.held_out, self.target, self.compiler, self.threads_used = held_out, target, compiler, threads_used
        self.data_digest = data_digest
        self.examples, self.rows = examples, rows

    def with_engine(self, program: Program, artefact: Artefact, memory: Memory) -> Run:
        """Keep what was compiled for it, so that predicting needs no second compilation."""
        self.__dict__["program"], self.__dict__["_compiled"] = program, (artefact, memory)
        return self

    @cached_property
    def program(self) -> Program:
        """The whole learning loop as statements; print it."""
        return build(self.network, self.loss, self.optimizer)

    @cached_property
    def source(self) -> str:
        """The C source of the run, as it was compiled for this machine."""
        return generate(
            self.program, target_named(self.target) if self.target else native_target(), self.options.dtype
        ).text

    @cached_property
    def _compiled(self) -> tuple[Artefact, Memory]:
        artefact = compile_program(self.program, self.options.dtype, "fast", native_target(), find_toolchain())
        memory = Memory(self.program, artefact, CHUNK)
        memory.set_weights(self.weights)
        return artefact, memory

    @property
    def digest(self) -> str:
        """SHA-256 of the final weights: little-endian, in the order of their declaration, NaN canonicalised."""
        return weights_digest(self.weights)

    @property
    def updates(self) -> int:
        """How many updates have a loss."""
        return len(self.losses)

    def _outputs(self, X: Any) -> tuple[Array, Array]:
        real = np.dtype(self.options.dtype)
        inputs = check_inputs(X, inputs=self.network.inputs, dtype=real, what="X", empty=True)
        out, linked = self.program.functions["predict"].outputs
        values = predict(self._compiled[1], inputs, (out, linked))
        return values[0], values[1]

    def predict(self, X: Any) -> Array:
        """Class indices for a classifier, else values.

        Args:
            X: inputs, (rows, inputs), no rows included. A row gives the same bits alone and in any batch.

        Returns:
            (rows,), or (rows, outputs) for several values.

        Raises:
            DataError: for inputs of a wrong shape, or that are no finite numbers.
        """
        return classes(self.loss, self._outputs(X)[0])

    def predict_proba(self, X: Any) -> Array:
        """Probabilities of the classes.

        Args:
            X: inputs, (rows, inputs).

        Returns:
            (rows, classes); two columns for binary_cross_entropy with one output.

        Raises:
            DescriptionError: if the run has no classes.
        """
        if not is_classifier(self.loss):
            raise DescriptionError(
                f"the loss {self.loss.name} knows no classes, so there are no probabilities. "
                "Fix: predict() gives the values; train with cross_entropy or binary_cross_entropy for classes."
            )
        shares = self._outputs(X)[1]
        return np.hstack([1 - shares, shares]) if shares.shape[1] == 1 else shares

    def evaluate(self, X: Any, y: Any, sample_weight: Any = None) -> dict[str, float]:
        """How well it does on data.

        Args:
            X: inputs, (rows, inputs).
            y: targets as for training.
            sample_weight: (rows,) weights, or None.

        Returns:
            "loss", and "accuracy" for classes or "r2" for values.

        Raises:
            DataError: for data that does not fit.
        """
        examples = check_examples(self.network, self.loss, X, y, sample_weight, self.options.dtype)
        names = self.program.functions["evaluate"].outputs
        outputs, losses = evaluate(self._compiled[1], examples, names)
        return metrics(self.loss, outputs, losses, examples)

    @cached_property
    def _traveller(self) -> Traveller:
        from .runs import Traveller

        return Traveller(self)

    def at(self, update: int | None = None, *, epoch: int | None = None) -> Moment:
        """Go to one update, exactly: what it read, every value between, and what it wrote.

        Args:
            update: the update that produced ``losses[update]``; negative numbers count from the end.
            epoch: the first update of an epoch, instead.

        Returns:
            The moment; see docs/explaining.md.

        Raises:
            DescriptionError: for an update that the run does not have; the message says which it has.
        """
        return self._traveller.at(update, epoch=epoch)

    def save(self, path: str | Path) -> Path:
        """Write the run to one file: safetensors with the description inside, nothing that could run.

        Args:
            path: where to; an existing file is replaced at once or not at all.

        Raises:
            FileError: if it cannot be written.
            DescriptionError: if it has rules of one's own: a file holds no code, so they could not be read back.
        """
        return write(Path(path), self.describe(), self._tensors())

    def _tensors(self) -> dict[str, Array]:
        """All arrays by name; the data among them where they are small."""
        found = {f"weight/{k}": v for k, v in self.weights.items()} | {f"state/{k}": v for k, v in self.state.items()}
        found["losses"] = self.losses
        if self.held_out is not None:
            found["held_out"] = self.held_out.astype(np.int64)
        data = self._data()
        return found | data if sum(v.nbytes for v in data.values()) <= WITH_DATA else found

    def _data(self) -> dict[str, Array]:
        """What it learnt from, so that the run can be had again from its file alone."""
        given = self.examples
        if given is None:
            return {}
        parts = {"X": given.X, "labels": given.labels, "Y": given.Y, "weights": given.weights, "rows": self.rows}
        return {f"data/{name}": values for name, values in parts.items() if values is not None}

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled and copied: not what was compiled, which is made again when it is needed."""
        return {k: v for k, v in self.__dict__.items() if k not in ("program", "source", "_compiled", "_traveller")}

    def describe(self) -> dict[str, Any]:
        """Everything but the arrays, as plain data."""
        return {
            "network": self.network.to_dict(), "loss": to_data(self.loss), "optimizer": to_data(self.optimizer),
            "options": asdict(self.options), "history": list(self.history), "interrupted": self.interrupted,
            "seconds": self.seconds, "updates_per_epoch": self.updates_per_epoch, "target": self.target,
            "compiler": self.compiler, "data_digest": self.data_digest, "threads_used": self.threads_used,
            "program_digest": self.program.digest, "digest": self.digest,
        }  # fmt: skip

    def __repr__(self) -> str:
        loss = f", loss {self.losses[-self.updates_per_epoch :].mean():.4g}" if self.updates else ""
        return f"<Run {self.network.inputs} inputs, {self.network.outputs} outputs, {self.updates} updates{loss}>"


def load(path: str | Path) -> Run:
    """Read a run that :meth:`Run.save` wrote.

    Args:
        path: the file. It is data: nothing in it is run or imported, and everything in it is checked.

    Raises:
        FileError: if it is missing, damaged, or no run.
    """
    data, tensors = read(Path(path))
    try:
        return _run(data, tensors)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileError(
            f"{path} describes no run: {str(error).rstrip('.')}. Fix: save it again with this version."
        ) from error


def _run(data: dict[str, Any], tensors: dict[str, Array]) -> Run:
    def part(kind: str) -> dict[str, Array]:
        return {k.split("/", 1)[1]: v for k, v in tensors.items() if k.startswith(kind + "/")}

    network, loss, options = Network.from_dict(data["network"]), from_data(data["loss"]), Options(**data["options"])
    if options.problems() or not isinstance(loss, Loss):
        raise ValueError(" ".join(options.problems()) or "its loss is none")
    weights, held = part("weight"), part("data")
    for parameter in network.parameters():
        found = weights[parameter.name]
        if found.shape != parameter.dims or found.dtype != np.dtype(options.dtype):
            raise ValueError(f"{parameter.name} has the shape {found.shape} and the type {found.dtype}")
    examples = _examples(network, loss, options, held) if held else None
    return Run(
        network=network, loss=loss, optimizer=from_data(data["optimizer"]),
        options=options, losses=tensors["losses"], state=part("state"),
        weights={p.name: weights[p.name] for p in network.parameters()}, history=tuple(data["history"]),
        interrupted=data["interrupted"], seconds=data["seconds"], updates_per_epoch=data["updates_per_epoch"],
        held_out=tensors.get("held_out"), target=data["target"], compiler=data["compiler"],
        data_digest=data["data_digest"], threads_used=data["threads_used"], examples=examples, rows=held.get("rows"),
    )  # fmt: skip


def _examples(network: Network, loss: Loss, options: Options, held: dict[str, Array]) -> Examples:
    """The data of a file, checked as if a user had brought them: compiled programs trust labels and row numbers."""
    targets = held["labels"] if loss.labels else held["Y"]
    examples = check_examples(network, loss, held["X"], targets, held["weights"], options.dtype)
    rows = held.get("rows")
    if rows is not None and (rows.ndim != 1 or rows.dtype.kind != "i" or not _within(rows, examples.rows)):
        raise ValueError("its row numbers are none of its data")
    return examples


def _within(rows: Array, count: int) -> bool:
    return bool(len(rows) > 0 and rows.min() >= 0 and rows.max() < count)
