"""What a trained network says of data."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Self

import numpy as np

from .compile import Artefact, compile_program, find_toolchain, native_target
from .data.check import check_inputs
from .errors import DescriptionError
from .facts import Facts
from .train.engine import CHUNK, evaluate, predict
from .train.examples import check_examples
from .train.memory import Memory
from .train.metrics import classes, is_classifier, metrics

Array = np.ndarray[Any, np.dtype[Any]]


class Predictor(Facts):
    """Predicts and evaluates with the weights that a run came to."""

    def with_engine(self, artefact: Artefact, memory: Memory) -> Self:
        """Keep what was compiled for it, so that predicting needs no second compilation."""
        self.__dict__["_compiled"] = (artefact, memory)
        return self

    @cached_property
    def _compiled(self) -> tuple[Artefact, Memory]:
        artefact = compile_program(self.program, self.options.dtype, "fast", native_target(), find_toolchain())
        memory = Memory(self.program, artefact, CHUNK)
        memory.set_weights(self.weights)
        return artefact, memory

    def _outputs(self, X: Any) -> tuple[Array, Array]:
        real = np.dtype(self.options.dtype)
        inputs = check_inputs(X, inputs=self.network.inputs, dtype=real, what="X", empty=True)
        out, linked = self.program.functions["predict"].outputs
        values = predict(self._compiled[1], inputs, (out, linked))
        return values[0], values[1]

    def predict(self, X: Any) -> Array:
        """Class indices for a classifier, else values.

        Args:
            X: inputs, (rows, inputs), no rows included. A row gives the same bits alone and in any batch.

        Returns:
            (rows,), or (rows, outputs) for several values.

        Raises:
            DataError: for inputs of a wrong shape, or that are no finite numbers.
        """
        return classes(self.loss, self._outputs(X)[0])

    def predict_proba(self, X: Any) -> Array:
        """Probabilities of the classes.

        Args:
            X: inputs, (rows, inputs).

        Returns:
            (rows, classes); two columns for binary_cross_entropy with one output.

        Raises:
            DescriptionError: if the run has no classes.
        """
        if not is_classifier(self.loss):
            raise DescriptionError(
                f"the loss {self.loss.name} knows no classes, so there are no probabilities. "
                "Fix: predict() gives the values; train with cross_entropy or binary_cross_entropy for classes."
            )
        shares = self._outputs(X)[1]
        return np.hstack([1 - shares, shares]) if shares.shape[1] == 1 else shares

    def evaluate(self, X: Any, y: Any, sample_weight: Any = None) -> dict[str, float]:
        """How well it does on data.

        Args:
            X: inputs, (rows, inputs).
            y: targets as for training.
            sample_weight: (rows,) weights, or None.

        Returns:
            "loss", and "accuracy" for classes or "r2" for values.

        Raises:
            DataError: for data that does not fit.
        """
        examples = check_examples(self.network, self.loss, X, y, sample_weight, self.options.dtype)
        names = self.program.functions["evaluate"].outputs
        outputs, losses = evaluate(self._compiled[1], examples, names)
        return metrics(self.loss, outputs, losses, examples)
