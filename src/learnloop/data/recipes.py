"""What suits each built-in data set: found by trying, 20 splits each; the command line overrides any of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """How to train on a data set unless the user says otherwise.

    Attributes:
        hidden: units of the hidden layers.
        learning_rate: for Adam, at the first update.
        epochs: how often to go through the rows.
        batch_size: rows of an update.
        activation: of the hidden layers.
        dropout: the share of hidden units left out in each update.
    """

    hidden: tuple[int, ...] = (16,)
    learning_rate: float = 1e-2
    epochs: int = 100
    batch_size: int = 16
    activation: str = "tanh"
    dropout: float = 0.0


RECIPES = {
    "breast_cancer": Recipe((16,), 3e-3, 40, 32),
    "circles": Recipe((16,), 2e-2, 100),
    "diabetes": Recipe((16,), 2e-3, 40, 32),
    "digits": Recipe((64,), 3e-3, 60, 32, "relu", 0.2),
    "gaussians": Recipe((8,), 1e-2, 50),
    "iris": Recipe((16,), 1e-2, 100),
    "moons": Recipe((16,), 2e-2, 100),
    "sine": Recipe((16,), 2e-2, 200),
    "spirals": Recipe((16, 16), 2e-2, 200),
    "wine": Recipe((16,), 5e-3, 50),
    "xor": Recipe((8,), 2e-2, 100),
}
SGD_RATE = 0.1
"""Plain descent wants larger steps than Adam."""


def recipe(name: str) -> Recipe:
    """The recipe of a data set."""
    return RECIPES.get(name, Recipe())
