"""Two runs side by side, for people: what came of each, where they part, how their losses go."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from ..errors import UnknownRun
from ..run import Run
from ..runs import Comparison
from ..store import Entry
from .console import Console, draws_blocks, plain, say, show, table
from .curve import curve, legend, scale_of
from .outcome import METRICS, measure
from .result import curve_width
from .resuming import tested as rows_to_test
from .showing import tested
from .wording import count


def _entry(run: Run) -> Entry | None:
    """What the store has of a run; None where it was not recorded, or was deleted meanwhile."""
    if run.record is None:
        return None
    try:
        return run.record[0].entry(run.record[1])
    except UnknownRun:
        return None


def on_test_rows(run: Run) -> dict[str, Any] | None:
    """How well a run does on the rows to test on: as it was recorded, or measured now; None where none are known."""
    known = tested(_entry(run))
    if known is not None or run.outcome.divergence is not None:
        return known
    rows = rows_to_test(run)
    return None if rows is None else measure(run, rows)[0]["test"]


def facts(run: Run, name: str) -> dict[str, Any]:
    """What is compared, for machines."""
    return {
        "run": name, "status": run.status, "updates": run.updates, "loss": last_loss(run), METRICS: on_test_rows(run),
        "digest": run.digest,
    }  # fmt: skip


def last_loss(run: Run) -> float | None:
    """The mean loss of the last epoch."""
    return float(run.losses[-run.updates_per_epoch :].mean()) if run.updates else None


def side_by_side(out: Console, runs: tuple[Run, Run], names: tuple[str, str], found: Comparison) -> None:
    """The results of both in a table, their losses as curves, and where they part."""
    both = [facts(run, name) for run, name in zip(runs, names, strict=True)]
    body = table("", *names, right=(1, 2))
    for label, cells in _lines(both):
        body.add_row(Text(label, "dim"), *map(plain, cells))
    show(out, body, indent=2)
    out.print()
    _curves(out, runs, names)
    out.print()
    verdict(out, found)


def _curves(out: Console, runs: tuple[Run, Run], names: tuple[str, str]) -> None:
    """The losses of both, on one scale."""
    width, known = curve_width(out), [(run, name) for run, name in zip(runs, names, strict=True) if run.updates]
    if not known:
        return
    scale = scale_of([run.losses for run, _ in known], width)
    for run, name in known:
        say(out, name, curve(run.losses, width, draws_blocks(out), run.updates_per_epoch, scale))
    for text in dict.fromkeys(legend(run.updates, width) for run, _ in known):
        say(out, "", f"({text}; on one scale)")


def _lines(both: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    lines = [
        ("status", [f["status"] for f in both]), ("updates", [count(f["updates"]) for f in both]),
        ("loss in the last epoch", [_number(f["loss"]) for f in both]),
    ]  # fmt: skip
    tests = [f[METRICS] or {} for f in both]
    for key, label in (("accuracy", "test accuracy"), ("r2", "test R2"), ("loss", "test loss")):
        if any(key in test for test in tests):
            lines.append((label, [_share(t.get(key)) if key == "accuracy" else _number(t.get(key)) for t in tests]))
    return [*lines, ("digest", [f["digest"][:12] for f in both])]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"


def verdict(out: Console, found: Comparison) -> None:
    """What differs in the descriptions, and where the runs part."""
    lines = str(found).split("\n")
    say(out, "differs", *(found.differences or ["nothing in the descriptions"]))
    say(out, "parting", *lines[max(len(found.differences), 1) :])
