"""Programs that are run while the disk fails under them, call by call; see faults.c."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("faults.c")
ERRORS = ("ENOSPC", "EIO", "FULL", "SHORT")
"""Faults after which the program goes on, to its end or to a clear error."""
DEATHS = ("KILL", "TORN", "LOST", "MIXED")
"""Faults that end the program."""
STRICT = ("-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-fPIC", "-shared")


@dataclass(frozen=True)
class Fault:
    """The ``at``-th call that changes a file fails in a way.

    Attributes:
        kind: one of :data:`ERRORS` or :data:`DEATHS`.
        at: which call, counted from 1; 0 for none.
    """

    kind: str
    at: int


@dataclass(frozen=True)
class Outcome:
    """What became of a program.

    Attributes:
        code: its exit status; negative: the signal that ended it.
        lines: what it printed.
        errors: what it wrote to stderr.
        calls: the calls that were counted: "fsync 0 /path".
    """

    code: int
    lines: list[str]
    errors: str
    calls: list[str]

    @property
    def killed(self) -> bool:
        """Whether the fault ended it."""
        return self.code == -signal.SIGKILL


def build(folder: Path) -> Path:
    """The shim, compiled; where there is no compiler, skips the test, or fails it where everything should be there."""
    gcc = shutil.which("gcc")
    if gcc is None or not sys.platform.startswith("linux"):
        if os.environ.get("CI"):
            pytest.fail("gcc, or Linux, is missing")
        pytest.skip("gcc, or Linux, is missing")
    library = folder / "faults.so"
    done = subprocess.run(
        [gcc, *STRICT, str(SOURCE), "-o", str(library), "-ldl"], capture_output=True, text=True, check=False
    )
    assert not done.returncode and not done.stderr, done.stderr
    return library


@dataclass(frozen=True)
class Disk:
    """A disk that can fail.

    Attributes:
        shim: the library.
        prefix: the folder whose files it concerns.
        log: a file for what was called; outside of the folder.
    """

    shim: Path
    prefix: Path
    log: Path

    def run(self, command: Sequence[str], fault: Fault, seconds: float = 120) -> Outcome:
        """Run a program on it."""
        self.log.unlink(missing_ok=True)
        more = {"LD_PRELOAD": str(self.shim), "FAULT_PREFIX": str(self.prefix), "FAULT_LOG": str(self.log),
                "FAULT_AT": str(fault.at), "FAULT_KIND": fault.kind}  # fmt: skip
        done = subprocess.run(
            command, env={**os.environ, **more}, capture_output=True, text=True, timeout=seconds, check=False
        )
        calls = self.log.read_text().splitlines() if self.log.exists() else []
        return Outcome(done.returncode, done.stdout.splitlines(), done.stderr, calls)


def faults(calls: int, kinds: Sequence[str], sample: int | None, seed: int) -> Iterator[Fault]:
    """Every fault that a program can meet, or a sample that has the first and the last call of each kind.

    Args:
        calls: how many calls it makes when none fails.
        kinds: of faults.
        sample: how many of each kind; None for all.
        seed: of the sample.
    """
    for kind in kinds:
        places = range(1, calls + 1)
        if sample is not None and sample < calls:
            drawn = random.Random(f"{seed} {kind}").sample(range(2, calls), sample - 2)
            yield from (Fault(kind, at) for at in sorted({1, calls, *drawn}))
        else:
            yield from (Fault(kind, at) for at in places)
