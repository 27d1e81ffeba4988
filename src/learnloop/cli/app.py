"""The commands and their options. A command only gathers what was asked for and says what to do: ``main`` does it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import typer

from .entry import EPILOG

Job = Callable[[], int]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on one line, last on stdout.")]

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)


def command() -> Any:
    """The commands as one object with a ``main``."""
    return typer.main.get_command(app)


def _version(wanted: bool) -> None:
    if wanted:
        from .. import __version__

        typer.echo(f"learnloop {__version__}")
        raise typer.Exit


@app.callback()
def _all(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """How neural networks learn, as software: compiled, exact, replayable, explained."""


_NETWORK, _LEARNING, _DATA, _OUTPUT = "Network", "Learning", "Data", "Output"


@app.command()
def train(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A built-in data set; learnloop data lists them.")],
    hidden: Annotated[
        str | None,
        typer.Option(metavar="UNITS", help="Units of the hidden layers, as in 64,32; none for none.",
                     rich_help_panel=_NETWORK),
    ] = None,
    activation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of the hidden layers: relu, tanh ...", rich_help_panel=_NETWORK)
    ] = None,
    dropout: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Share of hidden units left out.", rich_help_panel=_NETWORK),
    ] = None,
    loss: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="cross_entropy, mse ... (as the data need).", rich_help_panel=_LEARNING),
    ] = None,
    optimizer: Annotated[
        str, typer.Option(metavar="NAME", help="adam, adamw or sgd.", rich_help_panel=_LEARNING)
    ] = "adam",
    learning_rate: Annotated[
        float | None, typer.Option(metavar="RATE", help="At the first update.", rich_help_panel=_LEARNING)
    ] = None,
    schedule: Annotated[
        str, typer.Option(metavar="NAME", help="cosine or constant.", rich_help_panel=_LEARNING)
    ] = "cosine",
    momentum: Annotated[
        float | None, typer.Option(metavar="SHARE", help="For sgd.", rich_help_panel=_LEARNING)
    ] = None,
    weight_decay: Annotated[
        float | None, typer.Option(metavar="RATE", help="How strongly weights shrink.", rich_help_panel=_LEARNING)
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(metavar="N", help="How often to go through the rows.", rich_help_panel=_LEARNING)
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(metavar="N", help="Rows of an update.", rich_help_panel=_LEARNING)
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Keys everything random, the split too.", rich_help_panel=_LEARNING)
    ] = 0,
    threads: Annotated[
        int | None,
        typer.Option(metavar="N", help="Threads; the result is the same.", rich_help_panel=_LEARNING),
    ] = None,
    dtype: Annotated[
        str, typer.Option(metavar="TYPE", help="float32 or float64.", rich_help_panel=_LEARNING)
    ] = "float32",
    test: Annotated[
        float, typer.Option(metavar="SHARE", help="Share of the rows held out to test on.", rich_help_panel=_DATA)
    ] = 0.2,
    validation: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="Share of the rest measured after each epoch.", rich_help_panel=_DATA),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Where to save the run (your data folder).", rich_help_panel=_OUTPUT),
    ] = None,
    json: Annotated[
        bool,
        typer.Option("--json", help="One JSON object on one line, last on stdout.", rich_help_panel=_OUTPUT),
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_OUTPUT)
    ] = False,
) -> Job:  # fmt: skip
    """Train on a built-in data set, test on rows held out, and save the run."""
    from .choices import Choices
    from .training import train as run

    choices = Choices(
        name, hidden, activation, dropout, loss, optimizer, learning_rate, schedule, momentum, weight_decay,
        epochs, batch_size, seed, threads, dtype, test, validation,
    )  # fmt: skip
    return partial(run, choices, out, json=json, quiet=quiet)


@app.command()
def data(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A data set to describe.")] = None,
    json: Json = False,
) -> Job:
    """List the built-in data sets, or describe one."""
    from .listing import list_or_describe

    return partial(list_or_describe, name, json=json)


@app.command()
def doctor(json: Json = False) -> Job:
    """Check whether everything that learnloop needs is there and works."""
    from .doctor import examine

    return partial(examine, json=json)


@app.command()
def emit(
    run: Annotated[str, typer.Argument(metavar="RUN", help="A saved run: its file, or its name in your data folder.")],
    target: Annotated[str, typer.Option(metavar="KIND", help="c, standalone or wasm.")] = "c",
    out: Annotated[str | None, typer.Option(metavar="DIR", help="Where to write (RUN-KIND here).")] = None,
) -> Job:
    """Write a run as source: C, one standalone C99 program, or WebAssembly."""
    from .emitting import emit as write

    return partial(write, run, target, out)


@app.command()
def bench(
    peers: Annotated[bool, typer.Option("--peers", help="Measure PyTorch and JAX too, where installed.")] = False,
    only: Annotated[str | None, typer.Option(metavar="NAME", help="Only workloads whose name has this.")] = None,
    repeats: Annotated[int, typer.Option(metavar="N", help="How often to measure each.")] = 5,
    budget: Annotated[float, typer.Option(metavar="SECONDS", help="How long one measurement takes.")] = 0.3,
    json: Json = False,
) -> Job:
    """Measure how long an update takes, and compare."""
    from .benching import bench as measure

    return partial(measure, peers=peers, only=only, repeats=repeats, budget=budget, json=json)
