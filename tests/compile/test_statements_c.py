"""Everything the language can say, through the compiler: plain C, fast C and the reference agree."""

from __future__ import annotations

import numpy as np
import pytest

from compile.blocks import as_program, compiled, run
from learnloop.compile import native_target
from learnloop.language import INTEGER, ROWS, Block, Commit
from learnloop.program import Function, Section, reference
from program.statements_zoo import CASES, TRICKY, Array, Drawing, draw, tricky

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


def compare(
    block: Block, outputs: tuple[str, ...], values: dict[str, Array], rows: int, dtype: str, target: str | None = None
) -> None:
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


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_statements_of_every_kind(dtype: str) -> None:
    block, outputs, values = tricky(*TRICKY)
    compare(block, tuple(outputs.values()), values, 1, dtype)


READERS = {
    "after": ("m[i] = w[i] - 0.5*g[i]", "u[i] = w[i]*m[i]"),
    "after_by_way": ("m[i] = w[i] - 0.5*g[i]", "v[i] = m[i]*g[i]", "u[i] = v[i] + w[i]"),
    "elsewhere": ("m[i] = w[i] - 0.5*g[i]", "u[i] = w[6-i]*m[i]"),
    "summed": ("m[i] = w[i] - 0.5*g[i]", "s = sum(i, w[i]*w[i])", "u[i] = m[i]*s"),
    "nobody": ("m[i] = w[i] - 0.5*g[i]", "u[i] = m[i]*g[i]"),
    "two_states": ("m[i] = w[i]*g[i]", "u[i] = m[i] + g[i]", "k[i] = g[i]*w[i] + u[i]"),
}


@pytest.mark.parametrize("name", READERS)
def test_a_state_is_not_overwritten_while_somebody_reads_the_old_value(name: str) -> None:
    block = Block()
    block.declare("row", (ROWS,), INTEGER, "input")
    block.declare("update", (), INTEGER, "input")
    for state in "wg":
        block.declare(state, (7,), role="state")
    for text in READERS[name]:
        block.write(text, {"i": 7})
    block.write("loss = sum(i, u[i])")
    commits = (Commit("w", "m"), *((Commit("g", "k"),) if "k" in block.tensors else ()))
    program = as_program(block, ("u",), commits)
    values = {"w": np.linspace(1, 3, 7), "g": np.linspace(-2, 1.7, 7)}
    expected = reference.run(program.functions["train"], inputs_of(values, 1, "float64"))
    expected = reference.commit(commits, expected)
    for form in ("glass", "fast"):
        found = run(program, compiled(program, "float64", form), values, 1)
        assert {k: distance(found[k], expected[k]) < 1e-14 for k in ("u", "w", "g")} == {
            "u": True,
            "w": True,
            "g": True,
        }
