"""What can be asked of a finished run: go to any update, read what was computed, and why each weight changed."""

from .change import Change, Part
from .check import Check
from .layer import LayerMoment, ParameterMoment
from .life import Biography
from .lives import biography
from .moment import Moment
from .neuron import Neuron
from .travel import Traveller

__all__ = [
    "Biography",
    "Change",
    "Check",
    "LayerMoment",
    "Moment",
    "Neuron",
    "ParameterMoment",
    "Part",
    "Traveller",
    "biography",
]
