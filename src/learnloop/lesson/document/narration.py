"""What can be said aloud: words. Formulas, code and their marks cannot be read aloud, so a narration has none."""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNSAID = re.compile(r"[\\$^`]|_\{")
_WHAT = {
    "\\": "a backslash",
    "$": "a formula",
    "^": "a power",
    "`": "code",
    "_{": "an index",
}


def unsaid(text: str) -> Iterator[tuple[int, str]]:
    """(where, why) of what no voice can say.

    >>> [at for at, why in unsaid("the loss $L$ falls")]
    [9, 11]
    """
    for match in _UNSAID.finditer(text):
        yield match.start(), f"{match[0]} is {_WHAT[match[0]]}, which cannot be read aloud. Fix: say it in words."
