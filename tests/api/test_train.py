"""Training as users meet it."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

import learnloop as ll
from learnloop.train.progress import Silent

X, Y = ll.datasets.load("digits")
X = X / 16


def quick(**how):
    how = {"epochs": 2, "progress": False} | how
    return ll.train(ll.mlp(64, 16, 10), X, Y, **how)


def test_defaults_are_the_documented_ones():
    run = ll.train(ll.mlp(64, 16, 10), X, Y, progress=False)
    assert (run.options.batch_size, run.options.epochs, run.options.seed, run.options.dtype) == (32, 20, 0, "float32")
    assert run.loss.name == "cross_entropy"
    assert run.optimizer == ll.Adam(1e-3)
    assert run.evaluate(X, Y)["accuracy"] > 0.9


def test_one_loss_for_each_update_and_the_short_batch_counts():
    run = quick(batch_size=100)
    assert run.updates == 2 * 18  # 1797 rows: 17 whole batches and one of 97
    assert run.losses.shape == (36,)
    assert run.losses.dtype == np.float32


def test_the_loss_of_an_update_is_the_mean_over_its_rows():
    run = ll.train(ll.mlp(64, 16, 10), X, Y, batch_size=len(X), epochs=1, optimizer=ll.SGD(0.0), progress=False)
    assert run.losses[0] == pytest.approx(run.evaluate(X, Y)["loss"], rel=1e-6)


def test_penalties_are_not_in_the_loss():
    heavy = ll.train(ll.mlp(64, 16, 10), X, Y, epochs=1, optimizer=ll.SGD(0.0, weight_decay=10.0), progress=False)
    light = ll.train(ll.mlp(64, 16, 10), X, Y, epochs=1, optimizer=ll.SGD(0.0), progress=False)
    assert heavy.losses.tobytes() == light.losses.tobytes()


def test_no_epochs_give_the_first_weights():
    run = quick(epochs=0)
    assert run.updates == 0
    assert run.losses.shape == (0,)
    assert np.abs(run.weights["dense_1.weight"]).max() <= 1 / 8  # PyTorch's default: 1/sqrt(64)
    assert run.predict(X).shape == (len(X),)


def test_a_learning_rate_of_zero_changes_nothing():
    assert quick(optimizer=ll.SGD(0.0)).digest == quick(epochs=0).digest


def test_seeds_make_the_difference_and_nothing_else_does():
    assert quick(seed=1).digest == quick(seed=1).digest != quick(seed=2).digest


def test_weights_have_the_documented_names_and_shapes():
    net = ll.Network(64, [ll.Dense(8, "relu", name="in"), ll.Residual(ll.LayerNorm(), ll.Dense(8)), ll.Dense(10)])
    run = ll.train(net, X, Y, epochs=0, progress=False)
    shapes = {name: values.shape for name, values in run.weights.items()}
    assert shapes == {
        "in.weight": (64, 8), "in.bias": (8,),
        "residual_1.layer_norm_1.weight": (8,), "residual_1.layer_norm_1.bias": (8,),
        "residual_1.dense_1.weight": (8, 8), "residual_1.dense_1.bias": (8,),
        "dense_2.weight": (8, 10), "dense_2.bias": (10,),
    }  # fmt: skip


@pytest.mark.parametrize("validation", [0.25, (X[:100], Y[:100])])
def test_validation(validation):
    run = quick(validation=validation)
    assert [e["epoch"] for e in run.history] == [1.0, 2.0]
    assert set(run.history[0]) == {"epoch", "loss", "validation_loss", "validation_accuracy"}
    if run.held_out is not None:
        assert len(run.held_out) == pytest.approx(0.25 * len(X), abs=10)
        measured = run.evaluate(X[run.held_out], Y[run.held_out])
        assert measured["loss"] == pytest.approx(run.history[-1]["validation_loss"], rel=1e-12)


def test_rows_of_weight_zero_teach_nothing():
    wrong = np.where(np.arange(len(X)) % 2, Y, (Y + 1) % 10)
    weights = (np.arange(len(X)) % 2).astype(float)
    run = ll.train(ll.mlp(64, 32, 10), X, wrong, sample_weight=weights, epochs=10, progress=False)
    assert run.evaluate(X, Y)["accuracy"] > 0.9


def test_a_batch_of_weight_zero_has_loss_zero_and_no_gradient():
    weights = np.ones(len(X))
    first = ll.train(ll.mlp(64, 4, 10), X, Y, batch_size=1, epochs=1, optimizer=ll.SGD(0.1), progress=False)
    rows = [int(np.flatnonzero(weights)[0])]
    weights[rows] = 0
    run = ll.train(
        ll.mlp(64, 4, 10), X, Y, batch_size=1, epochs=1, optimizer=ll.SGD(0.1), sample_weight=weights, progress=False
    )
    assert (run.losses == 0).sum() == 1
    assert np.isfinite(first.losses).all()


def test_binary_classes():
    Xb, yb = ll.datasets.load("moons")
    run = ll.train(ll.mlp(2, 16, 1, activation="tanh"), Xb, yb, epochs=60, optimizer=ll.Adam(0.01), progress=False)
    assert run.loss.name == "binary_cross_entropy"
    shares = run.predict_proba(Xb)
    assert shares.shape == (len(Xb), 2)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert set(run.predict(Xb)) == {0, 1}
    assert ((shares[:, 1] > 0.5) == (run.predict(Xb) == 1)).all()
    assert run.evaluate(Xb, yb)["accuracy"] > 0.95


def test_several_yes_or_no_outputs():
    targets = np.stack([Y % 2, Y > 4], axis=1).astype(float)
    run = ll.train(ll.mlp(64, 32, 2), X, targets, loss="binary_cross_entropy", epochs=10, progress=False)
    assert run.predict(X).shape == run.predict_proba(X).shape == (len(X), 2)
    assert run.evaluate(X, targets)["accuracy"] > 0.9


def test_values():
    Xs, ys = ll.datasets.load("sine")
    run = ll.train(ll.mlp(1, 32, 1, activation="tanh"), Xs, ys, epochs=300, optimizer=ll.Adam(0.01), progress=False)
    assert run.loss.name == "mse"
    assert run.predict(Xs).shape == (len(Xs),)
    assert run.evaluate(Xs, ys)["r2"] > 0.9
    with pytest.raises(ll.errors.DescriptionError, match="no classes"):
        run.predict_proba(Xs)


def test_several_values():
    Xs, ys = ll.datasets.load("sine")
    run = ll.train(ll.mlp(1, 8, 3), Xs, np.stack([ys, -ys, 2 * ys], axis=1), epochs=1, progress=False)
    assert run.predict(Xs).shape == (len(Xs), 3)


def test_probabilities_of_classes():
    run = quick()
    shares = run.predict_proba(X)
    assert shares.shape == (len(X), 10)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-6)
    assert (shares.argmax(axis=1) == run.predict(X)).all()


def test_not_every_class_needs_to_occur():
    few = Y < 3
    run = ll.train(ll.mlp(64, 8, 10), X[few], Y[few], epochs=1, progress=False)
    assert run.predict_proba(X[:5]).shape == (5, 10)


def test_one_row_and_one_column():
    run = ll.train(ll.mlp(1, 3, 2), [[0.5]], [1], epochs=3, progress=False)
    assert run.updates == 3
    assert run.predict([[0.5]]).shape == (1,)


def test_lists_integers_and_other_memory_orders():
    a = ll.train(ll.mlp(2, 3, 2), [[0, 1], [2, 3], [4, 5]], [0, 1, 1], epochs=2, progress=False)
    b = ll.train(
        ll.mlp(2, 3, 2),
        np.asfortranarray([[0.0, 1], [2, 3], [4, 5]]),
        np.array([0, 1, 1], np.int8),
        epochs=2,
        progress=False,
    )
    assert a.digest == b.digest


def test_the_data_is_left_alone():
    X32 = np.ascontiguousarray(X, np.float32)
    before = X32.copy()
    run = ll.train(ll.mlp(64, 4, 10), X32, Y, epochs=1, progress=False)
    assert (before == X32).all()
    X32 *= 100
    assert (before == run.examples.X).all()  # and what becomes of it later changes nothing


def test_runs_can_be_copied_and_pickled():
    import copy
    import pickle

    run = quick()
    for again in (pickle.loads(pickle.dumps(run)), copy.deepcopy(run)):  # noqa: S301
        assert again.digest == run.digest
        assert again.predict_proba(X[:20]).tobytes() == run.predict_proba(X[:20]).tobytes()


def test_a_row_of_weight_zero_may_be_as_wrong_as_it_likes():
    Xd, yd = ll.datasets.load("diabetes").standardised()
    targets, weights = yd / 100, np.ones(len(yd))
    targets[0], weights[0] = 1e30, 0
    run = ll.train(ll.mlp(10, 4, 1), Xd, targets, sample_weight=weights, epochs=2, progress=False)
    assert np.isfinite(run.losses).all()


def test_held_rows_need_a_weight():
    weights = np.ones(len(X))
    weights[quick(validation=0.2).held_out] = 0
    with pytest.raises(ll.errors.DataError, match="held out"):
        quick(sample_weight=weights, validation=0.2)


class _Stop(Silent):
    """Presses Ctrl-C after some updates."""

    def show(self, update, loss, extra):
        if update > 200:
            raise KeyboardInterrupt


def test_ctrl_c_keeps_what_was_learnt():
    run = quick(epochs=100000, progress=_Stop())
    assert run.interrupted
    assert 200 < run.updates < 100000 * 57
    assert len(run.losses) == run.updates
    again = quick(epochs=-(-run.updates // 57))
    assert again.losses[: run.updates].tobytes() == run.losses.tobytes()


def test_ctrl_c_from_the_keyboard():
    code = """
        import learnloop as ll
        X, y = ll.datasets.load("digits")
        print("go", flush=True)
        run = ll.train(ll.mlp(64, 64, 10), X, y, epochs=1000000, threads=THREADS, progress=False)
        print("interrupted" if run.interrupted else "ran through", run.updates > 0, flush=True)
    """
    for threads in (1, 2):
        text = textwrap.dedent(code).replace("THREADS", str(threads))
        child = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        time.sleep(3)
        begin = time.monotonic()
        child.send_signal(signal.SIGINT)
        said, _ = child.communicate(timeout=60)
        assert said == "interrupted True\n"
        assert time.monotonic() - begin < 20


def test_a_loss_that_blows_up():
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(ll.mlp(64, 16, 10), X * 1e6, Y, optimizer=ll.SGD(1e20), epochs=5, progress=False)
    error = caught.value
    assert isinstance(error, ValueError)
    assert error.layer in ("dense_1", "dense_2")
    assert f"update {error.update}" in str(error)
    run = error.run
    assert len(run.losses) == error.update
    assert np.isfinite(run.losses).all()
    assert all(np.isfinite(values).all() for values in run.weights.values())


def test_the_weights_after_blowing_up_are_those_of_the_last_finite_loss():
    net = ll.mlp(10, 8, 1)
    Xd, yd = ll.datasets.load("diabetes").standardised()
    how = {"optimizer": ll.SGD(3.0), "epochs": 400, "batch_size": 50, "progress": False}
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(net, Xd, yd / 100, **how)
    run, last = caught.value.run, caught.value.update - 1
    assert last > 0
    rows = None
    from learnloop.train.engine import Engine

    assert isinstance(run._compiled[1].view("loss").item(), float)
    engine = Engine(run.program, run._compiled[0], run.examples, rows, 50, 10**4, 0, dict(run.program.options), 1)
    list(engine.advance(last))
    assert {k: v.tobytes() for k, v in engine.memory.weights().items()} == {
        k: v.tobytes() for k, v in run.weights.items()
    }


@pytest.mark.parametrize("threads", [1, 2])
def test_a_loss_that_is_no_number_updates_nothing(threads):
    from learnloop.compile import compile_program
    from learnloop.program import build
    from learnloop.rules import LOSSES
    from learnloop.train.engine import Engine
    from learnloop.train.examples import check_examples

    Xb, yb = ll.datasets.load("moons")
    net, loss = ll.mlp(2, 4, 1), LOSSES["binary_cross_entropy"]
    program = build(net, loss, ll.Adam(1e30))
    examples = check_examples(net, loss, Xb, yb, None, "float32")
    engine = Engine(program, compile_program(program), examples, None, 32, 50, 0, dict(program.options), threads)
    before = {}
    for update in range(50):
        before = engine.memory.snapshot()
        list(engine.advance(update + 1))
        if engine.diverged:
            break
    assert engine.diverged
    assert {k: v.tobytes() for k, v in engine.memory.snapshot().items()} == {k: v.tobytes() for k, v in before.items()}
    engine.close()


def test_the_layer_that_made_the_first_value_that_is_no_number():
    Xb, yb = ll.datasets.load("moons")
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(ll.mlp(2, 4, 1), Xb, yb, optimizer=ll.SGD(1e30), epochs=5, progress=False)
    assert caught.value.layer == "dense_2"
    net = ll.Network(2, [ll.Dense(4, ll.Activation("log", "log(z)")), ll.Dense(1)])
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(net, Xb, yb, epochs=1, progress=False)
    assert caught.value.update == 0
    assert "dense_1" in str(caught.value)
    assert "a1" in str(caught.value)


def test_numbers_of_numpy_become_plain_ones(tmp_path):
    net = ll.Network(
        np.int64(64), [ll.Dense(np.int16(8), "relu"), ll.Dropout(np.float32(0.25)), ll.Dense(np.uint8(10))]
    )
    assert net == ll.Network(64, [ll.Dense(8, "relu"), ll.Dropout(0.25), ll.Dense(10)])
    assert ll.mlp(np.int64(64), np.int32(10)) == ll.mlp(64, 10)
    optimizer = ll.AdamW(
        np.float32(0.5), betas=(np.float64(0.5), 0.75), decoupled=np.bool_(False), clip_norm=np.longdouble(2)
    )
    assert optimizer == ll.AdamW(0.5, betas=(0.5, 0.75), decoupled=False, clip_norm=2.0)
    assert [type(n) for n in (optimizer.schedule.learning_rate, *optimizer.betas, optimizer.clip_norm)] == [float] * 4
    how = {"batch_size": np.int64(50), "epochs": np.uint8(2), "seed": np.uint64(2**64 - 1), "threads": np.int64(1)}
    run = ll.train(net, X, Y, optimizer=optimizer, validation=np.float32(0.25), progress=False, **how)
    assert {type(n) for n in vars(run.options).values()} == {int, str}
    assert ll.load(run.save(tmp_path / "a.run")).options == run.options


def test_classes_stand_for_what_they_make():
    run = ll.train(ll.mlp(64, 1), X, Y, loss=ll.Huber, optimizer=ll.SGD, epochs=1, progress=False)
    assert run.loss == ll.Huber() and run.optimizer == ll.SGD()
    assert ll.Dense(3, weight=ll.He) == ll.Dense(3, weight=ll.He())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_rows_have_no_predictions(dtype):
    run = quick(dtype=dtype, epochs=0)
    none, shares = run.predict(X[:0]), run.predict_proba(X[:0])
    assert (none.shape, none.dtype) == ((0,), run.predict(X[:2]).dtype)
    assert (shares.shape, shares.dtype) == ((0, 10), dtype)
    values = ll.train(ll.mlp(64, 3), X, np.zeros((len(X), 3)), epochs=0, dtype=dtype, progress=False).predict(X[:0])
    assert (values.shape, values.dtype) == ((0, 3), dtype)
    with pytest.raises(ll.errors.DataError):
        run.evaluate(X[:0], Y[:0])


def test_the_end_of_an_epoch_is_shown_once():
    class Notes(Silent):
        def __init__(self):
            self.updates = []

        def show(self, update, loss, extra):
            self.updates.append((update, bool(extra)))

    for validation in (None, 0.2):
        notes = Notes()
        run = quick(epochs=3, validation=validation, progress=notes)
        seen = [update for update, _ in notes.updates]
        assert seen == sorted(set(seen)) and seen[-1] == run.updates
    assert dict(notes.updates)[run.updates_per_epoch]


def test_a_learning_rate_is_the_optimizers():
    for given, expected in [(None, ll.Adam(0.02)), ("sgd", ll.SGD(0.02)), (ll.SGD(1.0, momentum=0.9), ll.SGD(0.02, momentum=0.9))]:
        assert quick(optimizer=given, learning_rate=0.02, epochs=0).optimizer == expected
    assert quick(learning_rate=ll.Cosine(0.1), epochs=0).optimizer == ll.Adam(ll.Cosine(0.1))
    with pytest.raises(ll.errors.DescriptionError, match="learning_rate"):
        quick(learning_rate=-1)


def test_a_limit_of_0_for_gradients_is_refused():
    with pytest.raises(ll.errors.DescriptionError, match="clip_norm is 0, which would let no weight move"):
        ll.SGD(0.1, clip_norm=0.0)


def test_what_objects_say_of_themselves_is_short():
    run = quick(validation=0.2)
    moment = run.at(3)
    life = run.biography("dense_1.weight", 3, 7, stop=9)
    for found in (moment, moment.change("dense_1.weight", 3, 7), life, moment.layer("dense_1"), run):
        assert len(repr(found)) < 120 and "\n" not in repr(found)
    assert "validation accuracy" in run._repr_html_() and "Dense relu" in run._repr_html_()
