"""What the tests of the runtime share: the builds, made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from runtime_builds import Builds


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builds]:
    made = Builds(tmp_path_factory.mktemp("runtime"))
    yield made
    made.pool.shutdown(cancel_futures=True)


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Whether the long, exhaustive checks were asked for."""
    return bool(request.config.getoption("--full", default=False))
