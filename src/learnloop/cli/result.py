"""What came of a training, for people: how it learnt, how well it does, where it is kept."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from rich.text import Text

from ..data import Dataset, Source
from ..network import Network, describe
from ..rules import Dropout
from ..run import Run
from .console import LABEL, Console, draws_blocks, plain, say, show, table, unbroken
from .curve import averaged, curve, legend
from .matrix import confusion_table
from .outcome import Outcome
from .suggest import learnloop
from .wording import count, duration, home_relative, plural

MEASURED = ("loss", "accuracy", "r2")
"""What is measured of rows that are held out, as it is told."""

WORSE, SLIGHTLY = 2.0, 1.1
"""So many times as large a loss as the first one, or as that of guessing, is worth a word."""
INTERRUPTED = Text("interrupted: what was learnt until then is kept", "bold yellow")


def network_table(out: Console, network: Network) -> None:
    """The layers with their units and parameters."""
    body = table("layer", "kind", "units", "parameters", right=(2, 3))
    sizes = dict.fromkeys(network.names, 0)
    for parameter in network.parameters():
        sizes[parameter.name.split(".")[0]] += math.prod(parameter.dims)
    body.add_row("input", "", str(network.inputs), "")
    units = network.inputs
    for layer, name in zip(network.layers, network.names, strict=True):
        units = layer.units_after(units)
        body.add_row(plain(name), plain(describe(layer)), str(units), count(sizes[name]) if sizes[name] else "")
    body.add_row("total", "", "", count(sum(sizes.values())), style="bold")
    say(out, "network")
    show(out, body, indent=2)


def largest(run: Run) -> str:
    """The largest of the first weights, as commands take it: one that surely moved."""
    name, values = next(iter(run.weights.items()))
    place = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    return f"{name}[{','.join(map(str, map(int, place)))}]"


def drops(layers: Iterable[Any]) -> bool:
    """Whether units are left out while it learns."""
    return any(isinstance(layer, Dropout) or drops(getattr(layer, "layers", ())) for layer in layers)


def learning(out: Console, run: Run, *, chart: bool = False) -> None:
    """The loss over the run, how long it took, and how it ended.

    Args:
        out: where people read.
        run: the run.
        chart: whether the loss has a picture of its own, not just a line.
    """
    if run.updates and chart:
        _chart(out, run)
    elif run.updates:
        width = curve_width(out)
        say(
            out, "", curve(run.losses, width, draws_blocks(out), run.updates_per_epoch),
            f"({legend(run.updates, width)})",
        )  # fmt: skip
    if run.updates:
        last = float(run.losses[-run.updates_per_epoch :].mean())
        on = " (dropout on)" if drops(run.network.layers) else ""
        say(out, "", f"while learning{on}: loss {last:.4g} in the last epoch")
    warning = odd(run)
    if warning is not None:
        say(out, "", Text(warning, "bold yellow"))
    say(out, "", pace(run))
    if run.history:
        last_epoch = run.history[-1]
        words = [f"{k} {last_epoch[f'validation_{k}']:.4g}" for k in MEASURED if f"validation_{k}" in last_epoch]
        say(out, "", f"validation at the end: {', '.join(words)}")
    if run.interrupted:
        say(out, "", INTERRUPTED)


def odd(run: Run) -> str | None:
    """That a run came to its end and learnt nothing, or worse; None for one that did learn."""
    if run.status != "finished" or run.updates <= run.updates_per_epoch:
        return None
    first, last = float(run.losses[0]), float(run.losses[-run.updates_per_epoch :].astype(np.float64).mean())
    guess = _guessing(run)
    if last > WORSE * first:
        found = f"the loss rose from {first:.3g} to {last:.3g}"
    elif guess is not None and last > SLIGHTLY * guess:
        found = f"the loss of {last:.3g} is worse than that of guessing, {guess:.3g}"
    else:
        return None
    return found if run.id is None else f"{found}: {learnloop('insights', run.id)} says why"


def _guessing(run: Run) -> float | None:
    """The loss of the same answer for all rows; None where that is not known."""
    if run.loss.labels:
        return math.log(run.network.outputs)
    if run.loss.name == "binary_cross_entropy":
        return math.log(2)
    found = run.examples
    return float(found.Y.var(axis=0).mean()) if run.loss.name == "mse" and found is not None and found.Y is not None else None


def curve_width(out: Console) -> int:
    """Characters of a curve."""
    return max(8, min(40, out.width - 36))


def _chart(out: Console, run: Run) -> None:
    """The loss of each update, or its mean over some."""
    from .charts import columns, line_chart

    width = min(out.width, 80) - LABEL
    out.print()
    for line in line_chart(run.losses, width=width, height=7, blocks=draws_blocks(out)):
        show(out, line, indent=LABEL)
    out.print()
    means = averaged(run.updates, columns(width))
    if means:
        say(out, "", f"({means})")


def pace(run: Run) -> str:
    """How many updates in how long, and on what."""
    done = plural(run.updates, "update")
    if run.updates < run.task.updates:
        done = f"{count(run.updates)} of {plural(run.task.updates, 'update')}"
    own = run.outcome.timed or run.updates - run.task.first
    if own > 0 and run.seconds:
        own_part = "" if own == run.updates else f", the last {count(own)}"
        done += f"{own_part} in {duration(run.seconds)}, {duration(run.seconds / own)} each"
    return f"{done}, {plural(run.threads_used, 'thread')}" + (f", {run.target}" if run.target else "")


def result(out: Console, outcome: Outcome, data: Dataset | None) -> None:
    """How well it does on the rows to test on, where there are some."""
    run = outcome.run
    if run.outcome.divergence is not None:
        say(out, "result", Text("diverged: the loss is no finite number any more", "bold red"))
        return
    if "test" not in outcome.metrics:
        say(out, "result", _untested(run))
        return
    test = outcome.metrics["test"]
    say(out, "result", headline(test, outcome), *_details(outcome))
    if outcome.confusion is not None and data is not None:
        out.print()
        show(out, confusion_table(outcome.confusion, data.target_names), indent=2)


def _untested(run: Run) -> str:
    """Why nothing was measured."""
    source = Source.of(run)
    if source is None or source.origin is None or not len(source.test):
        return "no rows to test on are known"
    where = "a data frame or an upload" if source.origin.path is None else f"{source.origin.path}, which is gone or has changed"
    return f"not tested: the rows to test on were in {where}"


def headline(test: dict[str, float], outcome: Outcome | None = None) -> Text:
    """The one number that says how well it does on rows that it never saw."""
    if "accuracy" not in test:
        return Text.assemble("test R2 ", (number(test["r2"]), "bold green"), f", loss {number(test['loss'], 4)}")
    of = ""
    if outcome is not None and outcome.confusion is not None:
        of = f" ({count(int(outcome.confusion.trace()))} of {count(int(outcome.confusion.sum()))})"
    return Text.assemble("test accuracy ", (f"{test['accuracy']:.1%}", "bold green"), f"{of}, loss {test['loss']:.4g}")


def number(value: float | None, digits: int = 0) -> str:
    """A number of a store, where there is one: three decimals, or so many digits."""
    if value is None:
        return "-"
    return f"{value:.{digits}g}" if digits else f"{value:.3f}"


def _details(outcome: Outcome) -> list[str]:
    train, test = outcome.metrics["train"], outcome.metrics["test"]
    learnt = f"on the rows it learnt from{' (dropout off)' if drops(outcome.run.network.layers) else ''}"
    if "accuracy" in train:
        return [f"{learnt}: {train['accuracy']:.1%}, loss {train['loss']:.4g}"]
    return [
        f"typical error {test['rmse']:.3g} in the target's own units (root mean square)",
        f"{learnt}: R2 {train['r2']:.3f}, loss {train['loss']:.4g}",
    ]


def kept(out: Console, outcome: Outcome, path: Path | None = None) -> None:
    """The digest, the id in the store, the single file: whatever there is."""
    unbroken(out, "digest", outcome.run.digest)
    if outcome.id is not None:
        say(out, "recorded", outcome.id)
    if path is not None:
        unbroken(out, "saved", home_relative(path))
