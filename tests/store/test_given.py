"""What people and callers write: names, places, numbers; and what makes no sense."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from learnloop.errors import DescriptionError, StoreError, UnknownName, UnknownRun
from learnloop.store import Store
from store.examples import create, data


def test_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("LEARNLOOP_STORE", raising=False)
    if os.name == "posix" and os.uname().sysname == "Linux":
        assert Store().path == tmp_path / "data/learnloop/runs.sqlite"
    monkeypatch.setenv("LEARNLOOP_STORE", "~/other.sqlite")
    assert Store().path == tmp_path / "other.sqlite"
    assert Store("~/given").path == tmp_path / "given"
    monkeypatch.chdir(tmp_path)
    assert Store("here").path == tmp_path / "here"
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert Store("link/x").path == tmp_path / "real/x"
    with pytest.raises(StoreError, match="can be no file"):
        Store("a\0b")


@pytest.mark.parametrize(
    "name", ["a b?#%20.sqlite", "\u00e4\U0001f600.sqlite", "'; DROP TABLE run; --", "file:x?mode=memory"]
)
def test_names_of_files(tmp_path, name):
    store = Store(tmp_path / name)
    create(store).release()
    assert (tmp_path / name).read_bytes().startswith(b"SQLite format 3\0")
    assert store.entry("last").id == "digits-1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "can be no name"), ({"name": "a/b"}, "can be no name"), ({"name": "-x"}, "can be no name"),
        ({"name": "x" * 61}, "can be no name"), ({"name": "a\n"}, "can be no name"), ({"name": None}, "can be no name"),
        ({"planned": -1}, "planned is -1; expected a whole number of at least 0"), ({"planned": 1.5}, "planned is 1.5"),
        ({"planned": 2**63}, "planned is"), ({"itemsize": 0}, "itemsize is 0"), ({"planned": True}, "planned is True"),
        ({"source": b"int"}, "source is b'int'; expected a text"), ({"source": "\ud800"}, "as UTF-8"),
        ({"data": data(parts={"\ud800": b""})}, "as UTF-8"), ({"data": data(parts={"X": "text"})}, "expected bytes"),
        ({"data": data(about={"x": {1, 2}})}, "about is no plain data"), ({"data": data(digest=5)}, "digest is 5"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(store, change, said):
    with pytest.raises(DescriptionError, match=said):
        create(store, **change)
    assert store.entries() == []


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ({"done": -1}, "done is -1"), ({"done": "5"}, "done is '5'"), ({"done": 1, "losses": "text"}, "expected bytes"),
        ({"done": 1, "losses": np.zeros((4, 4))[:, :2]}, "without gaps"),
        ({"done": 0, "digests": [(0, None)]}, "digest is None"), ({"done": 0, "history": [(0, {"x": object()})]}, "no plain"),
        ({"done": 0, "latest": (2**70, b"")}, "update is"), ({"done": 0, "checkpoints": [(0, 17)]}, "states are 17"),
    ],
)  # fmt: skip
def test_appends_that_make_no_sense_are_refused(store, run, due, said):
    with pytest.raises(DescriptionError, match=said):
        store.append(run, **due)


def test_ends_that_make_no_sense_are_refused(store, run):
    with pytest.raises(DescriptionError, match="status is 'running'; expected one of interrupted, finished"):
        store.finish(run, "running")
    with pytest.raises(UnknownRun):
        store.finish("digits-2", "finished")
    with pytest.raises(UnknownRun):
        store.append("digits-2", done=0)
    with pytest.raises(DescriptionError, match="has no checkpoint of update 7; expected one of none"):
        store.checkpoint(run, 7)


def test_runs_by_what_people_write(store):
    with pytest.raises(UnknownRun, match="holds no run yet"):
        store.entry("last")
    for name in ("digits", "iris", *["digits"] * 11, "moons"):
        create(store, name).release()
    for given, id in [("last", "moons-1"), ("digits-1", "digits-1"), ("ir", "iris-1"), ("digits-12", "digits-12")]:
        assert store.entry(given).id == id
    with pytest.raises(UnknownRun, match=r"'digits' begins digits-12, .* and 2 more\. Fix: write more"):
        store.entry("digits")
    with pytest.raises(UnknownName, match=r"unknown run 'digit-1'\. Did you mean 'digits-1"):
        store.entry("digit-1")
    with pytest.raises(KeyError, match=r"Known: moons-1, .* and 4 more\."):
        store.entry("x" * 50)
    for hostile in ("", "'; DROP TABLE run; --", "%", "\0", "\ud800", None, 5, "digits-1\n"):
        with pytest.raises(UnknownRun):
            store.entry(hostile)
        with pytest.raises(UnknownRun):
            store.losses(hostile)
    assert len(store.entries()) == 14


def test_numbers_are_given_once(store):
    for name, id in [("a", "a-1"), ("b", "b-1"), ("a", "a-2"), ("a-1", "a-1-1"), ("\u00e4pfel", "\u00e4pfel-1")]:
        with create(store, name) as claim:
            assert claim.id == id
    store.delete("a-2")
    with create(store, "a") as claim:
        assert claim.id == "a-3"
    with create(store, "a\u0308pfel") as claim:  # the same name, written in two characters
        assert claim.id == "\u00e4pfel-2"


def test_plain_data_comes_back_as_it_was(store):
    strange = {"\u00e4\0\ud800": [1e308, 5e-324, -0.0, 0.1, 2**80, None, True, "", {}], "inf": float("inf")}
    with store.create("x", strange, planned=0, itemsize=4, data=data(), source="") as claim:
        assert store.entry(claim.id).description == strange
        assert store.source(claim.id) == ""


def test_nothing_is_made_before_something_is_written(tmp_path):
    store = Store(tmp_path / "new" / "folder" / "runs.sqlite")
    assert store.entries() == []
    assert store.check() == []
    with pytest.raises(UnknownRun):
        store.losses("digits-1")
    assert list(tmp_path.iterdir()) == []
    create(store).release()
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_no_text_of_a_user_is_in_sql():
    """Statements are put together from names of this package alone."""
    folder = Path(__file__).parents[2] / "src/learnloop/store"
    made = [
        f"{path.name}: {line.strip()}"
        for path in sorted(folder.glob("*.py"))
        for line in path.read_text().splitlines()
        if "noqa: S608" in line or 'f"PRAGMA' in line
    ]
    assert len(made) == 7, made
