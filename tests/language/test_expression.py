"""Expressions: the simplifications are pinned, because they are part of every digest; slopes against differences."""

from __future__ import annotations

import numpy as np
import pytest

from learnloop.language import Block, Map, Tensor, parse
from learnloop.language.expression import SLOPES, UNARY, Expr, factors, product, slope
from learnloop.language.index import Access
from learnloop.program import Function, Section, reference

TENSORS = {name: Tensor(name, (2, 40)) for name in "abc"}
A = Access("a", parse("o[i,j] = a[i,j]", TENSORS).reads()[0].indices)


def expression(text: str) -> Expr:
    for name in "abc":
        text = "".join(f"{name}[i,j]" if word == name else word for word in _words(text))
    statement = parse(f"o[i,j] = {text}", TENSORS, {"i": 2, "j": 40})
    assert isinstance(statement, Map)
    return statement.expr


def _words(text: str) -> list[str]:
    found = [""]
    for before, ch in zip(" " + text, text, strict=False):
        if not (ch.isalnum() or ch == "_") or not (before.isalnum() or before == "_"):
            found.append("")
        found[-1] += ch
    return found


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("a + 0", "a"), ("0 + a", "a"), ("a + a", "2*a"), ("a + b", "a + b"), ("1 + 2", "3"), ("a + a*1", "2*a"),
        ("a - 0", "a"), ("0 - a", "-a"), ("a - a", "a - a"), ("3 - 1", "2"), ("0 - 0", "0"),
        ("a*1", "a"), ("1*a", "a"), ("a*0", "0"), ("0*a", "0"), ("a*-1", "-a"), ("-1*a", "-a"), ("2*3", "6"), ("a*a", "a*a"),
        ("-1*-1", "1"), ("a/1", "a"), ("0/a", "0"), ("1/a", "1/a"), ("6/3", "2"), ("a/a", "a/a"), ("a/-1", "a/(-1)"),
        ("-(-a)", "a"), ("-3", "-3"), ("-(2)", "-2"), ("where(a > b, c, c)", "c"), ("where(a > b, 1, 2)", "where(a > b, 1, 2)"),
        ("a < b", "b > a"), ("a <= b", "b >= a"), ("2*3*a", "6*a"), ("a*2*3", "a*2*3"), ("(a + b) + c", "a + b + c"),
        ("a + (b + c)", "a + (b + c)"), ("a - (b - c)", "a - (b - c)"), ("a*(b + c)", "a*(b + c)"), ("a/(b*c)", "a/(b*c)"),
        ("a/b/c", "a/b/c"), ("-(a + b)", "-(a + b)"), ("-a*b", "-a*b"), ("-(a*b)", "-(a*b)"), ("a*(-2)", "a*(-2)"),
        ("0.1 + 0.2", "0.30000000000000004"), ("1e300*1e300", "inf"), ("exp(0)", "exp(0)"), ("j*2 + 1 - j", "j+1"),
        ("a*(j + 1)", "a*(j+1)"), ("a - j", "a - j"), ("stop(a) + 0", "stop(a)"), ("fma(a, 1, 0)", "fma(a, 1, 0)"),
    ],
)  # fmt: skip
def test_simplifications(text: str, simple: str) -> None:
    assert str(expression(text)).replace("[i,j]", "") == simple


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "1"), ("b", "0"), ("2", "0"), ("a + b", "1"), ("a - b", "1"), ("b - a", "-1"), ("a*b", "b"), ("a*a", "2*a"),
        ("a/b", "1/b"), ("b/a", "-(b/a/a)"), ("1/a", "-(1/a/a)"), ("-a", "-1"), ("exp(a)", "exp(a)"), ("expm1(a)", "expm1(a) + 1"),
        ("log(a)", "1/a"), ("log1p(a)", "1/(1 + a)"), ("sqrt(a)", "0.5/sqrt(a)"), ("tanh(a)", "1 - tanh(a)*tanh(a)"),
        ("sigmoid(a)", "sigmoid(a)*(1 - sigmoid(a))"), ("softplus(a)", "sigmoid(a)"), ("sin(a)", "cos(a)"), ("cos(a)", "-sin(a)"),
        ("erf(a)", "1.1283791670955126*exp(-(a*a))"), ("stop(a)", "0"), ("a*stop(a)", "stop(a)"), ("fma(a, b, c)", "b"),
        ("fma(b, c, a)", "1"), ("where(a > 0, a, 0)", "where(a > 0, 1, 0)"), ("where(a > 0, a, a)", "1"), ("a > b", "0"),
        ("exp(2*a)", "exp(2*a)*2"), ("a*sigmoid(a)", "sigmoid(a) + a*(sigmoid(a)*(1 - sigmoid(a)))"),
        ("0.5*a*a", "a*0.5 + 0.5*a"), ("2*b", "0"),
    ],
)  # fmt: skip
def test_slopes_are_pinned(text: str, expected: str) -> None:
    assert str(slope(expression(text), A)).replace("[i,j]", "") == expected


RANGES = {"log": (0.2, 3.0), "sqrt": (0.2, 3.0), "log1p": (-0.7, 2.0), "/": (0.5, 2.0)}
OPERATIONS = [*UNARY, "+", "-", "*", "/", "neg", "fma", "stop"]


def test_every_function_has_a_slope() -> None:
    assert set(SLOPES) == set(OPERATIONS)


@pytest.mark.parametrize("op", OPERATIONS)
def test_slopes_agree_with_finite_differences(op: str) -> None:
    count = {"fma": 3}.get(op, 2 if op in "+-*/" else 1)
    low, high = RANGES.get(op, (-2.5, 2.5))
    values = {name: np.linspace(low, high, 80).reshape(2, 40) * (1 + 0.1 * k) for k, name in enumerate("abc")}
    expr = Expr(op, tuple(expression(name) for name in "abc"[:count]))
    for name in "abc"[:count]:
        access = expression(name).access
        step = 3e-4
        at = [_value(expr, values | {name: values[name] + k * step}) for k in (-2, -1, 1, 2)]
        difference = (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / (12 * step)
        if op == "stop":
            difference = np.zeros_like(difference)
        assert np.abs(_value(slope(expr, access), values) - difference).max() <= 2e-10 * max(
            1, np.abs(difference).max()
        )


def _value(expr: Expr, values: dict[str, np.ndarray]) -> np.ndarray:
    statement = Map("o", ("i", "j"), {"i": 2, "j": 40}, expr)
    function = Function("f", TENSORS | {"o": Tensor("o", (2, 40))}, (Section("all", (statement,)),))
    return reference.run(function, values)["o"]


def test_factors_of_a_product() -> None:
    def texts(text: str) -> list[str]:
        return [str(f).replace("[i,j]", "") for f in factors(expression(text))]

    assert texts("a*b*c") == ["a", "b", "c"]
    assert texts("a*b/c") == ["a", "b", "1/c"]
    assert texts("1/c") == ["1/c"]
    assert texts("-(a*b)") == ["a", "b", "-1"]
    assert texts("a + b") == ["a + b"]
    assert product(factors(expression("a*b*c"))) == expression("a*b*c")
    assert str(product([])) == "1"


def test_substitution_and_renaming_reach_indices() -> None:
    block = Block()
    block.declare("E", (7, 4))
    block.declare("ids", (5, 2), "int32")
    statement = parse("o[m,d] = E[ids[m,0],d]*m", block.tensors)
    assert isinstance(statement, Map)
    moved = statement.expr.substitute({"m": parse("o[q] = E[2*q+1,0]", block.tensors, {"q": 1}).reads()[0].indices[0]})  # type: ignore[dict-item]
    assert str(moved) == "E[ids[2*q+1,0],d]*(2*q+1)"
    assert str(statement.expr.rename({"ids": "jd", "E": "F"})) == "F[jd[m,0],d]*m"
