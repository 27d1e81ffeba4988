"""Gradients of everything the language can say: against finite differences and against PyTorch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from learnloop.language import INTEGER, gradients
from learnloop.program import Function, Section, reference
from program.statements_zoo import CASES, TRICKY, draw, tricky

VECTORS = Path(__file__).with_name("vectors_zoo.npz")
STEP = 3e-4


@pytest.mark.parametrize("name", [n for n, case in CASES.items() if case.smooth])
def test_gradients_agree_with_finite_differences(name: str) -> None:
    drawing = draw(name)
    found = reference.run(drawing.function(), drawing.values)
    forward, rng = drawing.function(backward=False), np.random.default_rng(0)
    assert set(drawing.gradients) <= set(drawing.values)
    for tensor, gradient in drawing.gradients.items():
        derived, at = found[gradient], drawing.values[tensor]
        assert derived.shape == at.shape
        for _ in range(2):
            direction = rng.standard_normal(at.shape)
            f = [
                float(reference.run(forward, drawing.values | {tensor: at + k * STEP * direction})["loss"])
                for k in (-2, -1, 1, 2)
            ]
            slope = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * STEP)
            size = np.linalg.norm(derived) * np.linalg.norm(direction)
            assert abs(slope - (derived * direction).sum()) <= 1e-7 * max(size, 1e-3)


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_agree_with_pytorch(name: str) -> None:
    drawing = draw(name)
    found = reference.run(drawing.function(), drawing.values)
    pairs = {"out": found[drawing.outputs[name]]}
    pairs |= {f"d_{t.removeprefix('c0_')}": found[g] for t, g in drawing.gradients.items()}
    with np.load(VECTORS) as vectors:
        frozen = {key.split("/")[1]: vectors[key] for key in vectors.files if key.split("/")[0] == name}
    assert frozen, f"no vectors for {name}: run scripts/make_torch_vectors.py"
    assert set(pairs) == set(frozen)
    for key, expected in frozen.items():
        assert np.abs(pairs[key] - expected).max() <= 1e-12 * max(np.abs(expected).max(), 1e-3), key


@pytest.mark.parametrize("name", TRICKY)
def test_gradients_of_statements_of_every_kind(name: str) -> None:
    block, outputs, values = tricky(name)
    out = outputs[name]
    learnt = [t.name for t in block.tensors.values() if t.role == "parameter"]
    values = values | {"row": np.arange(1), "update": np.array(0)}
    if block.tensors[out].dtype == INTEGER:
        assert set(gradients(block, "loss", learnt).values()) == {"dscalar", None}
        return
    plain = reference.run(Function("f", block.tensors, (Section("all", tuple(block.statements)),)), values)[out]
    if not np.abs(plain).max() < 1e100:
        assert name in ("max_none", "huge")
        return
    axes = ",".join(f"i{k}" for k in range(len(block.tensors[out].dims)))
    block.write(f"weighed[{axes}] = o[{axes}]*o[{axes}]*(i0 + 1)" if axes else "weighed = o*o", None, o=out)
    loss = block.write(f"total = sum({axes}, s[{axes}])" if axes else "total = s", None, s="weighed")
    forward = Function("f", dict(block.tensors), (Section("all", tuple(block.statements)),))
    found = gradients(block, loss, learnt)
    derived = reference.run(Function("f", dict(block.tensors), (Section("all", tuple(block.statements)),)), values)
    rng = np.random.default_rng(0)
    read = {a.tensor for s in forward.statements if s.out == out for a in s.reads()}
    for tensor, gradient in found.items():
        assert gradient is None or tensor in read
        if (name, tensor) == ("stopped", "gain"):
            assert gradient is None
            continue
        direction = rng.standard_normal(values[tensor].shape)
        f = [
            float(reference.run(forward, values | {tensor: values[tensor] + k * STEP * direction})[loss])
            for k in (-2, -1, 1, 2)
        ]
        slope = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * STEP)
        gradient_along = 0.0 if gradient is None else float((derived[gradient] * direction).sum())
        size = 1.0 if gradient is None else float(np.linalg.norm(derived[gradient]) * np.linalg.norm(direction))
        assert abs(slope - gradient_along) <= 1e-7 * max(size, 1e-3 * abs(f[0]), 1e-3), tensor
