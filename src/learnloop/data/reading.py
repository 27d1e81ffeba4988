"""Data of one's own: a CSV or Parquet file, a folder of images, IDX files, a data frame."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import DataError, FileError, short
from .columns import Kind
from .dataset import Dataset
from .encoding import Encoding
from .frames import columns_of
from .idx import is_idx, labels_beside, read_idx
from .images import Size, check_size, list_folder, read_images
from .limits import OWN, Limits
from .opening import Opened, opened, stem
from .origin import Origin
from .table import Table, encoded, row_place

if TYPE_CHECKING:
    from .source import Source

__all__ = ["again", "encoded_rows", "from_frame", "read", "table"]

Given = str | os.PathLike[str] | bytes
Kinds = Mapping[str, Kind]
_ZIP = b"PK\x03\x04"


def read(
    source: Given, *, target: str | None = None, name: str | None = None, task: str | None = None,
    kinds: Kinds | None = None, size: Size | None = None, labels: Given | None = None, limits: Limits = OWN,
) -> Dataset:
    """Data of your own.

    Args:
        source: the path of a CSV or Parquet file, of an IDX file of images, or of a folder with one sub-folder of images
            for each class; or the bytes of a file. CSV and IDX may be packed with gzip.
        target: for a table the column to predict.
        name: what to call bytes; a path is called by its last part.
        task: "classification" or "regression"; None to recognise it.
        kinds: column -> "number", "date", "boolean", "category" or "skip", for those that shall not be recognised.
        size: height and width, or one side for both, to resize the images of a folder to.
        labels: for IDX the file of labels; None: the one beside it, by its name.
        limits: bounds of what is read.

    Returns:
        The data set, encoded by all rows; `prepare` encodes it by those to learn from alone.

    Raises:
        FileError: for a file that cannot be read.
        DataError, DataTypeError: for data that no network can learn from; the message says where and how to mend them.
        UnknownName, DescriptionError: for a target or options that make no sense.
        MissingExtra: without polars (CSV, Parquet) or Pillow (images).

    >>> read(b"size,colour\\n1,red\\n2,blue\\n4,red\\n5,blue\\n", name="toys.csv", target="colour")
    Dataset('toys': classification, 4 rows, 1 feature, 2 classes)
    """  # fmt: skip
    if not isinstance(source, bytes) and _is_folder(source):
        _refuse("a folder of images", target=target, task=task, kinds=kinds, labels=labels)
        return _folder(Path(source), size, limits)
    file = opened(source, name, limits)
    if is_idx(file.data):
        _refuse("an IDX file", target=target, task=task, kinds=kinds, size=size)
        return _idx(file, labels, limits)
    _refuse("a table", labels=labels, size=size)
    return _table(file, kinds, None, limits).dataset(target, task)


def table(source: Given, *, name: str | None = None, kinds: Kinds | None = None, limits: Limits = OWN) -> Table:
    """The columns of a CSV or Parquet file, to look at before a target is chosen: `table(...).dataset(target)`.

    Args:
        source: the path of the file, or its bytes.
        name: what to call bytes.
        kinds: as for `read`.
        limits: bounds of what is read.

    Raises:
        FileError, DataError, DataTypeError, MissingExtra: as for `read`.

    >>> [column["kind"] for column in table(b"size,colour\\n1,red\\n2,blue\\n").describe()]
    ['number', 'category']
    """
    return _table(opened(source, name, limits), kinds, None, limits)


def from_frame(
    frame: Any, target: str, *, name: str = "frame", task: str | None = None, kinds: Kinds | None = None,
    limits: Limits = OWN,
) -> Dataset:
    """Data of a data frame.

    Args:
        frame: of pandas, polars, pyarrow or another library that narwhals knows; or a mapping of names to columns.
        target: the column to predict.
        name: what to call it.
        task: "classification" or "regression"; None to recognise it.
        kinds: as for `read`.
        limits: bounds of what is read.

    Raises:
        DataError, DataTypeError: for data that no network can learn from.
        UnknownName, DescriptionError: for a target or options that make no sense.

    >>> from_frame({"size": [1.0, 2.0, 4.0], "price": [10.5, 20.0, 39.0]}, target="price")
    Dataset('frame': regression, 3 rows, 1 feature, target 'price')
    """  # fmt: skip
    raws, rows = columns_of(frame)
    return Table.of(raws, rows, name, kinds=kinds, limits=limits).dataset(target, task)


def encoded_rows(frame: Any, encoding: Encoding) -> npt.NDArray[Any]:
    """Rows of a frame, a mapping or a file as an encoding makes inputs of them, not scaled.

    Raises:
        DataError: for columns that are missing or hold something else.

    Warns of categories that the encoding does not know.
    """
    wanted = encoding.kinds
    if isinstance(frame, str | os.PathLike):
        found = _table(opened(frame, None, OWN), wanted, wanted, OWN)
    else:
        raws, rows = columns_of(frame, wanted)
        there = {raw.name for raw in raws}
        if not there:
            encoding.check({})
        found = Table.of(raws, rows, "the table", kinds={k: kind for k, kind in wanted.items() if k in there})
    unknown = encoding.unknown(found.columns)
    if unknown:
        told = "; ".join(f"{short(name)}: {', '.join(map(short, texts[:5]))}" for name, texts in list(unknown.items())[:5])
        warnings.warn(f"categories that were not learnt from count as none of the known ones: {told}", stacklevel=3)
    return encoded(found, encoding)


def again(source: Source) -> Dataset:
    """The data set that a run learnt from, as it was encoded then.

    Raises:
        LearnloopError: if it is not there any more, or has changed.
    """
    from .datasets import load

    origin, limits = source.origin, OWN
    if origin is None:
        return load(source.name)
    if not origin.places:
        raise DataError(
            f"{source.name} came as a data frame, or as bytes without a file. Fix: in Python, run.with_data(X, y) brings "
            "what is not kept with the run."
        )
    path, *labels = origin.places
    if _is_folder(path):
        return _folder(path, source.image_shape, limits, origin.sha256)
    file = opened(path, None, limits)
    if is_idx(file.data):
        return _idx(file, labels[0] if labels else None, limits, origin.sha256)
    _check_same(file.sha256, origin.sha256, path)
    if source.encoding is None or origin.target is None:
        raise DataError(f"the run does not say how its inputs were made of {path}. Fix: run.with_data(X, y).")
    kinds = source.encoding.kinds
    raw = _table(file, kinds, {*kinds, origin.target}, limits).dataset(origin.target, source.task)
    return raw.encoded(source.encoding)


def _is_folder(source: Any) -> bool:
    with suppress(TypeError, ValueError, OSError):
        return Path(source).is_dir()
    return False


def _refuse(what: str, **given: Any) -> None:
    """Options that belong to something else."""
    for name, value in given.items():
        if value is not None:
            raise DataError(f"{what} has no {name}, got {short(value)}. Fix: leave it out (--{name}).")


def _table(file: Opened, kinds: Kinds | None, only: Iterable[str] | None, limits: Limits) -> Table:
    """The table in a file: of all its columns, or only of some."""
    from .csvfile import read_csv
    from .parquet import MAGIC, read_parquet

    place = None
    if file.data.startswith(MAGIC):
        frame = read_parquet(file.data, file.name, limits, only)
    elif file.data.startswith(_ZIP):
        raise DataError(f"{file.name} is a spreadsheet or another zip file. Fix: save the sheet as CSV (UTF-8).")
    else:
        frame, place = read_csv(file.data, file.name, limits)
    raws, rows = columns_of(frame, only)
    chosen = None if kinds is None or only is None else {r.name: kinds[r.name] for r in raws if r.name in kinds}
    origin = Origin(file.sha256, None if file.path is None else str(file.path))
    return Table.of(
        raws, rows, stem(file.name), kinds=kinds if only is None else chosen, place=place or row_place, origin=origin,
        limits=limits,
    )  # fmt: skip


def _check_same(found: str, expected: str, path: Path) -> None:
    if found != expected:
        raise FileError(f"{path} has changed since the run learnt from it. Fix: put back the file as it was.")


def _folder(path: Path, size: Size | None, limits: Limits, expected: str | None = None) -> Dataset:
    shape = check_size(size)
    images = list_folder(path, limits)
    if expected is not None:
        _check_same(images.sha256, expected, path)
    pixels, done = read_images(images, shape, limits)
    y = np.array([index for _, _, index in images.files], np.int64)
    passed = [f"left out, for they are no images by their ending: {images.passed} of the files"] if images.passed else []
    origin = Origin(images.sha256, str(images.path))
    return _pictures(images.path.name or "images", pixels, y, images.classes, origin, (f"images are {done}", *passed), 255.0)


def _idx(file: Opened, labels: Given | None, limits: Limits, expected: str | None = None) -> Dataset:
    chosen = labels if labels is not None else labels_beside(file.path) if file.path is not None else None
    if chosen is None:
        raise DataError(
            f"{file.name} comes without its labels. Fix: put the file of labels beside it, named alike (train-images-..., "
            "train-labels-...), or name it: labels=... (--labels)."
        )
    beside = opened(chosen, "the labels" if isinstance(chosen, bytes) else None, limits)
    sha256 = hashlib.sha256(f"{file.sha256} {beside.sha256}".encode()).hexdigest()
    if expected is not None:
        _check_same(sha256, expected, file.path or Path(file.name))
    pixels, y = read_idx(file.data, file.name, limits), read_idx(beside.data, beside.name, limits)
    _check_idx(pixels, y, file.name, beside.name)
    values = sorted(set(y.tolist()))
    places = np.searchsorted(np.array(values), y).astype(np.int64)
    named = None if labels is None or beside.path is None else str(beside.path)
    origin = Origin(sha256, None if file.path is None else str(file.path), labels=named)
    scale = 255.0 if pixels.dtype == np.uint8 else None
    return _pictures(stem(file.name), pixels, places, tuple(map(str, values)), origin, (), scale)


def _check_idx(pixels: npt.NDArray[Any], y: npt.NDArray[Any], images: str, labels: str) -> None:
    if pixels.ndim not in (2, 3) or 0 in pixels.shape:
        raise DataError(f"{images} has the shape {pixels.shape}, expected (images, height, width). Fix: one channel.")
    if y.ndim != 1 or y.dtype.kind not in "iu":
        raise DataError(f"{labels} has the shape {y.shape} of {y.dtype}, expected one whole number for each image.")
    if len(y) != len(pixels):
        raise DataError(f"{labels} has {len(y)} labels, {images} has {len(pixels)} images. Fix: bring those that belong together.")
    if len(set(y.tolist())) < 2:
        raise DataError(f"all images of {images} have the same label: there is nothing to learn. Fix: bring others, too.")
    if not np.isfinite(pixels).all():
        raise DataError(f"{images} holds numbers that are not finite. Fix: write finite ones.")


def _pictures(
    name: str, pixels: npt.NDArray[Any], y: npt.NDArray[Any], classes: tuple[str, ...], origin: Origin,
    notes: tuple[str, ...], scale: float | None,
) -> Dataset:  # fmt: skip
    shape = (pixels.shape[1], pixels.shape[2]) if pixels.ndim == 3 else None
    X: npt.NDArray[Any] = np.ascontiguousarray(pixels.reshape(len(pixels), -1), np.float64 if pixels.dtype == np.float64 else np.float32)
    names = [f"pixel_{r}_{c}" for r in range(shape[0]) for c in range(shape[1])] if shape else [f"value_{k}" for k in range(X.shape[1])]
    what = f"images of {shape[0]} x {shape[1]}" if shape else "rows"
    return Dataset(
        name=name, X=X, y=y, task="classification", feature_names=tuple(names), target_names=classes, source="your own",
        licence="your own", description=f"{len(X)} {what} of {len(classes)} classes.", image_shape=shape, scale=scale,
        origin=origin, notes=notes,
    )  # fmt: skip
