"""Gradients of everything the language can say: against finite differences and against PyTorch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from learnloop.program import reference
from program.statements_zoo import CASES, draw

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
            f = [float(reference.run(forward, drawing.values | {tensor: at + k * STEP * direction})["loss"]) for k in (-2, -1, 1, 2)]
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
