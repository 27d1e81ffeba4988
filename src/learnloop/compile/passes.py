"""Passes: plain functions from sketch to sketch. None names a rule; each keeps every chain's order."""

from __future__ import annotations

from dataclasses import replace

from ..language import (
    LANES,
    REAL,
    ROWS,
    Access,
    Contract,
    Extent,
    Map,
    Statement,
    Tensor,
    axis,
    order_of,
    plain,
    read,
    reading,
    renamed,
)
from ..program import Function
from .layout import padded
from .plan import Nest, Phase, Routine, Sketch
from .shape import Walk, tile_axis, vector_axis
from .target import Target


def lower(function: Function) -> Sketch:
    """Every statement its own plain nest in canonical order: slow, always right."""
    nests = [Nest(None, (s,)) if isinstance(s, Map) else Nest(s, ()) for s in function.statements]  # type: ignore[arg-type]
    return Sketch(function.name, dict(function.tensors), tuple(nests), {}, function.outputs)


def prune(sketch: Sketch, function: Function) -> Sketch:
    """Leave out what nobody reads."""
    wanted = set(sketch.outputs) | {c.value for c in function.commits}
    kept: list[Nest] = []
    for nest in reversed(sketch.nests):
        if nest.outputs & wanted:
            kept.append(nest)
            wanted |= nest.inputs
    return sketch.with_nests(kept[::-1])


def transpose_walks(sketch: Sketch) -> Sketch:
    """A transposed copy of a fixed matrix where no vector could run along any output axis (dX wants W the other way)."""
    copies: dict[str, str] = {}
    nests: list[Nest] = []
    tensors = dict(sketch.tensors)
    for nest in sketch.nests:
        strided = _strided_factor(Walk(tensors), nest)
        if strided:
            first, second = strided.plain_axes or ("", "")
            name = copies.get(strided.tensor)
            if name is None:
                name = copies[strided.tensor] = f"{strided.tensor}_transposed"
                rows, columns = tensors[strided.tensor].dims
                tensors[name] = Tensor(name, (columns, rows))
                sizes = {first: rows, second: columns}
                nests.append(Nest(None, (Map(name, (second, first), sizes, read(strided)),)))
            assert isinstance(nest.head, Contract)
            nest = replace(nest, head=reading(nest.head, strided, plain(name, (second, first))))
        nests.append(nest)
    return replace(sketch, nests=tuple(nests), tensors=tensors)


def _strided_factor(walk: Walk, nest: Nest) -> Access | None:
    """The matrix without rows of the batch that keeps a sum from being vectorised."""
    head = nest.head
    if not isinstance(head, Contract) or order_of(head).lanes or len(head.axes) < 2 or vector_axis(walk, head):
        return None
    for factor in head.factors:
        axes, dims = factor.plain_axes, walk.tensors[factor.tensor].dims
        fixed = walk.tensors[factor.tensor].role in ("parameter", "state")
        if fixed and axes and len(axes) == 2 and ROWS not in dims and axes[0] == head.axes[-1] and axes[1] in head.over:
            return factor
    return None


def vectorise(sketch: Sketch, target: Target, dtype: str) -> Sketch:
    """Choose the axis of the vector registers, and the register tile of every sum of products."""
    walk = Walk(sketch.tensors)
    return sketch.with_nests([_vectorised(walk, nest, target, dtype) for nest in sketch.nests])


def _vectorised(walk: Walk, nest: Nest, target: Target, dtype: str) -> Nest:
    statement = nest.statements[0]
    if isinstance(statement, Contract) and order_of(statement).lanes:
        real = walk.tensors[statement.out].dtype == REAL
        return replace(nest, lanes=min(LANES, target.lanes(dtype)) if real else 1)
    along = vector_axis(walk, statement)
    if along is None:
        return replace(nest, blocked=_crosswise(walk, statement))
    size = statement.sizes[along]
    most = target.lanes(dtype)
    width = min(most, padded(size)) if isinstance(size, int) else most
    if not isinstance(statement, Contract):
        return replace(nest, vector=along, lanes=width)
    across = None if isinstance(size, str) else tile_axis(walk, statement, along)
    registers = 1 if across is None or isinstance(size, str) else min(target.vectors, -(-size // width))
    height = 1 if across is None else _even(target.height, statement.sizes[across])
    return replace(nest, vector=along, lanes=width, vectors=registers, tile=across, height=height)


def _even(most: int, size: Extent) -> int:
    """The tallest tile that divides a known size; threads take whole tiles, so that nobody is left with a part."""
    even = [h for h in range(most, most // 2, -1) if isinstance(size, int) and size % h == 0]
    return even[0] if even else most


def _crosswise(walk: Walk, statement: Statement) -> bool:
    """Whether a map reads along one axis and writes along another, as a transposition does."""
    if not isinstance(statement, Map) or len(statement.axes) != 2:
        return False
    outer, inner = statement.axes
    reads = [a for a in statement.expr.reads() if a.plain_axes]
    return any(walk.stride(a, outer) == 1 and walk.stride(a, inner) > 1 for a in reads)


def fuse(sketch: Sketch) -> Sketch:
    """Let each map run where its input is still in registers, if it walks the same way."""
    nests: list[Nest] = []
    home: dict[str, int] = {}
    for nest in sketch.nests:
        place = _host(sketch, nests, home, nest)
        if place is None:
            place = len(nests)
            nests.append(nest)
        else:
            moved = renamed(nest.maps[0], dict(zip(nest.axes, nests[place].axes, strict=True)))
            assert isinstance(moved, Map)
            nests[place] = replace(nests[place], maps=(*nests[place].maps, moved))
        home |= dict.fromkeys(nest.outputs, place)
    return sketch.with_nests(nests)


def _host(sketch: Sketch, nests: list[Nest], home: dict[str, int], nest: Nest) -> int | None:
    """The nest that can take a map in: the last one that defines something it reads, or a later one without a sum."""
    if nest.head is not None or len(nest.maps) != 1:
        return None
    makers = [home[a.tensor] for a in nest.maps[0].reads() if a.tensor in home]
    earliest = max(makers, default=-1)
    for place in range(max(earliest, 0), len(nests)):
        beside = place > earliest and nests[place].head is None
        if (place == earliest or beside) and _fits(sketch, nests[place], nest):
            return place
    return None


def _fits(sketch: Sketch, host: Nest, nest: Nest) -> bool:
    """Whether a map walks the same way as a nest, and reads the nest's values at its own element only."""
    statement = nest.maps[0]
    if host.statements[0].dims != statement.dims or sketch.is_integer(host) or sketch.is_integer(nest):
        return False
    types = {sketch.tensors[s.out].dtype for s in (*host.statements, statement)}
    if types != {REAL} and (statement.axes or host.head):  # single numbers of two types may stand side by side
        return False
    same = dict(zip(nest.axes, host.axes, strict=True))
    if nest.axes and (same.get(nest.vector or "") != host.vector or host.lanes < nest.lanes):
        return False
    for access in statement.reads():
        if access.tensor in host.outputs and access != plain(access.tensor, statement.axes):
            return False
    return True


def store(sketch: Sketch, function: Function, keep_all: bool) -> Sketch:
    """Decide which values live in memory, and which states are updated in place.

    A state may be overwritten where its new value is computed if everybody else who reads the old one comes before.
    """
    places: dict[str, str] = {}
    for commit in function.commits:
        if not keep_all and _may_overwrite(sketch, commit.state, commit.value):
            places[commit.value] = commit.state
    read_elsewhere: set[str] = set(sketch.outputs)
    for nest in sketch.nests:
        read_elsewhere |= nest.inputs
    values = {c.value for c in function.commits}
    nests = [
        replace(n, stored=frozenset(o for o in n.outputs if keep_all or o in read_elsewhere or o in values))
        for n in sketch.nests
    ]
    copies = [_copy(sketch, c.state, c.value, places) for c in function.commits if c.value not in places]
    return replace(sketch, nests=(*nests, *copies), places=places)


def _may_overwrite(sketch: Sketch, state: str, value: str) -> bool:
    made = sketch.producer()
    maker = made[value]
    if any(made[out] > maker for out in sketch.outputs):
        return False  # the outputs may yet forbid the update
    for k, nest in enumerate(sketch.nests):
        if state in {a.tensor for s in nest.statements for a in s.reads()}:
            if k > maker:
                return False
            if k == maker and (not _reads_own_element(nest, state) or _reads_after(nest, state, value)):
                return False
    return not any(value in n.inputs for n in sketch.nests)


def _reads_after(nest: Nest, state: str, value: str) -> bool:
    """Whether a statement behind the one that defines the value reads the state."""
    place = next(k for k, s in enumerate(nest.statements) if s.out == value)
    return any(a.tensor == state for s in nest.statements[place + 1 :] for a in s.reads())


def _reads_own_element(nest: Nest, state: str) -> bool:
    whole = plain(state, nest.axes)
    return all(a == whole for s in nest.statements for a in s.reads() if a.tensor == state)


def _copy(sketch: Sketch, state: str, value: str, places: dict[str, str]) -> Nest:
    dims = sketch.tensors[state].dims
    axes = tuple(f"i{k}" for k in range(len(dims)))
    copy = Map(f"{state}_commit", axes, dict(zip(axes, dims, strict=True)), read(plain(value, axes)))
    sketch.tensors[copy.out] = replace(sketch.tensors[state], name=copy.out, role="value")
    places[copy.out] = state
    return Nest(None, (copy,), stored=frozenset([copy.out]))


def phases(sketch: Sketch) -> Routine:
    """The earliest phase for each nest; between phases threads wait for each other.

    What changes a state waits for the outputs: an update whose loss is no number must be able to stop before it.
    """
    level: list[int] = []
    for k, nest in enumerate(sketch.nests):
        before = [(j, waits(sketch, sketch.nests[j], nest)) for j in range(k)]
        level.append(max((level[j] + wait for j, wait in before if wait is not None), default=0))
    count = max(level, default=-1) + 1
    grouped = [tuple(n for n, at in zip(sketch.nests, level, strict=True) if at == p) for p in range(count)]
    return Routine(sketch.name, sketch.tensors, tuple(Phase(g) for g in grouped), sketch.places, sketch.outputs)


def waits(sketch: Sketch, first: Nest, second: Nest) -> int | None:
    """How many phases must lie between two nests; None if neither knows of the other."""
    if first.outputs & set(sketch.outputs) and second.stored & set(sketch.places):
        return 1
    return _apart(sketch, first, second) if _conflict(sketch, first, second) else None


def _memory(sketch: Sketch, names: set[str]) -> set[str]:
    return {sketch.places.get(n, n) for n in names}


def _conflict(sketch: Sketch, first: Nest, second: Nest) -> bool:
    """Whether the second touches what the first writes, or writes what the first touches."""
    written, again = _memory(sketch, set(first.stored)), _memory(sketch, set(second.stored))
    return bool(written & (_memory(sketch, second.inputs) | again) or again & _memory(sketch, first.inputs))


def _apart(sketch: Sketch, first: Nest, second: Nest) -> int:
    """0 if each thread meets only its own part of what two nests share, or one thread runs both; else 1."""
    if first.split is None and second.split is None:
        return 0
    if not (first.over_rows and second.over_rows):
        return 1
    shared = _memory(sketch, set(first.stored)) & _memory(sketch, second.inputs | second.stored)
    shared |= _memory(sketch, set(second.stored)) & _memory(sketch, first.inputs)
    return 0 if all(_own_rows(n, shared) for n in (first, second)) else 1


def _own_rows(nest: Nest, shared: set[str]) -> bool:
    mine = axis(nest.split or "")
    accesses = [a for s in nest.statements for a in (*s.reads(), s.target) if a.tensor in shared]
    return all(a.indices and a.indices[0] == mine for a in accesses)


def share(routine: Routine, other: Routine) -> Routine:
    """Use another routine's nest wherever both compute the same statements: one C function serves both."""
    known = {n.statements: n for n in other.nests}
    grouped = tuple(Phase(tuple(known.get(n.statements, n) for n in p.nests)) for p in routine.phases)
    return replace(routine, phases=grouped)
