"""``learnloop explore``: a page in the browser, on this machine."""

from __future__ import annotations

import json as encoder
from pathlib import Path

from ..data import datasets
from ..errors import FileError
from ..explore.desk import Desk
from ..explore.export import export
from ..explore.holding import Table
from ..explore.limits import UPLOAD
from ..explore.onefile import write_page
from ..explore.opening import suits, suits_data
from ..explore.reading import read_file
from ..explore.serve import Explorer
from .console import console, say, unbroken
from .entry import OK
from .shelf import find, is_path, shelf
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
        _open(desk, given, target, store)
    server = Explorer(desk, port)
    server.warm()
    _tell(server, browser=browser, json=json)
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
        _open(desk, given, target, store)
    made = write_page(export(desk, {"kind": "page", **desk.session()["opening"]}).content, path)
    size = made.stat().st_size
    if json:
        print(encoder.dumps({"command": "explore", "page": str(made), "bytes": size}), flush=True)
    else:
        unbroken(console(json=json), "page", f"{made} ({size / 1000:.0f} kB): opens offline, trains inside")
    return OK


def _open(desk: Desk, given: str, target: str | None, store: str | None) -> None:
    if given in datasets.names():
        desk.open_scenario(suits(given))
    elif _is_table(given):
        path = Path(given).expanduser()
        data = read_file(path.name, _content(path), target)
        desk.open_scenario(suits_data(data, desk.hold(Table(data, "file"))))
    else:
        desk.open_run(find(given, store))


def _is_table(given: str) -> bool:
    """Whether it is a file with a table: runs end with .run, or are called by an id."""
    path = Path(given).expanduser()
    return path.suffix not in ("", SUFFIX) and (is_path(given) or path.is_file())


def _content(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        FileError: if it cannot be read, or is larger than the explorer takes.
    """
    try:
        if path.stat().st_size > UPLOAD:
            raise FileError(f"{path} has more than {UPLOAD >> 20} MiB. Fix: fewer rows, or ll.explore(network, X, y) in Python.")
        return path.read_bytes()
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{path} cannot be read: {error.strerror}. Fix: check the path.") from error


def _tell(server: Explorer, *, browser: bool, json: bool) -> None:
    """Say where the page is, before the browser is opened: it may take its time."""
    out = console(json=json)
    if json:
        print(encoder.dumps({"command": "explore", "url": server.url}), flush=True)
    else:
        unbroken(out, "page", server.url)
    if browser and not server.show():
        say(out, "browser", "none could be opened here. Fix: open the page's address in one on this machine.")
    say(out, "", "whoever knows this address can use the explorer while it runs; Ctrl-C ends it")
