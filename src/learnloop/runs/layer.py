"""A layer and its parameters during one update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import UnknownName

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class ParameterMoment:
    """A parameter during one update.

    Attributes:
        name: "dense_1.weight".
        before, after: its values, read-only.
        gradient: of the batch loss, before any penalty or clipping.
        terms: the optimizer's arrays by tensor: old states ("mW1"), new ones ("mW1_next"), rates, clipped gradients.
    """

    name: str
    before: Array
    after: Array
    gradient: Array
    terms: Mapping[str, Array]

    def __repr__(self) -> str:
        return f"<ParameterMoment {self.name}, {' x '.join(map(str, self.before.shape))}>"


@dataclass(frozen=True)
class LayerMoment:
    """A layer during one update. What the layer does not have raises :class:`~learnloop.errors.UnknownName`.

    Attributes:
        name: the layer.
        arrays: by name; those over rows are (rows of the batch, units).
        parameters: by last name: "weight", "bias".
    """

    name: str
    arrays: Mapping[str, Array]
    parameters: Mapping[str, ParameterMoment]

    def __repr__(self) -> str:
        return f"<LayerMoment {self.name}: {', '.join([*self.arrays, *self.parameters])}>"

    def _array(self, what: str) -> Array:
        if what not in self.arrays:
            raise UnknownName(f'array of layer "{self.name}"', what, self.arrays)
        return self.arrays[what]

    def _parameter(self, what: str) -> ParameterMoment:
        if what not in self.parameters:
            raise UnknownName(f'parameter of layer "{self.name}"', what, self.parameters)
        return self.parameters[what]

    @property
    def pre_activation(self) -> Array:
        """z, (rows, units)."""
        return self._array("pre_activation")

    @property
    def activation(self) -> Array:
        """What the next layer reads, (rows, units)."""
        return self._array("activation")

    @property
    def delta(self) -> Array:
        """The gradient of the batch loss with respect to z, (rows, units)."""
        return self._array("delta")

    @property
    def weight(self) -> Array:
        """Before the update, (inputs, units)."""
        return self._parameter("weight").before

    @property
    def bias(self) -> Array:
        """Before the update, (units,)."""
        return self._parameter("bias").before

    @property
    def weight_gradient(self) -> Array:
        """Of the batch loss, (inputs, units)."""
        return self._parameter("weight").gradient

    @property
    def bias_gradient(self) -> Array:
        """Of the batch loss, (units,)."""
        return self._parameter("bias").gradient

    @property
    def weight_after(self) -> Array:
        """After the update, (inputs, units)."""
        return self._parameter("weight").after

    @property
    def bias_after(self) -> Array:
        """After the update, (units,)."""
        return self._parameter("bias").after

    @property
    def terms(self) -> dict[str, Array]:
        """The optimizer's arrays of all parameters, by tensor."""
        return {name: values for p in self.parameters.values() for name, values in p.terms.items()}
