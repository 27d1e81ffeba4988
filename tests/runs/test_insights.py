"""Every kind of insight comes from a real training, and its numbers are those of the run; a healthy run has none."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import numpy as np
import pytest

import learnloop as ll
from learnloop.rules import Initializer
from learnloop.runs import Insight, Insights, Traveller, insights
from learnloop.runs.courses import blocks, growth, rises_above_best


@dataclass(frozen=True)
class Below(Initializer):
    """A bias that keeps every unit off."""

    template: ClassVar[str] = "0 - {scale!r}"

    def scale(self, fan_in: int, fan_out: int) -> float:
        return 50.0


def trained(*args, **options) -> ll.Run:  # type: ignore[no-untyped-def]
    """A run, or what is left of one that diverged."""
    try:
        return ll.train(*args, progress=False, **options)
    except ll.errors.Diverged as error:
        return error.run


@cache
def iris() -> tuple[np.ndarray, np.ndarray]:
    return ll.datasets.load("iris").standardised()


@cache
def exploding() -> ll.Run:
    X, y = iris()
    return trained(ll.mlp(4, 8, 1), X, y.astype(float), loss="mse", optimizer=ll.SGD(3.0))


@cache
def vanishing() -> ll.Run:
    network = ll.mlp(4, *[8] * 8, 3, activation="sigmoid")
    return trained(network, *iris(), optimizer=ll.SGD(0.1), epochs=50)


def one(run: ll.Run, kind: str) -> Insight:
    """The insight of a kind, of which there is exactly one."""
    found = insights(run).of(kind)
    assert len(found) == 1, str(insights(run))
    assert found[0].epoch == found[0].update // run.updates_per_epoch
    return found[0]


def gradients(run: ll.Run, update: int) -> dict[str, np.ndarray]:
    """The gradients of the weights by layer, in float64."""
    moment = run.at(update)
    return {name: moment.layer(name).weight_gradient.astype(float) for name in moment.layers}


def whole_gradient(run: ll.Run, update: int) -> float:
    moment = run.at(update)
    layers = [moment.layer(name) for name in moment.layers]
    return sum((x.astype(float) ** 2).sum() for m in layers for x in (m.weight_gradient, m.bias_gradient)) ** 0.5


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "gelu", "leaky_relu"])
def test_healthy_runs_have_no_warning(activation: str, seed: int) -> None:
    for optimizer in (ll.SGD(0.05, momentum=0.9), ll.AdamW(ll.Warmup(10, ll.Cosine(0.01)))):
        network = ll.mlp(4, 8, 3, activation=activation)
        run = trained(network, *iris(), optimizer=optimizer, seed=seed, epochs=60)
        assert not insights(run).warnings, f"{optimizer}: {insights(run)}"


def test_a_healthy_run_of_digits_has_no_warning() -> None:
    X, y = ll.datasets.load("digits").standardised()
    run = trained(ll.mlp(64, 32, 10), X, y, epochs=50)
    found = insights(run)
    assert run.updates == 2850
    assert not found.warnings
    assert 150 < found.looked < 500


def test_exploding() -> None:
    run = exploding()
    found = one(run, "exploding")
    grown = [whole_gradient(run, k) / whole_gradient(run, 0) for k in range(run.updates)]
    assert next(k for k, times in enumerate(grown) if times > 100) == found.update
    assert found.evidence["times"] == pytest.approx(grown[found.update], rel=1e-9)
    assert found.evidence["loss"] == run.losses[found.update]
    assert found.severity == "problem"
    sizes = {name: np.square(g).sum() for name, g in gradients(run, found.update).items()}
    assert found.layer == max(sizes, key=sizes.__getitem__)


def test_not_finite() -> None:
    X, y = iris()
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(ll.mlp(4, 8, 1), X, y.astype(float), loss="mse", optimizer=ll.SGD(3.0), progress=False)
    found = one(exploding(), "not_finite")
    assert (found.update, found.layer) == (caught.value.update, caught.value.layer)
    assert found.evidence["last_loss"] == caught.value.run.losses[-1]


def test_not_finite_at_the_first_update() -> None:
    X = np.full((8, 2), 3e38, np.float32)
    network = ll.Network(2, [ll.Dense(3, weight=ll.Ones()), ll.Dense(1)])
    run = trained(network, X, np.ones(8))
    assert run.updates == 0
    found = one(run, "not_finite")
    assert (found.update, found.layer, found.evidence) == (0, "dense_1", {})


@pytest.mark.parametrize("rate", [0.3, 10.0, 1e10, 1e30])
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_runs_that_end_in_infinity(activation: str, rate: float) -> None:
    X, y = iris()
    run = trained(ll.mlp(4, 8, 1, activation=activation), 10 * X, y.astype(float), loss="mse", optimizer=ll.SGD(rate))
    found = insights(run)
    assert [i.kind for i in found].count("not_finite") == 1
    assert found[-1].kind == "not_finite"
    assert not found.of("small_updates")
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert "nan" not in str(found)


def test_an_interrupted_run_has_not_diverged() -> None:
    run = exploding()
    run = ll.Run(run.task, replace(run.outcome, status="interrupted", divergence=None))
    assert not insights(run).of("not_finite")


def test_vanishing() -> None:
    run = vanishing()
    found = one(run, "vanishing")
    sizes = {name: np.sqrt(np.square(g).mean()) for name, g in gradients(run, found.update).items()}
    smallest = min(sizes, key=sizes.__getitem__)
    assert found.layer == smallest == "dense_1"
    assert found.evidence["gradient"] == pytest.approx(sizes[smallest])
    assert found.evidence["times"] == pytest.approx(max(sizes.values()) / sizes[smallest])
    assert found.evidence["times"] > 1000


def test_large_updates() -> None:
    run = trained(ll.mlp(4, 8, 3, activation="tanh"), *iris(), optimizer=ll.Adam(1.0), epochs=10)
    found = one(run, "large_updates")
    layer = run.at(found.update).layer(found.layer)
    ratio = np.linalg.norm(layer.weight_after.astype(float) - layer.weight) / np.linalg.norm(layer.weight)
    assert found.evidence["ratio"] == pytest.approx(ratio, rel=1e-6)
    assert (ratio > 0.5, found.severity) == (True, "warning")


@pytest.mark.parametrize("rate", [0.0, 1e-7])
def test_small_updates(rate: float) -> None:
    run = trained(ll.mlp(4, 8, 3), *iris(), optimizer=ll.SGD(rate))
    found = one(run, "small_updates")
    layer = run.at(found.update).layer(found.layer)
    ratio = np.linalg.norm(layer.weight_after.astype(float) - layer.weight) / np.linalg.norm(layer.weight)
    assert found.evidence["ratio"] == pytest.approx(ratio, rel=1e-5)
    assert (found.update, ratio < 1e-6, found.severity) == (0, True, "warning")


def test_small_updates_at_the_end_are_a_note() -> None:
    X, y = ll.datasets.load("xor")
    run = trained(ll.mlp(2, 8, 1, activation="tanh"), X, y, optimizer=ll.Adam(ll.Cosine(0.05)), epochs=3000)
    found = one(run, "small_updates")
    assert found.severity == "note"
    assert found.update > run.updates / 2
    assert found.evidence["loss"] < 0.5 * found.evidence["start"]


def test_units_that_are_dead_from_the_beginning() -> None:
    network = ll.Network(4, [ll.Dense(8, "relu", bias=Below()), ll.Dense(3)])
    run = trained(network, *iris(), optimizer=ll.SGD(0.01))
    found = one(run, "dead_units")
    assert (found.update, found.layer, found.severity) == (0, "dense_1", "problem")
    assert (found.evidence["dead"], found.evidence["units"]) == (8, 8)
    assert 128 <= found.evidence["rows"] <= 160
    assert not insights(run).of("vanishing")


def test_units_that_die() -> None:
    run = trained(ll.mlp(4, 12, 3), *iris(), optimizer=ll.SGD(1.5, momentum=0.9), epochs=30, seed=1)
    found = one(run, "dead_units")
    stuck = [(run.at(k).layer(found.layer).activation == 0).all(axis=0) for k in range(run.updates)]
    assert 0 < found.update < found.evidence["until"]
    stretch = np.all(stuck[found.update : int(found.evidence["until"]) + 1], axis=0)
    assert stretch.sum() == found.evidence["dead"] >= 6
    assert not stuck[found.update - 1][stretch].all()


def test_saturated_units() -> None:
    network = ll.Network(4, [ll.Dense(8, "tanh", weight=ll.Normal(10.0)), ll.Dense(3)])
    run = trained(network, *iris(), epochs=30)
    found = one(run, "saturated_units")
    activation = run.at(found.update).layer("dense_1").activation.astype(float)
    flat = (1 - activation**2 < 5e-3).mean(axis=0) >= 0.9
    assert found.evidence["saturated"] == flat.sum() >= 4
    assert found.evidence["activation"] == pytest.approx(np.abs(activation).mean())


@cache
def learnt_by_heart() -> ll.Run:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 10)), rng.integers(0, 3, 60)
    return trained(ll.mlp(10, 64, 3), X, y, epochs=100, validation=0.4, optimizer=ll.Adam(0.01))


def test_overfitting() -> None:
    run = learnt_by_heart()
    found = one(run, "overfitting")
    held = [h["validation_loss"] for h in run.history]
    assert found.epoch == int(np.argmin(held))
    assert found.evidence["validation_before"] == min(held)
    until = int(found.evidence["until_epoch"])
    assert found.evidence["validation_after"] == held[until] > 1.1 * min(held)
    assert found.evidence["train_after"] == run.history[until]["loss"] < found.evidence["train_before"]


def test_plateau() -> None:
    stuck = one(trained(ll.mlp(4, 8, 3), *iris(), optimizer=ll.SGD(0.0)), "plateau")
    assert (stuck.update, stuck.severity) == (0, "warning")
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))
    run = trained(ll.mlp(3, 1), X, X[:, 0] + 0.3 * rng.normal(size=200), optimizer=ll.SGD(0.1), epochs=40)
    levelled = insights(run).of("plateau")[0]
    first, last = int(levelled.evidence["from"]), int(levelled.evidence["to"])
    middle = (first + last + 1) // 2
    assert levelled.severity == "note"
    assert levelled.evidence["before"] == pytest.approx(run.losses[first:middle].mean(), rel=1e-6)
    assert levelled.evidence["after"] == pytest.approx(run.losses[middle : last + 1].mean(), rel=1e-6)
    assert run.losses[: run.updates_per_epoch].mean() > 2 * levelled.evidence["before"]


def test_a_jump_of_the_loss_is_seen_between_two_looks() -> None:
    run = exploding()
    only = insights(run, looks=2)
    assert [(i.kind, i.update) for i in only if i.kind == "exploding"] == [("exploding", one(run, "exploding").update)]


def test_a_run_without_data_is_judged_by_its_losses() -> None:
    whole = exploding()
    found = insights(ll.Run(replace(whole.task, examples=None), whole.outcome))
    assert [(i.kind, i.layer) for i in found] == [("not_finite", whole.outcome.divergence.layer)]
    assert found.looked == 0


def test_the_same_run_says_the_same() -> None:
    run = vanishing()
    with Traveller(run, memory=0) as traveller:
        assert insights(run, traveller).to_dict() == insights(run).to_dict()


def test_forms() -> None:
    found = insights(vanishing())
    assert all(len(line) <= 80 for line in str(found).splitlines())
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))["insights"][0]["kind"] == found[0].kind
    assert str(found[0]).startswith(f"update {found[0].update} (epoch {found[0].epoch})")
    assert len(found) == len(list(found)) == len(found[:])
    assert json.dumps(insights(exploding()).to_dict(), allow_nan=False)


def test_names_are_no_markup() -> None:
    name = "<script>alert(1)</script>"
    network = ll.Network(4, [ll.Dense(8, "relu", bias=Below(), name=name), ll.Dense(3)])
    found = insights(trained(network, *iris(), epochs=5))
    for shown in (found._repr_html_(), *(i._repr_html_() for i in found)):
        assert "<script" not in shown
    assert html.escape(name) in found._repr_html_()


def test_runs_without_updates() -> None:
    run = trained(ll.mlp(4, 8, 3), *iris(), epochs=0)
    assert insights(run) == Insights((), 0, 0)


def test_too_few_looks() -> None:
    for looks in (1, 2.5, "all"):
        with pytest.raises(ll.errors.DescriptionError, match="looks"):
            insights(vanishing(), looks=looks)  # type: ignore[arg-type]


def test_growth() -> None:
    losses = np.array([2.0, 1.0, 1.0, 250.0, 1.0, 1.9])
    assert growth(losses, 2).tolist() == [0, 0, 0, 250, 0, 0]
    assert growth(np.array([0.0, 5.0]), 3).tolist() == [0, 0]
    assert growth(np.array([]), 3).tolist() == []


def test_blocks() -> None:
    size, means = blocks(np.arange(100.0), 5)
    assert (size, len(means), means[0]) == (5, 20, 2.0)
    size, means = blocks(np.arange(100.0), 50)
    assert (size, len(means)) == (4, 25)
    size, means = blocks(np.arange(1000.0), 1)
    assert (size, len(means)) == (17, 58)


def test_rises() -> None:
    assert rises_above_best([3, 2, 1, 1], [1, 2, 0.5, 0.6]) == pytest.approx([0, 1, 0, 0])
    assert rises_above_best([1, 2], [1, 2]) == [0, 0]
