"""``learnloop why`` and ``learnloop neuron``: the sums, and the rows behind them."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest

from cli.conftest import fits
from learnloop.cli.sums import change_lines, fitting
from learnloop.cli.words import row_list
from learnloop.data import datasets
from learnloop.errors import DescriptionError

WEIGHT = "dense_1.weight[2,3]"


@pytest.mark.parametrize("id", ["iris-1", "iris-3", "diabetes-1"])
@pytest.mark.parametrize("update", ["0", "-1"])
def test_a_sum_that_adds_up(learnloop, shared, id, update):
    result = learnloop("why", id, WEIGHT, "--update", update)
    assert result.code == 0 and fits(result.out)
    change = shared.load(id).at(update=int(update)).change("dense_1.weight", 2, 3)
    assert f"{WEIGHT} at update {change.update}:" in result.out
    assert "✓ within its bound; the sum is the stored change" in " ".join(result.out.split())
    assert printed_sum(result.out) == 0


def printed_sum(out: str) -> Fraction:
    """The printed summands minus the printed change."""
    total = re.search(r"change\s+(-?[\d.]+)", out)[1]
    lines = out[out.index("  = ") :].split("✓")[0].splitlines()
    parts = [found[1] for line in lines if (found := re.search(r"  (-?\d+\.\d+)$", line.rstrip()))]
    digits = len(total.partition(".")[2])
    assert len(parts) >= 2 and all(len(part.partition(".")[2]) == digits for part in parts)
    return sum(map(Fraction, parts)) - Fraction(total)


def test_the_last_update_unless_told(learnloop, shared):
    last = shared.load("iris-1").updates - 1
    assert learnloop("why", "iris-1", WEIGHT).out == learnloop("why", "iris-1", WEIGHT, "--update", str(last)).out


def test_names_the_strongest_rows_and_the_rows_of_the_data_set(learnloop, shared):
    run, iris = shared.load("iris-1"), datasets.load("iris")
    change = run.at(update=9).change("dense_1.weight", 2, 3)
    lines = learnloop("why", "iris-1", WEIGHT, "--update", "9", "--rows", "3").out.splitlines()
    body = lines[next(k for k, line in enumerate(lines) if "in iris" in line) + 1 :]
    body = body[: body.index("")]
    assert len(body) == 3
    for line, part in zip(body, change.rows, strict=False):
        row, there, target, push = line.split()
        assert int(row) == part.row and int(there) == run.notes["data"]["rows"][part.row]
        assert target == iris.target_names[iris.y[int(there)]] and float(push) == pytest.approx(float(part), abs=1e-9)


def test_what_the_rows_of_each_class_pushed(learnloop, shared):
    run, iris = shared.load("iris-1"), datasets.load("iris")
    change = run.at(update=9).change("dense_1.weight", 2, 3)
    bars = learnloop("why", "iris-1", WEIGHT, "--update", "9").out.split("pushed together\n\n")[1].splitlines()
    there = run.notes["data"]["rows"]
    sums = dict.fromkeys((bar.split()[0] for bar in bars), 0.0)
    for part in change.rows:
        sums[iris.target_names[iris.y[there[part.row]]]] += float(part)
    assert all(bar.split()[1] == f"{sums[bar.split()[0]]:+.3g}" for bar in bars) and len(bars) == 3
    assert "pushed together" not in learnloop("why", "diabetes-1", WEIGHT).out


def test_a_finite_difference(learnloop, answer, shared):
    result = learnloop("why", "iris-1", WEIGHT, "--check")
    assert result.code == 0 and "finite difference" in result.out and "✓ they agree" in result.out and fits(result.out)
    check = shared.load("iris-1").at(update=-1).check("dense_1.weight", 2, 3)
    assert answer("why", "iris-1", WEIGHT, "--check")["check"]["difference"] == check.difference
    assert "finite difference" not in learnloop("why", "iris-1", WEIGHT).out


def test_json(answer, shared):
    found = answer("why", "iris-1", WEIGHT, "--update", "9")
    change = shared.load("iris-1").at(update=9).change("dense_1.weight", 2, 3)
    plain = change.to_dict()
    assert {k: found[k] for k in plain if k != "parts"} == {k: v for k, v in plain.items() if k != "parts"}
    assert [part["value"] for part in found["parts"]] == [part["value"] for part in plain["parts"]]
    assert found["ticks"] is True and found["strongest"][0]["row"] == change.rows[0].row and found["run"] == "iris-1"


@pytest.mark.parametrize("width", [50, 80, 200])
def test_lines_fit_and_say_all(shared, width):
    change = shared.load("iris-1").at(update=9).change("dense_1.weight", 2, 3)
    lines = change_lines(change, width)
    assert max(map(len, lines)) <= max(width, 60) and "".join("".join(lines).split()) == "".join(str(change).split())


def test_lines_that_are_too_long_go_on_below():
    assert list(fitting("short\n  a = 1.0  ✓ within", 15)) == ["short", "  a = 1.0", "  ✓ within"]
    assert list(fitting("one two three four", 10)) == ["  one two", "  three", "  four"]


BAD = {
    "dense_1.weight": "'dense_1.weight' names no number; expected a name with whole numbers in brackets. "
    "Fix: 'dense_1.weight[0,0]', in quotes.",
    "dense_1.weight[a]": "names no number",
    "dense_1.weigth[0,0]": "unknown parameter 'dense_1.weigth'. Did you mean 'dense_1.weight'",
    "dense_1.weight[4,0]": "dense_1.weight[4,0] is not there. Fix: a place in dense_1.weight[0..3,0..5].",
    "dense_1.weight[-1,0]": "is not there. Fix: a place in dense_1.weight[0..3,0..5].",
    "dense_1.bias[0,0]": "is not there. Fix: a place in dense_1.bias[0..5].",
    "[red]\x1b[0]": "names no number",
}


@pytest.mark.parametrize("weight", BAD)
def test_a_weight_that_is_none(learnloop, shared, weight):
    result = learnloop("why", "iris-1", weight)
    assert result.code == 2 and result.out == "" and BAD[weight] in result.err and "\x1b" not in result.err


@pytest.mark.parametrize(
    ("words", "text"),
    [(["--update", "777"], "update 777 is not in the run"), (["--rows", "-1"], "--rows is -1"),
     (["--update", "x"], "'x' is not a valid integer")],
)  # fmt: skip
def test_bad_questions(learnloop, shared, words, text):
    result = learnloop("why", "iris-1", WEIGHT, *words)
    assert result.code == 2 and text in result.err


def test_a_neuron(learnloop, shared):
    result = learnloop("neuron", "iris-1", "dense_1[3]", "--update", "9", "--row", "2")
    found = shared.load("iris-1").at(update=9).neuron("dense_1", 3, row=2)
    assert result.code == 0 and fits(result.out) and " ".join(result.out.split()).startswith(" ".join(str(found).split()))
    assert f"{found.row} of the run (batch row 2), row {shared.load('iris-1').notes['data']['rows'][found.row]} of iris" in result.out
    assert all(name in result.out for name in datasets.load("iris").feature_names)


def test_a_neuron_by_its_row_of_the_data(answer, shared):
    moment = shared.load("iris-1").at(update=9)
    found = answer("neuron", "iris-1", "dense_2[1]", "--update", "9", "--data-row", str(moment.rows[3]))
    assert found["row"] == moment.rows[3] and found["ticks"] is True
    assert np.isclose(found["pre_activation"], moment.layer("dense_2").pre_activation[3, 1])


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["dense_1[6]"], "dense_1[6] is not there. Fix: a unit in dense_1[0..5]."),
        (["dense_9[0]"], "unknown layer 'dense_9'. Did you mean"),
        (["dense_1"], "'dense_1' names no number; expected a name with whole numbers in brackets. Fix: 'dense_1[0]'"),
        (["dense_1[1,2]"], "has 2 numbers; a unit has one. Fix: 'dense_1[1]'."),
        (["dense_1[0]", "--row", "16"], "--row is 16; expected a place in the batch, from 0 to"),
        (["dense_1[0]", "--row", "-1"], "--row is -1; expected a place in the batch"),
        (["dense_1[0]", "--data-row", "9999"], "--data-row: 9999 is no place. Fix: a whole number from 0 to 119."),
        (["dense_1[0]", "--update", "9", "--data-row", "1"], "the run does not learn from it"),
        (["dense_9[0]"], "unknown layer 'dense_9'"),
        (["dense_1[0]", "--row", "0", "--data-row", "1"], "were both given. Fix: leave one out."),
        (["dense_1[0]", "--inputs", "-1"], "--inputs is -1"),
        (["dense_1[0]", "--update", "99999"], "update 99999 is not in the run"),
    ],
)
def test_a_neuron_that_is_not_there(learnloop, shared, words, text):
    result = learnloop("neuron", "iris-1", *words)
    assert result.code == 2 and result.out == "" and text in result.err


def test_row_lists():
    assert row_list("17,18") == [17, 18] and row_list(" 3 - 5 ,9") == [3, 4, 5, 9]
    for wrong in ("", "a", "5-3", "-1", "1,,2", "1-9999999999"):
        with pytest.raises(DescriptionError, match="expected row numbers, as in"):
            row_list(wrong)


def test_a_row_that_another_update_has_is_met_there(learnloop, shared):
    run = shared.load("iris-1")
    row = int(run.at(update=9).rows[0])
    error = learnloop("neuron", "iris-1", "dense_1[0]", "--update", "7", "--data-row", str(row)).err
    assert "epoch 1 has it at update 9. Fix: --update 9.\n" in error


def test_a_layer_without_units_of_its_own(learnloop, store):
    learnloop("train", "xor", "--dropout", "0.1", "--epochs", "1", "--hidden", "3", "--quiet")
    error = learnloop("neuron", "last", "dropout_1[0]").err
    assert "dropout_1 has no units of its own; dense_1 or dense_2 have." in error


def test_a_weight_by_its_name_in_the_program(learnloop, shared):
    assert learnloop("why", "iris-1", "W1[2,3]").out == learnloop("why", "iris-1", WEIGHT).out
