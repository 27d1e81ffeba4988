"""Looking over a whole run for what a learner should know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import DescriptionError
from ..rules.registry import is_whole, short
from .alarm import Alarm, onsets
from .courses import growth, overfitting, plateau
from .divergence import not_finite
from .insight import Insight, Insights
from .looks import LOOKS, Looks
from .travel import Traveller
from .watches import LIMITS, Story, watched

if TYPE_CHECKING:
    from ..run import Run

MOST_JUMPS = 20


def insights(run: Run, traveller: Traveller | None = None, *, looks: int = LOOKS) -> Insights:
    """What happened during a run: exploding, vanishing, dead units, overfitting and their like, each at its update.

    The losses of all updates are read, and the values of some updates, which are visited. What is found between two
    looks is traced back to the update where it began. The same run always gives the same insights.

    Args:
        run: a run; one without its data is judged by its losses alone.
        traveller: of the run, to save making one.
        looks: at how many updates to look, at most, before anything is traced.

    Returns:
        The insights in the order of their updates.

    Raises:
        DescriptionError: for fewer than 2 looks.

    >>> import learnloop as ll
    >>> X, y = ll.datasets.load("iris").standardised()
    >>> run = ll.train(ll.mlp(4, 8, 3), X, y, optimizer=ll.SGD(0.0), progress=False)
    >>> sorted({insight.kind for insight in insights(run)})
    ['plateau', 'small_updates']
    """
    if not is_whole(looks) or looks < 2:
        raise DescriptionError(f"looks is {short(looks)}; expected a whole number of at least 2.")
    if traveller is None and run.examples is not None:
        traveller = Traveller(run)
    found = [*plateau(run), *overfitting(run), *not_finite(run)]
    looked = 0
    if traveller is not None and run.updates:
        story = _story(run, traveller, looks)
        found += watched(story)
        looked = story.looks.count
    return Insights(tuple(sorted(found, key=_order)), looked, run.updates)


def _story(run: Run, traveller: Traveller, looks: int) -> Story:
    grown = growth(run.losses, run.updates_per_epoch)
    return Story(run, Looks(traveller, _jumps(grown), looks), grown)


def _jumps(grown: np.ndarray) -> list[int]:
    return onsets(grown.tolist(), Alarm(*LIMITS["exploding"]))[:MOST_JUMPS]


def _order(insight: Insight) -> tuple[int, str, str]:
    return insight.update, insight.kind, insight.layer or ""
