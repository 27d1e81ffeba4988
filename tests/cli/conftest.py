"""The command line in this process, with a store of its own; and a store of small runs that all tests may read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from learnloop import Store
from learnloop.cli import main


class Result(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own store, and no variable of the developer's that would change what is printed."""
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("LEARNLOOP_CC", "LEARNLOOP_TARGET", "LEARNLOOP_STORE", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return folder / "learnloop" / "runs.sqlite"


@pytest.fixture
def store(home: Path) -> Store:
    """The same as an object."""
    return Store(home)


RECIPES = {
    "iris-1": "--hidden 6 --epochs 4 --validation 0.25",
    "iris-2": "--hidden 6 --epochs 4 --validation 0.25 --learning-rate 0.02",
    "iris-3": "--hidden 6 --epochs 4 --optimizer sgd --activation relu --learning-rate 1e6",
    "diabetes-1": "--hidden 4 --epochs 2",
}
"""Two small runs that part at once, one that diverges, and one that learns numbers."""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of small runs, to be read only."""
    path = tmp_path_factory.mktemp("library") / "runs.sqlite"
    for id, options in RECIPES.items():
        name = id.split("-")[0]
        code = main(["train", name, *options.split(), "--threads", "1", "--store", str(path), "--quiet"])
        assert code == (3 if id == "iris-3" else 0)
    return path


@pytest.fixture
def shared(library: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """That store as the one that commands use; nothing may be written."""
    monkeypatch.setenv("LEARNLOOP_STORE", str(library))
    return Store(library)


@pytest.fixture
def own(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A copy of it as the one that commands use."""
    path = tmp_path / "own.sqlite"
    shutil.copy(library, path)
    monkeypatch.setenv("LEARNLOOP_STORE", str(path))
    return Store(path)


@pytest.fixture
def learnloop(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Runs a command in this process."""

    def run(*words: str) -> Result:
        code = main(words)
        return Result(code, *capsys.readouterr())

    return run


@pytest.fixture
def answer(learnloop: Callable[..., Result]) -> Callable[..., dict]:
    """Runs a command with ``--json`` that shall succeed; what it says."""

    def run(*words: str) -> dict:
        result = learnloop(*words, "--json")
        assert result.code == 0, result.err
        return json.loads(result.out.splitlines()[-1])

    return run


def fits(text: str) -> bool:
    """Whether it fits a terminal of 80 columns, without loose blanks; commands and paths are never broken."""
    free = ("    learnloop ", "saved", "          /")
    lines = [line for line in text.splitlines() if not line.startswith(free)]
    return all(len(line) <= 80 and line == line.rstrip() and "\x1b" not in line for line in lines)
