"""Everything read once, and compared with its digests."""

from __future__ import annotations

from ..errors import LearnloopError
from . import lookup
from .database import Database


def problems(database: Database) -> list[str]:
    """One sentence for each thing that is wrong."""
    try:
        with database.reading() as db:
            found = [text for (text,) in db.execute("PRAGMA integrity_check(20)").fetchall() if text != "ok"]
            loose = db.execute("PRAGMA foreign_key_check").fetchall()
            found += [f"a row of {table} belongs to nothing" for table, *_ in loose]
            known = lookup.ids(db)
    except LearnloopError as error:
        return [str(error)]
    for id in known:  # one by one: others can record in between
        found += _problems_of(database, id)
    return found


def _problems_of(database: Database, id: str) -> list[str]:
    try:
        with database.reading() as db:
            row = lookup.run_row(db, id)
            lookup.check_whole(db, row)
            for at in lookup.checkpoints(db, row):
                lookup.checkpoint(db, row, at)
            lookup.data(db, row)
            lookup.source(db, row)
            lookup.entry(row, row.status)
    except LearnloopError as error:
        return [f"{id}: {error}"]
    return []
