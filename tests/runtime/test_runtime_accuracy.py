"""The error bounds of docs/functions.md hold, and the functions are right at the edges."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import coefficients
import mpmath as mp
import numpy as np
import pytest
from runtime_builds import FUNCTIONS, HERE, INCLUDE, PROGRAMS, REFERENCE, RUNTIME, Builds, compile_output, missing

BOUNDS_TABLE = HERE.parents[1] / "docs" / "functions.md"
DOMAIN = 32768.0  # of sin and cos

EXACT: dict[str, Callable[[mp.mpf], mp.mpf]] = {
    "exp": mp.exp,
    "log": mp.log,
    "log1p": mp.log1p,
    "expm1": mp.expm1,
    "tanh": mp.tanh,
    "erf": mp.erf,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log1p(mp.exp(-abs(x))) + max(x, 0),
    "sin": mp.sin,
    "cos": mp.cos,
}


def bounds() -> dict[str, tuple[float, float]]:
    """The largest errors that the documentation promises: {function: (float32, float64)}."""
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \| [\d.]+ \| ([\d.]+) \|", BOUNDS_TABLE.read_text(), re.MULTILINE)
    return {name: (float(f32), float(f64)) for name, f32, f64 in rows}


def arguments(name: str, bits: int, count: int) -> np.ndarray:
    """Arguments where something happens: around 0 and 1, over the range of exp, over all magnitudes."""
    rng = np.random.default_rng(bits + len(name))
    wide = 700 if bits == 64 else 85
    x = np.concatenate(
        [
            rng.uniform(-1.5, 1.5, count),
            rng.normal(size=count) * 4,
            rng.uniform(-1.05, 1.05, count) * wide,
            rng.choice([-1, 1], count) * np.exp(rng.uniform(-wide, math.log(DOMAIN), count)),
        ]
    )
    if name in ("sin", "cos"):
        x = np.concatenate([x, rng.uniform(-DOMAIN, DOMAIN, 2 * count), np.arange(1, 999) * (np.pi / 2)])
    if name == "log":
        x = np.abs(x)
    if name == "log1p":
        x = np.concatenate([x[x > -1], np.expm1(-np.exp(rng.uniform(-30, 3, count)))])
    x = x[: x.size // 16 * 16]
    return x.astype(np.float32 if bits == 32 else np.float64)


def apply(builds: Builds, name: str, x: np.ndarray) -> np.ndarray:
    padded = np.resize(x, (3, -(-x.size // 16) * 16))
    return builds.apply(REFERENCE, [(name, 1)], padded)[0][: x.size]


def error(result: float, exact: mp.mpf, digits: int, lowest: int) -> mp.mpf:
    """In units of the last place of the exact result, rounded to a format with so many digits."""
    place = max(mp.frexp(exact)[1] - digits, lowest)
    return abs(mp.mpf(result) - exact) * mp.mpf(2) ** -place


def test_the_table_is_complete() -> None:
    assert sorted(bounds()) == sorted(FUNCTIONS)
    assert all(0.5 < f32 <= 2 and 0.5 < f64 <= 2 for f32, f64 in bounds().values())


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_sampled_errors(builds: Builds, name: str, bits: int, full: bool) -> None:
    x = arguments(name, bits, 40_000 if full else 1_000)
    digits, lowest = (24, -149) if bits == 32 else (53, -1074)
    bound = bounds()[name][bits == 64]
    worst = mp.mpf(0)
    with mp.workprec(120):
        largest = mp.mpf(float(np.finfo(x.dtype).max)) * (1 + mp.mpf(2) ** -digits)
        for argument, result in zip(x.tolist(), apply(builds, name, x).tolist(), strict=True):
            exact = EXACT[name](mp.mpf(argument))
            if abs(exact) >= largest:
                assert abs(result) == math.inf and (result > 0) == (exact > 0), argument
                continue
            if exact == 0:
                assert result == 0
                continue
            here = error(result, exact, digits, lowest)
            assert here <= bound, f"{name}({argument.hex()}) = {result.hex()}: {mp.nstr(here, 5)} ulp"
            worst = max(worst, here)
    assert worst > 0.4  # or nothing was measured


INF, NAN = math.inf, math.nan
EDGES = {
    "exp": [(-0.0, 1), (0, 1), (INF, INF), (-INF, 0), (NAN, NAN), (1e30, INF), (-1e30, 0)],
    "log": [(0, -INF), (-0.0, -INF), (1, 0), (-1, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)],
    "log1p": [(0, 0), (-0.0, -0.0), (-1, -INF), (-2, NAN), (-INF, NAN), (INF, INF), (NAN, NAN)],
    "expm1": [(0, 0), (-0.0, -0.0), (INF, INF), (-INF, -1), (NAN, NAN), (-1e30, -1), (1e30, INF)],
    "tanh": [(0, 0), (-0.0, -0.0), (INF, 1), (-INF, -1), (NAN, NAN), (1e30, 1), (-1e30, -1)],
    "erf": [(0, 0), (-0.0, -0.0), (INF, 1), (-INF, -1), (NAN, NAN), (1e30, 1), (-1e30, -1)],
    "sigmoid": [(0, 0.5), (-0.0, 0.5), (INF, 1), (-INF, 0), (NAN, NAN), (1e30, 1), (-1e30, 0)],
    "softplus": [(INF, INF), (-INF, 0), (NAN, NAN), (-1e30, 0), (3.0e38, 3.0e38)],
    "sin": [(0, 0), (-0.0, -0.0), (INF, NAN), (-INF, NAN), (NAN, NAN)],
    "cos": [(0, 1), (-0.0, 1), (INF, NAN), (-INF, NAN), (NAN, NAN)],
}


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_edges(builds: Builds, name: str, bits: int) -> None:
    dtype = np.float32 if bits == 32 else np.float64
    x, expected = np.array(EDGES[name], dtype).T.copy()
    result = apply(builds, name, x)
    assert np.array_equal(result, expected, equal_nan=True), (x, result)
    zero = expected == 0
    assert np.array_equal(np.signbit(result[zero]), np.signbit(expected[zero])), (x, result)


@pytest.mark.parametrize("bits", [32, 64])
@pytest.mark.parametrize("name", ["log1p", "expm1", "tanh", "sin"])
def test_tiny_arguments_stay(builds: Builds, name: str, bits: int) -> None:
    info = np.finfo(np.float32 if bits == 32 else np.float64)
    x = np.array([info.smallest_subnormal, 3 * info.smallest_subnormal, info.tiny, -info.tiny], info.dtype)
    assert np.array_equal(apply(builds, name, x), x)


@pytest.mark.parametrize("bits", [32, 64])
def test_odd_functions_are_odd(builds: Builds, bits: int) -> None:
    for name in ("tanh", "erf", "sin"):
        x = arguments(name, bits, 1000)
        assert np.array_equal(apply(builds, name, -x), -apply(builds, name, x)), name


@pytest.mark.parametrize("bits", [32, 64])
def test_sin_and_cos_stay_finite_beyond_their_domain(builds: Builds, bits: int) -> None:
    dtype = np.float32 if bits == 32 else np.float64
    x = np.geomspace(DOMAIN, float(np.finfo(dtype).max) / 2, 4000).astype(dtype)
    for name in ("sin", "cos"):
        assert np.abs(apply(builds, name, x)).max() <= 1


@pytest.fixture(scope="module")
def exhaustive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that compares with the C library's float64 functions; gcc, because it is linked with a C library."""
    gcc = shutil.which("gcc")
    if gcc is None:
        missing("gcc")
    to = tmp_path_factory.mktemp("exhaustive") / "exhaustive"
    flags = ["-std=c11", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-Wno-psabi", *INCLUDE]
    said = compile_output([gcc, *flags, str(PROGRAMS / "exhaustive.c"), "-o", str(to), "-lm"])
    assert not said, said
    return to


@pytest.mark.parametrize("name", FUNCTIONS)
def test_float32_against_the_c_library(exhaustive: Path, name: str, full: bool) -> None:
    step = "1" if full else "1009"
    done = subprocess.run([str(exhaustive), name, step, "0"], capture_output=True, text=True, timeout=3600)
    assert done.returncode == 0
    worst, where, wrong = done.stdout.split()
    assert wrong == "0", done.stderr
    assert 0.4 < float(worst) <= bounds()[name][0], f"{worst} ulp at {where}"


def test_the_coefficients_are_those_derived(full: bool) -> None:
    text = "".join(p.read_text() for p in RUNTIME.glob("functions_*.h"))
    for bits in (32, 64):
        for fit in coefficients.fits(bits):
            if fit.degree > 6 and not full:
                continue
            values, _ = coefficients.coefficients(fit)
            for value in values:
                assert re.search(rf"[( ]{re.escape(coefficients.hexadecimal(value, bits))}\)", text), (fit.name, bits)
