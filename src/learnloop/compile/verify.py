"""What every plan must hold, whatever passes it went through: checked before anything is printed.

Chains cannot be reordered by construction (a nest prints the summed axes as the statement has them); what is checked
is that vectors, tiles, fusion, places in memory and phases leave every output element its own terms.
"""

from __future__ import annotations

from ..errors import ProgramError
from ..language import Contract, Max, plain
from ..program import Function
from .passes import waits
from .plan import Nest, Routine, Sketch
from .shape import GATHER, Walk


def verify(routine: Routine, function: Function) -> Routine:
    """Check a plan.

    Returns:
        The routine as it is.

    Raises:
        ProgramError: for a plan that could compute something else than the function says.
    """
    _complete(routine, function)
    walk = Walk(routine.tensors)
    for nest in routine.nests:
        _one_shape(nest)
        _registers(walk, nest)
    _memory(routine)
    _meetings(routine)
    return routine


def _fail(nest: Nest, why: str) -> ProgramError:
    return ProgramError(f"the plan of {nest.statements[0]} is wrong: {why}")


def _complete(routine: Routine, function: Function) -> None:
    """Everything wanted is computed, and nothing twice."""
    made = [s.out for n in routine.nests for s in n.statements]
    missing = {*function.outputs, *(c.value for c in function.commits)} - set(made)
    if missing or len(made) != len(set(made)):
        raise ProgramError(f"the plan of {routine.name} leaves out {sorted(missing)} or computes something twice")


def _one_shape(nest: Nest) -> None:
    """All statements of a nest run over the same output axes, and see each other at their own element only."""
    for statement in nest.statements:
        if statement.axes != nest.axes:
            raise _fail(nest, f"{statement} runs over other axes")
        for access in statement.reads():
            if access.tensor in nest.outputs and access != plain(access.tensor, nest.axes):
                raise _fail(nest, f"{statement} reads {access} in the same pass")


def _registers(walk: Walk, nest: Nest) -> None:
    """Vectors and tiles run along output axes that no guard mentions; stores are contiguous."""
    for name in (nest.vector, nest.tile):
        guards = nest.head.guards if nest.head else ()
        if name is not None and (name not in nest.axes or any(name in i.axes() for g in guards for i in g.indices())):
            raise _fail(nest, f"{name} is no free output axis")
    if nest.vector is None:
        return
    if nest.vector == nest.tile or isinstance(nest.head, Max):
        raise _fail(nest, "its registers cannot run that way")
    for statement in nest.statements:
        if statement.out in nest.stored and nest.lanes > 1 and walk.stride(statement.target, nest.vector) != 1:
            raise _fail(nest, f"{statement.out} is not contiguous along {nest.vector}")
    if isinstance(nest.head, Contract) and any(walk.stride(f, nest.vector) == GATHER for f in nest.head.factors):
        raise _fail(nest, "a factor is gathered along the vector")


def _memory(routine: Routine) -> None:
    """What is read from memory was stored before; a state's old value is not read once the new one is in its place."""
    value_of = {state: value for value, state in routine.places.items()}
    known = {t.name for t in routine.tensors.values() if t.role != "value"}
    for nest in routine.nests:
        for name in nest.inputs:
            if name not in known:
                raise _fail(nest, f"{name} is read before it is stored")
            if value_of.get(name) in known:
                raise _fail(nest, f"{name} is read after it was overwritten")
        known |= nest.stored


def _meetings(routine: Routine) -> None:
    """Inside a phase no thread touches what another one writes."""
    sketch = Sketch(routine.name, dict(routine.tensors), routine.nests, dict(routine.places), routine.outputs)
    for phase in routine.phases:
        for k, first in enumerate(phase.nests):
            for second in phase.nests[k + 1 :]:
                if waits(sketch, first, second):
                    raise _fail(second, f"it must wait for {first.statements[0].out}")
