"""One file out of many: the fixed headers written into the text that includes them."""

from __future__ import annotations

import re
from pathlib import Path

_INCLUDE = re.compile(r'^#include "([a-z0-9_]+\.h)"[^\n]*$', re.MULTILINE)
_GUARD = re.compile(r"^#ifndef LL_\w+_H$", re.MULTILINE)
_TEMPLATE = re.compile(r"\bLL_(F|REAL|BITS|LANES)\b")


def amalgamate(text: str, folder: Path, before: str = "") -> str:
    """The text with every ``#include "file.h"`` replaced by that file.

    Args:
        text: C source.
        folder: where the headers are.
        before: lines to begin with.

    Returns:
        C source that needs no file of ours. Templates (of LL_BITS and LL_LANES) appear wherever they are
        included, other headers once.
    """
    seen: set[str] = set()

    def expand(source: str) -> str:
        return _INCLUDE.sub(lambda match: include(match.group(1)), source)

    def include(name: str) -> str:
        if name in seen:
            return ""
        content = (folder / name).read_text()
        if _GUARD.search(content) and not _TEMPLATE.search(content):
            seen.add(name)
        return expand(content.rstrip())

    return before + re.sub(r"\n{3,}", "\n\n", expand(text))
