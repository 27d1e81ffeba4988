"""Numbers as plots write them: few digits, a true minus sign, spaces that no line breaks at."""

from __future__ import annotations

import math

THIN = "\u202f"
"""Between thousands."""
HARD = "\u00a0"
"""Before a percent sign."""


def number(value: float, digits: int = 3) -> str:
    """A few significant digits, without noise at the end.

    Args:
        value: any number.
        digits: how many are significant.

    >>> [number(x) for x in (0.12345, -2.0, 52345.0, 3.2e-7, math.inf, math.nan)]
    ['0.123', '−2', '52345', '3.2e−7', 'infinite', 'no number']
    """
    if not math.isfinite(value):
        return "no number" if math.isnan(value) else "infinite" if value > 0 else "−infinite"
    size = abs(value)
    if value == 0 or 1e-4 <= size < 1e5:
        text = f"{value:.{max(0, digits - 1 - (math.floor(math.log10(size)) if value else 0))}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}e{int(exponent)}"
    return text.replace("-", "−")


def signed(value: float, digits: int = 3) -> str:
    """A number with its sign, whatever it is.

    >>> signed(0.5), signed(-0.25)
    ('+0.5', '−0.25')
    """
    return ("+" if value > 0 else "") + number(value, digits)


def percent(share: float) -> str:
    """A share in percent, with one decimal; 100 % is all of it, and 0 % is none.

    >>> [percent(x).replace(HARD, " ") for x in (1.0, 0.99999, 0.97, 1e-5, 0.0)]
    ['100 %', '99.9 %', '97.0 %', '0.1 %', '0 %']
    """
    if not math.isfinite(share):
        return "no number"
    if share in (0, 1):
        return f"{100 * share:.0f}{HARD}%"
    shown = round(100 * share, 1)
    if 0 < share < 1:
        shown = min(99.9, max(0.1, shown))
    return f"{shown:.1f}{HARD}%"


def grouped(count: int) -> str:
    """A whole number, with thin spaces at the thousands.

    >>> grouped(12345).replace(THIN, " ")
    '12 345'
    """
    return f"{count:,}".replace(",", THIN)


def plural(count: int, thing: str) -> str:
    """So many of a thing.

    >>> plural(1, "row"), plural(2, "class"), plural(3, "row")
    ('1 row', '2 classes', '3 rows')
    """
    ending = "" if count == 1 else "es" if thing.endswith("s") else "s"
    return f"{grouped(count)} {thing}{ending}"


def listed(names: list[str]) -> str:
    """Names as people list them.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([part for part in (", ".join(names[:-1]), *names[-1:]) if part])
