"""``learnloop``: all commands under one name."""

from __future__ import annotations

import click

from .declared import ask, keep, lesson, look, machine, train
from .entry import EPILOG
from .grouped import Group, Option

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


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


for section in (train, look, ask, lesson, keep, machine):
    for each in section.COMMANDS:
        app.add_command(each)
