"""The disk fails, or the process dies, at every call in turn: nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from learnloop.store import Store
from store.acknowledged import check_promises, go_on
from store.faults import DEATHS, ERRORS, Disk, Fault, build, faults

TESTS = Path(__file__).parents[1]
ROUNDS = 3


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    home = tmp_path_factory.mktemp("faults")
    return Disk(build(home), home / "disk", home / "calls")


def command(disk):
    return [sys.executable, "-m", "store.writer", str(disk.prefix / "runs.sqlite"), str(ROUNDS)]


@pytest.fixture(autouse=True)
def tests_can_be_imported(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]))


def tried(disk, fault, before=None):
    """The outcome on a fresh disk, or on a copy of one."""
    shutil.rmtree(disk.prefix, ignore_errors=True)
    shutil.copytree(before, disk.prefix) if before else disk.prefix.mkdir()
    outcome = disk.run(command(disk), fault)
    assert "Traceback" not in outcome.errors, outcome.errors
    check_promises(Store(disk.prefix / "runs.sqlite"), outcome.lines)
    go_on(Store(disk.prefix / "runs.sqlite"), ROUNDS)
    return outcome


def test_the_shim_counts_what_matters(disk):
    calls = [line.split()[0] for line in tried(disk, Fault("EIO", 0)).calls]
    assert {"pwrite64", "fdatasync", "ftruncate64"} & set(calls)
    assert len(calls) > 50
    syncs = sum(call in ("fsync", "fdatasync") for call in calls)
    assert syncs >= 4 * (ROUNDS + 3), "a transaction is synced: journal, its header, the file, the end of the journal"


@pytest.mark.parametrize("kind", [*ERRORS, *DEATHS])
def test_faults(disk, full, kind):
    calls = len(tried(disk, Fault(kind, 0)).calls)
    ends = {"error": 0, "killed": 0, "well": 0}
    for fault in faults(calls, [kind], None if full else 8, seed=5):
        outcome = tried(disk, fault)
        assert outcome.code in ((0, 1) if kind in ERRORS else (-9,)), (fault, outcome)
        if outcome.code == 1:
            assert outcome.errors.startswith("error: the store "), outcome.errors
            assert "Fix: " in outcome.errors
        else:
            assert outcome.errors == "", outcome.errors
        ends["well" if outcome.code == 0 else "error" if outcome.code == 1 else "killed"] += 1
    print(kind, calls, ends)
    if kind in DEATHS:
        assert ends["killed"]
    elif kind == "SHORT":
        assert ends["error"] == 0
    else:
        assert ends["error"] > ends["well"]
