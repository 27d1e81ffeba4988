"""IDX files: there and back, labels beside them, damage."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.data import Limits, datasets
from learnloop.data.idx import read_idx
from learnloop.data.limits import OWN
from learnloop.errors import DataError

CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def written(array) -> bytes:
    code = CODES[array.dtype.str[1:]]
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()


PIXELS = np.arange(60, dtype=np.uint8).reshape(5, 3, 4)
LABELS = np.array([3, 7, 3, 7, 7], np.uint8)


@given(st.sampled_from(sorted(CODES)), st.lists(st.integers(0, 4), min_size=1, max_size=4))
def test_there_and_back(kind: str, shape: list[int]) -> None:
    array = np.arange(math.prod(shape)).reshape(shape).astype(kind)
    found = read_idx(written(array), "x", OWN)
    assert found.dtype == array.dtype and np.array_equal(found, array)


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("names", [("t-images-idx3-ubyte", "t-labels-idx1-ubyte"), ("images.idx", "labels.idx")])
def test_labels_beside(tmp_path: Path, names: tuple[str, str], packed: str) -> None:
    (tmp_path / f"{names[0]}{packed}").write_bytes(gzip.compress(written(PIXELS)) if packed else written(PIXELS))
    (tmp_path / names[1]).write_bytes(written(LABELS))
    found = datasets.read(tmp_path / f"{names[0]}{packed}")
    assert found.image_shape == (3, 4) and found.scale == 255.0 and found.X[1, 0] == 12
    assert found.y.tolist() == [0, 1, 0, 1, 1] and found.target_names == ("3", "7")
    assert found.name == names[0].replace("-idx3-ubyte", "").replace(".idx", "")


def test_bytes_and_numbers() -> None:
    found = datasets.read(written(PIXELS.astype(np.float64)), name="mine", labels=written(LABELS))
    assert found.X.dtype == np.float64 and found.scale is None and found.name == "mine"
    assert datasets.read(written(PIXELS.reshape(5, 12)), labels=written(LABELS)).image_shape is None


@pytest.mark.parametrize(
    ("pixels", "labels", "text"),
    [
        (written(PIXELS), None, "mine comes without its labels. Fix: put the file of labels beside it"),
        (written(PIXELS)[:-1], written(LABELS), "mine has 75 bytes, its header says 76"),
        (written(PIXELS) + b"x", written(LABELS), "mine has 77 bytes, its header says 76"),
        (written(PIXELS)[:7], written(LABELS), "has 7 bytes"),
        (written(PIXELS), written(LABELS[:4]), "4 labels, mine has 5 images"),
        (written(PIXELS), written(LABELS * 0), "all images of mine have the same label"),
        (written(PIXELS), written(LABELS.astype(np.float32)), "expected one whole number for each image"),
        (written(PIXELS), b"no labels", "the labels is no IDX file|is no IDX file"),
        (written(PIXELS.reshape(5, 3, 2, 2)), written(LABELS), "expected \\(images, height, width\\)"),
        (written(np.full((5, 1, 1), np.nan)), written(LABELS), "not finite"),
        (bytes([0, 0, 8, 3] + [255] * 12), written(LABELS), "mine has 16 bytes, its header says"),
    ],
)
def test_what_cannot_be(pixels: bytes, labels: bytes | None, text: str) -> None:
    with pytest.raises(DataError, match=text):
        datasets.read(pixels, name="mine", labels=labels)


def test_limits() -> None:
    for limits, text in ((Limits(rows=4), "5 rows"), (Limits(cells=59), "60 cells"), (Limits(bytes=70), "76 bytes")):
        with pytest.raises(DataError, match=text):
            datasets.read(written(PIXELS), name="mine", labels=written(LABELS), limits=limits)
