"""click with arguments that are explained and options that stand in groups."""

from __future__ import annotations

from typing import Any

import click

from .entry import import_numpy


class Argument(click.Argument):
    """An argument with a help text.

    Args:
        help: the text.
    """

    def __init__(self, *names: Any, help: str, **how: Any) -> None:
        super().__init__(*names, **how)
        self.about = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Name and text, as options have them."""
        return self.human_readable_name, self.about


class Option(click.Option):
    """An option that stands under a head of its own.

    Args:
        group: the head.
    """

    def __init__(self, *names: Any, group: str = "Options", **how: Any) -> None:
        super().__init__(*names, **how)
        self.group = group


def _sections(of: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Arguments, then options under their heads, as wide as the widest of all."""
    found: dict[str, list[tuple[str, str]]] = {}
    for parameter in of.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if record is not None:
            head = "Arguments" if isinstance(parameter, click.Argument) else getattr(parameter, "group", "Options")
            found.setdefault(head, []).append(record)
    width = max(len(name) for records in found.values() for name, _ in records)
    for head, records in found.items():
        with formatter.section(head):
            formatter.write_dl([(f"{name:<{width}}", text) for name, text in records])


class Command(click.Command):
    """A command whose help is in groups.

    Args:
        section: the head under which the commands are listed.
    """

    def __init__(self, *names: Any, section: str, **how: Any) -> None:
        super().__init__(*names, **how)
        self.section = section

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; every command computes."""
        import_numpy()
        return super().invoke(ctx)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The groups."""
        _sections(self, ctx, formatter)


class Group(click.Group):
    """The commands, in the order in which they are needed.

    Args:
        section: the head under which the group itself is listed, where it is one of the commands of another.
    """

    def __init__(self, *names: Any, section: str = "", **how: Any) -> None:
        super().__init__(*names, **how)
        self.section = section

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands, as wide as the widest of all."""
        _sections(self, ctx, formatter)
        width = max(map(len, self.commands))
        for head in dict.fromkeys(_section(known) for known in self.commands.values()):
            with formatter.section(head):
                formatter.write_dl([
                    (f"{name:<{width}}", known.help or "")
                    for name, known in self.commands.items() if _section(known) == head
                ])  # fmt: skip

    def list_commands(self, ctx: click.Context) -> list[str]:
        """As they were declared."""
        return list(self.commands)


def _section(command: click.Command) -> str:
    return str(getattr(command, "section", "Commands"))
