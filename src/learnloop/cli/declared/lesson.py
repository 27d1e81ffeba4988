"""What teaches: lesson, with commands of its own."""

from __future__ import annotations

from functools import partial

import click

from ..grouped import Argument, Command, Group
from . import options as has
from .options import OUTPUT, Job, option

SOUND, MORE = "Sound", "Beside the page"
HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
BESIDE = ("mp3", "vtt", "md", "json")


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  learnloop lesson {line}" for line in lines)


@click.group("lesson", cls=Group, section=has.TEACH, invoke_without_command=True)
@click.pass_context
def lesson(context: click.Context) -> None:
    """Turn a document about a run into a page that is narrated, drawn and alive."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@click.command(cls=Command, section="Write", context_settings=HELP, epilog=_examples("new last", "new digits-1 -o digits.md", "new saved.run -o mine.md"))
@has.run
@option("--out", OUTPUT, "The document to write.", "FILE.md", default="lesson.md", short="-o")
@has.flag("--force", OUTPUT, "Replace a file that is there already.")
@has.store
@has.json
def new(run: str, out: str, force: bool, store: str | None, json: bool) -> Job:
    """Write a first document about a recorded run; it builds as it is."""
    from ..lesson_new import new as write

    return partial(write, run, out, store, force=force, json=json)


@click.command("list", cls=Command, section="Write", context_settings=HELP, epilog=_examples("list", "list --json"))
@has.json
def list_(json: bool) -> Job:
    """List the lessons that come along."""
    from ..lesson_list import list_lessons

    return partial(list_lessons, json=json)


@click.command(cls=Command, section="Write", context_settings=HELP, epilog=_examples("watch lesson.md", "watch lesson.md --voice none --port 8000 --no-open"))
@click.argument("file", cls=Argument, metavar="FILE.md", help="The document.")
@option("--voice", SOUND, "espeak, none, or a speech endpoint's address.", "VOICE")
@option("--port", OUTPUT, "Where to listen on this machine (any free port).", "N", int)
@has.flag("--no-open", OUTPUT, "Open no browser.")
@option("--end-after", OUTPUT, "End by itself after so long.", "SECONDS", float)
@has.store
@has.json
def watch(
    file: str, voice: str | None, port: int | None, no_open: bool, end_after: float | None, store: str | None, json: bool
) -> Job:
    """Show a document as a page that is built again whenever it changes."""
    from ..lesson_watch import watch as show

    return partial(show, file, voice, store, port=port or 0, browser=not no_open, end_after=end_after, json=json)


@click.command(
    cls=Command, section="Publish", context_settings=HELP,
    epilog=_examples("build lesson.md", "build how-neural-networks-work -o page.html", "build lesson.md --mp3 --vtt --md --json", "build lesson.md --voice none"),
)  # fmt: skip
@click.argument("document", cls=Argument, metavar="FILE.md|NAME", help="A document, or a lesson that comes along.")
@option("--out", OUTPUT, "The page (called as the document, here).", "PAGE.html", short="-o")
@option("--voice", SOUND, "espeak, none, or a speech endpoint's address.", "VOICE")
@option("--voice-url", SOUND, "The address of a speech endpoint.", "URL")
@has.flag("--mp3", MORE, "Write the sound as PAGE.mp3, too.")
@has.flag("--vtt", MORE, "Write captions as PAGE.vtt, too.")
@has.flag("--md", MORE, "Write the text, its facts filled in, as PAGE.md, too.")
@has.flag("--json", MORE, "Write the list of all events and facts as PAGE.json, too.")
@has.store
@has.quiet
def build(
    document: str, out: str | None, voice: str | None, voice_url: str | None, store: str | None, quiet: bool, **beside: bool
) -> Job:
    """Build a document into one page that works offline."""
    from ..lesson_build import build_lesson

    if voice is not None and voice_url is not None:
        raise click.UsageError("--voice and --voice-url name two voices.")
    kinds = tuple(kind for kind in BESIDE if beside[kind])
    return partial(build_lesson, document, out, kinds, voice_url or voice, store, quiet=quiet)


@click.command("open", cls=Command, section="Publish", context_settings=HELP, epilog=_examples("open lesson.html", "open how-neural-networks-work", "open lesson.json --no-open"))
@click.argument("lesson", cls=Argument, metavar="PAGE.html|FILE.md|NAME", help="A page, its event list, a document, or a lesson that comes along.")
@option("--port", OUTPUT, "Where to listen on this machine (any free port).", "N", int)
@has.flag("--no-open", OUTPUT, "Open no browser.")
@option("--end-after", OUTPUT, "End by itself after so long.", "SECONDS", float)
@has.store
@has.json
def open_(lesson: str, port: int | None, no_open: bool, end_after: float | None, store: str | None, json: bool) -> Job:
    """Go on with the run of a lesson in the explorer, and check its numbers."""
    from ..lesson_open import open_lesson

    return partial(open_lesson, lesson, store, port=port or 0, browser=not no_open, end_after=end_after, json=json)


for each in (new, list_, watch, build, open_):
    lesson.add_command(each)
COMMANDS = (lesson,)
