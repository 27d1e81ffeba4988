"""``learnloop runs --delete``: forgets runs, after asking."""

from __future__ import annotations

import json as encoder
import sys
import time

from ..errors import DescriptionError, LearnloopError, StoreError, UnknownRun
from ..store import Entry
from ..stored import Store
from .console import console, plain, say
from .entry import OK
from .shelf import mended, shelf
from .suggest import learnloop
from .wording import ago, plural


def delete(ids: tuple[str, ...], store: str | None, *, yes: bool, json: bool) -> int:
    """Forget runs: all of those that were named, or, if one of them cannot be, none.

    Args:
        ids: whole ids, so that nothing else is meant.
        store: the store.
        yes: whether not to ask.
        json: whether to tell machines.

    Raises:
        UnknownRun: for one that does not exist.
        StoreError: for one that is being trained.
        DescriptionError: where there is nobody to ask.
    """
    runs = shelf(store)
    entries = [_whole(runs, id) for id in dict.fromkeys(ids)]
    for entry in entries:
        runs.claim(entry.id).release()  # one that is being trained is refused before any is gone
    gone = _delete(runs, entries) if yes or _agreed(entries) else []
    if json:
        print(encoder.dumps({"command": "runs", "deleted": gone}))
    else:
        say(console(), "deleted", ", ".join(gone) or "nothing")
    return OK


def _delete(runs: Store, entries: list[Entry]) -> list[str]:
    gone: list[str] = []
    try:
        for entry in entries:
            runs.delete(entry.id)
            gone.append(entry.id)
    except LearnloopError as error:
        if gone:
            say(console(json=True), "deleted", ", ".join(gone))
        if "the disk is full" in str(error):
            raise StoreError(f"{error} Deleting needs a little itself: a journal guards the other runs meanwhile.") from error
        raise
    return gone


def _whole(runs: Store, id: str) -> Entry:
    """The run with exactly this id: what is deleted is gone, so a beginning is not enough."""
    try:
        entry = runs.entry(id)
    except UnknownRun as error:
        raise mended(error) from error
    if entry.id != id:
        raise DescriptionError(f"{id!r} is no whole id. Fix: {learnloop('runs', '--delete', entry.id)}")
    return entry


def _agreed(entries: list[Entry]) -> bool:
    """Whether somebody at the terminal says so; the default is no."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise DescriptionError("nobody can be asked whether to delete. Fix: --yes deletes without asking.")
    people, now = console(json=True), time.time()
    for entry in entries:
        people.print(plain(f"{entry.id}  {entry.status}, {ago(entry.changed, now)}, {plural(entry.done, 'update')}"))
    people.print(plain(f"delete {plural(len(entries), 'run')} for good? [y/N] "), end="")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
