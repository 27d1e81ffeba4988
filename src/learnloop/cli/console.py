"""Where output goes and what it looks like: one column of labels, values beside it, tables without frames."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import rich.console
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from .entry import printable

LABEL = 10
"""Columns of the labels on the left."""
GAP = 2
"""Columns between those of a table."""


class Console(rich.console.Console):
    """rich's console, with our way to end when nobody reads any more."""

    def on_broken_pipe(self) -> None:
        """Leave it to ``main``; rich would end the process itself."""
        raise BrokenPipeError


def console(*, json: bool = False) -> Console:
    """Where people read: stdout, or stderr where stdout belongs to the machine that reads ``--json``."""
    return Console(stderr=json, highlight=False, markup=False, emoji=False)


def say(out: Console, label: str, *lines: str | Text) -> None:
    """A label, and what there is to say, wrapped beside it; below it, where the label needs the room itself."""
    label = printable(label)
    if len(label) >= LABEL and lines:
        out.print(Text(label, "bold"), soft_wrap=True)
        label = ""
    room = max(out.width - LABEL, 20)
    parts = [part for line in lines for part in plain(line).wrap(out, room)] or [Text()]
    for number, part in enumerate(parts):
        show(out, Text.assemble(("" if number else f"{label:<{LABEL}}", "bold"), " " * LABEL if number else "", part))


def unbroken(out: Console, label: str, text: str) -> None:
    """A label, and something to copy beside it, which is never broken: a digest, a path."""
    out.print(Text.assemble((f"{label:<{LABEL}}", "bold"), printable(text)), soft_wrap=True)


def show(out: Console, body: Any, indent: int = 0) -> None:
    """Anything that rich can draw, without blanks at the ends of its lines."""
    options = out.options.update_width(out.width - indent)
    if isinstance(body, Table):
        _keep_words(body, out.width - indent)
    for line in out.render_lines(body, options, pad=False):
        text = Text.assemble(" " * indent, *((part.text, part.style or "") for part in line))
        text.rstrip()
        out.print(text, soft_wrap=True)


def plain(text: str | Text) -> Text:
    """Text that is shown as it is: no markup, no control characters."""
    return text if isinstance(text, Text) else Text(printable(text))


def command(out: Console, what: str, line: str) -> None:
    """A command to copy, on a line of its own, which is never broken."""
    out.print(Text.assemble("  ", (what, "dim")), soft_wrap=True)
    out.print(Text.assemble("    ", (printable(line), "cyan")), soft_wrap=True)


def table(*columns: str, right: Iterable[int] = ()) -> Table:
    """An empty table without a frame.

    Args:
        *columns: the heads.
        right: which columns hold numbers.
    """
    empty = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
    numbers = set(right)
    for k, head in enumerate(columns):
        empty.add_column(plain(head), justify="right" if k in numbers else "left", overflow="fold")
    return empty


def _keep_words(body: Table, room: int) -> None:
    """Let no column become narrower than its longest word, where there is room for that."""
    least = [max(map(_longest_word, (column.header, *column.cells))) for column in body.columns]
    if sum(least) + GAP * (len(least) - 1) <= room:
        for column, width in zip(body.columns, least, strict=True):
            column.min_width = width


def _longest_word(cell: Any) -> int:
    return max(map(cell_len, str(cell).split()), default=0)


def draws_blocks(out: Console) -> bool:
    """Whether the output can show more than ASCII."""
    return (out.encoding or sys.getdefaultencoding()).lower().startswith("utf")
