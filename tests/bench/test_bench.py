"""``learnloop bench``: a tiny measurement, and the arithmetic around it."""

from __future__ import annotations

import json

import pytest

from learnloop.bench.machine import machine
from learnloop.bench.measure import Contender, Measured, measure
from learnloop.bench.ours import Trainer
from learnloop.bench.peak import fma_peak
from learnloop.bench.suite import Row
from learnloop.bench.workloads import WORKLOADS, choose
from learnloop.cli import main


def test_a_tiny_run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code = main(["bench", "--only", "playground", "--repeats", "1", "--budget", "0.002", "--json"])
    out, err = capsys.readouterr()
    assert code == 0 and out.count("\n") == 1
    row = json.loads(out)["rows"][0]
    assert row["workload"] == "playground" and set(row["contenders"]) == {"learnloop 1", "learnloop 2"}
    assert 0 < row["contenders"]["learnloop 1"]["median_us"] < 1e5 and 0 < row["share_of_peak"] < 1.5
    assert row["ratios"] == {}
    for part in ("machine", "GFLOP/s", "ours 1", "min..max"):
        assert part in err
    assert max(map(len, err.splitlines())) <= 80


def test_the_table_fits_80_columns_with_peers(capsys, monkeypatch):
    from learnloop.cli import benching
    from learnloop.cli.console import console

    monkeypatch.setenv("COLUMNS", "80")
    names = ("learnloop 1", "learnloop 2", "torch 1", "torch 2", "jax")
    rows = [Row(w, tuple(Measured(n, (9876.5, 12345.6), 10) for n in names), 0.5) for w in WORKLOADS]
    out = console()
    benching._table(out, rows)
    benching._spread(out, rows, 5)
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80 and text.count("mnist-wide") == 2


def test_repeats_are_in_turn():
    calls = []
    contenders = [Contender(n, lambda count, n=n: calls.append((n, count))) for n in "ab"]
    found = measure(contenders, repeats=3, budget=1e-9)
    assert [name for name, _ in calls[-6:]] == list("ababab")
    assert [m.name for m in found] == ["a", "b"] and all(len(m.micros) == 3 for m in found)


def test_counts_are_whole_steps():
    counts = []
    measure([Contender("x", counts.append, step=7)], repeats=1, budget=1e-5)
    assert counts and not [c for c in counts if c % 7]


def test_ratios_compare_the_fastest_forms():
    times = {"learnloop 1": 2.0, "learnloop 2": 1.0, "torch 1": 30.0, "torch 2": 10.0}
    row = Row(WORKLOADS[0], tuple(Measured(n, (t,), 1) for n, t in times.items()), 0.5)
    assert row.ratio("torch") == 10.0 and row.ratio("jax") is None


def test_operations_of_a_network():
    digits = choose("digits")[0]
    assert digits.operations == 2 * 32 * (3 * (64 * 32 + 32 * 10) - 64 * 32)
    assert choose("mnist")[0].name == "mnist" and len(choose("mnist")) == 1 and len(choose("wide")) == 1
    assert len(choose(None)) == 6 and len(choose("mni")) == 2


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda w: w.name)
def test_data_are_whole_batches_that_fit(workload):
    X, y = workload.data()
    assert X.shape == (workload.rows, workload.units[0]) and len(y) == workload.rows
    assert workload.rows % workload.batch == 0 and X.dtype == "float32"


def test_every_repeat_is_the_same_run():
    trainer = Trainer(choose("playground")[0], 1)
    contender = trainer.contender()
    digests = []
    for _ in range(2):
        contender.prepare()
        contender.updates(100)
        digests.append(trainer.engine.memory.view("W1").tobytes())
    trainer.engine.close()
    assert digests[0] == digests[1]


def test_the_peak_and_the_machine():
    assert fma_peak(0.0005) > 1e8
    assert machine()["cores"] >= 1
