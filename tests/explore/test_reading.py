"""A file that was dropped on the page: read within limits, and handed over as the page prepares it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from learnloop.data import datasets, digest
from learnloop.data.prepare import prepare
from learnloop.data.scaling import Standardiser
from learnloop.errors import DataError
from learnloop.explore.handover import data_pack
from learnloop.explore.holding import Table
from learnloop.explore.reading import read_file

pytest.importorskip("polars")

TEXT = b"age,port,fare\n" + b"".join(b"%s,%s,%d.5\n" % (b"" if k % 4 == 0 else b"%d" % (20 + k), b"CQS"[k % 3 : k % 3 + 1], k * k) for k in range(24))


def test_what_the_page_gets_makes_what_python_makes() -> None:
    data = read_file("../ship.csv", TEXT, "fare")
    content = data_pack(Table(data, "file"), {"kind": "kept", "id": "x"})
    begin = content.index(b"{")
    header, _ = json.JSONDecoder().raw_decode(content[begin:].decode("latin-1"))
    text = json.dumps(header)
    assert '"age is missing"' in text and text.count('"flag"') == 4 and text.count('"number"') >= 1
    ready, X = prepare(data, 0.25, 1), data.unfilled
    assert np.isnan(X[:, 0]).sum() == 6
    known = X[ready.train, 0][~np.isnan(X[ready.train, 0])]
    age = np.where(np.isnan(X[:, 0]), np.median(known), X[:, 0])[:, None]
    assert digest(Standardiser.fit(age[ready.train]).transform(age)[:, 0]) == digest(ready.X[:, 0])
    assert digest(ready.X[:, 1:]) == digest(X[:, 1:]), "flags stay as they are"


def test_limits_are_those_of_uploads() -> None:
    wide = ",".join(f"c{k}" for k in range(6000)).encode() + b"\n" + b",".join([b"1"] * 6000) + b"\n"
    with pytest.raises(DataError, match="6 000 columns, at most 5 000"):
        read_file("wide.csv", wide, "c0")
    with pytest.raises(DataError, match=r"which column of ship shall be predicted\? It has 'age', 'port', 'fare'"):
        read_file("ship.csv", TEXT, None)
    assert [c["kind"] for c in datasets.table(TEXT, name="ship.csv").describe()] == ["number", "category", "number"]
