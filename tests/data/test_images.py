"""Folders of images: classes, sizes, grey, and what is refused before it is unpacked."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest

from learnloop.data import Limits, datasets
from learnloop.errors import DataError, DescriptionError, MissingExtra

Image = pytest.importorskip("PIL.Image")


def put(path: Path, values, **options) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(values, np.uint8)).save(path, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for k in range(3):
        put(tmp_path / "pets" / "cats" / f"{k}.png", np.full((4, 6), 10 * k))
        put(tmp_path / "pets" / "dogs" / f"{k}.png", np.full((4, 6), 100 + k))
    (tmp_path / "pets" / "notes.txt").write_text("not in a class")
    (tmp_path / "pets" / "cats" / "notes.txt").write_text("no image")
    (tmp_path / "pets" / ".hidden").mkdir()
    return tmp_path / "pets"


def test_classes_and_pixels(folder: Path) -> None:
    found = datasets.read(folder)
    assert found.name == "pets" and found.target_names == ("cats", "dogs") and found.y.tolist() == [0, 0, 0, 1, 1, 1]
    assert found.image_shape == (4, 6) and found.X.dtype == np.float32 and found.scale == 255.0
    assert found.X[:, 0].tolist() == [0, 10, 20, 100, 101, 102] and found.feature_names[7] == "pixel_1_1"
    assert found.notes == ("images are turned grey", "left out, for they are no images by their ending: 1 of the files")
    assert datasets.prepare(found, 0.4).X.max() == np.float32(102 / 255)


def test_sizes(folder: Path) -> None:
    assert datasets.read(folder, size=2).image_shape == (2, 2)
    assert datasets.read(folder, size=(3, 5)).image_shape == (3, 5)
    put(folder / "dogs" / "large.png", np.full((40, 8), 7))
    found = datasets.read(folder)
    assert found.image_shape == (4, 4) and found.notes[0] == "images are turned grey and resized from different sizes to 4 x 4"
    for size in (0, -1, 5000, "8", (1, 2, 3), 2.5):
        with pytest.raises(DescriptionError, match="expected a side, or height and width"):
            datasets.read(folder, size=size)


def test_large_images_shrink_in_proportion(tmp_path: Path) -> None:
    for name in "ab":
        put(tmp_path / name / "x.png", np.full((128, 256), 9))
    found = datasets.read(tmp_path)
    assert found.image_shape == (32, 64) and (found.X == 9).all()


def test_each_new_pixel_is_the_mean_of_those_it_covers(tmp_path: Path) -> None:
    for name in "ab":
        put(tmp_path / name / "x.png", [[0, 100, 8, 8], [100, 200, 8, 8]])
    assert datasets.read(tmp_path, size=(1, 2)).X[0].tolist() == [100.0, 8.0]


def test_forms_of_grey(tmp_path: Path) -> None:
    put(tmp_path / "a" / "1_colour.png", np.full((2, 2, 3), 50))
    put(tmp_path / "a" / "2_transparent.png", np.dstack([np.zeros((2, 2, 3)), np.zeros((2, 2))]))
    Image.fromarray(np.full((2, 2), 50 << 8, np.uint16)).save(tmp_path / "a" / "3_deep.png")
    Image.fromarray(np.full((2, 2), 50, np.uint8)).convert("P").save(tmp_path / "b.gif")
    (tmp_path / "b").mkdir()
    (tmp_path / "b.gif").rename(tmp_path / "b" / "1.gif")
    assert datasets.read(tmp_path).X[:, 0].tolist() == [50, 255, 50, 50]


def test_cameras_that_were_held_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for name in "ab":
        put(tmp_path / name / "x.png", [[1, 2, 3], [4, 5, 6]], exif=exif)
    found = datasets.read(tmp_path)
    assert found.image_shape == (3, 2) and found.X[0].tolist() == [4, 1, 5, 2, 6, 3]


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is large."""
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "b/x.png is no image that can be read"),
        (b"no image", "b/x.png is no image that can be read"),
        (bomb(12_000), "b/x.png has 144 000 000 pixels, at most 100 000 000"),
        (bomb(100_000), "b/x.png is no image that can be read .*10000000000 pixels"),
        (bomb(3000)[:-30], "b/x.png is no image that can be read"),
    ],
)
def test_files_that_are_no_images(tmp_path: Path, data: bytes, text: str) -> None:
    put(tmp_path / "a" / "x.png", np.zeros((2, 2)))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "x.png").write_bytes(data)
    with pytest.raises(DataError, match=text):
        datasets.read(tmp_path)


def test_limits(folder: Path) -> None:
    for limits, text in (
        (Limits(rows=5), "6 rows, at most 5"), (Limits(bytes=99), "bytes, at most 99"),
        (Limits(cells=100), "144 cells, at most 100"), (Limits(pixels=23), "24 pixels, at most 23"),
    ):  # fmt: skip
        with pytest.raises(DataError, match=text):
            datasets.read(folder, limits=limits)


def test_folders_without_classes(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no sub-folder with images; expected one sub-folder"):
        datasets.read(tmp_path)
    put(tmp_path / "a" / "x.png", np.zeros((2, 2)))
    with pytest.raises(DataError, match="has one class, 'a'; expected"):
        datasets.read(tmp_path)
    with pytest.raises(DataError, match="a folder of images has no target"):
        datasets.read(tmp_path, target="x")


def test_without_pillow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingExtra, match=r"pip install 'learnloop\[images\]'"):
        datasets.read(folder)
