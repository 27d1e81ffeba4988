"""Random networks, data and options to compare builds on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from hypothesis import strategies as st

from learnloop import Network
from learnloop.compile import compile_program, native_target
from learnloop.compile.emission import Recipe
from learnloop.language.random import random_u32, uniform
from learnloop.program import Program, build
from learnloop.rules import (
    ACTIVATIONS,
    LOSSES,
    SGD,
    Adam,
    AdamW,
    BinaryCrossEntropy,
    Constant,
    Cosine,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
    Loss,
    MeanSquaredError,
    Optimizer,
    Residual,
    Schedule,
    Softmax,
    Warmup,
)
from learnloop.train.engine import Engine
from learnloop.train.examples import Examples, check_examples

Array = np.ndarray[Any, np.dtype[Any]]

sizes = st.one_of(st.sampled_from([1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33]), st.integers(1, 40))
activations = st.sampled_from([a.name for a in ACTIVATIONS.values() if not isinstance(a, Softmax)])
small = st.sampled_from([0.001, 0.02, 0.1])
rates: st.SearchStrategy[Schedule] = st.one_of(
    st.builds(Constant, small),
    st.builds(lambda r, u: Cosine(r, floor=r / 8, updates=u), small, st.sampled_from([None, 2, 5])),
    st.builds(
        lambda u, r, cosine: Warmup(u, Cosine(r) if cosine else Constant(r)), st.integers(1, 4), small, st.booleans()
    ),
)
common = {
    "weight_decay": st.sampled_from([0.0, 0.0, 0.1]),
    "decoupled": st.booleans(),
    "clip_norm": st.sampled_from([None, None, 0.05]),
}
optimizers: st.SearchStrategy[Optimizer] = st.one_of(
    st.builds(SGD, rates, **common),  # type: ignore[arg-type]
    st.builds(SGD, rates, momentum=st.sampled_from([0.5, 0.9]), nesterov=st.booleans(), **common),  # type: ignore[arg-type]
    st.builds(Adam, rates, betas=st.sampled_from([(0.9, 0.999), (0.0, 0.5)]), **common),  # type: ignore[arg-type]
    st.builds(AdamW, rates),
)


@st.composite
def blocks(draw: st.DrawFn, units: int, depth: int) -> Layer:
    kind = draw(st.sampled_from(["dense", "dense", "dense", "dropout", "norm", "residual"][: 6 if depth else 5]))
    if kind == "dense":
        return Dense(draw(sizes), draw(activations))
    if kind == "dropout":
        return Dropout(draw(st.sampled_from([0.0, 0.25, 0.9])))
    if kind == "norm":
        return LayerNorm(draw(st.sampled_from([1e-5, 0.1])))
    inner = [draw(blocks(units, 0)) for _ in range(draw(st.integers(0, 2)))]
    return Residual(*inner, Dense(units, draw(activations)))


@dataclass(frozen=True)
class Sample:
    """A training to compare."""

    network: Network
    loss: Loss
    optimizer: Optimizer
    rows: int
    batch: int
    seed: int
    weighted: bool
    dtype: str
    threads: int
    subset: bool

    @cached_property
    def program(self) -> Program:
        """The program."""
        return build(self.network, self.loss, self.optimizer)

    @property
    def learnt_rows(self) -> Array | None:
        """The rows to learn from: all, or every second one backwards."""
        return np.arange(self.rows - 1, -1, -2, dtype=np.int32) if self.subset else None

    @property
    def updates(self) -> int:
        """Over two epochs, at most six."""
        count = self.rows if self.learnt_rows is None else len(self.learnt_rows)
        return min(6, 2 * -(-count // min(self.batch, count)))

    def examples(self) -> Examples:
        """Data of moderate size."""

        def numbers(stream: int, *shape: int) -> Array:
            return (uniform(self.seed, stream, 0, 0, np.arange(int(np.prod(shape)))) * 3 - 1.5).reshape(shape)

        weights = (
            np.maximum(np.round(numbers(3, self.rows) * 2), 0) + (np.arange(self.rows) < 2) if self.weighted else None
        )
        targets = numbers(2, self.rows, self.network.outputs)
        if self.loss.labels:
            targets = (random_u32(self.seed, 2, 0, 0, np.arange(self.rows)) % np.uint64(self.network.outputs)).astype(
                np.int64
            )
        elif isinstance(self.loss, BinaryCrossEntropy):
            targets = (targets > 0).astype(float)
        return check_examples(
            self.network, self.loss, numbers(1, self.rows, self.network.inputs), targets, weights, self.dtype
        )

    @property
    def options(self) -> dict[str, float]:
        """Numbers given at run time."""
        return dict(self.program.options) | {"total_updates": float(self.updates)}

    def engine(self, form: str, threads: int, target: str | None = None) -> Engine:
        """Ready to train."""
        artefact = compile_program(self.program, self.dtype, form, native_target(target))
        return Engine(
            self.program, artefact, self.examples(), self.learnt_rows, self.batch, self.updates, self.seed, self.options,
            threads,
        )  # fmt: skip

    def recipe(self) -> Recipe:
        """The same training, for elsewhere."""
        examples = self.examples()
        targets = examples.Y if examples.labels is None else examples.labels
        assert targets is not None
        rows = np.arange(self.rows, dtype=np.int32) if self.learnt_rows is None else self.learnt_rows
        return Recipe(
            self.program, self.dtype, [examples.X, targets, examples.weights], rows, min(self.batch, len(rows)),
            self.updates, self.seed, self.options, digest="",
        )  # fmt: skip

    def left(self, form: str, threads: int, target: str | None = None) -> dict[str, Array]:
        """Everything that is left after training."""
        engine = self.engine(form, threads, target)
        try:
            for _ in engine.advance(self.updates):
                pass
            return {"losses": engine.losses, "update": np.array(engine.update), **engine.memory.snapshot()}
        finally:
            engine.close()


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    inputs = draw(sizes)
    layers: list[Layer] = []
    units = inputs
    for _ in range(draw(st.integers(0, 3))):
        layers.append(draw(blocks(units, 1)))
        units = layers[-1].units_after(units)
    loss = draw(st.sampled_from(list(LOSSES.values())))
    outputs = draw(sizes.filter(lambda n: n >= 2 or not loss.labels))
    soft = isinstance(loss, MeanSquaredError) and outputs > 1 and draw(st.booleans())
    layers.append(Dense(outputs, "softmax" if soft else None))
    batch = draw(st.one_of(st.integers(1, 130), st.sampled_from([1, 15, 16, 17, 64, 65, 128, 129])))
    rows = draw(st.integers(max(2, batch), 3 * batch + 1))
    return Sample(
        Network(inputs, layers), loss, draw(optimizers), rows, batch, draw(st.integers(0, 2**64 - 1)), draw(st.booleans()),
        draw(st.sampled_from(["float32", "float64"])), draw(st.integers(1, 3)), draw(st.booleans()),
    )  # fmt: skip


def plain(inputs: int, *layers: Layer, **changes: Any) -> Sample:
    """A sample with one thing that matters."""
    loss = changes.pop("loss", MeanSquaredError())
    given = {"rows": 40, "batch": 17, "seed": 5, "weighted": False, "dtype": "float32", "threads": 3, "subset": False}
    return Sample(
        Network(inputs, list(layers)), loss, changes.pop("optimizer", SGD(0.1, momentum=0.9)), **(given | changes)
    )
