"""Files that may not be written or read, and transactions that were cut off."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from learnloop.errors import StoreError
from learnloop.store import Store
from store.examples import SOURCE, create
from store.small import everything, foreign

CLOSED = """
import os, sys
from learnloop.errors import LearnloopError
from learnloop.store import Store
from store.examples import create
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
store = Store(sys.argv[1])
for attempt in (store.entries, lambda: store.losses("a-1"), lambda: create(store), lambda: store.finish("a-1", "failed"),
                lambda: store.delete("a-1")):
    try:
        print("well", len(attempt()))
    except LearnloopError as error:
        print(type(error).__name__, error)
"""


def attempts(path):
    """What another user is told, who may read and not write."""
    tests = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, str(path)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture
def public():
    """A folder that others can read."""
    home = Path("/tmp") / f"learnloop-public-{os.getpid()}"  # noqa: S108
    home.mkdir(mode=0o755)
    yield home
    home.chmod(0o755)
    shutil.rmtree(home)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize("closed", ["file", "folder", "file and folder", "with its locks"])
def test_a_store_that_may_only_be_read(small, public, closed):
    path = public / "runs.sqlite"
    path.write_bytes(small[0])
    path.chmod(0o444)
    if closed == "with its locks":
        Store(path).entries()
        assert {file.name for file in public.iterdir()} == {"runs.sqlite", "runs.sqlite.lock", "runs.sqlite.gate"}
    public.chmod(0o777 if closed == "file" else 0o555)
    lines = attempts(path)
    assert lines[:2] == ["well 2", "well 400"]
    for line in lines[2:]:
        assert line.startswith(f"StoreError the store {path} "), line
        assert "Fix: make the file and its folder writable" in line
    assert path.read_bytes() == small[0]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_store_that_may_not_even_be_read(small, public):
    path = public / "runs.sqlite"
    path.write_bytes(small[0])
    path.chmod(0o600 if os.getuid() == 0 else 0)
    for line in attempts(path):
        assert line.startswith(f"StoreError the store {path} "), line
        assert "Fix: " in line


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be used: .*\. What was recorded before is safe\. Fix: "):
        create(Store(tmp_path / "file" / "runs.sqlite"))


def cut_off(path):
    """A store whose last transaction was cut off in the middle, with its journal."""
    db = foreign(
        path, "PRAGMA journal_mode = TRUNCATE", "PRAGMA cache_spill = 1", "PRAGMA cache_size = 1", "BEGIN IMMEDIATE"
    )
    db.execute("DELETE FROM run")
    db.execute("INSERT INTO piece VALUES (1 << 40, zeroblob(2000000), x'00')")
    saved = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    db.execute("ROLLBACK")
    db.close()
    for name, content in saved.items():
        (path.parent / name).write_bytes(content)
    assert len(saved["runs.sqlite-journal"]) > 512


def test_what_was_cut_off_is_undone_by_whoever_comes_next(small, tmp_path):
    store = Store(tmp_path / "runs.sqlite")
    store.path.write_bytes(small[0])
    cut_off(store.path)
    assert store.path.read_bytes() != small[0]
    assert everything(store) == small[1]
    assert store.check() == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_what_was_cut_off_where_nothing_may_be_written_is_told(small, public):
    path = public / "runs.sqlite"
    path.write_bytes(small[0])
    cut_off(path)
    for file in public.iterdir():
        file.chmod(0o444)
    public.chmod(0o555)
    for line in attempts(path):
        assert line.startswith(f"StoreError the store {path} "), line
        assert "Fix: make the file and its folder writable" in line


def test_files_of_others_are_not_made_public(tmp_path):
    store = Store(tmp_path / "own" / "runs.sqlite")
    with create(store, source=SOURCE):
        live = store.path.with_name("runs.sqlite.live")
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in (store.path.parent, live)] == [0o700, 0o700]
