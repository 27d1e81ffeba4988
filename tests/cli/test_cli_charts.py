"""Charts of characters say what the series says, within their columns, with ASCII alone where that is asked for."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from rich.cells import cell_len

from learnloop.cli.charts import line_chart, signed_bars, sparkline

RNG = np.random.default_rng(0)
SERIES = {
    "loss": np.exp(-np.linspace(0, 5, 900)) + 0.01 * RNG.random(900),
    "life": np.sin(np.linspace(0, 9, 400)),
    "one": np.array([0.25]),
    "constant": np.full(50, 3.0),
    "hole": np.array([1.0, math.nan, math.inf, 2.0, 3.0]),
    "tiny": RNG.normal(size=300) * 1e-300,
    "huge": np.array([1e300, -1e300, 5.0]),
    "floats": np.linspace(1, 0, 77, dtype=np.float32),
}


@pytest.mark.parametrize("blocks", [True, False])
@pytest.mark.parametrize("width", [10, 24, 40, 80])
@pytest.mark.parametrize("name", SERIES)
def test_charts_stay_within_their_columns(name: str, width: int, blocks: bool) -> None:
    lines = [line.plain for line in line_chart(SERIES[name], width=width, blocks=blocks)]
    assert len(lines) == 10
    assert max(map(cell_len, lines)) <= max(24, width)
    assert blocks or all(line.isascii() for line in lines)


def levels(values, **options) -> list[int]:  # type: ignore[no-untyped-def]
    """The line of each column, from the bottom: where it ends there."""
    *rows, _, _ = [line.plain for line in line_chart(values, blocks=True, **options)]
    start = rows[0].index("┤") + 1
    columns = zip(*(row[start:] for row in rows), strict=True)
    return [len(rows) - 1 - next((k for k, c in enumerate(col) if c in "─╭╰"), len(rows) - 1) for col in columns]


def test_the_line_is_the_series() -> None:
    found = levels([0.0, 1.0, 2.0, 3.0, 1.0], height=4)
    assert [found[0], *(b for a, b in pairwise(found) if a != b)] == [0, 1, 2, 3, 1]
    rising = levels(SERIES["floats"][::-1], height=6)
    assert rising == sorted(rising)
    assert (rising[0], rising[-1]) == (0, 5)


def test_numbers_of_the_axes() -> None:
    lines = [line.plain for line in line_chart(np.linspace(-1, 3, 500), updates=(100, 599), height=9)]
    top, middle, bottom = (float(lines[k].split()[0]) for k in (0, 4, 8))
    assert (top, middle, bottom) == pytest.approx((3, 1, -1), abs=0.05)
    first, last = lines[-1].split()
    assert (first, last) == ("100", "599")
    assert any("┈" in line for line in lines)


def test_labels_are_the_ends_of_the_line() -> None:
    lines = [line.plain for line in line_chart([2.0, 8.0], logarithmic=False, height=3)]
    assert lines[0].split()[0] == "8"
    assert lines[2].split()[0] == "2"


def test_a_loss_that_falls_far_is_logarithmic() -> None:
    lines = [line.plain for line in line_chart([1000.0, 1.0], height=7)]
    assert [lines[k].split()[0] for k in (0, 3, 6)] == ["1e+03", "31.6", "1"]
    lines = [line.plain for line in line_chart([1000.0, 10.0, 0.0], logarithmic=True, height=3)]
    assert [lines[k].split()[0] for k in (0, 2)] == ["1e+03", "10"]


def test_nothing_to_draw() -> None:
    assert line_chart([]) == line_chart([math.nan]) == []
    assert signed_bars([]) == []
    assert sparkline([], 10, True) == ""


def test_sparklines() -> None:
    assert sparkline([1, 2, 3], 3, blocks=False) == "_-#"
    assert sparkline([1, 1, 9, 9], 2, blocks=True) == "▁█"
    assert sparkline([1, math.nan, 2], 3, blocks=True) == "▁ █"
    assert sparkline([5, 5], 9, blocks=True) == "▁▁"


@pytest.mark.parametrize("blocks", [True, False])
@pytest.mark.parametrize("width", [10, 40, 80])
def test_bars(width: int, blocks: bool) -> None:
    values = [("setosa", -2.0), ("virginica", 4.0), ("versicolor", 1.0), ("rounding", -1e-9), ("none", 0.0)]
    lines = signed_bars(values, width=width, blocks=blocks)
    assert max(cell_len(line.plain) for line in lines) <= max(24, width)
    zero = "│" if blocks else "|"
    assert len({line.plain.index(zero) for line in lines}) == 1
    full, half = ("█", "▐▌") if blocks else ("#", "")
    lengths = []
    for (_, value), line in zip(values, lines, strict=True):
        left, right = line.plain.split(zero)
        side = [part.count(full) + 0.5 * sum(part.count(c) for c in half) for part in (left, right)]
        assert side[0 if value >= 0 else 1] == 0
        lengths.append(sum(side))
        assert (f"{value:+.3g}" if value else "  0  ") in left
    assert lengths[0] == pytest.approx(lengths[1] / 2, abs=0.5)
    assert lengths[2] == pytest.approx(lengths[1] / 4, abs=0.5)
    assert lengths[3:] == [0, 0]


def test_signs_have_their_colours() -> None:
    styles = {str(span.style) for line in signed_bars([("a", -1.0), ("b", 1.0)]) for span in line.spans}
    assert {"#f59322", "#0877bd"} <= styles


def test_names_are_harmless_and_cut() -> None:
    lines = signed_bars([("\x1b[31m" + "長い名前" * 30, 1.0), ("b", math.nan)])
    assert all("\x1b" not in line.plain and cell_len(line.plain) <= 80 for line in lines)
    assert "nan" in lines[1].plain
