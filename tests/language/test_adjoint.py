"""Adjoints are made of the same three statements, and so are their adjoints."""

from __future__ import annotations

import numpy as np
import pytest

from learnloop.language import Block, Contract, Map, Max, gradients, parse
from learnloop.program import Function, Section, reference
from program.statements_zoo import CASES, draw

SECOND = [n for n in CASES if CASES[n].smooth and not n.startswith(("attention", "transformer"))]


def simple(*lines: str, wrt: str = "x", dims: tuple[int, ...] = (3, 4)) -> tuple[list[str], str | None]:
    block = Block()
    block.declare("x", dims)
    block.declare("W", (4, 2))
    block.declare("ids", (5,), "int32")
    for line in lines:
        block.write(line)
    given = set(block.tensors)
    found = gradients(block, lines[-1].split(" ")[0].split("[")[0], [wrt])
    new = [s for s in block.statements if s.out not in given]
    return [str(s) for s in new], found[wrt]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["z[n,o] = sum(i, x[n,i]*W[i,o])", "l = sum(n,o, z[n,o]*z[n,o])"],
         ["dz[n,o] = 2*z[n,o]", "dx[n,i] = sum(o, dz[n,o]*W[i,o])"]),
        (["e[k,i] = x[ids[k],i]", "l = sum(k,i, e[k,i]*e[k,i])"],
         ["de[k,i] = 2*e[k,i]", "dx[p0,i] = sum(k, de[k,i], p0==ids[k])"]),
        (["y[n,i] = tanh(x[n,i])", "l = sum(n,i, y[n,i])"], ["dx[n,i] = 1 - y[n,i]*y[n,i]"]),
        (["y[n,i] = where(x[n,i] > 0, x[n,i], 0)", "l = sum(n,i, y[n,i])"], ["dx[n,i] = where(x[n,i] > 0, 1, 0)"]),
        (["l = sum(n,i, x[n,i])"], ["dx[i0,i1] = 1"]),
        (["y[n,i] = stop(x[n,i])", "l = sum(n,i, y[n,i])"], []),
        (["m[n] = max(i, x[n,i])", "l = sum(n, m[n]*m[n])"],
         ["m_at[n] = argmax(i, x[n,i])", "dm[n] = 2*m[n]", "dx[n,i] = where(m_at[n] == i, dm[n], 0)"]),
    ],
)  # fmt: skip
def test_adjoints_are_pinned(lines: list[str], expected: list[str]) -> None:
    found, _ = simple(*lines)
    assert found == expected


def test_a_strided_convolution_scatters_back_by_a_gather() -> None:
    block = Block()
    block.declare("X", (9,))
    block.declare("W", (3,))
    block.write("z[y] = sum(u, X[y*2+u-1]*W[u])", {"y": 5})
    block.write("l = sum(y, z[y]*z[y])")
    gradients(block, "l", ["X"])
    assert str(block.statements[-1]) == "dX[p0] = sum(y, dz[y]*W[p0-2*y+1], p0-2*y+1>=0, -p0+2*y+1>=0)"


def test_what_the_loss_does_not_depend_on_has_no_gradient() -> None:
    assert simple("y[n,i] = x[n,i]*2", "l = sum(i,o, W[i,o])") == ([], None)


def test_contributions_accumulate_into_one_chain() -> None:
    found, _ = simple(
        "z[n,o] = sum(i, x[n,i]*W[i,o])", "q[n,o] = sum(i, z[n,o]*x[n,i]*W[i,o])", "l = sum(n,o, q[n,o]*q[n,o])"
    )
    assert [s.split(" = ")[0] for s in found if s.startswith("dx")] == ["dx[n,i]", "dx_2[n,i]"]
    assert any(s.startswith("dx_2[n,i] = dx[n,i] + sum(") for s in found)


@pytest.mark.parametrize("name", SECOND)
def test_adjoints_of_adjoints(name: str) -> None:
    """Differentiate the squared gradients once more: still three statements, still the right numbers."""
    drawing = draw(name)
    block = drawing.block
    first = next(iter(drawing.gradients))
    inner = drawing.gradients[first]
    axes = ",".join(f"i{k}" for k in range(len(block.tensors[inner].dims)))
    block.write(f"again = sum({axes}, g[{axes}]*g[{axes}])", None, g=inner)
    forward = tuple(block.statements)
    found = gradients(block, "again", list(drawing.gradients))
    assert all(isinstance(s, Map | Contract | Max) for s in block.statements)
    for statement in block.statements:
        assert parse(str(statement), block.tensors, dict(statement.sizes)) == statement
    whole = Function("f", dict(block.tensors), (Section("all", tuple(block.statements)),))
    part = Function("f", dict(block.tensors), (Section("all", forward),))
    values = drawing.values
    result = reference.run(whole, values)
    rng = np.random.default_rng(1)
    for tensor, gradient in found.items():
        direction = rng.standard_normal(values[tensor].shape)
        at = [
            float(reference.run(part, values | {tensor: values[tensor] + k * 1e-3 * direction})["again"])
            for k in (-2, -1, 1, 2)
        ]
        slope = (at[0] - 8 * at[1] + 8 * at[2] - at[3]) / 12e-3
        derived = 0.0 if gradient is None else float((result[gradient] * direction).sum())
        size = 1.0 if gradient is None else np.linalg.norm(result[gradient]) * np.linalg.norm(direction)
        assert abs(slope - derived) <= 1e-7 * max(size, 1e-3)
