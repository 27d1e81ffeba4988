"""A change for people: text, LaTeX, HTML. The printed numbers add up digit by digit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from .change import ROUNDING, Change, Part

MOST_DECIMALS = 30
_TEX = {
    "\\": r"\textbackslash{}", "_": r"\_", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#",
    "^": r"\^{}", "~": r"\~{}", "×": r"$\times$",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the sum.

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
    """Everything that is printed of a change."""

    before: str
    after: str
    change: str
    lines: tuple[Line, ...]
    verdict: str
    notes: tuple[str, ...]


def sheet(change: Change) -> Sheet:
    """The printed numbers.

    All have as many decimals as the rounding needs to show. Each is rounded for print; the change is the difference of
    the two printed values, and the line of the rounding takes the last digit that this leaves, so that they add up.
    """
    decimals = _decimals(change)
    groups = _groups(change)
    scale = 10**decimals
    before, after = (round(Fraction(v) * scale) for v in (change.before, change.after))
    whole = [round(sum((p.value for p in g), Fraction(0)) * scale) for g in groups]
    if change.ticks:
        whole[-1] = after - before - sum(whole[:-1])
    lines = tuple(_line(g, _print(w, decimals)) for g, w in zip(groups, whole, strict=True))
    return Sheet(_print(before, decimals), _print(after, decimals), _print(after - before, decimals), lines,
                 _verdict(change), tuple(_notes(change)))  # fmt: skip


def _decimals(change: Change) -> int:
    seen = abs(change.rounding) or change.bound
    return min(MOST_DECIMALS, max(6, 1 - math.floor(math.log10(float(seen))))) if float(seen) > 0 else MOST_DECIMALS


def _print(whole: int, decimals: int) -> str:
    digits = str(abs(whole)).rjust(decimals + 1, "0")
    return f"{'-' if whole < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def _groups(change: Change) -> list[list[Part]]:
    """Rows with one coefficient and one source in one line; every other part in its own."""
    found: dict[object, list[Part]] = {}
    for k, part in enumerate(change.parts):
        key = (part.coefficient, part.source) if part.kind == "row" else k
        found.setdefault(key, []).append(part)
    return list(found.values())


def _line(parts: list[Part], number: str) -> Line:
    first = parts[0]
    if first.kind == ROUNDING:
        return Line("", ROUNDING, number)
    coefficient = "" if first.coefficient == 1 else f"{float(first.coefficient):.6g}"
    if first.kind == "row":
        count = "1 row" if len(parts) == 1 else f"{len(parts)} rows"
        return Line(coefficient, f"sum over {count} of {first.source}", number)
    return Line(coefficient, first.source, number)


def _verdict(change: Change) -> str:
    if change.ticks:
        return "✓ within its bound; the sum is the stored change"
    if not change.sums:
        return "✗ the parts do not add up to the stored change"
    return f"✗ outside its bound {float(change.bound):.2g}: the parts do not explain the change"


def _notes(change: Change) -> Iterator[str]:
    if any("delta[" in p.source for p in change.parts):
        yield "delta = d(batch loss)/dz: the division by the rows of the batch is in it"
    if change.frozen:
        yield f"frozen at the values they had, though they depend on the gradient: {', '.join(change.frozen)}"


def text(change: Change) -> str:
    """The sum as lines of text."""
    shown = sheet(change)
    labels = max(len(line.label) for line in shown.lines)
    numbers = max(len(line.number) for line in shown.lines)
    rows = [f"{line.label:<{labels}}  {line.number:>{numbers}}" for line in shown.lines]
    head = f"{change.name} at update {change.update}:  {shown.before} -> {shown.after}  change {shown.change}"
    rows[-1] += f"  {shown.verdict}"
    notes = [f"({note})" for note in shown.notes]
    return "\n".join([head, f"  = {rows[0]}", *(f"    {row}" for row in (*rows[1:], *notes))])


def latex(change: Change) -> str:
    """The sum as an ``aligned`` block of LaTeX."""
    shown = sheet(change)
    rows = []
    for k, line in enumerate(shown.lines):
        sign = "=" if k == 0 else "+"
        times = rf"{_scientific(line.coefficient)}\cdot" if line.coefficient else ""
        rows.append(rf"&{sign} \underbrace{{({line.number})}}_{{{times}\text{{{_tex(line.source)}}}}}")
    head = rf"\Delta\,\text{{{_tex(change.name)}}} &= {shown.after} - ({shown.before}) = {shown.change}"
    return "\\begin{aligned}\n" + " \\\\\n".join([head, *rows]) + "\n\\end{aligned}"


def _scientific(number: str) -> str:
    mantissa, _, exponent = number.partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _tex(words: str) -> str:
    return "".join(_TEX.get(c, c) for c in words)


def html(change: Change) -> str:
    """The sum as a table; no name of a user's is taken for markup."""
    shown = sheet(change)
    rows = "".join(
        f"<tr><td>{escape(line.label)}</td><td style='text-align:right'>{line.number}</td></tr>" for line in shown.lines
    )
    head = f"{escape(change.name)} at update {change.update}: {shown.before} → {shown.after}"
    total = f"<tr><th>change</th><th style='text-align:right'>{shown.change}</th></tr>"
    notes = "".join(f"<p>{escape(note)}</p>" for note in shown.notes)
    return f"<table><caption>{head}</caption>{rows}{total}</table><p>{escape(shown.verdict)}</p>{notes}"
