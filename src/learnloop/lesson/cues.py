"""Cues held against what there is to draw and to point at when they are spoken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import UnknownName
from .document.model import Cue
from .model import Shown
from .problems import Problem
from .schedule import Plan


def check_cues(plans: Sequence[Plan]) -> list[Problem]:
    """What is wrong with the cues of a lesson: parts that there are not, and blocks that are not there yet."""
    there: dict[str, Shown] = {}
    found: list[Problem] = []
    for plan in plans:
        own = {shown.id for shown in plan.shown}
        there |= {shown.id: shown for shown in plan.shown}
        for cue, _, _ in plan.narrated.cues if plan.narrated is not None else ():
            found += [Problem(cue.place, text) for text in _wrong_with(cue, there, own)]
    return found


def _wrong_with(cue: Cue, there: dict[str, Shown], own: set[str]) -> Iterator[str]:
    if cue.verb == "set":
        return
    block, _, part = cue.target.partition(".")
    if block not in there:
        yield f"{block} comes later than this is said. Fix: move the block above this say."
    elif part:
        sketch = there[block].sketch
        parts = [one.name for one in sketch[0].parts] if sketch is not None else []
        if part not in parts:
            yield str(UnknownName(f"part of {block}", part, parts, "" if parts else f"Fix: {cue.verb}:{block}, for it has no parts."))
    elif cue.verb == "draw" and block not in own:
        yield f"{block} is drawn in an earlier beat. Fix: point:{block}, or the name of one of its parts."
