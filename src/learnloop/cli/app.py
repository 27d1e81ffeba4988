"""The commands and their options. A command only gathers what was asked for and says what to do: ``main`` does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import click

from .entry import EPILOG
from .grouped import Argument, Command, Group, Option

Job = Callable[[], int]
Function = TypeVar("Function", bound=Callable[..., Any])

_NETWORK, _LEARNING, _DATA, _OUTPUT = "Network", "Learning", "Data", "Output"
_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_json = click.option("--json", cls=Option, is_flag=True, help="Print one JSON object on one line, last on stdout.")


def command() -> click.Group:
    """The commands as one object."""
    return app


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from .. import __version__

        click.echo(f"learnloop {__version__}")
        context.exit()


@click.group("learnloop", cls=Group, epilog=EPILOG, context_settings=_SETTINGS)
@click.option(
    "--version", cls=Option, is_flag=True, expose_value=False, is_eager=True, callback=_version,
    help="Print the version.",
)  # fmt: skip
def app() -> None:
    """How neural networks learn, as software: compiled, exact, replayable, explained."""


def _option(
    flag: str, group: str, about: str, metavar: str, kind: type = str, default: Any = None
) -> Callable[[Function], Function]:
    """An option with a value; its default is shown where it has one."""
    return click.option(
        flag, cls=Option, group=group, help=about, metavar=metavar, type=kind, default=default,
        show_default=default is not None,
    )  # fmt: skip


@app.command(cls=Command)
@click.argument("name", cls=Argument, help="A built-in data set; learnloop data lists them.")
@_option("--hidden", _NETWORK, "Units of the hidden layers, as in 64,32; none for none.", "UNITS")
@_option("--activation", _NETWORK, "Of the hidden layers: relu, tanh ...", "NAME")
@_option("--dropout", _NETWORK, "Share of hidden units left out.", "SHARE", float)
@_option("--loss", _LEARNING, "cross_entropy, mse ... (as the data need).", "NAME")
@_option("--optimizer", _LEARNING, "adam, adamw or sgd.", "NAME", default="adam")
@_option("--learning-rate", _LEARNING, "At the first update.", "RATE", float)
@_option("--schedule", _LEARNING, "cosine or constant.", "NAME", default="cosine")
@_option("--momentum", _LEARNING, "For sgd.", "SHARE", float)
@_option("--weight-decay", _LEARNING, "How strongly weights shrink.", "RATE", float)
@_option("--clip-norm", _LEARNING, "The largest common norm of all gradients.", "NORM", float)
@_option("--epochs", _LEARNING, "How often to go through the rows.", "N", int)
@_option("--batch-size", _LEARNING, "Rows of an update.", "N", int)
@_option("--seed", _LEARNING, "Keys everything random, the split too.", "N", int, 0)
@_option("--threads", _LEARNING, "Threads; the result is the same.", "N", int)
@_option("--dtype", _LEARNING, "float32 or float64.", "TYPE", default="float32")
@_option("--test", _DATA, "Share of the rows held out to test on.", "SHARE", float, 0.2)
@_option("--validation", _DATA, "Share of the rest measured after each epoch.", "SHARE", float)
@_option("--out", _OUTPUT, "Where to save the run (your data folder).", "FILE")
@click.option("--json", cls=Option, group=_OUTPUT, is_flag=True, help="One JSON object on one line, last on stdout.")
@click.option("--quiet", "-q", cls=Option, group=_OUTPUT, is_flag=True, help="Say nothing but errors.")
def train(name: str, *, out: str | None, json: bool, quiet: bool, **chosen: Any) -> Job:
    """Train on a built-in data set, test on rows held out, and save the run."""
    from .training import train as run

    return partial(run, name, chosen, out, json=json, quiet=quiet)


@app.command(cls=Command)
@click.argument("name", cls=Argument, required=False, metavar="[NAME]", help="A data set to describe.")
@_json
def data(name: str | None, json: bool) -> Job:
    """List the built-in data sets, or describe one."""
    from .listing import list_or_describe

    return partial(list_or_describe, name, json=json)


@app.command(cls=Command)
@_json
def doctor(json: bool) -> Job:
    """Check whether everything that learnloop needs is there and works."""
    from .doctor import examine

    return partial(examine, json=json)


@app.command(cls=Command)
@click.argument("run", cls=Argument, help="A saved run: its file, or its name in your data folder.")
@_option("--target", "Options", "c, standalone or wasm.", "KIND", default="c")
@_option("--out", "Options", "Where to write (RUN-KIND here).", "DIR")
def emit(run: str, target: str, out: str | None) -> Job:
    """Write a run as source: C, one standalone C99 program, or WebAssembly."""
    from .emitting import emit as write

    return partial(write, run, target, out)


@app.command(cls=Command)
@click.option("--peers", cls=Option, is_flag=True, help="Measure PyTorch and JAX too, where installed.")
@_option("--only", "Options", "Only workloads whose name has this.", "NAME")
@_option("--repeats", "Options", "How often to measure each.", "N", int, 5)
@_option("--budget", "Options", "How long one measurement takes.", "SECONDS", float, 0.3)
@_json
def bench(peers: bool, only: str | None, repeats: int, budget: float, json: bool) -> Job:
    """Measure how long an update takes, and compare."""
    from .benching import bench as measure

    return partial(measure, peers=peers, only=only, repeats=repeats, budget=budget, json=json)
