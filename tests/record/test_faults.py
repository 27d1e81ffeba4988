"""Real trainings that are killed, or whose disk fails: what was promised is there, and the run ends with its bits."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import learnloop as ll
from learnloop.errors import FileError, StoreError, UnknownRun
from record.training import train
from store.faults import DEATHS, ERRORS, Disk, Fault, build, faults

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def whole():
    return train()


@pytest.fixture(scope="module")
def disk(tmp_path_factory):
    home = tmp_path_factory.mktemp("faults")
    return Disk(build(home), home / "disk", home / "calls")


@pytest.fixture(autouse=True)
def tests_can_be_imported(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]))


def command(folder):
    return [sys.executable, "-m", "record.training", str(folder / "runs.sqlite"), str(folder / "iris.run")]


def check_promises(folder, lines, whole):
    """What was said to be recorded is, the file is whole or not there, and the run goes on to the same end."""
    store = ll.Store(folder / "runs.sqlite")
    promised = max((int(line.split()[1]) for line in lines if line.startswith("at ")), default=0)
    assert all(line.split()[1] == whole.digest for line in lines if line.startswith("run "))
    check_export(folder / "iris.run", "saved" in lines, whole)
    try:
        entry = store.entry("last")
    except UnknownRun:
        assert not promised
        return "nothing"
    assert entry.done >= promised
    try:
        resumed = store.resume("last", progress=False)
    except StoreError as error:
        assert "before its first update was recorded" in str(error) and not promised
        return "nothing"
    again = store.load("last")
    for run in (resumed, again):
        assert run.digest == whole.digest and run.losses.tobytes() == whole.losses.tobytes()
        assert run.history == whole.history
    assert store.entry("last").status == "finished"
    store.check()
    return entry.status


def check_export(path, promised, whole):
    try:
        assert ll.load(path).digest == whole.digest
    except FileError:
        assert not promised
        assert not path.exists()  # an old or a new one, or none: never a part of one


@pytest.mark.parametrize("kind", [*ERRORS, *DEATHS])
def test_every_write_and_sync_fails_in_turn(disk, full, kind, whole):
    disk.prefix.mkdir(exist_ok=True)
    count = len(disk.run(command(disk.prefix), Fault(kind, 0)).calls)
    ends = dict.fromkeys(["nothing", "interrupted", "finished"], 0)
    for fault in faults(count, [kind], None if full else 4, seed=7):
        shutil.rmtree(disk.prefix)
        disk.prefix.mkdir()
        outcome = disk.run(command(disk.prefix), fault)
        assert "Traceback" not in outcome.errors, outcome.errors
        assert outcome.code in ((0, 1) if kind in ERRORS else (-9, 0)), (fault, outcome)
        if outcome.code == 1:
            assert outcome.errors.startswith("error: ") and "Fix: " in outcome.errors
        ends[check_promises(disk.prefix, outcome.lines, whole)] += 1
    print(kind, count, ends)
    assert sum(ends.values()) >= 4


def test_kills_at_random_moments(tmp_path, full, whole):
    draw, ends = random.Random(1), dict.fromkeys(["nothing", "interrupted", "finished"], 0)
    for k in range(100 if full else 6):
        folder = tmp_path / str(k)
        folder.mkdir()
        with subprocess.Popen(command(folder), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            time.sleep(draw.uniform(0.2, 1.6))
            process.kill()
            lines, errors = process.communicate()
        assert errors == ""
        ends[check_promises(folder, lines.splitlines(), whole)] += 1
    print(ends)
    if full:  # on a slow machine a few may all come before the first record
        assert all(ends.values())


@pytest.mark.parametrize("count", [2, 8])
def test_many_processes_train_and_record_at_once(tmp_path, count, whole):
    store = tmp_path / "runs.sqlite"
    commands = [[sys.executable, "-m", "record.training", str(store), str(tmp_path / f"{k}.run")] for k in range(count)]
    processes = [subprocess.Popen(c, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for c in commands]
    for process in processes:
        lines, errors = process.communicate(timeout=120)
        assert process.returncode == 0 and errors == ""
        assert f"run {whole.digest}" in lines.splitlines()
    entries = ll.Store(store).entries()
    assert sorted(entry.id for entry in entries) == sorted(f"iris-{k}" for k in range(1, count + 1))
    assert {(entry.status, entry.digest) for entry in entries} == {("finished", whole.digest)}
