"""Every update can be visited again, bit for bit."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

import learnloop as ll
from learnloop.errors import DataError, DescriptionError, ProgramError, UnknownName
from learnloop.runs import Traveller
from runs.visited import BODIES, data, run_of, traveller_of

ADAM = ll.AdamW(ll.Warmup(3, ll.Cosine(0.05)), clip_norm=0.5)


@pytest.mark.parametrize("body", BODIES)
def test_all_losses_and_the_last_weights(body: str) -> None:
    run = run_of(ADAM, body)
    traveller = Traveller(run)
    moments = list(traveller.moments())
    assert np.array([m.loss for m in moments]).tobytes() == run.losses.tobytes()
    for p in run.program.parameters:
        layer, _, label = p.name.rpartition(".")
        pairs = zip(moments[1:], moments[:-1], strict=True)
        assert all(
            same(m.layer(layer).parameters[label].before, b.layer(layer).parameters[label].after) for m, b in pairs
        )
        assert same(moments[-1].layer(layer).parameters[label].after, run.weights[p.name])


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("epochs", [1, 3])
def test_weights_are_those_of_a_fresh_run_that_stops_there(epochs: int) -> None:
    optimizer = ll.SGD(0.1, momentum=0.9)  # no schedule: stopping early changes nothing before
    moment = traveller_of(optimizer).at(epoch=epochs)
    for name, weights in run_of(optimizer, epochs=epochs).weights.items():
        layer, _, label = name.rpartition(".")
        assert same(moment.layer(layer).parameters[label].before, weights)


def test_any_order_and_any_memory_give_the_same_bits() -> None:
    run = run_of(ADAM)
    order = np.random.default_rng(0).permutation(run.updates).tolist()
    for memory in (0, 5000, 1 << 20):
        traveller = Traveller(run, memory=memory)
        for k in order:
            assert traveller.at(update=k).loss.tobytes() == run.losses[k].tobytes()
        kept = sum(v.nbytes for at, state in traveller._states.items() if at for v in state.values())
        assert kept <= memory


def test_rows_are_those_of_the_data() -> None:
    X, _, _ = data()
    run = run_of(ADAM, validation=0.3)
    traveller = Traveller(run)
    for epoch in range(2):
        first = epoch * run.updates_per_epoch
        moments = list(traveller.moments(first, first + run.updates_per_epoch))
        seen = np.concatenate([m.rows for m in moments])
        assert sorted(seen) == sorted(set(range(len(X))) - set(run.held_out))
        for m in moments:
            assert (m.epoch, m.rows.max() < len(X)) == (epoch, True)
            assert same(np.asarray(m.tensor("x")), X[m.rows])


def test_layers() -> None:
    X, _, _ = data()
    moment = traveller_of(ll.SGD(0.1), "plain").at(update=2)
    first, last = moment.layer("dense_1"), moment.layer("dense_2")
    x = X[moment.rows].astype(float)
    np.testing.assert_allclose(first.pre_activation, x @ first.weight + first.bias, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(first.activation, np.tanh(first.pre_activation), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(first.delta, (last.delta @ last.weight.T) * (1 - first.activation**2), atol=1e-6)
    np.testing.assert_allclose(first.weight_gradient, x.T @ first.delta, atol=1e-6)
    np.testing.assert_allclose(last.bias_gradient, last.delta.sum(0), atol=1e-6)
    np.testing.assert_allclose(first.weight_after, first.weight - 0.1 * first.weight_gradient, atol=1e-6)
    np.testing.assert_allclose(last.bias_after, last.bias - 0.1 * last.bias_gradient, atol=1e-6)
    assert same(last.activation, last.pre_activation)
    assert (moment.learning_rate, moment.layers) == (0.1, ("dense_1", "dense_2"))


def test_the_gradient_of_every_pre_activation_is_found() -> None:
    moment = traveller_of(ADAM).at(update=5)
    found = {name: set(moment.layer(name).arrays) for name in moment.layers}
    full = {"activation", "pre_activation", "delta"}
    inner = "residual_1.dense_1", "residual_1.dense_2"
    assert all(found[name] == full for name in ("dense_1", "dense_2", *inner))
    assert found["dropout_1"] == found["layer_norm_1"] == {"activation"}
    assert set(moment.layer("dense_1").terms) >= {"mW1", "vW1", "mW1_next", "vW1_next", "rateW1", "clip", "mb1"}


def test_learning_rate_follows_the_schedule() -> None:
    rates = [m.learning_rate for m in traveller_of(ADAM).moments()]
    assert rates.index(max(rates)) in (2, 3)
    assert rates[-1] < rates[5] < max(rates) <= 0.05


def test_a_moment_stays_what_it_was() -> None:
    traveller = Traveller(run_of(ADAM))
    moment = traveller.at(update=1)
    kept = moment.layer("dense_1").pre_activation.copy()
    traveller.at(update=9)
    traveller.close()
    del traveller
    gc.collect()
    assert same(kept, moment.layer("dense_1").pre_activation)
    for values in (moment.rows, moment.layer("dense_1").weight, moment.layer("dense_1").delta):
        with pytest.raises(ValueError, match="read-only"):
            values[...] = 0


def test_threads_and_closing() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 40, 3), X, y, batch_size=50, epochs=2, threads=2, progress=False)
    with Traveller(run) as traveller:
        assert [m.loss for m in traveller.moments()] == list(run.losses)
    with pytest.raises(DescriptionError, match="closed"):
        traveller.at(update=0)


def test_ends_and_epochs() -> None:
    run = run_of(ADAM)
    with Traveller(run) as traveller:
        assert traveller.updates == run.updates
        assert traveller.at(update=-1).update == run.updates - 1
        assert traveller.at(epoch=2).update == 2 * run.updates_per_epoch
        assert traveller.at(epoch=-1).epoch == 3
        assert list(traveller.moments(5, 5)) == []
        assert "update 3, epoch 0, 2 rows" in repr(traveller.at(update=3))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_run_from_a_file(tmp_path, dtype: str) -> None:  # type: ignore[no-untyped-def]
    run = run_of(ADAM, dtype=dtype)
    again = ll.load(run.save(tmp_path / "a.run"))
    assert Traveller(again).at(update=7).loss.tobytes() == run.losses[7].tobytes()


def test_up_to_the_last_finite_loss() -> None:
    X, y, _ = data()
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(ll.mlp(3, 4, 1), X, y.astype(float), loss="mse", optimizer=ll.SGD(30.0), epochs=50, progress=False)
    run = caught.value.run
    traveller = Traveller(run)
    assert [m.loss for m in traveller.moments()] == list(run.losses)
    last = traveller.at(update=-1)
    try:
        assert last.change("dense_1.weight", 0, 0).ticks
    except DescriptionError as error:
        assert "no finite number" in str(error)


def test_bad_requests() -> None:
    run = run_of(ADAM)
    traveller = traveller_of(ADAM)
    count = run.updates
    for update in (count, -count - 1, 1.5, "2", True, None):
        with pytest.raises(DescriptionError, match=f"0 to {count - 1}|either an update or an epoch"):
            traveller.at(update=update)
    for epoch in (4, -5):
        with pytest.raises(DescriptionError, match=r"epoch .* from 0 to 3"):
            traveller.at(epoch=epoch)
    with pytest.raises(DescriptionError, match="either"):
        traveller.at(update=1, epoch=1)
    for part in ((0, count + 1), (-1, 2)):
        with pytest.raises(DescriptionError, match=f"0 to {count}"):
            list(traveller.moments(*part))
    with pytest.raises(DescriptionError, match="memory"):
        Traveller(run, memory=-1)


def test_bad_names() -> None:
    moment = traveller_of(ADAM).at(update=0)
    with pytest.raises(UnknownName, match="dense_1"):
        moment.layer("dense_9")
    with pytest.raises(UnknownName, match="delta"):
        _ = moment.layer("dropout_1").delta
    with pytest.raises(UnknownName, match="bias"):
        _ = moment.layer("dropout_1").bias
    with pytest.raises(UnknownName, match="tensor"):
        moment.tensor("dZ1")


def test_runs_that_cannot_be_visited() -> None:
    run = run_of(ADAM)
    bare = ll.Run(replace(run.task, examples=None), run.outcome)
    with pytest.raises(DataError, match="does not hold its data"):
        Traveller(bare)
    with pytest.raises(DescriptionError, match="no updates to visit"):
        Traveller(run_of(ADAM, epochs=0)).at(update=0)


def test_a_loss_that_is_not_the_runs_is_refused() -> None:
    run = run_of(ADAM)
    losses = run.losses.copy()
    losses[4] = np.nextafter(losses[4], np.float32(9))
    run = ll.Run(run.task, replace(run.outcome, losses=losses))
    with pytest.raises(ProgramError, match="update 4"):
        Traveller(run).at(update=4)


def test_a_run_travels_by_itself():
    import learnloop as ll

    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 8, 3), X, y, epochs=3, progress=False)
    moment = run.at(-1)
    assert moment.loss == run.losses[-1]
    assert moment.layer("dense_1").weight_after.tobytes() == run.weights["dense_1.weight"].tobytes()
    assert run.at(epoch=1).update == run.updates_per_epoch


def test_several_threads_ask_one_run() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 6, 3), X, y, epochs=60, batch_size=4, progress=False)

    def ask(seed: int) -> bool:
        updates = np.random.default_rng(seed).integers(run.updates, size=30).tolist()
        return all(run.at(update=update).loss == run.losses[update] for update in updates)

    with ThreadPoolExecutor(3) as pool:
        assert all(pool.map(ask, range(3)))
