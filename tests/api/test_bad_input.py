"""One clear error for each thing that can be wrong: what, where, got, expected, how to fix."""

from __future__ import annotations

import numpy as np
import pytest

import learnloop as ll
from learnloop.errors import DataError, DataTypeError, DescriptionError, LearnloopError, UnknownName

X = np.linspace(0, 1, 20).reshape(10, 2)
Y = np.arange(10) % 2


def train(X=X, y=Y, net=None, **how):
    return ll.train(net or ll.mlp(2, 3, 2), X, y, progress=False, **({"epochs": 1} | how))


def holed(value):
    bad = X.copy()
    bad[4, 1] = value
    return bad


BAD_DATA = {
    "nan": (holed(np.nan), Y, "row 4"),
    "infinity": (holed(np.inf), Y, "row 4"),
    "too large for float32": (holed(1e300), Y, "row 4"),
    "empty": (X[:0], Y[:0], "0 rows|empty|no rows"),
    "one dimension": (X[:, 0], Y, "shape"),
    "three dimensions": (X[None], Y, "shape"),
    "columns": (X[:, :1], Y, "2"),
    "lengths": (X, Y[:7], "7"),
    "label too large": (X, np.where(np.arange(10) == 3, 2, Y), "row 3"),
    "label negative": (X, np.where(np.arange(10) == 3, -1, Y), "row 3"),
    "float labels": (X, Y + 0.5, "integer|whole"),
    "strings": (X.astype(str), Y, "string|str"),
    "objects": (X.astype(object), Y, "object"),
    "ragged": ([[1.0], [2.0, 3.0]], [0, 1], "X"),
    "complex": (X + 1j, Y, "complex"),
    "string labels": (X, Y.astype(str), r"classes, y = np\.unique\(y, return_inverse=True\)"),
    "labels as objects": (X, np.array(["a", "b"] * 5, object), r"np\.unique"),
    "floats that look like labels": (X, Y.astype(float), r"y\.astype\(int\) with loss='cross_entropy'"),
}


@pytest.mark.parametrize("case", BAD_DATA)
def test_data(case):
    bad_X, bad_y, words = BAD_DATA[case]
    loss = "cross_entropy" if case == "float labels" else None
    with pytest.raises((DataError, DataTypeError), match=words) as caught:
        train(bad_X, bad_y, loss=loss)
    text = str(caught.value)
    assert "Fix" in text or "fix" in text
    assert isinstance(caught.value, ValueError | TypeError)


def test_one_class_is_no_error():
    assert train(y=np.zeros(10, int)).evaluate(X, np.zeros(10, int))["accuracy"] >= 0


@pytest.mark.parametrize("weights", [[1.0] * 9, [-1.0] + [1.0] * 9, [np.nan] + [1.0] * 9, [0.0] * 10])
def test_row_weights(weights):
    with pytest.raises((DataError, DataTypeError), match="weight"):
        train(sample_weight=weights)


def test_targets_out_of_range_for_yes_or_no():
    with pytest.raises(DataError, match=r"row 5.*encode"):
        train(y=np.where(np.arange(10) == 5, 2.0, 0.0), net=ll.mlp(2, 3, 1), loss="binary_cross_entropy")


def test_data_given_to_a_run_is_checked_as_well():
    run = train()
    for call in (run.predict, run.predict_proba):
        with pytest.raises(DataError, match="2"):
            call(X[:, :1])
        with pytest.raises(DataError, match="row 4"):
            call(holed(np.nan))
    with pytest.raises(DataError):
        run.evaluate(X, Y[:3])


@pytest.mark.parametrize(
    ("make", "nearest"),
    [
        (lambda: ll.Dense(3, "rellu"), "relu"),
        (lambda: ll.Dense(3, weight="glorott"), "glorot"),
        (lambda: train(loss="cross_entropi"), "cross_entropy"),
        (lambda: train(optimizer="adamm"), "adam"),
        (lambda: ll.datasets.load("digitz"), "digits"),
    ],
)
def test_unknown_names_suggest_the_nearest(make, nearest):
    with pytest.raises(UnknownName, match=nearest) as caught:
        make()
    assert isinstance(caught.value, KeyError)
    assert not str(caught.value).startswith(("'", '"'))


def test_all_problems_of_a_network_at_once():
    with pytest.raises(DescriptionError) as caught:
        ll.Network(4, [ll.Dense(3, name="a"), ll.Dense(3, "softmax", name="a"), ll.Residual(ll.Dense(5)), ll.Dense(1)])
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    assert all(words in text for words in ("2 layers", "softmax", "takes 3 inputs"))


def test_all_problems_of_the_options_at_once():
    with pytest.raises(DescriptionError) as caught:
        train(batch_size=0, epochs=-1, seed=-1, threads=0, dtype="float16", validation=2.0)
    assert len(caught.value.problems) == 6


@pytest.mark.parametrize(
    "make",
    [
        lambda: ll.Dense(0),
        lambda: ll.Dense(2.5),
        lambda: ll.Dense(True),
        lambda: ll.Dense(3, name="a.b"),
        lambda: ll.Dense(3, name="a\u202eb"),
        lambda: ll.Dense(3, name="a\x9b"),
        lambda: ll.Dense(3, name="a" * 65),
        lambda: ll.Activation("a\u200b", "z*z"),
        lambda: ll.Dense(3, ll.Activation),
        lambda: ll.mlp(2, 3, 1, output="softmax"),
        lambda: train(loss=ll.Network),
        lambda: ll.Dropout(1.0),
        lambda: ll.Dropout(-0.1),
        lambda: ll.LayerNorm(epsilon=-1),
        lambda: ll.Residual(),
        lambda: ll.SGD(-0.1),
        lambda: ll.SGD(float("nan")),
        lambda: ll.SGD(0.1, nesterov=True),
        lambda: ll.SGD(0.1, momentum=2),
        lambda: ll.Adam(betas=(0.9,)),
        lambda: ll.Adam(betas=(0.9, 1.0)),
        lambda: ll.Adam(clip_norm=-1),
        lambda: ll.Cosine(0.1, updates=0),
        lambda: ll.Warmup(0),
        lambda: ll.Warmup(5, ll.Warmup(5)),
        lambda: ll.Huber(0),
        lambda: ll.Normal(-1),
        lambda: ll.Network(0, [ll.Dense(1)]),
        lambda: ll.Network(3, []),
        lambda: ll.Network(3, ["relu"]),
        lambda: ll.Network(3, ll.Dense(1)),
        lambda: ll.mlp(3),
        lambda: train(net="mlp"),
        lambda: train(loss=3),
        lambda: train(optimizer=0.1),
        lambda: train(validation="a"),
        lambda: train(target="avx1024"),
        *[lambda make=make: make(10**5000) for make in (
            ll.SGD, ll.Cosine, ll.Warmup, ll.Uniform, ll.Dense, ll.mlp, ll.Huber,
            lambda n: ll.mlp(n, n), lambda n: ll.Warmup(3, n), lambda n: ll.Adam(betas=(n, n)), lambda n: train(seed=n),
            lambda n: train(batch_size=n), lambda n: train(validation=n), lambda n: train(loss=n), lambda n: train(dtype=n),
            lambda n: ll.Network(3, [n]), lambda n: ll.datasets.load("moons", rows=n, noise=n),
        )],
    ],
)  # fmt: skip
def test_arguments_are_refused_when_they_are_given(make):
    with pytest.raises(LearnloopError) as caught:
        make()
    assert isinstance(caught.value, DescriptionError)
    assert (
        "expected" in str(caught.value)
        or "Fix" in str(caught.value)
        or ";" in str(caught.value)
        or "." in str(caught.value)
    )


def test_a_loss_that_does_not_fit_the_output():
    for net, loss in [(ll.mlp(2, 3, 2, output="softmax"), "cross_entropy"), (ll.mlp(2, 3, 1, output="sigmoid"), "binary_cross_entropy"),
                      (ll.mlp(2, 3, 1), "cross_entropy")]:  # fmt: skip
        with pytest.raises(DescriptionError, match="Fix"):
            train(net=net, loss=loss, y=np.zeros(10, int))


@pytest.mark.parametrize("data", [(X, Y), (X, Y.astype(float)), (X[:, :1], Y)])
def test_one_output_for_several_classes_is_told_before_the_data_are_looked_at(data):
    with pytest.raises(DescriptionError, match="Fix: one output for each class"):
        train(*data, net=ll.mlp(2, 3, 1), loss="cross_entropy")


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("z > 0", "compares outside"), ("1 + (z > 0)", "compares outside"), ("where(z, 1, 2)", "no comparison as the"),
        ("3", "the same whatever z is"), ("z*0", "the same whatever z is"), ("z/0", "divides by zero"),
        ("where(z > 0, z, 1/(2 - 2))", "cannot be read|divides by zero"), ("relu(z)", "the unknown function 'relu'"),
        ("z + inf", "not finite"), ("uniform(0, 0, 0, 0)*z", "random"), ("sum(z)", "sum"), ("z = 3", "cannot be read"),
        ("y", "unknown name 'y'"), ("z**2", "operator"), ("", "no text"), (3, "no text"),
    ],
)  # fmt: skip
def test_an_activation_that_is_no_function_of_z(value, why):
    with pytest.raises(DescriptionError, match=why) as caught:
        ll.Activation("mine", value)
    assert all(part in str(caught.value) for part in ("'z*sigmoid(z)'", "where(z > 0, a, b)", "softplus"))


def test_weights_that_leave_nothing_to_measure():
    with pytest.raises(DataError, match="row weights are all 0") as caught:
        train().evaluate(X, Y, sample_weight=np.zeros(10))
    assert "learn" not in str(caught.value)


def test_validation_that_leaves_nothing():
    with pytest.raises(DataError):
        train(X[:1], Y[:1], validation=0.5)
