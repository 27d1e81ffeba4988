"""Everything the language can say, through the compiler: plain C, fast C and the reference agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from compile.blocks import as_program, compiled, run
from learnloop.compile import native_target
from learnloop.language import INTEGER, ROWS, Block
from learnloop.language.random import uniform
from learnloop.program import Function, Section, reference
from program.statements_zoo import CASES, Array, Drawing, draw

TOLERANCE = {"float32": 1e-5, "float64": 2e-14}


def groups() -> list[tuple[str, ...]]:
    """Cases that share a program, because they agree on the rows of the batch; none with more than seven."""
    by_rows: dict[int, list[str]] = {}
    for name in CASES:
        by_rows.setdefault(draw(name).rows, []).append(name)
    found = []
    for names in by_rows.values():
        parts = -(-len(names) // 7)
        found += [tuple(names[k::parts]) for k in range(parts)]
    return found


GROUPS = groups()


def outputs_of(drawing: Drawing) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*drawing.outputs.values(), *drawing.gradients.values()]))


def cast(values: dict[str, Array], dtype: str) -> dict[str, Array]:
    return {k: v.astype(dtype) if v.dtype.kind == "f" else v for k, v in values.items()}


def inputs_of(values: dict[str, Array], rows: int, dtype: str) -> dict[str, Array]:
    more = {"row": np.arange(rows, dtype=np.int32), "update": np.zeros((), np.int32)}
    return cast(values, dtype) | more


def distance(a: Array, b: Array) -> float:
    """The largest difference, relative to the largest number; infinity and NaN must be at the same places."""
    finite = np.isfinite(b)
    if not np.array_equal(finite, np.isfinite(a)) or not np.array_equal(a[~finite], b[~finite], equal_nan=True):
        return float("inf")
    return float(np.abs(a[finite] - b[finite]).max(initial=0) / max(np.abs(b[finite]).max(initial=0), 1e-30))


def compare(block: Block, outputs: tuple[str, ...], values: dict[str, Array], rows: int, dtype: str, target: str | None = None) -> None:
    """Plain C, fast C on one to three threads: the same bits; the reference: up to rounding."""
    program = as_program(block, outputs)
    plain = run(program, compiled(program, dtype, "glass", target), values, rows)
    artefact = compiled(program, dtype, "fast", target)
    for threads in (1, 2, 3):
        fast = run(program, artefact, values, rows, threads)
        assert [o for o in outputs if plain[o].tobytes() != fast[o].tobytes()] == []
    function = Function("train", dict(block.tensors), (Section("all", tuple(block.statements)),))
    expected = reference.run(function, inputs_of(values, rows, dtype), dtype)
    far = {o: distance(plain[o], expected[o]) for o in outputs if distance(plain[o], expected[o]) > TOLERANCE[dtype]}
    assert far == {}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0])
def test_plain_c_fast_c_and_the_reference_agree(group: tuple[str, ...], full: bool) -> None:
    drawing = draw(*group)
    dtypes = ("float32", "float64") if full else (("float32", "float64")[GROUPS.index(group) % 2],)
    for dtype in dtypes:
        compare(drawing.block, outputs_of(drawing), drawing.values, drawing.rows, dtype)


@pytest.mark.parametrize("target", ["avx2", "baseline"])
def test_other_targets_give_the_same_bits(target: str, full: bool) -> None:
    if native_target().name not in ("avx512", "avx2"):
        pytest.skip("one target only on this machine")
    names = [n for n in CASES if draw(n).rows == 3] if not full else list(GROUPS[1])
    drawing = draw(*names)
    program, outputs = as_program(drawing.block, outputs_of(drawing)), outputs_of(drawing)
    for dtype in ("float32", "float64"):
        here = run(program, compiled(program, dtype, "fast"), drawing.values, drawing.rows)
        there = run(program, compiled(program, dtype, "fast", target), drawing.values, drawing.rows)
        assert [o for o in outputs if here[o].tobytes() != there[o].tobytes()] == []


# ---- statements that no case above has

SHAPES: dict[str, tuple[int, ...]] = {
    "x": (5, 7), "wide": (3, 40), "image": (2, 6, 5), "short": (5, 4), "gain": (7,), "square": (7, 7), "cube": (3, 4, 6),
    "long": (5000,), "tall": (200, 30), "one": (1, 1), "thin": (4, 3, 1), "scalar": (),
}  # fmt: skip
WHOLE = {"pick": [3, 0, 0, 4, 1], "again": [4, 4, 0, 1, 2], "place": [[0, 6], [2, 2], [5, 1]]}
TRICKY: dict[str, tuple[str, dict[str, Any]]] = {
    "lanes": ("o[n] = sum(i, x[n,i]*x[n,i])", {}),
    "lanes_wide": ("o[n] = sum(i, wide[n,i])", {}),
    "lanes_guarded": ("o[n] = sum(i, x[n,i], n>=i)", {}),
    "lanes_guarded_twice": ("o[n] = sum(i, x[n,i]*x[n,i], n>=i, i>=1)", {}),
    "lanes_guarded_outer": ("o[n] = sum(y,i, image[n,y,i], y>=n+1)", {}),
    "lanes_guarded_both": ("o[n] = sum(y,i, image[n,y,i], y>=i)", {}),
    "lanes_windows": ("o[n,y] = sum(u,i, image[n,y*2+u-1,i])", {"y": 3, "u": 3}),
    "lanes_shorter": ("o[n] = sum(i, x[n,i]*short[n,i])", {}),
    "lanes_longer": ("o[n] = sum(i, short[n,i]*x[n,i])", {"i": 7}),
    "lanes_init": ("o[i] = gain[i] + sum(j, square[i,j])", {}),
    "lanes_blocks": ("o = sum(i, long[i])", {}),
    "lanes_blocks_init": ("o = scalar + sum(i, long[i]*long[i])", {}),
    "lanes_deep_blocks": ("o = sum(i,j, tall[i,j]*tall[i,j])", {}),
    "chain_blocks": ("o[j] = sum(i, tall[i,j])", {}),
    "chain_blocks_long": ("o = sum(i, long[i]*long[4999-i])", {"i": 5000}),
    "chain_blocks_init": ("o[j] = long[j] + sum(k,i, tall[i,j]*tall[i,k])", {}),
    "chain_three": ("o[i,j] = sum(k, square[i,k]*square[k,j]*gain[k])", {}),
    "chain_four": ("o[n] = sum(i,j, x[n,i]*square[i,j]*gain[j]*x[n,j])", {}),
    "chain_steps": ("o[n,i] = sum(j, x[n,2*j+i-3])", {"i": 4, "j": 5}),
    "scatter": ("o[v,i] = sum(n, x[n,i], v==pick[n])", {"v": 6}),
    "scatter_affine": ("o[v] = sum(n,i, x[n,i], v==2*n+i)", {"v": 12}),
    "scatter_scalar": ("o[v] = sum(n, x[n,0], v==pick[n])", {"v": 6}),
    "gather": ("o[n,i] = x[pick[n],i]", {}),
    "gather_twice": ("o[n,i] = x[pick[again[n]],i]*gain[i]", {}),
    "gather_column": ("o[n] = x[n,pick[n]] + x[again[n],0]", {}),
    "gather_pair": ("o[m,k] = gain[place[m,k]]", {}),
    "max_all": ("o = max(n,i, x[n,i])", {}),
    "max_none": ("o[n] = max(i, x[n,i], i>=7+n)", {}),
    "max_guarded": ("o[n] = max(i, x[n,i], n>=i)", {}),
    "max_outside": ("o[n] = max(i, x[n,i-3])", {"i": 12}),
    "argmax": ("o[n] = argmax(i, x[n,i])", {}),
    "argmax_two": ("o[n] = argmax(y,i, image[n,y,i])", {}),
    "argmax_guarded": ("o[n] = argmax(i, x[n,i], i>=n)", {}),
    "shift": ("o[n,i] = x[n,i-1] + x[n,i+1]*x[n-1,i]", {"i": 7, "n": 5}),
    "shift_rows": ("o[n,i] = x[n-2,i]", {"i": 9, "n": 9}),
    "transposed": ("o[i,n] = x[n,i]*gain[i]", {}),
    "reversed": ("o[i] = gain[6-i]", {"i": 7}),
    "every_other": ("o[n,i] = x[n,2*i+1]", {"i": 3}),
    "axis_value": ("o[n,i] = x[n,i]*i - n*(i + 0.5)", {}),
    "number": ("o[n,i] = 0.1", {"n": 3, "i": 5}),
    "huge": ("o[i] = where(gain[i] > 0, 1e300, -1e300)", {}),
    "conditions": ("o[n,i] = where(x[n,i] > gain[i], 1, where(x[n,i] >= 0, 2, where(n == i, 3, 4)))", {}),
    "swapped": ("o[n,i] = where(n < i, x[n,i], where(x[n,i] <= 0, -x[n,i], 0))", {}),
    "minus": ("o[n,i] = -(-x[n,i] - 2) - -3*x[n,i] - (1 - (2 - x[n,i]))", {}),
    "divisions": ("o[n,i] = x[n,i]/(gain[i]/3)/7 - 1/(4 + x[n,i])", {}),
    "fused": ("o[n,i] = fma(x[n,i], gain[i], 0.5)*stop(x[n,i])", {}),
    "functions": ("o[n,i] = exp(x[n,i]) + log(2 + x[n,i]) + log1p(1 + x[n,i])*expm1(x[n,i]) - sqrt(2 + x[n,i])", {}),
    "more_functions": ("o[n,i] = tanh(x[n,i])*erf(x[n,i]) + sigmoid(x[n,i]) - softplus(x[n,i])*sin(x[n,i]) + cos(x[n,i])", {}),
    "affine_value": ("o[n,i] = x[n,i]*(2*i + 1) - (n - i) + 0.5*(3 - i)", {}),
    "affine_condition": ("o[n,i] = where(2*n >= i + 1, x[n,i], -x[n,i])", {}),
    "narrow": ("o[n,y,i] = thin[n,y,i]*3", {}),
    "single": ("o[n,i] = one[n,i] + sum(j, one[n,j]*one[j,i])", {}),
    "cube_sum": ("o[i,k] = sum(j, cube[i,j,k])", {}),
    "cube_turned": ("o[k,i,j] = cube[i,j,k]", {}),
    "random": ("o[n,i] = uniform(7, update, n, i) - uniform(8, 3, pick[n], 2*i+1)", {"n": 5, "i": 19}),
    "random_thin": ("o[n] = uniform(9, 0, n, 0)", {"n": 40}),
}  # fmt: skip


def tricky(*names: str) -> tuple[Block, dict[str, str], dict[str, Array]]:
    """A block with those statements, their outputs, and what is given."""
    block, values = Block(), {}
    block.declare("row", (ROWS,), INTEGER, "input")
    block.declare("update", (), INTEGER, "input")
    for k, (name, shape) in enumerate(SHAPES.items()):
        block.declare(name, shape, role="parameter")
        values[name] = (uniform(11, k, 0, 0, np.arange(int(np.prod(shape)))) * 2.7 - 1.3).reshape(shape)
    for name, numbers in WHOLE.items():
        values[name] = np.array(numbers, np.int32)
        block.declare(name, values[name].shape, INTEGER, "input")
    block.write("loss = scalar")
    return block, {name: block.write(TRICKY[name][0], TRICKY[name][1], o=f"o_{name}") for name in names}, values


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_statements_of_every_kind(dtype: str) -> None:
    block, outputs, values = tricky(*TRICKY)
    compare(block, tuple(outputs.values()), values, 1, dtype)
