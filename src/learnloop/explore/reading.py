"""Files that somebody dropped on the page, read as the command line reads them, within the limits of uploads."""

from __future__ import annotations

import re
from typing import Any

from ..data import UPLOAD, Dataset, datasets

NAME = 120
"""Characters of a file's name that are kept."""


def columns_of(name: str, content: bytes) -> dict[str, Any]:
    """What is in a file with a table, so that a target can be chosen.

    Raises:
        LearnloopError: for a file that cannot be read, in the reader's own words.
    """
    table = datasets.table(content, name=safe_name(name), limits=UPLOAD)
    return {"name": table.name, "rows": table.rows, "columns": table.describe()}


def read_file(name: str, content: bytes, target: str) -> Dataset:
    """A data set from the bytes of a file.

    Args:
        name: what the file is called; nothing is opened by it.
        content: its bytes.
        target: the column to predict.

    Raises:
        LearnloopError: for a file that cannot be read, in the reader's own words.
    """
    return datasets.read(content, name=safe_name(name), target=target, limits=UPLOAD)


def safe_name(given: str) -> str:
    """The last part of a name, without what steers a terminal.

    >>> safe_name("C:/tmp/a b.csv"), safe_name("../../x\\u202e.csv"), safe_name("")
    ('a b.csv', 'x.csv', 'data')
    """
    last = re.split(r"[\\/]", given)[-1]
    return "".join(c for c in last if c.isprintable())[:NAME] or "data"
