"""``learnloop lesson list``: the lessons that come along."""

from __future__ import annotations

import json as encoder
from typing import Any

from ..lesson import shipped
from ..lesson.document.model import Document
from ..lesson.document.reader import read_file
from .console import command, console, show, table
from .entry import OK
from .suggest import learnloop

WORDS = 125
"""That are spoken in a minute, silences and drawing included: what the lessons that come along take."""


def list_lessons(*, json: bool) -> int:
    """List them.

    Args:
        json: whether stdout belongs to a machine.
    """
    found = [_line(name) for name in shipped.names()]
    if json:
        print(encoder.dumps(found))
        return OK
    out = console()
    listed = table("lesson", "level", "minutes", "what it is about", right=(2,))
    for line in found:
        listed.add_row(line["name"], line["level"], str(line["minutes"]), f"{line['title']}. {line['about']}".rstrip(" ."))
    show(out, listed)
    out.print()
    command(out, "make a page of one", learnloop("lesson", "build", found[0]["name"]))
    command(out, "write one about a run of your own", learnloop("lesson", "new", "last"))
    return OK


def _line(name: str) -> dict[str, Any]:
    document = read_file(shipped.find(name))
    front = document.front
    return {"name": name, "title": front.title, "level": front.level, "minutes": minutes(document), "about": front.subtitle,
            "learn": list(front.learn)}  # fmt: skip


def minutes(document: Document) -> int:
    """About how long a lesson takes, by its words."""
    said = [block for chapter in document.chapters for block in chapter.blocks if block.name == "say"]
    spans = [span for block in said for prose in block.prose for line in prose.lines for span in line]
    return max(1, round(sum(len(span.text.split()) or 1 for span in spans) / WORDS))
