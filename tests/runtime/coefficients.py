"""Derives the polynomial coefficients of functions*.h and prints them as C: `python coefficients.py [name ...]`.

Each fit is a weighted minimax polynomial (Remez's exchange, 1934). Coefficients are rounded to the target's precision
one at a time and the others are fitted again to make up for it: from the lowest power on, except across 0, where the
powers without a constant are no Chebyshev system and the exchange needs the other order.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp

mp.mp.prec = 250
Function = Callable[[mp.mpf], mp.mpf]


@dataclass(frozen=True)
class Fit:
    """Find p with |(target - p) * weight| minimal, p a polynomial in x, on low <= x <= high."""

    name: str
    target: Function
    weight: Function
    low: mp.mpf
    high: mp.mpf
    degree: int
    bits: int


def _polynomial(coefficients, x):
    """The value of a polynomial whose coefficients are given from the constant one up."""
    total = mp.mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def round_to(x: mp.mpf, bits: int) -> mp.mpf:
    with mp.workprec(24 if bits == 32 else 53):
        return +x


def solve(xs: list[mp.mpf], rest: list[mp.mpf], weights: list[mp.mpf], first: int) -> list[mp.mpf]:
    """The polynomial sum(c[k] x^(first + k)) whose weighted error alternates over the given points."""
    count = len(xs) - 1
    a, b = mp.matrix(count + 1), mp.matrix(count + 1, 1)
    for i, x in enumerate(xs):
        for k in range(count):
            a[i, k] = x ** (first + k) * weights[i]
        a[i, count] = (-1) ** i
        b[i] = rest[i] * weights[i]
    return list(mp.lu_solve(a, b))[:count]


def exchange(errors: list[mp.mpf], count: int) -> list[int]:
    """The places of `count` alternating extremes of the error, the largest ones."""
    runs: list[int] = []
    for i, e in enumerate(errors):
        if runs and (errors[runs[-1]] > 0) == (e > 0):
            if abs(e) > abs(errors[runs[-1]]):
                runs[-1] = i
        else:
            runs.append(i)
    while len(runs) > count:
        runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
    return runs


def minimax(grid: list[mp.mpf], rest: list[mp.mpf], weights: list[mp.mpf], first: int, count: int) -> list[mp.mpf]:
    """`count` coefficients, from power `first` on."""
    places = [round((len(grid) - 1) * i / count) for i in range(count + 1)]  # the grid is Chebyshev's
    best: tuple[mp.mpf, list[mp.mpf]] = (mp.inf, [])
    for _ in range(12):
        c = solve([grid[i] for i in places], [rest[i] for i in places], [weights[i] for i in places], first)
        errors = [(r - x**first * _polynomial(c, x)) * w for x, r, w in zip(grid, rest, weights, strict=True)]
        worst = max(abs(e) for e in errors)
        if worst < best[0]:
            best = (worst, c)
        new = exchange(errors, count + 1)
        if len(new) < count + 1 or new == places:
            break
        places = new
    return best[1]


def coefficients(fit: Fit) -> tuple[list[mp.mpf], mp.mpf]:
    """The rounded coefficients, highest power first, and the largest weighted error."""
    n = 60 * (fit.degree + 1)
    middle, half = (fit.low + fit.high) / 2, (fit.high - fit.low) / 2
    grid = [middle - half * mp.cos(mp.pi * (i + mp.mpf(1) / 2) / n) for i in range(n)]
    weights = [fit.weight(x) for x in grid]
    rest = [fit.target(x) for x in grid]
    rounded: dict[int, mp.mpf] = {}
    for step in range(fit.degree + 1):
        if fit.low > 0:
            k, v = step, minimax(grid, rest, weights, step, fit.degree + 1 - step)[0]
        else:
            k, v = fit.degree - step, minimax(grid, rest, weights, 0, fit.degree + 1 - step)[-1]
        rounded[k] = round_to(v, fit.bits)
        rest = [r - rounded[k] * x**k for r, x in zip(rest, grid, strict=True)]
    return [rounded[k] for k in range(fit.degree, -1, -1)], max(abs(r * w) for r, w in zip(rest, weights, strict=True))


HALF_LN2 = mp.log(2) / 2 * (1 + mp.mpf(2) ** -20)
ROOT = mp.sqrt(2)
TANH_SPLIT = mp.mpf(5) / 8  # where tanh goes over from x + x^3 P(x^2) to 1 - 2 / (exp(2 x) + 1)
SPLIT = {32: mp.mpf(15) / 16, 64: mp.mpf(3) / 4}  # where erf goes over from x + x P(x^2) to 1 - exp(-g(x))


def fits(bits: int) -> list[Fit]:
    f64 = bits == 64
    split, quarter = SPLIT[bits], (mp.pi / 4) ** 2 * (1 + mp.mpf(2) ** -8)

    def tanh_tail(x: mp.mpf) -> mp.mpf:
        return (mp.tanh(x) - x) / x**3

    def sin_tail(s: mp.mpf) -> mp.mpf:
        r = mp.sqrt(s)
        return (mp.sin(r) - r) / r**3

    def cos_tail(s: mp.mpf) -> mp.mpf:
        return (mp.cos(mp.sqrt(s)) - 1 + s / 2) / s**2

    return [
        Fit(
            "exp",
            lambda r: (mp.expm1(r) - r) / r**2,
            lambda r: abs(r**2 / mp.expm1(r)),
            -HALF_LN2,
            HALF_LN2,
            9 if f64 else 4,
            bits,
        ),
        Fit(
            "log",
            lambda f: (mp.log1p(f) - f) / f**2,
            lambda f: abs(f**2 / mp.log1p(f)),
            1 / ROOT - 1,
            ROOT - 1,
            20 if f64 else 8,
            bits,
        ),
        Fit(
            "tanh",
            lambda s: tanh_tail(mp.sqrt(s)),
            lambda s: mp.sqrt(s) ** 3 / mp.tanh(mp.sqrt(s)),
            mp.mpf(10) ** -12,
            TANH_SPLIT**2,
            10 if f64 else 4,
            bits,
        ),
        Fit(
            "erf_small",
            lambda s: mp.erf(mp.sqrt(s)) / mp.sqrt(s) - 1,
            lambda s: mp.sqrt(s) / mp.erf(mp.sqrt(s)),
            mp.mpf(10) ** -12,
            split**2,
            10 if f64 else 5,
            bits,
        ),
        Fit(
            "erf_large",
            lambda x: -mp.log(mp.erfc(x)) / x,
            lambda x: x * mp.erfc(x) / mp.erf(x),
            split,
            mp.mpf(6 if f64 else 4),
            20 if f64 else 7,
            bits,
        ),
        Fit("sin", sin_tail, lambda s: s**1.5 / mp.sin(mp.sqrt(s)), mp.mpf(10) ** -12, quarter, 6 if f64 else 3, bits),
        Fit("cos", cos_tail, lambda s: s**2 / mp.cos(mp.sqrt(s)), mp.mpf(10) ** -12, quarter, 5 if f64 else 2, bits),
    ]


def hexadecimal(x: mp.mpf, bits: int) -> str:
    mantissa, exponent = float(x).hex().split("p")
    return f"{mantissa.rstrip('0').rstrip('.')}p{exponent}{'f' if bits == 32 else ''}"


def main(names: list[str]) -> None:
    for bits in (32, 64):
        for fit in fits(bits):
            if names and fit.name not in names:
                continue
            c, error = coefficients(fit)
            print(f"{fit.name} f{bits}: weighted error 2^{mp.nstr(mp.log(error, 2), 5)}", flush=True)
            print("".join(f"    {hexadecimal(v, bits)},\n" for v in c), end="", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
