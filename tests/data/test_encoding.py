"""The encoding of columns: measured on the training rows alone, plain data, the same rows encoded the same again."""

from __future__ import annotations

import json
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import learnloop as ll
from learnloop.data import Encoding, Origin, Source, datasets, digest
from learnloop.data.encoding import EncodedColumn, median
from learnloop.errors import DataError

FRAME = {
    "age": [22.0, None, 26.0, 35.0, 54.0, None, 2.0, 27.0],
    "port": ["S", "C", "S", None, "Q", "S", "C", "S"],
    "member": [True, False, None, True, True, False, False, True],
    "born": ["1990-01-01", "1991-05-03", "1992-01-01", None, "1970-06-30", "1988-02-29", "2010-01-01", "1985-01-01"],
    "price": [7.0, 71.5, 8.0, 53.0, 8.5, 21.0, 11.0, 30.5],
}


def ready(seed: int = 0, test: float = 0.25):
    return datasets.prepare(datasets.from_frame(FRAME, "price"), test, seed)


numbers = st.one_of(st.none(), st.floats(-1e6, 1e6, allow_subnormal=False))
texts = st.one_of(st.none(), st.sampled_from(["red", "green", "blue", "a = b", "é\n"]))


def formula(n: list, t: list, train: list[int]) -> list[tuple[str, list[float], bool]]:
    """(name, values before scaling, whether they are scaled) of the inputs that a number and a category become."""
    columns: list[tuple[str, list[float], bool]] = []
    known = [n[r] for r in train if n[r] is not None]
    if any(value is not None for value in n):
        fill = statistics.median(known) if known else 0.0
        columns.append(("n", [fill if value is None else value for value in n], True))
        if None in n:
            columns.append(("n is missing", [float(value is None) for value in n], False))
    if any(text is not None for text in t):
        columns += [(f"t = {text}", [float(value == text) for value in t], False) for text in sorted(set(t) - {None})]
        if None in t:
            columns.append(("t is missing", [float(value is None) for value in t], False))
    return columns


@given(st.lists(st.tuples(numbers, texts), min_size=4, max_size=20), st.integers(0, 5))
def test_against_an_independent_formula(rows, seed) -> None:
    frame = {"n": [n for n, _ in rows], "t": [t for _, t in rows], "x": list(range(len(rows))), "y": [k * 0.5 for k in range(len(rows))]}
    prepared = datasets.prepare(datasets.from_frame(frame, "y", kinds={"n": "number", "t": "category"}), 0.3, seed)
    columns = formula(frame["n"], [text and text.strip() for text in frame["t"]], prepared.train.tolist())
    columns.append(("x", [float(k) for k in frame["x"]], True))
    assert prepared.data.feature_names == tuple(name for name, _, _ in columns)
    for k, (_, values, scaled) in enumerate(columns):
        got = prepared.X[:, k]
        if not scaled:
            assert got.tolist() == values
            continue
        own = [values[r] for r in prepared.train.tolist()]
        mean, spread = statistics.fmean(own), statistics.pstdev(own)
        assert np.allclose(got * (spread or 1.0) + mean, values, rtol=1e-9, atol=1e-9 * max(1.0, *map(abs, values)))


def test_only_the_training_rows_are_measured() -> None:
    frame = {"n": [1.0, 2.0, 3.0, None], "c": ["x", "x", "y", "z"], "y": [0.0, 1.0, 2.0, 3.5]}
    data = datasets.from_frame(frame, "y").fitted([0, 1])
    assert data.feature_names == ("n", "n is missing", "c = x", "c = y", "c = z") and data.encoding.columns[0].fill == 1.5
    assert data.X[:, 0].tolist() == [1.0, 2.0, 3.0, 1.5] and data.X[:, 2].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert data.standardiser([0, 1]).mean == (1.5, 0, 0, 0, 0) and data.standardiser([0, 1]).scale == (0.5, 1, 1, 1, 1)
    assert np.isnan(data.unfilled[3, 0]) and np.array_equal(data.unfilled[:3], data.X[:3])
    assert data.fitted([3]).encoding.columns[0].fill == 0.0, "no number to measure"


def test_what_it_says() -> None:
    data = datasets.from_frame(FRAME, "price")
    assert data.feature_names == (
        "age", "age is missing", "port = C", "port = Q", "port = S", "port is missing", "member", "member is missing",
        "born", "born is missing",
    )  # fmt: skip
    assert data.X[0, 8] == (np.datetime64("1990-01-01") - np.datetime64("1970-01-01")).astype(int)
    assert data.encoding.scaled == (True, False, False, False, False, False, False, False, True, False)


@given(
    st.lists(
        st.one_of(
            st.builds(EncodedColumn, st.text(), st.sampled_from(["number", "date", "boolean"]),
                      st.floats(allow_nan=False, allow_infinity=False), st.just(()), st.booleans()),
            st.builds(EncodedColumn, st.text(), st.just("category"), st.just(0.0),
                      st.lists(st.text(), min_size=1, unique=True).map(tuple), st.booleans()),
        ), min_size=1, max_size=5, unique_by=lambda column: column.name,
    )
)  # fmt: skip
def test_there_and_back_through_json(columns) -> None:
    found = Encoding(tuple(columns))
    again = Encoding.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again == found and [math.copysign(1, c.fill) for c in again.columns] == [math.copysign(1, c.fill) for c in columns]


GOOD = {"name": "a", "kind": "number", "fill": 0.5, "missing": False}


@pytest.mark.parametrize(
    "bad",
    [
        None, 7, {}, {"columns": 7}, {"columns": []}, {"columns": [7]}, {"columns": [GOOD, GOOD]},
        *({"columns": [GOOD | change]} for change in (
            {"name": 7}, {"kind": "skip"}, {"kind": "x"}, {"kind": []}, {"fill": math.nan}, {"fill": "1"}, {"fill": True},
            {"missing": 1}, {"categories": ["x"]}, {"kind": "category"}, {"kind": "category", "categories": ["x", "x"]},
            {"kind": "category", "categories": [1]}, {"kind": "category", "categories": 7},
        )),
    ],
)  # fmt: skip
def test_what_is_no_encoding(bad) -> None:
    with pytest.raises(DataError, match="Fix: "):
        Encoding.from_dict(bad)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_median(values) -> None:
    low, high = min(values), max(values)
    found = median(np.array(values))
    assert low <= found <= high
    if low > -1e300 and high < 1e300:
        assert math.isclose(found, statistics.median(values), rel_tol=1e-15, abs_tol=1e-320)


def trained(prepared, **options):
    rows = prepared.train
    net = ll.mlp(prepared.X.shape[1], 4, 1, activation="tanh")
    return ll.train(net, prepared.X[rows], prepared.y[rows], epochs=2, notes=prepared.notes, progress=False, threads=1, **options)


def test_it_travels_with_the_run(tmp_path) -> None:
    prepared = ready()
    run = ll.load(trained(prepared).save(tmp_path / "a.run"))
    source = datasets.source(run)
    assert source.encoding == prepared.data.encoding and source.inputs == prepared.input_scale
    inputs = {name: values for name, values in FRAME.items() if name != "price"}
    assert digest(source.encode(inputs)) == digest(prepared.X)
    assert digest(source.encode(FRAME)) == digest(prepared.X), "more columns than needed do no harm"
    pl = pytest.importorskip("polars")
    assert digest(source.encode(pl.DataFrame(inputs))) == digest(prepared.X)
    pl.DataFrame(inputs).write_csv(tmp_path / "new.csv")
    assert digest(source.encode(tmp_path / "new.csv")) == digest(prepared.X)
    predicted = source.answers(run.predict(source.encode(inputs)))
    assert len(predicted) == 8 and np.allclose(predicted, run.predict(prepared.X) * prepared.target_scale.scale[0] + prepared.target_scale.mean[0])


def test_one_row_is_encoded_as_among_many() -> None:
    prepared = ready()
    source = datasets.source(trained(prepared))
    for row in range(8):
        one = {name: [values[row]] for name, values in FRAME.items()}
        assert source.encode(one).tolist() == prepared.X[[row]].tolist()


def test_new_rows_that_do_not_fit() -> None:
    source = datasets.source(trained(ready()))
    with pytest.raises(DataError, match="the table has no columns 'age', 'born'"):
        source.encode({"port": ["S"], "member": [True]})
    with pytest.raises(DataError, match="the table has no columns 'age', 'port'"):
        source.encode({"x": [1]})
    with pytest.warns(UserWarning, match="not learnt from count as none of the known ones: 'port': 'X'"):
        X = source.encode({"age": [1], "port": ["X"], "member": [True], "born": ["2000-01-01"]})
    assert X[0, 2:6].tolist() == [0.0] * 4


def test_texts_where_numbers_were_learnt_are_missing() -> None:
    source = datasets.source(trained(ready()))
    one = {"age": ["unknown"], "port": ["S"], "member": [True], "born": ["2000-01-01"]}
    assert source.encode(one).tolist() == source.encode(one | {"age": [None]}).tolist()


def test_classes_have_their_names() -> None:
    frame = {"x": [0.0, 1.0, 2.0, 3.0] * 5, "kind": ["cat", "dog", "cat", "emu"] * 5}
    prepared = datasets.prepare(datasets.from_frame(frame, "kind"), 0.2, 0)
    run = ll.train(ll.mlp(1, 8, 3), prepared.X[prepared.train], prepared.y[prepared.train], epochs=60, notes=prepared.notes, progress=False)
    source = datasets.source(run)
    assert source.targets == ("cat", "dog", "emu")
    assert set(source.answers(run.predict(source.encode({"x": [0.0, 3.0]})))) <= {"cat", "dog", "emu"}


def test_notes_of_others() -> None:
    prepared = ready()
    run = trained(prepared)
    good = prepared.notes["data"]
    for change in (
        {"encoding": {"columns": [GOOD]}}, {"encoding": 7}, {"origin": 7}, {"origin": {"sha256": 7}}, {"inputs": None},
        {"rows": [-1]}, {"columns": ["a"]}, {"task": "classification"},
    ):  # fmt: skip
        run.notes = {"data": good | change}
        assert Source.of(run) is None
        with pytest.raises(DataError, match="do not say where its rows come from"):
            datasets.source(run)
    run.notes = {"data": {k: v for k, v in good.items() if k not in ("encoding", "origin")}}
    assert Source.of(run) is not None, "the notes of earlier runs know neither"


def test_paths_of_others_are_not_followed() -> None:
    assert Origin("0" * 64, "//server/share/x.csv").places == () == Origin("0" * 64, "x.csv").places
    assert len(Origin("0" * 64, "/tmp/x.csv", labels="/tmp/y").places) == 2  # noqa: S108
    prepared = ready()
    with pytest.raises(DataError, match="came as a data frame, or as bytes"):
        datasets.source(trained(prepared)).prepared()


def test_standardised_is_plain() -> None:
    data = datasets.from_frame(FRAME, "price").standardised()
    assert data.encoding is None and data.origin is None and set(data.X[:, 2].tolist()) == {0.0, 1.0}
    assert digest(data.standardised().X) == digest(data.X)


def test_spans_beyond_float64_name_their_column() -> None:
    frame = {"far": [1e308, -1e308, 1e308, -1e308], "b": [1.0, 2.0, 3.5, 4.0]}
    with pytest.raises(DataError, match="column 'far' spans more than float64 can hold"):
        datasets.prepare(datasets.from_frame(frame, "b"), 0.25, 0)
