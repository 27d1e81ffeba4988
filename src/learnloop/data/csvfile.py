"""CSV: separator, encoding and header are recognised; what is no table is refused with the line it fails in."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, Final

from ..errors import DataError, MissingExtra, short
from .columns import Place
from .frames import check_names
from .limits import Limits

__all__ = ["import_polars", "read_csv", "refused_by_polars"]

SEPARATORS: Final = ",;\t"
_DECIMAL_COMMA: Final = r"^\s*[+-]?\d+(,\d+)?([eE][+-]?\d+)?\s*$"
_SAMPLE: Final = 10_000
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(data: bytes, name: str, limits: Limits) -> tuple[Any, Place | None]:
    """The table in a CSV file.

    Args:
        data: UTF-8, with or without a mark, or UTF-16 with one; lines whose fields are separated by comma, semicolon or
            tab; the first one has the names. With semicolons a number may have a decimal comma.
        name: of the file, for messages.
        limits: bounds.

    Returns:
        (a polars frame, where its rows are; None where lines and rows do not match).

    Raises:
        DataError: for what is no table: the first line that is wrong, and why.
        MissingExtra: without polars.
    """
    text = _utf8(data, name)
    separator = _separator(text)
    names = _names(text, separator, name, limits)
    lines = text.count(b"\n")
    limits.check("cells", lines * len(names), name)
    frame = _parsed(text, separator, name)
    frame.columns = names
    if b"\n\n" in text or b"\n\r\n" in text:
        frame = _without_blank_lines(frame)
    if not len(frame):
        raise DataError(f"{name} has no rows below its header. Fix: bring a table with rows.")
    if frame[names[-1]].null_count():  # lines that are too short end so; polars fills them without a word
        _check_lines(text, separator, name)
    if separator == ";":
        frame = _with_points(frame)
    exact = lines + (not text.endswith(b"\n")) == len(frame) + 1
    skipped = data.count(b"\n") - lines
    return frame, (lambda row: f"line {row + 2 + skipped}") if exact else None


def import_polars() -> Any:
    """polars.

    Raises:
        MissingExtra: if it is not installed.
    """
    try:
        import polars  # 100 ms
    except ImportError as error:
        raise MissingExtra(
            "CSV and Parquet files need polars, which is not installed. Fix: pip install 'learnloop[tables]'"
        ) from error
    return polars


@contextmanager
def refused_by_polars(name: str, what: str) -> Iterator[None]:
    """Turn what polars says of a file into an error of ours.

    Raises:
        DataError: for what polars refuses, or breaks at.
    """
    polars = import_polars()
    try:
        yield
    except (DataError, MissingExtra):
        raise
    except (polars.exceptions.PolarsError, OSError, ValueError, OverflowError) as error:
        raise DataError(f"{name} is no {what} that can be read: {_first_line(error)}. Fix: write it again.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how a fault within polars arrives; it is no Exception
            raise
        raise DataError(f"{name} is damaged: {_first_line(error)}. Fix: write it again.") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")[:200]


def _utf8(data: bytes, name: str) -> bytes:
    """The text without its mark and without blank lines before the header."""
    if data.startswith(_UTF16):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError as error:
            raise DataError(f"{name} is no whole UTF-16 text ({error}). Fix: save it as UTF-8.") from error
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data[:_HEAD]:
        raise DataError(f"{name} is no text, so it can be no CSV file. Fix: bring CSV, Parquet or IDX.")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{name} is no UTF-8: byte 0x{data[error.start]:02x} in line {line}. Fix: save it as UTF-8, for example "
            "iconv -f latin1 -t utf-8 OLD > NEW."
        ) from error
    data = data.lstrip(b"\r\n")
    if not data.strip():
        raise DataError(f"{name} is empty. Fix: bring a table with a line of names and lines of values.")
    return data if b"\n" in data or b"\r" not in data else data.replace(b"\r", b"\n")


_HEAD: Final = 1 << 16  # bytes looked at for signs of what is no text


def _separator(text: bytes) -> str:
    """The one that occurs most in the first line, outside of quotes."""
    outside = "".join(text[: text.find(b"\n") if b"\n" in text else None].decode().split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def _records(text: bytes, separator: str) -> Iterator[tuple[int, list[str]]]:
    """(line that it ends in, fields) of each record that is no blank line."""
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")
    reader = csv.reader(lines, delimiter=separator, strict=True)
    return ((reader.line_num, fields) for fields in reader if fields)


def _names(text: bytes, separator: str, name: str, limits: Limits) -> list[str]:
    """The names of the columns; those without one are numbered."""
    try:
        fields = [field.strip() for _, field_list in islice(_records(text, separator), 1) for field in field_list]
    except csv.Error as error:
        raise DataError(f"the first line of {name} cannot be read: {error}. Fix: close its quotes.") from error
    limits.check("columns", len(fields), name)
    if all(_is_number(field) for field in fields) and fields not in ([str(k + b) for k in range(len(fields))] for b in (0, 1)):
        raise DataError(
            f"the first line of {name} holds numbers ({', '.join(fields[:3])}{' ...' if len(fields) > 3 else ''}), "
            "expected the names of the columns. Fix: write a line of names above it."
        )
    return check_names([field or f"column {k}" for k, field in enumerate(fields, 1)], name)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _parsed(text: bytes, separator: str, name: str) -> Any:
    polars = import_polars()
    for looked_at in (_SAMPLE, None):  # types found in the first lines mostly hold for all; a value that breaks them fails
        with suppress(DataError), refused_by_polars(name, "CSV file"):
            return polars.read_csv(text, separator=separator, infer_schema_length=looked_at)
    _check_lines(text, separator, name)
    with refused_by_polars(name, "CSV file"):  # such as numbers of 400 digits
        return polars.read_csv(text, separator=separator, infer_schema=False)


def _without_blank_lines(frame: Any) -> Any:
    import polars as pl

    return frame.filter(~pl.all_horizontal(pl.all().is_null()))


def _check_lines(text: bytes, separator: str, name: str) -> None:
    """Refuse the first line that has more or fewer fields than the header.

    Raises:
        DataError: for that, or for quotes that are not closed.
    """
    width = last = 0
    try:
        for line, fields in _records(text, separator):
            width = width or len(fields)
            if len(fields) != width:
                count = f"{len(fields)} field{'s' * (len(fields) != 1)}"
                raise DataError(
                    f"line {line} of {name} has {count}, the header has {width}. Fix: write as many in every line, and "
                    f"put fields that hold {short(separator)} between double quotes."
                )
            last = line
    except csv.Error as error:
        long = "field larger" in str(error)
        fix = "leave out the column of long texts" if long else "close quotes, and double those within fields"
        raise DataError(f"{name} cannot be read after line {last}: {error}. Fix: {fix}.") from error


def _texts(frame: Any) -> list[str]:
    import polars as pl

    return [name for name, dtype in zip(frame.columns, frame.dtypes, strict=True) if dtype == pl.String]


def _with_points(frame: Any) -> Any:
    """Numbers with a decimal comma as numbers."""
    import polars as pl

    commas = [c for c in _texts(frame) if frame[c].null_count() < len(frame) and frame[c].str.contains(_DECIMAL_COMMA).all()]
    replaced = [pl.col(c).str.strip_chars().str.replace(",", ".", literal=True).cast(pl.Float64) for c in commas]
    return frame.with_columns(replaced)
