"""What suits a data set: for each built-in one found by trying, 20 splits each; for others by their shape."""

from __future__ import annotations

from dataclasses import dataclass

from .dataset import Dataset

__all__ = ["RECIPES", "SGD_RATE", "Recipe", "by_shape", "recipe", "suited"]


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


UPDATES, FEWEST, MOST = 6000, 4, 100
"""About so many updates, in so many epochs at least and at most, for data that nobody has tried."""


def recipe(name: str) -> Recipe:
    """The recipe of a data set that comes along."""
    return RECIPES.get(name, Recipe())


def suited(data: Dataset) -> Recipe:
    """The recipe of a data set: its own, or one for its shape where it is the user's."""
    return recipe(data.name) if data.origin is None else by_shape(*data.X.shape)


def by_shape(rows: int, columns: int) -> Recipe:
    """What usually works: more rows or columns want more units, and more rows fewer epochs of larger batches.

    >>> by_shape(150, 4).hidden, by_shape(60_000, 784).epochs
    ((16,), 7)
    """
    batch_size = 16 if rows < 1000 else 32 if rows < 20_000 else 64
    epochs = min(MOST, max(FEWEST, -(-UPDATES * batch_size // rows)))
    if columns >= 50:
        return Recipe((64,), 3e-3, epochs, batch_size, "relu", 0.2)
    if rows < 2000:
        return Recipe((16,), 5e-3, epochs, batch_size)
    return Recipe((64, 32), 3e-3, epochs, batch_size, "relu")
