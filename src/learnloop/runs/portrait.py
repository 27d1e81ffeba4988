"""A run as a small still picture: its losses as SVG, and a table of facts. No style, no script: any page may show it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 480, 150, 52, 24, 10
POINTS = 200


def portrait(run: Run) -> str:
    """The picture and the table, as HTML in which every text is escaped."""
    last = run.history[-1] if run.history else {}
    measured = {name.replace("_", " "): f"{value:.4g}" for name, value in last.items() if name != "epoch"}
    facts = {
        "run": run.id or "not recorded", "status": run.status, "updates": str(run.updates), **measured,
        "digest": f"{run.digest[:16]}…",
    }  # fmt: skip
    rows = "".join(f"<tr><th>{escape(k)}</th><td>{escape(v)}</td></tr>" for k, v in facts.items())
    return f"<pre>{escape(str(run.network))}</pre>{curve(run.losses)}<table>{rows}</table>"


def curve(losses: Array) -> str:
    """The losses of the batches as an SVG; nothing where there is none."""
    finite = losses[np.isfinite(losses)]
    if not len(finite):
        return ""
    means = _means(losses.astype(np.float64))
    most = max(float(np.nanmax(means, initial=0.0)), 1e-12)
    x = LEFT + (np.arange(len(means)) + 0.5) / len(means) * (WIDTH - LEFT - 8)
    y = HEIGHT - BOTTOM - np.clip(means / most, 0, 1) * (HEIGHT - BOTTOM - TOP)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True) if np.isfinite(b))
    said = f"Loss of the batches over {len(losses)} updates: from {float(finite[0]):.4g} to {float(finite[-1]):.4g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(said)}" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="11" fill="currentColor">'
        f'<path d="M{LEFT} {TOP}V{HEIGHT - BOTTOM}H{WIDTH - 8}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>'
        f'<polyline points="{points}" fill="none" stroke="#0877bd" stroke-width="2"/>'
        f'<text x="{LEFT - 6}" y="{TOP + 8}" text-anchor="end">{most:.3g}</text>'
        f'<text x="{LEFT - 6}" y="{HEIGHT - BOTTOM}" text-anchor="end">0</text>'
        f'<text x="{WIDTH - 8}" y="{HEIGHT - 6}" text-anchor="end">batch loss, {len(losses)} updates</text></svg>'
    )


def _means(losses: Array) -> Array:
    """Means of stretches: no more than can be told apart."""
    parts = np.array_split(losses, min(POINTS, len(losses)))
    return np.array([part[np.isfinite(part)].mean() if np.isfinite(part).any() else np.nan for part in parts])
