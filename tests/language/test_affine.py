"""Affine indices: arithmetic agrees with evaluation."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from learnloop.language.index import ROWS, Access, Affine, axis, number

AXES = "xyz"
POINTS = [
    dict(zip(AXES, p, strict=True)) for p in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (3, -5, 7), (-2, 11, 4))
]
whole = st.integers(-9, 9)


def build(factors: dict[str, int], offset: int) -> Affine:
    result = number(offset)
    for name, factor in factors.items():
        result = result + axis(name) * factor
    return result


affines = st.builds(build, st.dictionaries(st.sampled_from(AXES), whole), whole)


def value(index: Affine, point: dict[str, int]) -> int:
    return index.offset + sum(f * point[a] for a, f in index.terms)


@given(affines, affines, whole)
def test_arithmetic(a: Affine, b: Affine, k: int) -> None:
    for point in POINTS:
        assert value(a + b, point) == value(a, point) + value(b, point)
        assert value(a - b, point) == value(a, point) - value(b, point)
        assert value(a * k, point) == value(a, point) * k


@given(affines, affines)
def test_equal_values_are_equal_indices(a: Affine, b: Affine) -> None:
    """One normal form: axes sorted, no factor zero."""
    same = all(value(a, p) == value(b, p) for p in POINTS[:4])
    assert (a == b) == same
    assert a + b == b + a
    assert a - a == number(0)
    assert all(f for _, f in (a + b).terms)
    assert list((a + b).terms) == sorted((a + b).terms)


@given(affines, affines, affines)
def test_substitution(a: Affine, new: Affine, other: Affine) -> None:
    moved = a.substitute({"x": new, "y": other})
    for point in POINTS:
        assert value(moved, point) == value(a, point | {"x": value(new, point), "y": value(other, point)})
    assert Access("T", (a, Access("U", (a,)))).substitute({"x": new, "y": other}) == Access(
        "T", (moved, Access("U", (moved,)))
    )


@given(affines, st.tuples(*[st.integers(1, 4)] * 3))
def test_extremes(a: Affine, extents: tuple[int, int, int]) -> None:
    sizes = dict(zip(AXES, extents, strict=True))
    values = [value(a, dict(zip(AXES, p, strict=True))) for p in product(*(range(s) for s in extents))]
    assert (a.lowest(sizes), a.highest(sizes)) == (min(values), max(values))
    unknown = {**sizes, "x": ROWS}
    assert (a.lowest(unknown) is None) == (a.factor("x") < 0)
    assert (a.highest(unknown) is None) == (a.factor("x") > 0)


@given(affines)
def test_plain_is_one_axis_alone(a: Affine) -> None:
    assert (a.plain is not None) == (a in [axis(n) for n in AXES])
    assert a.axes() == {n for n in AXES if a.factor(n)}


def test_text() -> None:
    texts = {"0": number(0), "-3": number(-3), "x": axis("x"), "-x": axis("x") * -1, "2*x+y-1": build({"y": 1, "x": 2}, -1),
             "-2*x-y+4": build({"x": -2, "y": -1}, 4)}  # fmt: skip
    assert {text: str(index) for text, index in texts.items()} == {text: text for text in texts}
