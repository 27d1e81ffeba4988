"""What plots draw is what runs hold: read back from the shapes, by the marks of the axes alone."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.data import Source
from learnloop.lesson.drawing.path import flat
from learnloop.lesson.drawing.plots.confusion import STRONGEST
from learnloop.lesson.drawing.plots.scales import diverging, shade
from learnloop.lesson.drawing.scene import NARROW, WIDE, Drawer, Image, Stroke, Words
from learnloop.run import Run
from lesson.plots_runs import builtin, extremes, plot, shapes_of, train, with_losses

Array = np.ndarray[Any, np.dtype[Any]]
PIXEL = 0.02
"""Coordinates are written in hundredths."""


def number(text: str) -> float:
    """A number as people read it."""
    value = float(re.sub(r"[ \u202f\u00a0%]", "", text.replace("−", "-").replace("+", "")))
    return value / 100 if "%" in text else value


def rgba(data: bytes) -> Array:
    """The pixels of a PNG without filters, (rows, columns, 4)."""
    columns, rows = struct.unpack(">II", data[16:24])
    start = data.index(b"IDAT") + 4
    raw = np.frombuffer(zlib.decompress(data[start : start + struct.unpack(">I", data[start - 8 : start - 4])[0]]), np.uint8)
    lines = raw.reshape(rows, -1)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape(rows, columns, 4)


def scales(drawer: Drawer, width: float = WIDE) -> tuple[Any, Any]:
    """From pixels to values, across and up, by two marks of each axis."""
    said = [s for s in shapes_of(drawer, "axes", width) if isinstance(s, Words) and re.fullmatch(r"[−\d. \u202f\u00a0%]+", s.text)]
    across, up = ([s for s in said if s.anchor == anchor] for anchor in ("middle", "end"))
    return (line([s.x for s in across], [number(s.text) for s in across]), line([s.y - 4 for s in up], [number(s.text) for s in up]))


def line(pixels: list[float], values: list[float]) -> Any:
    slope = (values[-1] - values[0]) / (pixels[-1] - pixels[0])
    return lambda pixel: values[0] + (pixel - pixels[0]) * slope


def drawn(drawer: Drawer, part: str, width: float = WIDE) -> Array:
    """The values of a line, (points, 2)."""
    x, y = scales(drawer, width)
    stroke = next(s for s in shapes_of(drawer, part, width) if isinstance(s, Stroke))
    return np.array([(x(a), y(b)) for piece in flat(stroke.d) for a, b in piece])


def test_losses() -> None:
    run = train("moons", epochs=6)  # 120 updates: each has a point of its own
    found = drawn(plot("loss", run), "batch")
    np.testing.assert_allclose(found[:, 0], np.arange(run.updates), atol=0.02)
    np.testing.assert_allclose(found[:, 1], run.losses, atol=0.001)
    tested = drawn(plot("loss", run), "test")
    np.testing.assert_allclose(tested[:, 0], [h["epoch"] * run.updates_per_epoch for h in run.history], atol=0.02)
    np.testing.assert_allclose(tested[:, 1], [h["validation_loss"] for h in run.history], atol=0.001)


@pytest.mark.parametrize(("width", "most"), [(WIDE, 240), (NARROW, 110)])
def test_long_runs_are_means_of_stretches(width: float, most: int) -> None:
    run = train("moons", epochs=40)
    length = -(-run.updates // most)
    found = drawn(plot("loss", run), "batch", width)
    means = [run.losses[k : k + length].mean() for k in range(0, run.updates, length)]
    assert len(found) == len(means) <= most
    np.testing.assert_allclose(found[:, 1], means, atol=0.004)


def test_another_run_is_on_the_same_axes() -> None:
    one, other = train("moons", epochs=3), train("moons", epochs=5, rate=0.2)
    found = drawn(plot("loss", one, other, **{"with": "hot"}), "other")
    np.testing.assert_allclose(found, np.stack([np.arange(other.updates), other.losses], axis=1), atol=0.02)


def test_a_loss_that_leaves_everything_behind_leaves_the_picture() -> None:
    losses = [1.0, 1.5, 3.0, 1e9, 2e9]
    drawer = plot("loss", with_losses(losses))
    line, mark = shapes_of(drawer, "batch")
    assert isinstance(line, Stroke) and isinstance(mark, Stroke)
    found = drawn(drawer, "batch")
    assert found[0].tolist() == pytest.approx([0, 1.0], abs=0.02)
    assert found[:, 1].max() == pytest.approx(2.0, abs=0.01)  # cut at the top, between the second and the third
    assert found[-1][0] == pytest.approx(1 + (2.0 - 1.5) / (3.0 - 1.5), abs=0.02)
    assert any("2 × 10⁹ at update 4" in s.text.replace("\u00a0", " ") for s in shapes_of(drawer, "axes") if isinstance(s, Words))


def test_accuracy() -> None:
    run = train("iris", epochs=5)
    drawer = plot("accuracy", run)
    examples, held = run.task.data, run.task.held_examples
    trained, tested = drawn(drawer, "train"), drawn(drawer, "test")
    for epoch, accuracy in trained:
        state = run.state_before(round(epoch) * run.updates_per_epoch)
        there = Run(run.task, replace(run.outcome, weights={p.name: state[p.tensor] for p in run.program.parameters}))
        assert accuracy == pytest.approx((there.predict(examples.X) == examples.labels).mean(), abs=0.002)
    assert len(trained) == 6
    assert tested[-1] == pytest.approx([5, (run.predict(held.X) == held.labels).mean()], abs=0.02)
    assert len(tested) == 5


def test_r2() -> None:
    run = builtin("diabetes")
    np.testing.assert_allclose(drawn(plot("accuracy", run), "test")[:, 1], [h["validation_r2"] for h in run.history], atol=0.005)


@pytest.mark.parametrize("update", [None, 40])
@pytest.mark.parametrize("name", ["moons", "gaussians"])
def test_the_map_is_what_is_answered(name: str, update: int | None) -> None:
    run = builtin(name)
    drawer = plot("decision-map", run, **({} if update is None else {"update": str(update)}))
    if update is not None:
        state = run.state_before(update)
        run = Run(run.task, replace(run.outcome, weights={p.name: state[p.tensor] for p in run.program.parameters}), run.notes)
    [image] = [s for s in shapes_of(drawer, "map") if isinstance(s, Image)]
    pixels, (x, y) = rgba(image.png), scales(drawer)
    rows, columns, _ = pixels.shape
    assert min(rows, columns) >= 96
    source = Source.of(run)
    assert source is not None
    across, up = np.meshgrid(x(image.x + (np.arange(columns) + 0.5) / columns * image.width), y(image.y + (np.arange(rows) + 0.5) / rows * image.height))
    shares = run.predict_proba(source.inputs.transform(np.stack([across.ravel(), up.ravel()], axis=1)))
    ordered = np.sort(shares, axis=1)
    sure = ordered[:, -1] - ordered[:, -2] > 0.4
    hues = np.array([[245, 147, 34], [8, 119, 189], [31, 158, 119]], float)[: shares.shape[1]]
    near = ((pixels.reshape(-1, 1, 4)[..., :3] - hues) ** 2).sum(axis=-1).argmin(axis=1)
    assert sure.any()
    assert (near == shares.argmax(axis=1))[sure].mean() > 0.999
    assert np.corrcoef(pixels[..., 3].ravel(), ordered[:, -1] - ordered[:, -2])[0, 1] > 0.98


def test_points_are_the_rows() -> None:
    run = builtin("gaussians")
    drawer, source = plot("decision-map", run), Source.of(run)
    assert source is not None
    x, y = scales(drawer)
    circles, squares, triangles, *rest = [s for s in shapes_of(drawer, "points") if isinstance(s, Stroke)]
    assert [s.fill for s in (circles, squares, triangles)] == ["class-0", "class-1", "class-2"]
    assert [s.fill for s in rest] == ["class-0", "class-1", "class-2", None]  # the test rows, and rings around them
    data, shown = ll.datasets.load("gaussians"), np.unique(np.linspace(0, len(source.rows) - 1, 300).astype(int))
    for stroke, rows in [(circles, source.rows[shown][data.y[source.rows[shown]] == 0]), (rest[-1], source.test)]:
        middles = [(np.mean([p[0] for p in piece[:-1]]), np.mean([p[1] for p in piece[:-1]])) for piece in flat(stroke.d)]
        found = np.array([(x(a), y(b)) for a, b in middles])
        np.testing.assert_allclose(found, data.X[rows], atol=0.02)


def test_edges_lie_where_two_classes_are_as_likely() -> None:
    run = builtin("moons")
    drawer, source = plot("decision-map", run), Source.of(run)
    assert source is not None
    x, y = scales(drawer)
    [edge] = [s for s in shapes_of(drawer, "map") if isinstance(s, Stroke)]
    places = np.array([(x(a), y(b)) for piece in flat(edge.d) for a, b in piece])
    np.testing.assert_allclose(run.predict_proba(source.inputs.transform(places))[:, 0], 0.5, atol=0.02)


def test_bars_are_weights() -> None:
    run = builtin("breast_cancer")
    weights = run.weights["dense_1.weight"][:, 2].astype(float)
    drawer = plot("weights", run, neuron="dense_1:2")
    axis, *bars = [s for s in shapes_of(drawer, "bars") if isinstance(s, Stroke)]
    zero = flat(axis.d)[0][0][0]
    lengths = []
    for bar in bars:
        xs = [x for x, _ in flat(bar.d)[0]]
        lengths.append(max(xs) - zero if bar.fill == "positive" else min(xs) - zero)
    strongest = weights[np.argsort(-np.abs(weights), kind="stable")[:10]]
    expected = np.array([*strongest, float(run.weights["dense_1.bias"][2])])
    np.testing.assert_allclose(np.array(lengths) / lengths[0], expected / expected[0], atol=0.001)
    texts = [s.text for s in shapes_of(drawer, "labels") if isinstance(s, Words)]
    shown = [number(text) for text in texts if re.fullmatch(r"[+−][\d.]+", text)]
    np.testing.assert_allclose(shown, expected, rtol=0.006)
    assert any("and 20 inputs more" in text for text in texts)


def test_a_patch_is_the_weights() -> None:
    run = builtin("digits")
    weights = run.weights["dense_1.weight"][:, 3].astype(float)
    drawer = plot("weights", run, neuron="dense_1:3")
    image, rim, signs = shapes_of(drawer, "patch")
    assert isinstance(image, Image) and isinstance(rim, Stroke) and isinstance(signs, Stroke)
    assert (rim.ink, rim.d) == ("paper", signs.d) and rim.width > signs.width
    pixels = rgba(image.png).reshape(64, 4).astype(float)
    most = np.abs(weights).max()
    strong = np.abs(weights) > 0.15 * most
    assert np.array_equal((pixels[:, 2] > pixels[:, 0])[strong], (weights > 0)[strong])  # blue above zero
    np.testing.assert_allclose(pixels[:, 3] / 255, 0.18 + 0.82 * np.abs(weights) / most, atol=0.01)
    marked = (weights >= 0.5 * most).sum() * 2 + (weights <= -0.5 * most).sum()
    assert len(flat(signs.d)) == marked  # a plus is two strokes, a minus one


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["digits", "iris", "moons"])
def test_counts(name: str, width: float) -> None:
    run = builtin(name)
    drawer, held = plot("confusion", run), run.task.held_examples
    said = run.predict(held.X)
    truth = held.labels if held.labels is not None else held.Y[:, 0].astype(int)
    count = max(run.network.outputs, 2)
    [image] = [s for s in shapes_of(drawer, "right", width) if isinstance(s, Image)]
    cell = image.width / count
    found = np.zeros((count, count), int)
    for part in ("right", "wrong"):
        for text in shapes_of(drawer, part, width):
            if isinstance(text, Words):
                row, column = int((text.y - 4.5 - image.y) // cell), int((text.x - image.x) // cell)
                assert (row == column) == (part == "right")
                found[row, column] = number(text.text)
    expected = np.array([[int(((truth == t) & (said == a)).sum()) for a in range(count)] for t in range(count)])
    assert np.array_equal(found, expected)
    assert f"{np.trace(expected)} of {len(truth)} test rows" in drawer(width).description.replace("\u202f", "")


def test_the_most_confused_of_many_classes() -> None:
    run = extremes()["40 classes"]
    drawing = plot("confusion", run)(WIDE)
    key = [s.text for part in drawing.parts if part.name == "key" for s in part.shapes if isinstance(s, Words)]
    assert any("the 12 most confused of 40 classes" in text for text in key)
    assert "of 80 test rows" in drawing.description


def test_mistakes_are_the_surest_ones() -> None:
    run = builtin("digits")
    held = run.task.held_examples
    said, chances = run.predict(held.X), run.predict_proba(held.X)
    wrong = np.flatnonzero(said != held.labels)
    order = sorted(wrong, key=lambda k: (-chances[k, said[k]], k))[:8]
    drawer = plot("mistakes", run)
    assert [part.name for part in drawer(WIDE).parts[1:]] == [f"mistake-{k + 1}" for k in range(len(order))]
    assert f"{len(wrong)} mistakes in {len(held.X)} test rows" in drawer(WIDE).title
    for place, k in enumerate(order):
        image, _, was, sure = shapes_of(drawer, f"mistake-{place + 1}")
        assert isinstance(was, Words) and isinstance(sure, Words) and isinstance(image, Image)
        assert was.text == f"was {held.labels[k]}, said {said[k]}"
        assert number(sure.text.removesuffix(" sure")) == pytest.approx(chances[k, said[k]], abs=0.0006)
        ink = 252 - rgba(image.png)[..., 0].astype(float)
        np.testing.assert_allclose(ink.ravel() / 232, np.clip(held.X[k], 0, 1), atol=0.01)


def test_the_farthest_numbers_are_in_their_units() -> None:
    run = builtin("diabetes")
    source, held = Source.of(run), run.task.held_examples
    assert source is not None and source.target is not None
    was, said = (np.asarray(source.answers(values), float) for values in (held.Y[:, 0], run.predict(held.X)))
    worst = int(np.argmax(np.abs(said - was)))
    first = [s.text for s in shapes_of(plot("mistakes", run), "mistake-1") if isinstance(s, Words)]
    assert number(first[1].removesuffix(" off")) == pytest.approx(said[worst] - was[worst], rel=0.01)
    assert first[2].startswith(f"row {run.task.data.rows + worst}: ")


def luminance(colour: Array) -> float:
    """Relative, by WCAG 2."""
    share = colour / 255
    return float(np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize(("paper", "ink"), [("#ffffff", "#1c2126"), ("#fbfbfa", "#1c2126"), ("#1a2027", "#e9edf1"), ("#12161b", "#e9edf1")])
def test_counts_are_readable_on_light_and_dark_paper(paper: str, ink: str) -> None:
    below, above = (np.array([int(c[k : k + 2], 16) for k in (1, 3, 5)], float) for c in (paper, ink))
    for end in (0, 1):
        [pixel] = shade(np.array([1.0]), end, STRONGEST).astype(float)
        cover = pixel[3] / 255
        one, other = sorted([luminance(pixel[:3] * cover + below * (1 - cover)), luminance(above)])
        assert (other + 0.05) / (one + 0.05) >= 4.5


def test_zero_is_the_grey_of_all_pages() -> None:
    [pixel] = diverging(np.array([0.0])).astype(float)
    for paper, zero in ((np.full(3, 255.0), [232, 234, 235]), (np.array([26.0, 32, 39]), [43, 50, 58])):
        mixed = pixel[:3] * pixel[3] / 255 + paper * (1 - pixel[3] / 255)
        np.testing.assert_allclose(mixed, zero, atol=4)


def test_both_names_of_a_mistake_are_told() -> None:
    drawer = plot("mistakes", extremes()["hostile names of 4"])
    for width in (WIDE, NARROW):
        said = next(s.text for s in shapes_of(drawer, "mistake-1", width) if isinstance(s, Words))
        assert re.fullmatch(r"was .{4,}, said .{4,}", said)
