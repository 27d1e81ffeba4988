"""Writes the shipped data sets, `src/learnloop/data/tables/*.npz` and `SOURCES.md`, from scikit-learn's copies.

The bytes are the same whenever and wherever it runs: fixed time stamps, no compression (a wheel compresses anyway).
Usage: `PYTHONPATH=src python scripts/make_datasets.py [folder]`
"""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import sklearn.datasets

from learnloop.data.builtin import BUILT_IN, TABLES, BuiltIn, sources_text


def main(folder: Path) -> None:
    """Writes all files into the folder."""
    for entry in BUILT_IN.values():
        (folder / f"{entry.name}.npz").write_bytes(npz(arrays(entry)))
    (folder / "SOURCES.md").write_text(sources_text(), encoding="utf-8", newline="\n")


def arrays(entry: BuiltIn) -> dict[str, np.ndarray[Any, Any]]:
    """X and y in the smallest types that lose nothing, checked against what the catalogue says."""
    options = {"scaled": False} if entry.name == "diabetes" else {}
    original = getattr(sklearn.datasets, f"load_{entry.name}")(**options)
    # older copies of diabetes have 4.803999999999999 where the measurement, of four decimals at most, was 4.804
    values = original.data.round(4) if entry.name == "diabetes" else original.data
    X, y = (shrink(np.asarray(part)) for part in (values, original.target))
    if X.shape[1] != len(entry.feature_names) or list(entry.feature_names) != list(original.feature_names):
        raise SystemExit(f"{entry.name}: the feature names differ from scikit-learn's")
    if entry.task == "regression":
        y = y.astype("<f8")
    elif [str(name) for name in original.target_names] != list(entry.target_names):
        raise SystemExit(f"{entry.name}: the class names differ from scikit-learn's")
    return {"X": X, "y": y}


def shrink(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """uint8 where every value is a whole number that fits, else little-endian float64."""
    small = values.astype(np.uint8) if values.min() >= 0 and values.max() <= 255 else None
    return np.ascontiguousarray(small if small is not None and np.array_equal(small, values) else values.astype("<f8"))


def npz(members: dict[str, np.ndarray[Any, Any]]) -> bytes:
    """An .npz file without compression and with fixed time stamps."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in members.items():
            body = io.BytesIO()
            np.lib.format.write_array(body, array, version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3  # or it would name the operating system it runs on
            archive.writestr(info, body.getvalue())
    return file.getvalue()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else TABLES)
