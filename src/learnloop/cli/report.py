"""What ``learnloop train`` tells: the data, the network, the learning, the result, and what to try next."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from ..data.split import rows_of
from ..network import describe
from .choices import Plan
from .console import LABEL, Console, command, draws_blocks, plain, say, show, table
from .curve import curve
from .entry import printable
from .matrix import confusion_table
from .prepare import Prepared
from .storage import folder
from .wording import count, duration, home_relative

if TYPE_CHECKING:
    from .training import Outcome


def before(out: Console, prepared: Prepared, plan: Plan) -> None:
    """What was understood, before anything is learnt."""
    data = prepared.data
    say(out, data.name, Text(data.description, "dim"))
    out.print()
    say(out, "data", _size(prepared), _scaling(prepared), _split(prepared, plan))
    out.print()
    _network(out, plan)
    options = plan.options
    momentum = f", momentum {options['momentum']:g}" if options["momentum"] else ""
    decay = f", weight decay {options['weight_decay']:g}" if options["weight_decay"] else ""
    clip = "" if options["clip_norm"] is None else f", gradients clipped to {options['clip_norm']:g}"
    out.print()
    say(
        out, "learning",
        f"{options['optimizer']} on {plan.loss.name}, learning rate {plan.optimizer.schedule.text()}{momentum}{decay}{clip}",
        f"{count(options['epochs'])} epochs in batches of {options['batch_size']}, seed {options['seed']}, "
        f"{options['dtype']}",
    )  # fmt: skip


def _size(prepared: Prepared) -> str:
    data = prepared.data
    rows, columns = data.X.shape
    picture = f" (pictures of {data.image_shape[0]} x {data.image_shape[1]})" if data.image_shape else ""
    aim = f"{len(data.target_names)} classes" if prepared.has_classes else f"target: {data.target_names[0]}"
    return f"{count(rows)} rows, {_plural(columns, 'column')}{picture}, {aim}"


def _scaling(prepared: Prepared) -> str:
    scale = prepared.data.scale
    inputs = "mean 0, standard deviation 1" if scale is None else f"divided by {scale:g}"
    if prepared.target_scale is None:
        return f"inputs scaled: {inputs}"
    return f"inputs and target scaled: {inputs}"


def _split(prepared: Prepared, plan: Plan) -> str:
    share, rows = plan.choices.validation, len(prepared.train)
    held = rows_of(rows, share) if share else 0
    kept = f", {count(held)} for validation" if held else ""
    alike = ", every class its share" if prepared.has_classes else ""
    return f"{count(rows - held)} rows to learn from{kept}, {count(len(prepared.test))} to test on{alike}"


def _network(out: Console, plan: Plan) -> None:
    network, body = plan.network, table("layer", "kind", "units", "parameters", right=(2, 3))
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


def after(out: Console, prepared: Prepared, plan: Plan, outcome: Outcome, path: Path | None) -> None:
    """What came of it; no path where it could not be saved."""
    _learning(out, plan, outcome)
    out.print()
    if outcome.diverged is not None:
        say(out, "result", Text("diverged: the loss is no finite number any more", "bold red"))
    else:
        _result(out, prepared, plan, outcome)
    out.print()
    say(out, "digest", f"{outcome.run.digest}")
    if path is None:
        return
    out.print(Text.assemble((f"{'saved':<{LABEL}}", "bold"), printable(home_relative(path))), soft_wrap=True)
    out.print()
    _next(out, plan, outcome, path)


def _learning(out: Console, plan: Plan, outcome: Outcome) -> None:
    run = outcome.run
    if run.updates:
        say(out, "", curve(run.losses, max(8, min(40, out.width - 36)), draws_blocks(out)))
        last = float(run.losses[-run.updates_per_epoch :].mean()) if len(run.losses) else math.nan
        on = " (dropout on)" if plan.options["dropout"] else ""
        say(out, "", f"while learning{on}: loss {last:.4g} in the last epoch")
    pace = ""
    if run.updates and run.seconds:
        pace = f" in {duration(run.seconds)}, {duration(run.seconds / run.updates)} each"
    say(out, "", f"{_plural(run.updates, 'update')}{pace}, {_plural(run.threads_used, 'thread')}, {run.target}")
    if run.history:
        kept = run.history[-1].items()
        words = [f"{k.removeprefix('validation_')} {v:.4g}" for k, v in kept if k.startswith("validation_")]
        say(out, "", f"validation at the end: {', '.join(words)}")
    if run.interrupted:
        say(out, "", Text("interrupted: what was learnt until then is kept", "bold yellow"))


def _result(out: Console, prepared: Prepared, plan: Plan, outcome: Outcome) -> None:
    test, train = outcome.metrics["test"], outcome.metrics["train"]
    off = " (dropout off)" if plan.options["dropout"] else ""
    learnt = f"on the rows it learnt from{off}"
    if outcome.confusion is None:
        say(
            out, "result",
            Text.assemble(("test R2 ", ""), (f"{test['r2']:.3f}", "bold green"), f", loss {test['loss']:.4g}"),
            f"typical error {test['rmse']:.3g} in the target's own units (root mean square)",
            f"{learnt}: R2 {train['r2']:.3f}, loss {train['loss']:.4g}",
        )  # fmt: skip
        return
    right, total = int(outcome.confusion.trace()), int(outcome.confusion.sum())
    say(
        out, "result",
        Text.assemble(
            "test accuracy ", (f"{test['accuracy']:.1%}", "bold green"),
            f" ({count(right)} of {count(total)}), loss {test['loss']:.4g}",
        ),
        f"{learnt}: {train['accuracy']:.1%}, loss {train['loss']:.4g}",
    )  # fmt: skip
    out.print()
    show(out, confusion_table(outcome.confusion, prepared.data.target_names), indent=2)


def _next(out: Console, plan: Plan, outcome: Outcome, path: Path) -> None:
    typed, full = plan.choices, plan.options
    say(out, "try next")
    if outcome.diverged is not None:
        command(out, "smaller steps", typed.command(learning_rate=plan.smaller_rate()))
        if typed.clip_norm is None:
            command(out, "bounded gradients", typed.command(clip_norm=1.0))
        return
    hidden = [2 * units for units in [*full["hidden"], *full["hidden"][-1:]]] or [16]
    command(out, "a larger network", typed.command(hidden=",".join(map(str, hidden))))
    if full["optimizer"] == "sgd":
        command(out, "another optimizer", typed.command(optimizer="adam", momentum=None, learning_rate=None))
    else:
        command(out, "another optimizer", typed.command(optimizer="sgd", momentum=0.9, learning_rate=None))
    command(out, "other rows to test on", typed.command(seed=(full["seed"] + 1) % 2**64))
    given = path.stem if path.parent == folder() else str(path)
    command(out, "its C source", shlex.join(["learnloop", "emit", given]))


def _plural(number: int, what: str) -> str:
    return f"{count(number)} {what}{'' if number == 1 else 's'}"
