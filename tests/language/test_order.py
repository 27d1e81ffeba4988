"""The orders of language.md: they define every digest."""

from __future__ import annotations

import pytest

from learnloop.language import DATA, ROWS, Contract, Max, Order, Tensor, order_of, parse

TENSORS = {
    t.name: t
    for t in (
        Tensor("x", (ROWS, 30)), Tensor("y", (ROWS, 30)), Tensor("W", (30, 20)), Tensor("l", (ROWS,)), Tensor("s", ()),
        Tensor("big", (100000, 3)), Tensor("long", (4097,)), Tensor("fits", (4096,)), Tensor("cube", (50, 60, 70)),
        Tensor("deep", (ROWS, 10, 10, 50)), Tensor("huge", (ROWS, 100, 100)), Tensor("data", (DATA, 4)),
        Tensor("E", (9, 30)), Tensor("ids", (30,), "int32"),
    )
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # chains: the vector runs over an output axis that a factor lacks
        ("o[n,j] = sum(i, x[n,i]*W[i,j])", "chain"),
        ("o[n,i] = sum(j, l[n]*W[i,j])", "chain"),
        ("o[j] = sum(i, W[i,j])", "chain"),
        # lanes: the last summed axis is the last index of every factor, and one factor carries all outputs
        ("o[n] = sum(i, x[n,i])", "16 lanes"),
        ("o[n] = sum(i, x[n,i]*y[n,i])", "16 lanes"),
        ("o[i] = sum(j, W[i,j]*fits[j])", "16 lanes"),
        ("o[n] = l[n] + sum(i, x[n,i])", "16 lanes"),
        ("o = sum(i, fits[i])", "16 lanes"),
        ("o = sum(i,j, W[i,j]*W[i,j])", "16 lanes"),
        ("o[n] = sum(i, x[n,i], i>=2)", "16 lanes"),
        # no lanes: another last index, a factor without it, a guard of equality, a gather, no single carrier
        ("o[i] = sum(n, x[n,i])", "chain, blocks of 64"),
        ("o[n] = sum(i, x[n,i]*s)", "chain"),
        ("o[n] = sum(i, x[n,i+1]*y[n,i])", "chain"),
        ("o[n] = sum(i, x[n,i]*y[n,29-i])", "chain"),
        ("o[n] = sum(i, x[n,i], i==ids[i])", "chain"),
        ("o[n] = sum(i, x[n,ids[i]])", "chain"),
        ("o[n,k] = sum(i, x[n,i]*E[k,i])", "chain"),
        ("o[j] = sum(j_,i, W[i,j]*W[i,j_])", "chain"),
        # blocks over rows: at most 64 rows and 4096 terms, at least one row
        ("o = sum(n, l[n])", "16 lanes, blocks of 64"),
        ("o[i,j] = sum(n, x[n,i]*x[n,j])", "chain, blocks of 64"),
        ("o = sum(n,i, x[n,i])", "16 lanes, blocks of 64"),
        ("o[c] = sum(n,y,x, deep[n,y,x,c])", "chain, blocks of 40"),
        ("o = sum(n,y,x,c, deep[n,y,x,c])", "16 lanes, blocks of 1"),
        ("o = sum(n,y,x, huge[n,y,x])", "16 lanes, blocks of 1"),
        ("o[k] = sum(n, data[n,k])", "chain, blocks of 4096"),
        ("o[i] = sum(j,n, x[n,i]*W[i,j])", "chain, blocks of 1"),
        # any other sum above 4096 terms, along its outermost axis
        ("o[k] = sum(i, big[i,k])", "chain, blocks of 4096"),
        ("o = sum(i,k, big[i,k])", "16 lanes, blocks of 1365"),
        ("o = sum(i, long[i])", "16 lanes, blocks of 4096"),
        ("o = sum(i,j,k, cube[i,j,k])", "16 lanes, blocks of 1"),
        ("o[i] = sum(j,k, cube[i,j,k])", "16 lanes, blocks of 58"),
        ("o[k] = sum(i,j, cube[i,j,k])", "chain"),
    ],
)
def test_orders(text: str, expected: str) -> None:
    statement = parse(text, TENSORS)
    assert isinstance(statement, Contract)
    assert str(order_of(statement)) == expected


def test_a_maximum_needs_no_order() -> None:
    statement = parse("o = max(n, l[n])", TENSORS)
    assert isinstance(statement, Max)
    assert order_of(statement) == Order(False, None)
