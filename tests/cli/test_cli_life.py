"""``learnloop life``: the biography of one number, and the rows behind it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cli.conftest import fits
from learnloop.data import datasets

WEIGHT = "dense_1.weight[2,3]"


@pytest.mark.parametrize("id", ["iris-1", "diabetes-1"])
def test_says_what_the_biography_says(learnloop, answer, shared, id):
    result, run = learnloop("life", id, WEIGHT), shared.load(id)
    life = run.biography("dense_1.weight", 2, 3)
    assert result.code == 0 and fits(result.out) and result.out.startswith(life.text(strongest=False)) and "✓ every update adds up" in result.out
    found = answer("life", id, WEIGHT)
    assert {k: found[k] for k in life.to_dict()} == life.to_dict() and found["ticks"] is True and found["run"] == id


def test_names_the_rows_of_the_data_set(learnloop, answer, shared):
    run, iris = shared.load("iris-1"), datasets.load("iris")
    life = run.biography("dense_1.weight", 2, 3)
    body = learnloop("life", "iris-1", WEIGHT, "--rows", "3").out.split("pushed by in all\n")[1].splitlines()
    assert len(body) == len(answer("life", "iris-1", WEIGHT, "--rows", "3")["strongest"]) == 3
    for line, part in zip(body, life.strongest(3), strict=True):
        row, there, target, push = line.split()
        assert int(row) == part.row and int(there) == run.notes["data"]["rows"][part.row]
        assert target == iris.target_names[iris.y[int(there)]] and float(push) == pytest.approx(float(part), abs=1e-9)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["iris-1", "dense_1.weight"], "names no number; expected a name with whole numbers in brackets"),
        (["iris-1", "dense_1.weight[9,0]"], "is not there. Fix: a place in dense_1.weight[0..3,0..5]."),
        (["iris-1", WEIGHT, "--rows", "-1"], "--rows is -1; expected a whole number of at least 0."),
        (["iris-9", WEIGHT], "unknown run 'iris-9'"),
    ],
)
def test_what_is_not_there(learnloop, shared, words, text):
    result = learnloop("life", *words)
    assert result.code == 2 and result.out == "" and text in result.err


def test_a_narrow_terminal_has_a_narrow_picture_and_the_rows_once(learnloop, shared, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    out = learnloop("life", "iris-1", WEIGHT).out
    assert max(map(len, out.splitlines())) <= 60 and sum("│" in line for line in out.splitlines()) == 4
    assert "strongest rows" not in out and "pushed by in all" in out


def test_a_terminal_without_blocks(shared):
    words, plain = ["life", "iris-1", WEIGHT], {**os.environ, "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-m", "learnloop", *words], env=plain, capture_output=True, check=True)
    assert done.stdout.isascii() and b"[ok] every update adds up" in done.stdout and b" |---" in done.stdout
