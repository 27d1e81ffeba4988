"""Stores to try things with."""

from __future__ import annotations

import pytest

from learnloop.store import Store
from store.examples import create
from store.small import everything, fill


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.sqlite")


@pytest.fixture
def run(store):
    """A run that this process trains."""
    with create(store) as claim:
        yield claim.id


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """The bytes of a small store with two runs, and everything in it."""
    store = fill(tmp_path_factory.mktemp("small") / "runs.sqlite")
    return store.path.read_bytes(), everything(store)
