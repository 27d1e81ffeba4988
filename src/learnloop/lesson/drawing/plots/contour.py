"""Where a field of numbers crosses zero: lines through a grid, as long as they go."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..path import Xy

Array = np.ndarray[Any, np.dtype[Any]]
Edge = tuple[int, int, int]
"""Row, column, and 0 for the side to the right of a cell's middle, 1 for the one below."""
_SIDES: dict[str, tuple[int, int, int]] = {"top": (0, 0, 0), "left": (0, 0, 1), "bottom": (1, 0, 0), "right": (0, 1, 1)}
_PAIRS = {
    1: ("left", "top"), 2: ("top", "right"), 3: ("left", "right"), 4: ("right", "bottom"), 6: ("top", "bottom"), 7: ("left", "bottom"),
    8: ("left", "bottom"), 9: ("top", "bottom"), 11: ("right", "bottom"), 12: ("left", "right"), 13: ("top", "right"), 14: ("left", "top"),
}  # fmt: skip
"""Which sides of a square the line crosses, by which of its corners are above zero (1, 2, 4, 8 clockwise from the top left)."""
_SADDLES = {5: (("left", "top"), ("right", "bottom")), 10: (("top", "right"), ("left", "bottom"))}


def zero_lines(values: Array) -> list[list[Xy]]:
    """Lines along which a field is zero: marching squares, whose pieces are joined.

    Args:
        values: (rows, columns), finite.

    Returns:
        Each line as (column, row) points, in cells from the middle of the first one; closed lines end where they begin.

    >>> zero_lines(np.array([[-1.0, 1.0], [-1.0, 1.0]]))
    [[(0.5, 0), (0.5, 1)]]
    """
    return [[_crossing(values, edge) for edge in chain] for chain in _joined(_pieces(values > 0))]


def _pieces(above: Array) -> list[tuple[Edge, Edge]]:
    corners = above.astype(int)
    cases = corners[:-1, :-1] + 2 * corners[:-1, 1:] + 4 * corners[1:, 1:] + 8 * corners[1:, :-1]
    found = []
    for row, column in np.argwhere((cases > 0) & (cases < 15)).tolist():
        case = int(cases[row, column])
        for one, other in _SADDLES.get(case) or (_PAIRS[case],):
            found.append((_edge(row, column, one), _edge(row, column, other)))
    return found


def _edge(row: int, column: int, side: str) -> Edge:
    down, across, kind = _SIDES[side]
    return row + down, column + across, kind


def _joined(pieces: list[tuple[Edge, Edge]]) -> list[list[Edge]]:
    """Pieces end to end; lines that end at the border first, from there."""
    beside: dict[Edge, list[Edge]] = {}
    for one, other in pieces:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    starts = [edge for edge, others in beside.items() if len(others) == 1] + list(beside)
    return [chain for start in starts if len(chain := _walk(start, beside)) > 1]


def _walk(start: Edge, beside: dict[Edge, list[Edge]]) -> list[Edge]:
    """From an edge on as long as there is a piece that was not gone yet, each of which is used up."""
    chain = [start]
    while beside[chain[-1]]:
        here = chain[-1]
        there = beside[here].pop()
        beside[there].remove(here)
        chain.append(there)
    return chain


def _crossing(values: Array, edge: Edge) -> Xy:
    row, column, down = edge
    one, other = float(values[row, column]), float(values[row + down, column + 1 - down])
    share = one / (one - other) if one != other else 0.5
    return column + (0 if down else share), row + (share if down else 0)
