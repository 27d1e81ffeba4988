"""What ``learnloop train`` tells: the data, the network, the learning, the result, and what to try next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.text import Text

from ..data import Prepared
from ..data.split import rows_of
from ..run import Run
from .choices import Plan
from .console import Console, command, say
from .entry import printable
from .outcome import Outcome
from .result import kept, largest, learning, network_table, result
from .suggest import learnloop
from .wording import count, plural

Idea = tuple[str, str]
"""What a command is good for, and the command."""
MOST = 6
"""How many are suggested."""


def before(out: Console, prepared: Prepared, plan: Plan) -> None:
    """What was understood, before anything is learnt."""
    data = prepared.data
    say(out, data.name, Text(printable(data.description), "dim"))
    out.print()
    say(out, "data", _size(prepared), _scaling(prepared), *_encoding(prepared), _split(prepared, plan), *data.notes)
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
    of = "" if data.table is None else f" of {plural(len(data.table.columns), 'column')}"
    return f"{count(rows)} rows, {plural(columns, 'input' if of else 'column')}{of}{picture}, {aim}"


def _scaling(prepared: Prepared) -> str:
    scale = prepared.data.scale
    inputs = "mean 0, standard deviation 1" if scale is None else f"divided by {scale:g}"
    if prepared.target_scale is None:
        return f"inputs scaled: {inputs}"
    return f"inputs and target scaled: {inputs}"


def _encoding(prepared: Prepared) -> Iterator[str]:
    """How the columns of a table became inputs, and which of these no row to learn from has."""
    data = prepared.data
    if data.encoding is None or data.table is None:
        return
    categories = [column for column in data.encoding.columns if column.kind == "category"]
    if categories:
        yield f"one input for each category of {plural(len(categories), 'column')}"
    filled = [column for column in data.encoding.columns if column.missing and column.kind != "category"]
    if filled:
        yield f"missing values of {plural(len(filled), 'column')} filled, and marked by an input"
    learnt = data.X[prepared.train].any(axis=0) | np.array(data.encoding.scaled)
    never = [name for name, there in zip(data.feature_names, learnt.tolist(), strict=True) if not there]
    if never:
        told = ", ".join(never[:3]) + (f" and {len(never) - 3} more" if len(never) > 3 else "")
        yield f"only among the rows to test on, so nothing is learnt of it: {told}"


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
    """What is worth a try: the run itself, then other trainings, :data:`MOST` in all."""
    given = outcome.id or (None if path is None else str(path))
    ideas = [*_mends(plan, outcome), *([] if given is None else _questions(outcome.run, given))]
    if outcome.diverged is None:
        ideas += [*_others(plan)][: 1 if given is not None else None]
    if given is not None:
        ideas.append(("its C source", learnloop("emit", given)))
    for what, line in ideas[:MOST]:
        command(out, what, line)


def _mends(plan: Plan, outcome: Outcome) -> Iterator[Idea]:
    """What helps where it did not come to its end."""
    if outcome.diverged is not None:
        yield "smaller steps", plan.choices.command(learning_rate=plan.smaller_rate())
        if plan.choices.clip_norm is None:
            yield "bounded gradients", plan.choices.command(clip_norm=1.0)
    elif outcome.run.interrupted and outcome.id is not None:
        yield "go on to the same end", learnloop("resume", outcome.id)


def _questions(run: Run, given: str) -> Iterator[Idea]:
    """What the run can be asked."""
    if not run.updates:
        return
    weight, middle = largest(run), str(run.updates // 2)  # at its end a schedule may have come to 0, and nothing moves
    yield "why a weight moved", learnloop("why", given, weight, "--update", middle)
    yield "the life of a weight", learnloop("life", given, weight)
    yield "what happened", learnloop("insights", given)
    if run.outcome.divergence is None:
        yield "what if two rows were missing", learnloop("without", given, "--rows", "0,1")


def _others(plan: Plan) -> Iterator[Idea]:
    """Trainings that are worth a try."""
    typed, full = plan.choices, plan.options
    hidden = [2 * units for units in [*full["hidden"], *full["hidden"][-1:]]] or [16]
    yield "a larger network", typed.command(hidden=",".join(map(str, hidden)))
    if full["optimizer"] == "sgd":
        yield "another optimizer", typed.command(optimizer="adam", momentum=None, learning_rate=None)
    else:
        yield "another optimizer", typed.command(optimizer="sgd", momentum=0.9, learning_rate=None)
    yield "other rows to test on", typed.command(seed=(full["seed"] + 1) % 2**64)
