"""learnloop: how neural networks learn, as software: compiled, exact, replayable, explained."""

from . import errors
from .api import train
from .data import datasets
from .files import load
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
    Residual,
    Uniform,
    Warmup,
    Zeros,
)
from .run import Run

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
    "Residual",
    "Run",
    "Uniform",
    "Warmup",
    "Zeros",
    "datasets",
    "errors",
    "load",
    "mlp",
    "train",
]
