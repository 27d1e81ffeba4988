"""Data sets that ship with learnloop: what they are, whose they are, and how they are read.

The numbers lie in `tables/*.npz`, written by `scripts/make_datasets.py`; `SOURCES.md` is made of the facts below.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ..errors import FileError
from .dataset import Dataset, Task
from .options import checked

__all__ = ["BUILT_IN", "BuiltIn", "read_npz", "sources_text"]

TABLES: Final = Path(__file__).with_name("tables")

_CC_BY: Final = "CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/)"
_UCI: Final = "UCI Machine Learning Repository, https://doi.org/10.24432"


@dataclass(frozen=True)
class BuiltIn:
    """One shipped data set: the attributes of `Dataset`, and `changes`: how it differs from the source."""

    name: str
    task: Task
    feature_names: tuple[str, ...]
    target_names: tuple[str, ...]
    source: str
    licence: str
    description: str
    changes: str
    dtype: str = "float64"
    image_shape: tuple[int, int] | None = None
    scale: float | None = None

    def load(self, given: Mapping[str, Any]) -> Dataset:
        """The data set; DescriptionError if options are given, FileError if the installation is damaged."""
        checked(self.name, {}, given)
        arrays = read_npz(TABLES / f"{self.name}.npz")
        return Dataset(
            name=self.name,
            X=arrays["X"].astype(self.dtype),
            y=arrays["y"].astype(np.int64 if self.task == "classification" else np.float64),
            task=self.task,
            feature_names=self.feature_names,
            target_names=self.target_names,
            source=self.source,
            licence=self.licence,
            description=self.description,
            image_shape=self.image_shape,
            scale=self.scale,
        )


def read_npz(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of an .npz file whose members are stored without compression.

    `numpy.load` would import zipfile and its friends first, which takes longer than reading all our tables.

    Args:
        path: a file written by `scripts/make_datasets.py`.

    Returns:
        X and y by name.

    Raises:
        FileError: a file that is missing, damaged or none of ours.

    Source: the local file headers of PKWARE's APPNOTE.TXT, section 4.3.7.
    """
    try:
        return dict(_members(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise FileError(f"cannot read {path} ({error}). Fix: install learnloop again.") from error


def _members(data: bytes) -> list[tuple[str, npt.NDArray[Any]]]:
    found = []
    start = 0
    while data[start : start + 4] == b"PK\x03\x04":
        flags, method = (int.from_bytes(data[start + at : start + at + 2], "little") for at in (6, 8))
        if method or flags & 0b1001:
            raise ValueError("a member is compressed, encrypted or of unknown size")
        crc, size = (int.from_bytes(data[start + at : start + at + 4], "little") for at in (14, 18))
        name_size, extra = (int.from_bytes(data[start + at : start + at + 2], "little") for at in (26, 28))
        body = start + 30 + name_size + extra
        name = data[start + 30 : start + 30 + name_size].decode("ascii").removesuffix(".npy")
        content = data[body : body + size]
        if zlib.crc32(content) != crc:
            raise ValueError(f"{name} has a wrong checksum")
        found.append((name, np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)))
        start = body + size
    if sorted(name for name, _ in found) != ["X", "y"]:
        raise ValueError("X or y is missing")
    return found


def sources_text() -> str:
    """`SOURCES.md`: name, source, licence and changes of every shipped data set."""
    parts = [
        "# Sources of the shipped data sets",
        "Written by `scripts/make_datasets.py` from `../builtin.py`; change the facts there.\n"
        "The copies come from scikit-learn's `sklearn.datasets` (BSD-3-Clause), which gives the same sources.",
    ]
    for entry in BUILT_IN.values():
        facts = {"Source": entry.source, "Licence": entry.licence, "Changes": entry.changes}
        lines = [f"- {key}: {value}" for key, value in facts.items()]
        parts.append("\n".join([f"## {entry.name}", "", entry.description, "", *lines]))
    return "\n\n".join(parts) + "\n"


_NUCLEUS: Final = (
    *("radius", "texture", "perimeter", "area", "smoothness"),
    *("compactness", "concavity", "concave points", "symmetry", "fractal dimension"),
)

BUILT_IN: Final[Mapping[str, BuiltIn]] = {
    entry.name: entry
    for entry in (
        BuiltIn(
            name="breast_cancer",
            task="classification",
            feature_names=(
                *(f"mean {part}" for part in _NUCLEUS),
                *(f"{part} error" for part in _NUCLEUS),
                *(f"worst {part}" for part in _NUCLEUS),
            ),
            target_names=("malignant", "benign"),
            source="W. Wolberg, O. Mangasarian, N. Street and W. Street (1995), Breast Cancer Wisconsin (Diagnostic), "
            f"{_UCI}/C5DW2B",
            licence=_CC_BY,
            description="Cell nuclei in images of breast masses: malignant or benign? 569 rows, 30 features.",
            changes="patient numbers left out; the diagnosis M, B became 0, 1",
        ),
        BuiltIn(
            name="diabetes",
            task="regression",
            feature_names=("age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"),
            target_names=("disease progression",),
            source="B. Efron, T. Hastie, I. Johnstone and R. Tibshirani (2004), Least Angle Regression, "
            "Annals of Statistics 32(2), 407-499; https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
            licence="none stated by the authors; published with the paper and shipped with scikit-learn (BSD-3-Clause)",
            description="Ten measurements of 442 diabetes patients: how far has the disease progressed a year later? "
            "The original values, not scikit-learn's scaled ones.",
            changes="none",
        ),
        BuiltIn(
            name="digits",
            task="classification",
            feature_names=tuple(f"pixel_{row}_{column}" for row in range(8) for column in range(8)),
            target_names=tuple("0123456789"),
            source="E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits (its test set), "
            f"{_UCI}/C50P49",
            licence=_CC_BY,
            description="Handwritten digits of 13 people as 8 x 8 images with 17 levels of grey, 0..16: 1797 rows.",
            changes="stored as 8-bit whole numbers",
            dtype="float32",
            image_shape=(8, 8),
            scale=16.0,
        ),
        BuiltIn(
            name="iris",
            task="classification",
            feature_names=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
            target_names=("setosa", "versicolor", "virginica"),
            source="R. A. Fisher (1936), The use of multiple measurements in taxonomic problems, Annals of Eugenics "
            f"7(2), 179-188; also {_UCI}/C56C76",
            licence=_CC_BY,
            description="Lengths and widths of the flowers of three kinds of iris: 150 rows, 4 features.",
            changes="two rows follow Fisher's paper (as in R), where UCI's copy has mistakes; the kinds became 0, 1, 2",
        ),
        BuiltIn(
            name="wine",
            task="classification",
            feature_names=(
                *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids"),
                *("nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue"),
                *("od280/od315_of_diluted_wines", "proline"),
            ),
            target_names=("class_0", "class_1", "class_2"),
            source=f"S. Aeberhard and M. Forina (1992), Wine, {_UCI}/C5PC7J",
            licence=_CC_BY,
            description="Chemical analyses of three kinds of wine from one region of Italy: 178 rows, 13 features.",
            changes="the kinds 1, 2, 3 became 0, 1, 2",
        ),
    )
}
