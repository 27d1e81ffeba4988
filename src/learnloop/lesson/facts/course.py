"""Facts of the whole run: its losses, what was measured, and how it went."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ...rules import OPTIMIZERS, SCHEDULES, Constant, Cosine, Schedule, Warmup
from .kinds import Asked, Kind, missing, within


def _losses(asked: Asked) -> list[float]:
    """All batch losses."""
    asked.subject.update("last")  # a run without any has no fact about them
    losses: list[float] = asked.subject.run.losses.astype(np.float64).tolist()
    return losses


def _end(asked: Asked) -> float:
    last = _losses(asked)[-asked.subject.run.updates_per_epoch :]
    return math.fsum(last) / len(last)


def _loss_at(asked: Asked) -> float:
    return float(asked.subject.run.losses[asked.at])


def _of(part: str, metric: str) -> Kind:
    """A metric of some rows at the end of the run."""
    what = {"loss": "mean loss", "accuracy": "share of right answers", "r2": "share of the variance that is explained (R²)"}[metric]
    rows = {"test": "rows held out", "train": "rows learnt from", "start": "rows held out, before the first update"}[part]

    def read(asked: Asked) -> float:
        found = asked.subject.measure(part)
        if metric not in found:
            other = next(name for name in found if name != "loss")
            raise missing(f"the run {'has classes' if other == 'accuracy' else 'predicts numbers'}, and no {metric}", f"{other}.{part}")
        return found[metric]

    return Kind(f"{metric}.{part}", "share" if metric == "accuracy" else "number", f"{what} of the {rows}", read)


def _history(asked: Asked, metric: str) -> list[float]:
    name = f"validation_{metric}"
    found = [record[name] for record in asked.subject.run.history if name in record]
    if not found:
        raise missing(f"no {metric} was measured after the epochs", f"{metric}.test, or a run that measures rows held out")
    return found


def _best(asked: Asked) -> float:
    return max(_history(asked, "accuracy"))


def _best_epoch(asked: Asked) -> int:
    found = _history(asked, "accuracy")
    return found.index(max(found))


def _epoch_loss(asked: Asked) -> float:
    losses, each = _losses(asked), asked.subject.run.updates_per_epoch
    k = asked.place("epoch", -(-len(losses) // each))
    part = losses[k * each : (k + 1) * each]
    return math.fsum(part) / len(part)


def _epoch(metric: str) -> Kind:
    def read(asked: Asked) -> float:
        found = _history(asked, metric)
        return found[asked.place("epoch", len(found))]

    unit = "share" if metric == "accuracy" else "number"
    return Kind(f"epoch[k].{metric}.test", unit, f"{metric} of the rows held out after the epoch", read)


def _diverged_at(asked: Asked) -> int:
    divergence = asked.subject.run.outcome.divergence
    if divergence is None:
        raise missing("the run did not diverge", "a fact that it has, or a larger learning rate")
    return divergence.update


def _id(asked: Asked) -> str:
    if asked.subject.run.id is None:
        raise missing("the run was not recorded, and has no id", "leave it out")
    return asked.subject.run.id


def _rate(asked: Asked) -> float:
    schedule = asked.subject.run.optimizer.schedule
    while isinstance(schedule, Warmup):
        assert isinstance(schedule.then, Schedule)
        schedule = schedule.then
    if not isinstance(schedule, Constant | Cosine):
        raise missing("the schedule of the run is one of its own", "learning_rate@0")
    return float(schedule.learning_rate)


def _schedule(asked: Asked) -> str:
    kind = type(asked.subject.run.optimizer.schedule)
    return next((name for name, known in SCHEDULES.items() if known is kind), kind.__name__)


def _optimizer_name(asked: Asked) -> str:
    kind = type(asked.subject.run.optimizer)
    return next((name for name, known in OPTIMIZERS.items() if known is kind), kind.__name__)


def _number(name: str, meaning: str) -> Kind:
    """A number of the optimizer, where it has one."""

    def read(asked: Asked) -> float:
        optimizer = asked.subject.run.optimizer
        value = optimizer.betas[int(name[-1]) - 1] if name.startswith("beta") and hasattr(optimizer, "betas") else getattr(optimizer, name, None)
        if value is None:
            raise missing(f"the optimizer {_optimizer_name(asked)} has no {name}", "leave it out")
        return float(value)

    return Kind(f"optimizer.{name}", "number", meaning, read)


def _insight(asked: Asked) -> int:
    return within("insight", asked.places[0], len(asked.subject.insights))


def _place_of(asked: Asked, best: Callable[[list[float]], float]) -> int:
    """The first update with the lowest or the highest loss."""
    losses = _losses(asked)
    return losses.index(best(losses))


COURSE = (
    Kind("loss.start", "number", "loss of the batch of update 0, before anything was learnt", lambda a: _losses(a)[0], exact=True),
    Kind("loss.end", "number", "mean of the batch losses of the last epoch", _end),
    Kind("loss@K", "number", "loss of the batch of update K", _loss_at, exact=True),
    Kind("loss.lowest", "number", "the lowest batch loss", lambda a: min(_losses(a)), exact=True),
    Kind("loss.lowest.update", "index", "the first update that has it", lambda a: _place_of(a, min)),
    Kind("loss.highest", "number", "the highest batch loss", lambda a: max(_losses(a)), exact=True),
    Kind("loss.highest.update", "index", "the first update that has it", lambda a: _place_of(a, max)),
    Kind("loss.name", "name", "name of the loss", lambda a: a.subject.run.loss.name),
    *(_of(part, metric) for metric in ("loss", "accuracy", "r2") for part in ("test", "train")),
    _of("start", "accuracy"),
    Kind("accuracy.best", "share", "highest share of right answers after an epoch, rows held out", _best),
    Kind("accuracy.best.epoch", "index", "the first epoch that has it, from 0", _best_epoch),
    Kind("epoch[k].loss", "number", "mean of the batch losses of epoch k, from 0", _epoch_loss),
    *map(_epoch, ("loss", "accuracy", "r2")),
    Kind("run.updates", "count", "updates that were done", lambda a: a.subject.run.updates),
    Kind("run.epochs", "count", "epochs that were asked for", lambda a: a.subject.run.options.epochs),
    Kind("run.batch_size", "count", "rows of a batch", lambda a: a.subject.run.options.batch_size),
    Kind("run.updates_per_epoch", "count", "updates of an epoch", lambda a: a.subject.run.updates_per_epoch),
    Kind("run.seed", "index", "what keys its random numbers", lambda a: a.subject.run.options.seed),
    Kind("run.dtype", "name", "float32 or float64", lambda a: a.subject.run.options.dtype),
    Kind("run.status", "name", "finished, interrupted or diverged", lambda a: a.subject.run.status),
    Kind("run.diverged_at", "index", "the update whose loss is no finite number", _diverged_at),
    Kind("run.digest", "name", "SHA-256 of the weights at the end", lambda a: a.subject.run.digest),
    Kind("run.id", "name", "what the store calls it", _id),
    Kind("learning_rate@K", "number", "learning rate of update K", lambda a: a.subject.moment(a.at).learning_rate),
    Kind("optimizer.name", "name", "sgd, adam or adamw", _optimizer_name),
    Kind("optimizer.learning_rate", "number", "learning rate, of a schedule its largest", _rate),
    Kind("optimizer.schedule", "name", "constant, cosine or warmup", _schedule),
    _number("momentum", "how much of the velocity stays"), _number("weight_decay", "how strongly weights shrink"),
    _number("clip_norm", "largest common norm of the gradients"), _number("beta1", "decay of the first moment"),
    _number("beta2", "decay of the second moment"), _number("epsilon", "what is added to the root"),
    Kind("insights.count", "count", "how many things happened that are worth a word", lambda a: len(a.subject.insights)),
    Kind("insights[k].update", "index", "update at which it begins", lambda a: a.subject.insights[_insight(a)].update),
    Kind("insights[k].kind", "name", "overfitting, plateau, exploding ...", lambda a: a.subject.insights[_insight(a)].kind),
    Kind("insights[k].sentence", "name", "what happened, in a sentence", lambda a: a.subject.insights[_insight(a)].sentence),
)  # fmt: skip
"""Facts of the whole run."""
