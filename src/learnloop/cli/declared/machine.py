"""What concerns this machine: doctor, bench."""

from __future__ import annotations

from functools import partial

import click

from ..grouped import Command
from . import options as has
from .options import Job, option


@click.command(cls=Command, section=has.MACHINE)
@has.store
@has.json
def doctor(store: str | None, json: bool) -> Job:
    """Check whether everything that learnloop needs is there and works."""
    from ..doctor import examine

    return partial(examine, store, json=json)


@click.command(cls=Command, section=has.MACHINE)
@has.flag("--peers", "Options", "Measure PyTorch and JAX too, where installed.")
@option("--only", "Options", "Only workloads whose name has this.", "NAME")
@option("--repeats", "Options", "How often to measure each.", "N", int, 5)
@option("--budget", "Options", "How long one measurement takes.", "SECONDS", float, 0.3)
@has.json
def bench(peers: bool, only: str | None, repeats: int, budget: float, json: bool) -> Job:
    """Measure how long an update takes, and compare."""
    from ..benching import bench as measure

    return partial(measure, peers=peers, only=only, repeats=repeats, budget=budget, json=json)


COMMANDS = (doctor, bench)
