"""Options that several commands have, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..grouped import Argument, Option
from ..suggest import STORE

Job = Callable[[], int]
Function = TypeVar("Function", bound=Callable[..., Any])

NETWORK, LEARNING, DATA, OUTPUT = "Network", "Learning", "Data", "Output"
TRAIN, LOOK, ASK, TEACH, KEEP, MACHINE = "Train", "Look", "Ask", "Teach", "Keep", "This machine"
"""The sections of the help."""


def option(
    flag: str, group: str, about: str, metavar: str, kind: type = str, default: Any = None, *,
    many: bool = False, short: str = "",
) -> Callable[[Function], Function]:
    """An option with a value, or with many, and perhaps a short name; its default is shown where it has one."""
    return click.option(
        *filter(None, (short, flag)), cls=Option, group=group, help=about, metavar=metavar, type=kind, default=default,
        show_default=default is not None, callback=_filled, multiple=many,
    )  # fmt: skip


def _filled(context: click.Context, parameter: click.Parameter, given: Any) -> Any:
    """Refuse a value without a character: mostly a variable of the shell that nobody has set."""
    if given == "" or given == ("",):
        raise click.BadParameter("it is empty.", context, parameter)
    if parameter.name == "store":
        STORE.set(given)
    return given


def flag(name: str, group: str, about: str, *more: str) -> Callable[[Function], Function]:
    """An option without a value."""
    return click.option(name, *more, cls=Option, group=group, is_flag=True, help=about)


def json(function: Function) -> Function:
    """``--json``."""
    return flag("--json", OUTPUT, "Print one JSON object on one line, last on stdout.")(function)


def store(function: Function) -> Function:
    """``--store``."""
    return option("--store", DATA, "The store of runs (LEARNLOOP_STORE, or your own).", "PATH")(function)


def quiet(function: Function) -> Function:
    """``--quiet``."""
    return flag("--quiet", OUTPUT, "Say nothing but errors.", "-q")(function)


def run(function: Function) -> Function:
    """The run that a command is about."""
    return click.argument("run", cls=Argument, help="Its id, a beginning of it, last, or the path of a saved file.")(function)


def data(function: Function) -> Function:
    """Where the data of a run are that does not hold them."""
    return option("--data", DATA, "The data set or file, for a run that does not hold its data.", "NAME")(function)


def update(function: Function) -> Function:
    """The update that a command is about."""
    return option("--update", OUTPUT, "Which update; negative ones count from the end.", "K", int, -1)(function)


def own(function: Function) -> Function:
    """How data of one's own are read."""
    declared = (
        option("--target", DATA, "The column to predict, of a CSV or Parquet file.", "COLUMN"),
        option("--task", DATA, "classification or regression (as the target is).", "TASK"),
        option("--kind", DATA, "Take a column for number, date, boolean, category, or skip it.", "COLUMN=KIND", many=True),
        option("--size", DATA, "Resize images of a folder to a side, or to HxW.", "SIZE"),
        option("--labels", DATA, "The labels of an IDX file (the file beside it).", "FILE"),
    )
    for each in reversed(declared):
        function = each(function)
    return function


def changes(function: Function) -> Function:
    """What can be otherwise in a training that follows another."""
    declared = (
        option("--epochs", LEARNING, "How often to go through the rows.", "N", int),
        option("--seed", LEARNING, "Keys everything random.", "N", int),
        option("--optimizer", LEARNING, "adam, adamw or sgd.", "NAME"),
        option("--learning-rate", LEARNING, "At the first update; the schedule keeps its shape.", "RATE", float),
        option("--momentum", LEARNING, "For sgd.", "SHARE", float),
        option("--weight-decay", LEARNING, "How strongly weights shrink.", "RATE", float),
        option("--clip-norm", LEARNING, "The largest common norm of all gradients.", "NORM", float),
    )
    for each in reversed(declared):
        function = each(function)
    return function


def kept(function: Function) -> Function:
    """Where a new run goes, and what is said of it."""
    declared = (
        data, store, flag("--no-record", OUTPUT, "Do not record the new run."), json, quiet,
    )  # fmt: skip
    for each in reversed(declared):
        function = each(function)
    return function
