"""Where a run ended whose loss is no finite number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..train.diagnose import first_layer_not_finite
from .insight import PROBLEM, Insight
from .travel import Traveller

if TYPE_CHECKING:
    from ..run import Run


def diverged_at(run: Run) -> int | None:
    """The update whose loss is not finite, None for a run that ended well: it has no loss from there on."""
    ended = run.interrupted or run.updates >= run.options.epochs * run.updates_per_epoch
    return None if ended else run.updates


def first_not_finite(traveller: Traveller, update: int) -> tuple[str, str]:
    """Which layer, and which tensor of the program, has the first value that is no finite number.

    Args:
        traveller: of a run that diverged.
        update: where.

    Returns:
        The layer and the tensor; ("loss", ...) where every layer is finite.
    """
    run = traveller.run
    assert run.examples is not None
    walker = traveller._walker("fast", run.examples)
    if update:
        last = traveller.at(update=update - 1)
        new = last._structure.value_of
        walker.stand(update, {name: last.tensor(new.get(name, name)) for name in run.program.fixed})
    found = first_layer_not_finite(walker)
    walker.close()
    return found


def not_finite(run: Run, traveller: Traveller | None) -> Iterator[Insight]:
    """The end of a run that diverged."""
    update = diverged_at(run)
    if update is None:
        return
    layer, tensor = first_not_finite(traveller, update) if traveller is not None else ("loss", "")
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
