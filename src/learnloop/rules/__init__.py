"""What a network is made of. Each rule is written once, as statements; everything else is derived from them."""

from .activations import ACTIVATIONS, Activation, Softmax
from .initializers import INITIALIZERS, Glorot, He, Initializer, LeCun, Normal, Ones, Uniform, Zeros
from .layers import Dense, Dropout, Layer, LayerNorm, Residual, default_names
from .losses import (
    LOSSES,
    BinaryCrossEntropy,
    CrossEntropy,
    Huber,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
)
from .optimizers import OPTIMIZERS, SGD, Adam, AdamW, Optimizer
from .registry import arguments, lookup
from .schedules import SCHEDULES, Constant, Cosine, Schedule, Warmup
from .writer import PURPOSE_PARAMETERS, PURPOSE_SHUFFLE, Parameter, Writer

LAYERS: dict[str, type[Layer]] = {"dense": Dense, "dropout": Dropout, "layer_norm": LayerNorm, "residual": Residual}
"""Layers by name."""

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LAYERS",
    "LOSSES",
    "OPTIMIZERS",
    "PURPOSE_PARAMETERS",
    "PURPOSE_SHUFFLE",
    "SCHEDULES",
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
    "Initializer",
    "Layer",
    "LayerNorm",
    "LeCun",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Normal",
    "Ones",
    "Optimizer",
    "Parameter",
    "Residual",
    "Schedule",
    "Softmax",
    "Uniform",
    "Warmup",
    "Writer",
    "Zeros",
    "arguments",
    "default_names",
    "lookup",
]
