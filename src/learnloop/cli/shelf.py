"""Runs by what people write for them: ids of the store, beginnings of ids, last, paths of saved files."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data import Source
from ..errors import DataError, RecordError, StoreError, UnknownRun
from ..store import Entry
from ..stored import Store
from .given import is_own, load
from .storage import SUFFIX, readable
from .suggest import learnloop

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]


def shelf(store: str | None) -> Store:
    """The store that was asked for: a path, or the one of LEARNLOOP_STORE, or the user's own."""
    return Store(store)


def find(given: str, store: str | None) -> Run:
    """A run by an id, a beginning of one, "last", or the path of a file.

    Raises:
        UnknownRun: if the store has none, or several begin so.
        FileError, StoreError: if it cannot be read.
    """
    if is_path(given):
        return _read(Path(given))
    runs = shelf(store)
    try:
        return runs.load(given)
    except UnknownRun as error:
        if Path(given).is_file():
            return _read(Path(given))
        raise mended(error) from error


def entry_of(given: str, store: Store) -> Entry:
    """A recorded run as a list shows it.

    Raises:
        UnknownRun: if the store has none, or several begin so.
    """
    try:
        return store.entry(given)
    except UnknownRun as error:
        raise mended(error) from error


def mended(error: UnknownRun) -> UnknownRun:
    """The error with what mends it on a command line."""
    if " Fix: " not in str(error):
        empty = "no run yet" in str(error)
        fix = f"{learnloop('train', 'digits')} makes one" if empty else f"{learnloop('runs')} lists them"
        error.args = (f"{error} Fix: {fix}.",)
    return error


def is_path(given: str) -> bool:
    """Whether it can be no id of a store."""
    return os.sep in given or given.endswith(SUFFIX) or given.startswith("~")


def _read(path: Path) -> Run:
    from ..runfile import load

    return load(readable(path))


def title(run: Run, given: str) -> str:
    """What commands call a run: its id, or the path that was given."""
    return run.id or given


def with_data(run: Run, given: str, name: str | None) -> Run:
    """The run with its data at hand.

    Args:
        run: with or without them.
        given: what it was called.
        name: the data set that was pointed to, or None.

    Raises:
        DataError: if they are needed and nothing was pointed to, or if they are others.
        UnknownName: for a data set that does not exist.
    """
    if run.examples is not None:
        return run
    if name is None:
        raise DataError(
            f"the data of {title(run, given)} are not kept with it (they are large): SHA-256 begins with "
            f"{run.data_digest[:12]}. Fix: --data NAME names the data set or file; in Python, run.with_data(X, y)."
        )
    return pointed(run, name)


def pointed(run: Run, name: str) -> Run:
    """The run with a data set: as its notes say, else, for one that comes along, as it is, else standardised.

    Raises:
        DataError: if none of these has the run's digest.
        FileError: for a file that is not there.
    """
    failed: DataError | None = None
    for X, y in _forms(run, name):
        try:
            whole = run.with_data(X, y, _weights(run, len(X)))
        except DataError as error:
            failed = error
            continue
        whole.record = run.record
        return whole
    raise DataError(
        f"{name} is not what the run learnt from, whose SHA-256 begins with {run.data_digest[:12]}. "
        "Fix: --data with the data set that it was trained on, or, in Python, run.with_data(X, y)."
    ) from failed


def _forms(run: Run, name: str) -> list[tuple[Array, Array]]:
    """Inputs and targets that the run may have been given."""
    source = Source.of(run)
    if is_own(name):
        return [_of_file(source, name)]
    data = load(name)
    scaled = data.standardised()
    forms: list[tuple[Array, Array]] = [(data.X, data.y), (scaled.X, scaled.y)]
    if source is None or source.origin is not None or source.name != data.name:
        return forms
    prepared = source.prepared()
    return [(prepared.X[source.rows], prepared.y[source.rows]), *forms]


def _of_file(source: Source | None, name: str) -> tuple[Array, Array]:
    """What a file of one's own gives, as the notes of the run say."""
    if source is None or source.origin is None:
        raise DataError(
            f"the run does not say how {name} became its data. Fix: --data with the data set that it was trained on, or, in "
            "Python, run.with_data(X, y)."
        )
    path = Path(name).expanduser().absolute()
    prepared = replace(source, origin=replace(source.origin, path=str(path))).prepared()
    return prepared.X[source.rows], prepared.y[source.rows]


def _weights(run: Run, rows: int) -> Array | None:
    """The weights of the rows, where some were left out."""
    gone = [row for row in run.left_out if row < rows]
    if not gone:
        return None
    weights = np.ones(rows)
    weights[gone] = 0
    return weights


def usable(store: Store) -> Store:
    """The store, looked at before anything is learnt: what it says when it is written comes before that, too.

    Raises:
        StoreError: if it is damaged, of a newer version, something else, or plainly may not be written.
    """
    with suppress(UnknownRun):
        store.entry("last")
    nearest = next(path for path in (store.path, *store.path.parents) if path.exists())
    if not os.access(nearest, os.W_OK) or not (nearest == store.path or nearest.is_dir()):
        raise StoreError(
            f"the store {store.path} cannot be written ({nearest} is read-only or no folder). "
            "Fix: name another one with --store or LEARNLOOP_STORE, or give --no-record."
        )
    return store


@contextmanager
def refused() -> Iterator[None]:
    """A training; where the store does not take a new run, nothing was learnt, and there is a way without it.

    Raises:
        StoreError: for that.
    """
    try:
        yield
    except RecordError:
        raise
    except StoreError as error:
        raise StoreError(f"{error} Nothing was trained; --no-record trains without recording the run.") from error
