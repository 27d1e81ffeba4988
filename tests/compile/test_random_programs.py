"""Random programs: every build gives the same bits, and the reference the same numbers."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from compile.in_node import left_in_node
from compile.samples import Array, Sample, plain, samples
from installed import need
from learnloop.compile import native_target
from learnloop.program import reference
from learnloop.rules import SGD, Adam, Dense, Dropout, LayerNorm

FULL = settings().max_examples > 100
MANY = settings(
    max_examples=300 if FULL else 7,
    phases=tuple(Phase) if FULL else (Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck), deadline=None,
)  # fmt: skip


def differing(a: dict[str, Array], b: dict[str, Array]) -> list[str]:
    assert a.keys() == b.keys()
    return [name for name in a if a[name].tobytes() != b[name].tobytes()]


def one_nan(values: dict[str, Array]) -> dict[str, Array]:
    """Every NaN as the same one: WebAssembly leaves its sign and payload to the engine."""
    return {k: np.where(np.isnan(v), np.float32(np.nan), v) for k, v in values.items()}


def check(sample: Sample) -> None:
    """Fast, glass and WebAssembly: the same bits; the reference: the same numbers."""
    glass = sample.left("glass", 1)
    assert differing(sample.left("fast", sample.threads), glass) == []
    if sample.threads > 1:
        assert differing(sample.left("fast", 1), glass) == []
        assert differing(sample.left("glass", sample.threads), glass) == []
    check_reference(sample)
    if shutil.which("node"):
        check_webassembly(sample, glass)


def check_webassembly(sample: Sample, glass: dict[str, Array]) -> None:
    """Both builds, for a part of the samples: emulating takes long to compile."""
    for emulated in (False, True) if sample.seed % 4 == 1 else (False,):
        assert differing(one_nan(left_in_node(sample.recipe(), emulated)), one_nan(glass)) == []


def test_webassembly_is_compared() -> None:
    need("node")


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


@settings(MANY, max_examples=400)
@given(samples())
def test_whatever_is_drawn_is_a_training(sample: Sample) -> None:
    """A softmax over one unit, which networks refuse, was drawn once in some hundred samples."""
    assert 1 <= sample.updates <= 6


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
    assert differing(sample.left("fast", 1), sample.left("fast", sample.threads, other)) == []


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
DIVERGING = {
    "a_loss_that_overflows": plain(3, Dense(4, "tanh"), Dense(2), optimizer=SGD(1e30)),
    "weights_that_overflow": plain(3, Dense(4, "tanh"), Dense(2), optimizer=Adam(3.4e38)),
}
"""Runs that stop early: what they have reached is compared."""


@pytest.mark.parametrize("name", FOUND)
def test_what_once_failed(name: str) -> None:
    check(FOUND[name])


@pytest.mark.parametrize("name", LARGE)
def test_sums_of_many_terms(name: str) -> None:
    check(LARGE[name])


@pytest.mark.parametrize("name", DIVERGING)
def test_runs_that_diverge(name: str) -> None:
    sample = DIVERGING[name]
    assert sample.left("glass", 1)["update"] < sample.updates
    check(sample)
