"""The public surface is a list."""

from __future__ import annotations

import subprocess
import sys

import pytest

import learnloop as ll


def test_names():
    assert len(ll.__all__) == len(set(ll.__all__))
    assert set(ll.__all__) == {
        "SGD", "Activation", "Adam", "AdamW", "BinaryCrossEntropy", "Constant", "Cosine", "CrossEntropy", "Dense",
        "Dropout", "Glorot", "He", "Huber", "LayerNorm", "LeCun", "MeanAbsoluteError", "MeanSquaredError", "Network",
        "Normal", "Ones", "Residual", "Run", "Store", "Uniform", "Warmup", "Zeros", "compare", "datasets", "emit", "errors",
        "explore",
        "load", "mlp", "train",
    }  # fmt: skip
    for name in ll.__all__:
        assert getattr(ll, name).__doc__


def printed(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_names_are_imported_when_they_are_asked_for():
    assert printed("import sys, learnloop; print('numpy' in sys.modules)") == "False\n"
    with pytest.raises(AttributeError, match="has no attribute 'trian'"):
        ll.trian  # noqa: B018
    assert dir(ll) == sorted([*ll.__all__, "__version__"])
    assert printed("from learnloop import *; print(callable(train), emit.__name__)") == "True learnloop.emit\n"


def test_train_is_the_function_whatever_is_imported_first():
    for first in (
        "learnloop.train.engine",
        "learnloop.run",
        "learnloop.emit",
        "learnloop.api",
        "learnloop.cli.training",
    ):
        assert printed(f"import {first}, learnloop as ll; print(ll.train.__module__)") == "learnloop.api\n"


def test_only_numpy_is_imported_at_once():
    code = "import sys, learnloop as ll; ll.train; print(*(m for m in sys.modules if '.' not in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"typer", "click", "rich", "safetensors", "platformdirs", "ziglang", "sklearn", "torch"}
