"""What ``learnloop train`` tells: the data, the network, the learning, the result, and what to try next."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.text import Text

from ..data.split import rows_of
from .choices import Plan
from .console import Console, command, say
from .outcome import Outcome
from .prepare import Prepared
from .result import kept, largest, learning, network_table, result
from .wording import count, plural


def before(out: Console, prepared: Prepared, plan: Plan) -> None:
    """What was understood, before anything is learnt."""
    data = prepared.data
    say(out, data.name, Text(data.description, "dim"))
    out.print()
    say(out, "data", _size(prepared), _scaling(prepared), _split(prepared, plan))
    out.print()
    network_table(out, plan.network)
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
    return f"{count(rows)} rows, {plural(columns, 'column')}{picture}, {aim}"


def _scaling(prepared: Prepared) -> str:
    scale = prepared.data.scale
    inputs = "mean 0, standard deviation 1" if scale is None else f"divided by {scale:g}"
    if prepared.target_scale is None:
        return f"inputs scaled: {inputs}"
    return f"inputs and target scaled: {inputs}"


def _split(prepared: Prepared, plan: Plan) -> str:
    share, rows = plan.choices.validation, len(prepared.train)
    held = rows_of(rows, share) if share else 0
    kept_back = f", {count(held)} for validation" if held else ""
    alike = ", every class its share" if prepared.has_classes else ""
    return f"{count(rows - held)} rows to learn from{kept_back}, {count(len(prepared.test))} to test on{alike}"


def after(out: Console, prepared: Prepared, plan: Plan, outcome: Outcome, path: Path | None) -> None:
    """What came of it.

    Args:
        out: where people read.
        prepared, plan: what was trained.
        outcome: what came of it.
        path: the single file that it was saved to; None for none.
    """
    learning(out, outcome.run)
    out.print()
    result(out, outcome, prepared.data)
    out.print()
    kept(out, outcome, path)
    if outcome.trouble is None:
        out.print()
        say(out, "try next")
        _next(out, plan, outcome, path)


def _next(out: Console, plan: Plan, outcome: Outcome, path: Path | None) -> None:
    run, typed = outcome.run, plan.choices
    given = outcome.id or (None if path is None else str(path))
    if outcome.diverged is not None:
        command(out, "smaller steps", typed.command(learning_rate=plan.smaller_rate()))
        if typed.clip_norm is None:
            command(out, "bounded gradients", typed.command(clip_norm=1.0))
    elif run.interrupted and outcome.id is not None:
        command(out, "go on to the same end", shlex.join(["learnloop", "resume", outcome.id]))
    if given is not None and run.updates:
        command(out, "why a weight moved", shlex.join(["learnloop", "why", given, largest(run)]))
        command(out, "one update", shlex.join(["learnloop", "show", given, "--update", str(run.updates // 2)]))
    if outcome.diverged is None:
        _others(out, plan)
    if given is not None:
        command(out, "its C source", shlex.join(["learnloop", "emit", given]))


def _others(out: Console, plan: Plan) -> None:
    """Trainings that are worth a try."""
    typed, full = plan.choices, plan.options
    hidden = [2 * units for units in [*full["hidden"], *full["hidden"][-1:]]] or [16]
    command(out, "a larger network", typed.command(hidden=",".join(map(str, hidden))))
    if full["optimizer"] == "sgd":
        command(out, "another optimizer", typed.command(optimizer="adam", momentum=None, learning_rate=None))
    else:
        command(out, "another optimizer", typed.command(optimizer="sgd", momentum=0.9, learning_rate=None))
    command(out, "other rows to test on", typed.command(seed=(full["seed"] + 1) % 2**64))
