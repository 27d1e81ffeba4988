"""Register tiles: some steps of one output axis by some registers along another, sharing what they load."""

from __future__ import annotations

from ...language import Contract, Extent
from .pen import Pen
from .sums import chain, each_register, start

STEPS = (4, 1)
"""Heights of the tiles that take what whole tiles leave over."""


def tile_function(pen: Pen) -> None:
    """One tile: ``height`` steps of the tile's axis by ``vectors`` registers."""
    nest, head = pen.nest, pen.nest.head
    assert isinstance(head, Contract)
    tile, vector = _axes(pen)
    places = "".join(f", index_t {pen.scope.axis(a)}" for a in (*_others(pen), tile, vector))
    steps = {tile: f"{pen.scope.axis(tile)} + r", vector: f"{pen.scope.axis(vector)} + {nest.lanes} * c"}
    scope, name = pen.scope.at(**steps), f"{head.out}_v"
    given = f"const struct tensors *t{places}, const index_t height, const index_t vectors"
    with pen.block(f"LL_INLINE void {pen.name}_tile({given})"):
        pen.pointers()
        pen.add(f"{scope.type()} {name}[{nest.height}][{nest.vectors}];")
        with each_register(pen, "[r][c]"):
            pen.add(f"{name}[r][c] = {start(pen, head, scope)};")
        chain(pen, head, scope, name, "[r][c]")
        with each_register(pen, "[r][c]"):
            scope = scope.knowing(head.out, f"{name}[r][c]")
            pen.keep(head, scope)
            for statement in nest.maps:
                scope = pen.map(statement, scope)


def tile_loops(pen: Pen, others: list[str] | None = None) -> None:
    """Every tile of a nest, whole ones first."""
    others = _others(pen) if others is None else others
    if others:
        low, high = pen.bounds(others[0])
        with pen.loop(pen.scope.axis(others[0]), low, high):
            tile_loops(pen, others[1:])
        return
    nest, (_, vector) = pen.nest, _axes(pen)
    name, size = pen.scope.axis(vector), nest.sizes[vector]
    assert isinstance(size, int), "a tile's vectors run along an axis of known extent"
    if vector == nest.split:
        with pen.loop(name, "begin", "end", nest.lanes):
            _steps(pen, name, 1)
        return
    step = nest.lanes * nest.vectors
    panels, rest = divmod(-(-size // nest.lanes), nest.vectors)
    if panels == 1:
        _steps(pen, "0", nest.vectors)
    elif panels:
        with pen.loop(name, "0", str(panels * step), step):
            _steps(pen, name, nest.vectors)
    if rest:
        _steps(pen, str(panels * step), rest)


def _steps(pen: Pen, vector: str, vectors: int) -> None:
    """The loop along the tile's axis, in steps of the whole height, then of fewer."""
    tile, _ = _axes(pen)
    name, (low, high) = pen.scope.axis(tile), pen.bounds(tile)
    others = "".join(f"{pen.scope.axis(a)}, " for a in _others(pen))
    with pen.block(""):
        pen.add(f"index_t {name} = {low};")
        for height in heights(pen.nest.height, pen.nest.sizes[tile]):
            call = f"{pen.name}_tile(t, {others}{name}, {vector}, {height}, {vectors});"
            pen.add(f"for (; {name} + {height} <= {high}; {name} += {height}) {call}")


def heights(most: int, size: Extent) -> list[int]:
    """The heights to go through, largest first; only the whole one where it divides a known size."""
    if isinstance(size, int) and size % most == 0:
        return [most]
    steps = [h for h in (most, *STEPS) if h <= most and (isinstance(size, str) or h <= size)]
    return list(dict.fromkeys(steps))


def _axes(pen: Pen) -> tuple[str, str]:
    assert pen.nest.tile is not None
    assert pen.nest.vector is not None
    return pen.nest.tile, pen.nest.vector


def _others(pen: Pen) -> list[str]:
    return [a for a in pen.nest.axes if a not in _axes(pen)]
