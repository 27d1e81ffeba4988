"""What trains again to answer a question: replay, without, branch, again, influence."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from ..grouped import Command
from . import options as has
from .options import DATA, LEARNING, OUTPUT, Job, option


@click.command(cls=Command, section=has.ASK)
@has.run
@has.flag("--verify", OUTPUT, "Compare every digest and state that was recorded, too.")
@option("--target", LEARNING, "As another processor: avx512, avx2, baseline ...", "KIND")
@has.data
@has.store
@has.json
@has.quiet
def replay(
    run: str, verify: bool, target: str | None, data: str | None, store: str | None, json: bool, quiet: bool
) -> Job:
    """Compute a run again and compare it, bit for bit."""
    from ..replaying import replay as again

    return partial(again, run, target, data, store, verify=verify, json=json, quiet=quiet)


@click.command(cls=Command, section=has.ASK)
@has.run
@option("--rows", DATA, "Rows of the run's data, as in 17,18 or 20-29.", "ROWS")
@has.kept
def without(run: str, rows: str | None, **how: Any) -> Job:
    """Train without some rows, everything else the same."""
    from ..whatif import How
    from ..whatif import without as train

    return partial(train, run, rows, How(**how))


@click.command(cls=Command, section=has.ASK)
@has.run
@option("--at", LEARNING, "The first update that is done otherwise; -1 for the last one.", "K", int)
@has.changes
@has.kept
def branch(
    run: str, at: int | None, data: str | None, store: str | None, no_record: bool, json: bool, quiet: bool, **changes: Any
) -> Job:
    """Go on otherwise from an update of a run."""
    from ..whatif import How
    from ..whatif import branch as train

    return partial(train, run, at, changes, How(data, store, no_record, json, quiet))


@click.command(cls=Command, section=has.ASK)
@has.run
@option("--batch-size", LEARNING, "Rows of an update.", "N", int)
@has.changes
@has.kept
def again(
    run: str, data: str | None, store: str | None, no_record: bool, json: bool, quiet: bool, **changes: Any
) -> Job:
    """Train again from the beginning with something changed."""
    from ..whatif import How
    from ..whatif import again as train

    return partial(train, run, changes, How(data, store, no_record, json, quiet))


@click.command(cls=Command, section=has.ASK)
@has.run
@option("--rows", DATA, "Rows of the run's data, as in 17,18 or 20-29 (all).", "ROWS")
@option("--measure", OUTPUT, "loss, accuracy, r2, probabilities or outputs.", "NAME", default="loss")
@option("--most", OUTPUT, "How many rows to list, the strongest first.", "N", int, 10)
@option("--threads", LEARNING, "How many trainings at once.", "N", int)
@has.data
@has.store
@has.json
@has.quiet
def influence(
    run: str, rows: str | None, measure: str, most: int, threads: int | None, data: str | None, store: str | None,
    json: bool, quiet: bool,
) -> Job:  # fmt: skip
    """Train without each row in turn: what each did to the result."""
    from ..influencing import Question
    from ..influencing import influence as ask

    return partial(ask, run, Question(rows, measure, threads), most, data, store, json=json, quiet=quiet)


COMMANDS = (replay, without, branch, again, influence)
