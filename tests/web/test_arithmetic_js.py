"""What the explanations in JavaScript are computed with: fractions, functions, random numbers, statements."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from compile.test_statements_c import GROUPS, distance, inputs_of
from learnloop.language.expression import UNARY
from learnloop.language.random import uniform
from learnloop.program import Function, Section, reference
from learnloop.web.describe import describe_statement
from learnloop.web.pack import pack
from program.statements_zoo import draw
from web.asked import in_node

SCRIPT = Path(__file__).with_name("arithmetic.mjs")
NOTHING: dict[str, Any] = {"rational": [], "functions": [], "uniform": [], "blocks": []}


def test_rational_numbers(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    scales = 2.0 ** rng.integers(-30, 30, (300, 4))
    numbers = rng.normal(size=(300, 4)).astype(np.float32).astype(np.float64) * scales
    whole = rng.integers(-5, 6, (100, 4)).astype(float)
    ends = 2.0 ** rng.integers(-500, -480, (100, 4)) * rng.normal(size=(100, 4))
    small = [[5e-324, 0.5, 3.0, 7.0], [2.0**-1022, 2.0**-30, 1.0, 3.0], [1.5 * 2.0**-1074, 1.0, 3.0, 1e300]]
    asked = [*numbers.tolist(), *whole.tolist(), *ends.tolist(), *small]
    answers = in_node(SCRIPT, tmp_path, **NOTHING | {"rational": asked})["rational"]
    for (a, b, c, d), (exact, nearest, order) in zip(asked, answers, strict=True):
        p, q = (Fraction(x) * Fraction(y) + Fraction(x) for x, y in ((a, b), (c, d)))
        found = [p, q, p - q, *([p / q, p / q + q] if q else [])]
        assert exact == [str(x) for x in found]
        assert [float(x) for x in nearest] == [float(x) for x in found]
        assert order == (p > q) - (p < q)


def test_functions(tmp_path: Path) -> None:
    known = {n: f for n in UNARY if (f := getattr(math, n, None))}
    points = np.random.default_rng(1).uniform(0.01, 6, 40).tolist()
    asked = [[name, sign * x] for name in known for x in points for sign in (1, -1) if sign > 0 or name in ODD]
    answers = in_node(SCRIPT, tmp_path, **NOTHING | {"functions": asked})["functions"]
    for (name, x), found in zip(asked, answers, strict=True):
        assert math.isclose(found, known[name](x), rel_tol=2e-14), (name, x)


ODD = ("erf", "tanh", "sin", "cos", "exp", "expm1")


def test_random_numbers(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    asked = [[str(seed), *keys] for seed, keys in zip(
        [0, 11, 2**32, 2**64 - 1, *rng.integers(0, 2**63, 50).tolist()], rng.integers(0, 2**32, (54, 4)).tolist(), strict=True
    )]  # fmt: skip
    answers = in_node(SCRIPT, tmp_path, **NOTHING | {"uniform": asked})["uniform"]
    assert answers == [float(uniform(int(seed), *keys)) for seed, *keys in asked]


def test_statements(tmp_path: Path) -> None:
    """Convolutions, attention, pooling, embeddings: everything the language can say, and its adjoints."""
    blocks = []
    for k, group in enumerate(GROUPS):
        drawing = draw(*group)
        block, values = drawing.block, inputs_of(drawing.values, drawing.rows, "float64")
        header = {
            "statements": [describe_statement(s) for s in block.statements], "rows": drawing.rows, "seed": 0,
            "dtypes": {name: t.dtype for name, t in block.tensors.items()},
        }  # fmt: skip
        (tmp_path / f"{k}.pack").write_bytes(pack(header, {n: np.asarray(v) for n, v in values.items()}))
        function = Function("train", dict(block.tensors), (Section("all", tuple(block.statements)),))
        blocks.append((block, reference.run(function, values)))
    names = [f"{k}.pack" for k in range(len(GROUPS))]
    answers = in_node(SCRIPT, tmp_path, **NOTHING | {"blocks": names})["blocks"]
    for (block, expected), told in zip(blocks, answers, strict=True):
        for statement in block.statements:
            found = np.array([float(x) for x in told[statement.out]])
            assert distance(found, expected[statement.out].ravel().astype(float)) < 1e-12, statement
