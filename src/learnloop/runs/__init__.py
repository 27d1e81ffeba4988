"""What can be asked of a finished run: go to any update, read what was computed, and why each weight changed."""

from .change import Change, Part
from .check import Check
from .comparison import Comparison, compare
from .influence import Influence
from .insight import Insight, Insights
from .insights import insights
from .layer import LayerMoment, ParameterMoment
from .layer_lives import Biographies, Outline, ParameterLives
from .life import Biography
from .lives import biographies, biography
from .moment import Moment
from .neuron import Neuron
from .travel import Traveller

__all__ = [
    "Biographies", "Biography", "Change", "Check", "Comparison", "Influence", "Insight", "Insights", "LayerMoment",
    "Moment", "Neuron", "Outline", "ParameterLives", "ParameterMoment", "Part", "Traveller", "biographies",
    "biography", "compare", "insights",
]  # fmt: skip
