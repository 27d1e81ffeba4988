"""Where a run ended whose loss is no finite number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .insight import PROBLEM, Insight

if TYPE_CHECKING:
    from ..run import Run


def not_finite(run: Run) -> Iterator[Insight]:
    """The end of a run that diverged."""
    found = run.outcome.divergence
    if found is None:
        return
    update, layer, tensor = found.update, found.layer, found.tensor
    inside = layer != "loss"
    where = f"; the first such value is in {layer} ({tensor})" if inside else ""
    last = f", after {float(run.losses[-1]):.3g} in the update before" if run.updates else ""
    sentence = (
        f"The loss is no finite number any more{last}{where}. Nothing after it can be used: try a smaller learning "
        "rate, clip_norm=1.0, or scaled inputs."
    )
    evidence = {"last_loss": float(run.losses[-1])} if run.updates else {}
    epoch = update // run.updates_per_epoch
    yield Insight("not_finite", update, epoch, layer if inside else None, sentence, evidence, PROBLEM)
