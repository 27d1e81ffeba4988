"""How values are written and said, and how conditions are read."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.errors import DescriptionError, LearnloopError
from learnloop.lesson.facts import FORMATS, ConditionError
from learnloop.lesson.facts.conditions import holds
from learnloop.lesson.facts.formats import MINUS, NBSP, THIN, Value, spelt, written
from learnloop.lesson.facts.names import read_name

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(("value", "unit", "format", "text", "said"), [
    (0.983, "share", "", "98.3 %", "98.3 percent"), (1.0, "share", "", "100 %", "100 percent"), (0.99996, "share", "", "99.996 %", "99.996 percent"),
    (0.99996, "share", "percent", "99.996 %", "99.996 percent"), (0.0004, "share", "percent", "0.04 %", "0.04 percent"), (0.5, "share", "percent1", "50.0 %", "50.0 percent"),
    (0.5, "share", "", "50 %", "50 percent"), (0.0, "share", "percent", "0 %", "0 percent"), (1005, "count", "", "1_005", "1005"), (1234567, "count", "", "1_234_567", "1234567"),
    (1005, "index", "", "1005", "1005"), (-0.0005, "number", "", "-0.0005", "minus 0.0005"), (0.6931, "number", "", "0.693", "0.693"), (0.69, "number", "", "0.69", "0.69"),
    (0.7, "number", "2", "0.70", "0.70"), (0.6931, "number", "1", "0.7", "0.7"), (52345.0, "number", "", "52_300", "52300"), (1e-9, "number", "", "1 × 10⁻⁹", "1 times 10 to the minus 9"),
    (-2.5e12, "number", "", "-2.5 × 10¹²", "minus 2.5 times 10 to the 12"), (0.1 + 0.2, "number", "full", "0.30000000000000004", "0.30000000000000004"),
    (0.25, "number", "signed", "+0.25", "plus 0.25"), (-0.25, "number", "signed", "-0.25", "minus 0.25"), (0.0, "number", "signed", "0", "0"), (-0.0, "number", "", "0", "0"),
    (2, "count", "word", "two", "two"), (12, "count", "word", "twelve", "twelve"), (13, "count", "word", "13", "13"), (3, "count", "ordinal", "third", "third"),
    (21, "count", "ordinal", "21st", "21st"), (112, "count", "ordinal", "112th", "112th"), (0, "index", "ordinal", "0th", "0th"), (0.9996, "number", "", "1", "1"),
    (999.96, "number", "", "1_000", "1000"), (99999999999.0, "number", "", "1 × 10¹¹", "1 times 10 to the 11"), (math.nan, "number", "", "not a number", "not a number"),
    (math.inf, "number", "", "∞", "infinity"), (-math.inf, "number", "", "-∞", "minus infinity"), ("cross_entropy", "name", "", "cross_entropy", "cross entropy"),
    ("a\\b{c}$", "name", "", "a\\b{c}$", "a b c"), ("+", "name", "", "+", "+"), (10**30, "count", "", "_".join(["1", *["000"] * 10]), "1" + "0" * 30),
])  # fmt: skip
def test_values(value: Value, unit: str, format: str, text: str, said: str) -> None:
    shown = text if unit == "name" else text.replace("-", MINUS).replace("_", THIN).replace(" ", NBSP)
    assert written(value, unit, format).replace("not a number", f"not{NBSP}a{NBSP}number") == shown
    assert spelt(value, unit, format) == said


def test_digits_of_float32_end_earlier() -> None:
    value = float(np.float32(0.21834))
    assert written(value, "number", "full", single=True) == "0.21834" and written(value, "number", "full") == "0.21833999454975128"


@given(NUMBERS)
def test_all_digits_give_the_number_back(value: float) -> None:
    text = written(value, "number", "full").replace(MINUS, "-").replace(THIN, "")
    mantissa, _, power = text.partition(f"{NBSP}×{NBSP}10")
    digits = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    assert float(f"{mantissa}e{digits or 0}") == value


@given(NUMBERS, st.integers(1, 9))
def test_significant_digits_are_the_nearest(value: float, digits: int) -> None:
    text = spelt(value, "number", str(digits))
    found = re.fullmatch(r"(minus )?([\d.]+)(?: times 10 to the (minus )?(\d+))?", text)
    assert found is not None, text
    mantissa = Fraction(found[2]) * (-1 if found[1] else 1)
    number = mantissa * Fraction(10) ** (int(found[4] or 0) * (-1 if found[3] else 1))
    step = Fraction(10) ** (math.floor(math.log10(abs(value))) - digits + 1) if value and abs(value) > 1e-300 else 0
    assert abs(number - Fraction(value)) <= step * Fraction(51, 100) or abs(value) <= 1e-300


@given(st.one_of(NUMBERS, st.integers(-(10**20), 10**20), st.text(max_size=30), st.just(math.nan), st.just(math.inf)), st.sampled_from(["", *FORMATS]), st.sampled_from(["share", "count", "index", "number"]))
def test_any_value_in_any_format_is_written_or_refused(value: Value, format: str, unit: str) -> None:
    try:
        text, said = written(value, unit, format), spelt(value, unit, format)
    except DescriptionError as error:
        assert "Fix" in str(error)
        return
    if not isinstance(value, str):
        assert re.fullmatch(r"[a-z0-9. ]+", said), said
        assert " " not in text or "number" in text
        assert not re.search(r"e[+-]?\d", text)


@given(st.floats(0, 1, exclude_min=True, exclude_max=True), st.sampled_from(["", "percent", "percent1"]))
def test_no_part_is_written_as_all_or_nothing(share: float, format: str) -> None:
    number = Fraction(spelt(share, "share", format).removesuffix(" percent"))
    if 1e-10 < share < 1 - 1e-10:
        assert 0 < number < 100
    assert abs(number - Fraction(share) * 100) <= Fraction(1, 2) + Fraction(1, 10**9)


FACTS: dict[str, Value] = {"loss.end": 0.1, "loss.start": 0.7, "run.status": "finished", "dense_1.weight[0, 3]@4#1": -2.0, "hot/loss.end": math.nan, "run.updates": 96}


@pytest.mark.parametrize(("condition", "expected"), [
    ("loss.end < loss.start", True), ("loss.end>loss.start", False), ("loss.end<=0.1", True), ("0.7 == loss.start", True), ("run.status == 'finished'", True),
    ('run.status != "diverged" and loss.end < 1e-1 and run.updates >= 96', False), ("dense_1.weight[0, 3]@4#1 < -1.5", True), ("run.updates == 96", True),
    ("hot/loss.end < 1", False), ("hot/loss.end != 1", True), ("  loss.end   <   .5 ", True), ("run.status == 'and'", False), ("loss.end < +5.", True),
])  # fmt: skip
def test_conditions(condition: str, expected: bool) -> None:
    assert holds(condition, FACTS.__getitem__) is expected


def missing(name: str) -> Value:
    if name not in FACTS:
        raise DescriptionError(f"no fact {name}")
    return FACTS[name]


@pytest.mark.parametrize(("condition", "offset"), [
    ("", 0), ("loss.end", 8), ("loss.end <", 10), ("< 3", 0), ("1 < 2", 0), ("'a' == 'b'", 0), ("loss.end < loss.start and", 22), ("and", 0),
    ("loss.end < loss.start loss.end", 22), ("loss.end < loss.start or loss.end > 1", 22), ("run.status < 'x'", 11), ("run.status == 3", 0), ("loss.end = 3", 9),
    ("loss.ned < 3", 0), ("loss.end < 3 and 1 < 2", 17), ("loss.end < 'open", 11), ("loss.end < 3 and loss.ned < 3", 17), ("x" * 501, 500), ("loss.end < [", 11),
    ("loss.end < 1 < 2", 13), ("loss.end ! 3", 9), ("loss.end < and", 11),
])  # fmt: skip
def test_conditions_that_are_none(condition: str, offset: int) -> None:
    with pytest.raises(ConditionError) as caught:
        holds(condition, missing)
    assert caught.value.offset == offset and len(str(caught.value)) < 400


@given(st.text(alphabet=st.sampled_from(list("loss.end <>=!'\"and0123456789[](),@#/\n\\$-+eE_\u202e")), max_size=60))
def test_any_condition_is_judged_or_refused(condition: str) -> None:
    try:
        assert holds(condition, missing) in (True, False)
    except ConditionError as error:
        assert 0 <= error.offset <= max(len(condition), 1)


@given(st.text(max_size=80))
def test_any_name_is_read_or_refused(text: str) -> None:
    try:
        assert read_name(text).text == text
    except LearnloopError as error:
        assert "Fix" in str(error)


def test_nothing_hangs() -> None:
    for text in ("[" * 200, "a[" * 100, "a" * 200, "a[0]" * 50, "@1" * 100, "#1" * 100):
        read_name(text) if "[0]" in text or "[" not in text else None
    for text in ("a[" * 250, "1" * 500, "'" * 500, "a.b[" * 125, "- " * 250):
        with pytest.raises(ConditionError):
            holds(text, missing)
