"""Data by what people write for them: the name of a set that comes along, or a path of their own."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..data import Dataset, Table, datasets
from ..data.idx import is_idx
from ..data.opening import GZIP
from ..errors import DescriptionError, FileError, UnknownName

_SIZE = re.compile(r"(\d{1,4})(?:x(\d{1,4}))?")


@dataclass(frozen=True)
class Asked:
    """What was written of data.

    Attributes:
        name: of a data set, or a path.
        target: the column to predict.
        task: "classification" or "regression".
        kind: COLUMN=KIND, for kinds that shall not be recognised.
        size: of images: a side, or HEIGHTxWIDTH.
        labels: the path of the labels of an IDX file.
    """

    name: str
    target: str | None = None
    task: str | None = None
    kind: tuple[str, ...] = ()
    size: str | None = None
    labels: str | None = None

    def dataset(self) -> Dataset:
        """The data set.

        Raises:
            UnknownName: for a name that is neither a data set nor a path.
            DescriptionError: for options that make no sense.
            DataError, FileError: for data that cannot be used.
        """
        if not is_own(self.name):
            self._refuse()
            return load(self.name)
        return datasets.read(
            Path(self.name).expanduser(), target=self.target, task=self.task, kinds=kinds_of(self.kind) or None,
            size=_size(self.size), labels=None if self.labels is None else Path(self.labels).expanduser(),
        )  # fmt: skip

    def table(self) -> Table:
        """The columns of a file of one's own."""
        return datasets.table(Path(self.name).expanduser(), kinds=kinds_of(self.kind) or None)

    def _refuse(self) -> None:
        for name in ("target", "task", "kind", "size", "labels"):
            if getattr(self, name):
                fix = f"Fix: leave out --{name}, or write ./{self.name} for a file of that name."
                raise DescriptionError(f"{self.name} is no file of your own: its {name} cannot be chosen. {fix}")


def is_own(name: str) -> bool:
    """Whether a path is meant."""
    if name in datasets.names():
        return False
    return os.sep in name or "/" in name or "." in name or Path(name).expanduser().exists()


def is_table(name: str) -> bool:
    """Whether a path is that of a file with columns, by how it begins; a packed one, by its name."""
    path = Path(name).expanduser()
    if not path.is_file():
        return False
    with suppress(OSError), path.open("rb") as file:
        head = file.read(4)
    return not is_idx(head) and not (head.startswith(GZIP) and "idx" in path.name)


def load(name: str) -> Dataset:
    """A data set that comes along.

    Raises:
        UnknownName: if there is none, with what else could have been meant.
    """
    if name not in datasets.names():
        raise UnknownName("data set", name, datasets.names(), "Fix: learnloop data lists them; or the path of a file.")
    return datasets.load(name)


def check_there(name: str) -> None:
    """Refuse a path that leads nowhere, in the words of the command line.

    Raises:
        FileError: for that.
    """
    if is_own(name) and not Path(name).expanduser().exists():
        raise FileError(
            f"there is no file {name}. Fix: the path of a CSV, Parquet or IDX file or of a folder of images; learnloop data "
            "lists the data sets that come along."
        )


def kinds_of(given: Iterable[str]) -> dict[str, Any]:
    """Kinds by column.

    Raises:
        DescriptionError: for what is no COLUMN=KIND.

    >>> kinds_of(["zip=category"])
    {'zip': 'category'}
    """
    found = {}
    for text in given:
        column, equals, kind = text.rpartition("=")
        if not equals or not column:
            raise DescriptionError(f"--kind is {text!r}; expected COLUMN=KIND, as in zip=category.")
        found[column] = kind
    return found


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = _SIZE.fullmatch(text.lower())
    if found is None:
        raise DescriptionError(f"--size is {text!r}; expected a side, as in 32, or HEIGHTxWIDTH, as in 32x24.")
    return int(found[1]), int(found[2] or found[1])
