"""learnloop: how neural networks learn, as software: compiled, exact, replayable, explained.

A public name is imported when it is first asked for, so that ``learnloop --help`` need not wait for NumPy.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import emit, errors
    from .api import train
    from .data import datasets
    from .explore.face import explore
    from .network import Network, mlp
    from .rules import (
        SGD,
        Activation,
        Adam,
        AdamW,
        BinaryCrossEntropy,
        Constant,
        Cosine,
        CrossEntropy,
        Dense,
        Dropout,
        Glorot,
        He,
        Huber,
        LayerNorm,
        LeCun,
        MeanAbsoluteError,
        MeanSquaredError,
        Normal,
        Ones,
        Residual,
        Uniform,
        Warmup,
        Zeros,
    )
    from .run import Run
    from .runfile import load
    from .runs import compare
    from .stored import Store

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Activation",
    "Adam",
    "AdamW",
    "BinaryCrossEntropy",
    "Constant",
    "Cosine",
    "CrossEntropy",
    "Dense",
    "Dropout",
    "Glorot",
    "He",
    "Huber",
    "LayerNorm",
    "LeCun",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Network",
    "Normal",
    "Ones",
    "Residual",
    "Run",
    "Store",
    "Uniform",
    "Warmup",
    "Zeros",
    "compare",
    "datasets",
    "emit",
    "errors",
    "explore",
    "load",
    "mlp",
    "train",
]

_HOMES = {"compare": "runs", "datasets": "data", "explore": "explore.face", "load": "runfile", "mlp": "network", "Network": "network", "Run": "run", "Store": "stored", "train": "api"}
"""Where public names come from; those that are missing here are modules themselves, or rules."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("emit", "errors"):
        return import_module(f".{name}", __name__)
    value: object = getattr(import_module(f".{_HOMES.get(name, 'rules')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


class _Package(ModuleType):
    """This package, in which ``explore`` and ``train`` are the functions, although folders have the same names."""

    def __setattr__(self, name: str, value: object) -> None:
        if name not in ("explore", "train") or not isinstance(value, ModuleType):  # what importing the folder would set
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
