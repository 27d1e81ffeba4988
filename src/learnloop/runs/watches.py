"""What is watched at every look: a number, the threshold beyond which it matters, and the sentence for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from .alarm import Alarm, Limit, onsets
from .courses import recent, start_of
from .insight import NOTE, PROBLEM, WARNING, Insight
from .looks import Looks
from .silence import ROWS, silences
from .statistics import FLAT, LayerStatistics, UpdateStatistics
from .wording import listed, number

if TYPE_CHECKING:
    from ..run import Run

Array = np.ndarray[Any, np.dtype[Any]]
EXPLODED, VANISHED = 100.0, 1e3
"""Times the gradient at the first update; times a later layer's."""
LARGE, SMALL = 0.1, 1e-6
"""Norm of one change of the weights over the norm of the weights."""
HALF = 0.5
"""The share of the units, of the weights' size, of the loss at the start."""
LIMITS = {
    "exploding": Limit(EXPLODED, EXPLODED / 10),
    "vanishing": Limit(VANISHED, VANISHED / 10, patience=3),
    "large_updates": Limit(LARGE, LARGE / 2, patience=3),
    "small_updates": Limit(1 / SMALL, 0.1 / SMALL, patience=3),
    "saturated_units": Limit(HALF - 1e-9, HALF / 2, patience=5),
    "dead_units": Limit(HALF - 1e-9, HALF / 2),
}
"""When a number is worth a word; patience counts looks."""


@dataclass(frozen=True)
class Story:
    """What sentences are made from.

    Attributes:
        run: the run.
        looks: at it.
        growth: how many times larger each loss is than where it came from.
    """

    run: Run
    looks: Looks
    growth: Array

    def insight(
        self, kind: str, update: int, layer: str | None, sentence: str, evidence: Mapping[str, float], severity: str
    ) -> Insight:
        """An insight in its epoch."""
        return Insight(kind, update, update // self.run.updates_per_epoch, layer, sentence, evidence, severity)


@dataclass(frozen=True)
class Watch:
    """One number that is watched.

    Attributes:
        value: the number.
        tell: the insight for an update.
        limit: beyond which it matters, for how many looks in a row, and when it is watched for again.
    """

    value: Callable[[UpdateStatistics], float]
    tell: Callable[[UpdateStatistics], Insight]
    limit: Limit

    def insights(self, looks: Looks) -> Iterator[Insight]:
        """One for each stretch beyond the threshold, at its first update."""
        alarm = Alarm(*self.limit)
        for place in onsets(map(self.value, looks.all), alarm):
            yield self.tell(looks.at(looks.onset(place, lambda seen: self.value(seen) > self.limit.threshold)))


def watched(story: Story) -> Iterator[Insight]:
    """All insights that come from looking at updates."""
    watches = [
        Watch(partial(explosion, story), partial(_exploding, story), LIMITS["exploding"]),
        Watch(lambda seen: vanishing(seen)[0], partial(_vanishing, story), LIMITS["vanishing"]),
        Watch(largest, partial(_large, story), LIMITS["large_updates"]),
        Watch(slowest, partial(_small, story), LIMITS["small_updates"]),
    ]
    for watch in watches:
        yield from watch.insights(story.looks)
    for layer in story.looks.all[0].layers:
        tell = partial(_stuck, story, layer.name)
        yield from Watch(partial(_saturated, layer.name), tell, LIMITS["saturated_units"]).insights(story.looks)
        yield from _dead(story, layer.name)


def explosion(story: Story, seen: UpdateStatistics) -> float:
    """How many times the gradient or the loss has grown, whichever more."""
    return max(_gradient_growth(story, seen), float(story.growth[seen.update]))


def _gradient_growth(story: Story, seen: UpdateStatistics) -> float:
    first = story.looks.all[0].gradient
    if not math.isfinite(seen.gradient):
        return math.inf
    return seen.gradient / first if first > 0 else 0.0


def _exploding(story: Story, seen: UpdateStatistics) -> Insight:
    grown, first = _gradient_growth(story, seen), story.looks.all[0].gradient
    if grown <= EXPLODED:
        times, layer = float(story.growth[seen.update]), None
        what = f"The loss jumps to {number(seen.loss)}, {number(times)} times what it came from."
    else:
        times, layer = grown, max(seen.layers, key=lambda x: x.gradient).name
        large = f"{number(times)} times as large as" if math.isfinite(times) else "infinitely larger than"
        what = (
            f"The gradient is {large} at the first update (norm {number(seen.gradient)}, then {number(first)}), most "
            f"of it in {layer}."
        )
    evidence = {"times": times, "gradient": seen.gradient, "first_gradient": first, "loss": seen.loss}
    sentence = f"{what} The updates overshoot: try a smaller learning rate or clip_norm=1.0."
    return story.insight("exploding", seen.update, layer, sentence, evidence, PROBLEM)


def vanishing(seen: UpdateStatistics) -> tuple[float, LayerStatistics, LayerStatistics]:
    """How much smaller a layer's gradient is than that of a layer behind it, and the two layers.

    Below a layer without a live unit there is no gradient for that reason alone; such an update counts 0.
    """
    worst = (0.0, seen.layers[0], seen.layers[0])
    if any(len(layer.off) and layer.off.all() for layer in seen.layers):
        return worst
    for k, layer in enumerate(seen.layers):
        later = max(seen.layers[k:], key=lambda x: x.weight_gradient)
        if later.weight_gradient > 0 and math.isfinite(later.weight_gradient):
            size = layer.weight_gradient
            times = later.weight_gradient / size if size > 0 else math.inf
            worst = max(worst, (times, layer, later), key=lambda found: found[0])
    return worst


def _vanishing(story: Story, seen: UpdateStatistics) -> Insight:
    times, layer, later = vanishing(seen)
    how = f"{number(times)} times smaller than" if math.isfinite(times) else "0, unlike"
    sentence = (
        f"The gradient of the weights of {layer.name} (root mean square {number(layer.weight_gradient)}) is {how} that "
        f"of {later.name} ({number(later.weight_gradient)}): it hardly learns. Fewer layers, relu, LayerNorm or "
        "Residual let the gradient through."
    )
    evidence = {"times": times, "gradient": layer.weight_gradient, "later_gradient": later.weight_gradient}
    return story.insight("vanishing", seen.update, layer.name, sentence, evidence, WARNING)


def largest(seen: UpdateStatistics) -> float:
    """The largest update-to-weight ratio of a layer."""
    return max((x.update_ratio for x in seen.layers if not math.isnan(x.update_ratio)), default=0.0)


def slowest(seen: UpdateStatistics) -> float:
    """One over the smallest update-to-weight ratio of a layer; layers whose units are all dead are another story."""
    return max((1 / x.update_ratio if x.update_ratio else math.inf for x in _living(seen)), default=0.0)


def _living(seen: UpdateStatistics) -> list[LayerStatistics]:
    return [x for x in seen.layers if not math.isnan(x.update_ratio) and not x.off.all()]


def _large(story: Story, seen: UpdateStatistics) -> Insight:
    over = [x for x in seen.layers if x.update_ratio > LARGE]
    layer = max(over, key=lambda x: x.update_ratio)
    wild = layer.update_ratio > HALF  # below it, the first updates of a quick start, while weights are small
    advice = (
        "Learning gets erratic: try a smaller learning rate." if wild else "A smaller learning rate may be steadier."
    )
    also = _others(over, layer, "above", LARGE)
    sentence = (
        f"One update changes the weights of {layer.name} by {number(layer.update_ratio)} of their size (norm "
        f"{number(layer.change)} of {number(layer.weight)}); about 0.001 is usual.{also} {advice}"
    )
    severity = WARNING if wild else NOTE
    return story.insight("large_updates", seen.update, layer.name, sentence, _sizes(layer), severity)


def _small(story: Story, seen: UpdateStatistics) -> Insight:
    under = [x for x in _living(seen) if x.update_ratio <= SMALL]
    layer, start, now = min(under, key=lambda x: x.update_ratio), start_of(story.run), recent(story.run, seen.update)
    by = f"by only {number(layer.update_ratio)} of their size" if layer.change else "by nothing"
    early = now > HALF * start
    advice = (
        "There is still much to learn: try a larger learning rate."
        if early
        else f"The loss is down to {number(now)} from {number(start)}, so this may be the end of learning."
    )
    also = _others(under, layer, "below", SMALL)
    sentence = f"One update changes the weights of {layer.name} {by}; about 0.001 is usual.{also} {advice}"
    evidence = _sizes(layer) | {"start": start, "loss": now}
    return story.insight("small_updates", seen.update, layer.name, sentence, evidence, WARNING if early else NOTE)


def _others(layers: list[LayerStatistics], named: LayerStatistics, side: str, bound: float) -> str:
    others = [x.name for x in layers if x is not named]
    return f" {listed(others)} {'are' if len(others) > 1 else 'is'} {side} {bound:g}, too." if others else ""


def _sizes(layer: LayerStatistics) -> dict[str, float]:
    return {"ratio": layer.update_ratio, "change": layer.change, "weight": layer.weight}


def _saturated(name: str, seen: UpdateStatistics) -> float:
    return float(seen.layer(name).saturated.mean())


def _stuck(story: Story, name: str, seen: UpdateStatistics) -> Insight:
    layer = seen.layer(name)
    units, stuck = len(layer.saturated), int(layer.saturated.sum())
    sentence = (
        f"{stuck} of {units} units of {name} are saturated: for 9 of 10 rows of the batch their slope is below {FLAT}, "
        "and hardly any gradient gets through. Try smaller first weights, scaled inputs or a smaller learning rate."
    )
    evidence = {"saturated": stuck, "units": units, "activation": layer.activation}
    return story.insight("saturated_units", seen.update, name, sentence, evidence, WARNING)


def _dead(story: Story, name: str) -> Iterator[Insight]:
    examples, run = story.run.examples, story.run
    assert examples is not None
    count = examples.rows if run.rows is None else len(run.rows)
    for found in silences(story.looks, name, LIMITS["dead_units"], min(ROWS, count), HALF):
        whole = found.dead == found.units
        sentence = (
            f"{found.dead} of {found.units} units of {name} are dead: 0 with a slope of 0 for every row looked at from "
            f"here to update {found.until} ({found.rows} rows). No gradient reaches them. Try a smaller learning "
            "rate, another initializer, or leaky_relu."
        )
        evidence = {"dead": found.dead, "units": found.units, "rows": found.rows, "until": found.until}
        yield story.insight("dead_units", found.update, name, sentence, evidence, PROBLEM if whole else WARNING)
