"""A run as text: the Python trains the same bits; parts of the program and of the C are what they say."""

from __future__ import annotations

import ast
import contextlib
import io
from pathlib import Path
from typing import Any

import pytest

import learnloop as ll
from learnloop.compile import find_toolchain
from learnloop.data import datasets
from learnloop.errors import UnknownName
from learnloop.lesson.code import c_of, literal, program_of, python, python_of
from learnloop.lesson.model import LessonRun
from learnloop.lesson.runs import of_run, train_runs
from lesson.written import document


@pytest.fixture(scope="module")
def run() -> ll.Run:
    return train_runs(document(("digits", {"epochs": "1", "hidden": "8, 6"})))[""].run


def carried_out(text: str, **names: Any) -> tuple[ll.Run, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        exec(compile(text, "lesson.py", "exec"), names)  # noqa: S102  (what it prints is what a reader would run)
    return names["run"], out.getvalue()


@pytest.mark.parametrize("block", [
    ("spirals", {"hidden": "8, 8", "noise": "0.1", "classes": "3", "optimizer": "sgd", "momentum": "0.9"}), ("digits", {"hidden": "8"}),
    ("diabetes", {"loss": "huber", "hidden": "none", "split-seed": "18446744073709551615"}), ("iris", {"seed": "18446744073709551615", "clip-norm": "1"}),
    ("moons", {"loss": "cross_entropy", "optimizer": "adamw", "weight-decay": "0.1", "activation": "relu"}),
])  # fmt: skip
def test_the_python_trains_the_same(block: tuple[str, dict[str, str]]) -> None:
    found = train_runs(document((block[0], block[1] | {"epochs": "2"})))[""]
    again, printed = carried_out(python_of(found))
    assert again.digest == found.run.digest and "loss" in printed
    assert all(len(line) <= 90 for line in python_of(found).splitlines())


def test_files_are_read_beside_the_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = 'häuser "\U0001f3e0".csv'
    (tmp_path / name).write_text("size,größe\n" + "\n".join(f"{k},{2 * k + 1.5}" for k in range(30)))
    found = train_runs(document((name, {"epochs": "2", "target": "größe"}), folder=tmp_path))[""]
    text = python_of(found)
    assert text.isascii() and str(tmp_path) not in text
    monkeypatch.chdir(tmp_path)
    assert carried_out(text)[0].digest == found.run.digest


def test_rows_that_only_the_run_has_are_said_to_be_missing() -> None:
    X, y = datasets.load("moons", rows=40).standardised()
    layers = [ll.Dense(4, ll.Activation("mine", value="z*z"), weight=ll.He()), ll.Residual(ll.Dense(4, "relu", name="inside"), name="block"), ll.LayerNorm(), ll.Dense(1)]
    named = [ll.Dense(4, "tanh", weight=ll.He()), ll.Residual(ll.Dense(4, "relu", name="inside"), name="block"), ll.LayerNorm(), ll.Dense(1)]
    for network in (ll.Network(2, named), ll.mlp(2, 1)):
        run = ll.train(network, X, y, epochs=1, dtype="float64", learning_rate=ll.Warmup(5, ll.Cosine(0.1)), progress=False)
        text = python_of(of_run(run))
        assert "# X, y: the 40 rows" in text
        assert carried_out(text, X=X, y=y)[0].digest == run.digest
    assert layers  # an activation of one's own is written as it is made
    assert python(layers[0].activation).startswith("ll.Activation(")


def test_texts_are_literals() -> None:
    for text in ('"', "'''", "\\", "\n", "\x00", "ä\U0001f600", '"); import os; ("', "\u2028"):
        assert ast.literal_eval(literal(text)) == text


def test_parts_of_the_program(run: ll.Run) -> None:
    whole = program_of(run)
    assert whole == str(run.program)
    assert program_of(run, "train").splitlines()[0] == "batch" and program_of(run, "update").splitlines()[-1].startswith("b5_next")
    assert program_of(run, "dense_2").splitlines()[0].startswith("z3[n,j] = b3[j] + sum(i, ")
    for part in ("forward", "loss", "backward", "update", "predict", "initialise", "evaluate", "commit"):
        assert program_of(run, part) and all(line.strip() in whole for line in program_of(run, part).splitlines())
    with pytest.raises(UnknownName, match="'backward'"):
        program_of(run, "backwrd")


def test_parts_of_the_c(run: ll.Run) -> None:
    whole = c_of(run)
    for part in ("update", "predict", "initialise", "dense_1", "dense_3", "dropout_1", "z3", "dW3", "W1_next", "train_dW1"):
        text = c_of(run, part)
        assert all(piece in whole for piece in text.split("\n\n")) and text.count("{") == text.count("}") and text.endswith("}")
        assert len(text) < 5000
    assert "z3[n,j] = b3[j]" in c_of(run, "dense_2") and c_of(run, "dense_2") == c_of(run, "z3")
    with pytest.raises(UnknownName, match="'update'"):
        c_of(run, "updat")


def test_code_knows_no_machine(run: ll.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = LessonRun("", run, None, b"")
    before = c_of(run), program_of(run)
    run.outcome.__dict__["target"] = "aarch64"
    assert (c_of(run), program_of(run)) == before and find_toolchain() is not None
    assert str(Path.home()) not in python_of(found) + before[0]
