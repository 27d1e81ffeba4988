"""The Python that a page gives away makes the run that it shows: the script is run, and its digest compared."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.carrying import carry_out
from learnloop.explore import scenario as scenarios
from learnloop.explore.handover import data_pack
from learnloop.explore.holding import Holding, Table
from learnloop.explore.opening import of_run, suits, table_of
from learnloop.explore.rows import read_table
from learnloop.explore.scenario import Scenario
from learnloop.train.options import Options
from learnloop.train.progress import Silent
from web.test_address import ask

MEAN = '"; __import__("os").system("echo hacked") #\n\\é'


def short_run(scenario: Scenario, **more: Any) -> Scenario:
    options = scenario.options
    return replace(scenario, options=Options(options.batch_size, 2, options.seed, None, options.dtype), **more)


def scripted(scenario: Scenario, table: Table, folder: Path) -> Any:
    pack = folder / "data.pack"
    pack.write_bytes(data_pack(table, scenario.data))
    return ask({"what": "script", "path": str(pack), "scenario": scenario.to_dict(), "labels": scenario.structure.loss.labels})[0]


def printed(text: str, folder: Path) -> str:
    file = folder / "run.py"
    file.write_text(text)
    done = subprocess.run([sys.executable, file], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


CASES = {
    "moons": short_run(suits("moons")),
    "noise": short_run(replace(suits("moons"), data={"kind": "builtin", "name": "moons", "options": {"noise": 0.3, "rows": 90}})),
    "numbers": short_run(suits("diabetes")),
    "dropout": short_run(suits("digits")),
    "left out": short_run(suits("iris"), without=(0, 7)),
    "all rows": short_run(suits("iris"), split=None),
    "all numbers": short_run(suits("diabetes"), split=None),
}


@pytest.mark.parametrize("name", CASES)
def test_a_script_makes_the_run(name: str, tmp_path: Path) -> None:
    scenario, held = CASES[name], Holding()
    answer = scripted(scenario, read_table(scenario.data, held), tmp_path)
    run = carry_out(scenarios.to_task(scenario, scenarios.ready(scenario, held)), Silent())
    assert printed(answer["text"], tmp_path) == run.digest


def own(dtype: str, **more: Any) -> ll.Run:
    X = np.random.default_rng(0).normal(size=(60, 3))
    network = ll.Network(3, [ll.Dense(4, "relu"), *more.pop("layers", []), ll.Dense(2)])
    return ll.train(network, X, (X[:, 0] > 0).astype(int), epochs=2, dtype=dtype, progress=False, learning_rate=ll.Cosine(0.1), **more)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rows_that_only_the_page_has_lie_in_the_script(dtype: str, tmp_path: Path) -> None:
    run, held = own(dtype, validation=0.2, sample_weight=np.arange(1, 61)), Holding()
    table = table_of(run)
    mean = Table(replace(table.data, name=MEAN), table.origin, table.given)
    text = scripted(of_run(run, held), mean, tmp_path)["text"]
    assert printed(text, tmp_path) == run.digest


def test_a_script_that_would_make_another_run_is_refused(tmp_path: Path) -> None:
    run, held = own("float32", validation=0.2, layers=[ll.Dropout(0.3)]), Holding()
    assert "keep the run file" in scripted(of_run(run, held), table_of(run), tmp_path)["refusal"]
