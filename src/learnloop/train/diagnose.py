"""After a loss that is not finite: which layer made the first value that is none."""

from __future__ import annotations

import numpy as np

from ..language import INTEGER
from ..program import reference
from .engine import Engine


def first_layer_not_finite(engine: Engine) -> tuple[str, str]:
    """Run the failing update through the reference, statement by statement.

    Args:
        engine: standing at the update whose loss is not finite, before it.

    Returns:
        The layer and the tensor; ("loss", "loss") where the reference finds nothing before the loss itself.
    """
    program, examples = engine.program, engine.examples
    function = program.functions["train"]
    rows = engine.batch_rows(engine.update)
    values = {name: engine.memory.view(name).copy() for name in (*program.fixed, *program.options)}
    values |= {
        "X": examples.X, "weights": examples.weights, "row": rows, "update": np.asarray(engine.update, np.int32),
    }  # fmt: skip
    targets = {"labels": examples.labels, "Y": examples.Y}
    values |= {name: given for name, given in targets.items() if given is not None}
    found = reference.run(function, values, engine.artefact.source.dtype, engine.seed)
    for statement in function.statements:
        known = function.tensors[statement.out]
        if known.dtype != INTEGER and not np.isfinite(found[statement.out]).all():
            return program.layer_of.get(statement.out, "loss"), statement.out
    return "loss", "loss"
