"""``learnloop runs``: a list of what is recorded."""

from __future__ import annotations

import json as encoder
import math
import time
from typing import Any

import numpy as np
from rich.text import Text

from ..errors import DescriptionError
from ..store import Entry
from ..stored import Store
from .console import LABEL, Console, command, console, plain, say, show, table
from .entry import OK
from .outcome import METRICS, finite
from .result import number
from .shelf import shelf
from .showing import tested
from .suggest import learnloop
from .wording import ago, count, home_relative, plural, size
from .words import check_count

STYLES = {"finished": "green", "interrupted": "yellow", "running": "cyan", "diverged": "red", "failed": "red"}


def list_runs(names: tuple[str, ...], status: str | None, limit: int, store: str | None, *, json: bool) -> int:
    """List runs, newest first.

    Args:
        names: at most one: what their names begin with.
        status: only those with this status.
        limit: how many at most; 0 for all.
        store: the store.
        json: whether to print them for machines: all of them, unless a smaller limit is asked for.
    """
    if len(names) > 1:
        raise DescriptionError(f"expected one name, got {len(names)}. Fix: {learnloop('runs', names[0])}")
    check_count("--limit", limit)
    runs = shelf(store)
    found = runs.entries("".join(names), status)
    shown = found[: limit or None]
    if json:
        print(encoder.dumps([_facts(runs, entry) for entry in shown]))
        return OK
    _tell(console(), runs, found, shown, filtered=bool(names) or status is not None)
    return OK


def _tell(out: Console, runs: Store, found: list[Entry], shown: list[Entry], *, filtered: bool) -> None:
    if not found:
        out.print(plain("no such run" if filtered else f"no run is recorded in {home_relative(runs.path)}"))
        command(out, "make one", learnloop("train", "digits"))
        return
    now = time.time()
    body = table("run", "when", "status", "updates", "result", right=(3,))
    for entry in shown:
        body.add_row(
            plain(entry.id), ago(entry.changed, now), Text(entry.status, STYLES.get(entry.status, "")),
            _progress(entry), _result(runs, entry),
        )  # fmt: skip
    show(out, body)
    out.print()
    more = len(found) - len(shown)
    older = f"; {plural(more, 'older one')} not shown (--limit 0 shows all)" if more else ""
    say(out, "", plain(f"{plural(len(found), 'run')}{older}"))
    if not filtered:
        place = plain(f"{home_relative(runs.path)}, {size(runs.path.stat().st_size)}")
        out.print(Text.assemble(" " * LABEL, place), soft_wrap=True)  # paths are never broken


def _progress(entry: Entry) -> str:
    return count(entry.done) if entry.done == entry.planned else f"{count(entry.done)} of {count(entry.planned)}"


def _result(runs: Store, entry: Entry) -> str:
    for which in ("test", "validation"):
        found = tested(entry, which)
        if found is not None:
            return f"{which} " + (f"accuracy {found['accuracy']:.1%}" if "accuracy" in found else f"R2 {number(found['r2'])}")
    loss = last_loss(runs, entry)
    return "" if loss is None else f"loss {loss:.4g}"


def last_loss(runs: Store, entry: Entry) -> float | None:
    """The mean loss of the last epoch, as far as it went; None where there is none."""
    per_epoch = _updates_per_epoch(entry)
    if not entry.done:
        return None
    kind = np.dtype(f"<f{entry.itemsize}") if entry.itemsize in (4, 8) else None
    if kind is None:
        return None
    losses = np.frombuffer(runs.losses(entry.id, max(entry.done - per_epoch, 0), entry.done), kind)
    mean = float(losses.mean())
    return mean if math.isfinite(mean) else None


def _updates_per_epoch(entry: Entry) -> int:
    """As its description says; a store may hold anything."""
    try:
        task = entry.description["task"]
        return max(1, -(-int(task["count"]) // int(task["options"]["batch_size"])))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 1


def _facts(runs: Store, entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = finite({
        "id": entry.id, "name": entry.name, "status": entry.status, "created": entry.created, "changed": entry.changed,
        "updates": entry.done, "planned": entry.planned, "digest": entry.digest, "loss": last_loss(runs, entry),
        "metrics": entry.facts.get(METRICS), "seconds": entry.facts.get("seconds"), "data_digest": entry.data_digest,
        "data_kept": entry.data_kept,
    })  # fmt: skip
    return facts
