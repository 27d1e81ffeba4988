"""The surface: what the package offers, and that its examples run."""

import doctest
import importlib
import pkgutil

import pytest

import learnloop.data

MODULES = [f"learnloop.data.{module.name}" for module in pkgutil.iter_modules(learnloop.data.__path__)]


def test_the_surface() -> None:
    assert len(set(learnloop.data.__all__)) == len(learnloop.data.__all__)
    assert all(hasattr(learnloop.data, name) for name in learnloop.data.__all__)


@pytest.mark.parametrize("module", MODULES)
def test_modules_list_what_they_offer_and_examples_run(module: str) -> None:
    loaded = importlib.import_module(module)
    assert len(set(loaded.__all__)) == len(loaded.__all__) and all(hasattr(loaded, name) for name in loaded.__all__)
    assert doctest.testmod(loaded).failed == 0
