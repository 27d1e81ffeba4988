"""Random networks, data and options: every build gives the same bits, and the reference the same numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from learnloop import Network
from learnloop.compile import compile_program, native_target
from learnloop.language.random import random_u32, uniform
from learnloop.program import Program, build, reference
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
FULL = settings().max_examples > 100
MANY = settings(
    max_examples=300 if FULL else 7,
    phases=tuple(Phase) if FULL else (Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck), deadline=None,
)  # fmt: skip

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

    def engine(self, form: str, threads: int, target: str | None = None) -> Engine:
        """Ready to train."""
        artefact = compile_program(self.program, self.dtype, form, native_target(target))
        numbers = dict(self.program.options) | {"total_updates": float(self.updates)}
        return Engine(
            self.program,
            artefact,
            self.examples(),
            self.learnt_rows,
            self.batch,
            self.updates,
            self.seed,
            numbers,
            threads,
        )

    def bits(self, form: str, threads: int, target: str | None = None) -> dict[str, bytes]:
        """Everything that is left after training."""
        engine = self.engine(form, threads, target)
        try:
            for _ in engine.advance(self.updates):
                pass
            found = {"losses": engine.losses.tobytes(), "update": bytes([engine.update])}
            return found | {k: v.tobytes() for k, v in engine.memory.snapshot().items()}
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
    soft = isinstance(loss, MeanSquaredError) and draw(st.booleans())
    layers.append(Dense(outputs, "softmax" if soft else None))
    batch = draw(st.one_of(st.integers(1, 130), st.sampled_from([1, 15, 16, 17, 64, 65, 128, 129])))
    rows = draw(st.integers(max(2, batch), 3 * batch + 1))
    return Sample(
        Network(inputs, layers), loss, draw(optimizers), rows, batch, draw(st.integers(0, 2**64 - 1)), draw(st.booleans()),
        draw(st.sampled_from(["float32", "float64"])), draw(st.integers(1, 3)), draw(st.booleans()),
    )  # fmt: skip


def differing(a: dict[str, bytes], b: dict[str, bytes]) -> list[str]:
    assert a.keys() == b.keys()
    return [name for name in a if a[name] != b[name]]


def check(sample: Sample) -> None:
    """Fast and glass: the same bits; the reference: the same numbers."""
    glass = sample.bits("glass", 1)
    assert differing(sample.bits("fast", sample.threads), glass) == []
    if sample.threads > 1:
        assert differing(sample.bits("fast", 1), glass) == []
        assert differing(sample.bits("glass", sample.threads), glass) == []
    check_reference(sample)


def check_reference(sample: Sample) -> None:
    """Two updates side by side; in float32 only the first loss, because Adam makes much of small differences."""
    engine, examples = sample.engine("fast", 1), sample.examples()
    program, train = sample.program, sample.program.functions["train"]
    real = np.dtype(sample.dtype)
    values: dict[str, Any] = {"X": examples.X, "weights": examples.weights, "total_updates": np.float64(sample.updates)}
    values |= {k: np.float64(v) for k, v in program.options.items() if k != "total_updates"}
    values |= {"labels": examples.labels} if sample.loss.labels else {"Y": examples.Y}
    values |= reference.run(program.functions["initialise"], {}, sample.dtype, sample.seed)
    try:
        for name, start in engine.memory.snapshot().items():
            assert np.allclose(
                values[name],
                start,
                rtol=1e-5 if real.itemsize == 4 else 1e-12,
                atol=1e-7 if real.itemsize == 4 else 1e-14,
            )
            values[name] = start
        for update in range(min(2, sample.updates)):
            batch = {"row": engine.batch_rows(update), "update": np.int32(update)}
            found = reference.commit(train.commits, reference.run(train, values | batch, sample.dtype, sample.seed))
            for _ in engine.advance(update + 1):
                pass
            if engine.diverged:
                assert not np.isfinite(found["loss"])
                return
            loss = float(engine.losses[update])
            close = 1e-8 if real.itemsize == 8 else 2e-4
            assert abs(loss - float(found["loss"])) <= close * max(1, abs(loss))
            if real.itemsize == 4:
                return
            for name, now in engine.memory.snapshot().items():
                assert np.abs(found[name] - now).max() <= 1e-7 * max(1, np.abs(now).max()), name
                values[name] = found[name]
    finally:
        engine.close()


@MANY
@given(samples())
def test_fast_glass_and_the_reference_agree(sample: Sample) -> None:
    check(sample)


@settings(MANY, max_examples=100 if FULL else 4)
@given(samples(), st.sampled_from(["avx2", "baseline"]))
def test_targets_give_the_same_bits(sample: Sample, other: str) -> None:
    try:
        native_target(other)
    except ValueError:
        pytest.skip(f"this machine cannot run {other}")
    assert differing(sample.bits("fast", 1), sample.bits("fast", sample.threads, other)) == []


def plain(inputs: int, *layers: Layer, **changes: Any) -> Sample:
    """A sample with one thing that matters."""
    loss = changes.pop("loss", MeanSquaredError())
    given = {"rows": 40, "batch": 17, "seed": 5, "weighted": False, "dtype": "float32", "threads": 3, "subset": False}
    return Sample(
        Network(inputs, list(layers)), loss, changes.pop("optimizer", SGD(0.1, momentum=0.9)), **(given | changes)
    )


FOUND = {
    "one_unit_everywhere": plain(1, Dense(1)),
    "one_unit_twice": plain(2, Dense(1, "tanh"), Dense(1)),
    "dropout_first_and_threads": plain(33, Dropout(0.5), Dense(2), rows=130, batch=16),
}
"""Programs that once failed."""
LARGE = {
    "sums_in_blocks": plain(4100, Dense(17, "relu"), Dense(2), rows=30, batch=20),
    "rows_in_blocks": plain(3, Dense(7, "tanh"), LayerNorm(), Dense(2), rows=700, batch=600),
}
"""Sums above 4096 terms, which samples never reach."""


@pytest.mark.parametrize("name", FOUND)
def test_what_once_failed(name: str) -> None:
    check(FOUND[name])


@pytest.mark.parametrize("name", LARGE)
def test_sums_of_many_terms(name: str) -> None:
    check(LARGE[name])
