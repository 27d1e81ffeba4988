"""What trains: train, resume; and the data sets to train on."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from ..grouped import Argument, Command
from . import options as has
from .options import DATA, LEARNING, NETWORK, OUTPUT, Job, option


@click.command(cls=Command, section=has.TRAIN)
@click.argument("name", cls=Argument, help="A built-in data set (learnloop data lists them), or a path: CSV, Parquet, IDX, a folder of images.")
@option("--hidden", NETWORK, "Units of the hidden layers, as in 64,32; none for none.", "UNITS")
@option("--activation", NETWORK, "Of the hidden layers: relu, tanh ...", "NAME")
@option("--dropout", NETWORK, "Share of hidden units left out.", "SHARE", float)
@option("--loss", LEARNING, "cross_entropy, mse ... (as the data need).", "NAME")
@option("--optimizer", LEARNING, "adam, adamw or sgd.", "NAME", default="adam")
@option("--learning-rate", LEARNING, "At the first update.", "RATE", float)
@option("--schedule", LEARNING, "cosine or constant.", "NAME", default="cosine")
@option("--momentum", LEARNING, "For sgd.", "SHARE", float)
@option("--weight-decay", LEARNING, "How strongly weights shrink.", "RATE", float)
@option("--clip-norm", LEARNING, "The largest common norm of all gradients.", "NORM", float)
@option("--epochs", LEARNING, "How often to go through the rows.", "N", int)
@option("--batch-size", LEARNING, "Rows of an update.", "N", int)
@option("--seed", LEARNING, "Keys everything random, the split too.", "N", int, 0)
@option("--threads", LEARNING, "Threads; the result is the same.", "N", int)
@option("--dtype", LEARNING, "float32 or float64.", "TYPE", default="float32")
@has.own
@option("--test", DATA, "Share of the rows held out to test on.", "SHARE", float, 0.2)
@option("--validation", DATA, "Share of the rest measured after each epoch.", "SHARE", float)
@has.store
@has.flag("--no-record", OUTPUT, "Keep the run in no store.")
@option("--out", OUTPUT, "Save the run as a single file, too.", "FILE")
@has.json
@has.quiet
def train(
    name: str, *, store: str | None, no_record: bool, out: str | None, json: bool, quiet: bool, **chosen: Any
) -> Job:
    """Train on a data set or a file of your own, test on rows held out, and record the run."""
    from ..training import Keep
    from ..training import train as run

    return partial(run, name, chosen, Keep(store, not no_record, out), json=json, quiet=quiet)


@click.command(cls=Command, section=has.TRAIN)
@click.argument("run", cls=Argument, required=False, metavar="[RUN]", help="Its id (the newest interrupted one).")
@has.data
@has.store
@has.json
@has.quiet
def resume(run: str | None, data: str | None, store: str | None, json: bool, quiet: bool) -> Job:
    """Go on with a run that was interrupted; it ends with the same bits."""
    from ..resuming import resume as go_on

    return partial(go_on, run, data, store, json=json, quiet=quiet)


@click.command(cls=Command, section=has.TRAIN)
@click.argument("name", cls=Argument, required=False, metavar="[NAME]", help="A data set or a file to describe.")
@has.own
@has.json
def data(name: str | None, json: bool, **asked: Any) -> Job:
    """List the built-in data sets, or describe one, or a file of your own."""
    from ..listing import list_or_describe

    return partial(list_or_describe, name, asked, json=json)


COMMANDS = (train, resume, data)
