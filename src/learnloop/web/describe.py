"""A program as plain data: what a page reads to explain a run by itself.

The grammar is closed; every object has all the keys that are named here, lists stay short enough to read::

    Description = {version, inputs, outputs, labels, tensors: {name: Tensor}, functions: {name: Function},
                   options: {name: number}, layer_of: {tensor: layer}, parameters: [Parameter],
                   structure: Structure, limits: Limits}
    Tensor      = [[Extent...], dtype, role]         Extent = number | "rows" | "data"
    Function    = {sections: [{title, statements: [Statement]}], commits: [[state, value]], outputs: [tensor]}
    Statement   = {kind: "map", out, axes, sizes, expr}
                | {kind: "sum", out, axes, sizes, over, factors: [Access], init: Access | null, guards: [Guard], order}
                | {kind: "max", out, axes, sizes, over, value: Access, position: bool, guards: [Guard]}
    order       = {lanes: bool, block: number | null}
    Access      = [tensor, Index...]
    Index       = axis | whole number | {terms: {axis: factor}, offset} | Access       a string is an axis, a list a gather
    Guard       = ["ge", Index]                       index >= 0
                | ["eq", Index, Index]
    Expr        = number | ["const", "Infinity" | "-Infinity" | "NaN"] | ["read", Access] | ["axis", Index]
                | ["uniform", purpose, time, row, unit] | [op, Expr...]

``tensors`` are those of ``train``. What the statements say about layers is found once, in Python
(:class:`~learnloop.runs.structure.Structure`)::

    Parameter   = {name, tensor, layer, dims, gradient, sources: [tensor], terms: [tensor]}
    Structure   = {layers: [Layer], output, symbols, gradient_of, linear, row_sums, with_gradient, rate}
    Layer       = {name, activation, pre_activation, delta, width, parameters: {last name: name}, watched: Watched | null}
    Watched     = {weights: [tensor], parameters: [tensor], delta, above}

Names of layers and parameters are the user's strings, and data only; tensors have names that learnloop chose.
"""

from __future__ import annotations

import math
from typing import Any

from ..language import Access, Affine, AtLeast, Contract, Expr, Guard, Index, Map, Max, Statement, order_of
from ..program import Function, Program
from ..rules import Parameter
from ..runs import check, courses, expansion, ledger, looks, silence, statistics, watches
from ..runs.change import smallest, unit
from ..runs.insights import MOST_JUMPS
from ..runs.statistics import Observer
from ..runs.structure import Structure

Data = dict[str, Any]
VERSION = 1
_NOT_FINITE = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
"""What JSON has no numbers for, as JavaScript reads it."""


def describe_program(program: Program) -> Data:
    """The program, what its statements say about layers, and the limits of what is said about a run.

    Args:
        program: a verified program.

    Returns:
        Plain data for JSON; the grammar is at the top of this module.
    """
    structure, train = Structure(program), program.functions["train"]
    return {
        "version": VERSION, "inputs": program.inputs, "outputs": program.outputs, "labels": program.labels,
        "tensors": {n: [list(t.dims), t.dtype, t.role] for n, t in train.tensors.items()},
        "functions": {name: _function(f) for name, f in program.functions.items()},
        "options": dict(program.options), "layer_of": dict(program.layer_of),
        "parameters": [_parameter(structure, p) for p in program.parameters], "structure": _structure(structure), "limits": _limits(),
    }  # fmt: skip


def _function(function: Function) -> Data:
    return {
        "sections": [{"title": s.title, "statements": [describe_statement(t) for t in s.statements]} for s in function.sections],
        "commits": [[c.state, c.value] for c in function.commits], "outputs": list(function.outputs),
    }  # fmt: skip


def describe_statement(statement: Statement) -> Data:
    """One statement as plain data."""
    found: Data = {"kind": "map", "out": statement.out, "axes": list(statement.axes), "sizes": dict(statement.sizes)}
    if isinstance(statement, Map):
        return found | {"expr": _expr(statement.expr)}
    found |= {"over": list(statement.summed), "guards": [_guard(g) for g in statement.guards_of()]}
    if isinstance(statement, Max):
        return found | {"kind": "max", "value": _access(statement.value), "position": statement.position}
    assert isinstance(statement, Contract)
    order, init = order_of(statement), statement.init
    return found | {
        "kind": "sum", "factors": [_access(f) for f in statement.factors], "init": _access(init) if init else None,
        "order": {"lanes": order.lanes, "block": order.block},
    }  # fmt: skip


def _access(access: Access) -> list[Any]:
    return [access.tensor, *map(_index, access.indices)]


def _index(index: Index) -> Any:
    if isinstance(index, Access):
        return _access(index)
    assert isinstance(index, Affine)
    if index.plain:
        return index.plain
    return {"terms": dict(index.terms), "offset": index.offset} if index.terms else index.offset


def _guard(guard: Guard) -> list[Any]:
    if isinstance(guard, AtLeast):
        return ["ge", _index(guard.index)]
    return ["eq", _index(guard.left), _index(guard.right)]


def _expr(expr: Expr) -> Any:
    if expr.op == "const":
        return expr.value if math.isfinite(expr.value) else ["const", _NOT_FINITE[str(expr.value)]]
    name = "read" if expr.op == "access" else expr.op
    return [name, *(_argument(a) for a in expr.args)]


def _argument(argument: Any) -> Any:
    if isinstance(argument, Expr):
        return _expr(argument)
    return _index(argument) if isinstance(argument, Affine | Access) else argument


def _parameter(structure: Structure, p: Parameter) -> Data:
    return {
        "name": p.name, "tensor": p.tensor, "layer": p.layer, "dims": list(p.dims),
        "gradient": structure.program.gradients[p.tensor], "sources": structure.sources(p.tensor),
        "terms": structure.terms(p.tensor),
    }  # fmt: skip


def _structure(structure: Structure) -> Data:
    observer = Observer(structure)
    watched = {p.layer: {"weights": list(p.weights), "parameters": list(p.parameters), "delta": p.delta, "above": p.above}
               for p in observer.places}  # fmt: skip
    return {
        "layers": [_layer(structure, name) | {"watched": watched.get(name)} for name in structure.layers],
        "output": observer.output, "symbols": {k: v for k, v in structure.symbols.items() if k},
        "gradient_of": structure.gradient_of, "linear": sorted(structure.linear), "row_sums": sorted(structure.row_sums),
        "with_gradient": sorted(structure.with_gradient), "rate": structure.rate,
    }  # fmt: skip


def _layer(structure: Structure, name: str) -> Data:
    z, activation = structure.pre_activation(name), structure.activation(name)
    return {
        "name": name, "activation": activation, "pre_activation": z.out if z else None,
        "delta": structure.gradient_of.get(z.out) if z else None, "width": structure.train.tensors[activation].dims[-1],
        "parameters": {label: p.name for label, p in structure.parameters_of(name).items()},
    }  # fmt: skip


def _limits() -> Data:
    """The numbers that Python judges by, so that a page judges by the same."""
    types = ("float32", "float64")
    return {
        "unit": {t: float(unit(t)) for t in types}, "smallest": {t: float(smallest(t)) for t in types},
        "function_roundings": expansion.FUNCTION_ROUNDINGS, "ledger_sums": ledger.SUMS,
        "check": {"step": check.STEP, "tolerance": check.TOLERANCE},
        "alarms": {kind: limit._asdict() for kind, limit in (courses.LIMITS | watches.LIMITS).items()},
        "looks": looks.LOOKS, "scan": looks.SCAN, "most_jumps": MOST_JUMPS,
        "flat": statistics.FLAT, "most_rows": statistics.MOST_ROWS, "faint": statistics.FAINT,
        "large": watches.LARGE, "small": watches.SMALL, "half": watches.HALF, "dead_rows": silence.ROWS,
        "fall": courses.FALL, "stuck": courses.STUCK, "most_blocks": courses.MOST_BLOCKS,
        "fewest_blocks": courses.FEWEST_BLOCKS, "short_blocks": courses.SHORT_BLOCKS, "window": courses.WINDOW,
        "start_rows": courses.START_ROWS,
    }  # fmt: skip
