"""Data sets: `load("digits")` by name, `read("houses.csv", target="price")` and `from_frame` for your own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..errors import DataError, UnknownName
from .builtin import BUILT_IN, BuiltIn
from .dataset import Dataset
from .generated import GENERATORS, Generator
from .prepare import Prepared, prepare
from .reading import from_frame, read, table
from .source import HasNotes, Source

__all__ = ["Dataset", "Prepared", "Source", "from_frame", "load", "names", "prepare", "read", "source", "table"]

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


def source(run: HasNotes) -> Source:
    """Where the rows of a run come from, by the notes that `Prepared.notes` wrote: it encodes new rows as those were.

    Args:
        run: trained by ``learnloop train``, or with ``notes=prepared.notes``.

    Raises:
        DataError: if the notes do not say it.

    >>> import learnloop as ll
    >>> ready = prepare(load("iris"), test=0.2, seed=0)
    >>> X, y = ready.X[ready.train], ready.y[ready.train]
    >>> run = ll.train(ll.mlp(4, 3), X, y, epochs=1, notes=ready.notes, progress=False)
    >>> source(run).targets
    ('setosa', 'versicolor', 'virginica')
    """
    found = Source.of(run)
    if found is None:
        raise DataError("the notes of the run do not say where its rows come from. Fix: train(notes=prepared.notes).")
    return found
