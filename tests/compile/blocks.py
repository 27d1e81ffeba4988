"""A free-standing block as a program: the whole compiler without networks, losses or optimizers.

The block becomes the ``train`` function of a program whose other functions are empty. Nothing of the compiler is
imitated: passes, layout, printer, driver and threads are the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from learnloop.compile import compile_program, native_target
from learnloop.compile.artefact import Artefact
from learnloop.language import Block, Commit
from learnloop.program import Function, Program, Section
from learnloop.train.memory import Memory
from learnloop.train.team import Team

Array = np.ndarray[Any, np.dtype[Any]]


def as_program(block: Block, outputs: tuple[str, ...], commits: tuple[Commit, ...] = ()) -> Program:
    """A program that runs the block once, as its update; it must define ``loss`` and have ``row`` and ``update``."""
    train = Function(
        "train", dict(block.tensors), (Section("all", tuple(block.statements)),), commits, ("loss", *outputs)
    )
    rest = {name: Function(name, {}, ()) for name in ("initialise", "predict", "evaluate")}
    functions = {
        "initialise": rest["initialise"],
        "train": train,
        "predict": rest["predict"],
        "evaluate": rest["evaluate"],
    }
    return Program(functions, (), {}, {}, {}, 1, 1, False)


def compiled(program: Program, dtype: str, form: str, target: str | None = None) -> Artefact:
    """The program compiled; "glass" is the plain form: one nest for each statement, plain loops."""
    return compile_program(program, dtype, form, native_target(target))


def run(
    program: Program, artefact: Artefact, values: Mapping[str, Array], rows: int, threads: int = 1
) -> dict[str, Array]:
    """Run the block once; copies of the outputs and of what is kept."""
    memory = Memory(program, artefact, rows)
    memory.arena[:] = 0xFF  # NaN, and indices out of range: padding must not matter, nor what was there before
    call = memory.call()
    buffers = artefact.layout.buffers
    for name, given in values.items():
        if name in buffers:
            _fill(memory, buffers[name].dtype, name, given, rows)
    order, losses = np.zeros(rows, np.int32), np.zeros(1, artefact.source.dtype)
    call.count = call.batch = rows
    call.stop, call.order, call.losses = 1, order.ctypes.data, losses.ctypes.data
    team = Team(artefact, threads)
    try:
        assert team.run(call) == 0
    finally:
        team.close()
    outputs = (*program.functions["train"].outputs, *program.fixed)
    assert memory.view("loss")[()].tobytes() == losses[0].tobytes()
    return {name: memory.view(name, rows).copy() for name in outputs}


def _fill(memory: Memory, dtype: str, name: str, values: Array, rows: int) -> None:
    if dtype == "int32":  # vectors over rows run past the last one: an index there must still be in range
        memory.view(name, memory.capacity if _over_rows(memory, name) else rows)[...] = 0
    memory.view(name, rows)[...] = values


def _over_rows(memory: Memory, name: str) -> bool:
    return memory.artefact.layout.buffers[name].place == "rows"
