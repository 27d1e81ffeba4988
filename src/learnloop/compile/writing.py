"""Files that are whole or not there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def replace(path: Path, content: bytes | str) -> Path:
    """Write beside, then rename; whatever happens, nothing half-written stays.

    Raises:
        OSError: if it cannot be written; it names the file.
    """
    blob = content.encode() if isinstance(content, str) else content
    try:
        number, name = tempfile.mkstemp(prefix=".learnloop-", suffix=".part", dir=path.parent)
        try:
            _fill(number, blob)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # not the name that it had meanwhile
        raise
    return path


def _fill(number: int, blob: bytes) -> None:
    with os.fdopen(number, "wb") as file:
        file.write(blob)
        file.flush()
        os.fsync(file.fileno())
