"""What brings runs elsewhere and back: export, import, emit."""

from __future__ import annotations

from functools import partial

import click

from ..grouped import Argument, Command
from . import options as has
from .options import OUTPUT, Job, option


@click.command(cls=Command, section=has.KEEP)
@has.run
@click.argument("file", cls=Argument, help="The file to write.")
@has.flag("--force", OUTPUT, "Replace a file that is there already.")
@has.store
@has.json
def export(run: str, file: str, force: bool, store: str | None, json: bool) -> Job:
    """Write a run to a single file."""
    from ..exporting import export as write

    return partial(write, run, file, store, force=force, json=json)


@click.command("import", cls=Command, section=has.KEEP)
@click.argument("file", cls=Argument, help="A file that export, train --out or run.save wrote.")
@option("--name", OUTPUT, "What its id begins with (the name of its data).", "NAME")
@has.data
@has.store
@has.json
def import_(file: str, name: str | None, data: str | None, store: str | None, json: bool) -> Job:
    """Put a run from a single file into the store."""
    from ..importing import import_run

    return partial(import_run, file, name, data, store, json=json)


@click.command(cls=Command, section=has.KEEP)
@has.run
@option("--target", OUTPUT, "c, standalone or wasm.", "KIND", default="c")
@option("--out", OUTPUT, "Where to write (RUN-KIND here).", "DIR")
@has.data
@has.store
@has.json
def emit(run: str, target: str, out: str | None, data: str | None, store: str | None, json: bool) -> Job:
    """Write a run as source: C, one standalone C99 program, or WebAssembly."""
    from ..emitting import emit as write

    return partial(write, run, target, out, data, store, json=json)


COMMANDS = (export, import_, emit)
