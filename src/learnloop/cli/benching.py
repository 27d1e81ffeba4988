"""``learnloop bench``: a table of microseconds."""

from __future__ import annotations

import json as encoder
from typing import Any

from rich.text import Text

from ..bench.machine import machine
from ..bench.peak import fma_peak
from ..bench.peers import missing
from ..bench.suite import Row, check, run
from ..bench.workloads import choose
from .console import Console, console, say, show, table
from .entry import OK

NAMES = ("learnloop 1", "learnloop 2", "torch 1", "torch 2", "jax")


def bench(*, peers: bool, only: str | None, repeats: int, budget: float, json: bool) -> int:
    """Measure and print.

    Raises:
        UnknownName: if no workload has such a name.
        DescriptionError: for repeats or a budget that make no sense.
    """
    check(repeats, budget)
    workloads, out = choose(only), console(json=json)
    lacking = missing() if peers else []
    facts, peak = machine(), fma_peak()
    _machine(out, facts, peak)
    if lacking:
        say(out, "peers", f"{' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} not installed: pip install 'learnloop[bench]'")
        out.print()
    measured: list[Row] = []
    for workload in workloads:
        out.print(Text(f"measuring {workload.name:<12} {workload.text}", "dim"))
        measured.append(run(workload, repeats, budget, peak, peers))
    _table(out, measured)
    _spread(out, measured, repeats)
    if json:
        parts = [row.to_data() for row in measured]
        print(encoder.dumps({"command": "bench", "machine": facts, "peak": peak, "repeats": repeats, "rows": parts}))
    return OK


def _machine(out: Console, facts: dict[str, Any], peak: float) -> None:
    versions = ", ".join(f"{name} {number}" for name, number in facts["versions"].items())
    cores = f"{facts['cores']} core{'s' * (facts['cores'] > 1)}"
    say(
        out, "machine",
        f"{facts['processor']}, {cores}, {facts['system']}, target {facts['target']}",
        f"peak of one core, measured: {peak / 1e9:.0f} GFLOP/s in float32",
        f"Python {facts['python']}, {facts['compiler']}, {versions}",
    )  # fmt: skip
    out.print()


def _table(out: Console, rows: list[Row]) -> None:
    names = [name for name in NAMES if any(m.name == name for row in rows for m in row.found)]
    ratios = [who for who in ("torch", "jax") if any(row.best(who) for row in rows)]
    heads = [*(name.replace("learnloop", "ours") for name in names), "peak", *(f"x {who}" for who in ratios)]
    body = table("µs per update", *heads, right=range(1, len(heads) + 1))
    for row in rows:
        medians = {m.name: m.median for m in row.found}
        cells = [_micros(medians[name]) if name in medians else "" for name in names]
        body.add_row(
            row.workload.name, *cells, f"{row.share_of_peak:.0%}", *(_factor(row.ratio(who)) for who in ratios)
        )
    out.print()
    show(out, body)
    out.print()
    say(out, "", "ours 1: learnloop on 1 thread; peak: what ours 1 reaches of one core's peak")
    if ratios:
        say(out, "", "x torch: how many times as long it takes, each in its fastest form")


def _spread(out: Console, rows: list[Row], repeats: int) -> None:
    names = [name for name in NAMES if any(m.name == name for row in rows for m in row.found)]
    heads = [name.replace("learnloop", "ours") for name in names]
    body = table("min..max", *heads, right=range(1, len(heads) + 1))
    for row in rows:
        found = {m.name: f"{_short(min(m.micros))}..{_short(max(m.micros))}" for m in row.found}
        body.add_row(row.workload.name, *(found.get(name, "") for name in names))
    out.print()
    show(out, body)
    say(out, "", f"medians and spread of {repeats} repeats, the contenders in turn")


def _factor(ratio: float | None) -> Text:
    return Text("") if ratio is None else Text(f"{ratio:.1f}", "green" if ratio >= 1 else "red")


def _micros(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _short(value: float) -> str:
    """Three digits, thousands as k: the spread needs no more."""
    return f"{value:.3g}" if value < 1000 else f"{value / 1000:.3g}k"
