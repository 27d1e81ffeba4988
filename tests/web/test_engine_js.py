"""Runs and data in JavaScript have Python's bits: in Node, with the modules that pages load."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import learnloop as ll
from installed import need
from learnloop.carrying import carry_out
from learnloop.data.random import random_u32, uniform
from learnloop.data.scaling import Standardiser
from learnloop.data.split import shuffled, split
from learnloop.errors import Diverged
from learnloop.explore import scenario as scenarios
from learnloop.explore.handover import data_pack
from learnloop.explore.holding import Holding
from learnloop.explore.opening import first, suits, table_of
from learnloop.explore.rows import read_table
from learnloop.train.memory import weights_digest
from learnloop.train.progress import Silent
from learnloop.web.kit import make_kit
from learnloop.web.pack import pack
from web.asked import MODULES

SCRIPT = Path(__file__).with_name("engine.mjs")
Question = tuple[str, Any]
QUICK = settings(max_examples=3, phases=[Phase.generate])
"""Each example is a process of its own with many cases."""
whole = st.integers(0, 2**32 - 1)
seeds = st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([0, 1, 2**32 - 1, 2**32, 2**53 + 1, 2**64 - 1]))


def answers(folder: Path, *questions: Question) -> list[Any]:
    """What JavaScript says."""
    (folder / "questions.json").write_text(json.dumps({"modules": f"{MODULES.as_uri()}/", "questions": questions}))
    command = [need("node"), "--experimental-wasm-relaxed-simd", str(SCRIPT), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("node")


@QUICK
@given(st.lists(st.tuples(seeds, whole, whole, whole, whole), min_size=100, max_size=100))
def test_random_words(folder: Path, keys: list[tuple[int, ...]]) -> None:
    told = answers(folder, *(("word", [str(seed), *rest]) for seed, *rest in keys))
    for (seed, *rest), (word, share) in zip(keys, told, strict=True):
        assert word == int(random_u32(seed, *rest))
        assert share == float(uniform(seed, *rest))


@QUICK
@given(st.data())
def test_splits(folder: Path, data: st.DataObject) -> None:
    questions: list[Question] = []
    expected = []
    for _ in range(60):
        rows, share, seed = data.draw(st.integers(2, 90)), data.draw(st.floats(0.01, 0.99)), data.draw(seeds)
        labels = data.draw(st.one_of(st.none(), st.lists(st.integers(0, data.draw(st.integers(0, 6))), min_size=rows, max_size=rows)))
        questions += [("shuffled", {"rows": rows, "seed": str(seed)}), ("split", {"rows": rows, "share": share, "seed": str(seed), "labels": labels})]
        expected += [shuffled(rows, seed).tolist(), [part.tolist() for part in split(rows, share, seed, labels, stratify=labels is not None)]]
    assert answers(folder, *questions) == expected


columns = st.one_of(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=40),
    st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64).map(lambda x: x / 1e10), min_size=1, max_size=40),
    st.lists(st.floats(-1, 1), min_size=1, max_size=40).map(lambda x: [v * 1e-300 for v in x]),
    st.integers(500, 1600).map(lambda n: np.random.default_rng(n).normal(3, 5, n).tolist()),
)


@QUICK
@given(st.lists(columns, min_size=30, max_size=30))
def test_means_and_scales(folder: Path, drawn: list[list[float]]) -> None:
    questions: list[Question] = []
    for k, column in enumerate(drawn):
        (folder / f"{k}.pack").write_bytes(pack({}, {"X": np.array(column)}))
        questions.append(("measured", {"file": f"{k}.pack"}))
    for column, told in zip(drawn, answers(folder, *questions), strict=True):
        fitted = Standardiser.fit(np.array(column)[:, np.newaxis])
        assert told == np.array([fitted.mean[0], fitted.scale[0]]).tobytes().hex()


@pytest.mark.parametrize("name", ["moons", "spirals", "sine", "iris", "diabetes", "digits"])
def test_prepared_rows(folder: Path, name: str) -> None:
    """Noise, split and scaling as Python does them, for a share and a seed of one's own."""
    described, questions, expected = suits(name).to_dict(), [], []
    for test, seed, noise in ((0.2, 0, None), (0.37, 2**40, 0.4), (0.05, 7, 0.0)):
        described["split"] = {"test": test, "seed": seed}
        if noise is not None and name in ("moons", "spirals", "sine"):
            described["data"]["options"]["noise"] = noise
        scenario, held = scenarios.read(described), Holding()
        task = scenarios.to_task(scenario, scenarios.ready(scenario, held))
        examples = task.data
        plain = {**described["data"], "options": {k: v for k, v in described["data"]["options"].items() if k != "noise"}}
        (folder / f"{name}.pack").write_bytes(data_pack(read_table(plain, held), plain))
        wish = {"noise": described["data"]["options"].get("noise"), "split": described["split"], "without": [], "labels": examples.labels is not None, "dtype": "float32"}
        questions.append(("prepare", {"file": f"{name}.pack", "wish": wish}))
        expected.append([examples, task.held_examples])
    for parts, told in zip(expected, answers(folder, *questions), strict=True):
        assert told["X"] == "".join(part.X.tobytes().hex() for part in parts)
        if parts[0].labels is None:
            assert told["labels"] is None and told["Y"] == "".join(part.Y.tobytes().hex() for part in parts)
        else:
            assert told["labels"] == [int(label) for part in parts for label in part.labels]
        assert told["learn"] == list(range(parts[0].rows)) and len(told["test"]) == parts[1].rows


def test_any_row_that_is_learnt_from_can_be_left_out(folder: Path) -> None:
    """Where rows are held out, those that are learnt from are not the first ones."""
    X, y = ll.datasets.load("moons", rows=40)
    run = ll.train(ll.mlp(2, 3, 1), X, y, validation=0.3, epochs=1, progress=False)
    assert run.rows is not None
    last = int(run.rows.max())
    assert last >= len(run.rows)
    (folder / "given.pack").write_bytes(data_pack(table_of(run), {"kind": "kept", "id": "x"}))
    wish = {"noise": None, "split": None, "without": [last], "labels": False, "dtype": "float32"}
    (told,) = answers(folder, ("prepare", {"file": "given.pack", "wish": wish}))
    assert told["learn"] == run.rows.tolist() and [k for k, weight in enumerate(told["weights"]) if weight == 0] == [last]


def told_to(folder: Path, key: str, described: dict[str, Any]) -> tuple[dict[str, Any], ll.Run | None]:
    """A scenario as a page hands it to its engine, and Python's run of it; None where that diverges."""
    scenario, held = scenarios.read(described), Holding()
    structure = scenario.structure
    kit = make_kit(structure.network, structure.loss, structure.optimizer, structure.dtype, emulated=not _fuses(folder))
    part = described["data"]
    (folder / f"{key}.kit").write_bytes(kit)
    (folder / f"{key}.data").write_bytes(data_pack(read_table(part, held), part))
    try:
        run = carry_out(scenarios.to_task(scenario, scenarios.ready(scenario, held)), Silent())
    except Diverged as error:
        run = error.run
    return {"kit": f"{key}.kit", "data": f"{key}.data", "scenario": described}, run


def _fuses(folder: Path) -> bool:
    (found,) = answers(folder, ("fuses", None))
    return bool(found)


def weights_before(run: ll.Run, update: int) -> str:
    """The digest of the weights before an update, from a run of its own."""
    if update == run.updates:
        return run.digest
    moment = run.at(update=update)
    return weights_digest({p.name: moment.tensor(p.tensor) for p in run.program.parameters})


def test_travel_between_two_runs(folder: Path) -> None:
    """Random updates of two runs of one program, in turns, forwards and backwards: each is where a fresh run would be."""
    one = first().to_dict()
    one["options"]["epochs"] = 20
    other = json.loads(json.dumps(one))
    other["options"] |= {"seed": 2**50 + 3, "batch_size": 7}
    other["without"] = [3, 50]
    (asked_a, a), (asked_b, b) = told_to(folder, "a", one), told_to(folder, "b", other)
    assert a is not None and b is not None
    rng = np.random.default_rng(1)
    visits = [{"run": k, "update": int(rng.integers(run.updates + 1))} for _ in range(12) for k, run in enumerate((a, b))]
    visits += [{"run": 0, "update": a.updates}, {"run": 1, "update": b.updates}, {"run": 0, "update": 0}]
    (told,) = answers(folder, ("travel", {"runs": [asked_a, asked_b], "visits": visits}))
    assert [run["losses"] for run in told["runs"]] == [run.losses.tobytes().hex() for run in (a, b)]
    assert told["found"] == [weights_before((a, b)[v["run"]], v["update"]) for v in visits]


def test_float64(folder: Path) -> None:
    described = first().to_dict()
    described["options"] |= {"dtype": "float64", "epochs": 6}
    asked, run = told_to(folder, "double", described)
    assert run is not None
    visits = [{"run": 0, "update": update} for update in (run.updates, 17, 0)]
    (told,) = answers(folder, ("travel", {"runs": [asked], "visits": visits}))
    assert told["found"] == [weights_before(run, v["update"]) for v in visits]
    assert told["runs"][0]["losses"] == run.losses.tobytes().hex()


def test_points_of_pictures_may_be_of_either_type(folder: Path) -> None:
    described = first().to_dict()
    described["options"] |= {"dtype": "float64", "epochs": 2}
    asked, _ = told_to(folder, "points", described)
    ((single, double),) = answers(folder, ("maps", {"run": asked, "points": [0.5, -0.25, 1.0, 0.125]}))
    assert single == double and len(single) == 2 * 16


def test_r2_is_that_of_python_and_does_not_count_rows_that_are_left_out(folder: Path) -> None:
    described = suits("diabetes").to_dict()
    described["options"] |= {"epochs": 3}
    described["without"] = list(range(0, 300, 2))
    asked, run = told_to(folder, "scored", described)
    assert run is not None
    (mark,) = answers(folder, ("measured_run", asked))
    kept = np.setdiff1d(np.arange(run.examples.rows), described["without"])
    expected = run.evaluate(run.examples.X[kept], run.examples.Y[kept])
    assert mark["update"] == run.updates
    assert mark["train"] == pytest.approx({"loss": expected["loss"], "quality": expected["r2"]}, rel=1e-5)
    assert mark["test"]["quality"] == pytest.approx(run.history[-1]["validation_r2"], rel=1e-5)


def test_emulated_programs_are_others(folder: Path) -> None:
    structure = scenarios.read(first().to_dict()).structure
    for emulated in (False, True):
        kit = make_kit(structure.network, structure.loss, structure.optimizer, structure.dtype, emulated=emulated)
        (folder / f"{emulated}.kit").write_bytes(kit)
    if not _fuses(folder):
        pytest.skip("this Node has no fused multiply-add in WebAssembly: it opens one of the two")
    ((one, other),) = answers(folder, ("kits", ["False.kit", "True.kit"]))
    assert one[0] != other[0] and (one[1], other[1]) == (False, True)


def test_a_run_that_diverges_ends_at_the_same_update(folder: Path) -> None:
    described = suits("diabetes").to_dict()
    described["optimizer"] = {"rule": "SGD", "learning_rate": 1e18}
    described["options"] |= {"epochs": 3}
    asked, run = told_to(folder, "wild", described)
    assert run is not None and run.outcome.divergence is not None
    (told,) = answers(folder, ("travel", {"runs": [asked], "visits": [{"run": 0, "update": 0}, {"run": 0, "update": 1}]}))
    (found,) = told["runs"]
    assert found["diverged"] == run.outcome.divergence.update
    assert told["found"][1] == weights_before(run, 1)
