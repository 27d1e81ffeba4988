"""A network as a frozen description: layers in order, shapes inferred, all problems told at once, JSON both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import DescriptionError, UnknownName
from .rules import Activation, Dense, Layer, Residual, Softmax, Writer, default_names
from .rules.describe import from_data, to_data
from .rules.registry import MOST, is_whole, make_plain, short
from .rules.writer import Parameter


@dataclass(frozen=True, init=False)
class Network:
    """Layers from so many inputs to the outputs.

    Args:
        inputs: how many numbers a row has.
        layers: the layers, first to last.

    Raises:
        DescriptionError: with every problem between the layers at once.

    >>> print(Network(inputs=64, layers=[Dense(32, "relu"), Dense(10)]))
    layer     kind         units   parameters
    input                     64
    dense_1   Dense relu      32        2 080
    dense_2   Dense           10          330
    total                               2 410
    """

    inputs: int
    layers: tuple[Layer, ...]

    def __init__(self, inputs: int, layers: Sequence[Layer]) -> None:
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "layers", tuple(layers) if isinstance(layers, Sequence) else layers)
        make_plain(self)
        problems = self._problems()
        if problems:
            raise DescriptionError(problems)

    def _problems(self) -> list[str]:
        found = []
        if not is_whole(self.inputs) or not 1 <= self.inputs <= MOST:
            found.append(f"inputs is {short(self.inputs)}; expected a whole number from 1 to 2**31 - 1.")
        if not isinstance(self.layers, tuple) or not self.layers:
            return [*found, f"layers is {short(self.layers)}; expected a list with at least one layer."]
        wrong = [f"layer {k} is {short(x)}; expected a layer such as Dense(32, 'relu')." for k, x in enumerate(self.layers, 1)
                 if not isinstance(x, Layer)]  # fmt: skip
        return [*found, *wrong] if found or wrong else self._between_layers()

    def _between_layers(self) -> list[str]:
        units, names = self.inputs, self.names
        found = [
            f'the name "{name}" is given to {names.count(name)} layers; expected a name of its own for each.'
            for name in dict.fromkeys(n for n in names if names.count(n) > 1)
        ]
        for layer, name in zip(self.layers, names, strict=True):
            found += layer.mismatches(units, name)
            units = layer.units_after(units)
            if units == 1 and isinstance(layer, Dense) and isinstance(layer.activation, Softmax):
                found.append(
                    f'layer "{name}" is a softmax over 1 unit, which is 1 whatever comes in. Fix: one unit for each '
                    f"class, or activation='sigmoid' for one yes or no."
                )
            if layer is not self.layers[-1] and isinstance(layer, Dense) and isinstance(layer.activation, Softmax):
                found.append(f'layer "{name}" is a softmax inside the network; it belongs at the output.')
        return found

    @property
    def names(self) -> list[str]:
        """The layers' names."""
        return default_names(self.layers)

    @property
    def outputs(self) -> int:
        """How many numbers come out for a row."""
        units = self.inputs
        for layer in self.layers:
            units = layer.units_after(units)
        return units

    def write(self, writer: Writer, x: str) -> str:
        """The statements of all layers; returns the output tensor."""
        for layer, name in zip(self.layers, self.names, strict=True):
            with writer.layer(name):
                x = layer.write(writer, x)
        return x

    def parameters(self) -> list[Parameter]:
        """The parameters in the order of their declaration."""
        writer = Writer(training=False)
        writer.batch_tensors()
        writer.block.declare("x", ("rows", self.inputs), role="input")
        self.write(writer, "x")
        return writer.parameters

    def to_dict(self) -> dict[str, Any]:
        """The description as plain data for JSON."""
        return {"inputs": self.inputs, "layers": to_data(self.layers)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Network:
        """The network of a description.

        Raises:
            DescriptionError: for data that describes no network.
            UnknownName: for a layer, activation or initializer that does not exist.
        """
        try:
            return cls(data["inputs"], from_data(data["layers"]))
        except (KeyError, TypeError) as error:
            if isinstance(error, UnknownName):
                raise
            raise DescriptionError(
                f"this describes no network: {error!r}. Expected inputs and a list of layers."
            ) from error

    def __str__(self) -> str:
        rows = [("layer", "kind", "units", "parameters"), ("input", "", str(self.inputs), "")]
        counts = self._counts()
        units = self.inputs
        for layer, name in zip(self.layers, self.names, strict=True):
            units = layer.units_after(units)
            rows.append(
                (name, describe(layer), str(units), f"{counts[name]:,}".replace(",", " ") if counts[name] else "")
            )
        rows.append(("total", "", "", f"{sum(counts.values()):,}".replace(",", " ")))
        left = [max(len(r[c]) for r in rows) for c in range(4)]
        return "\n".join(
            f"{a:<{left[0]}}   {b:<{left[1]}}   {c:>{left[2]}}   {d:>{left[3]}}".rstrip() for a, b, c, d in rows
        )

    def _counts(self) -> dict[str, int]:
        counts = dict.fromkeys(self.names, 0)
        for parameter in self.parameters():
            size = 1
            for extent in parameter.dims:
                size *= extent
            counts[parameter.name.split(".")[0]] += size
        return counts


def mlp(*units: int, activation: Activation | str = "relu", output: Activation | str | None = None) -> Network:
    """A network of dense layers: ``mlp(64, 32, 10)`` has 64 inputs, 32 hidden units and 10 outputs.

    Args:
        *units: inputs, hidden units, outputs.
        activation: of the hidden layers.
        output: of the last layer; None for none.

    Raises:
        DescriptionError: for fewer than two numbers, or numbers that make no sense.

    >>> mlp(2, 8, 1, activation="tanh").outputs
    1
    """
    if len(units) < 2:
        raise DescriptionError(
            f"mlp got {len(units)} number{'s' * (len(units) != 1)}; expected at least two: inputs and outputs, as in "
            "mlp(64, 32, 10)."
        )
    hidden = [Dense(u, activation) for u in units[1:-1]]
    return Network(units[0], [*hidden, Dense(units[-1], output)])


def describe(layer: Layer) -> str:
    """A layer in a few words."""
    if isinstance(layer, Residual):
        return f"Residual of {len(layer.layers)}"
    if isinstance(layer, Dense):
        assert isinstance(layer.activation, Activation)
        return "Dense" if layer.activation.name == "identity" else f"Dense {layer.activation.name}"
    rate = getattr(layer, "rate", None)
    return f"{type(layer).__name__}{'' if rate is None else f' {rate:g}'}"
