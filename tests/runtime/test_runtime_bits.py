"""Every target, scalar and vector, gives the same bits; and the operations mean what they say."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from runtime_builds import OPERATIONS, REFERENCE, RUNTIME, TARGETS, Builds, Target, bits_of, sample

SEED = 20240607


@pytest.fixture(scope="module", params=[32, 64])
def operands(request: pytest.FixtureRequest) -> np.ndarray:
    return sample(request.param, 4096, SEED)


@pytest.fixture(scope="module")
def expected(builds: Builds, operands: np.ndarray) -> dict[str, np.ndarray]:
    """The results of the plainest build: scalar C99."""
    return dict(zip(OPERATIONS, builds.apply(REFERENCE, [(o, 1) for o in OPERATIONS], operands), strict=True))


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.name)
def test_every_target_gives_the_same_bits(
    builds: Builds, operands: np.ndarray, expected: dict[str, np.ndarray], target: Target
) -> None:
    jobs = [(o, lanes) for o in OPERATIONS for lanes in target.lanes[operands.itemsize * 8]]
    for job, result in zip(jobs, builds.apply(target, jobs, operands), strict=True):
        different = np.flatnonzero(bits_of(result) != bits_of(expected[job[0]]))
        assert not different.size, (
            f"{job[0]} with {job[1]} lanes differs at {different.size} places, first at {operands[:, different[0]]}: "
            f"{result[different[0]]} instead of {expected[job[0]][different[0]]}"
        )


@pytest.mark.parametrize("target", [t for t in TARGETS if t.runner != "node" and not t.portable], ids=lambda t: t.name)
def test_the_environment_of_the_host_does_not_matter(
    builds: Builds, operands: np.ndarray, expected: dict[str, np.ndarray], target: Target
) -> None:
    chosen = ["exp", "tanh", "fma", "sqrt", "arithmetic"]
    jobs = [(o, 1) for o in chosen] + [(o, target.lanes[operands.itemsize * 8][-1]) for o in chosen]
    for job, result in zip(jobs, builds.apply(target, jobs, operands, hostile=True), strict=True):
        assert np.array_equal(bits_of(result), bits_of(expected[job[0]])), job


def test_plain_operations(operands: np.ndarray, expected: dict[str, np.ndarray]) -> None:
    a, b, c = operands
    with np.errstate(all="ignore"):
        meaning = {
            "sqrt": np.sqrt(a),
            "neg": -a,
            "gt": np.where(a > b, a, c),
            "ge": np.where(a >= b, a, c),
            "eq": np.where(a == b, a, c),
            "min": np.where(a < b, a, b),
            "max": np.where(a > b, a, b),
            "iota": np.arange(a.size).astype(a.dtype),
            "arithmetic": a + b * c - a / b,
        }
    for name, result in meaning.items():
        assert np.array_equal(bits_of(result), bits_of(expected[name])), name


def test_fma_is_exact(operands: np.ndarray, expected: dict[str, np.ndarray]) -> None:
    result = expected["fma"]
    with np.errstate(over="ignore", invalid="ignore"):
        neighbours = np.nextafter(result, np.inf), np.nextafter(result, -np.inf)
    finite = np.isfinite(operands).all(axis=0) & np.isfinite(result)
    for k in np.flatnonzero(finite):
        a, b, c = (Fraction(float(v)) for v in operands[:, k])
        error = abs(Fraction(float(result[k])) - (a * b + c))
        for near in (n[k] for n in neighbours if np.isfinite(n[k])):
            assert error <= abs(Fraction(float(near)) - (a * b + c)), operands[:, k]
    assert finite.sum() > 3000


@pytest.mark.parametrize("target", [t for t in TARGETS if t.runner == "library"], ids=lambda t: t.name)
def test_first_lanes(builds: Builds, target: Target) -> None:
    library = builds.load(target)
    for bits, widths in target.lanes.items():
        for lanes in widths:
            for count in range(-1, lanes + 2):
                mask = (1 << max(0, min(count, lanes))) - 1
                assert library.first_lanes(bits, lanes, count) == mask


def test_files_are_short() -> None:
    lengths = {p.name: len(p.read_text().splitlines()) for p in RUNTIME.glob("*.h")}
    assert len(lengths) > 10
    assert {n: k for n, k in lengths.items() if k >= 300} == {}
