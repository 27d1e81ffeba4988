"""What is found to be wrong while a document is read: collected, so that one mistake does not hide another."""

from __future__ import annotations

from collections.abc import Iterable

from ..problems import LessonError, Place, Problem

MOST = 200
"""How many problems an error lists."""
ENOUGH = 500
"""Reading ends after so many: a text that is no lesson is not read to its end."""


class Findings:
    """The problems of one document.

    Args:
        path: what messages call the document.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Problem] = []

    def add(self, place: Place, text: str) -> None:
        """Note a problem: one line that says what it is and how to fix it.

        Raises:
            LessonError: if there are enough.
        """
        self.found.append(Problem(place, text))
        if len(self.found) >= ENOUGH:
            self.settle()

    def settle(self) -> None:
        """Go on if nothing was found.

        Raises:
            LessonError: if something was.
        """
        if not self.found:
            return
        kept = sorted(set(self.found))
        if len(kept) > MOST:
            more = Problem(kept[MOST].place, "more problems from here on. Fix: those above first.")
            kept = [*kept[:MOST], more]
        raise LessonError(self.path, kept)


def nearest(name: str, known: Iterable[str], shape: str = "'{}'") -> str:
    """What to write instead of a name that is unknown, or what there is.

    Args:
        name: as it was written.
        known: our own names, or those of the document, checked.
        shape: how a name is shown.

    >>> nearest("diagam", ["diagram", "note"])
    "Fix: write 'diagram'."
    """
    import difflib  # 8 ms, which only a mistake is worth

    names = list(dict.fromkeys(known))[:200]
    near = difflib.get_close_matches(name[:60], names, n=2, cutoff=0.5)
    if near:
        return f"Fix: write {' or '.join(map(shape.format, near))}."
    listed = ", ".join(map(shape.format, names[:20])) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return f"Fix: one of {listed}." if names else "Fix: leave it out."
