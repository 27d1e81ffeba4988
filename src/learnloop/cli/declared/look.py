"""What looks at runs: explore, runs, show, why, neuron, life, insights, diff."""

from __future__ import annotations

from functools import partial

import click

from ..grouped import Argument, Command
from . import options as has
from .options import DATA, OUTPUT, Job, option


@click.command(cls=Command, section=has.LOOK)
@click.argument("names", cls=Argument, nargs=-1, metavar="[NAME]", help="Only runs whose names begin so.")
@option("--status", DATA, "Only finished, interrupted, running, diverged or failed ones.", "STATUS")
@option("--limit", OUTPUT, "How many, the newest first; 0 for all.", "N", int, 30)
@option("--delete", "Delete", "Forget this run (repeat for several).", "ID", many=True)
@has.flag("--yes", "Delete", "Do not ask before deleting.")
@has.store
@has.json
def runs(
    names: tuple[str, ...], status: str | None, limit: int, delete: tuple[str, ...], yes: bool, store: str | None, json: bool
) -> Job:
    """List the recorded runs, newest first, or delete some."""
    if delete:
        from ..deleting import delete as forget

        return partial(forget, (*delete, *names), store, yes=yes, json=json)
    from ..runs import list_runs

    return partial(list_runs, names, status, limit, store, json=json)


@click.command(cls=Command, section=has.LOOK)
@has.run
@option("--update", OUTPUT, "Look at one update; negative ones count from the end.", "K", int)
@has.data
@has.store
@has.json
def show(run: str, update: int | None, data: str | None, store: str | None, json: bool) -> Job:
    """Show what a run is and what came of it, or one of its updates."""
    if update is None:
        from ..showing import show as look

        return partial(look, run, store, json=json)
    from ..update import show_update

    return partial(show_update, run, update, data, store, json=json)


@click.command(cls=Command, section=has.LOOK)
@has.run
@click.argument("weight", cls=Argument, help="Which number, as in 'dense_1.weight[3,7]'.")
@has.update
@option("--rows", OUTPUT, "How many rows to list, the strongest first.", "N", int, 5)
@has.flag("--check", OUTPUT, "Measure the gradient with a finite difference, too.")
@has.data
@has.store
@has.json
def why(
    run: str, weight: str, update: int, rows: int, check: bool, data: str | None, store: str | None, json: bool
) -> Job:
    """Explain why a weight moved, as a sum that adds up."""
    from ..why import why as explain

    return partial(explain, run, weight, update, rows, data, store, check=check, json=json)


@click.command(cls=Command, section=has.LOOK)
@has.run
@click.argument("unit", cls=Argument, help="Which unit, as in 'dense_1[7]'.")
@has.update
@option("--row", OUTPUT, "Which row: its place in the batch (0).", "N", int)
@option("--data-row", OUTPUT, "Which row of the data in the batch, instead.", "N", int)
@option("--inputs", OUTPUT, "How many inputs to list, the strongest first.", "N", int, 8)
@has.data
@has.store
@has.json
def neuron(
    run: str, unit: str, update: int, row: int | None, data_row: int | None, inputs: int, data: str | None,
    store: str | None, json: bool,
) -> Job:  # fmt: skip
    """Show what a unit computed for one row."""
    from ..neuron import Place
    from ..neuron import neuron as look

    return partial(look, run, Place(unit, update, row, data_row), inputs, data, store, json=json)


@click.command(cls=Command, section=has.LOOK)
@has.run
@click.argument("weight", cls=Argument, help="Which number, as in 'dense_1.weight[3,7]'.")
@option("--rows", OUTPUT, "How many rows to list, the strongest first.", "N", int, 5)
@has.data
@has.store
@has.json
def life(run: str, weight: str, rows: int, data: str | None, store: str | None, json: bool) -> Job:
    """Tell the life of a weight: its values, and who pushed it where."""
    from ..life import life as tell

    return partial(tell, run, weight, rows, data, store, json=json)


@click.command(cls=Command, section=has.LOOK)
@has.run
@has.data
@has.store
@has.json
def insights(run: str, data: str | None, store: str | None, json: bool) -> Job:
    """Tell what happened during a run, in plain sentences."""
    from ..insight import insights as tell

    return partial(tell, run, data, store, json=json)


@click.command(cls=Command, section=has.LOOK)
@click.argument("a", cls=Argument, help="A run.")
@click.argument("b", cls=Argument, help="Another run.")
@has.data
@has.store
@has.json
def diff(a: str, b: str, data: str | None, store: str | None, json: bool) -> Job:
    """Compare two runs: what differs, and where they part."""
    from ..differing import diff as compare

    return partial(compare, a, b, data, store, json=json)


@click.command(cls=Command, section=has.LOOK)
@click.argument(
    "what", cls=Argument, required=False, metavar="[RUN|SOURCE]", help="A run, a built-in data set, or a file with a table."
)
@option("--target", DATA, "The column of a table to predict.", "COLUMN")
@option("--port", OUTPUT, "Where to listen on this machine (any free port).", "N", int)
@has.flag("--no-open", OUTPUT, "Open no browser.")
@option("--export", OUTPUT, "Write the page as one file that works offline, and open nothing.", "PAGE.html")
@option("--end-after", OUTPUT, "End by itself after so long.", "SECONDS", float)
@has.store
@has.json
def explore(
    what: str | None, target: str | None, port: int | None, no_open: bool, export: str | None, end_after: float | None,
    store: str | None, json: bool,
) -> Job:  # fmt: skip
    """Open a page in the browser in which networks learn, to look at and to change."""
    if export is not None:
        from ..exploring import export_page

        return partial(export_page, what, target, store, export, json=json)
    from ..exploring import explore as open_page

    return partial(
        open_page, what, target, store, port=port or 0, browser=not no_open, end_after=end_after, json=json
    )


COMMANDS = (explore, runs, show, why, neuron, life, insights, diff)
