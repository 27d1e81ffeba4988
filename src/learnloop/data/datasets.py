"""Data sets by name: `load("digits")`, `load("spirals", rows=1000, noise=0.05)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import UnknownName
from .builtin import BUILT_IN, BuiltIn
from .dataset import Dataset
from .generated import GENERATORS, Generator

__all__ = ["Dataset", "load", "names"]

_ALL: Final[Mapping[str, BuiltIn | Generator]] = {**BUILT_IN, **GENERATORS}


def load(name: str, **options: Any) -> Dataset:
    """A data set by its name.

    Args:
        name: one of `names()`.
        options: for generated sets: rows, noise (standard deviation), seed; classes and turns where they make sense.
            Shipped sets take none.

    Returns:
        The data, with the raw values; `X, y = load(name)` works, too.

    Raises:
        UnknownName: a name that no data set has.
        DescriptionError: options that the data set does not take, or values that make no sense: all of them at once.

    >>> load("iris")
    Dataset('iris': classification, 150 rows, 4 features, 3 classes)
    >>> load("spirals", rows=90, classes=3)
    Dataset('spirals': classification, 90 rows, 2 features, 3 classes)
    """
    if not isinstance(name, str) or name not in _ALL:
        raise UnknownName("data set", name, names())
    return _ALL[name].load(options)


def names() -> tuple[str, ...]:
    """The names of all data sets, shipped and generated, in alphabetical order.

    >>> names()[:3]
    ('breast_cancer', 'circles', 'diabetes')
    """
    return tuple(sorted(_ALL))
