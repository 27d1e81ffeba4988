"""Figures show what is there: lines are the losses, bars add up to the change, pictures are the weights."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pytest

import learnloop as ll
from learnloop.errors import DescriptionError, LearnloopError, UnknownName
from learnloop.runs import Insight, Insights
from learnloop.runs.plots import plot_change, plot_compare, plot_life, plot_run, plot_weights
from runs.visited import run_of, traveller_of

matplotlib = pytest.importorskip("matplotlib")
SGD = ll.SGD(0.1, momentum=0.9)


def drawn(figure) -> bytes:  # type: ignore[no-untyped-def]
    """The picture; drawing finds what is wrong with it."""
    picture = figure._repr_png_()
    assert picture.startswith(b"\x89PNG")
    return picture


@cache
def digits() -> ll.Run:
    X, y = ll.datasets.load("digits").standardised()
    return ll.train(ll.mlp(64, 16, 10), X, y, epochs=3, validation=0.2, progress=False)


def test_lines_are_the_losses() -> None:
    run = digits()
    loss, accuracy = plot_run(run, insights=False).axes
    single, mean, held = loss.lines
    assert np.array_equal(single.get_xdata(), range(run.updates))
    assert np.array_equal(single.get_ydata(), run.losses)
    per_epoch = run.updates_per_epoch
    assert mean.get_ydata()[-1] == pytest.approx(run.losses[-per_epoch:].mean(), rel=1e-6)
    assert mean.get_ydata()[2] == pytest.approx(run.losses[:3].mean(), rel=1e-6)
    assert list(held.get_ydata()) == [h["validation_loss"] for h in run.history]
    assert list(held.get_xdata()) == [per_epoch - 1, 2 * per_epoch - 1, 3 * per_epoch - 1]
    assert list(accuracy.lines[0].get_ydata()) == [h["validation_accuracy"] for h in run.history]
    drawn(loss.figure)


def test_r2_of_numbers() -> None:
    X, y = ll.datasets.load("diabetes").standardised()
    run = ll.train(ll.mlp(10, 4, 1), X, (y - y.mean()) / y.std(), epochs=3, validation=0.2, progress=False)
    assert [axes.get_ylabel() for axes in plot_run(run).axes] == ["loss", "R2"]


def test_insights_are_marked() -> None:
    run = run_of(SGD)
    marks = [Insight("plateau", 3, 0, None, "", {}), Insight("dead_units", 3, 0, "$x", "", {}, "warning")]
    more = [Insight("exploding", 9, 2, None, "", {}, "problem")]
    figure = plot_run(run, Insights((*marks, *more), 10, run.updates))
    lines = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_gid() == "insight"]
    assert lines == [3, 9]
    assert [t.get_text() for t in figure.axes[0].texts] == ["1,2", "3"]
    text = figure._supxlabel.get_text()
    assert [line.split("  ")[1].split(" at")[0] for line in text.splitlines()] == ["plateau", "dead units", "exploding"]
    drawn(figure)


def test_insights_are_found_unless_told() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 8, 3), X, y, optimizer=ll.SGD(0.0), progress=False)
    assert "plateau" in plot_run(run)._supxlabel.get_text()
    assert plot_run(run, insights=False)._supxlabel is None


def test_a_run_that_came_far_has_a_logarithmic_scale() -> None:
    X, y = ll.datasets.load("iris").standardised()
    assert plot_run(run_of(SGD), False).axes[0].get_yscale() == "linear"
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(ll.mlp(4, 8, 1), X, y.astype(float), loss="mse", optimizer=ll.SGD(3.0), progress=False)
    figure = plot_run(caught.value.run)
    assert figure.axes[0].get_yscale() == "log"
    drawn(figure)


@pytest.mark.parametrize("rows", [0, 2, 100])
@pytest.mark.parametrize("optimizer", [SGD, ll.AdamW(0.02)], ids=["sgd", "adamw"])
def test_bars_add_up_to_the_change(optimizer, rows: int) -> None:  # type: ignore[no-untyped-def]
    change = traveller_of(optimizer).at(update=3).change("dense_1.weight", 1, 2)
    figure = plot_change(change, rows=rows)
    *bars, total = figure.axes[0].patches
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(names) == len(bars) + 1
    assert names[-2:] == ["rounding", "change"]
    assert [name.startswith("row ") for name in names].count(True) == min(rows, len(change.rows))
    assert sum(b.get_width() for b in bars) == pytest.approx(float(change.change), rel=1e-9)
    assert total.get_width() == float(change.change)
    ends = np.cumsum([b.get_width() for b in bars])
    assert [b.get_x() for b in bars[1:]] == pytest.approx(ends[:-1], abs=1e-12)
    for bar in bars:
        negative = bar.get_width() < 0
        assert matplotlib.colors.to_hex(bar.get_facecolor()) == ("#f59322" if negative else "#0877bd")
    drawn(figure)


def test_a_change_of_nothing() -> None:
    X, y = ll.datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 3, 3), X, y, optimizer=ll.SGD(0.0), epochs=1, progress=False)
    drawn(plot_change(run.at(0).change("dense_1.weight", 0, 0)))


def test_a_life() -> None:
    line = plot_life([0.5, 0.25, 0.125], updates=[0, 10, 20], name="w[$3]").axes[0].lines[-1]
    assert (list(line.get_xdata()), list(line.get_ydata())) == ([0, 10, 20], [0.5, 0.25, 0.125])
    drawn(plot_life([1.0]))
    for values, updates in (([], None), ([1.0], [1, 2])):
        with pytest.raises(DescriptionError, match="one update for each"):
            plot_life(values, updates=updates)


def test_pictures_are_the_weights() -> None:
    run = digits()
    figure = plot_weights(run)
    shown = [axes.images[0] for axes in figure.axes if axes.images]
    weights = run.weights["dense_1.weight"]
    assert len(shown) == 16
    for unit, image in enumerate(shown):
        assert np.array_equal(image.get_array(), weights[:, unit].reshape(8, 8))
        assert image.get_clim() == pytest.approx((-np.abs(weights).max(), np.abs(weights).max()))
    assert matplotlib.colors.to_hex(shown[0].get_cmap()(128)) == "#e8eaeb"
    drawn(figure)


def test_maps_are_the_weights() -> None:
    run = digits()
    image = plot_weights(run, "dense_2").axes[0].images[0]
    assert np.array_equal(image.get_array(), run.weights["dense_2.weight"])
    other = plot_weights(run, "dense_2", shape=(2, 8)).axes[0].images[0]
    assert np.array_equal(other.get_array(), run.weights["dense_2.weight"][:, 0].reshape(2, 8))
    inner = run_of(SGD)
    assert plot_weights(inner, "residual_1.dense_1").axes[0].images[0].get_array().shape == (5, 4)
    drawn(plot_weights(inner))


def test_weights_that_are_not_there() -> None:
    for layer in ("dropout_1", "dens"):
        with pytest.raises(UnknownName, match="layer with weights"):
            plot_weights(run_of(SGD), layer)
    with pytest.raises(DescriptionError, match="64"):
        plot_weights(digits(), shape=(8, 9))


def test_many_units_and_one_that_is_all() -> None:
    X, y = ll.datasets.load("digits").standardised()
    run = ll.train(ll.mlp(64, 70, 10), X, y, epochs=0, progress=False)
    figure = plot_weights(run)
    shown = [axes for axes in figure.axes if axes.images]
    sizes = np.linalg.norm(run.weights["dense_1.weight"], axis=0)
    assert [int(axes.get_title()) for axes in shown] == sorted(np.argsort(-sizes)[:60])
    assert "60 strongest of 70" in figure._suptitle.get_text()


def test_two_runs() -> None:
    a, b = run_of(SGD), run_of(ll.SGD(0.1))
    figure = plot_compare(a, b, ("with momentum", "without"))
    axes = figure.axes[0]
    series = [line.get_ydata() for line in axes.lines if len(line.get_xdata()) == a.updates]
    assert np.array_equal(series[0], a.losses)
    assert np.array_equal(series[2], b.losses)
    part = next(line.get_xdata()[0] for line in axes.lines if line.get_gid() == "part")
    assert part == np.flatnonzero(a.losses != b.losses)[0]
    assert [t.get_text() for t in axes.get_legend().get_texts()] == ["with momentum", "without"]
    assert plot_compare(a, a).axes[0].get_title(loc="left") == "The losses are the same"
    shorter = plot_compare(run_of(ll.SGD(0.1), epochs=3), b)
    assert shorter.axes[0].get_title(loc="left") == "The losses part at update 12"
    drawn(figure)


def test_runs_without_updates() -> None:
    empty = run_of(SGD, epochs=0)
    for draw in (lambda: plot_run(empty), lambda: plot_compare(empty, empty)):
        with pytest.raises(DescriptionError, match="no curve"):
            draw()


def test_bad_rows() -> None:
    change = traveller_of(SGD).at(update=3).change("dense_1.weight", 1, 2)
    for rows in (-1, 1.5):
        with pytest.raises(DescriptionError, match="rows"):
            plot_change(change, rows=rows)  # type: ignore[arg-type]


def test_matplotlib_is_imported_only_then_and_its_absence_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys, learnloop, learnloop.runs.plots; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(LearnloopError, match=r"pip install 'learnloop\[plot\]'"):
        plot_life([1.0])


def test_no_global_state() -> None:
    code = (
        "import sys, learnloop as ll; from learnloop.runs.plots import plot_life;"
        "plot_life([1.0]).savefig(__import__('io').BytesIO()); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
