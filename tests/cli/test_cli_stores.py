"""Stores that cannot be used: one clear error each, exit code 5, and nothing is lost."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from learnloop import Store
from learnloop.store import schema

READ = ["runs", "show last", "show last --update 0", "why last dense_1.weight[0,0]", "neuron last dense_1[0]", "life last dense_1.weight[0,0]",
        "insights last", "diff last last",
        "replay last", "influence last --rows 0", "emit last", "export last new.run"]  # fmt: skip
WRITE = ["train iris --epochs 1", "resume last", "without last --rows 0", "again last --seed 1", "branch last --at 0 --seed 1",
         "import saved.run", "runs --delete iris-1 --yes"]  # fmt: skip


def newer(path: Path) -> str:
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {len(schema.STEPS) + 1}")
    return "a newer one wrote it. Fix: update learnloop, or name another store with LEARNLOOP_STORE."


def something_else(path: Path) -> str:
    path.write_text("a letter to a friend " * 20)
    return "is no store of learnloop, and is left as it is."


def another_application(path: Path) -> str:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE friends (name TEXT)")
    return "is no store of learnloop, and is left as it is."


def a_folder(path: Path) -> str:
    path.unlink()
    path.mkdir()
    return "is no store of learnloop"


def damaged(path: Path) -> str:
    content = bytearray(path.read_bytes())
    content[200 : len(content)] = bytes(len(content) - 200)
    path.write_bytes(content)
    return "damaged"


@pytest.mark.parametrize("words", [*READ, *WRITE])
@pytest.mark.parametrize("spoil", [newer, something_else, another_application, a_folder, damaged])
def test_a_store_that_cannot_be_trusted(learnloop, own, tmp_path, monkeypatch, words, spoil):
    monkeypatch.chdir(tmp_path)
    own.load("iris-1").save("saved.run")
    expected = spoil(own.path)
    before = own.path.read_bytes() if own.path.is_file() else b""
    result = learnloop(*words.split())
    assert result.code == 5 and result.out == "" and result.err.startswith("error: ")
    assert expected in result.err and "Fix: " in result.err and "Traceback" not in result.err
    assert (own.path.read_bytes() if own.path.is_file() else b"") == before and not Path("new.run").exists()


@pytest.mark.parametrize("words", WRITE)
@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY])
def test_a_disk_that_is_full_or_read_only(learnloop, own, tmp_path, monkeypatch, words, code):
    """SQLite's own error, raised where something is about to be written."""
    monkeypatch.chdir(tmp_path)
    own.load("iris-1").save("saved.run")
    if words.startswith("resume"):
        words = interrupted(own)
    before = [(entry.id, entry.done, entry.digest) for entry in own.entries()]

    def refuse(db):
        error = sqlite3.OperationalError("the disk says no")
        error.sqlite_errorcode, error.sqlite_errorname = code, "SQLITE_NO"
        raise error

    monkeypatch.setattr("learnloop.store.database.migrate", lambda db, steps: refuse(db))
    result = learnloop(*words.split())
    monkeypatch.undo()
    assert result.code == 5 and ("the disk is full" in result.err) == (code == sqlite3.SQLITE_FULL)
    assert "Fix: " in result.err and "Traceback" not in result.err
    assert [(entry.id, entry.done, entry.digest) for entry in own.entries()] == before


def interrupted(own: Store) -> str:
    """A run that can be resumed."""
    entry = own.entry("iris-1")
    own.finish("iris-1", "interrupted", digest=entry.digest, facts=entry.facts | {"status": "interrupted"})
    return "resume iris-1"


def test_a_store_in_a_folder_that_may_not_be_written_is_told_before_anything_is_learnt(learnloop, own, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    for words in ("train iris", "again iris-1 --seed 1"):
        result = learnloop(*words.split())
        assert result.code == 5 and result.out == "" and "cannot be written" in result.err and "--no-record" in result.err
    assert learnloop("show", "iris-1").code == 0


def test_a_path_that_can_be_no_file(learnloop):
    result = learnloop("runs", "--store", "a\0b")
    assert result.code == 5 and "can be no file" in result.err


def test_a_part_that_is_damaged_is_told_by_what_reads_it(learnloop, own):
    with sqlite3.connect(own.path) as db:
        db.execute("UPDATE piece SET content = zeroblob(length(content))")
    result = learnloop("show", "iris-1")
    assert result.code == 5 and "damaged" in result.err and "rescue" in result.err


@pytest.mark.parametrize("variable", [True, False])
def test_the_store_is_named_by_an_option_or_a_variable(learnloop, library, monkeypatch, home, variable):
    if variable:
        monkeypatch.setenv("LEARNLOOP_STORE", str(library))
    result = learnloop("runs", *([] if variable else ["--store", str(library)]))
    assert "iris-1" in result.out and not home.exists()


def test_an_error_of_the_system(learnloop, own, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EIO, "Input/output error", "x")

    monkeypatch.setattr("learnloop.store.database.header", refuse)
    result = learnloop("runs")
    assert result.code == 5 and "Input/output error" in result.err
