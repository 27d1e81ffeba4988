"""Rows with a seal: what is read back is what was written, or an error.

The seal of a row is the SHA-256 over the table's name and all values of the row. SQLite itself keeps no checksums.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_type_hints

Row = TypeVar("Row", bound=NamedTuple)
Value = int | float | str | bytes | memoryview | None


class Unsealed(Exception):
    """A row that is not as it was written; the caller knows which store it is in."""


def seal(table: str, values: tuple[Value, ...]) -> bytes:
    """SHA-256 of a row: every value with its type and length, so that no two rows look alike."""
    total = hashlib.sha256(table.encode())
    for value in values:
        raw = value if isinstance(value, bytes | memoryview) else repr(value).encode("utf-8", "surrogatepass")
        kind = b"b" if isinstance(value, memoryview) else type(value).__name__[:1].encode()
        total.update(kind + len(raw).to_bytes(8, "little"))
        total.update(raw)
    return total.digest()


class Table(Generic[Row]):
    """A table whose columns are the fields of a NamedTuple, and the seal.

    The names in the SQL text are those of this package's own classes; values are always parameters.

    Args:
        name: of the table.
        row: the class of its rows; its first ``keys`` fields say which row it is.
        keys: how many.
    """

    def __init__(self, name: str, row: type[Row], keys: int = 1) -> None:
        self.name, self._row = name, row
        hints = get_type_hints(row)
        self._types = [get_args(hint) or (hint,) for hint in hints.values()]
        columns = [*hints, "seal"]
        self._key = slice(0, keys)
        which = " AND ".join(f"{column} = ?" for column in columns[:keys])
        marks = ", ".join("?" * len(columns))
        self._select = f"SELECT {', '.join(columns)} FROM {name} "  # noqa: S608
        self._insert = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
        self._update = f"UPDATE {name} SET {', '.join(f'{c} = ?' for c in columns)} WHERE {which}"  # noqa: S608

    def insert(self, db: sqlite3.Connection, row: Row) -> None:
        """Add a row."""
        self.insert_raw(db, row)

    def insert_raw(self, db: sqlite3.Connection, row: tuple[Value, ...]) -> None:
        """Add a row that is no NamedTuple: with a view of bytes that need not be copied."""
        db.execute(self._insert, (*row, seal(self.name, row)))

    def update(self, db: sqlite3.Connection, row: Row) -> None:
        """Write a row in place of the one with the same key."""
        db.execute(self._update, (*row, seal(self.name, row), *row[self._key]))

    def select(self, db: sqlite3.Connection, where: str = "", *parameters: Value) -> list[Row]:
        """Rows, each checked.

        Args:
            where: a fixed text: the clauses after the table's name.

        Raises:
            Unsealed: if one is not as it was written.
        """
        found = db.execute(self._select + where, parameters).fetchall()  # a half-read cursor would keep its lock
        return [self._checked(values) for values in found]

    def _checked(self, values: tuple[Any, ...]) -> Row:
        *own, mark = values
        known = all(type(value) in types for value, types in zip(own, self._types, strict=True))
        if not known or seal(self.name, tuple(own)) != mark:
            raise Unsealed(f"a row of the table {self.name} is not as it was written")
        return self._row(*own)


def to_text(value: Any) -> str:
    """Plain data as JSON: ASCII, sorted, floats in full."""
    return json.dumps(value, sort_keys=True)


def from_text(text: str) -> Any:
    """Plain data back.

    Raises:
        Unsealed: if it is no JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unsealed("a description is no JSON") from error
