"""``learnloop replay``: a run computed again, and compared bit for bit."""

from __future__ import annotations

import json as encoder

from rich.text import Text

from ..run import Run
from ..runs.replay import Replay
from ..runs.replay import replay as compute
from ..train.progress import Silent
from .console import Console, console, say, unbroken
from .entry import FAILED, OK
from .progress import Patient
from .shelf import find, title, with_data
from .wording import duration, plural

WORDS = {
    "loss": "the loss of this update", "weights": "the weights before this update",
    "state": "what the optimizer kept before this update", "end": "the loss of this update",
}  # fmt: skip


def replay(
    given: str, target: str | None, data: str | None, store: str | None, *, verify: bool, json: bool, quiet: bool
) -> int:
    """Compute a run again; 1 if it differs.

    Args:
        given: the run.
        target: as which processor; None for this one.
        data: the built-in data set, for a run that does not hold its data.
        store: the store.
        verify: whether to compare every digest and state that was recorded, too.
        json: whether stdout belongs to a machine.
        quiet: whether nothing is shown.
    """
    run = with_data(find(given, store), given, data)
    found = compute(run, target=target, thorough=verify, shown=Silent() if quiet else Patient())
    if not quiet:
        _tell(console(json=json), run, title(run, given), found)
    if json:
        print(encoder.dumps({"command": "replay", "run": title(run, given), **found.to_dict()}))
    return OK if found.same else FAILED


def _tell(out: Console, run: Run, name: str, found: Replay) -> None:
    made = f"made on {found.made_on}" if found.made_on else "made elsewhere"
    branch = "" if run.task.start is None else ", with the run that it branched from"
    compared = [
        plural(found.losses, "loss").replace("losss", "losses"), plural(found.digests, "digest") + " of the weights",
        *([plural(found.states, "state")] if found.states else []),
    ]  # fmt: skip
    say(
        out, name, f"computed again for {found.target} in {duration(found.seconds)}{branch}; it was {made}",
        f"compared: {', '.join(compared)}",
    )  # fmt: skip
    if found.same:
        say(out, "", Text("✓ the same, to the last bit", "bold green"))
        unbroken(out, "digest", found.digest)
        return
    say(out, "", Text(f"✗ it differs at update {found.update}: {WORDS[found.what or 'loss']}", "bold red"))
    say(out, "", f"was {found.was}", f"is  {found.now}")
