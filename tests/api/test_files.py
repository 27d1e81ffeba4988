"""Runs as files: everything comes back, nothing damaged is read, nothing in them runs."""

from __future__ import annotations

import json
import random
import stat
from dataclasses import dataclass

import numpy as np
import pytest

import learnloop as ll
from learnloop.errors import DataError, DescriptionError, FileError
from learnloop.files import write
from learnloop.rules import Layer, MeanSquaredError


@pytest.fixture(scope="module")
def run():
    X, y = ll.datasets.load("iris").standardised()
    net = ll.Network(4, [ll.Dense(6, "tanh", name="größe"), ll.Residual(ll.LayerNorm(), ll.Dense(6)), ll.Dense(3)])
    return ll.train(
        net, X, y, epochs=3, validation=0.2, optimizer=ll.AdamW(ll.Warmup(2, ll.Cosine(0.01))), progress=False
    )


@pytest.fixture(scope="module")
def blob(run, tmp_path_factory):
    path = tmp_path_factory.mktemp("file") / "a.run"
    run.save(path)
    return path.read_bytes()


def test_everything_comes_back(run, tmp_path):
    again = ll.load(run.save(tmp_path / "a.run"))
    assert again.digest == run.digest
    assert again.network == run.network
    assert again.loss == run.loss
    assert again.optimizer == run.optimizer
    assert again.options == run.options
    assert again.losses.tobytes() == run.losses.tobytes()
    assert list(again.history) == list(run.history)
    assert {k: v.tobytes() for k, v in again.state.items()} == {k: v.tobytes() for k, v in run.state.items()}
    assert again.data_digest == run.data_digest
    assert again.program.digest == run.program.digest
    assert again.source == run.source
    X = run.examples.X
    assert again.predict_proba(X).tobytes() == run.predict_proba(X).tobytes()


def test_large_data_stays_outside(run, tmp_path, monkeypatch):
    monkeypatch.setattr("learnloop.run.WITH_DATA", 10)
    again = ll.load(run.save(tmp_path / "a.run"))
    assert again.examples is None
    assert again.digest == run.digest


def test_every_truncation_is_refused(blob, tmp_path, full):
    path = tmp_path / "short.run"
    sizes = range(len(blob)) if full else sorted(random.Random(0).sample(range(len(blob)), 60))
    for size in sizes:
        path.write_bytes(blob[:size])
        with pytest.raises(FileError):
            ll.load(path)


def test_every_flipped_byte_is_refused_or_harmless(run, blob, tmp_path, full):
    path = tmp_path / "flipped.run"
    places = range(len(blob)) if full else sorted({*range(16), *random.Random(1).sample(range(len(blob)), 250)})
    for place in places:
        flipped = bytearray(blob)
        flipped[place] ^= 1 << (place % 8)
        path.write_bytes(flipped)
        try:
            again = ll.load(path)
        except FileError:
            continue
        assert again.digest == run.digest  # a byte between the parts, that nobody reads
        assert again.describe() == run.describe()


def test_what_is_no_run(tmp_path):
    for name, content in [("empty", b""), ("text", b"hello"), ("pickle", b"\x80\x04K\x01."), ("long", b"\xff" * 100)]:
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(FileError, match=name):
            ll.load(path)
    with pytest.raises(FileError, match="no file"):
        ll.load(tmp_path / "missing")
    with pytest.raises(FileError, match="is a folder"):
        ll.load(tmp_path)


def test_another_safetensors_file_is_no_run(tmp_path):
    from safetensors.numpy import save_file

    save_file({"a": np.zeros(3)}, tmp_path / "a.safetensors")
    with pytest.raises(FileError, match="no run"):
        ll.load(tmp_path / "a.safetensors")


def test_rules_that_do_not_exist_are_refused(run, tmp_path):
    from safetensors.numpy import save_file

    from learnloop.files import FORMAT, _seal

    text = json.dumps(run.describe() | {"task": run.describe()["task"] | {"loss": {"rule": "os.system"}}})
    tensors = {"losses": np.zeros(1)}
    save_file(tensors, tmp_path / "a.run", {"format": FORMAT, "run": text, "sha256": _seal(text, tensors)})
    with pytest.raises(FileError, match=r"os\.system") as caught:
        ll.load(tmp_path / "a.run")
    assert ".." not in str(caught.value)


@dataclass(frozen=True)
class Same(Layer):
    def write(self, writer, x):
        return x


class Dense(ll.Dense):  # a name alone makes no rule of learnloop's
    pass


class Halves(MeanSquaredError):
    value = "0.5*(z - y)*(z - y)"


@pytest.mark.parametrize(
    ("layer", "loss"), [(Same(), "mse"), (Dense(2), "mse"), (ll.Residual(Same()), "mse"), (ll.Dense(2), Halves())]
)
def test_rules_of_ones_own_are_refused_before_anything_is_written(tmp_path, layer, loss):
    net = ll.Network(2, [layer, ll.Dense(1)])
    run = ll.train(net, np.zeros((4, 2)), np.zeros(4), loss=loss, epochs=1, progress=False)
    with pytest.raises(DescriptionError, match=r"is a rule of your own: .* Fix: "):
        run.save(tmp_path / "a.run")
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_loses_nothing(run, tmp_path):
    path = tmp_path / "a.run"
    run.save(path)
    before = path.read_bytes()
    with pytest.raises(FileError, match="Fix"):
        run.save(tmp_path / "missing" / "a.run")
    with pytest.raises(FileError):
        run.save(tmp_path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.run"]
    assert stat.S_ISREG(path.stat().st_mode)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("data/labels", np.full(150, 3, np.int32)),
        ("data/labels", np.full(150, -1, np.int32)),
        ("data/labels", np.zeros(149, np.int32)),
        ("task/rows", np.array([0, 150])),
        ("task/rows", np.array([-1])),
        ("data/X", np.zeros((150, 3), np.float32)),
        ("weight/größe.weight", np.zeros((4, 5), np.float32)),
        ("weight/größe.weight", np.zeros((4, 6), np.float64)),
    ],
)
def test_arrays_that_a_program_must_not_trust_are_refused(run, tmp_path, name, values):

    tensors = run._tensors()
    assert name in tensors
    path = write(tmp_path / "a.run", run.describe(), tensors | {name: values})
    with pytest.raises(FileError, match="describes no run"):
        ll.load(path)


ENDS = [
    {"stand": -1}, {"stand": 10**9}, {"stand": None}, {"threads_used": 0}, {"threads_used": -1}, {"threads_used": 5000},
    {"threads_used": "x"}, {"seconds": "x"}, {"seconds": None}, {"status": "fine"}, {"status": ["finished"]}, {"target": 3},
    {"compiler": None}, {"history": [1]}, {"history": [{}]}, {"history": [{"epoch": "x"}]}, {"history": 3},
    {"divergence": {"update": "x", "layer": "a", "tensor": "b"}}, {"divergence": {"update": 1, "layer": 2, "tensor": "b"}},
    {"divergence": {"update": 1}}, {"divergence": 1},
]  # fmt: skip


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_ends_that_a_run_cannot_have_are_refused(run, tmp_path, end):
    """Threads are started, and updates walked to, as the file says."""
    description = run.describe()
    description["outcome"] |= end
    path = write(tmp_path / "a.run", description, run._tensors())
    with pytest.raises(FileError, match="describes no run"):
        ll.load(path)


def test_no_engine_goes_behind_its_last_update(run):
    with pytest.raises(ValueError, match="updates"):
        run._traveller._fast.walk(run.updates + 1)


@pytest.mark.parametrize("name", ["task/rows", "task/held"])
@pytest.mark.parametrize("change", [lambda rows: rows + 10**8, lambda rows: rows + 2**40], ids=["far", "farther"])
def test_rows_of_data_that_come_later_are_checked_then(run, tmp_path, name, change):
    tensors = {n: v for n, v in run._tensors().items() if not n.startswith("data/")}
    tensors[name] = change(tensors[name])
    found = ll.load(write(tmp_path / "a.run", run.describe(), tensors))
    with pytest.raises(DataError, match="names rows"):
        found.with_data(run.examples.X, run.examples.labels)
