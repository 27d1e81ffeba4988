"""Checks on a finished program: every tensor once, every read defined, rows kept apart."""

from __future__ import annotations

from ..errors import ProgramError
from ..language import ROWS, Affine, Statement
from .program import Function, Program


def verify(program: Program) -> None:
    """Check a program.

    Raises:
        ProgramError: for a tensor that is read before it is defined, a commit of a wrong shape, or a prediction in
            which rows meet.
    """
    for function in program.functions.values():
        _defined(function)
    for name in ("predict", "evaluate"):
        mixing = rows_that_meet(program.functions[name])
        if mixing:
            raise ProgramError(f"rows meet in {name}: {mixing[0]}. A row must predict the same alone and in any batch.")


def _defined(function: Function) -> None:
    known = {t.name for t in function.tensors.values() if t.role != "value"}
    if function.name == "initialise":
        known = set()
    for statement in function.statements:
        for access in statement.reads():
            if access.tensor not in known:
                raise ProgramError(f"{function.name}: {statement} reads {access.tensor} before it is defined")
        if statement.out in known:
            raise ProgramError(f"{function.name}: {statement.out} is defined twice")
        known.add(statement.out)
    for commit in function.commits:
        if function.tensors[commit.state].dims != function.tensors[commit.value].dims:
            raise ProgramError(f"{function.name}: {commit} has two shapes")


def rows_that_meet(function: Function) -> list[Statement]:
    """The statements in which one row of the batch depends on another.

    A statement keeps rows apart if it sums over no axis of rows, and reads what has rows at its own row only.
    """
    return [s for s in function.statements if not _keeps_apart(function, s)]


def _keeps_apart(function: Function, statement: Statement) -> bool:
    rows = {a for a, size in statement.sizes.items() if size == ROWS}
    if rows & set(statement.summed):
        return False
    for access in statement.reads():
        for index, size in zip(access.indices, function.tensors[access.tensor].dims, strict=True):
            if size == ROWS and not (isinstance(index, Affine) and index.plain in rows):
                return False
    return True
