"""The small parts of the reports."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest

from learnloop.cli import progress
from learnloop.cli.console import Console, say, show, table
from learnloop.cli.curve import curve
from learnloop.cli.matrix import confusion_table
from learnloop.cli.wording import count, duration, signed, size
from learnloop.data import datasets
from learnloop.data.recipes import RECIPES
from learnloop.train.progress import Bar, Late, Lines, Silent


def console():
    return Console(file=io.StringIO(), width=80, highlight=False, markup=False, emoji=False)


def test_every_data_set_has_a_recipe():
    assert sorted(RECIPES) == list(datasets.names())


def test_numbers():
    assert [count(n) for n in (0, 999, 1000, 1234567)] == ["0", "999", "1 000", "1 234 567"]
    assert [duration(s) for s in (75, 2, 0.0123, 3.2e-6)] == ["1 min 15 s", "2 s", "12.3 ms", "3.2 µs"]


def test_curve():
    assert curve(np.array([8.0, 4, 2, 1]), 4, blocks=True) == "loss 8 █▆▃▁ 1"
    assert curve(np.ones(3), 40, blocks=False) == "loss 1 ___ 1"
    assert curve(np.array([1e34, 1.0], np.float32), 2, blocks=False).isascii()


def test_labels_wrap_and_show_markup_as_it_is():
    out = console()
    say(out, "label", "[bold]word[/] " * 10)
    lines = out.file.getvalue().splitlines()
    assert lines[0].startswith("label     [bold]word[/]") and lines[1].startswith(" " * 10 + "[bold]")


def test_a_label_too_long_for_its_column_stands_alone():
    out = console()
    say(out, "breast_cancer", "Cell nuclei " * 10)
    lines = out.file.getvalue().splitlines()
    assert lines[0] == "breast_cancer" and lines[1].startswith(" " * 10 + "Cell") and len(lines) == 3


@pytest.mark.parametrize("classes", [2, 10, 30])
def test_confusion_tables_stay_within_80_columns(classes):
    out = console()
    counts = np.diag(np.full(classes, 99))
    counts[0, 1] = 5
    show(out, confusion_table(counts, tuple(f"a rather long class name {k}" for k in range(classes))), indent=2)
    text = out.file.getvalue()
    assert max(map(len, text.splitlines())) <= 80 and "95%" in text


def test_a_bar_with_validation_fits_into_80_columns_and_goes_away(monkeypatch):
    stream = io.StringIO()
    stream.isatty = lambda: True
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", stream)
    bar = Bar()
    bar.start(200000 * 30, 30)
    bar.show(2200 * 30, 0.048129, {"validation_loss": 0.07, "validation_accuracy": 0.986})
    bar.close()
    frames = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", frame) for frame in re.split(r"[\r\n]", stream.getvalue())]
    drawn = [frame for frame in frames if "2200" in frame]
    assert drawn and all(len(frame) <= 76 for frame in frames)
    for frame in drawn:
        assert "epoch 2200/200000" in frame and "loss 0.04813  val 0.070 98.6%" in frame and "…" not in frame
    assert stream.getvalue().endswith("\x1b[1A\x1b[2K")


def test_a_bar_appears_only_when_it_is_worth_it(monkeypatch):
    made = []

    class Seen(Silent):
        def __init__(self):
            made.append(self)

    monkeypatch.setitem(Late.show.__globals__, "Bar", Seen)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    shown = progress.Patient()
    shown.start(100, 10)
    shown.show(10, 1.0, {})
    assert not made
    shown.patience = -1.0
    shown.show(20, 1.0, {})
    shown.close()
    assert len(made) == 1


def test_a_way_without_a_terminal_shows_nothing(monkeypatch, capsys):
    shown = Late(-1.0)
    shown.start(100, 10)
    shown.show(10, None, {})
    shown.close()
    assert capsys.readouterr() == ("", "")


def test_many_epochs_are_whole_numbers():
    stream = io.StringIO()
    lines = Lines(stream)
    lines.start(200000, 10)
    lines.show(200000, 0.5, {})
    assert stream.getvalue() == "epoch 20000/20000  loss 0.5\n"


def test_sizes_and_signs():
    assert [size(n) for n in (999, 1000, 73_728, 999_999, 2_500_000_000)] == ["999 bytes", "1 kB", "73.7 kB", "1 MB", "2.5 GB"]
    assert [signed(v, "+.2f") for v in (0.0, -0.0, -0.001, 1.0)] == ["0", "0", "0", "+1.00"]


def test_names_in_tables_are_not_broken_where_there_is_room():
    out, body = Console(file=io.StringIO(), width=40, highlight=False), table("a", "b", right=(1,))
    body.add_row("short words that can be put below each other", "a_name_that_is_long")
    show(out, body)
    assert any("a_name_that_is_long" in line for line in out.file.getvalue().splitlines())
