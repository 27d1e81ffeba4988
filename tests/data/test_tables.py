"""Tables of one's own: what is recognised, what is refused and in which words, within which limits."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import math
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learnloop.data import UPLOAD, Limits, datasets
from learnloop.errors import DataError, DataTypeError, DescriptionError, FileError, MissingExtra, UnknownName

pl = pytest.importorskip("polars")


def read(text: str | bytes, target: str | None = "b", **options):
    data = text if isinstance(text, bytes) else text.encode()
    return datasets.read(data, name="mine.csv", target=target, **options)


REFUSED = {
    "nothing": (b"", "mine.csv is empty"),
    "blank lines": (b"\n\r\n", "mine.csv is empty"),
    "a header alone": (b"a,b\n", "no rows below its header"),
    "one row": (b"a,b\n1,2\n", "has 1 row, 1 of them with a value of 'b'; expected at least 2"),
    "one class": (b"a,b\n1,x\n2,x\n", "the target 'b' is 'x' in all 2 rows"),
    "one number": (b"a,b\n1,2.5\n2,2.5\n", "the target 'b' is '2.5' in all 2 rows"),
    "infinity": (b"a,b\n1,1\ninf,2\n", "column 'a' is infinite or beyond float64 in line 3"),
    "too large": (b"a,b\n1,1\n1e400,2\n", "column 'a' is infinite or beyond float64 in line 3"),
    "400 digits": (b"a,b\n" + b"9" * 400 + b",1\n2,2\n", "column 'a' is infinite or beyond float64 in line 2"),
    "a long line": (b"a,b\n1,2\n1,2,3\n", "line 3 of mine.csv has 3 fields, the header has 2"),
    "a short line": (b"a,b\n1,2\n3\n4,5\n", "line 3 of mine.csv has 1 field, the header has 2"),
    "an open quote": (b'a,b\n1,2\n1,"x\n2,3\n', "mine.csv cannot be read after line 2"),
    "Latin-1": ("a,b\n1,x\n2,caf\xe9\n".encode("latin-1"), "no UTF-8: byte 0xe9 in line 3"),
    "half of UTF-16": ("a,b\n1,x\n2,y".encode("utf-16")[:-1], "no whole UTF-16 text"),
    "a name twice": (b"a,a,b\n1,2,3\n", "two columns 'a': 1 and 2. Fix: rename one"),
    "no header": (b"1.5,2\n2,3\n", "the first line of mine.csv holds numbers (1.5, 2)"),
    "mixed": (b"a,b\n1,x\n2,y\nfoo,x\n", "column 'a' mixes numbers and texts: 'foo' in line 4, texts in 1 of 3 values"),
    "no text": (b"\0\1\2\3" * 9, "mine.csv is no text"),
    "a spreadsheet": (b"PK\x03\x04 and so on", "a spreadsheet or another zip file. Fix: save the sheet as CSV"),
    "only the target": (b"b\n1\n2\n3\n", "no column to learn from besides the target"),
    "all missing": (b"a,b\n,x\nNA,y\n,x\n", "'a' is left out: all its values are missing"),
    "names as target": (b"a,b\n" + b"".join(b"%d,t%d\n" % (k, k) for k in range(50)), "50 different values in 50 rows: too many"),
    "damaged Parquet": (b"PAR1 and so on, PAR1", "mine.csv is no Parquet file that can be read"),
    "damaged gzip": (b"\x1f\x8b\x08 and so on", "mine.csv is damaged"),
    "cut gzip": (gzip.compress(b"a,b\n1,2\n" * 99)[:-20], "mine.csv ends before its data do"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_one_clear_error(case: str) -> None:
    data, text = REFUSED[case]
    with pytest.raises(DataError) as caught:
        read(data)
    message = str(caught.value)
    assert text in message and " Fix: " in message and len(message) < 600 and "\n" not in message


TAKEN = {
    "UTF-16": "a,b\n1,caf\xe9\n2,x\n".encode("utf-16"),
    "a mark": "a,b\n1,caf\xe9\n2,x\n".encode("utf-8-sig"),
    "semicolons": b"a;b\n1;x\n2;y\n",
    "tabs": b"a\tb\n1\tx\n2\ty\n",
    "Windows": b"a,b\r\n1,x\r\n2,y\r\n",
    "old Macs": b"a,b\r1,x\r2,y\r",
    "no end": b"a,b\n1,x\n2,y",
    "blank lines": b"\na,b\n\n1,x\n\n2,y\n\n",
    "blanks": b" a , b \n 1, x\n 2, y \n",
    "gzip": gzip.compress(b"a,b\n1,x\n") + gzip.compress(b"2,y\n"),
    "quotes": b'"a","b"\n"1","x"\n"2","y"\n',
    "decimal commas": b"a;b\n1,0;x\n2;y\n",
    "numbers that row names": b",a,b\n0,1,x\n1,2,y\n",
}


@pytest.mark.parametrize("case", TAKEN)
def test_forms_of_the_same_table(case: str) -> None:
    found = read(TAKEN[case])
    assert found.X.tolist() == [[1.0], [2.0]] and found.y.tolist() == [0, 1] and found.feature_names == ("a",)
    assert found.name == "mine" and found.task == "classification"


@pytest.mark.parametrize(
    ("column", "values", "task", "names"),
    [
        ("number", ["0", "1", "0", "1"], "classification", ("0", "1")),
        ("number", ["10", "9", "10", "9"], "classification", ("9", "10")),
        ("number", ["1", "2", "3", "4"], "regression", ("b",)),
        ("number", ["0.5", "1", "0.5", "1"], "regression", ("b",)),
        ("boolean", ["true", "false", "true", "false"], "classification", ("false", "true")),
        ("category", ["z", "a", "z", "a"], "classification", ("a", "z")),
        ("date", ["2026-01-31", "2026-02-01", "2026-02-02 12:00", "2026-02-03T00:00:00Z"], "regression", ("b",)),
    ],
)
def test_kinds_and_tasks(column: str, values: list[str], task: str, names: tuple[str, ...]) -> None:
    text = "a,b\n" + "".join(f"{k * k},{value}\n" for k, value in enumerate(values))
    found = read(text)
    assert datasets.table(text.encode()).column("b").kind == column
    assert (found.task, found.target_names) == (task, names)


def test_the_user_overrides() -> None:
    text = "a,zip,note,b\n1,10,x,1\n2,20,y,2\nfoo,10,x,1\n4,30,y,2\n"
    found = read(text, kinds={"a": "number", "zip": "category", "note": "skip"}, task="regression")
    assert found.feature_names == ("a", "a is missing", "zip = 10", "zip = 20", "zip = 30") and found.task == "regression"
    assert found.X[2].tolist() == [2.0, 1.0, 1.0, 0.0, 0.0]
    with pytest.raises(UnknownName, match="Did you mean 'zip'"):
        read(text, kinds={"zap": "category"})
    with pytest.raises(DescriptionError, match="expected number, date, boolean, category, skip"):
        read(text, kinds={"a": "integer"})
    with pytest.raises(DescriptionError, match="expected classification or regression"):
        read(text, kinds={"a": "skip"}, task="ranking")
    with pytest.raises(DataTypeError, match="which is no date"):
        read(text, kinds={"note": "date", "a": "skip"})
    with pytest.raises(DataError, match="a regression predicts numbers"):
        read(text, "note", kinds={"a": "skip"}, task="regression")


def test_a_target_must_be_named_and_be_there() -> None:
    with pytest.raises(DataError, match=r"which column of mine shall be predicted\? It has 'a', 'bob'"):
        read("a,bob\n1,2\n2,3\n", None)
    with pytest.raises(UnknownName, match="Did you mean 'bob'"):
        read("a,bob\n1,2\n2,3\n", "bop")


def test_what_no_network_can_learn_from_is_left_out() -> None:
    lines = "".join(f"{k},name {k},,{k % 3},{'' if k == 7 else k % 2}\n" for k in range(60))
    found = read(f"PassengerId,name,gone,a,b\n{lines}")
    assert found.feature_names == ("a",) and len(found.X) == 59
    assert "1 of 60 rows have no target" in found.notes[0]
    assert [note.split(":")[0] for note in found.notes[1:]] == [f"'{name}' is left out" for name in ("PassengerId", "name", "gone")]
    kept = read(f"PassengerId,name,gone,a,b\n{lines}", kinds={"name": "category", "PassengerId": "number"})
    assert kept.X.shape == (59, 61)


def test_all_problems_of_columns_at_once() -> None:
    with pytest.raises(DataError) as caught:
        read("a,c,b\n1,inf,x\n2,1,y\nfoo,2,x\n")
    assert "column 'a' mixes" in str(caught.value) and "column 'c' is infinite" in str(caught.value)


def test_hostile_names_are_names() -> None:
    names = ["<script>alert(1)</script>", "\x1b[31mred", "'; DROP TABLE runs; --", "a\nb", "*/ int x; /*", "𝕏" * 50, "b"]
    out = io.StringIO()
    csv.writer(out).writerows([names, [1, 2, 3, 4, 5, 6, "x"], [2, 3, 4, 5, 6, 8, "y"]])
    assert read(out.getvalue()).feature_names == tuple(names[:-1])


def test_ten_thousand_columns() -> None:
    lines = [",".join(f"c{k}" for k in range(10_000))]
    lines += [",".join(str(k * row % 7) for k in range(1, 10_001)) for row in range(30)]
    begin = time.perf_counter()
    found = read("\n".join(lines), "c0", task="classification")
    assert found.X.shape == (30, 9999) and time.perf_counter() - begin < 20
    with pytest.raises(DataError, match=r"has 10 000 columns, at most 5 000 are read"):
        read("\n".join(lines), "c0", limits=UPLOAD)


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(bytes=10), "21 bytes, at most 10"),
        (Limits(rows=3), "4 rows, at most 3"),
        (Limits(columns=1), "2 columns, at most 1"),
        (Limits(cells=7), "12 cells, at most 7"),
    ],
)
def test_limits(limits: Limits, text: str) -> None:
    with pytest.raises(DataError, match=text):
        read("a,b\n1,x\n2,y\n3,x\n4,y\n\n", limits=limits)


def test_a_small_file_that_unpacks_to_a_large_one() -> None:
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000)
    with pytest.raises(DataError, match=r"unpacked, has .* bytes, at most 1 000 000"):
        read(packed, limits=Limits(bytes=1_000_000))


def test_one_hot_columns_count() -> None:
    text = "a,b\n" + "".join(f"t{k % 40},{k % 2}\n" for k in range(100))
    with pytest.raises(DataError, match="encoded, has 40 columns, at most 10"):
        read(text, limits=Limits(columns=10))


def parquet(frame) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def test_equal_texts_of_parquet_count_as_often_as_they_are_there() -> None:
    small = parquet(pl.DataFrame({"a": ["x" * 10_000] * 300, "b": [0.5] * 150 + [1.5] * 150}))
    assert len(small) < 10_000
    with pytest.raises(DataError, match="unpacked, has 3 000 000 bytes"):
        datasets.read(small, name="mine.parquet", target="b", limits=Limits(bytes=1_000_000))


def test_parquet() -> None:
    frame = pl.DataFrame({"a": [1.5, None, 3.0, 4.0], "c": ["x", "y", None, "x"], "l": [[1], [2], [3], [4]], "b": [True, False, True, False]})
    found = datasets.read(parquet(frame), name="mine.parquet", target="b")
    assert found.feature_names == ("a", "a is missing", "c = x", "c = y", "c is missing")
    assert "'l' is left out: it holds List" in found.notes[0] and found.target_names == ("false", "true")
    with pytest.raises(DataError, match="4 rows, at most 3"):
        datasets.read(parquet(frame), target="b", limits=Limits(rows=3))
    with pytest.raises(DataError, match=r"is no Parquet file|is damaged"):
        datasets.read(parquet(frame)[:-9] + b"123456789", target="b")


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_no_byte_of_a_parquet_file_breaks_the_process(place: int, value: int) -> None:
    data = bytearray(parquet(pl.DataFrame({"a": [1.5, 2.0, 3.0], "b": ["x", "y", "x"]})))
    data[place % len(data)] = value
    with contextlib.suppress(DataError, DataTypeError, UnknownName):
        datasets.read(bytes(data), target="b")


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=8).filter(
    lambda name: name.strip() == name and not name.isnumeric()
)
numbers = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_subnormal=False), st.integers(-(2**50), 2**50))


@settings(max_examples=60)
@given(st.data())
def test_what_was_written_is_read(data) -> None:
    heads = data.draw(st.lists(names, min_size=2, max_size=4, unique=True).filter(lambda hs: not all(_numeric(h) for h in hs)))
    rows = data.draw(st.lists(st.tuples(*[numbers] * (len(heads) - 1), st.sampled_from("xyz")), min_size=3, max_size=12))
    separator = data.draw(st.sampled_from(",;\t"))
    if any(mark in head for head in heads for mark in ",;\t\n"):  # the separator is found in the header
        separator = ","
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(heads)
    writer.writerows([["" if v is None else repr(v) if isinstance(v, float) else v for v in row] for row in rows])
    found = datasets.table(out.getvalue().encode())
    assert [column.name for column in found.columns] == heads and found.rows == len(rows)
    for k, column in enumerate(found.columns[:-1]):
        expected = [math.nan if row[k] is None else float(row[k]) for row in rows]
        assert np.array_equal(column.values, expected, equal_nan=True)
    last = found.columns[-1]
    assert [last.texts[int(code)] for code in last.values] == [row[-1] for row in rows]


def _numeric(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def test_mappings_and_polars() -> None:
    columns = {"a": [1, None, 3], "c": ["x", None, "y"], "b": [0.5, 1.5, 2.5]}
    one, two = datasets.from_frame(columns, "b"), datasets.from_frame(pl.DataFrame(columns), "b")
    assert np.array_equal(one.X, two.X) and one.feature_names == two.feature_names
    assert one.encoding == two.encoding and one.origin == two.origin


def test_pandas() -> None:
    pd = pytest.importorskip("pandas")
    stamps = pd.to_datetime(["2026-01-01", None, "2026-01-02"])
    frame = pd.DataFrame({
        "a": pd.array([1, None, 3], "Int64"), "d": stamps, "o": ["x", None, "y"], "k": pd.Categorical(["u", "v", "u"]),
        "t": [True, False, True], "b": [0.5, 1.5, 2.5],
    })  # fmt: skip
    found = datasets.from_frame(frame, "b")
    assert found.feature_names == ("a", "a is missing", "d", "d is missing", "o = x", "o = y", "o is missing", "k = u", "k = v", "t")
    assert found.X.tolist()[1] == [2.0, 1.0, 20454.5, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    with pytest.raises(DataError, match="column called 0"):
        datasets.from_frame(pd.DataFrame(np.eye(3)), "b")
    with pytest.raises(DataError, match="two columns 'a'"):
        datasets.from_frame(pd.DataFrame(np.eye(3), columns=["a", "a", "b"]), "b")
    with pytest.raises(DataError, match="mixes numbers and texts"):
        datasets.from_frame(pd.DataFrame({"a": [1, "x", 2.5, True], "b": [1, 2, 3, 4]}), "b")


def test_pyarrow() -> None:
    pa = pytest.importorskip("pyarrow")
    found = datasets.from_frame(pa.table({"a": [1, None, 3], "c": ["x", None, "y"], "b": [0.5, 1.5, 2.5]}), "b")
    assert found.feature_names == ("a", "a is missing", "c = x", "c = y", "c is missing")


@pytest.mark.parametrize(
    ("frame", "kind", "text"),
    [
        ([[1, 2], [3, 4]], DataTypeError, "a list, expected a data frame"),
        ({"a": [1, 2], "b": [1]}, DataError, "'a' has 2 rows, 'b' has 1"),
        ({"a": np.eye(2), "b": [1, 2]}, DataError, "has the shape \\(2, 2\\), expected \\(rows,\\)"),
        ({"a": [{}, 2], "b": [1, 2]}, DataTypeError, "column 'a' holds a dict in row 0"),
        ({"a": [1j, 2], "b": [1, 2]}, DataTypeError, "column 'a' holds a complex in row 0"),
        ({1: [1, 2], "b": [1, 2]}, DataError, "a column called 1"),
        ({"a": [10**400, 2], "b": [1, 2]}, DataError, "column 'a' is infinite or beyond float64 in row 0"),
        ({}, DataError, "is empty"),
        (pl.LazyFrame({"a": [1]}), DataTypeError, "expected a data frame"),
    ],
)
def test_frames_that_cannot_be(frame, kind, text) -> None:
    with pytest.raises(kind, match=text):
        datasets.from_frame(frame, "b")


def test_files_that_cannot_be(tmp_path) -> None:
    with pytest.raises(FileError, match="is not there"):
        datasets.read(tmp_path / "no.csv", target="b")
    with pytest.raises(DataTypeError, match="expected a path or bytes"):
        datasets.read(7, target="b")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="a table has no size"):
        read("a,b\n1,x\n2,y\n", size=8)


def test_without_polars(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra, match=r"pip install 'learnloop\[tables\]'"):
        read("a,b\n1,x\n2,y\n")
    assert datasets.from_frame({"a": [1, 2], "b": ["x", "y"]}, "b").X.shape == (2, 1)
