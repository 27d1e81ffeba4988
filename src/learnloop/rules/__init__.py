"""What a network is made of. Each rule is written once, as statements; everything else is derived from them."""

from .activations import ACTIVATIONS, Activation, Softmax
from .describe import from_data, to_data
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
from .registry import lookup
from .schedules import SCHEDULES, Constant, Cosine, Schedule, Warmup
from .writer import PURPOSE_PARAMETERS, PURPOSE_SHUFFLE, Parameter, Writer

LAYERS: tuple[type[Layer], ...] = (Dense, Dropout, LayerNorm, Residual)
"""Kinds of layers."""

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
    "default_names",
    "from_data",
    "lookup",
    "to_data",
]
