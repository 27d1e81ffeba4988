"""``learnloop insights``: what happened, in plain sentences."""

from __future__ import annotations

import shlex

import pytest

from cli.conftest import fits
from learnloop.runs.insight import Insight, Insights


@pytest.mark.parametrize("id", ["iris-1", "iris-3", "diabetes-1"])
def test_says_what_the_run_says(learnloop, answer, shared, id):
    result, found = learnloop("insights", id), shared.load(id).insights()
    assert result.code == 0 and fits(result.out) and result.out.startswith(str(found))
    assert answer("insights", id) == {"command": "insights", "run": id, **found.to_dict()}


def test_the_end_of_one_that_diverged_is_among_them_and_can_be_looked_at(learnloop, shared):
    out = learnloop("insights", "iris-3").out
    assert "problem" in out
    command = shlex.split(out.splitlines()[-1])
    assert command[:3] == ["learnloop", "show", "iris-3"] and learnloop(*command[1:]).code == 0


def test_data_that_are_not_kept(learnloop, answer, store, monkeypatch):
    monkeypatch.setattr("learnloop.recording.WITH_DATA", 0)
    learnloop("train", "iris", "--hidden", "6", "--epochs", "2", "--quiet")
    assert answer("insights", "iris-1")["looked"] == 0 < answer("insights", "iris-1", "--data", "iris")["looked"]
    result = learnloop("insights", "iris-1", "--data", "wine")
    assert result.code == 2 and "wine is not what the run learnt from" in result.err


def test_a_run_that_is_not_there(learnloop, shared):
    assert learnloop("insights", "iris-9").code == 2


def test_a_narrow_terminal(learnloop, shared, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    found = shared.load("iris-3").insights()
    assert learnloop("insights", "iris-3").out.startswith(found.text(60)) and max(map(len, found.text(60).split("\n"))) <= 60


def test_what_comes_up_often_is_told_once():
    often = tuple(Insight("exploding", k, 0, None, "The gradient explodes.", {"times": 1.0}) for k in range(8))
    other = Insight("plateau", 3, 0, None, "No progress.", {})
    found = Insights((*often, other), 10, 10)
    assert str(found).count("explodes") == 1 and "And 7 more times, last at update 7 (epoch 0)." in str(found)
    assert "No progress." in str(found) and len(found.to_dict()["insights"]) == 9
