"""A sum for people: text, LaTeX, HTML. The printed numbers add up digit by digit."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from html import escape

MOST_DECIMALS = 30
WIDTH = 80
"""Columns of text."""
_TEX = {
    "\\": r"\textbackslash{}", "_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#",
    "^": r"\^{}", "~": r"\~{}", "×": r"$\times$",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line of a sum: a value, and what it is in words; the coefficient where it is one product."""

    source: str
    value: Fraction
    coefficient: Fraction | None = None


@dataclass(frozen=True)
class Sum:
    """What is told: entries that are the difference of two stored numbers.

    Attributes:
        name: what changed.
        when: "at update 412".
        before, after: the stored numbers.
        entries: the summands, the rounding last.
        bound: how large the rounding can be.
        ticks: whether the sum has earned its tick.
        verdict: what is said about that.
        notes: what else there is to know.
    """

    name: str
    when: str
    before: Fraction
    after: Fraction
    entries: tuple[Entry, ...]
    bound: Fraction
    ticks: bool
    verdict: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One printed line of the sum.

    Attributes:
        coefficient: what it is multiplied by, or nothing.
        source: the rest of the left side.
        number: the printed number.
    """

    coefficient: str
    source: str
    number: str

    @property
    def label(self) -> str:
        """The left side."""
        return f"{self.coefficient} × {self.source}" if self.coefficient else self.source


@dataclass(frozen=True)
class Sheet:
    """Everything that is printed of a sum."""

    before: str
    after: str
    change: str
    lines: tuple[Line, ...]


def sheet(told: Sum) -> Sheet:
    """The printed numbers.

    All have as many decimals as the rounding needs to show. Each is rounded for print; the change is the difference of
    the two printed values, and the line of the rounding takes the last digit that this leaves, so that they add up.
    """
    decimals = _decimals(abs(told.entries[-1].value) or told.bound)
    scale = 10**decimals
    before, after = round(told.before * scale), round(told.after * scale)
    whole = [round(entry.value * scale) for entry in told.entries]
    if told.ticks:
        whole[-1] = after - before - sum(whole[:-1])
    lines = tuple(_line(e, _print(w, decimals)) for e, w in zip(told.entries, whole, strict=True))
    return Sheet(_print(before, decimals), _print(after, decimals), _print(after - before, decimals), lines)


def _decimals(seen: Fraction) -> int:
    return min(MOST_DECIMALS, max(6, 1 - math.floor(math.log10(float(seen))))) if float(seen) > 0 else MOST_DECIMALS


def _print(whole: int, decimals: int) -> str:
    digits = str(abs(whole)).rjust(decimals + 1, "0")
    return f"{'-' if whole < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def _line(entry: Entry, number: str) -> Line:
    plain = entry.coefficient is None or entry.coefficient == 1
    return Line("" if plain else f"{float(entry.coefficient or 0):.6g}", entry.source, number)


def table(shown: Sheet) -> list[str]:
    """The lines of the sum, numbers below each other."""
    labels = max(len(line.label) for line in shown.lines)
    numbers = max(len(line.number) for line in shown.lines)
    rows = [f"{line.label:<{labels}}  {line.number:>{numbers}}" for line in shown.lines]
    return [f"  = {rows[0]}", *(f"    {row}" for row in rows[1:])]


def text(told: Sum) -> str:
    """The sum as lines of text."""
    shown = sheet(told)
    head = f"{told.name} {told.when}:  {shown.before} -> {shown.after}  change {shown.change}"
    *rows, last = table(shown)
    return "\n".join([head, *rows, f"{last}  {told.verdict}", *(f"    ({note})" for note in told.notes)])


def wrapped(words: str, indent: str = "  ", width: int = WIDTH) -> list[str]:
    """Words in lines of at most so many columns."""
    return textwrap.wrap(words, width, initial_indent=indent, subsequent_indent=indent)


def shortened(name: str, most: int = 48) -> str:
    """A name that fits into a line."""
    return name if len(name) <= most else f"{name[: most // 2]}…{name[-(most // 2 - 1) :]}"


def latex(told: Sum) -> str:
    """The sum as an ``aligned`` block of LaTeX."""
    shown = sheet(told)
    head = rf"\Delta\,\text{{{tex(told.name)}}} &= {shown.after} - ({shown.before}) = {shown.change}"
    return aligned([head, *latex_lines(shown)])


def latex_lines(shown: Sheet) -> list[str]:
    """The lines of the sum."""
    rows = []
    for k, line in enumerate(shown.lines):
        sign = "=" if k == 0 else "+"
        times = rf"{scientific(line.coefficient)}\cdot" if line.coefficient else ""
        rows.append(rf"&{sign} \underbrace{{({line.number})}}_{{{times}\text{{{tex(line.source)}}}}}")
    return rows


def aligned(rows: Iterable[str]) -> str:
    """Lines of an ``aligned`` block."""
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def scientific(number: str) -> str:
    """A number as LaTeX has it."""
    mantissa, _, exponent = number.partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def tex(words: str) -> str:
    """Words that LaTeX takes for words."""
    return "".join(_TEX.get(c, c) for c in words)


def html(told: Sum) -> str:
    """The sum as a table; no name of a user's is taken for markup."""
    shown = sheet(told)
    head = f"{told.name} {told.when}: {shown.before} → {shown.after}"
    rows = [(line.label, line.number) for line in shown.lines]
    return html_table(head, rows, ("change", shown.change), (told.verdict, *told.notes))


def html_table(head: str, rows: Iterable[tuple[str, str]], total: tuple[str, str], notes: Iterable[str]) -> str:
    """A table of two columns, and paragraphs below it; everything is escaped."""
    right = "style='text-align:right'"
    body = "".join(f"<tr><td>{escape(label)}</td><td {right}>{escape(number)}</td></tr>" for label, number in rows)
    last = f"<tr><th>{escape(total[0])}</th><th {right}>{escape(total[1])}</th></tr>"
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<table><caption>{escape(head)}</caption>{body}{last}</table>{below}"


def html_rows(title: str, head: Iterable[str], rows: Iterable[Iterable[str]], notes: Iterable[str]) -> str:
    """A table of many columns; everything is escaped."""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return f"<table><caption>{escape(title)}</caption><tr>{top}</tr>{body}</table>{below}"
