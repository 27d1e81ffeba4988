"""Scenarios: the same task as Python makes, there and back, and nothing hostile."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import learnloop as ll
from explore.conftest import small
from learnloop.carrying import carry_out
from learnloop.data.prepare import prepare
from learnloop.errors import DescriptionError, LearnloopError, UnknownName
from learnloop.explore import scenario as scenarios
from learnloop.explore.holding import Holding, Table
from learnloop.explore.opening import first, of_run, suits, suits_table
from learnloop.train.progress import Silent


def trained(given: Any, held: Holding | None = None) -> ll.Run:
    scenario, held = scenarios.read(json.loads(json.dumps(given))), held or Holding()
    return carry_out(scenarios.to_task(scenario, scenarios.ready(scenario, held)), Silent())


def by_python(given: dict[str, Any]) -> ll.Run:
    """What a scenario is, written with the public names alone."""
    data = ll.datasets.load(given["data"]["name"], **given["data"]["options"])
    if given["split"] is None:
        X, y = data.standardised()
    else:
        prepared = prepare(data, given["split"]["test"], given["split"]["seed"])
        X, y = prepared.X[prepared.train], prepared.y[prepared.train]
    weights = np.ones(len(X))
    weights[given["without"]] = 0
    scenario = scenarios.read(given)
    structure, options = scenario.structure, scenario.options
    return ll.train(
        structure.network, X, y, loss=structure.loss, optimizer=structure.optimizer, batch_size=options.batch_size,
        epochs=options.epochs, seed=options.seed, dtype=options.dtype, sample_weight=weights, progress=False,
    )  # fmt: skip


@pytest.mark.parametrize("name", ll.datasets.names())
def test_the_scenario_of_every_set_is_what_python_trains(name: str) -> None:
    given = suits(name).to_dict()
    given["options"]["epochs"] = 2
    assert trained(given).digest == by_python(given).digest


@pytest.mark.parametrize(
    "change",
    [{"split": None}, {"split": {"test": 0.5, "seed": "18446744073709551615"}}, {"without": [0, 7, 7, 200]},
     {"options": {"batch_size": 7, "epochs": 3, "seed": "18446744073709551615", "dtype": "float64"}}],
    ids=["all", "split", "without", "options"],
)  # fmt: skip
def test_changed_scenarios_are_what_python_trains(change: dict[str, Any]) -> None:
    given = first().to_dict()
    given["options"]["epochs"] = 3
    given |= change
    run = trained(given)
    plain = scenarios.read(given).to_dict()
    if plain["split"] is not None:
        plain["split"]["seed"] = int(plain["split"]["seed"])
    plain["without"] = sorted(set(given["without"]))
    assert run.digest == by_python(plain).digest


def test_the_first_picture_is_learnt() -> None:
    run = trained(first().to_dict())
    assert 900 <= run.updates <= 1100
    assert run.history[-1]["validation_accuracy"] > 0.95


def test_there_and_back() -> None:
    for scenario in (first(), *map(suits, ll.datasets.names())):
        assert scenarios.read(json.loads(json.dumps(scenario.to_dict()))).to_dict() == scenario.to_dict()


def test_a_run_there_and_back() -> None:
    held = Holding()
    for run in (small(), small(validation=0.25), small(sample_weight=np.arange(60)), small(dtype="float64")):
        assert trained(of_run(run, held).to_dict(), held).digest == run.digest
    less = small().without([3, 4])
    assert trained(of_run(less, held).to_dict(), held).digest == less.digest
    X, y = ll.datasets.load("moons", rows=40).standardised()
    apart = small(validation=(X, y))
    again = trained(of_run(apart, held).to_dict(), held)
    assert again.digest == apart.digest and again.history == apart.history


def test_the_rows_of_a_run_are_held_once(store: ll.Store) -> None:
    held = Holding()
    assert of_run(store.load("moons-1"), held).data == of_run(store.load("moons-1"), held).data


def test_runs_that_no_page_can_compute_are_refused_with_the_reason() -> None:
    run, held = small(), Holding()
    with pytest.raises(DescriptionError, match="branched from another one at update 4"):
        of_run(run.branch(4, learning_rate=0.01, progress=False), held)

    class Own(ll.SGD):
        pass

    own = ll.train(run.network, *ll.datasets.load("xor"), optimizer=Own(0.1), epochs=1, progress=False)
    with pytest.raises(DescriptionError, match="a rule of your own"):
        of_run(own, held)


def test_a_file_of_numbers_is_scaled_as_the_command_line_scales_it() -> None:
    held = Holding()
    data = ll.datasets.load("diabetes")
    table = Table(data, "file")
    given = suits_table(table, held.keep(table)).to_dict()
    given["options"]["epochs"] = 2
    builtin = {**given, "data": {"kind": "builtin", "name": "diabetes", "options": {}}}
    assert trained(given, held).digest == by_python(builtin).digest


HOSTILE: list[tuple[str, Any]] = [
    ("version", 2), ("version", None), ("data", None), ("data", []), ("data", {"kind": "path", "name": "/etc/passwd"}),
    ("data", {"kind": "builtin", "name": "../iris", "options": {}}), ("data", {"kind": "builtin", "name": ["iris"], "options": {}}),
    ("data", {"kind": "builtin", "name": "moons", "options": {"rows": 10**9}}), ("data", {"kind": "kept", "id": "x"}),
    ("data", {"kind": "builtin", "name": "moons", "options": {"rows": "10"}}), ("data", {"kind": "kept", "id": {}}),
    ("data", {"kind": "builtin", "name": "moons", "options": {"file": "x"}}), ("data", {"kind": "builtin", "name": "moons", "options": 3}),
    ("data", {"kind": "builtin", "name": "moons", "options": {}, "url": "http://x"}),
    ("split", {}), ("split", {"test": 0, "seed": 0}), ("split", {"test": 0.2, "seed": -1}), ("split", {"test": True, "seed": 0}),
    ("split", {"test": 1e999, "seed": 0}), ("split", 0.2),
    ("network", None), ("network", {"inputs": 2, "layers": []}), ("network", {"inputs": 2**40, "layers": []}),
    ("network", {"inputs": 2, "layers": [{"rule": "Dense", "units": 10**9}]}),
    ("network", {"inputs": 2, "layers": [{"rule": "Dense", "units": 8192}, {"rule": "Dense", "units": 8192}, {"rule": "Dense", "units": 1}]}),
    ("network", {"inputs": 2, "layers": [{"rule": "Dense", "units": 1}] * 40}),
    ("network", {"inputs": 2, "layers": [{"rule": "SGD"}]}), ("network", {"inputs": 2, "layers": [{"rule": "os.system"}]}),
    ("network", {"inputs": 2, "layers": [{"rule": "Dense", "units": 1, "activation": {"rule": "Activation", "name": "a", "value": "z*z"}}]}),
    ("network", {"inputs": 2, "layers": [{"rule": "Dense", "units": 1, "name": "</script><img src=x onerror=alert(1)>" * 9}]}),
    ("network", {"inputs": 3, "layers": [{"rule": "Dense", "units": 1}]}),
    ("loss", {"rule": "Dense", "units": 1}), ("loss", "mse"), ("loss", {"rule": "CrossEntropy", "x": 1}),
    ("optimizer", {"rule": "SGD", "learning_rate": -1}), ("optimizer", {"rule": "SGD", "learning_rate": 1e999}),
    ("optimizer", {"rule": "Adam", "betas": ["a", "b"]}), ("optimizer", {"rule": "SGD", "momentum": "1; DROP TABLE run"}),
    ("options", None), ("options", {"epochs": 10**9, "batch_size": 1}), ("options", {"threads": 99}), ("options", {"seed": 2**64}),
    ("options", {"batch_size": 0}), ("options", {"dtype": "float16"}), ("options", {"batch_size": 2**31 - 1}),
    ("without", [-1]), ("without", [10**6]), ("without", "all"), ("without", [0.5]), ("without", list(range(240))),
    ("weights", [1]), ("__class__", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "value"), HOSTILE, ids=[f"{k}-{part}" for k, (part, _) in enumerate(HOSTILE)])
def test_hostile_scenarios_are_refused(part: str, value: Any) -> None:
    with pytest.raises(LearnloopError) as refused:
        given = first().to_dict() | {part: value}
        scenario = scenarios.read(given)
        scenarios.to_task(scenario, scenarios.ready(scenario, Holding()))
    assert str(refused.value) and len(str(refused.value)) < 1000


def test_a_large_batch_is_as_large_as_the_data() -> None:
    given = first().to_dict()
    given["options"] |= {"batch_size": 10_000, "epochs": 2}
    assert trained(given).updates == 2


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["Dense", "SGD", "builtin", "moons"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["rule", "named", "units", "layers", "inputs", "kind", "name", "options", "rows", "learning_rate", "test", "seed"]),
        inner, max_size=5,
    ), max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(scenarios.PARTS), PLAIN)
def test_anything_is_a_scenario_or_refused(part: str, value: Any) -> None:
    """No error but our own, and nothing large is allocated before it."""
    given = first().to_dict() | {part: value}
    try:
        scenario = scenarios.read(given)
        scenarios.ready(scenario, Holding())
    except LearnloopError:
        return
    assert scenarios.read(scenario.to_dict()).to_dict() == scenario.to_dict()


@given(st.data())
def test_one_value_changed_is_a_scenario_or_refused(data: st.DataObject) -> None:
    """The same deep inside."""
    given = json.loads(json.dumps(suits("digits").to_dict()))
    node: Any = given
    while True:
        key = data.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            node[key] = data.draw(PLAIN)
            break
        node = node[key]
    try:
        scenario = scenarios.read(given)
        scenarios.to_task(scenario, scenarios.ready(scenario, Holding()))
    except LearnloopError:
        return


def test_too_much_is_refused_before_it_is_read() -> None:
    deep: Any = []
    for _ in range(100):
        deep = [deep]
    for value in (deep, [0] * 30_000, {"x": "y" * 1000}):
        with pytest.raises(DescriptionError):
            scenarios.read(first().to_dict() | {"without": value})
    with pytest.raises(UnknownName, match="Did you mean 'split'"):
        scenarios.read(first().to_dict() | {"splot": None})
