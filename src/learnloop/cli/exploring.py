"""``learnloop explore``: a page in the browser, on this machine."""

from __future__ import annotations

import json as encoder
from difflib import get_close_matches
from pathlib import Path

from ..data import datasets
from ..errors import UnknownName, UnknownRun
from ..explore.desk import Desk
from ..explore.export import export
from ..explore.holding import Table
from ..explore.onefile import write_page
from ..explore.opening import suits, suits_table
from ..explore.serve import Explorer
from ..run import Run
from .console import console, say, unbroken
from .entry import OK
from .given import Asked, check_there, is_own
from .shelf import find, shelf
from .storage import SUFFIX


def explore(
    given: str | None, target: str | None, store: str | None, *, port: int, browser: bool, end_after: float | None, json: bool
) -> int:
    """Open the explorer.

    Args:
        given: a built-in data set, a file with a table, a run, or None for the explorer's own first picture.
        target: the column of a table to predict.
        store: the store of runs.
        port: where to listen; 0 for any free port.
        browser: whether to open one.
        end_after: seconds after which the server ends by itself; None for Ctrl-C alone.
        json: whether stdout belongs to a machine.
    """
    desk = Desk(shelf(store))
    if given is not None:
        _open(desk, Asked(given, target), store)
    server = Explorer(desk, port)
    server.warm()
    tell(server, browser=browser, json=json)
    server.wait(end_after)
    return OK


def export_page(given: str | None, target: str | None, store: str | None, path: str, *, json: bool) -> int:
    """Write what the explorer would open as a page that is one file.

    Args:
        given, target, store: as for :func:`explore`.
        path: where to.
        json: whether stdout belongs to a machine.
    """
    desk = Desk(shelf(store))
    if given is not None:
        _open(desk, Asked(given, target), store)
    made = write_page(export(desk, {"kind": "page", **desk.session()["opening"]}).content, path)
    size = made.stat().st_size
    if json:
        print(encoder.dumps({"command": "explore", "page": str(made), "bytes": size}), flush=True)
    else:
        unbroken(console(json=json), "page", f"{made} ({size / 1000:.0f} kB): opens offline, trains inside")
    return OK


def _open(desk: Desk, asked: Asked, store: str | None) -> None:
    given = asked.name
    if given in datasets.names():
        asked.dataset()  # refuses what cannot be chosen
        desk.open_scenario(suits(given))
    elif _is_run(given):
        desk.open_run(_run(given, store))
    else:
        check_there(given)
        table = Table(asked.dataset(), "file")
        desk.open_scenario(suits_table(table, desk.hold(table)))


def _run(given: str, store: str | None) -> Run:
    """A run; a name that is none may be meant for a data set.

    Raises:
        UnknownRun, UnknownName: for one that is not there.
    """
    try:
        return find(given, store)
    except UnknownRun as error:
        if get_close_matches(given, datasets.names()):
            raise UnknownName("data set, file or run", given, datasets.names()) from error
        raise


def _is_run(given: str) -> bool:
    """Whether a run is meant: its id, or a file that ends as those of runs do."""
    return Path(given).suffix == SUFFIX or not is_own(given)


def tell(server: Explorer, *, browser: bool, json: bool, name: str = "explore") -> None:
    """Say where the page is, before the browser is opened: it may take its time.

    Args:
        server: what serves it.
        browser: whether to open one.
        json: whether stdout belongs to a machine.
        name: of the command.
    """
    out = console(json=json)
    if json:
        print(encoder.dumps({"command": name, "url": server.url}), flush=True)
    else:
        unbroken(out, "page", server.url)
    if browser and not server.show():
        say(out, "browser", "none could be opened here. Fix: open the page's address in one on this machine.")
    say(out, "", "whoever knows this address can use the explorer while it runs; Ctrl-C ends it")
