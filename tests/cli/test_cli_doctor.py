"""``learnloop doctor``: it must work where nothing else does."""

from __future__ import annotations

import json
import tempfile

import pytest

from learnloop.cli import doctor, trial
from learnloop.errors import CacheError


def test_all_is_well_here(learnloop):
    result = learnloop("doctor")
    assert result.code == 0 and "everything works" in result.out and "problem" not in result.out
    for what in ("Python", "numpy", "target", "compiler", "compiling", "cache", "runs", "torch"):
        assert what in result.out


def test_json(learnloop):
    found = json.loads(learnloop("doctor", "--json").out)
    assert {f["what"]: f["state"] for f in found}["compiling"] == "ok"


def problem(result, what):
    """The one problem that a doctor found."""
    assert result.code == 1
    found = [f for f in json.loads(result.out) if f["state"] == "problem"]
    assert [f["what"] for f in found] == [what] and found[0]["fix"]
    return found[0]["text"]


def test_a_missing_compiler(learnloop, monkeypatch):
    monkeypatch.setenv("LEARNLOOP_CC", "no-such-compiler")
    assert "not on the PATH" in problem(learnloop("doctor", "--json"), "compiler")
    result = learnloop("doctor")
    assert result.code == 1 and "1 problem found" in result.out and "Fix: " in result.out


def test_a_compiler_that_fails(learnloop, monkeypatch):
    monkeypatch.setenv("LEARNLOOP_CC", "false")
    assert "failed with status 1" in problem(learnloop("doctor", "--json"), "compiler")


def test_a_compiler_that_is_wrong(learnloop, monkeypatch):
    monkeypatch.setattr(trial, "compile_and_run", lambda _: (7, 0.1))
    assert "answered 7" in problem(learnloop("doctor", "--json"), "compiling")


def test_an_unknown_target(learnloop, monkeypatch):
    monkeypatch.setenv("LEARNLOOP_TARGET", "abacus")
    found = json.loads(learnloop("doctor", "--json").out)
    assert "target is 'abacus'" in next(f["text"] for f in found if f["state"] == "problem")


def test_an_unsafe_cache(learnloop, monkeypatch, tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    monkeypatch.setenv("LEARNLOOP_CACHE", str(tmp_path / "open"))
    assert "can be written by others" in problem(learnloop("doctor", "--json"), "cache")


def test_a_cache_that_is_a_file(learnloop, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEARNLOOP_CACHE", str(tmp_path / "file"))
    assert "cannot be made" in problem(learnloop("doctor", "--json"), "cache")


def test_a_read_only_cache(learnloop, monkeypatch):
    def refuse(path):
        raise CacheError(f"the folder {path} cannot be written: Read-only file system. Fix: another one.")

    monkeypatch.setattr(trial, "check_writable", refuse)
    assert "Read-only" in problem(learnloop("doctor", "--json"), "cache")


def test_writing_is_really_tried(monkeypatch, tmp_path):
    trial.check_writable(tmp_path)

    def refuse(**_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(CacheError, match=r"Read-only file system\. Fix:"):
        trial.check_writable(tmp_path)


def test_a_data_folder_in_the_way(learnloop, home):
    home.parent.parent.write_text("")
    assert "cannot be written" in problem(learnloop("doctor", "--json"), "runs")


def test_a_store_that_is_none(learnloop, tmp_path):
    (tmp_path / "x.sqlite").write_text("something else that is long enough to have a header" * 3)
    assert "is no store of learnloop" in problem(learnloop("doctor", "--json", "--store", str(tmp_path / "x.sqlite")), "runs")


def test_how_many_runs(learnloop, shared):
    found = {f["what"]: f["text"] for f in json.loads(learnloop("doctor", "--json").out)}
    assert f"runs.sqlite: {len(shared.entries())} runs, " in found["runs"]


def test_without_gcc_and_peers(learnloop, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    monkeypatch.setattr(doctor, "PEERS", ("no-such-package",))
    result = learnloop("doctor")
    assert result.code == 0 and result.out.count("not installed") == 2
