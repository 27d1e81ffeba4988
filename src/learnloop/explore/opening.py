"""What the page begins with: the first picture, the scenario that suits a data set, and the scenario of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..data import KEY, Dataset, Source
from ..data.builtin import BUILT_IN
from ..data.generated import GENERATORS
from ..data.recipes import Recipe, recipe, suited
from ..errors import DescriptionError
from ..network import Network, mlp
from ..rules import LOSSES, SGD, Adam, Dense, Dropout, Layer, Loss
from ..run import Run
from ..train.examples import check_examples
from ..train.metrics import is_classifier, row_classes
from ..train.options import Options
from ..train.task import Held, Task
from .holding import Given, Holding, Table
from .rows import Split, builtin
from .scenario import Scenario, Structure

Array = np.ndarray[Any, np.dtype[Any]]


def first() -> Scenario:
    """What is shown where nothing was named: two spirals, and a network small enough to see all of it."""
    structure = Structure(mlp(2, 8, 8, 1, activation="tanh"), LOSSES["binary_cross_entropy"], SGD(0.1, momentum=0.9), "float32")
    return Scenario(builtin("spirals", rows=300, turns=1.0), Split(), structure, Options(16, 67, 1))


def suits(name: str) -> Scenario:
    """The scenario that suits a built-in data set, with a learning rate that stays the same: easier to follow."""
    known = BUILT_IN.get(name) or GENERATORS[name]
    classes = len(known.target_names) if known.task == "classification" else 0
    if name in GENERATORS and not known.target_names:
        classes = int(GENERATORS[name].options["classes"].default)
    return of_recipe(builtin(name), len(known.feature_names), classes, recipe(name))


def suits_table(table: Table, handle: str) -> Scenario:
    """The same for rows that the server holds."""
    data = table.data
    classes = len(data.target_names) if data.task == "classification" else 0
    return of_recipe({"kind": "kept", "id": handle}, data.X.shape[1], classes, suited(data))


def of_recipe(data: dict[str, Any], columns: int, classes: int, how: Recipe) -> Scenario:
    """A scenario with the layers and numbers of a recipe; 0 classes for numbers."""
    layers: list[Layer] = []
    for units in how.hidden:
        layers.append(Dense(units, how.activation))
        if how.dropout:
            layers.append(Dropout(how.dropout))
    loss = LOSSES[("binary_cross_entropy" if classes == 2 else "cross_entropy") if classes else "mse"]
    network = Network(columns, [*layers, Dense(classes if loss.labels else 1)])
    structure = Structure(network, loss, Adam(how.learning_rate), "float32")
    return Scenario(data, Split(), structure, Options(how.batch_size, how.epochs))


def of_run(run: Run, held: Holding) -> Scenario:
    """The scenario of a run; its rows are held for the page.

    Raises:
        DescriptionError: if a page cannot compute it, with the reason.
    """
    structure = structure_of(run)
    task = run.task
    handle = held.keep(table_of(run), key=(task.data_digest, id(task)) if run.id is None else (task.data_digest, run.id))
    return of_task(task, handle, structure)


def structure_of(run: Run) -> Structure:
    """What is compiled for a run.

    Raises:
        DescriptionError: if a page cannot compute it, with the reason.
    """
    task = run.task
    if task.start is not None:
        raise DescriptionError(
            f"the run branched from another one at update {task.first}, and a page begins with first weights. "
            "Fix: open the run that it branched from; the updates of this one are computed here."
        )
    if task.examples is None:
        raise DescriptionError(
            f"the data of the run are not kept with it: their SHA-256 begins with {task.data_digest[:12]}. "
            "Fix: in Python, run.with_data(X, y).explore()."
        )
    structure = Structure(task.network, task.loss, task.optimizer, task.options.dtype)
    structure.to_dict()  # refuses rules of one's own, and says why
    return structure


def of_task(task: Task, handle: str, structure: Structure) -> Scenario:
    """The scenario of a task whose rows are held as they are."""
    options = task.options
    return Scenario({"kind": "kept", "id": handle}, None, structure, Options(options.batch_size, options.epochs, options.seed, None, options.dtype))


def table_of(run: Run) -> Table:
    """The rows of a run, as it learnt from them, with the names that its notes know."""
    source, notes = Source.of(run), {KEY: run.notes[KEY]} if KEY in run.notes else {}
    if source is None:
        return table_of_task(run.task, run.id or "run", notes=notes)
    return table_of_task(_with_test_rows(run, source), source.name, source.columns, source.targets, source.image_shape, notes)


def _with_test_rows(run: Run, source: Source) -> Task:
    """The task with the rows that its data set keeps for testing, where it measured none itself."""
    prepared = None if run.task.held is not None else source.tested(run)
    if prepared is None:
        return run.task
    X, y = prepared.X[prepared.test], prepared.y[prepared.test]
    examples = check_examples(run.network, run.loss, X, y, None, run.options.dtype, "test ")
    return replace(run.task, held=Held.apart(examples))


def table_of_task(
    task: Task, name: str, columns: Sequence[str] = (), targets: Sequence[str] = (),
    image_shape: tuple[int, int] | None = None, notes: Mapping[str, Any] | None = None,
) -> Table:  # fmt: skip
    """The rows of a task that are learnt from as they are."""
    examples, classes = task.data, row_classes(task.loss, task.data)
    values = examples.Y if classes is None else classes.astype(np.int64)
    assert values is not None
    y = values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
    data = Dataset(
        name=name, X=examples.X.view(), y=y.view(), task="regression" if classes is None else "classification",
        feature_names=tuple(columns) or tuple(f"x{k}" for k in range(task.network.inputs)),
        target_names=tuple(targets) or _target_names(task.loss, task.network.outputs, classes is not None),
        source="", licence="", description="", image_shape=image_shape, scale=1.0,
    )  # fmt: skip
    weights = None if (examples.weights == 1).all() else examples.weights
    return Table(data, "run", Given(weights, task.rows, task.held), dict(notes or {}))


def _target_names(loss: Loss, outputs: int, has_classes: bool) -> tuple[str, ...]:
    if not has_classes:
        return ("y",) if outputs == 1 else tuple(f"y{k}" for k in range(outputs))
    count = max(outputs, 2) if is_classifier(loss) else outputs
    return tuple(f"class {k}" for k in range(count))
