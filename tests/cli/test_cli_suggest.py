"""Commands that are suggested: about the right store, and worth a try."""

from __future__ import annotations

import shlex

import pytest

from learnloop import Store
from learnloop.cli import resuming, training


def suggested(text):
    """The commands to copy."""
    return [shlex.split(line) for line in text.splitlines() if line.startswith("    learnloop ")]


@pytest.mark.parametrize(
    "words",
    [["show", "iris-1"], ["insights", "iris-3"], ["runs", "nothing"], ["train", "xor", "--epochs", "1"]],
)
def test_they_name_the_store_that_was_named(learnloop, own, tmp_path, monkeypatch, words):
    monkeypatch.delenv("LEARNLOOP_STORE")
    place = tmp_path / "a store.sqlite"
    own.path.rename(place)
    found = suggested(learnloop(*words, "--store", str(place)).out)
    assert found and all(command[-2:] == ["--store", str(place)] for command in found)


def test_they_name_no_store_where_none_was_named(learnloop, own):
    assert "--store" in learnloop("show", "nothing", "--store", str(own.path)).err
    result = learnloop("show", "iris-1")
    assert "    learnloop replay iris-1 --verify\n" in result.out and "--store" not in learnloop("show", "nothing").err


def test_why_is_asked_of_an_update_that_moved_something(learnloop, store):
    found = suggested(learnloop("train", "iris", "--epochs", "2").out)
    why = next(command for command in found if command[1] == "why")
    assert why[-2:] == ["--update", str(store.load().updates // 2)]


def test_a_resume_that_is_interrupted_says_how_to_go_on(learnloop, store, monkeypatch):
    class Impatient(training.Patient):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "Patient", Impatient)
    monkeypatch.setattr(resuming, "Patient", Impatient)
    assert learnloop("train", "digits").code == 130
    result = learnloop("resume")
    assert result.code == 130 and ["learnloop", "resume", "digits-1"] in suggested(result.out)


@pytest.mark.parametrize("words", ["train iris --store=", "import x.run --name=", "show iris-1 --data="])
def test_an_empty_value_is_refused(learnloop, words):
    result = learnloop(*words.split())
    assert result.code == 2 and "it is empty." in result.err and not Store().entries()
