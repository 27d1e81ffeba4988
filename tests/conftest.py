"""Options and fixtures of all tests."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile

import pytest
from hypothesis import HealthCheck, settings

_made: list[str] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", default=False, help="run everything instead of a seeded sample")


def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of a shell inherit that it is ignored
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    settings.register_profile("sample", derandomize=True, deadline=None, database=None, suppress_health_check=slow)
    settings.register_profile("full", parent=settings.get_profile("sample"), derandomize=False, max_examples=1000)
    settings.load_profile("full" if config.getoption("--full") else "sample")
    _made.append(tempfile.mkdtemp(prefix="learnloop-tests-"))
    os.environ["LEARNLOOP_STORE"] = f"{_made[0]}/runs.sqlite"  # never the user's own runs
    if "LEARNLOOP_CACHE" not in os.environ:  # never the user's own compiled programs
        os.environ["LEARNLOOP_CACHE"] = f"{_made[0]}/programs"


def pytest_unconfigure() -> None:
    for folder in _made:
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("LEARNLOOP_CACHE", "LEARNLOOP_STORE"):
            if os.environ.get(name, "").startswith(folder):
                del os.environ[name]
    _made.clear()


@pytest.fixture(scope="session")
def full(pytestconfig: pytest.Config) -> bool:
    """Whether everything runs, not just the sample."""
    return bool(pytestconfig.getoption("--full"))
