"""The public surface is a list."""

from __future__ import annotations

import subprocess
import sys

import learnloop as ll


def test_names():
    assert len(ll.__all__) == len(set(ll.__all__))
    assert set(ll.__all__) == {
        "SGD", "Activation", "Adam", "AdamW", "BinaryCrossEntropy", "Constant", "Cosine", "CrossEntropy", "Dense",
        "Dropout", "Glorot", "He", "Huber", "LayerNorm", "LeCun", "MeanAbsoluteError", "MeanSquaredError", "Network",
        "Normal", "Residual", "Run", "Uniform", "Warmup", "Zeros", "datasets", "errors", "load", "mlp", "train",
    }  # fmt: skip
    for name in ll.__all__:
        assert getattr(ll, name).__doc__


def test_only_numpy_is_imported_at_once():
    code = "import sys, learnloop; print(*(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"typer", "click", "rich", "safetensors", "platformdirs", "ziglang", "sklearn", "torch"}
